"""`ask`: a question, or many from standard input."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rag.commands.terminal import ERROR, NOT_FOUND, OK, index_option, json_option, model_option, say

if TYPE_CHECKING:
    from rag.pipeline import Pipeline


@click.command()
@click.argument("question")
@click.option(
    "--as-of", metavar="YYYY-MM-DD", help="Use only what was published by that day; wins over a day in QUESTION."
)
@click.option("--side", default="", help="Use only the sources of one side: us, china, industry, …")
@click.option("--quotes", type=int, help="Most quotes to show, 1 to 5.")
@click.option("--explain", is_flag=True, help="Say which searches found each quote, and why it was kept or held back.")
@json_option
@index_option
@model_option
def ask(
    question: str,
    as_of: str | None,
    side: str,
    quotes: int | None,
    explain: bool,
    as_json: bool,
    index: Path | None,
    model: str | None,
) -> int:
    """Answer QUESTION with quotes.

    With - in its place, each line of standard input is a question, as plain text or as JSON with question, turns,
    as_of, side and id; each answer is one line of JSON.
    """
    from rag.lines import read_day
    from rag.pipeline import Pipeline
    from rag.present import answer_json, answer_text, explain_json, explain_text
    from rag.settings import load_settings

    day = read_day(as_of)
    pipeline = Pipeline.open(load_settings(index=index, model=model, quotes=quotes))
    if question == "-":
        return _ask_lines(pipeline, day, side)
    answer = pipeline.ask(question, day, side)
    if as_json:
        why = {"explain": explain_json(answer)} if explain else {}
        click.echo(json.dumps(answer_json(answer) | why, ensure_ascii=False, indent=2))
    else:
        click.echo(answer_text(answer))
        if explain:
            click.echo("\n" + explain_text(answer))
    return NOT_FOUND if answer.outcome == "not_found" else OK


def _ask_lines(pipeline: Pipeline, day: date | None, side: str) -> int:
    from rag.lines import answer_lines

    status = OK
    for number, answer in answer_lines(pipeline, sys.stdin.buffer, day, side):
        if answer["outcome"] == "error":
            status = ERROR
            say(f"line {number}: {answer['error']}")
        click.echo(json.dumps(answer, ensure_ascii=False))
    return status
