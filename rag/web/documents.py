"""The page of one source: its whole text in blocks, with a quote marked. Also shown beside the chat, in a frame.

Other quotes from the same source (`also=START-END`) are marked more quietly, each a link that makes it the one looked
at. The page of an unknown one says what to do. Left out: finding documents (`sources`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from rag.datatypes import Document, Quote, Span, quote_key
from rag.index import Index
from rag.web.render import environment

Range = tuple[int, int]
Places = Callable[[str], Sequence[Span]]
Also = Annotated[list[str], Query()]
OFFSET = re.compile(r"[0-9]{1,12}")
_MOST_ALSO = 20  # other quotes; an answer has five at most


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; `quote` where it is quoted, and `first` where that quote begins."""

    text: str
    quote: Quote | None = None
    first: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or heading in pieces; `page` is set where a page begins."""

    pieces: tuple[Piece, ...]
    heading: bool = False
    page: int = 0


def documents_router(index: Index) -> APIRouter:
    """`/documents/{id}?quote=KEY&start=N&end=N&also=N-N`: each of them may be missing."""
    router = APIRouter()

    @router.get("/documents/{document_id:path}", response_class=HTMLResponse, include_in_schema=False)
    def show(document_id: str, quote: str = "", start: str = "", end: str = "", also: Also = []) -> HTMLResponse:  # noqa: B006  FastAPI reads it
        document = index.find(document_id)
        if document is None:
            return HTMLResponse(environment().get_template("missing.html").render(name=document_id), 404)
        place = place_of(document, index.places, quote, start, end)
        quotes = quotes_of(document, place, also)
        page = (
            environment()
            .get_template("document.html")
            .render(
                document=document,
                source=document.source,
                blocks=blocks(document, quotes),
                quotes=quotes,
                at=next((n for n, q in enumerate(quotes) if place == (q.start, q.end)), None),
                lost=place is None and bool(quote or start or end),
                find=index.find,
            )
        )
        return HTMLResponse(page)

    return router


def place_of(document: Document, places: Places, key: str = "", start: str = "", end: str = "") -> Range | None:
    """Where a quote stands, by its offsets, its key or both; None when the document as it is now has no such place.

    `places` looks a key up in the index.
    """
    if OFFSET.fullmatch(start) and OFFSET.fullmatch(end):
        place = int(start), int(end)
        if not 0 <= place[0] < place[1] <= len(document.text):
            return None
        if not key or key == quote_key(document.id, document.version, *place):
            return place
    found = (place for place in places(key) if place.document.id == document.id)
    return next(((place.start, place.end) for place in found), None)


def quotes_of(document: Document, place: Range | None, also: Sequence[str] = ()) -> list[Quote]:
    """The quote looked at and the others that can stand beside it, in reading order; without the one, no others."""
    if place is None:
        return []
    chosen = [place]
    for text in also[:_MOST_ALSO]:
        ends = text.split("-")
        if len(ends) != 2 or not all(OFFSET.fullmatch(end) for end in ends):
            continue
        start, end = map(int, ends)
        if start < end <= len(document.text) and all(end <= a or b <= start for a, b in chosen):
            chosen.append((start, end))
    return [Quote(document, *ends) for ends in sorted(chosen)]


def blocks(document: Document, quotes: Sequence[Quote] = ()) -> Iterator[Block]:
    """The text of a document, block by block, with `quotes` marked: sorted, none over another."""
    headings = {a for a, _ in document.headings}
    at = page = 0
    for line in document.text.split("\n"):
        offset, at = at, at + len(line) + 1
        if not line.strip():
            continue
        now = bisect_right(document.pages, offset) if document.pages else 0
        yield Block(
            pieces=tuple(_pieces(line, offset, quotes)),
            heading=offset in headings,
            page=now if now != page else 0,
        )
        page = now


def _pieces(line: str, offset: int, quotes: Sequence[Quote]) -> Iterator[Piece]:
    done = 0
    for quote in quotes:
        a, b = (min(max(n - offset, 0), len(line)) for n in (quote.start, quote.end))
        if a == b:
            continue
        if done < a:
            yield Piece(line[done:a])
        yield Piece(line[a:b], quote, first=quote.start >= offset)
        done = b
    if done < len(line):
        yield Piece(line[done:])
