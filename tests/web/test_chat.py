"""The chat page in a real browser: ask, read, open a source, go on after an error."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from chatting import CONTRAST, FLUXITE, GADOLINIUM, TIERS, ask, numbers, open_source, reply, until  # type: ignore[import-not-found]
from conftest import ATTACK, THEMES, Site  # type: ignore[import-not-found]

from rag.web.conversation import _wanted


def test_first_screen_says_what_it_covers_and_offers_only_what_it_can_answer(page: Any, site: Site) -> None:
    held = site.pipeline.index.manifest
    words = page.locator(".cq-coverage").inner_text()
    assert words.startswith(f"{held.documents} documents, 1 of them in our own words, 3 March 2023 to 3 December 2024")
    assert "27 June 2026" in words
    assert "Those from summaries of our own are marked so" in page.locator(".cq-welcome").inner_text()
    page.locator(".cq-example").first.wait_for()  # they are tried when somebody comes
    assert page.get_by_role("heading", level=3).all_inner_texts() == ["Fluxite"]
    assert page.locator(".cq-example").all_inner_texts() == list(THEMES["Fluxite"])


def test_an_answer_comes_in_stages_and_quotes_word_for_word(page: Any, site: Site) -> None:
    site.forget()
    page.evaluate(
        """() => { window.seen = []; new MutationObserver(() => {
            const stage = document.querySelector(".cq-stage"); if (stage) window.seen.push(stage.textContent);
        }).observe(document.getElementById("chat"), {childList: true, subtree: true, characterData: true}); }"""
    )
    answer = ask(page, FLUXITE)
    expected = site.ask(FLUXITE)
    assert answer.locator(".cq-verbatim").first.inner_text() == expected.quotes[0].text
    first = answer.locator(".cq-quote").first
    assert first.get_by_role("link", name="Quote 1: show it in its source", exact=True).is_visible()
    source = first.inner_text()
    for fact in (
        "Ada Example",
        "Fluxite notice of July 2024",
        "Bureau of Examples",
        "4 July 2024",
        "In force",
        "27 June 2026",
    ):
        assert fact in source
    original = first.locator(".cq-original")
    assert original.get_attribute("href").startswith("https://example.org/fluxite#:~:text=")
    assert original.get_attribute("rel") == "noopener noreferrer"
    assert any("Searching" in stage for stage in page.evaluate("window.seen"))
    assert page.locator("#question textarea").input_value() == ""


def test_a_record_says_whose_words_it_holds_and_what_replaced_it(page: Any) -> None:
    record = ask(page, TIERS).locator(".cq-quote").first
    text = record.inner_text()
    assert "Our summary" in text
    assert "Superseded (source of 4 July 2024)" in text
    banner = record.locator(".cq-fate[role=note]")
    assert "Replaced by “Fluxite notice of July 2024”, 4 July 2024" in re.sub(r"\s+", " ", banner.inner_text())
    assert banner.locator(".cq-by-verbatim").inner_text().startswith("The Bureau of Examples bans fluxite exports")
    record.locator(".cq-references summary").click()
    links = record.locator(".cq-references a")
    assert links.count() == 1, "the javascript: address is no link"
    assert links.get_attribute("href") == "https://example.org/tiers"


def test_what_ended_a_source_opens_in_its_place(page: Any) -> None:
    banner = ask(page, TIERS).locator(".cq-fate").first
    words = banner.locator(".cq-by-verbatim").inner_text()
    banner.locator("a").click()
    frame = page.frame_locator("#cq-panel iframe")
    assert frame.locator("#quote").inner_text() == words
    assert frame.locator("h1").inner_text() == "Fluxite notice of July 2024"


def test_a_banner_has_an_icon_of_its_own_that_a_screen_reader_passes_over(page: Any) -> None:
    icon = ask(page, TIERS).locator(".cq-fate .cq-icon").first
    assert icon.inner_text() == ""
    assert icon.bounding_box()["width"] >= 14
    assert "data:image/svg" in icon.evaluate("e => getComputedStyle(e).maskImage")


def test_how_the_questions_words_about_time_were_read_is_shown(page: Any) -> None:
    assert "Read “As of August 2024” as 31 August 2024" in ask(page, f"As of August 2024, {FLUXITE}").inner_text()


def test_an_example_is_asked_when_chosen(page: Any) -> None:
    example = page.locator(".cq-example").first
    words = example.inner_text()
    example.click()
    reply(page)
    assert page.locator(".user-row").inner_text().strip() == words
    assert page.evaluate("document.activeElement.closest('#question') !== null"), "for the next question"


def test_what_is_not_in_the_sources_is_said_with_questions_that_are_answered(page: Any, site: Site) -> None:
    answer = ask(page, "Who won the bicycle race in the Alps in 2019?")
    text = answer.inner_text()
    assert "Not in these sources" in text
    assert site.pipeline.coverage() in text
    answer.locator(".cq-instead a").first.click()
    assert reply(page, 2).locator(".cq-quote").count()
    assert page.title() == f"{THEMES['Fluxite'][0]} · ChipQuote"


def test_a_follow_up_shows_what_was_searched(page: Any) -> None:
    ask(page, FLUXITE)
    shown = ask(page, "And does it apply to every country?", 2).inner_text()
    assert "Searched: Does the fluxite notice apply to every country?" in re.sub(r"\s+", " ", shown)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (375, "dark")])
def test_positions_stand_under_headings_and_a_missing_side_is_said(
    new_page: Callable[..., Any], width: int, scheme: str
) -> None:
    page = new_page(width=width, scheme=scheme)
    answer = ask(page, "What do China and Japan say about the unobtainium quota for 2024?")
    sides = answer.locator("h3.cq-side")
    assert sides.first.inner_text() == "China"
    assert "No source here speaks for Japan on this." in answer.inner_text()
    assert numbers(answer) == list(range(1, answer.locator(".cq-said").count() + 1))
    assert min(page.evaluate(CONTRAST, ".cq-side")) >= 4.5
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_blank_question_is_not_asked_and_one_without_words_is_answered_kindly(page: Any) -> None:
    box = page.locator("#question textarea")
    for words in ("", "   "):
        box.fill(words)
        box.press("Enter")
        until(page, "document.querySelector('#send').disabled")
    page.wait_for_timeout(300)
    assert page.locator(".cq-welcome").is_visible(), "the first screen stays"
    assert ask(page, "?!").is_visible()
    assert ask(page, FLUXITE, 2).locator(".cq-quote").count()


def test_a_day_that_is_none_is_marked_before_it_is_asked(page: Any) -> None:
    page.get_by_role("button", name="Date and side").click()
    field = page.locator("#as-of [data-testid=textbox]")
    field.fill("sometime")
    page.get_by_role("button", name="Remove: “sometime” is not a day yet").wait_for()
    assert field.get_attribute("aria-invalid") == "true"
    field.fill("2024-10-01")
    page.get_by_role("button", name="Remove: As of 1 October 2024").wait_for()
    assert field.get_attribute("aria-invalid") == "false"


def test_a_refusal_under_a_side_is_asked_again_without_it_in_place(page: Any) -> None:
    page.get_by_role("button", name="Date and side").click()
    page.get_by_role("radio", name="China").check()
    ask(page, FLUXITE).get_by_role("link", name="Ask all sides").click()
    assert reply(page, 2).locator(".cq-quote").count()
    assert page.locator("#cq-chips .cq-set").count() == 0


def test_what_is_offered_under_a_refusal_is_asked_without_the_day_and_side_of_the_refusal(page: Any) -> None:
    page.get_by_role("button", name="Date and side").click()
    page.locator("#as-of [data-testid=textbox]").fill("2023-12-31")
    page.get_by_role("radio", name="China").check()
    ask(page, "Who won the bicycle race in the Alps in 2019?").locator(".cq-instead a").first.click()
    assert reply(page, 2).locator(".cq-quote").count()
    assert page.locator("#cq-chips .cq-set").count() == 0


def test_a_new_question_closes_the_source_and_the_box_has_the_focus_after_new(page: Any) -> None:
    ask(page, FLUXITE)
    open_source(page)
    ask(page, TIERS, 2)
    assert page.locator("#cq-panel").is_hidden()
    page.locator("#new").click()
    page.locator(".cq-welcome").wait_for()
    assert page.evaluate("document.activeElement.closest('#question') !== null")
    until(page, "document.title === 'ChipQuote'")


def test_a_huge_question_is_refused_and_not_repeated(page: Any) -> None:
    assert "99,999 characters" in ask(page, "chip " * 20_000).inner_text()
    assert ask(page, "And that?", 2).is_visible()


def test_an_impossible_date_is_explained_and_the_question_kept(page: Any) -> None:
    page.get_by_role("button", name="Date and side").click()
    page.locator("#as-of [data-testid=textbox]").fill("some day in spring")
    assert "Write it like 2025-05-13" in ask(page, FLUXITE).inner_text()
    assert page.locator("#question textarea").input_value() == FLUXITE
    page.locator("#as-of [data-testid=textbox]").fill("2023-12-31")
    assert "As of 31 December 2023" in ask(page, FLUXITE, 2).inner_text()


def test_a_bug_of_the_server_tells_nothing_and_leaves_the_box_usable(page: Any) -> None:
    text = ask(page, "explode please").inner_text()
    assert "Something went wrong" in text
    assert "passwd" not in page.content()
    assert ask(page, FLUXITE, 2).locator(".cq-quote").count()


def test_nothing_in_a_document_or_a_question_ever_runs(page: Any, site: Site) -> None:
    assert site.ask(GADOLINIUM).quotes[0].document.id == "attack"
    ask(page, f"{GADOLINIUM} {ATTACK}")
    assert ATTACK in page.locator(".user-row").inner_text()
    block = page.locator(".cq-quote").first
    assert ATTACK in block.locator(".cq-verbatim").inner_text()
    assert ATTACK in block.locator(".cq-title").inner_text()
    assert block.locator("img, script, strong, .katex, [href^=javascript]").count() == 0
    frame = open_source(page)
    assert ATTACK in frame.locator("h1").inner_text()
    assert frame.locator("img, strong, [href^=javascript]").count() == 0
    assert frame.evaluate("window.cracked") is None


def test_a_certificate_opens_beside_the_conversation_and_knows_nothing_of_it(page: Any) -> None:
    answer = ask(page, FLUXITE)
    with page.context.expect_page() as opened:
        answer.get_by_role("link", name="Certificate").first.click()
    certificate = opened.value
    certificate.get_by_text("These words stand in the source").wait_for()
    assert certificate.evaluate("window.opener") is None
    certificate.close()
    assert answer.locator(".cq-quote").count(), "the conversation is still there"
    for place in (".cq-chip", ".cq-link"):
        assert answer.locator(place).first.get_attribute("target") is None, "opens in place"


def test_clear_forgets_the_conversation(page: Any) -> None:
    ask(page, FLUXITE)
    page.get_by_role("button", name="New").click()
    page.locator(".cq-welcome").wait_for()
    assert "Searched" not in ask(page, "And for every country?").inner_text()


def test_a_phone_shows_everything_without_scrolling_sideways(new_page: Callable[..., Any]) -> None:
    page = new_page(width=375, height=760)
    fits = "document.documentElement.scrollWidth <= innerWidth"
    assert page.evaluate(fits)
    ask(page, f"{GADOLINIUM} {'x' * 300}")
    assert page.evaluate(fits)
    assert ask(page, TIERS, 2).locator(".cq-fate").count()
    assert page.evaluate(
        "[...document.querySelectorAll('#chat *')].every("
        "e => e.closest('.cq-table') || e.getBoundingClientRect().right <= innerWidth + 1)"
    ), "but for a wide table, which scrolls by itself"
    frame = open_source(page)
    assert frame.evaluate(fits)
    assert page.locator("#cq-panel").bounding_box()["width"] == 375


def test_a_phone_offers_the_sides_too(new_page: Callable[..., Any]) -> None:
    page = new_page(width=375, height=760)
    page.get_by_role("button", name="Date and side").click()
    page.locator("#side label").filter(has_text="United States").click()
    page.get_by_role("button", name="Remove: United States only").wait_for()
    assert page.locator("#as-of .info-text").is_hidden()
    page.get_by_role("button", name="History").click()
    assert page.locator("#cq-history").bounding_box()["x"] >= 0


def test_eight_tabs_can_be_open_at_once(new_page: Callable[..., Any]) -> None:
    """A browser keeps six connections to a server; a page that held one would leave the seventh tab waiting."""
    first, *_, last = [new_page() for _ in range(8)]
    ask(last, FLUXITE)
    ask(first, FLUXITE)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_read_in_both_themes(new_page: Callable[..., Any], scheme: str) -> None:
    page = new_page(scheme=scheme)
    page.locator(".cq-example").first.wait_for()
    parts = [".cq-welcome h2", ".cq-welcome p", ".cq-example"]
    figures = {part: min(page.evaluate(CONTRAST, part)) for part in parts}
    ask(page, FLUXITE)
    ask(page, TIERS, 2)
    ask(page, f"{TIERS.rstrip('?')} today?", 3)
    parts = [
        ".cq-words",
        ".cq-title",
        ".cq-facts span",
        ".cq-chip",
        ".cq-fate-note",
        ".cq-by p",
        ".cq-by a",
        ".cq-by-words",
        ".cq-note",
        ".cq-original",
        ".user-row h2",
    ]
    figures |= {part: min(page.evaluate(CONTRAST, part)) for part in parts}
    assert all(figure >= 4.5 for figure in figures.values()), figures
    frame = open_source(page)
    shown = {part: min(frame.evaluate(CONTRAST, part)) for part in ("h1", "article p", "mark", ".facts", ".cq-status")}
    assert all(figure >= 4.5 for figure in shown.values()), shown
    ground = frame.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(255, 255, 255)") == (scheme == "light")


@pytest.mark.parametrize("kept", ["", "null", "{}", "[[]]", "[" * 50_000, '[{"question": 7}, "x"]'])
def test_a_memory_of_any_shape_is_no_error(kept: str) -> None:
    assert [asked.question for asked in _wanted(kept)] in ([], ["7"])
