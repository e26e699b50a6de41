"""The page of one source: its whole text in blocks, with a quote marked. Also shown beside the chat, in a frame.

Left out: finding documents. The page of an unknown one says what to do.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from rag.datatypes import Document, Span, quote_key
from rag.index import Index
from rag.web.render import environment

Range = tuple[int, int]
Places = Callable[[str], Sequence[Span]]
_OFFSET = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or heading in three pieces, of which the middle one is quoted; `page` is set where a page begins."""

    before: str
    marked: str = ""
    after: str = ""
    heading: bool = False
    first: bool = False  # the quote begins here
    page: int = 0


def documents_router(index: Index) -> APIRouter:
    """`/documents/{id}?quote=KEY&start=N&end=N`: each of the three may be missing."""
    router = APIRouter()

    @router.get("/documents/{document_id:path}", response_class=HTMLResponse, include_in_schema=False)
    def show(document_id: str, quote: str = "", start: str = "", end: str = "") -> HTMLResponse:
        document = index.find(document_id)
        if document is None:
            return HTMLResponse(environment().get_template("missing.html").render(name=document_id), 404)
        place = place_of(document, index.places, quote, start, end)
        page = (
            environment()
            .get_template("document.html")
            .render(
                document=document,
                source=document.source,
                blocks=blocks(document, place),
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
    if _OFFSET.fullmatch(start) and _OFFSET.fullmatch(end):
        place = int(start), int(end)
        if not 0 <= place[0] < place[1] <= len(document.text):
            return None
        if not key or key == quote_key(document.id, document.version, *place):
            return place
    found = (place for place in places(key) if place.document.id == document.id)
    return next(((place.start, place.end) for place in found), None)


def blocks(document: Document, place: Range | None) -> Iterator[Block]:
    """The text of a document, block by block, with `place` marked."""
    start, end = place or (0, 0)
    headings = {a for a, _ in document.headings}
    at = page = 0
    for line in document.text.split("\n"):
        offset, at = at, at + len(line) + 1
        if not line.strip():
            continue
        now = bisect_right(document.pages, offset) if document.pages else 0
        a, b = (min(max(n - offset, 0), len(line)) for n in (start, end))
        yield Block(
            before=line[:a] if b > a else line,
            marked=line[a:b],
            after=line[b:] if b > a else "",
            heading=offset in headings,
            first=b > a and start >= offset,
            page=now if now != page else 0,
        )
        page = now
