"""What a person hears who uses the chat and the widget with Orca and the keyboard alone.

`CHIPQUOTE_ORCA=1 make test ARGS=tests/web/test_screen_reader.py`, where Debian's orca, at-spi2-core, xvfb, dbus and openbox
are installed. Asked for by name since Orca now and then says nothing on a busy machine, where the page did its part.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from chatting import FLUXITE  # type: ignore[import-not-found]
from conftest import Site  # type: ignore[import-not-found]
from listening import Listener, listening, missing  # type: ignore[import-not-found]

pytestmark = [
    pytest.mark.skipif(not os.environ.get("CHIPQUOTE_ORCA"), reason="a screen reader is tried with CHIPQUOTE_ORCA=1"),
    pytest.mark.skipif(bool(missing()), reason=f"not installed for a screen reader: {', '.join(missing())}"),
]

Open = Callable[[str], Any]


@pytest.fixture
def listen(tmp_path: Path, playwright: Any, chromium: str, site: Site) -> Open:
    @contextmanager
    def opened(path: str) -> Iterator[tuple[Any, Listener]]:
        with listening(tmp_path / "home", playwright, chromium, site.address + path) as heard:
            yield heard

    return opened


def press(page: Any, key: str, orca: Listener, words: str, most: int = 30) -> str:
    """Press a key again and again until something with these words is said. -> it."""
    heard: list[str] = []
    for _ in range(most):
        orca.hush()
        page.keyboard.press(key)
        heard += orca.hears_out()
        if found := [said for said in heard if words in said]:
            return found[0]
    raise AssertionError(f"{key} never came to “{words}”, but to {heard}")


def test_the_chat_is_heard_as_it_is_read(listen: Open) -> None:
    with listen("/") as (page, orca):
        page.locator("#cq-chips").wait_for(state="attached")
        orca.hears_out()
        press(page, "Tab", orca, "Ask push button")
        press(page, "Shift+Tab", orca, "Question entry")
        page.keyboard.type(FLUXITE)
        orca.hush()
        page.keyboard.press("Enter")
        told = orca.hears("The Bureau of Examples bans fluxite exports to every country from 4 July 2024.")
        assert "quote" in told
        assert told.endswith("Fluxite notice of July 2024, 4 July 2024, In force")
        page.wait_for_timeout(1_000)
        assert not [said for said in orca.all() if "Certificate" in said], "only what it came to is said by itself"

        chip = press(page, "Shift+Tab", orca, "Quote 1")
        assert chip == "Quote 1: show it in its source link."
        page.keyboard.press("Enter")
        page.frame_locator("#cq-panel iframe").locator("#quote").wait_for()
        orca.hears_out()  # the dialog, or already the quote in it: whichever has the focus when it begins to speak
        orca.hush()
        page.keyboard.press("Escape")
        assert orca.hears("Quote 1: show") == chip, "the focus is back where it was"

        page.locator("#question textarea").focus()
        page.keyboard.type("Who won the bicycle race in the Alps in 2019?")
        page.keyboard.press("Enter")
        orca.hears("Not in these sources")


def test_the_widget_is_heard_as_it_is_read(listen: Open) -> None:
    with listen("/demo") as (page, orca):
        orca.hears("Finished loading")
        orca.hears_out()
        button = press(page, "Tab", orca, "Ask the sources push button", most=20)
        assert "opens dialog" in orca.hears_out(), button
        page.keyboard.press("Enter")
        page.keyboard.type(FLUXITE)
        orca.hush()
        page.keyboard.press("Enter")
        orca.hears("Searching")
        assert orca.hears("quote") == "1 quote"
        assert press(page, "Shift+Tab", orca, "Quote 1") == "Quote 1: show it in its document link."
