"""Fits `rag/weights.json`: what each feature of a sentence counts, and the spread of what supports an answer.

    python -m training.rank [--documents FOLDER]

On `training/questions` alone: questions written by us over the records and, where FOLDER holds them, over public
documents. The score of a sentence is linear; the weights make the answering sentences likely among all sentences read
(conditional logit), each file counting the same. No question file that anything is scored on is read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from rag.pipeline import Pipeline
from rag.retrieve import retrieve
from rag.weigh import FEATURES, SUPPORT, features
from training.own import Question, answers, gold_of, opened, questions

WEIGHTS = Path(__file__).parent.parent / "rag" / "weights.json"
SHRINK = 1e-4  # how strongly weights are drawn to zero; anything from 1e-5 to 1e-3 gives the same answers


@dataclass(frozen=True, slots=True)
class Row:
    """One question: the features (n, 12) of every sentence read, and which of them answer."""

    table: NDArray[np.float32]
    right: NDArray[np.bool_]


def rows(pipeline: Pipeline, questions: Sequence[Question], corpus: Path | None) -> Iterator[Row]:
    """The answerable questions whose answer is among what is retrieved."""
    for asked in questions:
        gold = gold_of(asked, corpus)
        read = pipeline.encoder.read(asked["question"])
        evidence = retrieve(asked["question"], read.vector, pipeline.index, pipeline.settings.passages)
        spans, _, table = features(read, evidence, pipeline.index, pipeline.index.rarity)
        right = np.array([answers(s.document.path, s.text, gold) for s in spans], bool)
        if right.any():
            yield Row(table, right)


def fit(groups: Sequence[Sequence[Row]]) -> NDArray[np.float64]:
    """The weights; each group counts the same."""
    table = np.concatenate([r.table for g in groups for r in g]).astype(float)
    right = np.concatenate([r.right for g in groups for r in g])
    starts = np.cumsum([0, *(len(r.right) for g in groups for r in g)])[:-1]
    counts = np.concatenate([np.full(len(g), 1 / len(g) / len(groups)) for g in groups])
    spread = table.std(axis=0) + 1e-9
    table /= spread
    sizes = np.diff([*starts, len(right)])

    def loss(w: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        score = table @ w
        score -= np.repeat(np.maximum.reduceat(score, starts), sizes)
        e = np.exp(score)
        whole, good = np.add.reduceat(e, starts), np.add.reduceat(e * right, starts)
        share = e / np.repeat(whole, sizes) - e * right / np.repeat(np.maximum(good, 1e-300), sizes)
        gradient = (share * np.repeat(counts, sizes)) @ table
        return float(
            counts @ (np.log(whole) - np.log(np.maximum(good, 1e-300))) + SHRINK * w @ w
        ), gradient + 2 * SHRINK * w

    found = minimize(loss, np.zeros(table.shape[1]), jac=True, method="L-BFGS-B")
    return np.asarray(found.x / spread)


@click.command()
@click.option("--documents", type=Path, metavar="FOLDER", help="The public documents that documents.jsonl is about.")
@click.option("--index", type=Path, metavar="FOLDER", help="Keep the indexes there, for the next run.")
def main(documents: Path | None, index: Path | None) -> None:
    """Fit and write rag/weights.json."""
    groups = []
    for name, corpus, pipeline in opened(documents, index):
        answerable = [q for q in questions(name) if q["answerable"]]
        groups.append(list(rows(pipeline, answerable, corpus)))
        click.echo(f"{name}: {len(groups[-1])} questions", err=True)
    weights = fit(groups)
    tops = [np.sort(r.table[np.argsort(-(r.table @ weights))[:3]], axis=0)[-1] for g in groups for r in g]
    names = list(FEATURES)
    spread = {
        name: {"mean": round(float(np.mean([t[names.index(name)] for t in tops])), 4),
               "deviation": round(float(np.std([t[names.index(name)] for t in tops])), 4)}
        for name in SUPPORT
    }  # fmt: skip
    fitted = {
        "by": "python -m training.rank" + (" --documents FOLDER" if documents else ""),
        "questions": sum(map(len, groups)),
        "sentence": {name: round(float(w), 3) for name, w in zip(names, weights, strict=True)},
        "support": spread,
    }
    WEIGHTS.write_text(json.dumps(fitted, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    click.echo(json.dumps(fitted, indent=2))


if __name__ == "__main__":
    main()
