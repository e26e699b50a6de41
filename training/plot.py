"""Draws what training did: `curves` over the steps, `reliability` and `risk_coverage` of what the judge says.

SVG files beside the notebook (`training/plots/`). Left out: the figures themselves (`train`, `judge`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

PLOTS = Path(__file__).parent / "plots"
BINS = 8  # of the reliability plot, with as many questions in each


def curves(run: Path, seed: int) -> None:
    """Loss and AUROC on held-out documents over the pairs read, of a run of `training.train` with that seed."""
    rows = [json.loads(line) for line in (run / "curve.jsonl").read_text(encoding="utf-8").splitlines()]
    figure, (left, right) = _axes(2)
    pairs = [row["pairs"] for row in rows]
    for name, label in (("train", "trained on"), ("loss", "held out")):
        left.plot(pairs, [row[name] for row in rows], marker="o", label=label)
    left.set(xlabel="pairs read", ylabel="loss")
    for name in ("auroc", "auroc squad", "auroc ours", "auroc hotpot", "auroc cuad", "auroc of denied"):
        if name in rows[-1]:
            right.plot(pairs, [row.get(name, np.nan) for row in rows], marker="o", label=name[6:] or "all")
    right.set(xlabel="pairs read", ylabel="AUROC, answered or not; denied or not")
    for axes in (left, right):
        axes.legend()
    _save(figure, f"curves-seed-{seed}")


def reliability(told: Sequence[tuple[float, bool]]) -> float:
    """How often a question is answerable, against the likelihood said. -> the expected calibration error (ECE)."""
    likely, yes = np.array([p for p, _ in told]), np.array([y for _, y in told], float)
    groups = np.array_split(np.argsort(likely), BINS)
    said, found = (np.array([values[g].mean() for g in groups]) for values in (likely, yes))
    sizes = np.array([len(g) for g in groups])
    error = float((np.abs(said - found) * sizes).sum() / sizes.sum())
    figure, (axes,) = _axes(1)
    axes.plot([0, 1], [0, 1], color="grey", linestyle=":")
    axes.plot(said, found, marker="o")
    axes.set(xlabel="likelihood said", ylabel="share answerable", title=f"ECE {error:.3f}, {len(told)} questions")
    _save(figure, "reliability")
    return error


def risk_coverage(told: dict[str, Sequence[tuple[float, bool]]]) -> None:
    """The share of unanswerable questions among those answered, by how many are answered."""
    figure, (axes,) = _axes(1)
    for name, some in told.items():
        yes = np.array([y for _, y in sorted(some, key=lambda t: -t[0])])
        n = np.arange(1, len(yes) + 1)
        axes.plot(n / len(n), np.cumsum(~yes) / n, label=name)
    axes.set(xlabel="coverage: share of questions answered", ylabel="risk: share of these unanswerable", ylim=(0, None))
    axes.legend()
    _save(figure, "risk-coverage")


def _axes(count: int) -> tuple[Any, Sequence[Any]]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4.6 * count, 3.6), layout="constrained")
    return figure, np.ravel(figure.subplots(1, count)).tolist()


def _save(figure: Any, name: str) -> None:
    PLOTS.mkdir(exist_ok=True)
    figure.savefig(PLOTS / f"{name}.svg", metadata={"Date": None})
