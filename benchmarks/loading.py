"""What loading a folder gives: documents, titles, dates, publishers and languages by each reader, and the seconds.

    python -m benchmarks.loading FOLDER                 with the sidecars read: what a user gets
    python -m benchmarks.loading FOLDER --no-sidecars   sidecars are only what the answers are compared with

A title is right when its words are those of the sidecar's, or the one holds the other; a date when the documents's own
date agrees with the sidecar's as far as both go. A file of many documents is compared by its date only.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from rag.datatypes import Document, Source
from rag.load import Loaded, load_all, sidecar_of

COLUMNS = ("documents", "titles found", "right", "dates found", "right", "publishers found", "right", "languages right")


def bare(text: str) -> str:
    """Letters and digits only, in small letters."""
    return re.sub(r"[\W_]+", "", text.casefold())


def same_title(ours: str, theirs: str) -> bool:
    """True when one is the other but for marks and case, or is most of it."""
    one, other = sorted((bare(ours.rstrip("…")), bare(theirs)), key=len)
    return bool(one) and (one == other or (one in other and len(one) >= 0.5 * len(other)))


def same_date(ours: str, theirs: str) -> bool:
    """True when both name a day and agree as far as both go."""
    return bool(ours and theirs) and (ours.startswith(theirs) or theirs.startswith(ours))


def marks(document: Document, alone: bool, sidecar: dict[str, Any]) -> list[bool | None]:
    """One for each column after the first; None where there is nothing to compare."""
    source: Source = document.source
    title, publisher = str(sidecar.get("title", "")), str(sidecar.get("publisher", ""))
    day, language = str(sidecar.get("date", "")), str(sidecar.get("language", ""))
    return [
        "title" not in source.unknown,
        same_title(source.title, title) if alone and title else None,
        bool(source.published),
        same_date(source.published, day) if day else None,
        bool(source.publisher),
        bare(source.publisher) == bare(publisher) if alone and publisher else None,
        source.language[:2] == language[:2] if language else None,
    ]


def table(loaded: Loaded) -> Iterable[str]:
    """One line a reader: how many of the documents that can be compared are right."""
    rows: dict[str, list[list[bool | None]]] = defaultdict(list)
    held = Counter(document.path for document in loaded.documents)
    for document in loaded.documents:
        path = Path(document.path)
        sidecar = json.loads(sidecar_of(path).read_text()) if sidecar_of(path).is_file() else {}
        rows[f"{path.parent.name}: {loaded.readers[document.id]}"].append(
            marks(document, held[document.path] == 1, sidecar)
        )
    yield " | ".join(("folder: reader", *COLUMNS))
    for name, found in [*sorted(rows.items()), ("all", [row for group in rows.values() for row in group])]:
        cells = [str(len(found))]
        for column in zip(*found, strict=True):
            counted = [mark for mark in column if mark is not None]
            cells.append(f"{sum(counted)}/{len(counted)}")
        yield " | ".join((name, *cells))


@click.command()
@click.argument("folder", type=Path)
@click.option("--sidecars/--no-sidecars", default=True, help="Read the sidecars, or only compare with them.")
@click.option("--wrong", is_flag=True, help="List each title and date that differs from the sidecar's.")
def main(folder: Path, sidecars: bool, wrong: bool) -> None:
    """Load FOLDER and compare what is known of each document with its sidecar."""
    began = time.perf_counter()
    loaded = load_all([folder], sidecars=sidecars)
    seconds = time.perf_counter() - began
    for line in table(loaded):
        click.echo(line)
    files = len({document.path for document in loaded.documents})
    click.echo(
        f"{len(loaded.documents)} documents of {files} files in {seconds:.1f} s; {len(loaded.failures)} failures"
    )
    for path, reason in loaded.failures.items():
        click.echo(f"  {path}: {reason}")
    for document in loaded.documents if wrong else ():
        sidecar = json.loads(sidecar_of(Path(document.path)).read_text())
        if not same_title(document.source.title, sidecar["title"]):
            click.echo(f"  title {Path(document.path).name}: {document.source.title!r} for {sidecar['title']!r}")
        if document.source.published != sidecar["date"]:
            click.echo(f"  date {Path(document.path).name}: {document.source.published!r} for {sidecar['date']!r}")


if __name__ == "__main__":
    main()
