"""Values in a chat message, and what becomes a link."""

from __future__ import annotations

import html
import re

import pytest
from conftest import ATTACK  # type: ignore[import-not-found]
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from material import document

from rag.datatypes import Answer, Outcome, Quote
from rag.web.render import answer_html, day, literal, notice_html, web_address


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])))
def test_any_text_shows_literally(text: str) -> None:
    written = literal(text)
    assert re.fullmatch(r"(?:[^\W_]|[ ]|&#\d+;)*", written)
    assert html.unescape(written) == html.unescape(html.escape(text))


@given(st.text(st.sampled_from("<>[]()*_`#$!&|~:/.-+ \n1ax\\")))
def test_markdown_finds_nothing_to_mark_up(text: str) -> None:
    shown = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(f"x{literal(text)}")
    assert not re.findall(r"<(?!/?p>)", shown)


def test_a_message_is_one_line_so_that_markdown_leaves_it_alone() -> None:
    paper = document(
        f"One {ATTACK}\n\n\n    Two", title=ATTACK, publisher="\n\n# P", url="javascript:alert(1)", speaker="*S*"
    )
    quote = Quote(paper, 0, len(paper.text))
    message = answer_html(Answer(ATTACK, Outcome.ANSWERED, (quote,), searched="another\n\nthing"), lambda name: None)
    assert "\n" not in message
    assert "<script" not in message
    assert "javascript" not in re.findall(r'href="([^"]*)"', html.unescape(message))
    shown = MarkdownIt("commonmark").render(message)
    assert "<h1>" not in shown
    assert "<em>" not in shown


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_can_be_shown(outcome: Outcome) -> None:
    assert answer_html(Answer("q", outcome, coverage="7 documents"), lambda name: None)


def test_a_notice_is_text() -> None:
    assert "<script>" not in notice_html("<script>", "<script>")


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://example.org/a?b=c", "https://example.org/a?b=c"),
        ("HTTP://EXAMPLE.ORG", "HTTP://EXAMPLE.ORG"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//example.org", ""),
        ("https:", ""),
        ("http://[bad", ""),
        ("", ""),
    ],
)
def test_only_web_addresses_become_links(url: str, link: str) -> None:
    assert web_address(url) == link


@pytest.mark.parametrize(
    ("iso", "shown"),
    [("2025-05-03", "3 May 2025"), ("2025-05", "May 2025"), ("2025", "2025"), ("2025-13", "2025-13"), ("soon", "soon")],
)
def test_dates_read_as_people_write_them(iso: str, shown: str) -> None:
    assert day(iso) == shown
