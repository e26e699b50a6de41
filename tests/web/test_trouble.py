"""When the server is gone, is busy or has had enough: the page says so in its own words, and no question is lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from chatting import FLUXITE, GADOLINIUM, QUARTZIUM, TIERS, ask, reply, until  # type: ignore[import-not-found]
from conftest import Fragile, Site, serving  # type: ignore[import-not-found]
from material import Shelf


@pytest.fixture
def chat(site_shelf: Shelf, window: Callable[[str], Any]) -> Iterator[Any]:
    """A page that outlives its server. It is offered nothing to ask next: that would count too."""
    page = window("light").new_page()
    page.route("**/api/suggestions", lambda route: route.fulfill(json={"suggestions": []}))
    yield page
    page.close()


@pytest.fixture
def served(site_shelf: Shelf, chat: Any) -> Iterator[Callable[..., Any]]:
    """A server of its own, with a budget, whose chat is open."""
    opened = site_shelf.pipeline()

    @contextmanager
    def serve(budget: int = 0) -> Iterator[Site]:
        settings = opened.settings.model_copy(update={"budget": budget})
        with serving(Fragile(opened.index, opened.encoder, settings)) as site:
            chat.goto(site.address)
            chat.locator("#cq-chips").wait_for(state="attached")
            yield site

    yield serve
    opened.index.close()


def send(page: Any, question: str) -> None:
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")


def told(page: Any) -> str:
    """What the page says; Gradio's own message is not seen beside it, nor over the conversation."""
    notice = page.locator("#ask").get_by_role("alert")
    notice.wait_for()
    page.wait_for_timeout(300)
    for own in page.locator("[data-testid=toast-body], #chat .error").all():
        assert not own.is_visible()
    return str(notice.inner_text())


def in_the_box(page: Any) -> str:
    return str(page.locator("#question textarea").input_value())


def test_a_server_that_is_gone_is_said_and_the_question_stays_in_the_box(chat: Any, served: Callable[..., Any]) -> None:
    with served():
        ask(chat, FLUXITE)
    send(chat, TIERS)
    words = told(chat)
    assert "The server does not answer" in words
    assert "Your question is kept in the box" in words
    assert "python -m rag serve" in words
    assert in_the_box(chat) == TIERS
    assert reply(chat).locator(".cq-quote").count(), "what was answered can still be read"


def test_a_question_that_the_server_died_over_goes_back_into_the_box(chat: Any, served: Callable[..., Any]) -> None:
    with served():
        send(chat, f"linger {FLUXITE}")
        chat.locator(".cq-stage").wait_for()
    assert "The server stopped while it answered" in told(chat)
    assert in_the_box(chat) == f"linger {FLUXITE}"
    assert chat.locator(".cq-stage").count() == 0, "nothing runs any more"
    assert chat.get_by_role("button", name="Ask", exact=True).is_visible()


def test_when_the_server_is_back_the_page_goes_on(chat: Any, served: Callable[..., Any]) -> None:
    with served():
        ask(chat, FLUXITE)
        until(chat, "(localStorage.getItem('chipquote.history') ?? '').includes('fluxite')")
        chat.route("**/gradio_api/**", lambda route: route.abort("connectionrefused"))
        send(chat, TIERS)
        assert "The server does not answer" in told(chat)
        chat.unroute("**/gradio_api/**")
        chat.get_by_role("button", name="Continue the last conversation").click()  # Gradio has loaded the page anew
        assert reply(chat).locator(".cq-quote").count()
        assert in_the_box(chat) == TIERS
        assert chat.get_by_role("alert").count() == 0


def test_who_has_asked_too_much_is_told_when_to_ask_again_and_keeps_the_question(
    chat: Any, served: Callable[..., Any]
) -> None:
    with served(budget=1):
        ask(chat, FLUXITE)
        send(chat, TIERS)
        words = told(chat)
        assert "Please ask again in" in words
        assert "Your question is kept in the box" in words
        assert in_the_box(chat) == TIERS


def test_a_busy_server_is_said_until_a_question_gets_through(chat: Any, served: Callable[..., Any]) -> None:
    with served():
        full = {"status": 503, "json": {"detail": "Queue is full."}}
        chat.route("**/gradio_api/queue/join*", lambda route: route.fulfill(**full))
        send(chat, TIERS)
        assert "busy" in told(chat)
        assert in_the_box(chat) == TIERS
        chat.unroute("**/gradio_api/queue/join*")
        chat.locator("#question textarea").press("Enter")
        assert reply(chat).locator(".cq-quote").count()
        assert chat.get_by_role("alert").count() == 0


def test_first_questions_that_a_busy_server_did_not_tell_are_asked_for_again(
    chat: Any, served: Callable[..., Any]
) -> None:
    with served():
        chat.route("**/api/examples", lambda route: route.fulfill(status=503, json={"detail": "This server is busy."}))
        chat.reload()
        chat.locator("#cq-chips").wait_for(state="attached")
        ask(chat, FLUXITE)
        assert chat.locator(".cq-example").count() == 0
        chat.unroute("**/api/examples")
        chat.get_by_role("button", name="New").click()
        chat.locator(".cq-themes .cq-example").first.wait_for()


def test_each_question_of_a_conversation_that_is_opened_again_counts(chat: Any, served: Callable[..., Any]) -> None:
    questions = [FLUXITE, TIERS, GADOLINIUM, QUARTZIUM]
    kept = [{"id": 1, "at": 1, "turns": [{"question": q, "as_of": "", "side": ""} for q in questions]}]
    with served(budget=2):
        chat.evaluate("kept => localStorage.setItem('chipquote.history', JSON.stringify(kept))", kept)
        chat.get_by_role("button", name="History").click()
        chat.locator(".cq-again").click()
        words = reply(chat, 3).inner_text()
        assert "Please ask again in" in words
        assert "stays in your history" in words
        assert [reply(chat, n).locator(".cq-quote").count() > 0 for n in (1, 2, 3)] == [True, True, False]
        assert chat.locator(".user-row").count() == 3
        (entry,) = json.loads(chat.evaluate("localStorage.getItem('chipquote.history')"))
        assert [turn["question"] for turn in entry["turns"]] == questions
