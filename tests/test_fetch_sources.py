"""The list of primary documents that comes with the product."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from material import ROOT

from rag.datatypes import last_day
from rag.errors import FetchError
from rag.fetch import Entry, choose, default_list, read_list, successors

SIDES = {path.name for path in (ROOT / "corpus" / "records").iterdir()}
ENTRIES = read_list(default_list())
IDS = {entry.id for entry in ENTRIES}


def test_the_list_holds_at_least_sixty_documents_each_with_an_id_of_its_own():
    tables = tomllib.loads((ROOT / "corpus" / "sources.toml").read_text(encoding="utf-8"))["source"]
    assert len(ENTRIES) == len(tables) == len(IDS) >= 60
    assert default_list() == ROOT / "corpus" / "sources.toml"


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e.id)
def test_every_entry_says_what_it_is(entry: Entry):
    assert all((entry.title, entry.publisher, entry.licence))
    assert entry.side in SIDES
    assert entry.url.startswith("https://")
    assert set(entry.supersedes) <= IDS - {entry.id}
    assert bool(entry.status_as_of) <= bool(entry.status)
    assert entry.confirmed or entry.comment, "what an unconfirmed address rests on"
    for day in (entry.published, entry.effective, entry.until, entry.status_as_of, *entry.versions):
        assert not day or date(1990, 1, 1) < last_day(day) < date(2027, 1, 1)
    if entry.kind == "page":
        assert entry.format


def test_a_document_is_not_replaced_by_an_older_one():
    days = {entry.id: entry.published for entry in ENTRIES}
    for old, newer in successors(ENTRIES).items():
        assert all(days[old] <= days[new] for new in newer)


def test_federal_register_ids_are_their_numbers():
    rules = [entry for entry in ENTRIES if entry.kind == "federal-register"]
    assert len(rules) >= 30
    for entry in rules:
        assert entry.id == f"fr-{entry.number}"
        assert re.fullmatch(r"20\d\d-\d{5}", entry.number)
        assert entry.url == f"https://www.federalregister.gov/d/{entry.number}"


def test_the_regulations_that_matter_are_there():
    sections = {entry.section for entry in ENTRIES if entry.kind == "ecfr"}
    assert sections >= {"734.9", "736.2", "740.2", "742.4", "742.6", "744.11", "744.22", "744.23"}
    assert {e.eccn for e in ENTRIES} >= {"3A090", "4A090", "3B001", "4E091"}
    assert "Supplement No. 4 to Part 744" in {e.appendix for e in ENTRIES}
    assert all(
        e.section.startswith(e.part + ".") or e.appendix.endswith(f"to Part {e.part}") for e in ENTRIES if e.part
    )
    assert {e.id for e in ENTRIES if e.versions} >= {"ecfr-744.23", "ecfr-734.9", "ecfr-742.6", "ecfr-3a090"}


@pytest.mark.parametrize(
    "host",
    [
        "bis.gov",
        "home.treasury.gov",
        "whitehouse.gov",
        "govinfo.gov/content/pkg/BILLS",
        "congress.gov/bill",
        "crs-product",
        "mofcom.gov.cn",
        "mfa.gov.cn",
        "www.gov.cn",
        "zoek.officielebekendmakingen.nl",
        "meti.go.jp",
        "law.moj.gov.tw",
        "sec.gov",
    ],
)
def test_every_kind_of_publisher_is_there(host):
    assert any(host in entry.url for entry in ENTRIES)


def test_numbers_that_the_records_cite_are_on_the_list():
    cited = set()
    for path in (ROOT / "corpus" / "records").rglob("*.md"):
        cited |= set(re.findall(r"FR Doc\. (20\d\d-\d{5})", path.read_text(encoding="utf-8")))
    assert len(cited) > 10
    assert cited <= {entry.number for entry in ENTRIES}


# Choosing, and lists that are wrong


def test_ids_and_patterns_choose():
    assert [e.id for e in choose(ENTRIES, ["fr-2025-00636"])] == ["fr-2025-00636"]
    assert {e.kind for e in choose(ENTRIES, ["ecfr-*"])} == {"ecfr"}
    assert {e.side for e in choose(ENTRIES, [], "japan")} == {"japan"}
    assert len(choose(ENTRIES, [])) == len(ENTRIES)
    with pytest.raises(FetchError, match=r"No source is called 'fr-2025-0636'. Did you mean fr-2025-00636"):
        choose(ENTRIES, ["fr-2025-0636"])


GOOD = '[[source]]\nid = "a"\nkind = "page"\ntitle = "A"\npublisher = "B"\nside = "us"\nurl = "https://example.org"\n'


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[[source]\n", "cannot be read"),
        ("", "cannot be read"),
        (GOOD + GOOD, "the id 'a' is used twice"),
        (GOOD + "colour = 1\n", "'a': colour: Extra inputs"),
        (GOOD + 'published = "2025-02-30"\n', "'a': published"),
        (GOOD + 'published = "soon"\n', "'a': published"),
        (GOOD.replace("page", "federal-register"), "needs its number"),
        (GOOD.replace("page", "ecfr") + 'part = "744"\n', "its section or appendix"),
        (GOOD.replace("https", "ftp"), "'a': url"),
        (GOOD.replace('"a"', '"../a"'), "id"),
        (GOOD.replace('title = "A"\n', ""), "title: Field required"),
    ],
)
def test_a_wrong_list_names_the_entry_and_the_field(tmp_path: Path, text, why):
    (tmp_path / "sources.toml").write_text(text)
    with pytest.raises(FetchError, match=why):
        read_list(tmp_path / "sources.toml")
