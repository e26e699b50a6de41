"""Averages with intervals, and paired comparisons: what a difference of two scores is worth.

Everything is seeded: the same results give the same intervals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from rag.errors import EvaluationError
from rag.evaluate import metrics
from rag.evaluate.metrics import Measures, Result

RESAMPLES = 5_000
SET_RESAMPLES = 500  # of measures that must be computed anew on each
SEED = 20260627
ALPHA = 0.05
SET_MEASURES = ("refusal precision", "refusal recall", "refusal F1", "refusal AUROC", "risk–coverage area")
SMALLER_IS_BETTER = {"risk–coverage area"}


@dataclass(frozen=True, slots=True)
class Estimate:
    """A score with its 95 % bootstrap interval over `n` questions."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Difference:
    """`ours` minus `theirs` on the same questions, with its interval and a paired permutation p-value."""

    ours: float
    theirs: float
    difference: float
    low: float
    high: float
    p: float
    n: int
    verdict: str  # "better", "worse" or "cannot tell"


def estimate(results: Sequence[Result]) -> dict[str, Estimate]:
    """Every measure over some questions; those that apply to none are left out."""
    out: dict[str, Estimate] = {}
    for name in _names(results):
        values = _values(results, name)
        if len(values):
            low, high = _interval(values)
            out[name] = Estimate(float(values.mean()), low, high, len(values))
    intervals = _set_intervals(results)
    for name, value in metrics.refusal(results).items():
        if value is not None:
            out[name] = Estimate(value, *intervals[name], len(results))
    return out


def compare(ours: Sequence[Result], theirs: Sequence[Result]) -> dict[str, Difference]:
    """Every measure that both have, on the questions that both answered, paired by question id.

    Raises EvaluationError when they have no question in common.
    """
    other = {r.question.id: r for r in theirs}
    pairs = [(r, other[r.question.id]) for r in ours if r.question.id in other]
    if not pairs:
        raise EvaluationError("The two have no question in common: compare reports of the same question file.")
    out: dict[str, Difference] = {}
    for name in _names([a for a, _ in pairs]):
        both = [(x, y) for a, b in pairs if None not in (x := a.measures.get(name), y := b.measures.get(name))]
        if both:
            left, right = np.array(both, float).T
            out[name] = _difference(name, left, right)
    return {**out, **_set_differences(pairs)}


def _difference(name: str, left: np.ndarray, right: np.ndarray) -> Difference:
    gap = left - right
    low, high = _interval(gap)
    p = permutation_p(gap)
    return Difference(
        float(left.mean()),
        float(right.mean()),
        float(gap.mean()),
        low,
        high,
        p,
        len(gap),
        _verdict(name, gap.mean(), low, high, p),
    )


def _set_differences(pairs: Sequence[tuple[Result, Result]]) -> dict[str, Difference]:
    """The measures of a whole set: intervals from resampled questions, p from questions swapped between the two.

    Support is ranked within each of the two first, since their scales differ; no measure depends on the scale.
    """
    sides = [_ranked(metrics.outcomes([pair[n] for pair in pairs])) for n in (0, 1)]
    rng = np.random.default_rng(SEED)
    ours, theirs = (metrics.refusal_of(*side) for side in sides)
    rows = rng.integers(0, len(pairs), (SET_RESAMPLES, len(pairs)))
    swaps = rng.random((SET_RESAMPLES, len(pairs))) < 0.5
    resampled = [[metrics.refusal_of(*(column[row] for column in side)) for side in sides] for row in rows]
    swapped = [
        [
            metrics.refusal_of(*(np.where(swap, b, a) for a, b in zip(*order, strict=True)))
            for order in (sides, sides[::-1])
        ]
        for swap in swaps
    ]
    out: dict[str, Difference] = {}
    for name in SET_MEASURES:
        left, right = ours[name], theirs[name]
        if left is None or right is None:
            continue
        low, high = np.percentile(_gaps(resampled, name), [100 * ALPHA / 2, 100 * (1 - ALPHA / 2)])
        by_chance = _gaps(swapped, name)
        gap = left - right
        p = float((1 + np.sum(np.abs(by_chance) >= abs(gap) - 1e-12)) / (1 + len(by_chance)))
        out[name] = Difference(
            left, right, gap, float(low), float(high), p, len(pairs), _verdict(name, gap, low, high, p)
        )
    return out


def _ranked(columns: tuple[metrics.Column, ...]) -> tuple[metrics.Column, ...]:
    from scipy.stats import rankdata

    return rankdata(columns[0]) / len(columns[0]), *columns[1:]


def _gaps(samples: Sequence[Sequence[Measures]], name: str) -> np.ndarray:
    known = [a - b for one, other in samples if (a := one[name]) is not None and (b := other[name]) is not None]
    return np.array(known or [0.0])


def _verdict(name: str, gap: float, low: float, high: float, p: float) -> str:
    if p >= ALPHA or low * high <= 0:
        return "cannot tell"
    return "better" if (gap > 0) != (name in SMALLER_IS_BETTER) else "worse"


def permutation_p(gap: np.ndarray) -> float:
    """The two-sided paired permutation p-value of a mean difference: how often random signs give as much."""
    from scipy.stats import permutation_test

    if len(gap) < 2 or not gap.any():  # nothing to swap, or nothing that differs
        return 1.0
    test = permutation_test(
        (gap, np.zeros_like(gap)),
        lambda a, b, axis: (a - b).mean(axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=RESAMPLES,
        rng=np.random.default_rng(SEED),
    )
    return float(test.pvalue)


def _interval(values: np.ndarray) -> tuple[float, float]:
    """The 95 % percentile bootstrap interval of a mean."""
    rows = np.random.default_rng(SEED).integers(0, len(values), (RESAMPLES, len(values)))
    low, high = np.percentile(values[rows].mean(axis=1), [100 * ALPHA / 2, 100 * (1 - ALPHA / 2)])
    return float(low), float(high)


def _set_intervals(results: Sequence[Result]) -> dict[str, tuple[float, float]]:
    """For measures of a whole set: recomputed on 500 resamples of the questions."""
    columns = metrics.outcomes(results)
    rows = np.random.default_rng(SEED).integers(0, len(results), (SET_RESAMPLES, len(results)))
    resampled = [metrics.refusal_of(*(column[row] for column in columns)) for row in rows]
    out = {}
    for name in SET_MEASURES:
        known = [value for sample in resampled if (value := sample[name]) is not None]
        low, high = np.percentile(known, [100 * ALPHA / 2, 100 * (1 - ALPHA / 2)]) if known else (np.nan, np.nan)
        out[name] = (float(low), float(high))
    return out


def _names(results: Sequence[Result]) -> list[str]:
    return list(dict.fromkeys(name for r in results for name in r.measures))


def _values(results: Sequence[Result], name: str) -> np.ndarray:
    return np.array([v for r in results if (v := r.measures.get(name)) is not None], float)


def add_measures(results: Sequence[Result]) -> list[Result]:
    """The same results with every measure of each question filled in."""
    found: list[Measures] = metrics.retrieval(results)
    return [replace(r, measures={**m, **metrics.measure(r)}) for r, m in zip(results, found, strict=True)]
