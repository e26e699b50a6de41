"""What the product reads out of corpus/: records as sources, and the glossary. Their form is `rag check`'s (test_check)."""

from __future__ import annotations

import re
import tomllib
from datetime import date, timedelta

import pytest
from material import ROOT

from rag.datatypes import Document, last_day
from rag.load import load

FOLDER = ROOT / "corpus" / "records"
ENDED = {"suspended", "rescinded", "superseded"}
# Their sources do not say on which day they were superseded or suspended.
SINCE_UNKNOWN = {
    "china-2025-05-14-unreliable-entity-suspension",
    "china-2025-10-09-techinsights-unreliable-entity",
    "us-2022-10-07-temporary-general-license",
}


@pytest.fixture(scope="module")
def records() -> dict[str, Document]:
    return {path.stem: load(path) for path in sorted(FOLDER.rglob("*.md"))}


def test_there_are_at_least_eighty_of_both_sides_and_of_third_parties(records):
    assert len(records) >= 80
    sides = [paper.source.side for paper in records.values()]
    assert min(sides.count("us"), sides.count("china")) >= 40
    assert {"industry", "netherlands", "japan", "taiwan", "eu", "other"} <= set(sides)


def test_a_record_is_loaded_as_a_record_with_its_sources(records):
    for name, paper in records.items():
        assert paper.id == name
        assert paper.source.kind == "record", name
        assert paper.source.references, name
        assert all(reference.title and reference.publisher and reference.url for reference in paper.source.references)


def test_what_has_ended_says_since_when(records):
    unknown = {name for name, p in records.items() if p.source.status in ENDED and not p.source.status_since}
    assert unknown == SINCE_UNKNOWN
    assert records["us-2025-09-29-affiliates-rule-50-percent"].source.status_since == "2025-11-10"
    for name, paper in records.items():
        since = paper.source.status_since
        assert not since or last_day(since) >= last_day(paper.source.published), name


def test_no_two_records_have_the_same_text(records):
    assert len({paper.version for paper in records.values()}) == len(records)


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
        if "until" in anchor:  # the day before its record says that it ended
            ended = date.fromisoformat(paper.source.status_since)
            assert date.fromisoformat(anchor["until"]) == ended - timedelta(1), anchor
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
