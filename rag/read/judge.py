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

ANSWERS, SHARE = "reader, answers", "reader, share"
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
    """The sentences in their new order, best first, with two more features: ANSWERS and SHARE, both logarithmic.

    `score` stays in 0 to 1, with 1 for the best of all.
    """
    if not weighed or not readings:
        return list(weighed)
    table = rows(weighed, passages, readings)
    w = _fitted()["sentence"]
    raw = np.array(table) @ np.array([w["before"], w["answers"], w["share"]])
    scores = np.exp((raw - raw.max()) / TEMPER)
    new = [
        replace(item, score=float(score), features={**item.features, ANSWERS: answers, SHARE: share})
        for item, score, (_, answers, share) in zip(weighed, scores, table, strict=True)
    ]
    return sorted(new, key=lambda item: -item.score)


def rows(
    weighed: Sequence[Weighed], passages: Sequence[Passage], readings: Sequence[Reading]
) -> list[tuple[float, float, float]]:
    """Of each sentence: the log of its score before reading, whether its passage answers, and its share of the answer.

    All three are logarithms; what was not read has the least of each.
    """
    read = {(p.document.id, p.start): r for p, r in zip(passages, readings, strict=True)}
    table = []
    for item in weighed:
        reading = read.get((item.evidence.passage.document.id, item.evidence.passage.start))
        answers, share = (reading.answers, reading.share(item.span)) if reading else (FLOOR, LEAST_SHARE)
        table.append((float(np.log(max(item.score, 1e-30))), max(answers, FLOOR), share))
    return table


def likelihood(weighed: Sequence[Weighed], before: float) -> float:
    """How likely the question is answered, 0 to 1, from the best readings and the support `before` reading."""
    if not weighed:
        return 0.0
    table = np.array([[0.0, w.features.get(ANSWERS, FLOOR), w.features.get(SHARE, LEAST_SHARE)] for w in weighed])
    fitted = _fitted()["support"]
    odds = np.dot([*signals_of(table[0], table, before), 1.0], [fitted[name] for name in (*SIGNALS, "one")])
    return float(1 / (1 + np.exp(-odds)))


SIGNALS = ("first", "best", "share", "before")


def signals_of(first: Any, table: Any, before: float) -> list[float]:
    """What `likelihood` weighs, of the first sentence (3,) and all sentences (n, 3), both as `rows` has them.

    Whether the passage of the first sentence answers, the same of the best passage, the share of the first sentence,
    and the log odds of the support before reading.
    """
    odds = float(np.log(max(before, 1e-6) / max(1 - before, 1e-6)))
    return [float(first[1]), float(table[:, 1].max()), float(first[2]), odds]


def needed() -> float:
    """The least likelihood for an answer: as fitted, a few of a hundred answerable questions are refused."""
    return float(_fitted()["needed"])


@cache
def _fitted() -> Any:
    return json.loads(WEIGHTS.read_text(encoding="utf-8"))
