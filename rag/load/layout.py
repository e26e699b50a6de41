"""Pieces of text with their places -> paragraphs and headings: what goes on in the next line, column or page.

Left out: where characters come from (`pdf`) and which column they stand in (`columns`).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from rag.load.blocks import Block
from rag.load.columns import Piece, columns, lines_of, with_initials

_BULLET = re.compile(
    r"[•●▪■◦‣–—*·□]\s|[-o]\s+\S|[0-9]{1,2}[.)]\s|\([a-z0-9]{1,4}\)\s?|[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|[¹²³⁴-⁹]+\s*\S"
)
_MARKS = "•●▪■◦‣□¹²³⁴⁵⁶⁷⁸⁹"  # these begin something new whatever stands before them
_STOP = re.compile(r"[.:;?!。：；？！][”’\"')\]⁰¹²³⁴-⁹]*$")
_END = re.compile(r"[.?!。？！][”’\"')\]⁰¹²³⁴-⁹]*$")
_LEADERS = re.compile(r"\.{4,}\s*\S{1,7}$")  # a line of a table of contents
_CJK = re.compile(r"[\u2e80-\u9fff\uff00-\uffef]")
_SHORT = 40  # characters; what is shorter is no sentence that goes on overleaf
_CELLS = 2  # pieces on a line; more make it a row of a table


@dataclass(slots=True)
class _Paragraph:
    """Lines that belong together: `full` if the last reaches the edge, `placed` if at the margin or in the middle."""

    text: str
    lines: list[Piece]
    row: bool = False
    placed: bool = True
    full: bool = False

    @property
    def size(self) -> float:
        return self.lines[0].size


def paragraphs(pages: list[list[Piece]]) -> list[Block]:
    """The paragraphs of all pages, each with the page on which it begins."""
    known = Counter(
        w.lower() for page in pages for p in page for w in re.findall(r"[A-Za-z]+(?:-[A-Za-z]+)*", p.text)[:-1]
    )
    sizes = Counter[float]()
    for piece in (piece for page in pages for piece in page):
        sizes[round(piece.size, 1)] += len(piece.text)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    found: list[_Paragraph] = []
    for page in pages:
        for column in columns(with_initials(page)):
            _add_column(found, list(lines_of(column)), known)
    return [Block(p.text, _is_heading(p, body), p.lines[0].page) for p in found]


@dataclass(slots=True)
class _Column:
    """What is usual in a column: its edges, and how far apart its lines stand."""

    left: float
    right: float
    leading: dict[float, float] = field(default_factory=dict)

    @property
    def width(self) -> float:
        return self.right - self.left

    def places(self, line: Piece) -> bool:
        """True for a line that begins at the left edge or stands in the middle, as a heading does."""
        middle = abs((line.left + line.right) - (self.left + self.right)) < 0.04 * self.width
        return middle or line.left - self.left < 0.06 * self.width


def _add_column(found: list[_Paragraph], lines: list[list[Piece]], known: Counter[str]) -> None:
    """Add the lines of a column to the paragraphs before them, or as new ones."""
    pieces = [
        Piece(x[0].page, x[0].left, x[-1].right, x[0].base, x[0].size, _text(x), all(p.bold for p in x)) for x in lines
    ]
    column = _measured(pieces)
    current: _Paragraph | None = None
    for number, (parts, line) in enumerate(zip(lines, pieces, strict=True)):
        at_top = not number or pieces[number - 1].base < line.base
        goes_on = current is not None and not at_top and _goes_on(current, line, column)
        current = None if len(parts) > _CELLS else _unended(found, line) if at_top else current if goes_on else None
        if current is None:
            current = _Paragraph(line.text, [line], len(parts) > _CELLS, column.places(line))
            found.append(current)
        else:
            current.text = _join(current.text, line.text, known)
            current.lines.append(line)
        current.full = line.right > column.right - 0.12 * column.width


def _measured(lines: list[Piece]) -> _Column:
    """The edges of a column, and for each size of type the usual distance of one line from the next."""
    column = _Column(min((p.left for p in lines), default=0), max((p.right for p in lines), default=0))
    for size in {round(p.size) for p in lines}:
        gaps = [a.base - b.base for a, b in pairwise(lines) if round(a.size) == size == round(b.size)]
        near = sorted(gap for gap in gaps if 0.5 * size < gap < 3 * size)
        column.leading[size] = near[len(near) // 3] if near else 1.2 * size
    return column


def _text(line: list[Piece]) -> str:
    """Three pieces or more with wide gaps between them are a row of a table."""
    return (" | " if len(line) > _CELLS else " ").join(piece.text for piece in line)


def _goes_on(last: _Paragraph, line: Piece, column: _Column) -> bool:
    """True where a line goes on with the paragraph of the line above it."""
    before = last.lines[-1]
    if last.row or _LEADERS.search(last.text):
        return False
    if abs(before.size - line.size) > 0.12 * line.size:
        return False
    if before.bold != line.bold and (before.bold or len(last.lines) > 1):
        return False
    if before.base - line.base > 1.35 * column.leading[round(line.size)]:
        return False
    ended = bool(_STOP.search(before.text)) and not _goes_on_small(line)
    if _BULLET.match(line.text) and (ended or before.text[-1:] in ",—-–" or line.text[0] in _MARKS):
        return False
    if before.right < column.right - 0.4 * column.width and not _goes_on_small(line):
        return False
    if ended and before.right < column.right - 0.12 * column.width:
        return False
    step = line.left - before.left
    hanging = bool(_BULLET.match(last.text))
    if ended and abs(step) > 0.6 * line.size and not hanging and (step > 0 or len(last.lines) > 1):
        return False
    return not (ended and hanging and step < -0.6 * line.size)


def _goes_on_small(line: Piece) -> bool:
    """True for a line that begins inside a sentence, with a small letter; an address may stand alone."""
    return line.text[:1].islower() and not line.text.startswith("http")


def _unended(found: list[_Paragraph], line: Piece) -> _Paragraph | None:
    """The last paragraph of the same size, footnotes passed over, whose sentence goes on at the top of a column."""
    for paragraph in reversed(found[-12:]):
        near = line.page - paragraph.lines[-1].page <= 1
        if not near:
            return None
        if abs(paragraph.size - line.size) < 0.06 * line.size and not paragraph.row and not line.bold:
            ended = _END.search(paragraph.text) or len(paragraph.text) <= _SHORT or _LEADERS.search(paragraph.text)
            goes_on = _goes_on_small(line) or paragraph.text.endswith(("-", ",")) or _CJK.match(line.text)
            if not ended and (goes_on or (paragraph.full and not _BULLET.match(line.text))):
                return paragraph
    return None


def _join(text: str, line: str, known: Counter[str]) -> str:
    """Two lines as one, a word broken between them mended, one that has a hyphen of its own left as it is."""
    broken = re.search(r"([A-Za-z]+)-$", text)
    if _CJK.search(text[-1:]) and _CJK.match(line):
        return text + line
    if text.endswith(("—", "/")) or (text.endswith("-") and "://" in text.split()[-1]):
        return text + line
    if not broken:
        return f"{text}{line}" if re.search(r"\w[-–]$", text) else f"{text} {line}"
    rest = re.match(r"[a-z]+", line)
    if not rest:
        return text + line
    first, second = broken[1].lower(), rest[0]
    compound = known[f"{first}-{second}"] or (
        known[first] and known[second] and not known[first + second] and len(first) > 2
    )
    return text + line if compound else text[:-1] + line


def _is_heading(paragraph: _Paragraph, body: float) -> bool:
    text = paragraph.text
    if (
        paragraph.row
        or len(text) > 200
        or not re.search(r"[^\W\d]", text)
        or text.endswith((".", ";", ",", "。", "；"))
    ):
        return False
    return paragraph.size > 1.12 * body or (paragraph.placed and all(line.bold for line in paragraph.lines))
