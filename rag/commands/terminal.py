"""What commands share: exit statuses, options, one line to stderr, a bar of progress."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

OK, ERROR, NOT_FOUND = 0, 1, 2

index_option = click.option("--index", metavar="FOLDER", type=Path, help="Folder of the index.")
model_option = click.option("--model", metavar="NAME", help="Embedding model: a name or a folder.")
private_option = click.option("--private", is_flag=True, help="Allow addresses of this machine and its network.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def say(line: str) -> None:
    """Print a line of chatter."""
    click.echo(line, err=True)


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on stderr that appears with its first stage; call it with (stage, done, total)."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description:>20}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True))
    tasks: dict[str, Any] = {}

    def show(stage: str, done: int, total: int) -> None:
        bar.start()
        if stage not in tasks:
            tasks[stage] = bar.add_task(stage, total=total)
        bar.update(tasks[stage], completed=done, total=total)

    try:
        yield show
    finally:
        if tasks:  # a bar that never began leaves no empty line
            bar.stop()
