"""Pieces of text with their places -> columns, and lines of a column.

The order of the file is kept, which is the order of reading in what word processors write, unless the page has
columns of prose: these are read one after the other whatever the order of the file. Left out: paragraphs (`layout`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

_PROSE = 20  # characters in the usual line of a column; the cells of a table are shorter
_LEAST = 4  # lines that make a column


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters on one line; places are in points from the left and from the foot of the page.

    `rise` is how far up the page it stands, from 0 to 1.
    """

    page: int
    left: float
    right: float
    base: float
    size: float
    text: str
    bold: bool = False
    rise: float = 0.5


def with_initials(page: list[Piece]) -> list[Piece]:
    """A large first letter is put back before the word that it begins."""
    pieces = list(page)
    for large in [p for p in page if len(p.text) == 1 and p.text.isupper()]:
        for n, rest in enumerate(pieces):
            beside = 0 <= rest.left - large.left < 2 * large.size and -2 < rest.base - large.base < large.size
            if rest.size < 0.7 * large.size and rest.text[:1].islower() and beside:
                pieces[n] = replace(rest, left=large.left, text=large.text + rest.text)
                pieces.remove(large)
                break
    return pieces


def columns(pieces: list[Piece]) -> list[list[Piece]]:
    """The columns of a page, left to right; what spans them parts the page into what is above and below it."""
    gutter = _gutter(pieces)
    if gutter is None:
        return [pieces] if pieces else []
    found: list[list[Piece]] = []
    spanning = {round(p.base) for p in pieces if _crosses(p, gutter)}
    downwards = sorted(pieces, key=lambda p: -p.base)
    for spans, band in groupby(downwards, lambda p: any(abs(p.base - base) < 2 for base in spanning)):
        kept = set(band)
        if spans:
            found.append([p for p in pieces if p in kept])
            continue
        for side in (True, False):
            found += columns([p for p in pieces if p in kept and (p.left < gutter - 1) == side])
    return found


def _crosses(piece: Piece, gutter: float) -> bool:
    return piece.left < gutter - 1 and piece.right > gutter + 1


def _gutter(pieces: list[Piece]) -> float | None:
    """The left edge of a column that has another of prose to its left, None where there are no columns."""
    edges = Counter(round(p.left) for p in pieces)
    best: tuple[int, float] | None = None
    for edge, _ in edges.most_common(12):
        if sum(edges[edge + d] for d in (-1, 0, 1)) < _LEAST:
            continue
        left = [p for p in pieces if p.right <= edge + 1]
        right = [p for p in pieces if p.left >= edge - 1.5]
        crossing = len(pieces) - len(left) - len(right)
        fits = _is_prose(left) and _is_prose(right) and crossing <= 0.4 * len(pieces) and _side_by_side(left, right)
        if fits and (best is None or (crossing, edge) < best):
            best = (crossing, float(edge) - 0.5)
    return best[1] if best else None


def _is_prose(pieces: list[Piece]) -> bool:
    return len(pieces) >= _LEAST and sorted(len(p.text) for p in pieces)[len(pieces) // 2] >= _PROSE


def _side_by_side(left: list[Piece], right: list[Piece]) -> bool:
    """True where both stand at the same height for most of the shorter one."""
    (a, b), (c, d) = ((min(p.base for p in side), max(p.base for p in side)) for side in (left, right))
    return min(b, d) - max(a, c) > 0.5 * min(b - a, d - c)


def lines_of(pieces: list[Piece]) -> Iterator[list[Piece]]:
    """Neighbours on one line."""
    line: list[Piece] = []
    for piece in pieces:
        if line and (abs(piece.base - line[-1].base) > 0.35 * line[-1].size or piece.left < line[-1].left):
            yield line
            line = []
        line.append(piece)
    if line:
        yield line
