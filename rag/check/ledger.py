"""The ledger against the records: every fact covered, and front matter as the ledger has it.

    figures_of(...)   the `figures` and `context` that a record's text takes from the ledger
    compare(...)      facts without a record; dates, status, links, confidence, sources and figures that differ

The ledger is not part of this repository: records carry what a check without it needs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from rag.check.figures import figures, is_backed
from rag.check.rules import Corpus, Finding
from rag.check.schema import Page, Record
from rag.datatypes import ENDED
from rag.errors import LoadError

Fact = Mapping[str, Any]
_ALIKE = 3  # words of four letters and more that a sentence shares with a fact it leans on


@dataclass(frozen=True)
class Ledger:
    """The facts by id."""

    facts: Mapping[str, Fact]

    @cached_property
    def said(self) -> Mapping[str, set[str]]:
        """The figures of each fact."""
        return {name: set(figures_in(fact)) for name, fact in self.facts.items()}

    @cached_property
    def replaced(self) -> set[tuple[str, str]]:
        """(older, newer) for each pair of facts, whichever of the two names it."""
        pairs = {(old, new) for new, fact in self.facts.items() for old in fact.get("supersedes", ())}
        return pairs | {(old, new) for old, fact in self.facts.items() for new in fact.get("superseded_by", ())}


def read_ledger(path: Path) -> Ledger:
    """Read the ledger: one fact, a JSON object with an `id`, on each line."""
    try:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        return Ledger({fact["id"]: fact for fact in lines})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LoadError(f"{path} is not a ledger, one JSON object with an id on each line: {error}") from error


def figures_in(fact: Fact) -> Iterator[str]:
    """Every figure of a fact: its days, and those of its words."""
    yield from (fact[key] for key in ("date", "effective_date", "end_date", "status_as_of") if fact.get(key))
    year = fact["date"][:4]
    for key in ("what", "instrument", "actor"):
        yield from (figure.value for figure in figures(fact[key], year))


def figures_of(page: Page, record: Record, ledger: Ledger, corpus: Corpus) -> tuple[list[str], list[str]]:
    """(context, figures) of a record: other facts that its sentences lean on, and every figure that facts vouch for."""
    linked = [corpus.records[name][1] for name in record.supersedes + record.superseded_by]
    known = [name for one in (record, *linked) for name in one.facts if name in ledger.facts]
    vouched = set().union(*(ledger.said[name] for name in known))
    days = {record.date, record.effective, record.until, record.status_since, record.status_as_of}
    elsewhere = days | {source.date for source in record.sources}
    context: list[str] = []
    for sentence in (span.text for span in page.sentences()):
        values = {f.value for f in figures(sentence, record.date[:4])}
        leans_on = _accounts_for({v for v in values if not is_backed(v, vouched | elsewhere)}, sentence, ledger)
        if leans_on:
            context.append(leans_on)
            vouched |= ledger.said[leans_on]
    text = {f.value for part in (record.title, page.body) for f in figures(part, record.date[:4])}
    listed = {value for value in text if is_backed(value, vouched) and not is_backed(value, days)}
    return context, sorted(value for value in listed if not is_backed(value, listed - {value}))


def _accounts_for(values: set[str], sentence: str, ledger: Ledger) -> str:
    """The one fact that vouches for all of these figures and shares most words; "" when none does."""
    likeness = {
        name: len(_words(sentence) & _words(f"{fact['actor']} {fact['instrument']} {fact['what']}"))
        for name, fact in ledger.facts.items()
        if values and all(is_backed(value, ledger.said[name]) for value in values)
    }
    best = max(likeness, key=lambda name: likeness[name], default="")
    return best if best and likeness[best] >= _ALIKE else ""


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]{4,}", text.lower()))


def compare(corpus: Corpus, ledger: Ledger, path: Path) -> Iterator[Finding]:
    """What the ledger has and the records lack or say otherwise."""
    home = {fact: name for name, (_, record) in corpus.records.items() for fact in record.facts}
    for number, fact in enumerate(ledger.facts, 1):
        if fact not in home:
            yield Finding(path, number, "C901", f"no record carries the fact {fact}", "write it into one")
    for page, record in corpus.records.values():
        for name in (*record.facts, *record.context):
            if name not in ledger.facts:
                yield Finding(page.path, page.line("facts"), "C902", f"the ledger has no fact {name}", "mend the id")
        facts = [ledger.facts[name] for name in record.facts if name in ledger.facts]
        if facts:
            let_stand = {entry.about for entry in record.reviewed}
            found = _differences(page, record, facts, ledger, corpus)
            yield from (finding for finding in found if finding.about not in let_stand)


def _differences(
    page: Page, record: Record, facts: Sequence[Fact], ledger: Ledger, corpus: Corpus
) -> Iterator[Finding]:
    def wrong(field: str, message: str) -> Finding:
        return Finding(
            page.path, page.line(field), "C903", message, "mend the record, or say why under `reviewed`", field
        )

    for field, key in (("date", "date"), ("effective", "effective_date"), ("until", "end_date"), ("status", "status")):
        given = {fact[key] for fact in facts if fact.get(key)} or {""}
        if getattr(record, field) not in given:
            yield wrong(field, f"{field} is {getattr(record, field)!r}; the ledger has {sorted(given)}")
    confidence = "medium" if any(fact["confidence"] == "medium" for fact in facts) else "high"
    if record.confidence != confidence:
        yield wrong("confidence", f"confidence is {record.confidence}; by its facts it is {confidence}")
    lacking = {s["url"] for fact in facts for s in fact["sources"]} - {source.url for source in record.sources}
    if lacking:
        yield wrong("sources", f"sources lacks {sorted(lacking)}")
    yield from _linked(record, facts, ledger, corpus, wrong)
    context, expected = figures_of(page, record, ledger, corpus)
    if (tuple(context), tuple(expected)) != (record.context, record.figures):
        mend = "write them anew: --write"
        yield Finding(
            page.path, page.line("figures"), "C904", "`figures` or `context` are not those of the ledger", mend
        )
    said = {f.value for f in figures(page.body)}
    said |= {part for value in said for part in value.split()}  # the ledger may write 139 or 140 billion
    for fact in facts:
        for figure in figures(fact["what"], fact["date"][:4]):
            if not is_backed(figure.value, said) and not figure.said.isalpha():
                yield wrong("facts", f"{fact['id']} says {figure.said!r}; the text does not")


def _linked(record: Record, facts: Sequence[Fact], ledger: Ledger, corpus: Corpus, wrong: Any) -> Iterator[Finding]:
    home = {fact: name for name, (_, other) in corpus.records.items() for fact in other.facts}
    own = {fact["id"] for fact in facts}
    newer = {new for old, new in ledger.replaced if old in own} - own
    older = {old for old, new in ledger.replaced if new in own} - own
    for field, others in (("superseded_by", newer), ("supersedes", older)):
        expected = {home[fact] for fact in others if fact in home}
        if set(getattr(record, field)) != expected:
            yield wrong(field, f"{field} is {list(getattr(record, field))}; by the ledger it is {sorted(expected)}")
    since = [ledger.facts[fact].get("effective_date") or ledger.facts[fact]["date"] for fact in newer]
    if record.status in ENDED and since and not (record.status_since and min(since).startswith(record.status_since)):
        yield wrong("status_since", f"status_since is {record.status_since!r}; by the ledger it is {min(since)}")


def rewritten(page: Page, context: Sequence[str], values: Sequence[str]) -> str:
    """The text of a page with its `context` and `figures` lines written anew, after `facts`."""
    text = re.sub(r"^(?:context|figures): .*\n", "", page.text, flags=re.M)
    lines = "".join(
        f"{name}: {json.dumps(list(value), ensure_ascii=False)}\n"
        for name, value in (("context", context), ("figures", values))
        if value
    )
    return re.sub(r"^facts:\n(?:- .*\n)+", lambda match: match[0] + lines, text, count=1, flags=re.M)
