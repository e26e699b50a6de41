"""The chat page and the source beside it, read by axe-core in every state, light and dark, wide and narrow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe import grave  # type: ignore[import-not-found]
from chatting import MINUTES, TIERS, ask, open_source, reply  # type: ignore[import-not-found]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (375, "dark")])
def test_axe_finds_nothing_grave_on_the_chat_page(new_page: Callable[..., Any], width: int, scheme: str) -> None:
    page = new_page(width=width, scheme=scheme)
    assert grave(page) == []
    page.get_by_role("button", name="Date and side").click()
    page.locator("#as-of [data-testid=textbox]").fill("2026-01-01")
    page.get_by_role("button", name="Remove: As of 1 January 2026").wait_for()
    answer = ask(page, TIERS)
    for fold in answer.locator("details").all():
        fold.evaluate("fold => { fold.open = true; }")
    ask(page, "Who won the bicycle race in the Alps in 2019?", 2)
    page.wait_for_timeout(400)  # an answer that still fades in has less contrast
    assert grave(page) == []
    page.get_by_role("button", name="History").click()
    assert grave(page, "#cq-history") == []


MOVES = """() => [...document.querySelectorAll("gradio-app, #cq-panel, [class^='cq-']")].flatMap(one => {
  const { animationName, transitionDuration } = getComputedStyle(one);
  return [animationName, transitionDuration].filter(told => told !== "none" && told !== "0s");
})"""
NOTE_SCROLLS = """() => { window.scrolls = []; const scroll = Element.prototype.scrollIntoView;
  Element.prototype.scrollIntoView = function (how) { scrolls.push(how.behavior); scroll.call(this, how); }; }"""


@pytest.mark.parametrize(("motion", "moving"), [("reduce", False), ("no-preference", True)])
def test_nothing_moves_for_those_who_want_it_still(new_page: Callable[..., Any], motion: str, moving: bool) -> None:
    page = new_page(width=375)
    page.emulate_media(reduced_motion=motion)
    page.evaluate(NOTE_SCROLLS)
    page.locator("#question textarea").fill(f"linger {MINUTES}")
    page.locator("#question textarea").press("Enter")
    page.locator(".cq-dot").wait_for()
    assert any("breathe" in name for name in page.evaluate(MOVES)) is moving
    reply(page)
    assert any("appear" in name for name in page.evaluate(MOVES)) is moving
    open_source(page)
    assert any("rise" in name for name in page.evaluate(MOVES)) is moving
    assert bool(page.evaluate(MOVES)) is moving
    assert ("smooth" in page.evaluate("scrolls")) is moving
    assert page.evaluate("scrolls"), "the page does scroll to the reply"


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (375, "dark")])
def test_axe_finds_nothing_grave_on_the_source_panel(new_page: Callable[..., Any], width: int, scheme: str) -> None:
    page = new_page(width=width, scheme=scheme)
    ask(page, MINUTES)
    frame = open_source(page)
    page.wait_for_timeout(400)
    assert grave(page, "#cq-panel") == []
    assert grave(frame) == []
