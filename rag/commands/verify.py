"""`verify`: whether quotes stand in their sources."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from rag.commands.terminal import ERROR, OK, index_option, json_option, say


@click.command()
@click.argument("what")
@json_option
@index_option
def verify(what: str, as_json: bool, index: Path | None) -> int:
    """Re-read sources and say whether quotes stand there, word for word.

    WHAT is a quote key, a file with what `ask --json` printed or with a certificate, or - for standard input.
    """
    from rag.index import Index
    from rag.settings import load_settings
    from rag.verify import read_claims, verify_key, verify_quotes

    opened = Index.open(load_settings(index=index).index)
    if what != "-" and not _is_file(what):
        checks = verify_key(what.lower(), opened)
    else:
        claims = read_claims(sys.stdin.buffer.read() if what == "-" else Path(what).read_bytes())
        checks = list(verify_quotes(claims, opened))
    for check in checks:
        if as_json:
            click.echo(json.dumps(asdict(check), ensure_ascii=False))
        else:
            click.echo(f"{'stands' if check.stands else 'FAILS '}  {check.key}  {check.title}: {check.reason}")
            if check.text and not check.stands:
                click.echo(f"        the source says: “{check.text}”")
            if check.difference:
                click.echo(f"        [-claimed-]{{+there+}}: {check.difference}")
    stand = sum(c.stands for c in checks)
    say(f"{stand} of {len(checks)} quotes stand in their sources.")
    return OK if stand == len(checks) else ERROR


def _is_file(what: str) -> bool:
    try:
        return Path(what).is_file()
    except OSError:  # no name that a file could have
        return False
