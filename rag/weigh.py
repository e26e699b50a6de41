"""Evidence -> weighed sentences: a dozen readable features of each, summed by weights fitted on our own questions.

The weights lie in `weights.json`; `python -m training.rank` fits them on `training/questions` and measures nothing.
No model runs here: the question's one forward pass gives its vector and its word pieces, the index has the rest.
Left out: which sentences become quotes (`quote`), and whether any answers (`answer`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from math import prod
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.datatypes import Evidence, Passage, Span, Weighed
from rag.rules.kinds import Kind, kind_of
from rag.text import CHINESE, carries_meaning, words

FEATURES = {
    "meaning": "cosine of the question and the nearest sentence of the passage",
    "words": "share of the question's words, rare ones counting more, in the passage, its title and heading",
    "title": "the same in title and heading",
    "about": "the same in title, actor, speaker and date of the document",
    "voice": "the same in actor and speaker",
    "pairs": "share of the question's neighbouring words that are neighbours in the sentence",
    "rank": "rank fusion of the searches, 1 for the first place in both",
    "numbers": "share of the question's numbers and codes in the passage, its title and date; half where it has none",
    "no answer": "1 where a date, number, name or reason is asked for and the sentence has none",
    "pieces": "MaxSim: how near, on average, each word piece of the question has one in the sentence",
    "pieces, titled": "the same with title and heading beside the sentence, rare words counting more",
    "pieces, passage": "the same in the whole passage, each piece counting the same",
}
HEAD = -1  # the owner of word pieces that stand in the title or heading (`rag.index.tokens`)
MAX_CHARACTERS = 1500
TEMPER = 10.0  # natural units of the fitted score in which the shown score falls from 1 to 1/e

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]


class Reading(Protocol):
    """What the encoder read of the question (`rag.embed.encoder.Reading`)."""

    @property
    def text(self) -> str:
        """The question."""

    @property
    def vector(self) -> Array:
        """Its vector (d,)."""

    @property
    def states(self) -> Array:
        """The states (k, d) of its word pieces."""

    @property
    def offsets(self) -> NDArray[np.int64]:
        """Where each stands in the question (k, 2)."""


def weigh(
    read: Reading, evidence: Sequence[Evidence], index: Any, rarity: Callable[[str], float] | None = None
) -> list[Weighed]:
    """Every sentence of the passages with its score, best first.

    `index` offers `nearness`, `tokens`, `words_of`, `word_numbers` and `rarity` as `rag.index.Index` does;
    `rarity` may weigh words anew.
    """
    if not evidence:
        return []
    spans, owners, table = features(read, evidence, index, rarity or index.rarity)
    raw = table @ np.array([weights()[name] for name in FEATURES], np.float32)
    scores = np.exp((raw - raw.max(initial=-np.inf)) / TEMPER).tolist()
    rows = table.tolist()
    order = np.lexsort((np.array([s.start for s in spans]), np.array([evidence[n].number for n in owners]), -raw))
    return [
        Weighed(spans[n], evidence[owners[n]], scores[n], dict(zip(FEATURES, rows[n], strict=True)))
        for n in order.tolist()
    ]


def by_best_sentence(evidence: Sequence[Evidence], weighed: Sequence[Weighed]) -> list[Evidence]:
    """The passages in the order of their best sentences; those that have none come last, as they were."""
    best: dict[int, Evidence] = {}
    for item in weighed:
        best.setdefault(item.evidence.number, item.evidence)
    return [*best.values(), *(e for e in evidence if e.number not in best)]


# Beside its best sentence, what a passage gains in a list by where it was found, and by the question's words that it
# adds; what is left of a word that one before has; how many are listed so. Chosen on multihop_rag_500 (recall@3
# 0.74 -> 0.77, @10 0.91 -> 0.93); tried after that, squad2_dev has hit@5 0.993 -> 0.997, gold and policy are as before.
FOUND, ADDS, LEFT, LISTED = 0.25, 1.0, 0.3, 10


def covering(question: str, evidence: Sequence[Evidence], weighed: Sequence[Weighed], index: Any) -> list[Evidence]:
    """The passages as a list: first that of the best sentence, then each time one that says what is still left open.

    A greedy cover of the question's words by their rarity, as xQuAD diversifies results (Santos, Macdonald and Ounis,
    WWW 2010), of the first LISTED; whoever asks for several things finds each sooner.
    """
    ordered, asked = by_best_sentence(evidence, weighed), [*dict.fromkeys(words(question))]
    if len(ordered) < 3 or not asked:
        return ordered
    scores = dict[int, float]()
    for item in weighed:
        scores.setdefault(item.evidence.number, item.score)
    best, found = np.array([[scores.get(e.number, 0.0), e.score] for e in ordered]).T
    worth = best / max(best.max(), 1e-9) + FOUND * found / max(found.max(), 1e-9)
    said = [index.words_of(e.number)[0] for e in ordered]
    same = np.concatenate(said) == index.word_numbers(asked)[:, None]
    has = _held(same, np.repeat(np.arange(len(said)), [len(ids) for ids in said]), len(said))
    rarity = np.array([index.rarity(word) for word in asked])
    left, order, n = ADDS * rarity / rarity.sum(), list[int](), 0
    while len(order) < min(LISTED, len(ordered)):
        order.append(n)
        left = np.where(has[n], LEFT * left, left)
        worth[n] = -np.inf
        n = int(np.argmax(worth + has @ left))
    order += sorted({*range(len(ordered))} - {*order})
    return [ordered[n] for n in order]


KEPT = "kept"  # a feature of sentences that lost a share of their score
FOREMOST = 60  # sentences, best first, that can lose a share of their score


def reweighed(weighed: Sequence[Weighed], *shares: Callable[[Span], float]) -> list[Weighed]:
    """The sentences in their new order where each keeps a share of its score, or several of it; the best has 1.

    One that lost some has KEPT among its features.
    """
    kept = [prod(share(w.span) for share in shares) for w in weighed[:FOREMOST]]
    if all(share == 1.0 for share in kept):
        return list(weighed)
    raw = np.array([w.score for w in weighed]) * np.array([*kept, *[1.0] * (len(weighed) - len(kept))])
    scores = (raw / raw.max()).tolist()
    new = [w if w.score == score else replace(w, score=score) for w, score in zip(weighed, scores, strict=True)]
    for n, share in enumerate(kept):
        if share < 1:
            new[n] = replace(new[n], features={**new[n].features, KEPT: share * new[n].features.get(KEPT, 1.0)})
    return sorted(new, key=lambda w: -w.score)


SUPPORT = ("meaning", "words", "pieces, passage")  # what tells, before any reading, that an answer may be there


FEW_WORDS = 0.25  # a Chinese question needs this share of its words: the shipped model reads no Chinese
_LETTER = re.compile(r"[^\W\d_]")


def support(weighed: Sequence[Weighed], question: str = "") -> float:
    """How well the best sentences support an answer to the question, 0 to 1.

    Each signal of SUPPORT counts the same, in its own spread over answerable training questions. That near misses have
    as many of the question's words as answers do was measured: fitting more signals to them did not carry over.
    """
    if not weighed:
        return 0.0
    spread = _fitted()["support"]
    best = {name: max(w.features.get(name, 0.0) for w in weighed[:3]) for name in SUPPORT}
    if is_chinese(question) and best["words"] < FEW_WORDS:
        return 0.0
    mean = sum((best[name] - spread[name]["mean"]) / spread[name]["deviation"] for name in SUPPORT) / len(SUPPORT)
    return float(1 / (1 + np.exp(-mean)))


def is_chinese(question: str) -> bool:
    """True when half of its letters or more are Chinese: the shipped models read none, so only words count."""
    return 2 * (there := len(CHINESE.findall(question))) >= len(_LETTER.findall(question)) and there > 0


def weights() -> Mapping[str, float]:
    """The fitted weight of each feature."""
    return dict(_fitted()["sentence"])


@cache
def _fitted() -> Any:
    return json.loads((Path(__file__).parent / "weights.json").read_text(encoding="utf-8"))


def features(
    read: Reading, evidence: Sequence[Evidence], index: Any, rarity: Callable[[str], float]
) -> tuple[list[Span], list[int], Array]:
    """(sentences, the evidence that each belongs to, features (n, 12)); sentences too long to quote are left out."""
    asked = _Asked.of(read.text, rarity)
    said = _Said.of(asked, evidence, index)
    sources = [e.passage.document.source for e in evidence]
    head = asked.among([(s.title, e.passage.heading) for s, e in zip(sources, evidence, strict=True)])
    about = asked.among([(s.about,) for s in sources])
    voice = asked.among([(s.actor, s.speaker) for s in sources])
    meaning = index.nearness([e.number for e in evidence], read.vector)
    scores = np.array([e.score for e in evidence])
    near, near_passage = _pieces(read, evidence, index, rarity)
    spans, owners, places, lacks = list[Span](), list[int](), list[int](), list[bool]()
    kept = iter(said.lengths.tolist())
    for n, item in enumerate(evidence):
        for k, span in enumerate(item.passage.sentences):
            if next(kept) and span.end - span.start <= MAX_CHARACTERS:
                text = span.text
                spans.append(_whole(item.passage, k, text))
                owners.append(n)
                places.append(k)
                lacks.append(asked.answer is not None and not asked.answer.has.search(text))
    first = np.cumsum([0, *(len(e.passage.sentences) for e in evidence)])
    pieces, titled = near[owners, places].T
    columns = {
        "meaning": meaning[owners],
        "words": asked.share(said.in_passage | head)[owners],
        "title": asked.share(head)[owners],
        "about": asked.share(about)[owners],
        "voice": asked.share(voice)[owners],
        "pairs": said.pairs[first[owners] + places],
        "rank": (scores / (scores.max() or 1))[owners],
        "numbers": asked.share_of_numbers(said.in_passage | head | about)[owners],
        "no answer": lacks,
        "pieces": pieces,
        "pieces, titled": titled,
        "pieces, passage": near_passage[owners],
    }
    return spans, owners, np.stack([columns[name] for name in FEATURES], axis=1, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The w words of a question with their weight (w,), which have digits (w,), and what kind of answer is asked for.

    `neighbours` (p, 2) are pairs of them that stand side by side.
    """

    words: Sequence[str]
    weight: Array
    digits: Mask
    neighbours: NDArray[np.int64]
    answer: Kind | None

    @classmethod
    def of(cls, question: str, rarity: Callable[[str], float]) -> _Asked:
        said = words(question)
        known = {word: n for n, word in enumerate(dict.fromkeys(said))}
        pairs = dict.fromkeys((known[a], known[b]) for a, b in pairwise(said))
        return cls(
            [*known],
            np.array([rarity(word) for word in known], np.float32),
            np.array([any(map(str.isdigit, word)) for word in known], bool),
            np.array([*pairs], np.int64).reshape(-1, 2),
            kind_of(question),
        )

    def among(self, texts: Sequence[tuple[str, ...]]) -> Mask:
        """(n, w): which words of the question are among those of each of the n groups of texts."""
        rows = dict[tuple[str, ...], list[bool]]()
        for group in dict.fromkeys(texts):
            there = {word for text in group for word in words(text)}
            rows[group] = [word in there for word in self.words]
        return np.array([rows[group] for group in texts], bool)

    def share(self, there: Mask) -> Array:
        """(n,): how much of the question's weight is there (n, w), 0 to 1."""
        return np.asarray(there @ self.weight / (self.weight.sum() or 1.0), np.float32)

    def share_of_numbers(self, there: Mask) -> Array:
        """The same of the words with digits; half where there are none."""
        if not self.digits.any():
            return np.full(len(there), 0.5, np.float32)
        own = self.weight * self.digits
        return np.asarray(there @ own / own.sum(), np.float32)


@dataclass(frozen=True, slots=True)
class _Said:
    """What the passages say of what is asked.

    Which of the question's words each passage has (n, w), how many words each of their m sentences has (m,), and the
    share of the question's neighbours that are neighbours in it (m,).
    """

    in_passage: Mask
    lengths: NDArray[np.int64]
    pairs: Array

    @classmethod
    def of(cls, asked: _Asked, evidence: Sequence[Evidence], index: Any) -> _Said:
        found = [index.words_of(e.number) for e in evidence]
        lengths = np.concatenate([own for _, own in found])
        passage = np.repeat(np.arange(len(found)), [len(own) for _, own in found])  # of each sentence
        sentence = np.repeat(np.arange(len(lengths)), lengths)  # of each word
        same = np.concatenate([ids for ids, _ in found]) == index.word_numbers(asked.words)[:, None]
        in_passage = _held(same, passage[sentence], len(found))
        first, second = asked.neighbours.T
        side_by_side = same[first, :-1] & same[second, 1:] & (sentence[:-1] == sentence[1:])
        together = np.zeros((len(lengths), len(first)), bool)
        pair, at = np.nonzero(side_by_side)
        together[sentence[at], pair] = True
        return cls(in_passage, lengths, together.sum(axis=1, dtype=np.float32) / max(len(first), 1))


def _held(same: Mask, owner: NDArray[np.int64], passages: int) -> Mask:
    """Which words each passage has (n, k): `same` (k, t) tells them along the words of all, each `owner`'s (t,)."""
    held = np.zeros((passages, len(same)), bool)
    word, at = np.nonzero(same)
    held[owner[at], word] = True
    return held


def _pieces(
    read: Reading, evidence: Sequence[Evidence], index: Any, rarity: Callable[[str], float]
) -> tuple[Array, Array]:
    """Late interaction of the question's word pieces with those of the passages, all passages in one product.

    Of (evidence, sentence, 2) how near they are in the sentence, and in it or the title by weight; of (evidence,) how
    near in the whole passage; 0 where there is no piece.
    """
    offsets = read.offsets.tolist()
    telling = np.array([carries_meaning(read.text[a:b]) for a, b in offsets], bool)
    keep = telling if telling.any() else ~telling
    question = index.tokens.turned(read.states[keep])
    weight = np.array([_rarity_around(read.text, offsets[k][0], rarity) for k in np.flatnonzero(keep)], np.float32)
    weight /= weight.sum() or 1.0
    found = [index.tokens.pieces(e.number) for e in evidence]
    owners = np.concatenate([f.owners for f in found])
    of = np.repeat(np.arange(len(found)), [len(f.owners) for f in found])
    # What stands in the title or heading has the last place, which is HEAD.
    sentences = np.zeros((len(found), max(len(e.passage.sentences) for e in evidence) + 1, 2), np.float32)
    passages = np.zeros(len(found), np.float32)
    if not (len(owners) and len(question)):
        return sentences, passages
    near = question @ np.concatenate([f.states for f in found], dtype=np.float32).T / 127
    # Where the pieces of the next sentence begin, and among these sentences the first of each passage.
    starts = np.flatnonzero((np.diff(owners, prepend=HEAD - 1) != 0) | (np.diff(of, prepend=-1) != 0))
    best, owners, of = np.maximum.reduceat(near, starts, axis=1), owners[starts], of[starts]
    first = np.searchsorted(of, of)
    titled = np.where(owners[first] == HEAD, np.maximum(best, best[:, first]), best)
    there, begins = np.unique(of, return_index=True)
    passages[there] = np.maximum.reduceat(best, begins, axis=1).mean(axis=0)
    sentences[of, owners] = np.stack([best.mean(axis=0), weight @ titled], axis=1)
    return sentences, passages


def _rarity_around(text: str, at: int, rarity: Callable[[str], float]) -> float:
    """The rarity of the word that the character at `at` stands in; a word without one (a mark) counts as common."""
    start = max(text.rfind(" ", 0, at) + 1, 0)
    end = text.find(" ", at)
    return max((rarity(w) for w in words(text[start : end if end >= 0 else len(text)])), default=1.0)


def _whole(passage: Passage, n: int, text: str) -> Span:
    """The sentence, with the next one when it only leads up to it ("… the following:") or is a mere fragment."""
    span = passage.sentences[n]
    leads = text.rstrip().endswith((":", "—", "：")) or len(text) < 25
    if leads and n + 1 < len(passage.sentences):
        return Span(span.document, span.start, passage.sentences[n + 1].end)
    return span
