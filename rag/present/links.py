"""Links to the exact words of a quote, at its source or on this server.

A text fragment (WICG Scroll to Text Fragment) is `text=prefix-,start,end,-suffix`, all but `start` optional. A browser
takes the first place where it matches, by whole words inside one block, without regard to case, accents and the form of
quotation marks; between prefix, words and suffix it passes over white space and the ends of blocks. Left out: where
words begin and end, so that what is taken for a second place may be none to a browser; the link is then longer, never
wrong.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice, takewhile
from typing import NamedTuple
from urllib.parse import quote as percent

from rag.datatypes import Document, Quote
from rag.text import CHINESE

_EXACT = 300  # a fragment longer than this names the first and last words only, and no part grows longer
_ENDS = 6  # words at each end of such a fragment, or so many
_CLAUSE = 8  # Chinese characters
_MANY = 200  # places with the same words, beyond which none of them is told apart
_WHITE = re.compile(r"\s*")
# What is the same to a browser that searches: all forms of quotation marks, Latin letters with accents and without.
_MARKS = {"“": '"', "”": '"', "„": '"', "‟": '"', "‘": "'", "’": "'", "‚": "'", "‛": "'"}
_PLAIN = {chr(n): unicodedata.normalize("NFD", chr(n))[0] for n in range(0xC0, 0x250)}
_ACCENTED = re.compile("[\u00c0-\u024f]")


def document_path(document: Document) -> str:
    """The address of a document's page on this server."""
    return f"/documents/{percent(document.id, safe='')}"


def fragment_url(quote: Quote) -> str:
    """A link to the exact words.

    On the web it is the source's address with a text fragment, for a PDF with its page. Where the words are ours or
    have no address, it is the document's page on this server.
    """
    source = quote.document.source
    if source.kind == "record" or not source.url.startswith(("http://", "https://")):
        return f"{document_path(quote.document)}?quote={quote.key}#:~:{_fragment(quote)}"
    address = source.url.split("#")[0]
    if quote.document.pages:
        return f"{address}#page={bisect_right(quote.document.pages, quote.start)}:~:{_fragment(quote)}"
    return f"{address}#:~:{_fragment(quote)}"


class _Directive(NamedTuple):
    """The parts of a text fragment; "" where there is none."""

    start: str
    end: str = ""
    prefix: str = ""
    suffix: str = ""

    def __str__(self) -> str:
        words = f"{_escape(self.start)},{_escape(self.end)}" if self.end else _escape(self.start)
        before, after = (self.prefix and f"{_escape(self.prefix)}-,"), (self.suffix and f",-{_escape(self.suffix)}")
        return f"text={before}{words}{after}"


def _fragment(quote: Quote) -> str:
    """The shortest of these that leads to this place of the document and to no other.

    The words alone, all of them or, where they are long or run over blocks, the first and the last, as many as it
    takes; else these with words of the block before or of the block behind, else of both. Where nothing tells the place
    apart, it is what leads here rather than to an earlier place. A browser sees words in Chinese where we see
    characters, so that a Chinese end is one at a mark of punctuation.
    """
    text, wanted = _folded(quote.document.text), _place(quote)
    choices = list[_Directive]()
    for choice in _choices(quote.text.strip()):
        choices.append(choice)
        if _only(text, choice, wanted, _starts_of(text, choice)):
            return str(choice)
    for choice in dict.fromkeys((choices[0], choices[-1])):
        if apart := _told_apart(quote.document.text, text, choice, wanted):
            return str(apart)
    return str(_first(quote.document.text, text, choices, wanted))


def _place(quote: Quote) -> tuple[int, int]:
    """Where a quote begins and ends, without white space at its ends."""
    start = quote.start + len(quote.text) - len(quote.text.lstrip())
    return start, start + len(quote.text.strip())


def _choices(words: str) -> Iterator[_Directive]:
    """Ways to name the words of a quote, shorter ones first."""
    weight = len(words) + 2 * len(CHINESE.findall(words))  # percent signs and digits make an address long
    blocks = words.split("\n")
    if len(blocks) > 1 or weight > _EXACT:
        folded, tails = _fold(words), [(e, _fold(e)) for e in _tails(blocks[-1])]
        for first in _heads(blocks[0]):
            ends = (e for e, tail in tails if folded.find(tail, len(first)) + len(e) == len(words))
            if end := next(ends, ""):
                yield _Directive(first, end)
    if len(blocks) == 1:
        yield _Directive(words)
    else:
        yield _Directive(blocks[0], blocks[-1])


def _told_apart(page: str, text: str, choice: _Directive, wanted: tuple[int, int]) -> _Directive | None:
    """A choice with what stands before or behind it, the shortest that leads to the place wanted alone, if any does."""
    starts = _starts_of(text, choice)
    befores, behinds = list(_tails(_above(page, wanted[0]))), list(_heads(_below(page, wanted[1])))

    def shortest(ways: Iterator[_Directive]) -> _Directive | None:
        return next((way for way in ways if _only(text, way, wanted, starts)), None)

    one = [
        shortest(choice._replace(prefix=before) for before in befores),
        shortest(choice._replace(suffix=behind) for behind in behinds),
    ]
    if found := [way for way in one if way]:
        return min(found, key=lambda way: len(str(way)))
    both = shortest(choice._replace(prefix=before, suffix=behinds[-1]) for before in befores)
    return both and shortest(both._replace(suffix=behind) for behind in behinds)


def _first(page: str, text: str, choices: Sequence[_Directive], wanted: tuple[int, int]) -> _Directive:
    """What leads to a place that cannot be told from others, but as far as can be not to an earlier one."""
    for choice in choices:
        if text.find(_fold(choice.start)) == wanted[0]:
            return choice
    block, starts = _above(page, wanted[0]), _starts_of(text, choices[-1])
    ways = [choices[-1]._replace(prefix=before) for before in _tails(block)]
    return next((way for way in ways if next(_places(text, way, starts), None) == wanted), ways[-1])


def _only(text: str, way: _Directive, wanted: tuple[int, int], starts: Sequence[int]) -> bool:
    """True when a directive leads to the place wanted and to no other."""
    return len(starts) <= _MANY and list(islice(_places(text, way, starts), 2)) == [wanted]


def _starts_of(text: str, choice: _Directive) -> list[int]:
    """Where the first words of a choice stand in a folded text, one more than are told apart at most."""
    return list(islice(_finds(text, _fold(choice.start)), _MANY + 1))


def _places(text: str, way: _Directive, starts: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Where a directive, whose first words stand at `starts`, matches a folded text, in order."""
    start, end, prefix, suffix = map(_fold, way)
    for at in starts:
        if prefix and not text.endswith(prefix, 0, _skipped_back(text, at)):
            continue
        behind = at + len(start)
        ends = [stop + len(end) for stop in islice(_finds(text, end, behind), _MANY)] if end else [behind]
        for stop in ends:
            if not suffix or text.startswith(suffix, _skipped(text, stop)):
                yield at, stop
                break


def _finds(text: str, words: str, start: int = 0) -> Iterator[int]:
    at = text.find(words, start)
    while at >= 0 and words:
        yield at
        at = text.find(words, at + 1)


def _skipped(text: str, at: int) -> int:
    return at + len(_WHITE.match(text, at)[0])  # type: ignore[index]  # it matches nothing too


def _skipped_back(text: str, at: int) -> int:
    while at and text[at - 1].isspace():
        at -= 1
    return at


def _above(page: str, start: int) -> str:
    """The block before a place, or its part before it, and of that what is near; "" where nothing is."""
    end = _skipped_back(page, start)
    block = page[page.rfind("\n", 0, end) + 1 : end]
    if len(block) <= _EXACT:
        return block
    near = block[-_EXACT:]
    return near[next(iter(_cuts(near)), _EXACT) :].strip()


def _below(page: str, end: int) -> str:
    """The block behind a place, likewise."""
    start = _skipped(page, end)
    near, more = page[start : start + _EXACT].split("\n", 1)[0], page[start + _EXACT : start + _EXACT + 1]
    if len(near) < _EXACT or more in ("", "\n"):
        return near.rstrip()
    return near[: next(iter(reversed(_cuts(near))), 0)].strip()


def _heads(block: str) -> Iterator[str]:
    """Beginnings of a block, from _ENDS words or clauses of _CLAUSE Chinese characters on; at last all of it."""
    yield from _long_enough(block[:end].strip() for end in _cuts(block))
    yield block


def _tails(block: str) -> Iterator[str]:
    """Ends of a block, likewise."""
    yield from _long_enough(block[start:].strip() for start in reversed(_cuts(block)))
    yield block


def _long_enough(growing: Iterator[str]) -> Iterator[str]:
    for words in takewhile(lambda words: len(words) <= _EXACT, growing):
        if len(words.split()) >= _ENDS or len(CHINESE.findall(words)) >= _CLAUSE:
            yield words


def _cuts(block: str) -> list[int]:
    """Where a block can be cut: between words, and in Chinese at punctuation."""
    return [m.end() for m in re.finditer(r"[，、；：。！？…]+|(?<=\S)\s(?=\S)", block)]


def _fold(text: str) -> str:
    """A text as a browser compares it, character for character."""
    if not text.isascii():
        for mark, plain in _MARKS.items():
            text = text.replace(mark, plain)
        text = _ACCENTED.sub(lambda letter: _PLAIN[letter[0]], text).replace("ς", "σ").replace("Σ", "σ")
    return text.lower()


@lru_cache(maxsize=8)
def _folded(text: str) -> str:
    """The same of a whole document, whose quotes are linked one after another; most lines of most are ASCII."""
    return "\n".join(map(_fold, text.split("\n")))


def _escape(words: str) -> str:
    return percent(words.strip(), safe="").replace("-", "%2D")
