"""Evidence -> Quotes: the few whole sentences that answer best, by coordinates.

A sentence is scored by its meaning (the vector made at index time: no model runs here), by how much of the question
its words cover, counting rare words most, and by where the searches ranked its passage.
Left out: whether the best is good enough (`answer`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.datatypes import Evidence, Quote, Span
from rag.text import fold, words

READ = 16  # passages whose sentences are weighed
CONTEXT = 0.5  # what a question word counts when only the title, the heading or a neighbour has it
WEIGHT_WORDS, WEIGHT_RANK = 0.8, 0.25  # against 1 for the cosine; benchmarks of step 2 weigh them anew
MAX_CHARACTERS = 1500


@dataclass(frozen=True, slots=True)
class Weighed:
    """One sentence (or two) with what speaks for it. `cosine` and `covered` lie in 0 to 1."""

    span: Span
    evidence: Evidence
    score: float
    cosine: float
    covered: float


def weigh(
    question: str,
    vector: NDArray[np.float32],
    evidence: Sequence[Evidence],
    sentence_vectors: Callable[[int], NDArray[np.float32]],
    rarity: Callable[[str], float],
) -> list[Weighed]:
    """Every sentence of the best passages with its score, best first."""
    asked = {token: rarity(token) for token in words(question)}
    total = sum(asked.values()) or 1.0
    found: list[Weighed] = []
    best_rank = max((e.score for e in evidence), default=1.0)
    for item in evidence[:READ]:
        passage = item.passage
        cosines = sentence_vectors(item.number) @ vector
        own = [set(words(s.text)) for s in passage.sentences]
        around = set(words(f"{passage.document.source.title} {passage.heading}")).union(*own)
        nearby = sum(weight for token, weight in asked.items() if token in around)
        for n, (span, tokens) in enumerate(zip(passage.sentences, own, strict=True)):
            if len(span.text) > MAX_CHARACTERS or not tokens:
                continue
            inside = sum(weight for token, weight in asked.items() if token in tokens)
            covered = (inside + CONTEXT * (nearby - inside)) / total
            cosine = float(cosines[n])
            score = cosine + WEIGHT_WORDS * covered + WEIGHT_RANK * item.score / best_rank
            found.append(Weighed(_whole(passage.sentences, n), item, score, cosine, covered))
    return sorted(found, key=lambda w: (-w.score, w.evidence.number, w.span.start))


def choose(weighed: Sequence[Weighed], most: int) -> tuple[Quote, ...]:
    """The first `most` that say something new: no overlap, no words said twice, none far below the best."""
    chosen: list[Weighed] = []
    for item in weighed:
        if len(chosen) == most or item.score < 0.6 * weighed[0].score:
            break
        if not any(_repeats(item.span, other.span) for other in chosen):
            chosen.append(item)
    return tuple(Quote(w.span.document, w.span.start, w.span.end, w.score, w.evidence) for w in chosen)


def _whole(sentences: Sequence[Span], n: int) -> Span:
    """The sentence, with the next one when it only leads up to it ("… the following:") or is a mere fragment."""
    span = sentences[n]
    leads = span.text.rstrip().endswith((":", "—", "：")) or len(span.text) < 25
    if leads and n + 1 < len(sentences):
        return Span(span.document, span.start, sentences[n + 1].end)
    return span


def _repeats(one: Span, other: Span) -> bool:
    if one.document.id == other.document.id:
        return one.start < other.end and other.start < one.end
    return fold(one.text) == fold(other.text)


def support(weighed: Sequence[Weighed]) -> float:
    """How well the best sentences support an answer, 0 to 1: the mean of the cosine and of the words covered."""
    best: Any = max(((w.cosine + w.covered) / 2 for w in weighed[:5]), default=0.0)
    return float(min(max(best, 0.0), 1.0))
