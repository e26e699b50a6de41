"""The page of a certificate: what it says, on every screen and on paper, and when a quote does not stand."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from conftest import ATTACK, Site, serving  # type: ignore[import-not-found]
from lxml import html
from material import Shelf, write_files

from rag.web.certificate import Readings

FLUXITE = "Which exports does the Bureau of Examples ban from 4 July 2024?"


@pytest.fixture
def own(tmp_path: Path, new_index: Callable[[Path], Path]) -> Shelf:
    text = "---\nid: paper\ntitle: A paper\ndate: 2024-01-02\nstatus: in force\n---\nThe quota is ninety crates. It holds for a year.\n"
    shelf = Shelf(write_files(tmp_path / "corpus", {"paper.md": text}), new_index(tmp_path / "own"))
    shelf.build()
    return shelf


def test_the_page_says_all_that_a_certificate_holds(site: Site, new_page: Callable[..., Any]) -> None:
    quote = site.ask(FLUXITE).quotes[0]
    page = new_page(f"/quote/{quote.key}")
    assert page.locator("blockquote").inner_text() == f"“{quote.text}”"
    shown = page.locator("main").inner_text()
    for part in (
        quote.document.source.title, "Ada Example", "Bureau of Examples", "4 July 2024", "In force", "27 June 2026",
        "https://example.org/fluxite", quote.key, quote.document.id, quote.document.version, str(quote.start), str(quote.end),
        f"{site.address}/quote/{quote.key}", "These words stand in the source", "UTC",
    ):  # fmt: skip
        assert part in shown, part
    made = httpx.get(site.address + page.locator("a[download]").get_attribute("href")).json()
    assert made["quote"]["text"] == quote.text
    page.get_by_role("link", name="See it in the document").click()
    assert page.locator("#quote").inner_text() == quote.text


def test_a_source_that_no_longer_holds_says_so_with_what_replaced_it(site: Site, new_page: Callable[..., Any]) -> None:
    quote = site.ask("When did the four fluxite country tiers of Freedonia end?").quotes[0]
    assert quote.document.id == "fluxite-record"
    page = new_page(f"/quote/{quote.key}")
    told = page.locator(".cq-fate").inner_text()
    assert quote.fate is not None
    assert quote.fate.note in told
    assert quote.fate.replaced_by[0].text in told
    assert "fate" not in httpx.get(f"{site.address}/api/quotes/{quote.key}").json()["quote"]


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (320, "dark"), (1280, "dark")])
def test_it_fits_a_phone_and_the_dark_and_needs_no_script(
    site: Site, new_page: Callable[..., Any], width: int, scheme: str
) -> None:
    page = new_page(f"/quote/{site.ask(FLUXITE).quotes[0].key}", width=width, scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("script").count() == 0
    light = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert light == (scheme == "light")


def test_on_paper_links_go_and_the_words_stay(site: Site, new_page: Callable[..., Any]) -> None:
    page = new_page(f"/quote/{site.ask(FLUXITE).quotes[0].key}", scheme="dark")
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    assert page.locator("blockquote").is_visible()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(28, 36, 48)"


def test_attacks_in_a_source_stay_text_on_its_certificate(site: Site, new_page: Callable[..., Any]) -> None:
    document = site.pipeline.index.document("attack")
    key = next(
        f"{row[0]:08x}"
        for row in np.load(site.pipeline.index.path / "keys.npy")
        if site.pipeline.index.places(f"{row[0]:08x}")[0].document.id == "attack"
    )
    page = new_page(f"/quote/{key}")
    assert document.source.title in page.locator("h1").inner_text()
    tree = html.fromstring(httpx.get(f"{site.address}/quote/{key}").text)
    assert not list(tree.iter("script", "img"))
    assert not [a for a in tree.iter("a") if "javascript" in a.get("href", "")]
    assert ATTACK in tree.text_content()


@pytest.mark.parametrize("key", ["ffffffff", "nonsense", "%3Cscript%3E", "a%2Fb"])
def test_an_unknown_key_is_a_page_that_says_what_to_do(site: Site, key: str) -> None:
    reply = httpx.get(f"{site.address}/quote/{key}")
    assert reply.status_code == 404
    assert "<script>" not in reply.text


def test_a_source_that_changed_fails_on_the_page_with_the_difference_and_no_path_is_told(own: Shelf) -> None:
    pipeline = own.pipeline()
    key = pipeline.ask("What is the quota in crates?").quotes[0].key
    file = own.corpus / "paper.md"
    file.write_text(file.read_text().replace("ninety", "eighty"))
    with serving(pipeline) as site:
        page = httpx.get(f"{site.address}/quote/{key}").text
        assert "This quote does not stand" in page
        assert "[-ninety-]{+eighty+}" in page
    file.unlink()
    with serving(pipeline) as site:
        made = httpx.get(f"{site.address}/api/quotes/{key}").json()
        assert not made["result"]["stands"]
        assert str(own.corpus) not in json.dumps(made)


def test_of_two_quotes_with_one_key_the_reader_chooses(own: Shelf) -> None:
    pipeline = own.pipeline()
    path = pipeline.index.path / "keys.npy"
    rows = np.array(np.load(path))
    rows[:2, 0] = rows[0, 0]  # a collision made by hand
    np.save(path, np.asfortranarray(rows))
    key = f"{rows[0, 0]:08x}"
    with serving(pipeline) as site:
        problem = httpx.get(f"{site.address}/api/quotes/{key}")
        assert problem.status_code == 409
        places = problem.json()["places"]
        assert {(p["start"], p["end"]) for p in places} == {(int(r[2]), int(r[3])) for r in rows[:2]}
        page = httpx.get(f"{site.address}/quote/{key}")
        assert (page.status_code, page.text.count("?document=paper")) == (409, 2)
        if places[0]["start"] != places[1]["start"]:
            one = f"{key}?document=paper&start={places[0]['start']}"
            assert httpx.get(f"{site.address}/api/quotes/{one}").json()["quote"]["start"] == places[0]["start"]
            assert httpx.get(f"{site.address}/quote/{one}").status_code == 200


def test_a_source_is_read_once_a_minute_and_the_time_said_is_that_of_the_reading(own: Shelf) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    readings = Readings(own.open(), lambda: now)
    first = readings.of("paper")
    now += timedelta(seconds=59)
    assert readings.of("paper") is first
    now += timedelta(seconds=2)
    assert readings.of("paper").at == now


def test_a_page_that_takes_too_long_is_not_waited_for(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    key = site.ask(FLUXITE).quotes[0].key
    monkeypatch.setattr("rag.web.certificate.Certificates.certificate", lambda *_: time.sleep(1))
    monkeypatch.setattr("rag.web.certificate._TIME", 0.1)
    reply = httpx.get(f"{site.address}/quote/{key}")
    assert (reply.status_code, reply.headers["retry-after"]) == (503, "5")
    assert reply.headers["content-type"].startswith("text/html")
    assert "One moment, please" in reply.text
    assert "Please ask again in a moment" in reply.text


def test_a_downloaded_certificate_is_checked_again_offline(
    own: Shelf, here: Callable[..., Any], tmp_path: Path
) -> None:
    pipeline = own.pipeline()
    key = pipeline.ask("What is the quota in crates?").quotes[0].key
    with serving(pipeline) as site:
        made = httpx.get(f"{site.address}/api/quotes/{key}")
    file = tmp_path / "quote.json"
    file.write_bytes(made.content)
    assert here("verify", file, shelf=own).code == 0
    assert made.json()["quote"]["version"] == hashlib.sha256(own.open().document("paper").text.encode()).hexdigest()
    file.write_text(made.text.replace("ninety", "eighty"))
    ran = here("verify", file, shelf=own)
    assert (ran.code, "[-eighty-]{+ninety+}" in ran.out) == (1, True)
    file.write_text(json.dumps(made.json() | {"citations": made.json()["citations"] | {"chicago": "Nobody said so."}}))
    ran = here("verify", file, shelf=own)
    assert (ran.code, "citations.chicago: " in ran.out) == (1, True)


def test_a_start_that_is_no_place_is_passed_over(site):
    """A number too long to be read, or of other digits, is none."""
    for start in ("9" * 5_000, "²", "-1"):
        reply = httpx.get(f"{site.address}/quote/0123abcd", params={"start": start})
        assert reply.status_code == 404, start
