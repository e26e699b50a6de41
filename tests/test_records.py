"""The records of corpus/: complete front matter, one instrument each, dates that can be, links that lead both ways."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from material import ROOT

from rag.datatypes import Document, last_day
from rag.load import load
from rag.load.source import front_matter

FOLDER = ROOT / "corpus" / "records"
SIDES = {"us", "china", "industry", "netherlands", "japan", "taiwan", "eu", "other"}
NEEDED = {"id", "title", "date", "status", "status_as_of", "side", "language", "sources", "confidence"}
# About the bar that begins on its date, three days after its sources were read.
AHEAD = {"us-2026-06-30-1260h-effect"}


@pytest.fixture(scope="module")
def paths() -> list[Path]:
    return sorted(FOLDER.rglob("*.md"))


@pytest.fixture(scope="module")
def records(paths) -> dict[str, Document]:
    return {path.stem: load(path) for path in paths}


def test_there_are_at_least_eighty(paths):
    assert len(paths) >= 80


def test_every_record_is_complete(paths):
    for path in paths:
        meta, body = front_matter(path.read_text(encoding="utf-8"))
        assert {name for name in NEEDED if not meta.get(name)} == set(), path.stem
        assert meta["id"] == path.stem
        assert meta["side"] == path.parent.name, path.stem
        assert meta["side"] in SIDES, path.stem
        assert meta["confidence"] in ("high", "medium"), path.stem
        assert 60 <= len(body.split()) <= 250, path.stem


def test_every_record_names_its_sources(records):
    for name, paper in records.items():
        assert paper.source.kind == "record", name
        assert paper.source.references, name
        for reference in paper.source.references:
            assert reference.title, name
            assert reference.publisher, name
            assert re.match(r"https?://[^\s/]+\.[^\s/]+", reference.url), name


def test_the_dates_of_every_record_are_possible_and_in_order(records):
    for name, paper in records.items():
        source = paper.source
        for value in (source.published, source.effective, source.until, source.status_as_of):
            assert not value or 1990 <= last_day(value).year <= 2030, name
        if source.effective and source.until:
            assert last_day(source.until) >= last_day(source.published), name
        assert name in AHEAD or source.status_as_of >= source.published, f"{name}: its status was read too early"


def test_the_links_between_records_lead_both_ways(records):
    for name, paper in records.items():
        for ours, theirs in (("superseded_by", "supersedes"), ("supersedes", "superseded_by")):
            for other in getattr(paper.source, ours):
                assert other in records, f"{name} {ours} {other}"
                assert other != name
                assert name in getattr(records[other].source, theirs), f"{other} does not name {name} in {theirs}"


def test_no_two_records_say_the_same(records):
    assert len({paper.version for paper in records.values()}) == len(records)
    assert len({paper.source.title for paper in records.values()}) == len(records)


@pytest.fixture(scope="module")
def glossary() -> dict[str, list[dict]]:
    return tomllib.loads((ROOT / "corpus" / "glossary.toml").read_text(encoding="utf-8"))


def test_no_name_in_the_glossary_means_two_things(glossary):
    names = [name.lower() for term in glossary["term"] for name in (term["short"], *term["long"])]
    assert len(names) == len(set(names))
    assert len(glossary["term"]) >= 80
    assert all(term["long"] and term["note"] for term in glossary["term"])


def test_every_phrase_for_a_day_rests_on_a_record_that_gives_the_day(glossary, records):
    phrases = [phrase for anchor in glossary["anchor"] for phrase in anchor["phrases"]]
    assert len(phrases) == len(set(phrases))
    assert phrases == [phrase.lower() for phrase in phrases]
    for anchor in glossary["anchor"]:
        first, last = (date.fromisoformat(anchor[k]) if k in anchor else None for k in ("from", "to"))
        assert ("date" in anchor) != (first is not None), anchor
        assert last is None or first <= last, anchor
        paper = records[anchor["record"]]
        for day in filter(None, (anchor.get("date"), anchor.get("from"), anchor.get("to"))):
            said = f"{date.fromisoformat(day):%-d %B %Y}"
            given = {paper.source.published, paper.source.effective}
            assert "basis" in anchor or day in given or said in paper.text or "-" in said_span(paper.text, day), anchor


def said_span(text: str, day: str) -> str:
    """The stretch that covers a day in a text, as in 13-15 May 2026."""
    when = date.fromisoformat(day)
    for first, last in re.findall(rf"(\d+)-(\d+) {when:%B %Y}", text):
        if int(first) <= when.day <= int(last):
            return f"{first}-{last}"
    return ""
