"""Averages with intervals, and paired comparisons: what a difference of two scores is worth.

Everything is seeded: the same results give the same intervals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from rag.evaluate import metrics
from rag.evaluate.metrics import Measures, Result

RESAMPLES = 5_000
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
    """Every measure that both have, on the questions that both answered, paired by question id."""
    other = {r.question.id: r for r in theirs}
    pairs = [(r, other[r.question.id]) for r in ours if r.question.id in other]
    out: dict[str, Difference] = {}
    for name in _names([a for a, _ in pairs]):
        both = [(x, y) for a, b in pairs if None not in (x := a.measures.get(name), y := b.measures.get(name))]
        if both:
            left, right = np.array(both, float).T
            out[name] = _difference(name, left, right)
    return out


def _difference(name: str, left: np.ndarray, right: np.ndarray) -> Difference:
    gap = left - right
    low, high = _interval(gap)
    p = permutation_p(gap)
    verdict = "cannot tell"
    if p < ALPHA and low * high > 0:
        verdict = "better" if (gap.mean() > 0) != (name in SMALLER_IS_BETTER) else "worse"
    return Difference(float(left.mean()), float(right.mean()), float(gap.mean()), low, high, p, len(gap), verdict)


def permutation_p(gap: np.ndarray) -> float:
    """The two-sided paired permutation p-value of a mean difference: how often random signs give as much."""
    from scipy.stats import permutation_test

    if not gap.any():
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
    rows = np.random.default_rng(SEED).integers(0, len(results), (500, len(results)))
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
