"""The source beside the chat: opened by a chip, walked through, closed; on a phone a sheet."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from chatting import FLUXITE, MINUTES, QUARTZIUM, TIERS, ask, in_view, numbers, open_source, until  # type: ignore[import-not-found]
from conftest import Site  # type: ignore[import-not-found]


def first_line(text: str) -> str:
    """What stands in the first block that a quote marks."""
    return text.split("\n")[0]


def test_a_chip_opens_the_source_at_the_highlighted_quote(page: Any, site: Site) -> None:
    quote = site.ask(QUARTZIUM).quotes[0]
    assert quote.document.id == "minutes"
    ask(page, QUARTZIUM)
    frame = open_source(page)
    until(frame, "scrollY > 0")
    assert frame.locator("#quote").inner_text() == quote.text
    assert in_view(frame, "#quote")
    assert in_view(frame, "h1"), "what the source is stays in view"
    assert frame.locator("h1").inner_text() == quote.document.source.title
    assert page.locator("#cq-panel").get_attribute("aria-label") == f"Source: {quote.document.source.title}"


def test_the_panel_says_who_when_and_what_status_and_leads_to_the_exact_words(page: Any, site: Site) -> None:
    ask(page, FLUXITE)
    header = open_source(page).locator("header")
    for fact in ("Ada Example", "Bureau of Examples", "4 July 2024", "In force", "27 June 2026"):
        assert fact in header.inner_text()
    link = header.get_by_role("link", name="Open the original at these words")
    assert link.get_attribute("href").startswith("https://example.org/fluxite#:~:text=")


def test_next_and_previous_walk_through_the_quotes_of_the_answer(page: Any, site: Site) -> None:
    quotes = site.ask(MINUTES).quotes
    assert len(quotes) > 1
    answer = ask(page, MINUTES)
    open_source(page)
    frame, place = page.frame_locator("#cq-panel iframe"), page.locator(".cq-place")
    back, on = page.get_by_role("button", name="Previous quote"), page.get_by_role("button", name="Next quote")
    assert back.is_disabled()
    for number, quote in enumerate(quotes, 1):
        frame.locator("#quote", has_text=first_line(quote.text)).wait_for()
        place.get_by_text(f"Quote {number} of {len(quotes)}").wait_for()
        assert answer.locator(".cq-said:has([aria-current]) .cq-verbatim").inner_text() == quote.text
        if number < len(quotes):
            on.click()
    assert on.is_disabled()
    back.click()
    frame.locator("#quote", has_text=first_line(quotes[-2].text)).wait_for()
    assert numbers(answer) == list(range(1, len(quotes) + 1))


def test_the_other_quotes_of_the_same_source_are_marked_and_can_be_chosen(page: Any, site: Site) -> None:
    quotes = [q for q in site.ask(MINUTES).quotes if q.document.id == "minutes"]
    assert len(quotes) > 1
    ask(page, MINUTES)
    page.locator(".cq-chip").first.click()
    frame = page.frame_locator("#cq-panel iframe")
    frame.locator("#quote").wait_for()
    links = frame.locator("mark.also a").evaluate_all("all => all.map(a => a.href)")
    assert len(set(links)) == len(quotes) - 1  # a quote over two paragraphs has a mark in each
    other = frame.locator("mark.also a").first
    words = other.inner_text()
    other.click()
    frame.locator("#quote", has_text=words).wait_for()
    page.locator(".cq-place").get_by_text(f"of {len(quotes)}").wait_for()
    assert page.locator(".cq-place").inner_text() != f"Quote 1 of {len(quotes)}"


def test_the_keyboard_opens_and_escape_closes_the_source(page: Any) -> None:
    ask(page, FLUXITE)
    page.locator(".cq-chip").first.focus()
    page.keyboard.press("Enter")
    page.frame_locator("#cq-panel iframe").locator("#quote").wait_for()
    assert page.evaluate("document.activeElement.closest('#cq-panel') !== null")
    page.keyboard.press("Escape")
    page.locator("#cq-panel").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.className") == "cq-chip"


def test_escape_inside_the_source_closes_it_too(page: Any) -> None:
    ask(page, FLUXITE)
    frame = open_source(page)
    frame.locator("main a").first.focus()
    page.keyboard.press("Escape")
    page.locator("#cq-panel").wait_for(state="hidden")


def test_on_a_phone_the_source_is_a_sheet_and_nothing_behind_it_can_be_reached(new_page: Callable[..., Any]) -> None:
    page = new_page(width=375, height=760)
    ask(page, TIERS)
    frame = open_source(page)
    assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
    until(page, "document.querySelector('#cq-panel').getAnimations().length === 0")
    box = page.locator("#cq-panel").bounding_box()
    assert (box["x"], box["width"], box["y"] + box["height"]) == (0, 375, 760)
    assert box["height"] > 600
    assert page.evaluate(
        "[...document.querySelectorAll('#cq-panel *')].every(e => e.getBoundingClientRect().right <= innerWidth)"
    )
    assert page.locator("gradio-app").get_attribute("inert") is not None
    page.locator("#cq-veil").click(position={"x": 100, "y": 10})
    page.locator("#cq-panel").wait_for(state="hidden")
    assert page.locator("gradio-app").get_attribute("inert") is None


def test_on_the_narrowest_phone_the_bar_of_the_source_is_whole(new_page: Callable[..., Any]) -> None:
    page = new_page(width=320, height=640)
    ask(page, MINUTES)
    open_source(page)
    assert page.locator(".cq-place").inner_text().startswith("Quote 1 of")
    edges = "all => all.map(e => e.getBoundingClientRect().toJSON())"
    parts = page.locator("#cq-panel .cq-bar :is(a, button, .cq-place)")
    boxes = parts.evaluate_all(edges)
    assert len(boxes) == 5
    assert all(a["right"] <= b["left"] for a, b in pairwise(boxes)), "none over another"
    assert boxes[-1]["right"] <= 320 - 8
    page.get_by_role("button", name="Close").click()
    ask(page, TIERS, 2).locator(".cq-timeline li a").first.click()
    page.frame_locator("#cq-panel iframe").locator("h1").wait_for()
    assert page.locator(".cq-steps").bounding_box() is None, "where there is nothing to step through it takes no room"
