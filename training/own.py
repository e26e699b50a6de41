"""Our own questions: where they lie, what answers them, and the pipelines over what they ask about.

Left out: what is made of them (`rank`, `mine`, `judge`).
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rag.build import build
from rag.datatypes import Weighed
from rag.evaluate.metrics import overlaps
from rag.pipeline import Pipeline
from rag.settings import load_settings
from rag.weigh import weigh

HERE = Path(__file__).parent / "questions"

Question = dict[str, Any]
Gold = list[tuple[str | None, str]]


def questions(name: str) -> list[Question]:
    """Our own questions over the "records" or the public "documents", near misses among them."""
    return [q for file in sorted(HERE.glob(f"{name}*.jsonl")) for q in lines(file)]


def lines(file: Path) -> list[Question]:
    """The questions of one file."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def weighed_for(question: str, pipeline: Pipeline) -> list[Weighed]:
    """The sentences that our own search finds for a question, best first, before any reading."""
    read = pipeline.encoder.read(question)
    return weigh(read, pipeline.found(question, read), pipeline.index)


def opened(documents: Path | None, index: Path | None) -> Iterator[tuple[str, Path | None, Pipeline]]:
    """("records", None, a pipeline over them), then the same of "documents" where there is a folder of them.

    The indexes are kept in `index`, or thrown away at the end.
    """
    with tempfile.TemporaryDirectory() as temporary:
        for corpus in [None, documents] if documents else [None]:
            name = "documents" if corpus else "records"
            settings = load_settings(corpus=(corpus,) if corpus else None, index=(index or Path(temporary)) / name)
            build(settings)
            yield name, corpus, Pipeline.open(settings)


def gold_of(asked: Question, corpus: Path | None) -> Gold:
    """The (file, words) that answer a question, none of a near miss; no file where the words tell enough."""
    if not asked["answerable"]:
        return []
    if "sentence" in asked:
        return [(None, asked["sentence"])]
    return [(Path(g["file"]).name, _cut(corpus, g)) for g in asked["gold"]]


def answers(path: str, text: str, gold: Gold) -> bool:
    """True when a sentence of the document at `path` has words that answer."""
    return any((not file or Path(path).name == file) and overlaps(text, words) for file, words in gold)


def group_of(asked: Question) -> str:
    """The record or document that a question is about."""
    return str(asked.get("record") or asked.get("near") or asked["gold"][0]["file"])


def _cut(corpus: Path | None, span: dict[str, Any]) -> str:
    assert corpus is not None  # noqa: S101  questions with spans are read only with their documents
    return (corpus / span["file"]).read_bytes().decode("utf-8-sig")[span["start"] : span["end"]]
