"""`corpus/README.md`, written from the records: what is covered, what is thin, how to add to it.

Left out: anything that a person would have to keep true by hand; only the advice at the end is fixed text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import get_args

from rag.check.rules import CODES, LONGEST, SHORTEST, Corpus
from rag.check.schema import Record, Side, Status
from rag.datatypes import last_day

FEW = 5  # records of a year or a side below which it is called thin

_HEAD = """# The corpus

{records} records under `records/<side>/`, one instrument, event or statement a file, as of **{as_of}**: the day for
which every status was read. Bodies are {shortest} to {longest} words of our own, written from {facts} dated, sourced
facts; a short fragment in quotation marks is someone's public words. `glossary.toml` holds the field's abbreviations
and the phrases that name a day, `chinese.toml` English words for Chinese ones.

This page is written from the records: `python -m rag check --readme corpus/README.md`.
"""

_ADD = """## How to add a record

1. One file, `records/<side>/<side>-<date>-<what it is>.md`; its name is its `id` and never changes.
2. Front matter by the schema below. List under `facts` what it carries, under `sources` the pages that they stand on.
3. Where it replaces something, name that under `supersedes`, and name the new record there under `superseded_by`.
4. Write its own facts only, {shortest} to {longest} words. Every sentence is quoted alone: name the actor, the thing
   and the date in it; no "It", no "This rule". Exact in every date, number, name and hedge; nothing that its sources do
   not say. Where they disagree, say who says what, and say under `disputed` about what.
5. `python -m rag check --ledger LEDGER --write` writes its `figures`; without the ledger, list them by hand. Then
   `python -m rag check` must be clean, and `python -m rag check --readme corpus/README.md` brings this page up to date.

A record of medium confidence says in its text whose report it is. A figure that the ledger does not have goes under
`reviewed`, with the reason.
"""


def readme(corpus: Corpus) -> str:
    """The whole page."""
    records = [record for _, record in corpus.records.values()]
    as_of = last_day(max(record.status_as_of for record in records))
    numbers = {
        "records": len(records),
        "as_of": f"{as_of.day} {as_of:%B %Y}",
        "facts": sum(len(record.facts) for record in records),
        "shortest": SHORTEST,
        "longest": LONGEST,
    }
    parts = [_HEAD.format(**numbers), _coverage(records), _disputed(records), _thin(records), _ADD.format(**numbers)]
    return "\n".join([*parts, _schema(), _rules()])


def _coverage(records: Sequence[Record]) -> str:
    sides = get_args(Side)
    count = Counter((record.date[:4], record.side) for record in records)
    years = sorted({record.date[:4] for record in records})
    rows = [[year, *(count[year, side] or "" for side in sides), sum(count[year, s] for s in sides)] for year in years]
    total = ["**all**", *(sum(count[year, side] for year in years) for side in sides), len(records)]
    status = Counter(record.status for record in records)
    standing = [[name, status[name]] for name in get_args(Status)]
    return "\n".join(
        [
            "## What is covered\n\nRecords by year and side:\n",
            _table(["year", *sides, "all"], [*rows, total]),
            "By status:\n",
            _table(["status", "records"], standing),
        ]
    )


def _disputed(records: Sequence[Record]) -> str:
    rows = [[record.disputed, f"[{record.id}]({_place(record)})"] for record in records if record.disputed]
    return f"## What is disputed\n\n{len(rows)} records say who says what:\n\n" + _table(
        ["about", "record"], sorted(rows)
    )


def _thin(records: Sequence[Record]) -> str:
    sides: Counter[str] = Counter(record.side for record in records)
    years = Counter(record.date[:4] for record in records)
    medium = Counter(record.side for record in records if record.confidence == "medium")
    single = [record for record in records if len(record.sources) == 1]
    lines = [
        f"- Sides with fewer than {FEW} records: {_few(sides)}.",
        f"- Years with fewer than {FEW} records: {_few(years)}. None at all: {_gaps(sorted(map(int, years)))}.",
        f"- Medium confidence, by the ledger: {sum(medium.values())} of {len(records)} records "
        f"({', '.join(f'{side} {medium[side]} of {sides[side]}' for side in get_args(Side) if medium[side])}).",
        f"- Resting on a single page: {len(single)} records.",
        "- Nothing after the as-of date: whether a suspension that has since ended was extended is not known here.",
    ]
    return "## What is thin\n\n" + "\n".join(lines) + "\n"


def _few(count: Mapping[str, int]) -> str:
    return ", ".join(f"{name} ({count[name]})" for name in sorted(count) if count[name] < FEW)


def _gaps(years: Sequence[int]) -> str:
    """The stretches between years that have none: "1998 to 2013"."""
    gaps = [(one + 1, other - 1) for one, other in pairwise(years) if other - one > 1]
    return ", ".join(f"{first} to {last}" if last > first else f"{first}" for first, last in gaps) or "no year"


def _schema() -> str:
    rows = [
        [f"`{name}`", "yes" if field.is_required() else "", field.description or ""]
        for name, field in Record.model_fields.items()
    ]
    choices = f"`status` is one of: {', '.join(get_args(Status))}. `side` is one of: {', '.join(get_args(Side))}.\n"
    return "## The schema\n\n" + _table(["field", "needed", "what"], rows) + "\n" + choices


def _rules() -> str:
    return "## What `rag check` looks for\n\n" + _table(["code", "finding"], [[c, what] for c, what in CODES.items()])


def _table(head: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(str(cell) for cell in line) + " |\n" for line in lines)


def _place(record: Record) -> str:
    return f"records/{record.side}/{record.id}.md"
