"""`ask`: a question, or many from standard input."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rag.commands.terminal import ERROR, NOT_FOUND, OK, index_option, json_option, model_option, say

if TYPE_CHECKING:
    from rag.datatypes import Answer
    from rag.pipeline import Pipeline


@click.command()
@click.argument("question")
@click.option(
    "--as-of", metavar="YYYY-MM-DD", help="Use only what was published by that day; wins over a day in QUESTION."
)
@click.option("--side", default="", help="Use only the sources of one side: us, china, industry, …")
@click.option("--quotes", type=int, help="Most quotes to show, 1 to 5.")
@click.option("--explain", is_flag=True, help="Say which searches found each quote, and why it was kept or held back.")
@click.option("--timeline", is_flag=True, help="Place the documents that the answer touches in time.")
@click.option("--export", "file", type=Path, metavar="FILE", help="Write the answer to FILE: .md, .json or .pdf.")
@json_option
@index_option
@model_option
def ask(question: str, as_of: str | None, side: str, file: Path | None, **options: Any) -> int:
    """Answer QUESTION with quotes.

    With - in its place, each line of standard input is a question, as plain text or as JSON with question, turns,
    as_of, side and id; each answer is one line of JSON.
    """
    from rag.export import export, form_of, write
    from rag.lines import read_day
    from rag.pipeline import Pipeline
    from rag.settings import load_settings

    day, flags = read_day(as_of), {name: options.pop(name) for name in ("index", "model", "quotes")}
    if question == "-" and (file or options["timeline"] or options["explain"]):
        raise click.UsageError("--export, --timeline and --explain need a QUESTION; - gives JSON, a line each.")
    form = form_of(file) if file else ""
    pipeline = Pipeline.open(load_settings(**flags))
    if question == "-":
        return _ask_lines(pipeline, day, side)
    answer = pipeline.ask(question, day, side)
    if file:
        write(export([answer], form, datetime.now(UTC)), file)
        say(f"Written to {file}.")
    shown = _as_json if options.pop("as_json") else _as_text
    click.echo(shown(answer, pipeline, **options))
    return NOT_FOUND if answer.outcome == "not_found" else OK


def _as_json(answer: Answer, pipeline: Pipeline, explain: bool, timeline: bool) -> str:
    from rag.present import answer_json, explain_json
    from rag.timeline import timeline as line
    from rag.timeline import timeline_json

    shown = answer_json(answer)
    shown |= {"explain": explain_json(answer)} if explain else {}
    shown |= {"timeline": timeline_json(line(answer, pipeline.index.find))} if timeline else {}
    return json.dumps(shown, ensure_ascii=False, indent=2)


def _as_text(answer: Answer, pipeline: Pipeline, explain: bool, timeline: bool) -> str:
    from rag.present import answer_text, explain_text
    from rag.timeline import timeline as line
    from rag.timeline import timeline_text

    parts = [answer_text(answer)]
    parts += [explain_text(answer)] if explain else []
    parts += [timeline_text(line(answer, pipeline.index.find))] if timeline else []
    return "\n\n".join(parts)


def _ask_lines(pipeline: Pipeline, day: date | None, side: str) -> int:
    from rag.lines import answer_lines

    status = OK
    for number, answer in answer_lines(pipeline, sys.stdin.buffer, day, side):
        if answer["outcome"] == "error":
            status = ERROR
            say(f"line {number}: {answer['error']}")
        click.echo(json.dumps(answer, ensure_ascii=False))
    return status
