"""Other ways to ask on the chat page: examples, links, a day and a side, remembered conversations; and to stop."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from chatting import FLUXITE, GADOLINIUM, QUARTZIUM, TIERS, ask, reply, until  # type: ignore[import-not-found]
from conftest import ATTACK, Fragile, Site  # type: ignore[import-not-found]

from rag.pipeline import Stage
from rag.web import conversation

AS_OF = "#as-of [data-testid=textbox]"


@pytest.fixture
def clipboard(page: Any) -> Callable[[], str]:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return lambda: str(page.evaluate("navigator.clipboard.readText()"))


OFF_CENTRE = """e => {
  const words = document.createRange(), middle = r => r.top + r.height / 2;
  words.selectNodeContents(e);
  return middle(words.getBoundingClientRect()) - middle(e.getBoundingClientRect());
}"""


COVER = """() => {
  const cover = document.createElement("div");
  cover.className = "clear-status";
  cover.append(document.createElement("button"));
  document.querySelector("#chat").append(cover);
  setTimeout(() => cover.remove(), 100);
}"""  # what Gradio shows over the conversation when a search ends without an answer


def remembered(page: Any) -> list[list[str]]:
    kept = json.loads(page.evaluate("localStorage.getItem('chipquote.history') ?? '[]'"))
    return [[turn["question"] for turn in one["turns"]] for one in kept]


def remember(page: Any, *questions: str) -> None:
    kept = [{"id": 1, "at": 1, "turns": [{"question": q, "as_of": "", "side": ""} for q in questions]}]
    page.evaluate("kept => localStorage.setItem('chipquote.history', JSON.stringify(kept))", kept)


def open_again(page: Any) -> None:
    page.get_by_role("button", name="History").click()
    page.locator(".cq-again").first.click()


def asked(page: Any) -> list[str]:
    return [words.strip() for words in page.locator(".user-row").all_inner_texts()]


def narrow(page: Any) -> None:
    page.get_by_role("button", name="Date and side").click()


def test_a_running_question_can_be_stopped_and_comes_back_into_the_box(page: Any) -> None:
    box = page.locator("#question textarea")
    box.fill(f"linger {FLUXITE}")
    box.press("Enter")
    stop = page.get_by_role("button", name="Stop")
    stop.wait_for()
    assert page.get_by_role("button", name="Ask").count() == 0
    assert abs(stop.evaluate(OFF_CENTRE)) < 4, "its word stands beside its sign, not below"
    with page.expect_response("**/gradio_api/cancel"):  # it comes when the stage at work has ended
        stop.click()
    assert "You stopped the search" in reply(page).inner_text()
    page.get_by_role("button", name="Ask").wait_for()
    page.wait_for_timeout(2000)
    assert page.get_by_role("alert").count() == 0, "it is no trouble"
    assert not page.locator("#chat .error").first.is_visible(), "nothing covers the conversation"
    assert box.input_value() == f"linger {FLUXITE}"
    assert ask(page, FLUXITE, 2).locator(".cq-quote").count()


def test_a_busy_server_may_take_its_time_to_say_that_it_stopped(page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(_: Any, stages: Iterator[Stage]) -> Iterator[Stage]:
        yield next(stages)
        time.sleep(5)
        yield from stages

    said = conversation.notice_html
    monkeypatch.setattr(Fragile, "_linger", slow)
    monkeypatch.setattr(conversation, "notice_html", lambda *words: time.sleep(4) or said(*words))
    box = page.locator("#question textarea")
    box.fill(f"linger {FLUXITE}")
    box.press("Enter")
    page.locator(".cq-stage", has_text="Searching").wait_for()
    page.get_by_role("button", name="Stop").click()
    page.evaluate(COVER)
    page.locator(".bot-row").get_by_text("You stopped the search").wait_for()
    page.wait_for_timeout(500)
    assert page.get_by_role("alert").count() == 0, "it is no trouble"
    assert box.input_value() == f"linger {FLUXITE}"


def test_what_is_typed_while_a_question_runs_stays_in_the_box(page: Any) -> None:
    box = page.locator("#question textarea")
    box.fill(f"linger {FLUXITE}")
    box.press("Enter")
    page.locator(".cq-stage").wait_for()
    until(page, "document.querySelector('#question textarea').value === ''")
    box.fill("Half a quest")
    reply(page)
    page.wait_for_timeout(300)
    assert box.input_value() == "Half a quest"


def test_enter_that_chooses_a_chinese_word_is_left_to_the_browser(page: Any) -> None:
    enter = "e => e.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', keyCode: %d, bubbles: true, cancelable: true}))"
    box = page.locator("#question textarea")
    assert box.evaluate(enter % 229), "Safari says no more of it than this number"
    assert not box.evaluate(enter % 13)


def test_a_permalink_fills_the_fields_and_asks(new_page: Callable[..., Any], site: Site) -> None:
    page = new_page("/?" + urlencode({"q": FLUXITE, "as_of": "2024-08-01"}))
    answer = reply(page)
    assert answer.locator(".cq-verbatim").first.inner_text() == site.ask(FLUXITE).quotes[0].text
    assert "As of 1 August 2024" in answer.inner_text()
    page.locator("#cq-chips").get_by_text("As of 1 August 2024").wait_for()
    assert page.locator(".user-row").inner_text().strip() == FLUXITE


def test_a_permalink_cannot_bring_markup_or_an_impossible_day(new_page: Callable[..., Any]) -> None:
    page = new_page("/?" + urlencode({"q": ATTACK, "as_of": ATTACK, "side": ATTACK}))
    assert "is not a day" in reply(page).inner_text()
    assert ATTACK in page.locator(".user-row").inner_text()
    assert page.locator("#chat img, #cq-chips img").count() == 0


def test_the_link_of_an_answer_asks_the_same_again(page: Any, new_page: Callable[..., Any], clipboard: Any) -> None:
    ask(page, FLUXITE)
    answer = ask(page, "And does it apply to every country?", 2)
    words = answer.locator(".cq-verbatim").first.inner_text()
    answer.get_by_text("Copy link").click()
    page.get_by_role("status").get_by_text("Link copied").wait_for()
    link = clipboard()
    assert link.startswith(page.evaluate("location.origin") + "/?q=")
    alone = new_page(link.removeprefix(page.evaluate("location.origin")))
    assert reply(alone).locator(".cq-verbatim").first.inner_text() == words, "a follow-up's link stands alone"


def test_a_day_can_be_typed_as_people_write_it_and_is_shown_as_a_chip(page: Any) -> None:
    narrow(page)
    page.locator(AS_OF).fill("2 July 2024")
    assert "As of 2 July 2024" in ask(page, FLUXITE).inner_text()
    chip = page.get_by_role("button", name="Remove: As of 2 July 2024")
    chip.click()
    assert page.locator(AS_OF).input_value() == ""
    assert page.locator("#cq-chips button").count() == 0
    assert "As of" not in ask(page, FLUXITE, 2).locator(".cq-note").all_inner_texts()


def test_a_day_can_be_picked_from_the_browsers_calendar(page: Any) -> None:
    narrow(page)
    page.evaluate("HTMLInputElement.prototype.showPicker = function () { window.shown = this.type; }")
    page.get_by_role("button", name="Choose a day").click()
    assert page.evaluate("window.shown") == "date"
    page.locator(".cq-picked").evaluate(
        "e => { e.value = '2024-07-02'; e.dispatchEvent(new Event('change', {bubbles: true})); }"
    )
    assert page.locator(AS_OF).input_value() == "2024-07-02"
    page.get_by_role("button", name="Remove: As of 2 July 2024").wait_for()
    assert "As of 2 July 2024" in ask(page, FLUXITE).inner_text()


def test_a_side_narrows_what_is_quoted_and_its_chip_takes_it_away(page: Any) -> None:
    narrow(page)
    page.get_by_role("radio", name="China").check()
    page.get_by_role("button", name="Remove: China only").wait_for()
    ask(page, TIERS)
    sides = set(page.locator(".cq-whose").all_inner_texts())
    assert sides <= {"China"}
    page.get_by_role("button", name="Remove: China only").click()
    assert page.get_by_role("radio", name="All sides").is_checked()
    assert "United States" in ask(page, TIERS, 2).locator(".cq-whose").all_inner_texts()


def test_conversations_are_remembered_listed_opened_again_and_forgotten(page: Any) -> None:
    ask(page, FLUXITE)
    ask(page, "And does it apply to every country?", 2)
    until(page, "(localStorage.getItem('chipquote.history') ?? '').includes('every country')")
    page.get_by_role("button", name="New").click()
    page.locator(".cq-welcome").wait_for()
    ask(page, TIERS)
    until(page, "(localStorage.getItem('chipquote.history') ?? '').includes('tiers')")
    assert remembered(page) == [[TIERS], [FLUXITE, "And does it apply to every country?"]]
    page.get_by_role("button", name="History").click()
    page.locator("#cq-history").get_by_role("button", name=FLUXITE).first.click()
    assert "Searched:" in reply(page, 2).inner_text()
    assert [words.strip() for words in page.locator(".user-row").all_inner_texts()] == [
        FLUXITE,
        "And does it apply to every country?",
    ]
    page.wait_for_timeout(200)
    assert len(remembered(page)) == 2, "opened again it is the same conversation"
    page.get_by_role("button", name="History").click()
    page.get_by_role("button", name=f"Forget: {TIERS}").click()
    assert len(remembered(page)) == 1
    page.get_by_role("button", name="Clear history").click()
    page.get_by_text("No questions yet.").wait_for()
    assert remembered(page) == []


def test_what_lies_in_the_browsers_memory_is_data(page: Any) -> None:
    kept = [{"id": ATTACK, "at": 1, "turns": [{"question": ATTACK, "as_of": ATTACK, "side": {"x": 1}}]}, 7, None]
    page.evaluate("kept => localStorage.setItem('chipquote.history', JSON.stringify(kept))", kept)
    page.get_by_role("button", name="History").click()
    assert page.locator("#cq-history li").count() == 1
    assert page.locator("#cq-history img").count() == 0
    page.locator(".cq-again").click()
    assert "is not a day" in reply(page).inner_text()
    page.evaluate("localStorage.setItem('chipquote.history', '{broken')")
    page.get_by_role("button", name="History").click()
    page.get_by_text("No questions yet.").wait_for()


def test_stopping_a_conversation_that_is_opened_again_loses_none_of_its_questions(page: Any) -> None:
    questions = [FLUXITE, f"linger {TIERS}", QUARTZIUM]
    remember(page, *questions)
    open_again(page)
    page.locator(".bot-row").nth(1).locator(".cq-stage").wait_for()
    page.get_by_role("button", name="Stop").click()
    assert "You stopped the search" in reply(page, 2).inner_text()
    assert remembered(page) == [questions]
    ask(page, GADOLINIUM, 3)
    until(page, "localStorage.getItem('chipquote.history').includes('gadolinium')")
    assert remembered(page) == [[*questions, GADOLINIUM]], "what is new is added to it"


def test_a_question_asked_while_a_conversation_is_opened_again_is_answered_in_its_place(page: Any) -> None:
    questions = [FLUXITE, f"linger {TIERS}", QUARTZIUM]
    remember(page, *questions)
    open_again(page)
    page.locator(".bot-row").nth(1).locator(".cq-stage").wait_for()
    box = page.locator("#question textarea")
    box.fill(GADOLINIUM)
    box.press("Enter")
    page.locator(".user-row").nth(1).get_by_text(GADOLINIUM).wait_for()
    assert reply(page, 2).locator(".cq-quote").count()
    page.wait_for_timeout(3000)  # the questions that were left would have come by now
    assert asked(page) == [FLUXITE, GADOLINIUM]
    assert remembered(page) == [[*questions, GADOLINIUM]], "they stay in the history"


def test_a_conversation_that_is_opened_while_a_question_runs_takes_its_place(page: Any) -> None:
    remember(page, TIERS)
    box = page.locator("#question textarea")
    box.fill(f"linger {FLUXITE}")
    box.press("Enter")
    page.locator(".cq-stage").wait_for()
    open_again(page)
    page.locator(".user-row").get_by_text(TIERS).wait_for()
    assert reply(page).locator(".cq-quote").count()
    page.wait_for_timeout(3000)  # the question would have been answered by now
    assert asked(page) == [TIERS]
    assert ask(page, GADOLINIUM, 2).locator(".cq-quote").count()


def test_a_conversation_opened_before_the_first_screen_is_whole_stays_the_same_one(page: Any) -> None:
    page.locator(".cq-example").first.wait_for()
    remember(page, FLUXITE)
    page.route("**/gradio_api/queue/join*", lambda route: (page.wait_for_timeout(300), route.continue_()))
    open_again(page)
    page.locator(".cq-themes").evaluate("e => e.append(document.createElement('p'))")  # as examples that come late
    reply(page)
    ask(page, TIERS, 2)
    until(page, "localStorage.getItem('chipquote.history').includes('tiers')")
    assert remembered(page) == [[FLUXITE, TIERS]]


def test_questions_before_the_last_twenty_are_shown_unasked_and_lent_to_those_that_lean_on_them(
    page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.web.conversation.MOST_REOPENED", 2)
    questions = [FLUXITE, "And does it apply to every country?", TIERS]
    remember(page, *questions)
    open_again(page)
    assert "Not asked again" in reply(page, 1).inner_text()
    assert "Searched:" in reply(page, 2).inner_text()
    assert reply(page, 3).locator(".cq-quote").count()
    assert [words.strip() for words in page.locator(".user-row").all_inner_texts()] == questions
    page.wait_for_timeout(200)
    assert remembered(page) == [questions]


def test_after_a_reload_the_conversation_is_offered_and_what_was_typed_is_there(page: Any) -> None:
    ask(page, FLUXITE)
    page.locator("#question textarea").fill("Half a quest")
    page.reload()
    page.get_by_role("button", name="Continue the last conversation").click()
    assert reply(page).locator(".cq-quote").count()
    assert page.locator("#question textarea").input_value() == "Half a quest"
    ask(page, TIERS, 2)
    until(page, "localStorage.getItem('chipquote.history').includes('tiers')")
    assert remembered(page) == [[FLUXITE, TIERS]]
    page.get_by_role("button", name="New").click()
    page.locator(".cq-welcome").wait_for()
    page.reload()
    page.locator(".cq-example").first.wait_for()
    assert page.get_by_role("button", name="Continue").count() == 0, "a conversation that was left is in the history"


def test_a_permalink_asks_again_after_a_reload_and_offers_nothing_else(new_page: Callable[..., Any]) -> None:
    page = new_page("/?" + urlencode({"q": FLUXITE}))
    reply(page)
    page.reload()
    assert reply(page).locator(".cq-quote").count()
    assert page.locator(".user-row").count() == 1
    assert page.get_by_role("button", name="Continue").count() == 0
