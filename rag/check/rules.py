"""The rules: pages -> findings, each with its place, what is wrong and how to mend it.

`reviewed:` in a record lets a finding stand, by its figure or its code; an entry that lets nothing stand is a finding.
Left out: whether the records say what the ledger says (`ledger`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from rag.check.figures import figures, is_backed
from rag.check.schema import Page, Record
from rag.datatypes import last_day
from rag.text import normalise

CODES = {
    "C001": "front matter that cannot be read",
    "C002": "a field missing, unknown or impossible: dates, status, sources",
    "C003": "id and file name differ",
    "C004": "side and folder differ",
    "C101": "dates out of order",
    "C102": "status read before the day it is about",
    "C201": "a link to no other record, or to a fact that none carries",
    "C202": "a link that the other record does not return",
    "C203": "a record that supersedes a younger one",
    "C301": "a figure in the text that the front matter does not vouch for",
    "C302": "a figure in the front matter that the text does not have",
    "C303": "an entry under `reviewed` that lets nothing stand",
    "C401": "a title, sentence or fact that another record has too",
    "C501": "too few or too many words",
    "C502": "a sentence that leans on the one before it",
    "C601": "warning: the last day has passed, and nothing newer is known",
}
SHORTEST, LONGEST = 60, 250  # words of a body
_LEANS_BACK = re.compile(r"(?:It(?! (?:is|was) \w+ that)|This|That|These|Those|They|He|She|Its|Their|His|Her) [a-z]")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong in one place; a warning does not fail a check."""

    path: Path
    line: int
    code: str
    message: str
    mend: str
    about: str = ""
    warning: bool = False


@dataclass(frozen=True)
class Corpus:
    """Every record that can be linked to; `pages` whose front matter breaks the schema are in no mapping."""

    pages: Sequence[Page]

    @cached_property
    def records(self) -> Mapping[str, tuple[Page, Record]]:
        """Page and record of every id."""
        return {page.record.id: (page, page.record) for page in self.pages if page.record}

    @cached_property
    def carried(self) -> frozenset[str]:
        """Every fact that a record carries."""
        return frozenset(fact for _, record in self.records.values() for fact in record.facts)

    def findings(self, day: date) -> Iterator[Finding]:
        """What is wrong, page by page; what a record's `reviewed` names is let stand."""
        together = defaultdict(list)
        for finding in _duplicates(self):
            together[finding.path].append(finding)
        for page in self.pages:
            record = page.record
            if record is None:
                yield from _form(page)
                continue
            found = [*_names(page, record), *_dates(page, record), *_links(page, record, self)]
            found += [*_figures(page, record, self), *_text(page), *_passed(page, record, day)]
            yield from _let_stand(page, record, found + together[page.path])


def _let_stand(page: Page, record: Record, found: Sequence[Finding]) -> Iterator[Finding]:
    about = {entry.about for entry in record.reviewed} - Record.model_fields.keys()  # those are for `ledger`
    yield from (f for f in found if not about & {f.code, f.about} - {""})
    for name in sorted(about - {f.code for f in found} - {f.about for f in found}):
        message = f"`reviewed` names {name!r}, and there is no such finding"
        yield Finding(page.path, page.line("reviewed"), "C303", message, "take the entry out")


def _form(page: Page) -> Iterator[Finding]:
    if page.unreadable:
        yield Finding(page.path, 1, "C001", page.unreadable, "begin the file with --- and `name: value` lines")
        return
    for field, problem in page.problems():
        yield Finding(page.path, page.line(field), "C002", problem, "see the schema in corpus/README.md")


def _names(page: Page, record: Record) -> Iterator[Finding]:
    if record.id != page.path.stem:
        message = f"the id {record.id} is not the file name"
        yield Finding(page.path, page.line("id"), "C003", message, "rename the file; an id never changes")
    if record.side != page.path.parent.name:
        message = f"a record of side {record.side} lies in {page.path.parent.name}/"
        yield Finding(page.path, page.line("side"), "C004", message, f"move it to {record.side}/")


def _dates(page: Page, record: Record) -> Iterator[Finding]:
    for first, then in (("effective", "until"), ("date", "until"), ("date", "status_since")):
        earlier, later = getattr(record, first), getattr(record, then)
        if earlier and later and last_day(later) < last_day(earlier):
            message = f"{then} {later} lies before {first} {earlier}"
            yield Finding(page.path, page.line(then), "C101", message, "mend whichever is wrong")
    for name in ("date", "status_since"):
        day = getattr(record, name)
        if day and day[: len(record.status_as_of)] > record.status_as_of:
            message = f"the status was read on {record.status_as_of}, before {name} {day}"
            yield Finding(page.path, page.line("status_as_of"), "C102", message, "read the status again")


def _links(page: Page, record: Record, corpus: Corpus) -> Iterator[Finding]:
    for ours, theirs in (("supersedes", "superseded_by"), ("superseded_by", "supersedes")):
        for name in getattr(record, ours):
            if name not in corpus.records or name == record.id:
                message = f"{ours} names {name}, which is no other record"
                yield Finding(page.path, page.line(ours), "C201", message, "mend the id")
                continue
            other = corpus.records[name][1]
            if record.id not in getattr(other, theirs):
                message = f"{ours} names {name}, which does not name this record in {theirs}"
                yield Finding(page.path, page.line(ours), "C202", message, f"add it to {theirs} there")
            if ours == "supersedes" and last_day(other.date) > last_day(record.date):
                message = f"supersedes {name}, which is younger ({other.date})"
                yield Finding(page.path, page.line(ours), "C203", message, "turn the link round or mend a date")
    for fact in record.context:
        if fact not in corpus.carried:
            message = f"context names {fact}, a fact that no record carries"
            yield Finding(page.path, page.line("context"), "C201", message, "mend the id")


def backing(record: Record, corpus: Corpus) -> set[str]:
    """The figures that the front matter of a record, and of those it is linked to, vouches for."""
    vouched = set(record.figures)
    linked = [corpus.records[name][1] for name in record.supersedes + record.superseded_by if name in corpus.records]
    for one in (record, *linked):
        vouched |= {one.date, one.effective, one.until, one.status_since, one.status_as_of}
        vouched |= {f.value for text in (one.instrument, one.citation) for f in figures(text, one.date[:4])}
    return vouched | {source.date for source in record.sources}


def _figures(page: Page, record: Record, corpus: Corpus) -> Iterator[Finding]:
    vouched, seen = backing(record, corpus), set()
    year = record.date[:4]
    places = [(page.line("title"), figure) for figure in figures(record.title, year)]
    places += [(page.body_line(figure.start), figure) for figure in figures(page.body, year)]
    for line, figure in places:
        if not is_backed(figure.value, vouched) and figure.value not in seen:
            message = f"{figure.said!r} ({figure.value}) is not among the record's figures"
            mend = "mend it, or run `rag check --ledger … --write`, or list it under `reviewed` with the reason"
            yield Finding(page.path, line, "C301", message, mend, figure.value)
        seen.add(figure.value)
    for value in record.figures:
        if value not in seen:
            message = f"the figure {value!r} stands nowhere in the text"
            yield Finding(page.path, page.line("figures"), "C302", message, "write `figures` anew: --ledger … --write")


def _text(page: Page) -> Iterator[Finding]:
    words = len(page.body.split())
    if not SHORTEST <= words <= LONGEST:
        message = f"the body has {words} words, not {SHORTEST} to {LONGEST}"
        yield Finding(page.path, page.body_line(0), "C501", message, "say more of its own facts, or less")
    for sentence in page.sentences():
        if _LEANS_BACK.match(sentence.text):
            message = f"a sentence that cannot be quoted alone: {sentence.text[:40]!r}"
            mend = "name the actor, the thing, the date"
            yield Finding(page.path, page.body_line(sentence.start), "C502", message, mend)


def _passed(page: Page, record: Record, day: date) -> Iterator[Finding]:
    if record.until and record.status_as_of <= record.until and last_day(record.until) < day:
        message = f"ended on {record.until}; whether it was extended is not known here"
        mend = f"find out, and read the status of {record.status_as_of} again"
        yield Finding(page.path, page.line("until"), "C601", message, mend, warning=True)


def _duplicates(corpus: Corpus) -> Iterator[Finding]:
    """The second and later of any two records that share a title, a sentence or a fact."""
    first: dict[tuple[str, str], str] = {}
    for page, record in corpus.records.values():
        shared = [("title", normalise(record.title).lower(), "title")]
        shared += [("sentence", sentence.text, "") for sentence in page.sentences()]
        shared += [("fact", fact, "facts") for fact in record.facts]
        for what, value, field in shared:
            other = first.setdefault((what, value), record.id)
            if other != record.id:
                line = page.line(field) if field else page.body_line(0)
                message = f"has the {what} {value[:60]!r} of {other}"
                yield Finding(page.path, line, "C401", message, "let one record say it")
