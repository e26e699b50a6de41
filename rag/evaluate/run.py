"""Questions -> Results, through the same pipeline as the chat; resumable, and the same on every run but for time.

An answerer is anything that turns a Question into a Result: ours here, LangChain's usual recipe in `baseline`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path, PurePath
from typing import Any

from rag.datatypes import Quote
from rag.evaluate.metrics import Result, Shown
from rag.evaluate.questions import GoldSpan, Question
from rag.evaluate.reread import stands
from rag.evaluate.statistics import add_measures
from rag.index.write import Progress
from rag.pipeline import Pipeline

Answerer = Callable[[Question], Result]


def run(
    questions: Sequence[Question],
    answerer: Answerer,
    journal: Path | None = None,
    stage: str = "answering",
    progress: Progress = lambda *_: None,
) -> list[Result]:
    """Answer every question and measure each. Answers already in `journal` are taken from there."""
    known = _read(journal, questions) if journal is not None else {}
    results = []
    for done, question in enumerate(questions, 1):
        if question.id not in known:
            known[question.id] = answerer(question)
            if journal is not None:
                _write_down(known[question.id], journal)
        results.append(known[question.id])
        progress(stage, done, len(questions))
    return add_measures(results)


def _write_down(result: Result, journal: Path) -> None:
    """Add a line; a last line that a crash left half written is closed first, so that this one can be read."""
    with journal.open("a+b") as file:
        if file.tell():
            file.seek(-1, 2)
            file.write(b"" if file.read(1) == b"\n" else b"\n")
        file.write(json.dumps(result_json(result), ensure_ascii=False).encode() + b"\n")


def ours(pipeline: Pipeline) -> Answerer:
    """The chat's own pipeline as an answerer. Asks once for nothing, so that no question pays for what loads late."""
    pipeline.ask("What is asked first loads what the others need?")

    def answer(question: Question) -> Result:
        began = time.perf_counter()
        pipeline.encoder.question(question.question)
        embedded = time.perf_counter()
        done = pipeline.ask(question.question, question.as_of, turns=question.turns)
        ended = time.perf_counter()
        documents = list({e.passage.document.id: e.passage.document for e in done.evidence}.values())
        return Result(
            question,
            answered=done.outcome != "not_found",
            support=done.support,
            quotes=tuple(map(_shown, done.quotes)),
            withheld=tuple(map(_shown, done.related)),
            retrieved=tuple(d.id for d in documents),
            files=tuple(PurePath(d.path).name for d in documents),
            seconds=ended - embedded,
            embedding=embedded - began,
        )

    return answer


def _shown(quote: Quote) -> Shown:
    document = quote.document
    in_range = 0 <= quote.start < quote.end <= len(document.text)
    return Shown(
        document=document.id,
        file=PurePath(document.path).name,
        text=quote.text,
        exact=in_range and stands(Path(document.path), quote.text, document.id),
        published=document.source.published,
        key=quote.key,
        title=document.source.title,
    )


def result_json(result: Result) -> dict[str, Any]:
    """One result as JSON; `result_from` reads it back."""
    out = asdict(result)
    as_of = result.question.as_of
    out["question"]["as_of"] = as_of.isoformat() if as_of else None
    return out


def result_from(row: dict[str, Any]) -> Result:
    """A Result from its JSON."""
    q = row["question"]
    question = Question(
        **{
            **q,
            "as_of": date.fromisoformat(q["as_of"]) if q["as_of"] else None,
            "turns": tuple(q["turns"]),
            "spans": tuple(GoldSpan(**s) for s in q["spans"]),
            "quotes": tuple(q["quotes"]),
            "documents": tuple(q["documents"]),
            "answer_strings": tuple(map(tuple, q["answer_strings"])),
        }
    )
    lists = {name: tuple(Shown(**s) for s in row[name]) for name in ("quotes", "withheld")}
    names = {name: tuple(row[name]) for name in ("retrieved", "files")}
    return Result(**{**row, **lists, **names, "question": question})


def _read(journal: Path, questions: Sequence[Question]) -> dict[str, Result]:
    """Answers of an interrupted run to questions that have not changed since; a half-written last line is dropped."""
    asked = {q.id: q for q in questions}
    known: dict[str, Result] = {}
    lines = journal.read_text(encoding="utf-8").splitlines() if journal.is_file() else []
    for line in lines:
        try:
            result = result_from(json.loads(line))
        except (ValueError, KeyError, TypeError):
            continue
        if asked.get(result.question.id) == result.question:
            known[result.question.id] = replace(result, measures={})
    return known
