"""Fits how sure the reader must be to say that the sources deny what a question takes for granted.

    python -m training.deny --documents FOLDER

A logistic regression over two readings, the passage that most denies it and the one that most answers it, for "denied"
in `rag/read/judge.json`; so sure that ALLOWED of the other questions are told so, more where they are refused anyway.
All are questions over documents and records that the reader was not trained on: denied, silent and answered ones
(`denied-*.jsonl`), and those that set the threshold for refusing (`training.judge`). What it prints is of questions
left out of the fit (five folds, by record or document). No question file that anything is scored on is read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np

from rag.datatypes import Weighed
from rag.evaluate.metrics import auroc
from rag.pipeline import Pipeline
from rag.read import judge
from rag.weigh import support
from training.judge import FOLDS, Floats, fold_of, keep, logistic, unseen
from training.own import group_of, opened, weighed_for
from training.pairs import DENIED
from training.written import over

ALLOWED = {"answered": 0.02, "refused": 0.05}  # of the questions that are not denied and else would be so


@dataclass(frozen=True, slots=True)
class Told:
    """How one question was read: what is weighed, what kind it is of, whether the sentence is right, its fold.

    `fate` is what else would become of it: a name of ALLOWED.
    """

    signals: tuple[float, float]
    kind: str
    fate: str
    right: bool
    fold: int


def told(pipeline: Pipeline, name: str) -> Iterator[Told]:
    """The questions of a corpus as the product reads them."""
    for pair in over(map(pipeline.index.passage, range(len(pipeline.index))), name):
        if pair.held_out and pair.source.startswith(DENIED):
            kind = "denied" if pair.denials else "answered" if pair.answers else "silent"
            said = [pair.passage[a:b] for a, b in pair.denials]
            yield _told(_read(pipeline, pair.question), pair.question, kind, said, pair.group)
    for asked in unseen(name):
        kind = "answered" if asked["answerable"] else f"near miss, {asked['miss']}"
        yield _told(_read(pipeline, asked["question"]), asked["question"], kind, [], group_of(asked))


def _read(pipeline: Pipeline, question: str) -> list[Weighed]:
    weighed = weighed_for(question, pipeline)
    passages = judge.foremost(weighed, pipeline.reads)
    return judge.judged(weighed, passages, pipeline.reader.read(question, passages))


def _told(weighed: Sequence[Weighed], question: str, kind: str, said: Sequence[str], group: str) -> Told:
    found = judge.most_denying(weighed)
    right = found is not None and any(words in found.span.text or found.span.text in words for words in said)
    refused = judge.likelihood(weighed, support(weighed, question)) < judge.needed()
    fate = "refused" if refused else "answered"
    return Told(judge.denial_signals(weighed), kind, fate, right, fold_of(group))


def fit(some: Sequence[Told]) -> Floats:
    """The weights of both signals and, last, the constant; denied and other questions count the same."""
    rows, denied = np.array([t.signals for t in some]), np.array([t.kind == "denied" for t in some])
    counts = np.where(denied, 0.5 / denied.sum(), 0.5 / (~denied).sum())
    return logistic(rows, denied, counts, ((0, None), (None, 0)))


def odds(some: Sequence[Told], w: Floats) -> Floats:
    """The log odds that each is denied."""
    return np.c_[np.array([t.signals for t in some]), np.ones(len(some))] @ w


def least(some: Sequence[Told], w: Floats) -> dict[str, float]:
    """What ALLOWED of the others reach; who wrote a false premise as a near miss did not say whether it is denied."""
    others = [t for t in some if t.kind not in ("denied", "near miss, false-premise")]
    return {
        fate: float(np.quantile(odds([t for t in others if t.fate == fate], w), 1 - share))
        for fate, share in ALLOWED.items()
    }


@click.command()
@click.option("--documents", type=Path, metavar="FOLDER", help="The public documents that our questions are about.")
@click.option("--index", type=Path, metavar="FOLDER", help="Keep the indexes there, for the next run.")
def main(documents: Path | None, index: Path | None) -> None:
    """Fit and write "denied" in rag/read/judge.json."""
    some = [t for name, _, pipeline in opened(documents, index) for t in told(pipeline, name)]
    left_out: list[tuple[Told, float, bool]] = []
    for fold in range(FOLDS):
        others, rest = [t for t in some if t.fold != fold], [t for t in some if t.fold == fold]
        w = fit(others)
        bound = least(others, w)
        left_out += [(t, float(o), bool(o >= bound[t.fate])) for t, o in zip(rest, odds(rest, w), strict=True)]
    good, bad = ([o for t, o, _ in left_out if (t.kind == "denied") is k] for k in (True, False))
    click.echo(f"{len(some)} questions, {len(good)} denied; left out: AUROC {auroc(good, bad):.3f}; told to be denied:")
    for kind, fate in sorted({(t.kind, t.fate) for t in some}):
        theirs = [(t, over_it) for t, _, over_it in left_out if (t.kind, t.fate) == (kind, fate)]
        right = f", {sum(t.right for t, yes in theirs if yes)} by the right sentence" if kind == "denied" else ""
        click.echo(f"  {kind}, else {fate}: {sum(yes for _, yes in theirs)} of {len(theirs)}{right}")
    w = fit(some)
    fitted = dict(zip((*judge.OF_A_DENIAL, "one"), map(float, w.round(4)), strict=True))
    fitted |= {f"needed, {fate}": round(bound, 3) for fate, bound in least(some, w).items()}
    keep({"denied": fitted})
    click.echo(json.dumps(fitted))


if __name__ == "__main__":
    main()
