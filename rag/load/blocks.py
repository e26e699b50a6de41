"""A block of text, which every reader gives: a paragraph, heading, list item or table row."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item or table row; `page` counts from 1, 0 when there are none."""

    text: str
    heading: bool = False
    page: int = 0
