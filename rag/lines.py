"""Many questions, one a line -> answers as JSON. A line that is no question gives an error and the rest goes on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from rag.errors import ChipQuoteError, QuestionError
from rag.pipeline import Pipeline
from rag.present import answer_json


def answer_lines(
    pipeline: Pipeline, lines: Iterable[bytes], day: date | None = None, side: str = ""
) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line number, answer as JSON) for each line that is not empty.

    A line is a question as plain text, or JSON with `question` and, as wanted, `turns`, `as_of`, `side` and `id`, which
    comes back with the answer. `day` and `side` hold where a line names none. An error has the outcome "error".
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        asked: dict[str, Any] = {}
        try:
            asked = _parsed(line)
            _check(asked)
            own, turns = read_day(asked.get("as_of")) or day, asked.get("turns") or ()
            done = answer_json(pipeline.ask(asked["question"], own, asked.get("side") or side, turns))
        except ChipQuoteError as error:
            question = asked.get("question", line.strip()[:200].decode(errors="replace"))
            done = {"outcome": "error", "question": question, "error": str(error)}
        yield number, ({"id": asked["id"]} if "id" in asked else {}) | done


def read_day(value: Any) -> date | None:
    """A day from ISO text, None from nothing. Raises QuestionError when it is no day."""
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise QuestionError(f"{value!r} is not a day. Write it like 2025-05-13.") from error


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        text = line.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise QuestionError(f"this line is not UTF-8 at byte {error.start}") from error
    if not text.startswith("{"):
        return {"question": text}
    try:
        asked = json.loads(text)
        json.dumps(asked, ensure_ascii=False).encode()  # half a character, as "\\ud800", could not be printed
    except (ValueError, RecursionError) as error:
        raise QuestionError(f"this line looks like JSON and is not: {error}") from error
    return dict(asked)


def _check(asked: dict[str, Any]) -> None:
    if not isinstance(asked.get("question"), str):
        raise QuestionError("this line has no `question`")
    turns = asked.get("turns") or []
    if not isinstance(turns, list) or not all(isinstance(turn, str) for turn in turns):
        raise QuestionError("`turns` is not a list of earlier questions")
