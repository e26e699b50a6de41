"""Question files -> Questions. One JSON object a line; errors name the line.

    {"id": "g1", "question": "…", "type": "date", "side": "us", "turns": ["earlier question"], "as_of": "2025-10-15",
     "answerable": true,
     "gold": [{"file": "folder/name.txt", "start": 10, "end": 90}],   spans of the raw file, in characters
     "gold_quotes": ["exact words"], "gold_doc_ids": ["id"],          other forms of gold; any may be missing
     "answer_strings": ["140", "January 15, 2026|15 January 2026"]}   what a right answer holds; | parts alternatives

Only `id` and `question` are required. `answers` (SQuAD's list of alternatives) is read as one answer string, and a
`type` of "unanswerable" means `answerable: false`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from rag.errors import QuestionFileError


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """Characters `start` to `end` of the raw `file`, whose path is relative to the corpus folder; `text` when known."""

    file: str
    start: int
    end: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question with what a right answer is. Each answer string is a tuple of alternatives."""

    id: str
    question: str
    type: str = ""
    side: str = ""
    turns: tuple[str, ...] = ()
    as_of: date | None = None
    answerable: bool = True
    spans: tuple[GoldSpan, ...] = ()
    quotes: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    answer_strings: tuple[tuple[str, ...], ...] = ()


def read_questions(path: Path, corpus: Path | None = None) -> list[Question]:
    """Read a question file. Gold spans are given their text from the files under `corpus`, where it has them.

    Raises QuestionFileError naming the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionFileError(f"{path} cannot be read: {error}") from error
    questions: dict[str, Question] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            question = _question(json.loads(line), corpus)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise QuestionFileError(f"{path}, line {number}: {error}") from error
        if question.id in questions:
            raise QuestionFileError(f"{path}, line {number}: the id {question.id!r} is used twice")
        questions[question.id] = question
    if not questions:
        raise QuestionFileError(f"{path} holds no questions")
    return list(questions.values())


def _question(row: Any, corpus: Path | None) -> Question:
    if not isinstance(row, Mapping):
        raise ValueError("not a JSON object")
    for name in ("id", "question"):
        if not isinstance(row.get(name), str) or not row[name].strip():
            raise ValueError(f"`{name}` is missing or not text")
    strings = _texts(row, "answer_strings")
    if not strings and (answers := _texts(row, "answers")):
        strings = ["|".join(answers)]
    kind = str(row.get("type") or row.get("question_type") or "")
    answerable = row.get("answerable", kind != "unanswerable")
    if not isinstance(answerable, bool):
        raise ValueError("`answerable` is not true or false")
    return Question(
        id=row["id"],
        question=row["question"],
        type=kind,
        side=str(row.get("side") or ""),
        turns=tuple(_texts(row, "turns")),
        as_of=date.fromisoformat(row["as_of"]) if row.get("as_of") else None,
        answerable=answerable,
        spans=tuple(_span(span, corpus) for span in row.get("gold") or ()),
        quotes=tuple(_texts(row, "gold_quotes")) if answerable else (),
        documents=tuple(_texts(row, "gold_doc_ids")) if answerable else (),
        answer_strings=tuple(tuple(s.split("|")) for s in strings),
    )


def _texts(row: Mapping[str, Any], name: str) -> list[str]:
    value = row.get(name) or []
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise ValueError(f"`{name}` is not a list of texts")
    return value


def _span(span: Mapping[str, Any], corpus: Path | None) -> GoldSpan:
    file, start, end = str(span["file"]), int(span["start"]), int(span["end"])
    if not 0 <= start < end:
        raise ValueError(f"{start}:{end} is no range of {file}")
    source = corpus / file if corpus is not None else None
    if source is None or not source.is_file():
        return GoldSpan(file, start, end)
    text = source.read_bytes().decode("utf-8-sig")  # as it lies on disk: the offsets count every character
    if end > len(text):
        raise ValueError(f"{start}:{end} is no range of {file} ({len(text)} characters)")
    return GoldSpan(file, start, end, text[start:end])
