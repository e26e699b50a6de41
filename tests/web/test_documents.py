"""The page of a source: what is marked, what is refused, how fast a long one is."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from conftest import ATTACK, Site  # type: ignore[import-not-found]
from fastapi import FastAPI
from fastapi.testclient import TestClient
from lxml import html
from material import document as made

from rag.datatypes import Document, Quote, Span, quote_key
from rag.present import fragment_url
from rag.split import split
from rag.web.documents import blocks, documents_router, place_of, quotes_of
from rag.web.render import quote_path

TEXT = "First words. Second words. Third words.\n\nA heading\n\nFourth words. Fifth words."


class Desk:
    """Holds a few documents, as an Index does."""

    def __init__(self, *documents: Document) -> None:
        self.held = {d.id: d for d in documents}

    def find(self, document_id: str) -> Document | None:
        return self.held.get(document_id)

    def places(self, key: str) -> list[Span]:
        runs = (run for paper in self.held.values() for passage in split(paper) for run in passage.runs(3))
        return [r for r in runs if key == quote_key(r.document.id, r.document.version, r.start, r.end)]


def visit(*documents: Document) -> TestClient:
    app = FastAPI()
    app.include_router(documents_router(Desk(*documents)))  # type: ignore[arg-type]
    return TestClient(app)


def marked(page: str) -> str:
    return "\n".join(mark.text_content() for mark in html.fromstring(page).iter("mark"))


@pytest.fixture
def paper() -> Document:
    return made(TEXT, id="a paper/1")


@pytest.mark.parametrize("words", ["Second words.", "First words. Second words. Third words."])
def test_a_quote_is_marked_by_its_offsets_or_by_its_key_alone(paper: Document, words: str) -> None:
    start = TEXT.index(words)
    end = start + len(words)
    key = quote_key(paper.id, paper.version, start, end)
    for query in (f"start={start}&end={end}", f"quote={key}", f"quote={key}&start={start}&end={end}"):
        page = visit(paper).get(f"/documents/a%20paper%2F1?{query}")
        assert page.status_code == 200
        assert marked(page.text) == words
        assert html.fromstring(page.text).get_element_by_id("quote") is not None


def test_a_quote_over_two_blocks_is_marked_in_both_with_one_anchor(paper: Document) -> None:
    shown = [piece for block in blocks(paper, quotes_of(paper, (27, len(TEXT)))) for piece in block.pieces]
    assert "".join(piece.text for piece in shown) == TEXT.replace("\n", "")
    marked = [piece for piece in shown if piece.quote]
    assert [piece.text for piece in marked] == ["Third words.", "A heading", "Fourth words. Fifth words."]
    assert [piece.first for piece in marked] == [True, False, False]


def test_other_quotes_of_the_source_are_marked_too_and_each_leads_to_itself(paper: Document) -> None:
    words = ("First words.", "Third words.", "Fourth words.")
    first, third, fourth = (Quote(paper, TEXT.index(w), TEXT.index(w) + len(w)) for w in words)
    client = visit(paper)
    page = html.fromstring(client.get(quote_path(third, (first, third, fourth))).text)
    assert [mark.text_content() for mark in page.iter("mark")] == list(words)
    assert page.get_element_by_id("quote").text_content() == "Third words."
    assert "Quote 2 of 3 from this source" in page.text_content()
    links = {a.text_content(): a.get("href") for a in page.iter("a")}
    for name, quote in (("‹ Previous", first), ("Next ›", fourth), ("First words.", first)):
        there = html.fromstring(client.get(links[name]).text)
        assert there.get_element_by_id("quote").text_content() == quote.text
        assert len(list(there.iter("mark"))) == 3


@pytest.mark.parametrize("also", ["0-99999", "5-2", "x-y", "-", "0-14", "1e3-4", "0" * 99 + "-5"])
def test_other_places_that_cannot_be_are_left_out(paper: Document, also: str) -> None:
    page = visit(paper).get(f"/documents/a%20paper%2F1?start=13&end=26&also={also}")
    assert page.status_code == 200
    assert marked(page.text) == "Second words."


@pytest.mark.parametrize(
    "query",
    [
        "quote=00000000",
        "start=5&end=2",
        "start=0&end=99999",
        "start=a&end=b",
        "start=-1&end=3",
        f"start=0&end={'9' * 5000}",
    ],
)
def test_a_place_that_is_not_there_is_said_and_nothing_is_marked(paper: Document, query: str) -> None:
    page = visit(paper).get(f"/documents/a%20paper%2F1?{query}")
    assert page.status_code == 200
    assert "not in the document as it is now" in page.text
    assert marked(page.text) == ""


def test_offsets_of_an_older_version_mark_nothing(paper: Document) -> None:
    key = quote_key(paper.id, "another version", 0, 12)
    assert place_of(paper, Desk(paper).places, key, "0", "12") is None


def test_pages_of_a_pdf_are_numbered_where_they_begin() -> None:
    paper = Document("p", "One.\nTwo.\nThree.", made("x").source, pages=(0, 10))
    assert [block.page for block in blocks(paper)] == [1, 0, 2]


def test_an_unknown_document_is_a_plain_page_that_says_what_to_do(site: Site, new_page: Callable[..., Any]) -> None:
    page = visit().get("/documents/%3Cscript%3Ealert(1)%3C/script%3E")
    assert page.status_code == 404
    assert "<script>alert" not in page.text
    shown = new_page("/documents/nothing-of-this-name")
    assert "No such document" in shown.locator("h1").inner_text()
    shown.get_by_role("link", name="Ask the question again").click()
    shown.locator("#question textarea").wait_for()


def test_attacks_in_a_document_stay_text() -> None:
    page = visit(
        made(f"The {ATTACK} end.", id="x", title=ATTACK, publisher=ATTACK, url="javascript:x", status=ATTACK)
    ).get("/documents/x")
    tree = html.fromstring(page.text)
    assert [s.get("src") for s in tree.iter("script")] == ["/ui/document.js"]
    assert not list(tree.iter("img", "strong"))
    assert not [a for a in tree.iter("a") if "javascript" in a.get("href", "")]
    assert ATTACK in tree.text_content()


def test_links_that_present_makes_lead_to_the_marked_words(site: Site, new_page: Callable[..., Any]) -> None:
    record = site.ask("When did the four fluxite country tiers of Freedonia end?").quotes[0]
    assert record.document.id == "fluxite-record"
    for link in (fragment_url(record), quote_path(record)):
        shown = new_page(unquote(link) if "%" not in link else link)
        assert shown.locator("#quote").inner_text() == record.text


def test_a_long_source_opens_fast() -> None:
    line = "Paragraph of the rule with some thirty words in it, so that it fills a line or two of the page. "
    text = "\n\n".join(line * 3 for _ in range(2_200))
    paper = made(text, id="long")
    assert len(text) > 600_000
    client = visit(paper)
    client.get("/documents/long")
    began = time.perf_counter()
    page = client.get(
        f"/documents/long?start=500000&end=500020&quote={quote_key('long', paper.version, 500_000, 500_020)}"
    )
    assert time.perf_counter() - began < 2
    assert marked(page.text) == text[500_000:500_020]
