"""Evidence -> Quotes: the few whole sentences that answer best, by coordinates.

A sentence is scored by its meaning (the vector made at index time: no model runs here), by how much of the question
its words cover, counting rare words most, by how much of it the document as a whole is about (title, actor, speaker,
date; who acts or speaks in it counts again), and by where the searches ranked its passage.
Left out: whether the best is good enough (`answer`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rag.datatypes import Evidence, Quote, Span
from rag.text import fold, words

READ = 16  # passages whose sentences are weighed
CONTEXT = 0.5  # what a question word counts when only the title, the heading or a neighbour has it
# Chosen by hand among two dozen settings on the development questions; doubling any moves quote hits by 0.01 to 0.02.
COSINE, WORDS, ABOUT, VOICE, RANK = 0.7, 0.8, 0.3, 0.5, 0.25
MAX_CHARACTERS = 1500
MOST_SENTENCES, MOST_TOGETHER = 3, 700  # sentences and characters of a quote made of neighbours
POOL = 40  # sentences from which quotes are picked
REPETITION = 0.5  # what a quote loses that only repeats the words of a better one
WORTH_SHOWING = 0.6  # of the best score


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
    found: list[Weighed] = []
    best_rank = max((e.score for e in evidence), default=1.0)
    for item in evidence[:READ]:
        passage = item.passage
        cosines = sentence_vectors(item.number) @ vector
        own = [set(words(s.text)) for s in passage.sentences]
        around = set(words(f"{passage.document.source.title} {passage.heading}")).union(*own)
        nearby = _share(asked, around)
        source = passage.document.source
        about = ABOUT * _share(asked, set(words(source.about)))
        about += VOICE * _share(asked, set(words(f"{source.actor} {source.speaker}")))
        for n, (span, tokens) in enumerate(zip(passage.sentences, own, strict=True)):
            if len(span.text) > MAX_CHARACTERS or not tokens:
                continue
            inside = _share(asked, tokens)
            covered = inside + CONTEXT * (nearby - inside)
            cosine = float(cosines[n])
            score = COSINE * cosine + WORDS * covered + about + RANK * item.score / best_rank
            found.append(Weighed(_whole(passage.sentences, n), item, score, cosine, covered))
    return sorted(found, key=lambda w: (-w.score, w.evidence.number, w.span.start))


def choose(weighed: Sequence[Weighed], most: int) -> tuple[Quote, ...]:
    """The first `most` that say something new: no overlap, little said twice, none far below the best.

    Neighbouring sentences that are both worth showing make one quote, of at most three.
    """
    pool = weighed[:POOL]
    bags = [set(words(item.span.text)) for item in pool]
    said = [0.0] * len(pool)  # how much of each was said by the quotes chosen so far
    left, chosen = set(range(len(pool))), list[Quote]()
    while left:
        best = max(sorted(left), key=lambda n: pool[n].score - REPETITION * said[n])
        item = pool[best]
        if item.score < WORTH_SHOWING * pool[0].score:
            break
        beside = next((n for n, quote in enumerate(chosen) if _makes_one(quote, item)), None)
        if beside is not None:
            chosen[beside] = _joined(chosen[beside], item.span)
        elif len(chosen) < most:
            chosen.append(Quote(item.span.document, item.span.start, item.span.end, item.score, item.evidence))
        else:
            break
        said = [max(before, _alike(bag, bags[best])) for before, bag in zip(said, bags, strict=True)]
        left = {n for n in left if not _repeats(pool[n].span, item.span)}
    return tuple(chosen)


def _makes_one(quote: Quote, item: Weighed) -> bool:
    """True when the sentence stands right before or after the quote in the same passage, and both are short enough."""
    if quote.evidence is None or quote.evidence.number != item.evidence.number:
        return False
    whole = _joined(quote, item.span)
    inside = [s for s in item.evidence.passage.sentences if whole.start <= s.start and s.end <= whole.end]
    gap = whole.document.text[min(quote.end, item.span.end) : max(quote.start, item.span.start)]
    return not gap.strip() and len(inside) <= MOST_SENTENCES and len(whole.text) <= MOST_TOGETHER


def _joined(quote: Quote, span: Span) -> Quote:
    return replace(quote, start=min(quote.start, span.start), end=max(quote.end, span.end))


def _share(asked: Mapping[str, float], tokens: set[str]) -> float:
    """How much of the question's weight is among `tokens`, 0 to 1."""
    return sum(weight for token, weight in asked.items() if token in tokens) / (sum(asked.values()) or 1.0)


def _whole(sentences: Sequence[Span], n: int) -> Span:
    """The sentence, with the next one when it only leads up to it ("… the following:") or is a mere fragment."""
    span = sentences[n]
    leads = span.text.rstrip().endswith((":", "—", "：")) or len(span.text) < 25
    if leads and n + 1 < len(sentences):
        return Span(span.document, span.start, sentences[n + 1].end)
    return span


def _repeats(one: Span, other: Span) -> bool:
    """True for the same words, and for places of one document that overlap. The same words in another order differ."""
    same_place = one.document.id == other.document.id and one.start < other.end and other.start < one.end
    return same_place or fold(one.text) == fold(other.text)


def _alike(one: set[str], other: set[str]) -> float:
    """The share of their words that two sentences have in common (Jaccard), 0 to 1."""
    return len(one & other) / (len(one | other) or 1)


def support(weighed: Sequence[Weighed]) -> float:
    """How well the best sentences support an answer, 0 to 1: mostly by meaning, a little by the words covered."""
    cosine = max((w.cosine for w in weighed[:5]), default=0.0)
    covered = max((w.covered for w in weighed[:5]), default=0.0)
    return min(max(0.8 * cosine + 0.2 * covered, 0.0), 1.0)
