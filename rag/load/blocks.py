"""What every reader gives: Drafts, each with the blocks of one document and what its file says about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

_RAISED = str.maketrans("0123456789+-−–=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item or table row; `page` counts from 1, 0 when there are none."""

    text: str
    heading: bool = False
    page: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """One document as a reader found it: the reader's name, what the file itself says of it, and its blocks.

    `meta` uses our names or those of `source.ALIASES`.
    """

    reader: str
    blocks: list[Block]
    meta: dict[str, Any] = field(default_factory=dict)


def raised(text: str) -> str:
    """The digits of a superscript as such: 10²⁶ stays apart from 1026, a footnote's mark from the word before it."""
    bare = text.strip().strip("[]")
    return bare.translate(_RAISED) if bare and all(ord(c) in _RAISED for c in bare) else text


def lowered(text: str) -> str:
    """The digits of a subscript as such; a name such as PM2.5 has none of them and stays as it is."""
    bare = text.strip()
    return bare.translate(_LOWERED) if bare and all(ord(c) in _LOWERED for c in bare) else text


def row(cells: Iterable[str]) -> Iterator[Block]:
    """A table row as one block, its cells parted by bars; none for an empty row."""
    full = [" ".join(cell.split()) for cell in cells]
    if any(full):
        yield Block(" | ".join(cell for cell in full if cell))
