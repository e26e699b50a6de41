"""What an answer says of time: the notes above it and the line below."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from material import document

from rag.datatypes import Answer, Fate, Outcome, Quote, When
from rag.freshness import with_later, with_time

TODAY = date(2026, 11, 24)
DAY = date(2025, 10, 15)


def quote(state: str = "", text: str = "Words of the rule.", **fields) -> Quote:
    paper = document(text, **({"published": "2025-09-29", "id": fields.get("title", "doc")} | fields))
    return Quote(paper, 0, len(text), fate=Fate(DAY, state) if state else None)


def timed(*quotes: Quote, when: When | None = None, checked: str = "2026-06-27", newest: str = "2026-06-30") -> Answer:
    outcome = Outcome.ANSWERED if quotes else Outcome.NOT_FOUND
    return with_time(Answer("q", outcome, quotes), when or When(), checked, newest, TODAY)


def test_the_freshness_line_names_the_newest_source_and_how_far_the_sources_know():
    shown = timed(quote(), quote(published="2025-11-10", id="b")).freshness
    assert shown == "Newest source quoted: 10 November 2025. Statuses were last checked on 27 June 2026."
    assert timed(quote(), checked="").freshness.endswith("The sources reach to 30 June 2026.")
    assert "carry no date" in timed(quote(published="")).freshness
    assert timed().freshness == ""


def test_an_end_that_has_passed_is_said_and_whether_that_is_known():
    open_end = timed(quote(title="Pause", until="2026-11-09", status_as_of="2026-06-27")).freshness
    assert "“Pause” ran until 9 November 2026; whether it was extended is not known here." in open_end
    closed = timed(quote(title="Pause", until="2020-08-13", status_as_of="2026-06-27")).freshness
    assert "“Pause” ran until 13 August 2020." in closed
    that_day = timed(quote(title="Pause", until="2026-11-09", status_as_of="2026-11-09")).freshness
    assert "whether it was extended is not known" in that_day, "checked on its last day, when it still held"
    assert "ran until" not in timed(quote(until="2026-11-24", status_as_of="2026-06-27")).freshness


def test_what_a_note_or_a_banner_says_is_not_said_again_below():
    now = timed(quote(), when=When(now=True))
    assert "Statuses were last checked on" in now.notes[0]
    assert now.freshness == "Newest source quoted: 29 September 2025."
    pause = quote(title="Pause", until="2026-11-09", status_as_of="2026-06-27")
    told = Fate(TODAY, "unknown", note="In force until 9 November 2026; whether it was extended is not known here.")
    assert "ran until" not in timed(replace(pause, fate=told)).freshness


def test_how_the_question_was_read_is_the_first_note():
    assert timed(quote(), when=When(as_of=DAY, note="As of …")).notes[0] == "As of …"
    assert timed(quote()).notes == ()


def test_a_day_behind_what_is_known_is_said():
    end = "Statuses were last checked on 27 June 2026; what changed after that is not known here."
    assert end in timed(quote(), when=When(now=True)).notes
    assert end in timed(quote(), when=When(as_of=date(2026, 6, 28))).notes
    assert end not in timed(quote(), when=When(as_of=date(2026, 6, 27))).notes
    (unchecked,) = timed(quote(), when=When(now=True), checked="").notes
    assert unchecked.startswith("The sources end on 30 June 2026;")
    assert timed(quote(), when=When(now=True), checked="", newest="").notes == ()


def test_an_answer_as_of_a_day_says_what_was_in_force_then():
    quotes = (
        quote("in force", title="Rule A"),
        quote("standing", title="Order B"),
        quote("rescinded", title="Rule C"),
        quote("unknown", title="Rule D"),
        quote(title="Event E"),
    )
    (note,) = timed(*quotes, when=When(as_of=DAY)).notes
    assert note == (
        "In force on 15 October 2025: “Rule A”. Not yet ended on 15 October 2025: “Order B”. "
        "Not in force on 15 October 2025: “Rule C” (rescinded)."
    )
    assert timed(quote("in force"), when=When()).notes == ()


def test_a_period_that_no_quote_falls_in_is_said():
    may = When(period=(date(2025, 5, 1), date(2025, 5, 31)))
    assert timed(quote(), when=may).notes == ("None of these quotes is of 1 to 31 May 2025.",)
    assert timed(quote(published="2025-05"), when=may).notes == ()
    assert timed(quote(text="It began on 13 May 2025."), when=may).notes == ()


def test_a_refusal_as_of_a_day_names_what_answers_but_came_out_later():
    refusal = Answer("q", Outcome.NOT_FOUND)
    rule = quote(title="The Zebra Rule", published="2025-04-09")
    later = Answer("q", Outcome.ANSWERED, quotes=(rule,))
    said = with_later(refusal, later, date(2022, 12, 31)).notes
    assert said == ("What answers came out after that day: “The Zebra Rule”, 9 April 2025.",)
    assert with_later(refusal, later, date(2025, 12, 31)) == refusal
    assert with_later(refusal, refusal, date(2022, 12, 31)) == refusal
