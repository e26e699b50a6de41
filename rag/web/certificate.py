"""Certificates of quotes: `/quote/KEY` is the page to read or print, the API gives the same as JSON.

The source file is read again for a certificate, at most once a minute a document: `checked` says when. Left out: what
a certificate holds and how it is checked later (`rag.verify`).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Lock
from typing import Any

import anyio
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from rag.datatypes import Fate, Quote, Span
from rag.errors import QuoteUnknown
from rag.index import Index
from rag.threads import in_a_thread
from rag.verify import Source, certificate, places_of, reread
from rag.web.budget import Budget
from rag.web.documents import OFFSET
from rag.web.problem import Problem, busy, too_many
from rag.web.render import environment

_FRESH = timedelta(minutes=1)
_HELD = 64  # documents
_TIME = 30.0  # seconds for a page, as for an answer
_AT_ONCE = 4  # pages that are made; others wait
_UNREADABLE = "its source cannot be read again on this server"  # why not names files, and that stays inside


@dataclass(frozen=True, slots=True)
class Reading:
    """A source file as it was at a moment."""

    source: Source
    at: datetime


class Readings:
    """The sources read lately. One at a time is read: a long PDF takes a second, and many readers ask for the same."""

    def __init__(self, index: Index, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._index, self._now, self._lock = index, now, Lock()
        self._held: OrderedDict[str, Reading] = OrderedDict()

    def of(self, document: str) -> Reading:
        """The source of a document, read within the last minute."""
        with self._lock:
            held, now = self._held.pop(document, None), self._now()
            if held is None or now - held.at > _FRESH:
                source = reread(document, self._index)
                held = Reading(_UNREADABLE if isinstance(source, str) else source, now)
            self._held[document] = held
            if len(self._held) > _HELD:
                self._held.popitem(last=False)
            return held


class Certificates:
    """Issues certificates over one index."""

    def __init__(self, index: Index) -> None:
        self._index, self._readings, self.find = index, Readings(index), index.find

    def places(self, key: str, document: str = "", start: int | None = None) -> list[Span]:
        """The places that a key names, or the one of them that is meant. Raises QuoteUnknown when there is none."""
        places = places_of(key, self._index)
        chosen = [p for p in places if document in ("", p.document.id) and start in (None, p.start)]
        if not chosen:
            raise QuoteUnknown(f"The quote with the key {key!r} stands in another document or at another place.")
        return chosen

    def certificate(self, place: Span, site: str) -> dict[str, Any]:
        """The certificate of a place, checked against its source. Its citations lead to `site`, https://host."""
        reading = self._readings.of(place.document.id)
        return certificate(place, reading.source, reading.at, self._index, site)


def certificate_router(
    certificates: Certificates, budget: Budget, fate: Callable[[str], Fate | None] = lambda _: None
) -> APIRouter:
    """`/quote/KEY`, with `?document=ID&start=N` where two quotes have one key. `fate` tells what became of a source."""
    router, threads = APIRouter(), anyio.CapacityLimiter(_AT_ONCE)

    def page(template: str, status: int = 200, headers: dict[str, str] | None = None, **values: Any) -> HTMLResponse:
        return HTMLResponse(environment().get_template(template).render(**values), status, headers)

    def later(problem: Problem) -> HTMLResponse:
        title, text = "One moment, please", str(problem)
        return page("unissued.html", problem.status, problem.headers, title=title, text=text, places=[])

    def issue(key: str, document: str, start: int | None, site: str) -> HTMLResponse:
        try:
            places = certificates.places(key, document, start)
        except QuoteUnknown as error:
            return page("unissued.html", 404, title="No such quote", text=str(error), places=[])
        if len(places) > 1:
            text = "Two quotes of this index have this key by chance. Choose the one you mean:"
            return page("unissued.html", 409, title="Which quote?", text=text, places=places)
        (place,) = places
        made = certificates.certificate(place, site)
        quote = Quote(place.document, place.start, place.end, fate=fate(place.document.id))
        address = f"{site.rstrip('/')}{made['permalink']}"
        return page(
            "certificate.html",
            certificate=made,
            quote=quote,
            source=place.document.source,
            address=address,
            find=certificates.find,
        )

    @router.get("/quote/{key}", response_class=HTMLResponse, include_in_schema=False)
    async def show(request: Request, key: str, document: str = "", start: str = "") -> HTMLResponse:
        if wait := budget.wait(request.scope):
            return later(too_many(wait))
        task = partial(issue, key, document, int(start) if OFFSET.fullmatch(start) else None, str(request.base_url))
        try:
            return await in_a_thread(task, threads, _TIME)
        except TimeoutError:
            return later(busy())

    return router


def only(places: list[Span]) -> Span:
    """The one place. Raises Problem 409, which lists them, when a key names several."""
    if len(places) > 1:
        named = [{"document": p.document.id, "start": p.start, "end": p.end} for p in places]
        raise Problem(409, "Several quotes have this key; add ?document=ID&start=N.", places=named)
    return places[0]
