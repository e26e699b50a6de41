"""`check`: what is wrong with the records."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from rag.commands.terminal import ERROR, OK, json_option, say


@click.command()
@click.argument("paths", nargs=-1, type=Path, metavar="[PATH]...")
@click.option(
    "--day", type=click.DateTime(["%Y-%m-%d"]), help="Warn of what had ended by that day; today, unless told otherwise."
)
@click.option("--ledger", type=Path, metavar="FILE", help="Compare with the ledger of facts, and count those covered.")
@click.option("--write", is_flag=True, help="With --ledger: write `figures` and `context` of the records anew.")
@click.option("--readme", type=Path, metavar="FILE", help="Write the corpus's README from the records.")
@json_option
def check(paths: tuple[Path, ...], day: datetime | None, as_json: bool, **options: Any) -> int:
    """Lint the records: front matter, dates, links, figures, duplicates, and what has ended since.

    PATH is a record or a folder; the records that the settings name, unless told otherwise. Warnings do not fail.
    """
    from rag.check.command import Order, carry_out
    from rag.settings import load_settings

    today = day.date() if day else date.today()
    settings = load_settings()
    records = tuple(path for path in settings.corpus if path != settings.sources)  # what `fetch` brought is no record
    report = carry_out(Order(paths or records, today, **options))
    for f in report.findings:
        row = {**asdict(f), "path": str(f.path)}
        line = f"{f.path}:{f.line}: {f.code} {f.message} — {f.mend}"
        click.echo(json.dumps(row, ensure_ascii=False) if as_json else line)
    if report.facts:
        say(f"{report.covered} of {report.facts} facts of the ledger stand in a record.")
    warnings = len(report.findings) - report.errors
    say(f"{report.records:,} records checked: {report.errors} errors, {warnings} warnings.")
    return ERROR if report.errors else OK
