"""Values in a chat message, and what becomes a link."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date

import pytest
from conftest import ATTACK  # type: ignore[import-not-found]
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from material import document

from rag.datatypes import Answer, Evidence, Fate, Group, Outcome, Passage, Quote
from rag.read.judge import ANSWERS, DENIES, SHARE
from rag.web.render import Link, answer_html, literal, notice_html, web_address
from rag.web.why import MEASURES, place, rows
from rag.weigh import FEATURES, KEPT


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


@pytest.mark.parametrize(
    ("outcome", "heading"),
    [
        (Outcome.PREMISE_CONTRADICTED, "The sources say otherwise"),
        (Outcome.PARTIAL, "The sources answer a part of this"),
    ],
)
def test_what_is_denied_or_not_covered_stands_above_the_quotes(outcome: Outcome, heading: str) -> None:
    paper = document("The rule was never passed.", id="rule")
    notes = ("No quote here covers “why”.", "Another note.")
    message = html.unescape(answer_html(Answer("q", outcome, (Quote(paper, 0, 26),), notes=notes), {}.get))
    banner = message[message.index('<div class="cq-outcome" role="note">') : message.index('<div class="cq-quote">')]
    assert all(words in banner for words in (heading, *notes))
    assert message.count(notes[0]) == 1


def test_a_refusal_says_what_is_related_and_lacks_or_that_nothing_is_near() -> None:
    paper = document("The rule was never passed.", id="rule", title="A rule")
    refusal = Answer("q", Outcome.NOT_FOUND, related=(Quote(paper, 0, 26),), nearest=(paper,), coverage="7 documents")
    near = html.unescape(answer_html(replace(refusal, near=True, lacks=("None of them says when.",)), {}.get))
    assert near.index("Not in these sources") < near.index("None of them says when.")
    assert near.index("Related, not an answer") < near.index("None of them says when."), "whom it speaks of comes first"
    assert near.index("Related, not an answer") < near.index("The rule was never passed.")
    assert "cq-quote" not in near, "what does not answer does not look like an answer"
    assert "cq-next-up" in near, "what can be asked next is looked for"
    far = html.unescape(answer_html(refusal, {}.get))
    assert "Nothing here is about this" in far
    assert "cq-instead" in far
    assert "7 documents" in far
    assert "The rule was never passed." not in far
    assert "A rule" not in far, "what is far is not named as if it were near"


def test_a_refusal_under_a_side_or_a_day_offers_to_ask_without() -> None:
    refusal = Answer("q", Outcome.NOT_FOUND, coverage="7 documents")
    both = html.unescape(answer_html(refusal, {}.get, Link("q", "2025-10-15", "japan")))
    assert 'href="/?q=q&as_of=2025-10-15">Ask all sides' in both
    assert 'href="/?q=q&side=japan">Ask without the date' in both
    assert "cq-widen" not in answer_html(refusal, {}.get, Link("q"))


def test_related_quotes_of_one_document_stand_together() -> None:
    paper = document("One is told. Two is told.", id="rule", title="A rule")
    refusal = Answer("q", Outcome.NOT_FOUND, related=(Quote(paper, 0, 12), Quote(paper, 13, 25)), near=True)
    shown = html.unescape(answer_html(refusal, {}.get))
    assert shown.count("cq-near") == shown.count(">A rule</a>") + 1 == 2, "once the list, once the document"
    assert shown.count("cq-verbatim") == 2


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


def told(state: str, by: bool = True, later: bool = False, text: str = "The tin rule ended.") -> str:
    """The message of an answer with one quote whose source met this fate."""
    source = document("Words of the rule.", id="rule", title="Tin rule", status="rescinded", superseded_by=("end",))
    between = document("Between.", id="between")
    ended = document(text, id="end", title="End of the tin rule", published="2025-05-13")
    quotes = (Quote(ended, 0, len(text)),) if by else ()
    fate = Fate(date(2026, 1, 1), state, "2025-05-13", "What became of it.", later, quotes)
    first, second = (Quote(source, 0, 5, fate=fate), Quote(source, 6, 18, fate=fate))
    answer = Answer("q", Outcome.ANSWERED, (first, Quote(between, 0, 8), second))
    return html.unescape(answer_html(answer, {"end": ended}.get))


def test_the_banner_of_a_rescinded_source_stands_once_and_quotes_what_ended_it() -> None:
    shown = told("rescinded")
    assert shown.count('class="cq-fate cq-fate-gone" role="note"') == 1
    assert shown.count("What became of it.") == 1
    assert shown.count('“<span class="cq-by-verbatim">The tin rule ended.</span>”') == 1
    assert re.search(
        r'Rescinded by “<a class="cq-title" href="/documents/end\?quote=[0-9a-f]{8}&start=0&end=19#quote"', shown
    )
    assert "13 May 2025" in shown
    assert "cq-after" not in shown, "the same is not said twice"


@pytest.mark.parametrize(
    ("state", "by", "later", "brief"),
    [
        ("rescinded", True, False, "Rescinded from 13 May 2025"),
        ("unknown", False, False, "Status not known"),
        ("in force", True, False, "In force · changed in part"),
        ("in force", True, True, "In force on 1 January 2026 · later rescinded"),
        ("proposed", True, False, "Proposed · followed by another"),
    ],
)
def test_the_next_quote_of_a_source_says_its_fate_in_brief(state: str, by: bool, later: bool, brief: str) -> None:
    first, _, second = told(state, by, later).split('<div class="cq-quote">')[1:]
    assert "cq-brief" not in first
    assert f"<span>{brief} (see quote 1)</span>" in second
    assert "What became of it." in first
    assert "What became of it." not in second
    for card in (first, second):
        assert '<span class="cq-status cq-gone">Rescinded</span>' in card, "its status vanishes from no quote"


def test_what_is_said_of_a_question_in_words_covers_every_figure() -> None:
    assert set(MEASURES) == {*FEATURES, KEPT, ANSWERS, SHARE, DENIES}
    row, read, share = rows([{"features": {"meaning": 0.5, ANSWERS: 0.0, SHARE: 0.0}}, {"features": {}}])
    assert (row.words, row.figures) == (MEASURES["meaning"], (0.5, None))
    assert (read.figures[0], share.figures[0]) == (0.5, 1.0), "logits and logarithms are shown from 0 to 1"


def test_where_a_quote_was_found_is_a_place() -> None:
    assert place({"meaning": 3}, "meaning") == "place 3"
    assert place({"its words": 2}, "words") == "place 2 within its document"
    assert place({"meaning": 3}, "words") == "not found"


def test_records_that_were_not_searched_for_are_said_to_be_those_of_that_time_and_have_no_figures() -> None:
    first, second = document("One happened.", id="a"), document("Two happened.", id="b")
    told = Answer(
        "What is new?", Outcome.ANSWERED, (Quote(first, 0, 13), Quote(second, 0, 13)), support=1.0, needed=0.5
    )
    why = html.unescape(answer_html(told, {}.get)).partition("cq-why")[2]
    assert "the records of that time, topic or status, in order of date; nothing was weighed" in why
    assert "of 100" not in why
    assert "<table>" not in why
    found = Quote(first, 0, 13, evidence=Evidence(0, Passage(first, 0, 13), 1.0, {"meaning": 3}))
    why = html.unescape(answer_html(replace(told, quotes=(found, told.quotes[1])), {}.get)).partition("cq-why")[2]
    assert "nothing was weighed" not in why
    assert "<td>place 3</td>" in why
    assert "it tells what became of a source that is quoted" in why
    assert "nothing was weighed" not in answer_html(Answer("q", Outcome.NOT_FOUND), {}.get)


def test_a_related_quote_keeps_its_status() -> None:
    paper = document("The rule was never passed.", id="rule", status="rescinded", status_as_of="2026-06-27")
    refusal = Answer("q", Outcome.NOT_FOUND, related=(Quote(paper, 0, 26),), near=True)
    shown = html.unescape(answer_html(refusal, {}.get))
    assert '<span class="cq-status cq-gone">Rescinded</span> checked 27 June 2026' in shown


def test_a_source_that_holds_has_no_banner_and_each_other_fate_its_own_look() -> None:
    assert "cq-fate" not in told("in force", by=False)
    assert "cq-fate-plain" in told("in force")
    assert "cq-fate-open" in told("in force", later=True)
    assert "cq-fate-open" in told("suspended", by=False)
    assert "cq-fate-open" in told("unknown", by=False)


def test_the_words_that_ended_a_source_are_data_too() -> None:
    ended = document(ATTACK, id="end", title=ATTACK)
    fate = Fate(date(2026, 1, 1), "rescinded", note=ATTACK, replaced_by=(Quote(ended, 0, len(ATTACK)),))
    rule = document("Words.", status="rescinded")
    answer = Answer("q", Outcome.ANSWERED, (Quote(rule, 0, 6, fate=fate),), notes=(ATTACK,))
    message = answer_html(answer, {}.get)
    assert "&#60;script&#62;" in message
    assert "<script" not in message


def test_neighbouring_quotes_of_a_source_share_a_card_and_its_banner() -> None:
    rule = document("One. Two. Three.", id="rule", title="Tin rule", status="rescinded", kind="record")
    fate = Fate(date(2026, 1, 1), "rescinded", "2025-05-13", "Rescinded from 13 May 2025.")
    quotes = tuple(Quote(rule, a, b, fate=fate) for a, b in ((0, 4), (5, 9), (10, 16)))
    shown = html.unescape(answer_html(Answer("q", Outcome.ANSWERED, quotes), {}.get))
    assert shown.count('<div class="cq-quote">') == shown.count(">Tin rule</a>") == shown.count(fate.note) == 1
    assert re.findall(r"</span>(\d)<span", shown) == ["1", "2", "3"], "each keeps its number and its chip"
    assert shown.count(">Certificate<") == 3
    assert shown.count("Our summary") == 1


def test_a_banner_refers_to_words_that_are_shown_as_a_quote() -> None:
    ended = document("The tin rule ended. More.", id="end", title="End of the tin rule", published="2025-05-13")
    fate = Fate(date(2026, 1, 1), "rescinded", "2025-05-13", "What became of it.", replaced_by=(Quote(ended, 0, 19),))
    rule = document("Words.", id="rule", status="rescinded")
    quotes = (Quote(rule, 0, 6, fate=fate), Quote(ended, 0, 25))
    shown = html.unescape(answer_html(Answer("q", Outcome.ANSWERED, quotes), {}.get))
    assert "cq-by-verbatim" not in shown
    assert re.search(r"Rescinded by <a [^>]*start=0&end=25[^>]*>quote 2</a>, 13 May 2025", shown)


def test_as_of_a_day_the_mark_says_how_it_stood_then() -> None:
    rule = document("Words.", id="rule", status="suspended", status_as_of="2026-06-27", published="2025-09-29")
    fate = Fate(date(2025, 10, 15), "in force", "2025-09-29", "In force on 15 October 2025; later suspended.", True)
    answer = Answer("q", Outcome.ANSWERED, (Quote(rule, 0, 6, fate=fate),))
    then = html.unescape(answer_html(replace(answer, as_of=fate.day), {}.get))
    assert '<span class="cq-status cq-good">In force</span> on 15 October 2025' in then
    assert "Suspended</span>" not in then
    assert '<span class="cq-status cq-open">Suspended</span> checked 27 June 2026' in html.unescape(
        answer_html(answer, {}.get)
    )


def test_under_the_heading_of_a_side_a_card_does_not_name_it_again() -> None:
    paper = document("Words.", id="a", side="china", actor="MOFCOM")
    other = document("Words.", id="b", side="china")
    first, second = Quote(paper, 0, 6), Quote(other, 0, 6)
    groups = (Group("china", "Mao Ning", (first,)), Group("china", "", (replace(first, start=1), second)))
    shown = html.unescape(answer_html(Answer("q", Outcome.ANSWERED, (first, second), groups=groups), {}.get))
    assert re.findall(r"<h[34][^>]*>([^<]*)</h", shown)[:4] == [
        "China",
        "Mao Ning",
        "MOFCOM",
        "Reported, without a speaker",
    ]
    assert "cq-whose" not in shown
