"""Quotes -> Answer: answered, in part, contradicted or not found, decided here on every turn, and what is told.

Left out: what it says about time (`freshness`), what a question takes for granted (`premise`), its `parts`, and
what the nearest quotes of a refusal `lack`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

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


def contradicted(answer: Answer, quotes: Sequence[Quote], note: str) -> Answer:
    """The answer to a question whose premise the first of the quotes denies, as `note` says.

    It stands however little support there is for an answer, and so has as much as is needed: that the sources deny the
    premise is all it says.
    """
    return replace(
        answer,
        outcome=Outcome.PREMISE_CONTRADICTED,
        quotes=tuple(quotes),
        related=(),
        notes=(note, *answer.notes),
        support=max(answer.support, answer.needed),
    )


def held_back(answer: Answer) -> Answer:
    """The same as a refusal that keeps its quotes back as related: what is named or demanded stands in nothing found.

    Of our own questions that this befalls about one in six has an answer, so support falls to half of what is needed.
    """
    if answer.outcome is not Outcome.ANSWERED:
        return answer
    least = min(answer.support, answer.needed / 2)
    return replace(answer, outcome=Outcome.NOT_FOUND, quotes=(), related=answer.quotes, support=least)


def refused(answer: Answer, near: bool, lacks: Sequence[str]) -> Answer:
    """A refusal that says more: related quotes that lack something, or nothing near; any other answer stays."""
    if answer.outcome is not Outcome.NOT_FOUND:
        return answer
    return replace(answer, near=near, lacks=tuple(lacks) if near else ())


def partial(answer: Answer, missing: Sequence[str]) -> Answer:
    """The answer to a question whose `missing` parts no quote covers; a refusal stays one."""
    if answer.outcome is not Outcome.ANSWERED:
        return answer
    said = "; ".join(f"“{part}”" for part in missing)
    return replace(answer, outcome=Outcome.PARTIAL, notes=(f"No quote here covers {said}.", *answer.notes))


def _nearest(evidence: Sequence[Evidence]) -> tuple[Document, ...]:
    documents = {e.passage.document.id: e.passage.document for e in evidence}
    return tuple(documents.values())[:NEAREST]
