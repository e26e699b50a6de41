"""The records of corpus/: complete front matter, one instrument each, dates that can be, links that lead both ways."""

from __future__ import annotations

import re
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
