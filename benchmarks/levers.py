"""What each lever of an answer is worth: the same questions with all of them, then with one left out at a time.

    python -m benchmarks.levers QUESTIONS.jsonl...            with the index that the settings name
    python -m benchmarks.levers QUESTIONS.jsonl --only reader --into benchmarks/README.md
    CHIPQUOTE_DEPTH=fast python -m benchmarks.levers …        what the rest is worth where nothing is read

A lever is left out by making its weight, or what it finds, nothing; the other weights stay as fitted, so a lever that
the others could replace after a new fit looks dearer than it is. Questions are embedded once and passages are read
once, whatever the number of levers. Files of `training/questions` are taken too; mind that weights were fitted on them.
Left out: levers of training, such as public data and hard negatives (`training/LOG.md`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import click

from rag import pipeline as path_of_a_question
from rag import weigh
from rag.answer import LEAST_SUPPORT
from rag.datatypes import Passage
from rag.evaluate.command import put_into
from rag.evaluate.headline import scored, signed
from rag.evaluate.metrics import Result
from rag.evaluate.questions import Question, read_questions
from rag.evaluate.run import ours, run
from rag.evaluate.statistics import Difference, compare, estimate
from rag.pipeline import Pipeline
from rag.question import asking
from rag.question.follow import Followed
from rag.read import Reading, judge
from rag.rules.sides import Asked
from rag.settings import load_settings

Off = Callable[[Pipeline], AbstractContextManager[Any]]
MEASURES = {
    "hit@1": "document hit@1",
    "recall@5": "document recall@5",
    "quote hit@1": "quote hit@1",
    "quote hit@3": "quote hit@3",
    "answer strings@3": "answer strings@3",
    "refusal AUROC": "AUROC",
    "refused rightly": "answered or refused rightly",
}


def unweighed(*features: str) -> Off:
    """Features of `rag.weigh` that count nothing."""
    weights = {**weigh.weights(), **dict.fromkeys(features, 0.0)}
    return lambda _: patch.object(weigh, "weights", lambda: weights)


def unjudged(*weights: str) -> Off:
    """Weights of `rag/read/judge.json` for the order of sentences that count nothing."""
    return lambda _: patch.dict(judge._fitted()["sentence"], dict.fromkeys(weights, 0.0))


def unfound(search: str) -> Off:
    """A search of the index that finds nothing."""
    return lambda pipeline: patch.object(pipeline.index, search, lambda *_: [])


def skipped(step: str, instead: Callable[..., Any]) -> Off:
    """A step of `rag.question.asking` or `rag.pipeline`, or of both, in whose place another stands."""

    @contextmanager
    def off(_: Pipeline) -> Iterator[None]:
        modules = [module for module in (asking, path_of_a_question) if hasattr(module, step)]
        with ExitStack() as stack:
            for module in modules or [asking]:  # where neither has it, patching says so
                stack.enter_context(patch.object(module, step, instead))
            yield

    return off


def unread(pipeline: Pipeline) -> Any:
    """No reading at all: depth fast."""
    return patch.object(pipeline, "settings", pipeline.settings.model_copy(update={"depth": "fast"}))


@contextmanager
def undecided(_: Pipeline) -> Iterator[None]:
    """The reader orders, and refusal goes by the support before it."""
    with (
        patch.object(path_of_a_question, "likelihood", lambda _, before, *__: before),
        patch.object(path_of_a_question, "needed", lambda: LEAST_SUPPORT),
    ):
        yield


FEATURES = {
    "rank of both searches": ("rank",),
    "sentence vectors": ("meaning",),
    "words in the passage": ("words",),
    "neighbouring words": ("pairs",),
    "numbers and codes": ("numbers",),
    "kind of answer": ("no answer",),
    "title, date, who": ("title", "about", "voice"),
    "late interaction (MaxSim)": ("pieces", "pieces, titled", "pieces, passage"),
}
LEVERS: Mapping[str, Off] = {
    "search by meaning (passage vectors)": unfound("by_meaning"),
    "search by words (BM25)": unfound("by_words"),
    **{lever: unweighed(*features) for lever, features in FEATURES.items()},
    "reader": unread,
    "reader: does it answer, for the order": unjudged("answers"),
    "reader: where, for the order": unjudged("share"),
    "reader: refusal": undecided,
    "names found nowhere": skipped("unnamed", lambda *_: ()),
    "sums, days and votes given nowhere": skipped("ungiven", lambda *_: None),
    "words of a voice that only others speak of": skipped("silent", lambda *_: False),
    "questions of several parts": skipped("parts", lambda _: ()),
    "false premises, by rule": skipped("denial", lambda *_: None),
    "false premises, by the reader": skipped("denying", lambda *_: None),
    "search inside the documents that lead": skipped("inside", lambda *_: []),
    "sentences on another law, firm or chip": skipped("of_that_name", lambda _: lambda _: 1.0),
    "provisions named by number": skipped("homes", lambda *_: ()),
    "the newer of two like sentences": skipped("outdone", lambda _: lambda _: 1.0),
    "official titles of what has another name": skipped("official_titles", lambda _: ()),
    "sentences that say nothing": skipped("saying_something", lambda _: lambda _: 1.0),
    "sentences that only tell how a thing stands": skipped("saying_more", lambda _: 1.0),
    "words that may tell a reason": skipped("odds_of_a_reason", lambda *_: 0.0),
    "who holds a post": skipped("asked_post", lambda _: None),
    "what is new, what happened when": skipped("asked_news", lambda *_: None),
    "records that have a name in the field": skipped("record_of", lambda _: ""),
    "what a term means": skipped("asked_term", lambda _: ""),
    "what a thing is": skipped("asked_thing", lambda _: ""),
    "sides asked for": skipped("asked_sides", lambda *_: Asked()),
    "other verbs for the same act": skipped("as_the_source_says", lambda *_: ""),
    "follow-ups": skipped("follow", lambda question, _: Followed(question, question)),
    "days that the field has names for": skipped("anchors", tuple),
    "the words of a state left out of the search": skipped("without_its_state", lambda question: question),
    "sentences that tell a state": skipped("telling_a_state", lambda *_: lambda _: 1.0),
    "what ended it, and until when": skipped("tell_the_state", lambda quotes, *_: list(quotes)),
    "later news kept out": skipped("tells_later", lambda *_: False),
}


def remember(pipeline: Pipeline) -> None:
    """Let a pipeline embed and read everything once."""
    readings: dict[tuple[str, str, int], Reading] = {}
    read = pipeline.reader.read

    def read_once(question: str, passages: Sequence[Passage]) -> list[Reading]:
        keys = [(question, p.document.id, p.start) for p in passages]
        new = [n for n, key in enumerate(keys) if key not in readings]
        found = read(question, [passages[n] for n in new])
        readings.update(zip([keys[n] for n in new], found, strict=True))
        return [readings[key] for key in keys]

    patch.object(pipeline.encoder, "read", cache(pipeline.encoder.read)).start()
    patch.object(pipeline.reader, "read", read_once).start()


def asked(file: Path, corpus: Path) -> list[Question]:
    """The questions of a file; a line of ours names a `record` and the `sentence` of it that answers."""
    rows = {row["id"]: row for row in map(json.loads, filter(None, file.read_text(encoding="utf-8").splitlines()))}
    return [
        replace(q, quotes=(row["sentence"],), documents=(row["record"],)) if "sentence" in (row := rows[q.id]) else q
        for q in read_questions(file, corpus)
    ]


def answers(pipeline: Pipeline, questions: Sequence[Question], off: Off | None = None) -> list[Result]:
    """Every question answered and measured, without one lever."""
    if off is None:
        return run(questions, ours(pipeline))
    with off(pipeline):
        return run(questions, ours(pipeline))


def table(name: str, whole: Sequence[Result], without: Mapping[str, Sequence[Result]]) -> str:
    """Markdown: the measures with all levers, then what changes without each; beyond chance in bold."""
    scores = estimate(whole)
    measures = [m for m in MEASURES if m in scores]
    rows = [[f"**{name}**, {len(whole)} questions", *(MEASURES[m] for m in measures)]]
    rows += [["---"] * len(rows[0])]
    rows += [["all levers", *(scored({k: getattr(scores[m], k) for k in ("value", "low", "high")}) for m in measures)]]
    for lever, results in without.items():
        found = compare(results, whole)
        rows.append([f"without {lever}", *(_changed(found.get(m)) for m in measures)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _changed(gap: Difference | None) -> str:
    if gap is None:
        return "–"
    text = f"{signed(gap.difference)} ({signed(gap.low)} to {signed(gap.high)})" if gap.difference else "0"
    return text if gap.verdict == "cannot tell" else f"**{text}**"


@click.command()
@click.argument("questions", nargs=-1, type=Path, required=True)
@click.option("--only", default="", help="Only the levers with this in their name.")
@click.option("--most", type=int, help="Only the first so many questions of each file.")
@click.option("--into", type=Path, metavar="FILE", help="Put the tables between the marks for levers in FILE.")
def main(questions: tuple[Path, ...], only: str, most: int | None, into: Path | None) -> None:
    """Answer QUESTIONS with all levers and without each, and print the tables."""
    settings = load_settings()
    pipeline = Pipeline.open(settings)
    remember(pipeline)
    fast = settings.depth == "fast"
    levers = {name: off for name, off in LEVERS.items() if only in name and not (fast and name.startswith("reader"))}
    tables = []
    for file in questions:
        some = asked(file, settings.corpus[0])[:most]
        whole, without = answers(pipeline, some), dict[str, list[Result]]()
        for name, off in levers.items():
            click.echo(f"{file.name}: without {name}", err=True)
            without[name] = answers(pipeline, some, off)
        tables.append(table(f"{file.resolve().parent.name}/{file.name}", whole, without))
    markdown = "\n\n".join(tables)
    click.echo(markdown)
    if into is not None:
        put_into(into, markdown, "levers, fast" if fast else "levers")


if __name__ == "__main__":
    main()
