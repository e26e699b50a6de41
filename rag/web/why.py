"""Why these quotes, or why none, as a person reads it: where each quote was found, and what spoke for its sentence.

Nothing is decided or measured here: the figures are those of `explain_json`, each from 0 to 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rag.read.judge import ANSWERS, DENIES, SHARE
from rag.weigh import KEPT

# What each figure says of a sentence, by its name in `rag.weigh` and `rag.read`; the page shows those of `TOLD`.
MEASURES = {
    "meaning": "How near its passage is to the question in meaning",
    "words": "Share of the question’s words that its passage has, rare ones counting more",
    "title": "The same in its title and heading",
    "about": "The same of its title, actor, speaker and date",
    "voice": "The same in its actor and speaker",
    "pairs": "Share of the question’s neighbouring words that are neighbours in it too",
    "rank": "Its place in both searches together; the first in both has 1",
    "numbers": "Share of the question’s numbers and codes that its passage has; half where there are none",
    "no answer": "1 where a date, number, name or reason is asked for and it has none",
    "pieces": "How near each word of the question has one in it",
    "pieces, titled": "The same with its title, rare words counting more",
    "pieces, passage": "The same in its whole passage",
    KEPT: "What it kept of its score; less of another firm, chip or law, an older version, a title or a link",
    ANSWERS: "How likely its passage answers, by the model that reads question and passage together",
    SHARE: "How much of that answer lies in this sentence",
    DENIES: "How likely its passage denies what the question takes for granted",
}
TOLD = ("meaning", "words", "about", KEPT, ANSWERS, SHARE)  # what says most; the API and `--explain` give them all


@dataclass(frozen=True, slots=True)
class Row:
    """One measure of all quotes; None where it was not taken. `term` is its name in the API and on the command line."""

    words: str
    term: str
    figures: tuple[float | None, ...]

    @property
    def told(self) -> bool:
        """Whether the page shows it."""
        return self.term in TOLD


def rows(quotes: Sequence[Mapping[str, Any]]) -> Iterator[Row]:
    """What spoke for the quotes of `explain_json`, measure by measure."""
    for term in dict.fromkeys(term for quote in quotes for term in quote["features"]):
        figures = tuple(_figure(term, quote["features"].get(term)) for quote in quotes)
        yield Row(MEASURES.get(term, term), term, figures)


def place(found_by: Mapping[str, int], search: str) -> str:
    """Where a search by "meaning" or "words" found it: "place 3", or in its document where only looked for there.

    What a question cites by number, as § 762.6, was found by that.
    """
    if rank := found_by.get(search):
        return f"place {rank}"
    rank = found_by.get(f"its {search}")
    if rank:
        return f"place {rank} within its document"
    return "by its number" if "its number" in found_by else "not found"


def _figure(term: str, value: float | None) -> float | None:
    """0 to 1: what the reading model says is kept as logits and a logarithm."""
    if value is None:
        return None
    if term in (ANSWERS, DENIES):
        return 1 / (1 + math.exp(-value))
    return math.exp(value) if term == SHARE else value
