"""Plain text -> Blocks: lines that were wrapped to fit a page are joined again, character references read."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from html import entities

from rag.load.blocks import Block

# Left in the text by scrapers: &ensp; &gt; &#8217; — with their semicolon, so that `AT&T` and `R&D;` stay.
_REFERENCE = re.compile(r"&(?:#\d{2,6}|#[xX][0-9a-fA-F]{2,5}|[a-z]{2,8}|[A-Z][a-z]{2,7}|[a-z]{2,6}\d{0,2});")
_HEADING = re.compile(r"(§+\s?[\w.]+|(?:SEC|Sec|SECTION|PART|Part|TITLE|Subpart|CHAPTER)\.? ?[\w.—-]+)\b.{0,120}")
_SECTION = re.compile(r"§\s?\d[\w.]*\s{1,3}[^.;:]{3,140}\.")
_NUMBER = re.compile(r"[“`]*§\s?\d+\.[\w.]*")
_CAPITALS = re.compile(r"[“`'‘ ]*(?:SEC|Sec|SECTION|Section)\.? \d+[A-Z]?\. ?[^.]{3,250}\.?")
_ITEM = re.compile(r"[“`\"']*\([A-Za-z0-9]{1,5}\)|``|[-•*]\s")
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|may|shall|must|will|has|have|appl(?:y|ies)|means?|requires?|states?|does)\b"
)


def plain_blocks(text: str) -> list[Block]:
    """Plain text: one line a block, unless its lines were wrapped; then one paragraph a block."""
    text = _REFERENCE.sub(_unescaped, re.sub(r"\r\n?", "\n", text))
    lines = [line for line in text.split("\n") if line.strip()]
    paragraphs = [[x for x in p.split("\n") if x.strip()] for p in re.split(r"\n\s*\n", text)]
    inner = [line for p in paragraphs for line in p[:-1]]
    wrapped = inner and max(map(len, lines)) <= 120 and sum(len(x) >= 50 for x in inner) >= 0.6 * len(inner)
    pieces = [piece for p in paragraphs for piece in _unwrapped(p)] if wrapped else lines
    return [Block(piece, looks_like_heading(piece)) for piece in _with_names(pieces)]


def _unescaped(reference: re.Match[str]) -> str:
    known = reference[0][1] == "#" or reference[0][1:] in entities.html5
    return html.unescape(reference[0]) if known else reference[0]


def _unwrapped(lines: list[str]) -> Iterator[str]:
    """The lines of a paragraph as one; the first line of a list item, set further in, begins another."""
    whole = ""
    margin = min(len(line) - len(line.lstrip()) for line in lines)
    for line in lines:
        if whole and len(line) - len(line.lstrip()) > margin and _ITEM.match(line.lstrip()):
            yield whole
            whole = ""
        joined = re.search(r"[a-z]-$", whole) and line.strip()[:1].islower()
        whole += line.strip() if joined or not whole else " " + line.strip()
    if whole:
        yield whole


def _with_names(pieces: list[str]) -> Iterator[str]:
    """The number of a section, alone on a line, and its name on the next make one heading."""
    number = ""
    for piece in pieces:
        line = piece.strip()
        if number and len(line) <= 160 and looks_like_heading(f"{number} {line}"):
            line, number = f"{number} {line}", ""
        elif number:
            yield number
            number = ""
        if _NUMBER.fullmatch(line):
            number = line
        else:
            yield line
    if number:
        yield number


def looks_like_heading(line: str) -> bool:
    """True for the number and name of a section of law that stand alone on a line."""
    line = line.strip()
    if _SECTION.fullmatch(line) or _CAPITALS.fullmatch(line):
        return not _VERB.search(line)
    return len(line) <= 140 and not line.endswith((".", ";", ":", ",")) and bool(_HEADING.fullmatch(line))
