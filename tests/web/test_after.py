"""What comes with an answer on the chat page: citations, why, a timeline, what to ask next, export, feedback."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from chatting import FLUXITE, TIERS, ask, reply, until  # type: ignore[import-not-found]
from conftest import Site  # type: ignore[import-not-found]

from rag.feedback import FILE, kept
from rag.present import citation
from rag.suggest import suggest
from rag.web.why import MEASURES


@pytest.fixture
def clipboard(page: Any) -> Callable[[], str]:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return lambda: str(page.evaluate("navigator.clipboard.readText()"))


@pytest.mark.parametrize(("form", "sign"), [("Markdown", "> "), ("Chicago", "“"), ("Bluebook", "“"), ("BibTeX", "@")])
def test_a_quote_is_copied_with_its_citation(page: Any, clipboard: Any, site: Site, form: str, sign: str) -> None:
    quote = site.ask(FLUXITE).quotes[0]
    ask(page, FLUXITE)
    first = page.locator(".cq-quote").first
    first.get_by_text("Copy", exact=True).click()
    first.get_by_role("button", name=form).click()
    page.get_by_role("status").get_by_text(f"{form} copied").wait_for()
    assert clipboard() == citation(quote, form.lower(), page.evaluate("location.origin"))
    assert clipboard().startswith(sign)


def test_the_menu_of_citations_is_in_view_and_closes_when_left(new_page: Callable[..., Any]) -> None:
    page = new_page(width=375, height=600)
    quote = ask(page, FLUXITE).locator(".cq-quote").first
    menu, opener = quote.locator(".cq-forms"), quote.locator(".cq-cite summary")
    opener.evaluate("it => it.scrollIntoView({ block: 'end' })")
    opener.press("Enter")
    until(page, "document.querySelector('.cq-forms').getBoundingClientRect().height > 0")
    until(
        page,
        "document.querySelector('.cq-forms').getBoundingClientRect().bottom"
        " <= document.querySelector('#ask').getBoundingClientRect().top",
    )
    quote.locator(".cq-certificate").focus()
    menu.wait_for(state="hidden")


def test_why_these_quotes_is_told_when_asked(page: Any, site: Site) -> None:
    answer = site.ask(FLUXITE)
    why = ask(page, FLUXITE).locator(".cq-why")
    assert why.locator("table").first.is_hidden()
    why.get_by_text("Why these quotes?").click()
    why.get_by_text("More figures").click()
    text = " ".join(why.inner_text().split())
    assert f"they answer: {answer.support * 100:.0f} of 100, at least the {answer.needed * 100:.0f} that" in text
    evidence = answer.quotes[0].evidence
    assert evidence
    row = why.get_by_role("row").nth(1).get_by_role("cell").all_inner_texts()
    assert row[:2] == [f"place {evidence.found_by[search]}" for search in ("meaning", "words")]
    for term in ("meaning", "words"):
        figure = why.get_by_role("row").filter(has_text=MEASURES[term]).get_by_role("cell").first.inner_text()
        assert figure == f"{100 * answer.quotes[0].features[term]:.0f}"
    far = "Who won the bicycle race in the Alps in 2019?"
    refused = ask(page, far, 2).locator(".cq-why")
    refused.get_by_text("Why no answer?").click()
    assert f"below the {100 * site.ask(far).needed:.0f} that an answer needs" in " ".join(refused.inner_text().split())


def test_an_answer_is_placed_in_time_as_a_chart_and_as_a_table(page: Any) -> None:
    line = ask(page, TIERS).locator(".cq-timeline")
    assert line.locator("rect").first.bounding_box()["width"] > 20
    assert line.locator("li a").all_inner_texts() == ["Fluxite notice of July 2024", "How the fluxite tiers ended"]
    line.get_by_text("The same as a table").click()
    row = line.get_by_role("row").filter(has_text="How the fluxite tiers ended").first
    assert "superseded 4 July 2024 by Fluxite notice of July 2024" in " ".join(row.inner_text().split())
    line.locator("li a").first.click()
    page.frame_locator("#cq-panel iframe").locator("h1").get_by_text("Fluxite notice").wait_for()


def test_what_could_be_asked_next_is_offered_and_asked_in_place(page: Any, site: Site) -> None:
    offered = [s.question for s in suggest(site.pipeline, site.ask(TIERS))]
    assert offered
    answer = ask(page, TIERS)
    answer.locator(".cq-next-up").scroll_into_view_if_needed()
    answer.locator(".cq-next-up a").first.wait_for()
    assert answer.locator(".cq-next-up a").all_inner_texts() == offered
    answer.locator(".cq-next-up a").first.click()
    assert reply(page, 2).locator(".cq-quote").count()
    assert page.locator(".user-row").nth(1).inner_text().strip() == offered[0]


def test_what_is_offered_next_is_asked_under_the_day_and_side_it_was_tried_under(page: Any) -> None:
    tried = {"suggestions": [{"question": "When did the four tiers end?", "document": "fluxite-record"}]}
    page.route("**/api/suggestions", lambda route: route.fulfill(json=tried))
    page.get_by_role("button", name="Date and side").click()
    page.locator("#as-of [data-testid=textbox]").fill("2024-10-01")
    page.get_by_role("radio", name="United States").check()
    answer = ask(page, TIERS)
    answer.locator(".cq-next-up").scroll_into_view_if_needed()
    answer.locator(".cq-next-up a").first.wait_for()
    page.locator("#as-of [data-testid=textbox]").fill("2023-01-01")
    page.get_by_role("radio", name="China").check()
    page.get_by_role("button", name="Remove: As of 1 January 2023").wait_for()
    answer.locator(".cq-next-up a").first.click()
    link = reply(page, 2).locator(".cq-link").get_attribute("href")
    assert "as_of=2024-10-01" in link
    assert "side=us" in link
    page.get_by_role("button", name="Remove: As of 1 October 2024").wait_for()
    page.get_by_role("button", name="Remove: United States only").wait_for()


@pytest.mark.parametrize(
    ("form", "ending", "begins"),
    [("Markdown", ".md", b"# "), ("PDF", ".pdf", b"%PDF"), ("JSON, to verify later", ".json", b"{")],
)
def test_a_conversation_is_exported_with_all_its_questions(
    page: Any, site: Site, form: str, ending: str, begins: bytes
) -> None:
    ask(page, FLUXITE)
    ask(page, TIERS, 2)
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=form).click()
    assert download.value.suggested_filename.endswith(ending)
    content = download.value.path().read_bytes()
    assert content.startswith(begins)
    if ending == ".json":
        told = json.loads(content)["answers"]
        assert [one["question"] for one in told] == [FLUXITE, TIERS]
        assert told[0]["quotes"][0]["key"] == site.ask(FLUXITE).quotes[0].key
    page.get_by_role("status").get_by_text("Exported").wait_for()


def test_of_a_long_conversation_the_last_twenty_questions_are_exported_and_that_is_said(page: Any) -> None:
    questions = [FLUXITE, "And does it apply to every country?", *[FLUXITE] * 18]
    kept = [{"id": 1, "at": 1, "turns": [{"question": q, "as_of": "", "side": ""} for q in questions]}]
    page.evaluate("kept => localStorage.setItem('chipquote.history', JSON.stringify(kept))", kept)
    page.get_by_role("button", name="History").click()
    page.locator(".cq-again").click()
    for number in range(1, 21):  # a busy machine takes a second or more for each
        reply(page, number)
    ask(page, TIERS, 21)
    searched = reply(page, 2).locator(".cq-aside").first.inner_text().removeprefix("Searched: ")
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="JSON, to verify later").click()
        page.get_by_role("status").get_by_text("the last 20 of 21 questions").wait_for()
    told = json.loads(download.value.path().read_bytes())["answers"]
    assert len(told) == 20
    assert told[0]["question"] == searched, "a follow-up whose question is left out stands alone"
    assert told[-1]["question"] == TIERS
    page.get_by_role("status").get_by_text("Exported the last 20 of 21 questions").wait_for()


def test_an_export_of_nothing_says_what_to_do(page: Any) -> None:
    page.get_by_role("button", name="Export").click()
    page.get_by_role("button", name="Markdown").click()
    page.get_by_role("status").get_by_text("Ask something first").wait_for()


def test_an_export_that_the_server_refuses_says_why(page: Any) -> None:
    ask(page, FLUXITE)
    page.route(
        "**/api/export", lambda route: route.fulfill(status=429, json={"detail": "Wait 12 seconds, then ask again."})
    )
    page.get_by_role("button", name="Export").click()
    page.get_by_role("button", name="Markdown").click()
    page.get_by_role("status").get_by_text("Wait 12 seconds").wait_for()


def test_thumbs_and_a_note_are_kept_with_what_was_shown(page: Any, site: Site) -> None:
    file = site.pipeline.settings.data / FILE
    before = len(list(kept(file)))
    answer = ask(page, FLUXITE)
    answer.get_by_role("button", name="This answer helped").click()
    answer.get_by_role("button", name="Cancel").click()
    answer.get_by_role("button", name="This answer did not help").click()
    answer.get_by_role("textbox").fill("Which <b>form</b> is the licence asked for in?")
    answer.get_by_role("button", name="Send").click()
    page.get_by_role("status").get_by_text("Thank you, it is kept").wait_for()
    (said,) = list(kept(file))[before:]
    assert (said.verdict, said.question, said.outcome) == ("down", FLUXITE, "answered")
    assert said.note == "Which <b>form</b> is the licence asked for in?"
    assert list(said.keys) == [quote.key for quote in site.ask(FLUXITE).quotes]
    assert answer.get_by_role("button", name="This answer helped").is_disabled(), "once an answer"


def test_a_thumb_counts_without_a_note_when_its_reader_goes_on(page: Any, site: Site) -> None:
    file = site.pipeline.settings.data / FILE
    before = len(list(kept(file)))
    ask(page, FLUXITE).get_by_role("button", name="This answer helped").click()
    page.locator("#question textarea").click()
    page.get_by_role("status").get_by_text("Thank you, it is kept").wait_for()
    page.locator("#question textarea").press("Tab")
    (said,) = list(kept(file))[before:]
    assert (said.verdict, said.note) == ("up", "")


def test_what_is_said_of_an_answer_is_kept_with_the_side_it_was_asked_of(page: Any, site: Site) -> None:
    page.get_by_role("button", name="Date and side").click()
    page.get_by_role("radio", name="United States").check()
    answer = ask(page, TIERS)
    answer.get_by_role("button", name="This answer helped").click()
    answer.get_by_role("button", name="Send").click()
    page.get_by_role("status").get_by_text("Thank you, it is kept").wait_for()
    assert list(kept(site.pipeline.settings.data / FILE))[-1].side == "us"


def test_a_note_that_could_not_be_kept_stays_on_the_page(page: Any) -> None:
    answer = ask(page, FLUXITE)
    page.route("**/api/feedback", lambda route: route.fulfill(status=503, json={"detail": "The disk is full."}))
    answer.get_by_role("button", name="This answer helped").click()
    answer.get_by_role("textbox").fill("Clear.")
    answer.get_by_role("button", name="Send").click()
    page.get_by_role("status").get_by_text("The disk is full.").wait_for()
    assert answer.get_by_role("textbox").input_value() == "Clear."
