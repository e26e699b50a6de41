"""What the tests of the widget share: servers that know the neighbour, visits that are watched, ways to use the box."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from conftest import Kept, Site, serving  # type: ignore[import-not-found]
from neighbour import Neighbour, neighbour  # type: ignore[import-not-found]

from rag.pipeline import Stage

FLUXITE = "What did the Bureau of Examples ban with the fluxite notice of July 2024?"
TIERS = "When did the four fluxite country tiers of Freedonia end?"
OURS: list[str] = []  # addresses of the servers that a page may call
PARTLY = "What is the unobtainium quota for 2024, and who voted on it in Ruritania?"
DENIED = "When did parliament pass the Zebra Act?"
OFF = "Who won the bicycle race in the Alps in 2019?"


class Lingering(Kept):
    """Waits before the answer to a question that says so, until it may `go`."""

    go = threading.Event()

    def stages(self, question: str, *rest: Any, **more: Any) -> Iterator[Stage]:
        for stage in super().stages(question, *rest, **more):
            if stage.answer and "linger" in question:
                self.go.wait(20)
            yield stage


@contextmanager
def served(site: Site, **settings: Any) -> Iterator[Site]:
    """Serve the same index with other settings."""
    changed = site.pipeline.settings.model_copy(update=settings)
    with serving(Lingering(site.pipeline.index, site.pipeline.encoder, changed)) as made:
        OURS.append(made.address)
        yield made


@pytest.fixture(scope="package")
def other() -> Iterator[Neighbour]:
    with neighbour() as place:
        yield place


@pytest.fixture(scope="package")
def friendly(site: Site, other: Neighbour) -> Iterator[Site]:
    """A server that lists the neighbour."""
    with served(site, origins=(other.address,), budget=0) as friend:
        yield friend


@dataclass
class Visit:
    """A page in a browser window of its own, and what it did."""

    page: Any
    asked: list[str] = field(default_factory=list)  # addresses
    alarms: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("dialog", lambda dialog: (self.alarms.append(dialog.message), dialog.dismiss()))
        self.page.on("pageerror", lambda error: self.alarms.append(str(error)))
        self.page.on("console", lambda line: self._said(line.text, line.location["url"]))

    def _said(self, text: str, place: str) -> None:
        if "Content Security" in text and place:
            self.alarms.append(text)


@pytest.fixture
def visit(browser: Any, other: Neighbour, site: Site) -> Iterator[Callable[..., Any]]:
    """Open an address; afterwards nothing may have run that should not, nor gone to another host, nor left a cookie."""
    visits: list[Visit] = []

    def go(address: str, width: int = 1200, height: int = 800, **context: Any) -> Any:
        opened = browser.new_context(viewport={"width": width, "height": height}, **context)
        opened.set_default_timeout(20_000)
        visits.append(Visit(opened.new_page()))
        visits[-1].watch()
        visits[-1].page.goto(address)
        return visits[-1].page

    yield go
    own = (other.address, site.address, *OURS, "data:", "blob:", "about:")
    for seen in visits:
        context = seen.page.context
        cracked, cookies = [page.evaluate("window.cracked") for page in context.pages], context.cookies()
        context.close()
        assert not any(cracked)
        assert cookies == []
        assert seen.alarms == []
        assert [url for url in seen.asked if not url.startswith(own)] == []


def snippet(site: Site, **data: str) -> str:
    """What a page copies from the README."""
    attributes = "".join(f" data-{name}='{value}'" for name, value in data.items())
    return f"<a href='{site.address}/embed' data-chipquote>Ask</a><script src='{site.address}/widget.js'{attributes}></script>"


def opened(page: Any) -> Any:
    """Click the button in the corner, and give the dialog."""
    page.locator(".launch").click()
    return page.get_by_role("dialog")


def ask(box: Any, question: str) -> Any:
    """Ask and give the whole reply."""
    before = box.locator(".turn").count()
    field = box.locator("textarea")
    field.fill(question)
    field.press("Enter")
    reply = box.locator(".turn").nth(before).locator(".reply:not([aria-busy])")
    reply.wait_for()
    return reply
