"""`evaluate`: questions with known answers -> scores."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from rag.commands.terminal import ERROR, OK, index_option, model_option, progress, say


@click.command()
@click.argument("questions", type=Path)
@click.option("--corpus", type=Path, metavar="PATH", help="Folder or JSONL of documents to ask.")
@click.option("--compare", "earlier", type=Path, metavar="REPORT", help="An earlier report to compare with.")
@click.option("--baseline", type=click.Choice(["langchain"]), help="Run this recipe on the same questions and compare.")
@click.option("--sample", type=int, metavar="N", help="Ask only N questions, chosen by a fixed seed.")
@click.option("--out", type=Path, metavar="FOLDER", help="Write report.json, report.html and scorecard.md there.")
@click.option("--into", type=Path, metavar="FILE", help="Put the scorecard between its marks in FILE, a README say.")
@click.option("--gate", type=Path, metavar="FILE", help="Exit 1 when a measure falls below its floor beyond chance.")
@index_option
@model_option
def evaluate(questions: Path, **options: Any) -> int:
    """Score the answers to a file of QUESTIONS with known answers.

    An interrupted run with --out goes on where it stopped. With --corpus an index of it is built in the --out folder.
    """
    from rag.evaluate.command import Order, carry_out
    from rag.settings import load_settings

    settings = load_settings(index=options.pop("index"), model=options.pop("model"))
    with progress() as show:
        done = carry_out(Order(questions, **options), settings, show)
    click.echo(done.markdown)
    for line in done.fallen:
        say(line)
    return ERROR if done.fallen else OK
