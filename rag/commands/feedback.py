"""`feedback`: what readers said of answers."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict

import click

from rag.commands.terminal import OK, json_option, say


@click.command()
@json_option
def feedback(as_json: bool) -> int:
    """Print what readers said of answers, oldest first: thumbs up or down, with their notes."""
    from rag.feedback import FILE, kept
    from rag.settings import load_settings

    file = load_settings().data / FILE
    verdicts: Counter[str] = Counter()
    for said in kept(file):
        verdicts[said.verdict] += 1
        if as_json:
            click.echo(json.dumps(asdict(said)))  # ASCII: what strangers write never steers a terminal
            continue
        narrowed = (f" as of {said.as_of}" if said.as_of else "") + (f", side {said.side}" if said.side else "")
        click.echo(f"{said.at}  {said.verdict:4}  {said.outcome:9}  {_plain(said.question + narrowed)}")
        if said.keys:
            click.echo(f"    shown: {' '.join(said.keys)}")
        if said.note:
            click.echo(f"    {_plain(said.note)}")
    say(f"{verdicts['up']} up, {verdicts['down']} down, in {file}.")
    return OK


def _plain(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)
