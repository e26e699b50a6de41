"""`index`, `remove` and `list`: what is searched. Left out: the primary documents (`fetch`)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rag.commands.terminal import OK, index_option, json_option, model_option, private_option, progress, say

if TYPE_CHECKING:
    from rag.build import Report
    from rag.settings import Settings


@click.command()
@click.argument("what", nargs=-1, metavar="[PATH or URL]...")
@click.option("--corpus", multiple=True, type=Path, metavar="PATH", help="Folder or file to index; may be repeated.")
@private_option
@json_option
@index_option
@model_option
def index(
    what: tuple[str, ...],
    corpus: tuple[Path, ...],
    private: bool,
    as_json: bool,
    index: Path | None,
    model: str | None,
) -> int:
    """Build the index, or bring it up to date.

    Reads the corpus that the settings name, every PATH and URL added before, and those named now; a URL is fetched
    into the data folder. Only new passages are embedded; files that are gone leave the index; the old index serves
    until the new one is whole.
    """
    from rag.settings import load_settings

    settings = load_settings(corpus=corpus or None, index=index, model=model)
    report = build_index(settings, [_fetched(w, settings, private) if _is_url(w) else Path(w) for w in what])
    if as_json:
        click.echo(json.dumps(asdict(report), ensure_ascii=False, indent=2))
    return OK


@click.command()
@click.argument("what", nargs=-1, metavar="PATH or URL...", required=True)
@index_option
@model_option
def remove(what: tuple[str, ...], index: Path | None, model: str | None) -> int:
    """Take out every PATH or URL that `index` added. Your files stay where they are; what was fetched is deleted."""
    from rag.settings import load_settings

    settings = load_settings(index=index, model=model)
    urls = list(filter(_is_url, what))
    paths = [Path(w) for w in what if w not in urls]
    if not urls:  # an HTTP client is loaded only for what needs one
        build_index(settings, forget=paths)
        return OK
    from rag.fetch import added_page, forget_page

    build_index(settings, forget=[*paths, *(added_page(settings.data, url) for url in urls)])
    for url in urls:
        forget_page(settings.data, url)
    return OK


@click.command(name="list")
@json_option
@index_option
def list_documents(as_json: bool, index: Path | None) -> int:
    """Show what is indexed: date, side, id and title of every document, and the paths added by hand."""
    from rag.index import Index
    from rag.present import document_json
    from rag.settings import load_settings

    settings = load_settings(index=index)
    opened = Index.open(settings.index)
    unknown: Counter[str] = Counter()
    for document in opened.documents():
        unknown.update(document.source.unknown)
        row = document_json(document)
        line = f"{row['published'] or 'no date':10}  {row['side']:11}  {row['document']}  {row['title']}"
        click.echo(json.dumps(row, ensure_ascii=False) if as_json else line)
    manifest = opened.manifest
    say(f"{manifest.documents:,} documents, {manifest.passages:,} passages, {manifest.sentences:,} sentences.")
    _say_what_is_unknown(unknown, manifest.documents)
    if manifest.added:
        from rag.fetch import added_pages

        pages = {str(folder.resolve()): url for folder, url in added_pages(settings.data).items()}
        for path in manifest.added:
            say(f"Added by hand: {pages.get(path, path)}")
    return OK


def build_index(settings: Settings, paths: Sequence[Path] = (), forget: Sequence[Path] = ()) -> Report:
    """Bring the index up to date and say what was done."""
    from rag.build import build

    with progress() as show:
        report = build(settings, paths, show, forget)
    rate = f", {report.embedded / report.embedding_seconds:.1f} passages/s" if report.embedded else ""
    state = "Indexed" if report.changed else "Up to date:"
    say(f"{state} {report.documents:,} documents, {report.passages:,} passages, {report.sentences:,} sentences.")
    embedding = f"{report.embedded:,} passages embedded in {report.embedding_seconds:.1f} s{rate}"
    say(f"{embedding}; {report.seconds:.1f} s in all.")
    if report.skipped:
        say("Passed over: " + ", ".join(f"{n} {kind}" for kind, n in sorted(report.skipped.items())) + " files.")
    _say_what_is_unknown(report.unknown, report.documents)
    for gone in report.missing:
        say(f"No longer there, and so no longer indexed: {gone}. Add it again when it is back.")
    for path, reason in report.failures.items():
        say(f"Not indexed: {path}: {reason}")
    return report


def _say_what_is_unknown(unknown: Mapping[str, int], documents: int) -> None:
    for name, count in unknown.items():
        say(f"Without a {name}: {count:,} of {documents:,} documents.")


def _is_url(what: str) -> bool:
    return what.lower().startswith(("http://", "https://"))


def _fetched(url: str, settings: Settings, private: bool) -> Path:
    from rag.fetch import Manners, fetch_page

    return fetch_page(settings.data, url, Manners(private=private))
