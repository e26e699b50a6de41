"""`fetch`: the primary documents."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from rag.commands.index import build_index
from rag.commands.terminal import ERROR, OK, json_option, private_option, progress, say


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--side", default="", help="Fetch only the documents of one side: us, china, netherlands, …")
@click.option("--list", "only_list", is_flag=True, help="Show the sources and what is held of them; fetch nothing.")
@click.option("--index", "then_index", is_flag=True, help="Then bring the index up to date.")
@click.option("--contact", default="", metavar="EMAIL", help="Tell servers whom to write to; the SEC asks for it.")
@click.option("--sources", type=Path, metavar="FILE", help="Another list than corpus/sources.toml.")
@private_option
@json_option
@click.option("--delay", default=1.0, hidden=True)
@click.option("--federal-register", hidden=True)
@click.option("--ecfr", hidden=True)
def fetch(only_list: bool, then_index: bool, as_json: bool, **order: Any) -> int:
    """Download the primary documents, or what changed of them, into the data folder.

    ID is an id or a pattern like 'fr-*'; without one every source is visited. Older texts are kept, so that an answer
    as of a date can quote the text of that date.
    """
    from rag.errors import NoNetwork
    from rag.fetch.command import Order, carry_out, listed, summary
    from rag.settings import load_settings

    settings = load_settings()
    if only_list:
        for row in listed(Order(**order), settings):
            line = f"{row['checked'] or 'not held':10}  {row['published']:10}  {row['side']:11}  {row['id']}"
            click.echo(json.dumps(row, ensure_ascii=False) if as_json else f"{line}  {row['title']}")
        return OK
    try:
        with progress() as show:
            outcomes = carry_out(Order(**order), settings, show)
    except NoNetwork as offline:  # one line, for the product runs on without it
        say(str(offline))
        return ERROR
    for outcome in outcomes if as_json else ():
        click.echo(json.dumps(asdict(outcome), ensure_ascii=False))
    for line in summary(outcomes):
        say(line)
    if then_index:
        build_index(load_settings())
    elif any(outcome.what in ("new", "changed") for outcome in outcomes):
        say("Run `python -m rag index` to take them in.")
    return ERROR if all(outcome.what == "failed" for outcome in outcomes) else OK
