"""The command line: `python -m rag`, or `chipquote` once installed.

Data goes to stdout, chatter to stderr. Exit status: 0 done or answered, 2 not found, 1 error (with how to mend it).
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rag.errors import ChipQuoteError

if TYPE_CHECKING:
    from rag.build import Report
    from rag.pipeline import Pipeline
    from rag.settings import Settings

OK, ERROR, NOT_FOUND = 0, 1, 2

_index = click.option("--index", metavar="FOLDER", type=Path, help="Folder of the index.")
_model = click.option("--model", metavar="NAME", help="Embedding model: a name or a folder.")
_private = click.option("--private", is_flag=True, help="Allow addresses of this machine and its network.")
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group(epilog="Settings: flags, then CHIPQUOTE_… variables, then chipquote.toml, then defaults. See README.md.")
def cli() -> None:
    """Answer questions about US-China chip policy with verbatim quotes, each cited to its exact place."""


@cli.command()
@click.argument("question")
@click.option(
    "--as-of", metavar="YYYY-MM-DD", help="Use only what was published by that day; wins over a day in QUESTION."
)
@click.option("--side", default="", help="Use only the sources of one side: us, china, industry, …")
@click.option("--quotes", type=int, help="Most quotes to show, 1 to 5.")
@click.option("--explain", is_flag=True, help="Say which searches found each quote, and why it was kept or held back.")
@_json
@_index
@_model
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
            _say(f"line {number}: {answer['error']}")
        click.echo(json.dumps(answer, ensure_ascii=False))
    return status


@cli.command()
@click.argument("what", nargs=-1, metavar="[PATH or URL]...")
@click.option("--corpus", multiple=True, type=Path, metavar="PATH", help="Folder or file to index; may be repeated.")
@_private
@_json
@_index
@_model
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
    report = _build(settings, [_fetched(w, settings, private) if _is_url(w) else Path(w) for w in what])
    if as_json:
        click.echo(json.dumps(asdict(report), ensure_ascii=False, indent=2))
    return OK


@cli.command()
@click.argument("what", nargs=-1, metavar="PATH or URL...", required=True)
@_index
@_model
def remove(what: tuple[str, ...], index: Path | None, model: str | None) -> int:
    """Take out every PATH or URL that `index` added. Your files stay where they are; what was fetched is deleted."""
    from rag.settings import load_settings

    settings = load_settings(index=index, model=model)
    urls = list(filter(_is_url, what))
    paths = [Path(w) for w in what if w not in urls]
    if not urls:  # an HTTP client is loaded only for what needs one
        _build(settings, forget=paths)
        return OK
    from rag.fetch import added_page, forget_page

    _build(settings, forget=[*paths, *(added_page(settings.data, url) for url in urls)])
    for url in urls:
        forget_page(settings.data, url)
    return OK


@cli.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--side", default="", help="Fetch only the documents of one side: us, china, netherlands, …")
@click.option("--list", "only_list", is_flag=True, help="Show the sources and what is held of them; fetch nothing.")
@click.option("--index", "then_index", is_flag=True, help="Then bring the index up to date.")
@click.option("--contact", default="", metavar="EMAIL", help="Tell servers whom to write to; the SEC asks for it.")
@click.option("--sources", type=Path, metavar="FILE", help="Another list than corpus/sources.toml.")
@_private
@_json
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
        with _progress() as progress:
            outcomes = carry_out(Order(**order), settings, progress)
    except NoNetwork as offline:  # one line, for the product runs on without it
        _say(str(offline))
        return ERROR
    for outcome in outcomes if as_json else ():
        click.echo(json.dumps(asdict(outcome), ensure_ascii=False))
    for line in summary(outcomes):
        _say(line)
    if then_index:
        _build(load_settings())
    elif any(outcome.what in ("new", "changed") for outcome in outcomes):
        _say("Run `python -m rag index` to take them in.")
    return ERROR if all(outcome.what == "failed" for outcome in outcomes) else OK


@cli.command(name="list")
@_json
@_index
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
    _say(f"{manifest.documents:,} documents, {manifest.passages:,} passages, {manifest.sentences:,} sentences.")
    _say_what_is_unknown(unknown, manifest.documents)
    if manifest.added:
        from rag.fetch import added_pages

        pages = {str(folder.resolve()): url for folder, url in added_pages(settings.data).items()}
        for path in manifest.added:
            _say(f"Added by hand: {pages.get(path, path)}")
    return OK


def _say_what_is_unknown(unknown: Mapping[str, int], documents: int) -> None:
    for name, count in unknown.items():
        _say(f"Without a {name}: {count:,} of {documents:,} documents.")


def _build(settings: Settings, paths: Sequence[Path] = (), forget: Sequence[Path] = ()) -> Report:
    from rag.build import build

    with _progress() as progress:
        report = build(settings, paths, progress, forget)
    rate = f", {report.embedded / report.embedding_seconds:.1f} passages/s" if report.embedded else ""
    state = "Indexed" if report.changed else "Up to date:"
    _say(f"{state} {report.documents:,} documents, {report.passages:,} passages, {report.sentences:,} sentences.")
    embedding = f"{report.embedded:,} passages embedded in {report.embedding_seconds:.1f} s{rate}"
    _say(f"{embedding}; {report.seconds:.1f} s in all.")
    if report.skipped:
        _say("Passed over: " + ", ".join(f"{n} {kind}" for kind, n in sorted(report.skipped.items())) + " files.")
    _say_what_is_unknown(report.unknown, report.documents)
    for path, reason in report.failures.items():
        _say(f"Not indexed: {path}: {reason}")
    return report


@cli.command()
@click.option("--host", help="Address to serve on; this machine only, unless told otherwise.")
@click.option("--port", type=int, help="Port to serve on; 0 takes a free one.")
@_index
@_model
def serve(host: str | None, port: int | None, index: Path | None, model: str | None) -> int:
    """Serve the chat page; build the index first where it is missing or stale."""
    from rag.build import is_stale
    from rag.settings import load_settings

    settings = load_settings(host=host, port=port, index=index, model=model)
    if is_stale(settings):
        _build(settings)
    from rag.web import run

    run(settings, _say)
    return OK


@cli.command()
@_index
@_model
def mcp(index: Path | None, model: str | None) -> int:
    """Serve assistants by the Model Context Protocol over standard input and output."""
    from rag.mcp import create_server
    from rag.pipeline import Pipeline
    from rag.settings import load_settings

    create_server(Pipeline.open(load_settings(index=index, model=model))).run()
    return OK


@cli.command()
@click.argument("name")
def password(name: str) -> int:
    """Ask for a password and print the line that CHIPQUOTE_SIGN_IN takes, so that only NAME may open the chat."""
    from rag.web.sign_in import password_line

    click.echo(password_line(name, click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)))
    return OK


@cli.command()
@click.argument("what")
@_json
@_index
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
    _say(f"{stand} of {len(checks)} quotes stand in their sources.")
    return OK if stand == len(checks) else ERROR


@cli.command()
@click.argument("questions", type=Path)
@click.option("--corpus", type=Path, metavar="PATH", help="Folder or JSONL of documents to ask.")
@click.option("--compare", "earlier", type=Path, metavar="REPORT", help="An earlier report to compare with.")
@click.option("--baseline", type=click.Choice(["langchain"]), help="Run this recipe on the same questions and compare.")
@click.option("--sample", type=int, metavar="N", help="Ask only N questions, chosen by a fixed seed.")
@click.option("--out", type=Path, metavar="FOLDER", help="Write report.json, report.html and scorecard.md there.")
@click.option("--into", type=Path, metavar="FILE", help="Put the scorecard between its marks in FILE, a README say.")
@click.option("--gate", type=Path, metavar="FILE", help="Exit 1 when a measure falls below its floor beyond chance.")
@_index
@_model
def evaluate(questions: Path, **options: Any) -> int:
    """Score the answers to a file of QUESTIONS with known answers.

    An interrupted run with --out goes on where it stopped. With --corpus an index of it is built in the --out folder.
    """
    from rag.evaluate.command import Order, carry_out
    from rag.settings import load_settings

    settings = load_settings(index=options.pop("index"), model=options.pop("model"))
    with _progress() as progress:
        done = carry_out(Order(questions, **options), settings, progress)
    click.echo(done.markdown)
    for line in done.fallen:
        _say(line)
    return ERROR if done.fallen else OK


@cli.command()
@click.argument("paths", nargs=-1, type=Path, metavar="[PATH]...")
@click.option(
    "--day", type=click.DateTime(["%Y-%m-%d"]), help="Warn of what had ended by that day; today, unless told otherwise."
)
@click.option("--ledger", type=Path, metavar="FILE", help="Compare with the ledger of facts, and count those covered.")
@click.option("--write", is_flag=True, help="With --ledger: write `figures` and `context` of the records anew.")
@click.option("--readme", type=Path, metavar="FILE", help="Write the corpus's README from the records.")
@_json
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
        _say(f"{report.covered} of {report.facts} facts of the ledger stand in a record.")
    warnings = len(report.findings) - report.errors
    _say(f"{report.records:,} records checked: {report.errors} errors, {warnings} warnings.")
    return ERROR if report.errors else OK


def _is_url(what: str) -> bool:
    return what.lower().startswith(("http://", "https://"))


def _fetched(url: str, settings: Settings, private: bool) -> Path:
    from rag.fetch import Manners, fetch_page

    return fetch_page(settings.data, url, Manners(private=private))


def _is_file(what: str) -> bool:
    try:
        return Path(what).is_file()
    except OSError:  # no name that a file could have
        return False


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
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


def _say(line: str) -> None:
    click.echo(line, err=True)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its status."""
    try:
        status = cli.main(arguments, prog_name="chipquote", standalone_mode=False)
    except ChipQuoteError as error:
        _say(f"error: {error}")
        status = ERROR
    except click.ClickException as error:
        error.show()
        status = ERROR
    except (click.Abort, KeyboardInterrupt):
        _say("Stopped. The last good index still serves.")
        status = 130
    except BrokenPipeError:  # the reader of our output has gone, `| head` for one
        sys.stderr.close()
        status = ERROR
    sys.exit(status)


if __name__ == "__main__":
    main()
