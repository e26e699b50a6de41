"""Weighed sentences and what the reader read -> a new order, and how likely it is that the question is answered.

The few weights lie in `judge.json`; `python -m training.judge` fits them on questions that the reader never saw.
Left out: the reading itself (`reader`), and what is done with the probability (`rag.answer`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from rag.datatypes import Passage, Weighed
from rag.read.reader import LEAST_SHARE, Reading
from rag.rules.turns import is_asked

ANSWERS, SHARE, DENIES = "reader, answers", "reader, share", "reader, denies"
WEIGHTS = Path(__file__).parent / "judge.json"
TEMPER = 12.0  # a quote 460 times less likely than the first is dropped; 16 shows more that is off the point
FLOOR = -6.0  # the logit of a passage that was not read: as of one that surely does not answer


def foremost(weighed: Sequence[Weighed], most: int) -> list[Passage]:
    """The passages of the best sentences, best first, at most `most`."""
    found: dict[int, Passage] = {}
    for item in weighed:
        found.setdefault(item.evidence.number, item.evidence.passage)
        if len(found) >= most:
            break
    return list(found.values())


def judged(weighed: Sequence[Weighed], passages: Sequence[Passage], readings: Sequence[Reading]) -> list[Weighed]:
    """The sentences in their new order, best first, with three more features: ANSWERS, SHARE and DENIES, as logarithms.

    `score` stays in 0 to 1, with 1 for the best of all.
    """
    if not weighed or not readings:
        return list(weighed)
    table = rows(weighed, passages, readings)
    w = _fitted()["sentence"]
    raw = np.array(table)[:, :3] @ np.array([w["before"], w["answers"], w["share"]])
    scores = np.exp((raw - raw.max()) / TEMPER)
    new = [
        replace(item, score=float(score), features={**item.features, ANSWERS: answers, SHARE: share, DENIES: against})
        for item, score, (_, answers, share, against) in zip(weighed, scores, table, strict=True)
    ]
    return sorted(new, key=lambda item: -item.score)


def rows(
    weighed: Sequence[Weighed], passages: Sequence[Passage], readings: Sequence[Reading]
) -> list[tuple[float, float, float, float]]:
    """Of each sentence: its score before reading, whether its passage answers, its share of that, whether it denies.

    All four are logarithms; what was not read has the least of each. `denies`: what the question takes for granted.
    """
    read = {(p.document.id, p.start): r for p, r in zip(passages, readings, strict=True)}
    table = []
    for item in weighed:
        reading = read.get((item.evidence.passage.document.id, item.evidence.passage.start))
        before = float(np.log(max(item.score, 1e-30)))
        if reading is None:
            table.append((before, FLOOR, LEAST_SHARE, FLOOR))
        else:
            table.append((before, max(reading.answers, FLOOR), reading.share(item.span), max(reading.denies, FLOOR)))
    return table


def likelihood(weighed: Sequence[Weighed], before: float, more: float = 0.0) -> float:
    """How likely the question is answered, 0 to 1, from the best readings and the support `before` reading.

    `more` is what other signs add to the log odds.
    """
    if not weighed:
        return 0.0
    table = np.array([[0.0, w.features.get(ANSWERS, FLOOR), w.features.get(SHARE, LEAST_SHARE)] for w in weighed])
    fitted = _fitted()["support"]
    odds = np.dot([*signals_of(table[0], table, before), 1.0], [fitted[name] for name in (*SIGNALS, "one")])
    return float(1 / (1 + np.exp(-odds - more)))


SIGNALS = ("first", "best", "share", "before")


def signals_of(first: Any, table: Any, before: float) -> list[float]:
    """What `likelihood` weighs, of the first sentence (3,) and all sentences (n, 3), both as `rows` has them.

    Whether the passage of the first sentence answers, the same of the best passage, the share of the first sentence,
    and the log odds of the support before reading.
    """
    odds = float(np.log(max(before, 1e-6) / max(1 - before, 1e-6)))
    return [float(first[1]), float(table[:, 1].max()), float(first[2]), odds]


def denying(weighed: Sequence[Weighed], refused: bool) -> Weighed | None:
    """The sentence that denies what the question takes for granted; None where the reader is not sure enough.

    It has to be surer where the question else is answered than where it is `refused` anyway.
    """
    w = _fitted()["denied"]
    odds = np.dot([*denial_signals(weighed), 1.0], [w[name] for name in (*OF_A_DENIAL, "one")])
    return most_denying(weighed) if odds >= w["needed, refused" if refused else "needed, answered"] else None


def most_denying(weighed: Sequence[Weighed]) -> Weighed | None:
    """The sentence that does, of the passage that most denies what is taken for granted; None where none was read.

    A question of somebody's denies nothing.
    """
    read = [w for w in weighed if DENIES in w.features and not is_asked(w.span)]
    return max(read, key=lambda w: (w.features[DENIES], w.features[SHARE]), default=None)


OF_A_DENIAL = ("denies", "answers")


def denial_signals(weighed: Sequence[Weighed]) -> tuple[float, float]:
    """What tells a denial: how much the passage denies that does so most, and how much the best one answers."""
    most, best = (max((w.features.get(name, FLOOR) for w in weighed), default=FLOOR) for name in (DENIES, ANSWERS))
    return most, best


def needed() -> float:
    """The least likelihood for an answer: as fitted, a few of a hundred answerable questions are refused."""
    return float(_fitted()["needed"])


@cache
def _fitted() -> Any:
    return json.loads(WEIGHTS.read_text(encoding="utf-8"))
