"""Quotes -> Answer: answered or not found, decided here on every turn, and what to tell the reader either way.

Left out: what it says about time (`freshness`), and false premises and partial answers, which come with what tells
them apart.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.datatypes import Answer, Document, Evidence, Outcome, Quote

# Least support for an answer: the mean of what `python -m benchmarks.support` finds on half of our own training
# questions over the records (0.12) and over public documents (0.27). Off the subject it refuses; near it, it knows
# little.
LEAST_SUPPORT = 0.2
NEAREST = 3


def answer(
    question: str,
    searched: str,
    quotes: Sequence[Quote],
    evidence: Sequence[Evidence],
    support: float,
    needed: float = LEAST_SUPPORT,
    coverage: str = "",
) -> Answer:
    """Put an Answer together. Without enough support no quote is given, only the nearest documents."""
    found = bool(quotes) and support >= needed
    return Answer(
        question=question,
        searched=searched,
        outcome=Outcome.ANSWERED if found else Outcome.NOT_FOUND,
        quotes=tuple(quotes) if found else (),
        related=() if found else tuple(quotes),
        evidence=tuple(evidence),
        nearest=_nearest(evidence),
        support=support,
        needed=needed,
        coverage=coverage,
    )


def _nearest(evidence: Sequence[Evidence]) -> tuple[Document, ...]:
    documents = {e.passage.document.id: e.passage.document for e in evidence}
    return tuple(documents.values())[:NEAREST]
