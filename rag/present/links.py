"""Links to the exact words of a quote, at its source or on this server."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from urllib.parse import quote as percent

from rag.datatypes import Document, Quote

_EXACT = 300  # a fragment longer than this names the first and last words only
_ENDS = 6  # words at each end of such a fragment, or so many
_CLAUSE = 8  # Chinese characters
_CHINESE = re.compile(r"[\u3400-\u9fff]")


def document_path(document: Document) -> str:
    """The address of a document's page on this server."""
    return f"/documents/{percent(document.id, safe='')}"


def fragment_url(quote: Quote) -> str:
    """A link to the exact words.

    On the web it is the source's address with a text fragment (WICG Scroll to Text Fragment), for a PDF with its page.
    Where the words are ours or have no address, it is the document's page on this server.
    """
    source = quote.document.source
    if source.kind == "record" or not source.url.startswith(("http://", "https://")):
        return f"{document_path(quote.document)}?quote={quote.key}#:~:{_fragment(quote)}"
    address = source.url.split("#")[0]
    if quote.document.pages:
        return f"{address}#page={bisect_right(quote.document.pages, quote.start)}:~:{_fragment(quote)}"
    return f"{address}#:~:{_fragment(quote)}"


def _fragment(quote: Quote) -> str:
    """`text=…` for one block of words, `text=first,last` for long ones and those that run over blocks.

    Both ends grow until they lead to this place and no earlier one. A browser finds whole words only, and sees words
    in Chinese where we see characters, so that a Chinese end is one at a mark of punctuation.
    """
    text = quote.text
    weight = len(text) + 2 * len(_CHINESE.findall(text))  # percent signs and digits make an address long
    if weight <= _EXACT and "\n" not in text:
        return f"text={_before(quote, text)}{_escape(text)}"
    blocks = text.split("\n")
    first = next(f for f in _starts(blocks[0]) if _leads_to(quote, f) or f == blocks[0])
    last = next(e for e in _ends(blocks[-1]) if text.find(e, len(first)) + len(e) == len(text) or e == blocks[-1])
    return f"text={_before(quote, first)}{_escape(first)},{_escape(last)}"


def _before(quote: Quote, first: str) -> str:
    """`prefix-,` of the words before a quote where its own stand elsewhere before it, else nothing."""
    text = quote.document.text
    above = text[: quote.start].rstrip()
    if _leads_to(quote, first) or not above:
        return ""
    block = above.rsplit("\n", 1)[-1]
    between = text[len(above) : quote.start]
    alone = (e for e in _ends(block) if text.find(e + between + first) == len(above) - len(e))
    return f"{_escape(next(alone, block))}-,"


def _leads_to(quote: Quote, first: str) -> bool:
    return quote.document.text.find(first) == quote.start


def _starts(block: str) -> Iterator[str]:
    """Beginnings of a block, from _ENDS words or clauses of _CLAUSE Chinese characters on, up to all of it."""
    for end in _places(block):
        head = block[:end].strip()
        if len(head.split()) >= _ENDS or len(_CHINESE.findall(head)) >= _CLAUSE:
            yield head
    yield block


def _ends(block: str) -> Iterator[str]:
    """Ends of a block, likewise."""
    for start in reversed(_places(block)):
        tail = block[start:].strip()
        if len(tail.split()) >= _ENDS or len(_CHINESE.findall(tail)) >= _CLAUSE:
            yield tail
    yield block


def _places(block: str) -> list[int]:
    """Where a block can be cut: between words, and in Chinese at punctuation."""
    return [m.end() for m in re.finditer(r"[，、；：。！？…]+|(?<=\S)\s(?=\S)", block)]


def _escape(words: str) -> str:
    return percent(words.strip(), safe="").replace("-", "%2D")
