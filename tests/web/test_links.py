"""Links to exact words, followed by a real browser: it comes to rest where the quote stands."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from material import document

from rag.datatypes import Quote
from rag.present import fragment_url
from rag.split import split

CHINESE = """根据《中华人民共和国出口管制法》有关规定，为维护国家安全和利益，决定对下列物项实施出口管制。
一、满足以下特性的物项，未经许可，不得出口。本条所称出口，包括过境、转运、通运和再出口，以及从保税区等海关特殊监管区域向境外出口；对国家安全有重大影响的物项，报国务院批准；有关事项由商务部会同有关部门办理，并向社会公布。
二、出口经营者应当通过省级商务主管部门提出申请。有关事项由商务部会同有关部门办理，并向社会公布。
三、本公告自公布之日起正式实施。中方“将采取必要措施。”"""
ENGLISH = """Section 1. The Bureau may refuse the licence of a maker who is late. It is so.
Section 2. The Bureau may refuse the licence of a maker who has lied; it tells the maker why - in writing, within 30 days, \
and by registered mail - and it hears the maker before it publishes the refusal in the register, unless there is danger, \
in which case it may publish first and hear the maker within ten days of the publication. It is so."""


@pytest.fixture
def served() -> Iterator[tuple[str, dict[str, str]]]:
    """(address, pages to serve)."""
    pages: dict[str, str] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get(self.path, "").encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", pages
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(("text", "language"), [(CHINESE, "zh"), (ENGLISH, "en")], ids=["Chinese", "English"])
def test_the_link_of_every_quote_leads_to_its_paragraph(browser, served, text, language):
    address, pages = served
    far_apart = "".join(f"<div style='height:3000px'></div><p>{line}</p>" for line in text.split("\n"))
    pages["/page"] = f"<html lang='{language}'><body>{far_apart}<div style='height:3000px'></div></body></html>"
    paper = document(text, language=language, url=f"{address}/page")
    quotes = [Quote(paper, run.start, run.end) for passage in split(paper) for run in passage.runs(2)]
    assert len(quotes) > 6
    page = browser.new_page()
    for quote in quotes:
        page.goto("about:blank")
        page.goto(fragment_url(quote))
        number = text[: quote.start].count("\n")
        seen = f"(p => p.top >= -200 && p.top < innerHeight)(document.querySelectorAll('p')[{number}].getBoundingClientRect())"
        page.wait_for_function(seen, timeout=5000)
    page.close()
