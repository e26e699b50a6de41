"""The list of all documents, newest first: `/sources?q=…&side=…&status=…&as_of=…&page=N`, each of them may be missing.

The list is read once and held, without the documents' texts: an open index never changes. Where something asked cannot
be understood, that is said and nothing is listed. Left out: the page of one source (`documents`), the list for programs
(`api`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import ceil
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from rag.datatypes import Document, Source, last_day
from rag.dates import read
from rag.index import Index
from rag.index.catalog import Catalog
from rag.text import words
from rag.web.budget import Budget
from rag.web.problem import too_many
from rag.web.render import environment

A_PAGE = 50  # documents
LONGEST = 200  # characters of what is typed
_NARROWING = ("q", "side", "status", "as_of")
_MOST_NAMED = 5  # parameters that are not ours
_LONGEST_DAY = 40  # characters
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A document of the list. `last` is the last day on which it may have been published, None without a date."""

    id: str
    source: Source
    words: frozenset[str]
    last: date | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for, as it was typed, and the day as it was read."""

    q: str = ""
    side: str = ""
    status: str = ""
    as_of: str = ""
    day: date | None = None

    @property
    def narrows(self) -> bool:
        """True when less than everything is asked for."""
        return bool(self.q or self.side or self.status or self.as_of)

    def among(self, entries: list[Entry]) -> list[Entry]:
        """Those with these words, this side and this status, whenever they were published."""
        asked = frozenset(words(self.q))
        return [
            entry
            for entry in entries
            if asked <= entry.words
            and self.side in ("", entry.source.side)
            and self.status in ("", entry.source.status)
        ]

    def address(self, page: int = 1) -> str:
        """The address of a page of this list."""
        kept = {name: getattr(self, name) for name in _NARROWING} | {"page": str(page) if page > 1 else ""}
        query = urlencode({name: value for name, value in kept.items() if value})
        return f"/sources?{query}" if query else "/sources"


class Shelf:
    """The documents of an open index, newest first; those without a date come last."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    @cached_property
    def entries(self) -> list[Entry]:
        """All of them. Raises IndexDamaged when the catalog cannot be read."""
        held = sorted(map(_entry, self._catalog.listed()), key=lambda entry: entry.source.title)
        return sorted(held, key=lambda entry: entry.source.published, reverse=True)

    @cached_property
    def records(self) -> int:
        """How many of them are summaries of our own."""
        return sum(entry.source.kind == "record" for entry in self.entries)

    @cached_property
    def sides(self) -> list[str]:
        """The sides that documents stand on."""
        return sorted({entry.source.side for entry in self.entries} - {""})

    @cached_property
    def statuses(self) -> list[str]:
        """What documents are said to be: in force, superseded and so on."""
        return sorted({entry.source.status for entry in self.entries} - {""})

    def wrong(self, wanted: Wanted) -> Iterator[str]:
        """What is asked for and cannot be, each with what to do."""
        if len(wanted.q) > LONGEST:
            yield f"Look for fewer words, of at most {LONGEST} characters."
        elif wanted.q and not words(wanted.q):
            yield f"{_said(wanted.q)} has no word to look for. Type one of a title or a name."
        if wanted.side not in ("", *self.sides):
            yield f"No document here is of the side {_said(wanted.side)}. Choose one of the list."
        if wanted.status not in ("", *self.statuses):
            yield f"No document here has the status {_said(wanted.status)}. Choose one of the list."
        if wanted.as_of and not wanted.day:
            yield f"{_said(wanted.as_of)} is not a day. Write it like 2025-05-13 or 13 May 2025."


def sources_router(index: Index, budget: Budget) -> APIRouter:
    """`/sources`; every visit counts for the budget, as a certificate does."""
    router, shelf = APIRouter(), Shelf(index)

    @router.get("/sources", response_class=HTMLResponse, include_in_schema=False)
    def show(request: Request) -> HTMLResponse:
        if wait := budget.wait(request.scope):
            problem = too_many(wait)
            told = {"title": "One moment, please", "text": problem.detail, "places": []}
            return HTMLResponse(environment().get_template("unissued.html").render(told), 429, problem.headers)
        given = {name: value.strip() for name, value in request.query_params.items()}
        shown = view(shelf, given)
        page = environment().get_template("sources.html").render(shown, held=index.manifest, shelf=shelf)
        return HTMLResponse(page, 422 if shown["wrong"] else 200)

    return router


def view(shelf: Shelf, given: Mapping[str, str]) -> dict[str, Any]:
    """What the page shows for the parameters of its address."""
    wanted = _wanted(given)
    wrong = list(shelf.wrong(wanted))
    found = [] if wrong else wanted.among(shelf.entries)
    chosen = [e for e in found if wanted.day is None or (e.last and e.last <= wanted.day)]
    pages = max(1, ceil(len(chosen) / A_PAGE))
    number = given.get("page") or "1"
    page = int(number) if _NUMBER.fullmatch(number) else 0
    if not wrong and not 1 <= page <= pages:
        wrong.append(
            f"There is no page {_said(number)}. This list has {f'pages 1 to {pages}' if pages > 1 else 'one'}."
        )
    first = (page - 1) * A_PAGE
    return {
        "wanted": wanted,
        "wrong": wrong,
        "passed_over": [_said(name) for name in given if name not in (*_NARROWING, "page")][:_MOST_NAMED],
        "entries": [] if wrong else chosen[first : first + A_PAGE],
        "total": len(chosen),
        "undated": sum(e.last is None for e in found) if wanted.day else 0,
        "page": page,
        "pages": pages,
        "first": first + 1,
    }


def _wanted(given: Mapping[str, str]) -> Wanted:
    q, side, status, typed = (given.get(name, "") for name in _NARROWING)
    days = read(typed) if 0 < len(typed) <= _LONGEST_DAY else None
    return Wanted(q, side, status, days[1].isoformat(), days[1]) if days else Wanted(q, side, status, typed)


def _entry(document: Document) -> Entry:
    s = document.source
    named = frozenset(words(" ".join((s.title, s.publisher, s.actor, s.speaker))))
    return Entry(document.id, s, named, last_day(s.published) if s.published else None)


def _said(text: str) -> str:
    return f"“{text[:40]}{'…' if len(text) > 40 else ''}”"
