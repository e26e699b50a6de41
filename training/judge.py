"""Fits `rag/read/judge.json`: what a reading counts for the order of sentences, and how likely a question is answered.

    python -m training.judge --documents FOLDER

On our own questions that the reader never saw: those about held-out documents, and `calibration-*.jsonl`. The order is
fitted like `training.rank` (conditional logit), the likelihood is a logistic regression over four signals, each file
counting the same, and every figure printed is of questions left out of the fit (five folds, by record or document).
No question file that anything is scored on is read.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from rag.evaluate.metrics import auroc
from rag.pipeline import Pipeline
from rag.read import judge
from rag.weigh import support
from training import plot
from training.own import HERE, Question, answers, gold_of, group_of, lines, opened, questions, weighed_for
from training.pairs import Pair
from training.rank import Row, fit

FOLDS = 5
MEANT = 0.05  # of the answerable may be refused
SHRINK = 1e-2

Floats = NDArray[np.float64]
Bounds = Sequence[tuple[float | None, float | None]]


@dataclass(frozen=True, slots=True)
class Case:
    """One question: its sentences (n, 3) before and after reading, which answer (n,), the support before, its group."""

    table: NDArray[np.float32]
    right: NDArray[np.bool_]
    before: float
    answerable: bool
    fold: int


def cases(pipeline: Pipeline, asked: Sequence[Question], corpus: Path | None) -> Iterator[Case]:
    """The questions as the product reads them, before anything is decided."""
    for q in asked:
        weighed = weighed_for(q["question"], pipeline)
        passages = judge.foremost(weighed, pipeline.reads)
        rows = [r[:3] for r in judge.rows(weighed, passages, pipeline.reader.read(q["question"], passages))]
        gold = gold_of(q, corpus)
        right = np.array([answers(w.span.document.path, w.span.text, gold) for w in weighed], bool)
        yield Case(
            np.array(rows, np.float32), right, support(weighed, q["question"]), q["answerable"], fold_of(group_of(q))
        )


def unseen(name: str) -> list[Question]:
    """Questions over "records" or "documents" that the reader was not trained on."""
    held = [q for q in questions(name) if Pair("", "", "", (), "", group_of(q)).held_out]
    file = HERE / f"calibration-{name}.jsonl"
    return held + (lines(file) if file.is_file() else [])


def order(groups: Sequence[Sequence[Case]]) -> Floats:
    """What the score before reading, the answer logit and the log share count for the order of sentences."""
    return fit([[Row(c.table, c.right) for c in g if c.right.any()] for g in groups])


def signals(case: Case, weights: Floats) -> list[float]:
    """What the likelihood is made from (`rag.read.judge.SIGNALS`)."""
    first = int(np.argmax(case.table @ weights)) if len(case.table) else -1
    return judge.signals_of(case.table[first], case.table, case.before) if first >= 0 else [0.0] * 4


def logistic(rows: Floats, answered: NDArray[np.bool_], counts: Floats, bounds: Bounds = ()) -> Floats:
    """Weights of the signals within `bounds` and, last, the constant; a little drawn to zero.

    By default more of any signal never speaks against an answer.
    """
    spread = rows.std(axis=0) + 1e-9
    x = np.c_[rows / spread, np.ones(len(rows))]
    sign = np.where(answered, 1.0, -1.0)

    def wrong(w: Floats) -> tuple[float, Floats]:
        margin = sign * (x @ w)
        gradient = -(counts * sign / (1 + np.exp(margin))) @ x + 2 * SHRINK * np.r_[w[:-1], 0]
        return float(counts @ np.logaddexp(0, -margin) + SHRINK * w[:-1] @ w[:-1]), gradient

    within = [*(bounds or [(0, None)] * rows.shape[1]), (None, None)]
    w = np.asarray(minimize(wrong, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B", bounds=within).x)
    return np.r_[w[:-1] / spread, w[-1]]


def calibrate(groups: Sequence[Sequence[Case]], weights: Floats, folds: Sequence[int]) -> Floats:
    """The logistic regression on the cases of some folds; each file counts the same."""
    kept = [[c for c in g if c.fold in folds] for g in groups]
    rows = np.array([signals(c, weights) for g in kept for c in g])
    answered = np.array([c.answerable for g in kept for c in g])
    counts = np.concatenate([np.full(len(g), 1 / len(g) / len(kept)) for g in kept if g])
    return logistic(rows, answered, counts)


def fold_of(name: str) -> int:
    """The fold that the questions over a record or document are in."""
    return zlib.crc32(f"fold {name}".encode()) % FOLDS


def left_out(groups: Sequence[Sequence[Case]]) -> list[tuple[float, bool, float]]:
    """(likelihood, answerable, support before) of every case, by a fit that did not see its fold."""
    told = []
    for fold in range(FOLDS):
        others = [n for n in range(FOLDS) if n != fold]
        weights = order([[c for c in g if c.fold in others] for g in groups])
        w = calibrate(groups, weights, others)
        for c in (c for g in groups for c in g if c.fold == fold):
            odds = float(np.dot([*signals(c, weights), 1.0], w))
            told.append((1 / (1 + np.exp(-odds)), c.answerable, c.before))
    return told


def hits(groups: Sequence[Sequence[Case]], weights: Floats) -> str:
    """How often a right sentence comes first and among three, before reading and after."""
    said = []
    for g in groups:
        some = [c for c in g if c.answerable]
        for name, w in (("before", np.array([1.0, 0, 0])), ("after", weights)):
            ranks = [np.flatnonzero(c.right[np.argsort(-(c.table @ w), kind="stable")]) for c in some]
            one, three = (np.mean([bool(len(r)) and r[0] < k for r in ranks]) for k in (1, 3))
            said.append(f"{name} {one:.3f} / {three:.3f}")
    return ", ".join(said)


def keep(fitted: dict[str, Any]) -> None:
    """Write into `rag/read/judge.json` what was fitted; the rest of it stays."""
    kept = json.loads(judge.WEIGHTS.read_text(encoding="utf-8"))
    judge.WEIGHTS.write_text(json.dumps(kept | fitted, indent=2) + "\n", encoding="utf-8")


@click.command()
@click.option("--documents", type=Path, metavar="FOLDER", help="The public documents that our questions are about.")
@click.option("--index", type=Path, metavar="FOLDER", help="Keep the indexes there, for the next run.")
def main(documents: Path | None, index: Path | None) -> None:
    """Fit and write rag/read/judge.json."""
    groups: list[list[Case]] = []
    for name, corpus, pipeline in opened(documents, index):
        groups.append(list(cases(pipeline, unseen(name), corpus)))
        click.echo(f"{name}: {len(groups[-1])} questions, {sum(c.answerable for c in groups[-1])} answerable")
    weights = order(groups)
    click.echo(f"right sentence first / among three: {hits(groups, weights)} (three weights, fitted on these)")
    told = left_out(groups)
    good, bad = ([p for p, yes, _ in told if yes is k] for k in (True, False))
    needed = float(np.quantile(good, MEANT))
    for share in (0.05, 0.08):
        refused = np.mean(np.array(bad) < np.quantile(good, share))
        click.echo(f"at {share:.0%} of the answerable refused: {refused:.0%} of the others")
    click.echo(
        f"left out: AUROC {auroc(good, bad):.3f} (before reading "
        f"{auroc([b for _, yes, b in told if yes], [b for _, yes, b in told if not yes]):.3f}); below {needed:.3f} "
        f"{MEANT:.0%} of the answerable and {np.mean(np.array(bad) < needed):.0%} of the others"
    )
    error = plot.reliability([(p, yes) for p, yes, _ in told])
    plot.risk_coverage(
        {"with the reader": [(p, yes) for p, yes, _ in told], "without": [(b, yes) for _, yes, b in told]}
    )
    click.echo(f"expected calibration error {error:.3f} (training/plots)")
    w = calibrate(groups, weights, range(FOLDS))
    fitted = {
        "by": "python -m training.judge" + (" --documents FOLDER" if documents else ""),
        "questions": len(told),
        "sentence": dict(zip(("before", "answers", "share"), map(float, weights.round(4)), strict=True)),
        "support": dict(zip((*judge.SIGNALS, "one"), map(float, w.round(4)), strict=True)),
        "needed": round(needed, 3),
    }
    keep(fitted)
    click.echo(json.dumps(fitted, indent=2))


if __name__ == "__main__":
    main()
