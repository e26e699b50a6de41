"""A whole run of `fetch`: against a real server that plays the Federal Register, the eCFR and the pages of ministries."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from material import ROOT, assert_mendable, environment, pdf
from publisher import Answer, Publisher, opened, page, to

from rag.datatypes import Document
from rag.errors import FetchBusy, NoNetwork
from rag.fetch import Entry, Holding, Manners, Outcome, Places, fetch, successors
from rag.fetch.ecfr import cut
from rag.fetch.same import say_the_same
from rag.fetch.visit import Reply
from rag.load import load_all

HASTY = Manners(delay=0, backoff=0.01, tries=3, timeout=5, private=True)
SAMPLES = ROOT.parent / "shared" / "data" / "policy" / "format_samples"


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with opened() as publisher:
        yield publisher


def entry(name: str, kind: str = "page", **more: Any) -> Entry:
    usual = {"title": f"Title of {name}", "publisher": "Ministry", "side": "us", "url": "https://example.org/" + name}
    return Entry(id=name, kind=kind, **(usual | more))  # type: ignore[arg-type]


def rule(number: str = "2025-00636", **more: Any) -> Entry:
    return entry(f"fr-{number}", "federal-register", number=number, published="2025-01-15", **more)


def section(**more: Any) -> Entry:
    return entry("ecfr-744.23", "ecfr", part="744", section="744.23", **more)


def run(publisher: Publisher, folder: Path, *entries: Entry, manners: Manners = HASTY) -> dict[str, Outcome]:
    places = Places(f"{publisher.url}/api/v1", f"{publisher.url}/api/versioner/v1")
    return {o.id: o for o in fetch(entries, folder, manners, places, successors(entries))}


def documents(folder: Path) -> dict[str, Document]:
    """What the loaders make of a folder; nothing in it may fail."""
    loaded = load_all([folder])
    assert loaded.failures == {}
    return {d.id: d for d in loaded.documents}


# Federal Register


def test_a_rule_comes_with_the_words_of_the_register_and_the_dates_of_its_api(publisher, tmp_path):
    publisher.register("2025-00636", "A licence is required for okapis.")
    older = rule("2024-00001", status="superseded")
    publisher.register("2024-00001", "No licence is required.", publication_date="2024-03-01")
    newer = rule(supersedes=("fr-2024-00001",), status="in force", licence="Public domain")
    outcomes = run(publisher, tmp_path, older, newer)
    assert [o.what for o in outcomes.values()] == ["new", "new"]
    assert outcomes["fr-2024-00001"].note == "published 2024-03-01; the list says 2025-01-15"
    found = documents(tmp_path)
    source = found["fr-2025-00636"].source
    assert "A licence is required for okapis." in found["fr-2025-00636"].text
    assert (source.title, source.publisher) == ("Rule 2025-00636", "Commerce Department, Bureau of Examples")
    assert (source.published, source.effective, source.side) == ("2025-01-15", "2025-01-13", "us")
    assert source.citation == "90 FR 4544; FR Doc. 2025-00636"
    assert source.url.startswith("https://www.federalregister.gov/documents/2025/01/15/2025-00636")
    assert (source.status, source.supersedes, source.licence) == ("in force", ("fr-2024-00001",), "Public domain")
    assert found["fr-2024-00001"].source.superseded_by == ("fr-2025-00636",)


def test_the_second_run_asks_only_whether_anything_changed(publisher, tmp_path):
    publisher.register("2025-00636", "A licence is required.")
    run(publisher, tmp_path, rule())
    files = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.xml*")}
    assert run(publisher, tmp_path, rule())["fr-2025-00636"].what == "unchanged"
    assert publisher.asked[-1][1]["If-None-Match"]
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.xml*")} == files, "the index stays fresh"


def test_a_changed_list_reaches_the_sidecar_without_a_new_text(publisher, tmp_path):
    publisher.register("2025-00636", "A licence is required.")
    run(publisher, tmp_path, rule(status="in force"))
    run(publisher, tmp_path, rule(status="rescinded", status_as_of="2026-01-01"))
    assert documents(tmp_path)["fr-2025-00636"].source.status == "rescinded"


def test_a_rule_without_xml_is_taken_as_html_and_one_without_either_is_named(publisher, tmp_path):
    publisher.register("2025-1", "x", full_text_xml_url=None, body_html_url=publisher.url + "/body.html")
    publisher.answers["/body.html"] = page("A licence is required.")
    publisher.register("2025-2", "x", full_text_xml_url=None)
    outcomes = run(publisher, tmp_path, rule("2025-1"), rule("2025-2"))
    assert outcomes["fr-2025-1"].what == "new"
    assert "only a PDF" in outcomes["fr-2025-2"].note


# eCFR


SECTION = (
    '<?xml version="1.0"?>\n<DIV8 N="744.23" TYPE="SECTION"><HEAD>§ 744.23 End use controls.</HEAD><P>{}</P></DIV8>'
)
TEXTS = {
    "2022-10-21": SECTION.format("The threshold is 600."),
    "2023-11-17": SECTION.format("The threshold is 4,800."),
}


def test_a_section_comes_as_of_today_and_of_earlier_days_with_the_days_each_text_was_in_force(publisher, tmp_path):
    publisher.code("744.23", TEXTS, until="2026-06-25")
    assert run(publisher, tmp_path, section(versions=("2022-12-01", "2020-01-01")))["ecfr-744.23"].what == "new"
    found = documents(tmp_path)
    now, then = found["ecfr-744.23"].source, found["ecfr-744.23@2022-10-21"].source
    assert "4,800" in found["ecfr-744.23"].text
    assert "600" in found["ecfr-744.23@2022-10-21"].text
    assert (now.published, now.until, now.superseded_by) == ("2023-11-17", "", ())
    assert (then.published, then.effective, then.until) == ("2022-10-21", "2022-10-21", "2023-11-16")
    assert (then.status, then.superseded_by) == ("superseded", ("ecfr-744.23",))
    assert now.url == "https://www.ecfr.gov/current/title-15/section-744.23"
    assert then.url == "https://www.ecfr.gov/on/2022-10-21/title-15/section-744.23"


def test_a_section_that_did_not_change_is_not_downloaded_again(publisher, tmp_path):
    publisher.code("744.23", TEXTS, until="2026-06-25")
    run(publisher, tmp_path, section(versions=("2022-12-01",)))
    publisher.code("744.23", TEXTS, until="2026-06-26")
    publisher.asked.clear()
    assert run(publisher, tmp_path, section(versions=("2022-12-01",)))["ecfr-744.23"].what == "unchanged"
    assert [path for path in publisher.paths if "/full/" in path] == []


def test_an_amended_section_keeps_its_old_text_with_the_day_it_ended(publisher, tmp_path):
    publisher.code("744.23", TEXTS, until="2026-06-25")
    run(publisher, tmp_path, section())
    publisher.code("744.23", TEXTS | {"2026-07-01": SECTION.format("The threshold is 21,000.")}, until="2026-07-02")
    assert run(publisher, tmp_path, section())["ecfr-744.23"].what == "changed"
    found = documents(tmp_path)
    assert "21,000" in found["ecfr-744.23"].text
    then = found["ecfr-744.23@2023-11-17"]
    assert "4,800" in then.text
    assert (then.source.until, then.source.superseded_by) == ("2026-06-30", ("ecfr-744.23",))
    assert then.source.url == "https://www.ecfr.gov/on/2023-11-17/title-15/section-744.23"


def test_an_amendment_that_changes_no_word_and_a_removal_are_told_apart(publisher, tmp_path):
    publisher.code("744.23", TEXTS, until="2026-06-25", substantive=False)
    assert run(publisher, tmp_path, section())["ecfr-744.23"].what == "new"
    assert documents(tmp_path)["ecfr-744.23"].source.published == "2022-10-21", "the oldest day is a beginning"
    publisher.code("744.23", TEXTS, until="2026-06-25", removed=True)
    assert "removed on 2023-11-17" in run(publisher, tmp_path, section())["ecfr-744.23"].note
    publisher.code("744.99", TEXTS, until="2026-06-25")
    assert run(publisher, tmp_path, entry("ecfr-x", "ecfr", part="744", section="744.98"))["ecfr-x"].what == "failed"


def test_a_section_whose_words_stood_through_an_amendment_is_one_text_from_its_first_day_to_its_last(
    publisher, tmp_path
):
    first = SECTION.format("The threshold is 600.")
    texts = {
        "2022-10-21": first,
        "2023-01-18": first.replace("<P>", '<P ID="1">'),
        "2023-11-17": TEXTS["2023-11-17"],
    }
    publisher.code("744.23", texts, until="2026-06-25")
    wanted = section(versions=("2022-12-01", "2023-02-01"))
    for what in ("new", "unchanged"):
        assert run(publisher, tmp_path, wanted)["ecfr-744.23"].what == what
        found = documents(tmp_path)
        assert set(found) == {"ecfr-744.23", "ecfr-744.23@2022-10-21"}
        then = found["ecfr-744.23@2022-10-21"].source
        assert (then.published, then.effective, then.until) == ("2022-10-21", "2022-10-21", "2023-11-16")


SUPPLEMENT = """<?xml version="1.0"?>
<DIV9 N="Supplement No. 1 to Part 774" TYPE="APPENDIX"><HEAD>Supplement No. 1 to Part 774—The Commerce Control List</HEAD>
<HD1>Category 3—Electronics</HD1>
<P>Read 3A090 together with the notes.</P>
<FP-2><B>3A001 Electronic items as follows.</B></FP-2><P>Other items.</P>
<FP-2><B>3A090 Integrated circuits as follows.</B></FP-2>
<HD2>License Requirements</HD2><P>a. A total processing performance of {tpp} or more.</P><P><B>3A991.p</B> is another entry.</P>
<NOTE><P>A note stays.</P></NOTE>
<FP-2><B>3A991 Electronic devices.</B></FP-2><P>More items.</P>
<HD1>B. “Test equipment”</HD1>
<FP-2><B>3B001 Equipment as follows.</B></FP-2><P>Tools.</P>
<HD1>Category 4—Computers</HD1><P>Of computers.</P>
</DIV9>"""
CCL = "Supplement No. 1 to Part 774"


def eccn(code: str, **more: Any) -> Entry:
    return entry(f"ecfr-{code.lower()}", "ecfr", part="774", appendix=CCL, eccn=code, **more)


def test_one_eccn_is_cut_out_word_for_word_and_the_supplement_is_asked_for_once(publisher, tmp_path):
    texts = {"2023-11-17": SUPPLEMENT.format(tpp="4,800")}
    publisher.code(CCL, texts, until="2026-06-25")
    outcomes = run(publisher, tmp_path, eccn("3A090"), eccn("3B001"), eccn("9A999"))
    assert [o.what for o in outcomes.values()] == ["new", "new", "failed"]
    assert "no entry 9A999" in outcomes["ecfr-9a999"].note
    assert len([path for path in publisher.paths if "/full/" in path]) == 1
    found = documents(tmp_path)
    text = found["ecfr-3a090"].text
    assert "3A090 Integrated circuits as follows." in text
    assert "performance of 4,800 or more." in text
    assert "A note stays." in text
    assert not {"3A001", "3A991", "Other items", "Of computers"} & set(text.replace(".", "").split("\n"))
    assert "Of computers" not in found["ecfr-3b001"].text
    sidecar = json.loads(next((tmp_path / "ecfr-3a090").glob("*.xml.json")).read_text())
    assert sidecar["sha256"] != sidecar["received_sha256"]


def test_an_eccn_that_stood_while_others_changed_is_one_text_and_says_no_end_that_is_not_known(publisher, tmp_path):
    first, second = SUPPLEMENT.format(tpp="600"), SUPPLEMENT.format(tpp="4,800")
    texts = {"2022-10-21": first, "2023-01-18": first.replace("Tools.", "More tools."), "2023-11-17": second}
    publisher.code(CCL, texts, until="2026-06-25")
    run(publisher, tmp_path, eccn("3A090", versions=("2022-12-01", "2023-02-01")))
    found = documents(tmp_path)
    assert set(found) == {"ecfr-3a090", "ecfr-3a090@2022-10-21"}
    assert found["ecfr-3a090@2022-10-21"].source.until == ""


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="../shared/data/policy is not on this machine")
def test_real_samples_of_both_formats_come_through(publisher, tmp_path):
    issue = (SAMPLES / "2016-04-15.xml").read_bytes()
    start = issue.index(b"<RULE>")
    publisher.register("2016-1", "x", publication_date="2016-04-15")
    publisher.answers["/documents/full_text/xml/2016/04/15/2016-1.xml"] = Answer(
        b'<?xml version="1.0"?>\n' + issue[start : issue.index(b"</RULE>", start) + 7], "text/xml"
    )
    title = (SAMPLES / "ecfr-title-3-2024-05-17.xml").read_bytes()
    start = title.index(b'<DIV8 N="101.1"')
    body = b'<?xml version="1.0"?>\n' + title[start : title.index(b"</DIV8>", start) + 7]
    publisher.code("101.1", {"2017-01-01": body.decode()}, until="2024-05-17")
    sample = entry("ecfr-101.1", "ecfr", part="101", section="101.1")
    outcomes = run(publisher, tmp_path, rule("2016-1"), sample)
    assert [o.what for o in outcomes.values()] == ["new", "new"]
    assert "Executive Office of the President" in documents(tmp_path)["ecfr-101.1"].text


def test_a_cut_out_entry_is_well_formed():
    body = cut(Reply("https://example.org", SUPPLEMENT.format(tpp="4,800").encode()), "3A090")
    assert body.startswith(b"<?xml")
    assert b"\xe2\x80\x94The Commerce Control List" in body


# Pages


def test_a_changed_page_keeps_both_texts_and_each_says_its_days(publisher, tmp_path, monkeypatch):
    ministry = entry("mofcom-46", url=publisher.url + "/46", published="2024-12-03", side="china", language="en")
    publisher.answers["/46"] = page("Exports of okapis are banned.")
    days = iter([datetime(2026, 6, day, 9, tzinfo=UTC) for day in (1, 8, 20, 21)])
    monkeypatch.setattr("rag.fetch.run._now", lambda: next(days))
    assert run(publisher, tmp_path, ministry)["mofcom-46"].what == "new"
    assert run(publisher, tmp_path, ministry)["mofcom-46"].what == "unchanged"
    publisher.answers["/46"] = page("Exports of okapis are banned, and of zebras.")
    assert run(publisher, tmp_path, ministry)["mofcom-46"].what == "changed"
    found = documents(tmp_path)
    now, then = found["mofcom-46"], found["mofcom-46@2024-12-03"]
    assert "zebras" in now.text
    assert "zebras" not in then.text
    assert (now.source.published, now.source.until) == ("2026-06-20", "")
    assert (then.source.published, then.source.until) == ("2024-12-03", "2026-06-08"), "it was last seen on the 8th"
    assert then.source.superseded_by == ("mofcom-46",)
    publisher.answers["/46"] = page("Exports of okapis are banned.")
    assert run(publisher, tmp_path, ministry)["mofcom-46"].what == "changed", "back to the first text"
    assert len(documents(tmp_path)) == 3
    assert "zebras" not in documents(tmp_path)["mofcom-46"].text


def visited(number: int) -> Answer:
    """A page as it comes at one visit: what no reader sees is new each time."""
    body = (
        f"<!doctype html><html><head><title>A rule</title><script nonce='{number}'>visit({number})</script></head><body>"
        f"<!-- rendered in {number} ms --><h1>A rule</h1><p>Exports of okapis  are banned.</p>"
        f"<p>Ask <a href='/cdn-cgi/l/email-protection' data-cfemail='{number}'>[email protected]</a>.</p></body></html>"
    )
    return Answer(body.encode(), headers={"ETag": f'"{number}"'})


def test_a_page_of_the_same_words_is_the_same_text_whatever_its_bytes(publisher, tmp_path, monkeypatch):
    ministry = entry("mofcom-46", url=publisher.url + "/46", published="2024-12-03", status="in force")
    days = iter([datetime(2026, 6, day, 9, tzinfo=UTC) for day in (1, 8, 20)])
    monkeypatch.setattr("rag.fetch.run._now", lambda: next(days))
    publisher.answers["/46"] = [visited(1), visited(2), visited(3)]
    assert run(publisher, tmp_path, ministry)["mofcom-46"].what == "new"
    files = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in tmp_path.rglob("*.html*")}
    for _ in range(2):
        assert run(publisher, tmp_path, ministry)["mofcom-46"].what == "unchanged"
    assert {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in tmp_path.rglob("*.html*")} == files
    source = documents(tmp_path)["mofcom-46"].source
    assert (source.published, source.until, source.status) == ("2024-12-03", "", "in force")


def test_a_page_whose_words_change_among_such_bytes_is_another_text(publisher, tmp_path):
    ministry = entry("mofcom-46", url=publisher.url + "/46", published="2024-12-03")
    zebras = Answer(visited(2).body.replace(b"okapis", b"zebras"))
    publisher.answers["/46"] = [visited(1), zebras, visited(3)]
    assert [run(publisher, tmp_path, ministry)["mofcom-46"].what for _ in range(3)] == ["new", "changed", "changed"]
    assert ["zebras" in d.text for _, d in sorted(documents(tmp_path).items())] == [False, False, True]


def test_a_page_that_no_loader_can_read_is_compared_by_its_bytes(publisher, tmp_path):
    publisher.answers["/a"] = [Answer(b"<html><img src='1.png'></html>"), Answer(b"<html><img src='2.png'></html>")]
    scan = entry("a", url=publisher.url + "/a")
    assert [run(publisher, tmp_path, scan)["a"].what for _ in range(3)] == ["new", "changed", "unchanged"]


def test_every_document_of_a_file_counts_when_words_are_compared():
    rules = "<FEDREG>{}</FEDREG>"
    one = "<RULE><PREAMB><SUBJECT>A rule</SUBJECT></PREAMB><SUPLINF><P>Okapis.</P></SUPLINF></RULE>"
    two = one.replace("A rule", "Another rule")
    first, spaced, changed = (
        rules.format(more).encode() for more in (one + two, one + "\n" + two, one + two.replace("Okapis", "Zebras"))
    )
    assert say_the_same(first, spaced, (".xml", ".xml"))
    assert not say_the_same(first, changed, (".xml", ".xml"))


def test_a_file_that_was_deleted_is_fetched_again(publisher, tmp_path):
    publisher.answers["/a"] = page("Okapi.")
    publisher.answers["/a"].headers["ETag"] = '"1"'
    one = entry("a", url=publisher.url + "/a")
    run(publisher, tmp_path, one)
    next((tmp_path / "a").glob("*.html")).unlink()
    assert run(publisher, tmp_path, one)["a"].what == "new"
    assert documents(tmp_path)["a"]


def test_one_failure_never_stops_the_rest(publisher, tmp_path):
    good = page("Okapi.")
    publisher.answers |= {
        "/ok": good,
        "/moved": to("/ok", 301),
        "/busy": [Answer(status=429, headers={"Retry-After": "0"}), Answer(status=500), page("Zebra.")],
        "/broken": Answer(status=500),
        "/cut": Answer(good.body, cut=10),
        "/endless": Answer(endless=True),
        "/login": Answer(b"<html><title>Sign in</title></html>"),
        "/paper": Answer(pdf("A licence is required."), "application/pdf"),
        "/api/v1/documents/2025-1.json": Answer(b'{"oops": 1}', "application/json"),
        "/api/v1/documents/2025-2.json": Answer(b"<html><title>Request Access</title></html>"),
    }
    paths = ["ok", "moved", "busy", "broken", "cut", "endless", "login", "missing"]
    entries = [entry(path, url=f"{publisher.url}/{path}", format="html") for path in paths]
    entries += [entry("paper", url=f"{publisher.url}/paper", format="pdf"), rule("2025-1"), rule("2025-2")]
    entries.append(entry("dead", url="http://127.0.0.1:9/a"))
    outcomes = run(publisher, tmp_path, *entries, manners=replace(HASTY, limit=1_000_000))
    assert {i for i, o in outcomes.items() if o.what == "new"} == {"ok", "moved", "busy", "paper"}
    notes = {i: o.note for i, o in outcomes.items() if o.what == "failed"}
    assert "500 Internal Server Error, 3 times; try again later" in notes["broken"]
    assert "did not come whole" in notes["cut"]
    assert "larger than 1.0 MB" in notes["endless"]
    assert "titled “Sign in”" in notes["login"]
    assert "404 Not Found" in notes["missing"]
    assert "shape that this version does not know" in notes["fr-2025-1"]
    assert "a web page titled “Request Access” in place of JSON" in notes["fr-2025-2"]
    assert "cannot be reached" in notes["dead"]
    assert set(documents(tmp_path)) == {"ok", "moved", "busy", "paper"}
    assert not [path for path in tmp_path.rglob("*") if path.name.endswith(".part")]


def test_a_failure_leaves_what_was_held(publisher, tmp_path):
    publisher.answers["/a"] = page("Okapi.")
    one = entry("a", url=publisher.url + "/a")
    run(publisher, tmp_path, one)
    publisher.answers["/a"] = Answer(b"<html><title>Access denied</title></html>")
    assert run(publisher, tmp_path, one)["a"].what == "failed"
    assert "Okapi." in documents(tmp_path)["a"].text


def test_what_was_never_fetched_comes_first(publisher, tmp_path):
    publisher.answers |= {f"/{name}": page(name) for name in "abc"}
    one, two, three = (entry(name, url=f"{publisher.url}/{name}") for name in "abc")
    run(publisher, tmp_path, one)
    publisher.asked.clear()
    run(publisher, tmp_path, one, two, three)
    assert publisher.paths == ["/b", "/c", "/a"]


def test_without_a_network_it_is_said_in_one_line(tmp_path):
    nowhere = Places("http://127.0.0.1:9/api/v1", "http://127.0.0.1:9/api")
    with pytest.raises(NoNetwork, match=r"^No network: nothing was fetched; answers rest on the records"):
        list(fetch([rule()], tmp_path, HASTY, nowhere))


def test_two_runs_into_one_folder_do_not_mix(publisher, tmp_path):
    publisher.answers |= {"/a": page("Okapi."), "/b": page("Zebra.")}
    places = Places(publisher.url, publisher.url)
    running = fetch(
        [entry("a", url=publisher.url + "/a"), entry("b", url=publisher.url + "/b")], tmp_path, HASTY, places
    )
    next(running)
    with pytest.raises(FetchBusy, match="Wait until it has finished"):
        run(publisher, tmp_path, rule())
    assert [o.what for o in running] == ["new"]


def test_a_state_that_is_not_ours_counts_as_none(tmp_path):
    for content in (b"", b"{}", b"[1]", b'{"checked": 1, "seen": {}, "days": [], "versions": [{"x": 1}]}'):
        (tmp_path / ".state.json").write_bytes(content)
        assert Holding.open(tmp_path).versions == []


def test_a_folder_that_cannot_be_written_is_named_with_the_setting(publisher, tmp_path):
    publisher.answers["/a"] = page("Okapi.")
    (tmp_path / "a").write_text("a file where a folder should be")
    outcome = run(publisher, tmp_path, entry("a", url=publisher.url + "/a"))["a"]
    assert outcome.what == "failed"
    assert "CHIPQUOTE_DATA" in outcome.note


# The command


def sources(tmp_path: Path, publisher: Publisher, *names: str) -> Path:
    tables = [
        f'[[source]]\nid = "{n}"\nkind = "page"\ntitle = "Notice {n}"\npublisher = "Ministry"\nside = "us"\n'
        f'published = "2025-01-0{i}"\nurl = "{publisher.url}/{n}"\n'
        for i, n in enumerate(names, 1)
    ]
    (tmp_path / "sources.toml").write_text("\n".join(tables))
    return tmp_path / "sources.toml"


def arguments(tmp_path: Path, publisher: Publisher, *names: str) -> list[str]:
    apis = ["--federal-register", publisher.url, "--ecfr", publisher.url]
    return ["fetch", "--private", "--delay", "0", "--sources", str(sources(tmp_path, publisher, *names)), *apis]


def test_the_command_says_what_changed_and_what_to_do(publisher, tmp_path, here):
    publisher.answers |= {"/a": page("The okapi rule."), "/b": Answer(b"no", status=404)}
    command = arguments(tmp_path, publisher, "a", "b")
    ran = here(*command)
    assert (ran.code, ran.out) == (0, "")
    assert "new        a" in ran.err
    assert "failed     b: " in ran.err
    assert "1 new, 0 changed, 0 unchanged, 1 failed." in ran.err
    assert "tried again first" in ran.err
    assert "Run `python -m rag index` to take them in." in ran.err
    assert "fetching" in ran.err, "a progress bar"
    ran = here(*command, "--json", "a")
    assert json.loads(ran.out) == {"id": "a", "what": "unchanged", "note": ""}
    assert "python -m rag index" not in ran.err
    ran = here(*command, "b")
    assert ran.code == 1, "all failed"


def test_the_list_shows_what_is_held_and_fetches_nothing(publisher, tmp_path, here):
    publisher.answers["/a"] = page("The okapi rule.")
    command = arguments(tmp_path, publisher, "a", "b")
    here(*command, "a")
    publisher.asked.clear()
    ran = here(*command, "--list")
    assert [line.split()[0] == "not" for line in ran.out.splitlines()] == [False, True]
    assert "Notice b" in ran.out
    assert json.loads(here(*command, "--list", "--json", "b").out)["texts"] == "0"
    assert publisher.asked == []


def test_what_was_fetched_is_quoted_as_of_its_day(publisher, tmp_path, here, new_index):
    """From the server to the answer, and back to the file by `verify`."""
    publisher.answers["/a"] = page("The okapi threshold is four thousand eight hundred points. Exports need a licence.")
    index = ["--index", str(new_index(tmp_path / "index"))]
    assert here(*arguments(tmp_path, publisher, "a")).code == 0
    corpus = str(tmp_path / "data" / "sources")
    assert here("index", "--corpus", corpus, *index).code == 0
    question = ["ask", "What is the okapi threshold?", "--json", *index]
    answer = json.loads(here(*question, "--as-of", "2025-06-01").out)
    assert answer["quotes"][0]["document"] == "a"
    assert answer["quotes"][0]["url"] == f"{publisher.url}/a"
    assert here(*question, "--as-of", "2024-06-01").code == 2
    assert here("verify", answer["quotes"][0]["key"], *index).code == 0


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["nonsense"], ["No source is called 'nonsense'", "--list"]),
        (["--side", "mars"], ["of the side 'mars'", "There are: us"]),
        (["--sources", "gone.toml"], ["no list of sources gone.toml"]),
    ],
)
def test_wrong_use_says_what_there_is(publisher, tmp_path, here, more, words):
    assert_mendable(here(*arguments(tmp_path, publisher, "a"), *more), *words)


def test_offline_is_one_line_and_exit_1(tmp_path, here, publisher):
    dead = ["--federal-register", "http://127.0.0.1:9", "--ecfr", "http://127.0.0.1:9", "--private"]
    ran = here("fetch", "fr-*", *dead)
    assert ran.code == 1
    assert ran.err.startswith("No network: nothing was fetched; answers rest on the records")
    assert len(ran.err.splitlines()) == 1


# Killed


KILLER = """
import os, signal, sys
event, name, nth = sys.argv[1], sys.argv[2], int(sys.argv[3])
seen = 0
def die(what, args):
    global seen
    if what == event and any(name in os.fsdecode(a) for a in args if isinstance(a, (str, bytes, os.PathLike))):
        seen += 1
        if seen == nth:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(die)
from rag.__main__ import main
main(sys.argv[4:])
"""


def whole(folder: Path) -> None:
    """Every text has the sha256 of its name and a sidecar; what is half written bears a name that nothing reads."""
    import hashlib

    for path in folder.rglob("*.html"):
        if not path.name.startswith("."):
            assert hashlib.sha256(path.read_bytes()).hexdigest().startswith(path.name[:12])
            assert json.loads(path.with_name(path.name + ".json").read_text())["title"]
    documents(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize(
    ("event", "name", "nth"),
    [
        ("open", ".html.json.part", 2),
        ("open", ".html.part", 2),
        ("os.rename", ".html.part", 2),
        ("os.rename", "state", 2),
    ],
)
def test_a_run_killed_at_any_point_leaves_whole_files_and_the_next_one_completes_it(
    publisher, tmp_path, event, name, nth
):
    publisher.answers |= {f"/{n}": page(f"The okapi rule {n}.") for n in "abc"}
    command = arguments(tmp_path, publisher, *"abc")
    env = environment() | {"CHIPQUOTE_DATA": str(tmp_path / "data")}

    def go(*how: str) -> int:
        return subprocess.run([sys.executable, *how, *command], env=env, capture_output=True, check=False).returncode

    assert go("-c", KILLER, event, name, str(nth)) == -signal.SIGKILL
    folder = tmp_path / "data" / "sources"
    whole(folder)
    assert go("-m", "rag") == 0
    whole(folder)
    assert set(documents(folder)) == set("abc")
    assert not list(folder.rglob("*.part"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_run_killed_between_two_texts_of_one_page_never_shows_two_documents_of_one_id(publisher, tmp_path):
    publisher.answers["/a"] = page("The okapi rule.")
    command = arguments(tmp_path, publisher, "a")
    env = environment() | {"CHIPQUOTE_DATA": str(tmp_path / "data")}
    subprocess.run([sys.executable, "-m", "rag", *command], env=env, capture_output=True, check=True)
    publisher.answers["/a"] = page("The zebra rule.")
    for event, name in (("open", ".html.json.part"), ("os.rename", ".html.json.part"), ("os.rename", ".html.part")):
        killed = [sys.executable, "-c", KILLER, event, name, "1", *command]
        assert subprocess.run(killed, env=env, capture_output=True, check=False).returncode == -signal.SIGKILL
        whole(tmp_path / "data" / "sources")
    subprocess.run([sys.executable, "-m", "rag", *command], env=env, capture_output=True, check=True)
    assert {"zebra" in d.text for d in documents(tmp_path / "data" / "sources").values()} == {True, False}
