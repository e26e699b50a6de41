"""The records of corpus/: complete front matter, one instrument each, dates that can be, links that lead both ways."""

from __future__ import annotations

import re

import pytest
from material import ROOT

from rag.datatypes import Document, last_day
from rag.load import load
from rag.load.source import front_matter

FOLDER = ROOT / "corpus" / "records"
FILES = sorted(FOLDER.rglob("*.md"))
SIDES = {"us", "china", "industry", "netherlands", "japan", "taiwan", "eu", "other"}
NEEDED = {"id", "title", "date", "status", "status_as_of", "side", "language", "sources", "confidence"}
# One record is about the bar that begins on its date, three days after the sources were read.
AHEAD = {"us-2026-06-30-1260h-effect"}
each = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def records() -> dict[str, Document]:
    return {path.stem: load(path) for path in FILES}


def test_there_are_at_least_eighty():
    assert len(FILES) >= 80


@each
def test_a_record_is_complete(path):
    meta, body = front_matter(path.read_text(encoding="utf-8"))
    assert {name for name in NEEDED if not meta.get(name)} == set()
    assert meta["id"] == path.stem
    assert meta["side"] == path.parent.name
    assert meta["side"] in SIDES
    assert meta["confidence"] in ("high", "medium")
    assert 60 <= len(body.split()) <= 250


@each
def test_a_record_names_its_sources(path, records):
    source = records[path.stem].source
    assert source.kind == "record"
    assert source.references
    for reference in source.references:
        assert reference.title
        assert reference.publisher
        assert re.match(r"https?://[^\s/]+\.[^\s/]+", reference.url)


@each
def test_the_dates_of_a_record_are_possible_and_in_order(path, records):
    source = records[path.stem].source
    for name in ("published", "effective", "until", "status_as_of"):
        value = getattr(source, name)
        assert not value or 1990 <= last_day(value).year <= 2030
    if source.effective and source.until:
        assert last_day(source.until) >= last_day(source.published)
    if path.stem not in AHEAD:
        assert source.status_as_of >= source.published, "a status cannot be older than what it is the status of"


@each
def test_the_links_of_a_record_lead_to_records_and_back(path, records):
    source = records[path.stem].source
    for other in source.superseded_by:
        assert other in records
        assert path.stem in records[other].source.supersedes, f"{other} does not say that it supersedes {path.stem}"
    for other in source.supersedes:
        assert other in records
        assert path.stem in records[other].source.superseded_by, f"{other} does not say what superseded it"
    assert path.stem not in (*source.supersedes, *source.superseded_by)


def test_no_two_records_say_the_same(records):
    assert len({paper.version for paper in records.values()}) == len(records)
    assert len({paper.source.title for paper in records.values()}) == len(records)
