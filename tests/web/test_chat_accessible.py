"""The chat page and the source beside it, read by axe-core in every state, light and dark, wide and narrow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe import grave  # type: ignore[import-not-found]
from chatting import MINUTES, TIERS, ask, open_source  # type: ignore[import-not-found]


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


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (375, "dark")])
def test_axe_finds_nothing_grave_on_the_source_panel(new_page: Callable[..., Any], width: int, scheme: str) -> None:
    page = new_page(width=width, scheme=scheme)
    ask(page, MINUTES)
    frame = open_source(page)
    page.wait_for_timeout(400)
    assert grave(page, "#cq-panel") == []
    assert grave(frame) == []
