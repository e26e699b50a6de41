"""Links to exact words, followed by a real browser: it comes to rest where the quote stands."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode

import pytest
from chatting import ask, reply  # type: ignore[import-not-found]
from conftest import Site  # type: ignore[import-not-found]
from hypothesis import given
from hypothesis import strategies as st
from material import document, find_browser

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


# One place and no other: what the specification says of a search, done again in plain words


PIECES = [
    "It is so.", "it is SO.", "IT IS SO, and not otherwise.", "The Bureau may refuse the licence of a maker who is late.",
    "The Bureau may refuse the licence of a maker who has lied about it.", "有关事项由商务部会同有关部门办理，并向社会公布。",
    "未经许可，不得出口。", "Café “Zürich” is shut.", "Cafe \"Zurich\" is shut.", "Row 1 2 3 4 5 6 7 8",
    "A long sentence " + "of many words that say the same " * 9 + "ends here.", "本条所称出口包括过境" + "、转运和再出口" * 12 + "。",
]  # fmt: skip
TEXTS = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from([" ", "\n", ""])), min_size=1, max_size=12)


def places(text: str, start: str, end: str = "", prefix: str = "", suffix: str = "") -> list[tuple[int, int]]:
    """Every place where a text fragment matches, by a search that knows neither case nor accents nor kinds of quotes."""
    alike = str.maketrans("“”éü", '""eu')
    text, start, end, prefix, suffix = (part.lower().translate(alike) for part in (text, start, end, prefix, suffix))
    found = []
    for at in (n for n in range(len(text)) if text.startswith(start, n)):
        stops = [n + len(end) for n in range(at + len(start), len(text)) if text.startswith(end, n)] if end else []
        for stop in stops if end else [at + len(start)]:
            if text[:at].rstrip().endswith(prefix) and text[stop:].lstrip().startswith(suffix):
                found.append((at, stop))
                break
    return found


def parts(url: str) -> dict[str, str]:
    """The parts of the text fragment of a link, as they are read by a browser."""
    directive = re.fullmatch(
        r"[^#]*#:~:text=(?:(?P<prefix>[^,]+)-,)?(?P<start>[^,-]+)(?:,(?P<end>[^,-]+))?(?:,-(?P<suffix>[^,-]+))?", url
    )
    assert directive, url
    return {name: unquote(part or "") for name, part in directive.groupdict().items()}


def quoted(text: str, first: int, last: int, language: str = "en") -> Quote:
    return Quote(document(text, url="https://example.org/page", language=language), first, last)


@given(TEXTS, st.data())
def test_a_link_matches_one_place_only_where_anything_can(pieces: list[tuple[str, str]], data: Any) -> None:
    text, ends = "", []
    for piece, between in pieces:
        ends.append((len(text), len(text) + len(piece)))
        text += piece + between
    text = text.rstrip()
    first = data.draw(st.integers(0, len(ends) - 1))
    last = data.draw(st.integers(first, min(first + 2, len(ends) - 1)))
    quote = quoted(text, ends[first][0], ends[last][1])
    wanted, blocks = (quote.start, quote.end), quote.text.split("\n")
    made = parts(fragment_url(quote))
    if places(text, **made) == [wanted]:
        return
    above, below = text[: quote.start].rstrip().split("\n")[-1], text[quote.end :].lstrip().split("\n")[0]
    above, below = above[-250:], below[:250]  # what is far makes an address too long
    most = [blocks[0], blocks[-1]] if len(blocks) > 1 else blocks
    assert places(text, *most, prefix=above, suffix=below) != [wanted], "nothing could tell it apart"
    assert text.startswith(made["start"], quote.start)


@pytest.mark.parametrize(
    ("text", "words", "nth", "directive"),
    [
        ("It is so. Nobody knew. It is so.", "It is so.", 0, "It is so.,-Nobody knew. It is so."),
        ("It is so. Nobody knew. It is so.", "It is so.", 1, "It is so. Nobody knew.-,It is so."),
        ("IT IS SO. Nobody knew. It is so.", "It is so.", 1, "IT IS SO. Nobody knew.-,It is so."),
        ("Une licence. Sans RÉSERVE. Reserve. Fin.", "Reserve.", 0, "Reserve.,-Fin."),
        ("A row\n1\nB row\n1\nC row", "1", 1, "B row-,1"),
        ("A row\n1\nA row\n1\nC row", "1", 1, "1,-C row"),
        ("A row\n1\nB row\nA row\n1\nC row\nD row\n1\nC row", "1", 1, "A row-,1,-C row"),
        ("Same\nwords\nSame\nwords", "words", 0, "words,-Same"),
        ("未经许可，不得出口。甲项。未经许可，不得出口。乙项。", "未经许可，不得出口。", 0, "未经许可，不得出口。,-甲项。未经许可，不得出口。"),
        ("甲项。未经许可，不得出口。丙项。未经许可，不得出口。", "未经许可，不得出口。", 0, "甲项。-,未经许可，不得出口。"),
    ],
)  # fmt: skip
def test_the_shortest_words_around_tell_a_place_apart(text: str, words: str, nth: int, directive: str) -> None:
    at = [n for n in range(len(text)) if text.lower().startswith(words.lower(), n)][nth]
    quote = quoted(text, at, at + len(words))
    made = unquote(fragment_url(quote).split("text=")[1])
    assert made == directive
    assert places(text, **parts(fragment_url(quote))) == [(quote.start, quote.end)]


def test_a_place_that_nothing_tells_apart_is_linked_as_near_as_can_be() -> None:
    text = "\n".join(["Row"] * 6)
    assert fragment_url(quoted(text, 8, 11)).endswith("#:~:text=Row-,Row")


def test_words_that_stand_in_very_many_places_cost_no_time() -> None:
    text = "a. " * 100_000 + "b."
    began = time.perf_counter()
    fragment_url(quoted(text, 150_000, 150_002))
    fragment_url(quoted(text, 150_000, 150_602))
    assert time.perf_counter() - began < 5


# Links to the chat


def test_a_permalink_with_a_side_sets_it_and_quotes_that_side_alone(new_page: Callable[..., Any], site: Site) -> None:
    question = "What do the United States and China say about fluxite and unobtainium exports?"
    everywhere, china = site.ask(question), site.pipeline.ask(question, None, "china")
    assert {q.document.id for q in everywhere.quotes} > {q.document.id for q in china.quotes} == {"orders"}
    page = new_page("/?" + urlencode({"q": question, "side": "china"}))
    shown = reply(page).locator(".cq-verbatim").all_inner_texts()
    assert shown == [q.text for q in china.quotes]
    page.get_by_role("button", name="Remove: China only").wait_for()
    page.get_by_role("button", name="Date and side").click()
    assert page.get_by_role("radio", name="China").is_checked()
    assert len(ask(page, question, 2).locator(".cq-verbatim").all_inner_texts()) == len(shown), "it stays set"


# The browser that all this is tried in


@pytest.mark.parametrize("named", ["/nowhere/chromium", "/", __file__])
def test_a_named_browser_that_is_none_fails_and_is_not_passed_over(named: str) -> None:
    with pytest.raises(pytest.fail.Exception, match=r"CHROMIUM=.*set it to the path of the browser"):
        find_browser({"CHROMIUM": named})


def test_the_named_browser_is_taken(tmp_path: Path) -> None:
    program = tmp_path / "chromium"
    program.touch(0o755)
    assert find_browser({"CHROMIUM": str(program)}) == str(program)


def test_without_a_browser_a_person_skips_and_ci_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(pytest.skip.Exception, match="set CHROMIUM to its path"):
        find_browser({"CHROMIUM": ""})
    with pytest.raises(pytest.fail.Exception, match="set CHROMIUM to its path"):
        find_browser({"CI": "true"})
