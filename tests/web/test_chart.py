"""The timeline as something to draw: everything stands where its date is, and nothing in it is more than words."""

from __future__ import annotations

import html
import re

from conftest import ATTACK  # type: ignore[import-not-found]
from hypothesis import given
from hypothesis import strategies as st
from material import document

from rag.datatypes import Answer, Document, Outcome, Quote
from rag.timeline import Entry, timeline
from rag.web.chart import chart
from rag.web.render import answer_html


def paper(name: str, published: str, **more: object) -> Document:
    return document(f"Words of {name}.", id=name, title=f"The {name}", published=published, **more)


RULE = paper(
    "rule",
    "2024-01-01",
    status="rescinded",
    status_since="2025-01-01",
    superseded_by=("end",),
    status_as_of="2026-01-01",
)
END = paper("end", "2025-01-01", status="in force", status_as_of="2026-01-01", supersedes=("rule",))
DAY = paper("day", "2024-07-02", status="event")
HELD = {d.id: d for d in (RULE, END, DAY)}


def quoting(*documents: Document) -> Answer:
    return Answer("q", Outcome.ANSWERED, tuple(Quote(d, 0, len(d.text)) for d in documents))


def test_a_bar_runs_from_the_first_day_to_the_last_and_what_holds_goes_on() -> None:
    drawn = chart(timeline(quoting(RULE, DAY), HELD.get))
    rule, day, end = drawn.bars
    assert [bar.entry.document.id for bar in drawn.bars] == ["rule", "day", "end"]
    assert rule.days == "1 Jan 2024 – 1 Jan 2025"
    assert abs(rule.left + rule.width - end.left) < 0.1, "the one ends where the other begins"
    assert abs(end.left + end.width - 98) < 0.1, "drawn up to the day for which its status is known"
    assert (end.open, rule.open, day.open) == (True, False, False)
    assert day.width == 0
    assert rule.left < day.left < end.left


def test_what_is_to_end_by_itself_runs_to_that_day_whatever_its_status() -> None:
    pause = paper("pause", "2025-11-10", status="suspended", status_since="2025-11-10", until="2026-11-09")
    (bar,) = chart([Entry(pause)]).bars
    assert bar.days == "10 Nov 2025 – 9 Nov 2026"
    assert bar.width > 90
    early = paper(
        "early", "2025-11-10", status="rescinded", status_since="2026-01-01", until="2026-11-09", superseded_by=("end",)
    )
    assert chart([Entry(early)]).bars[0].days == "10 Nov 2025 – 1 Jan 2026", "another ended it before"


def test_an_arrow_leads_from_what_ended_to_what_ended_it() -> None:
    rule, day, end = chart(timeline(quoting(RULE, DAY), HELD.get)).bars
    parts = [arrow for bar in (rule, day, end) for arrow in bar.arrows]
    assert [(arrow.top, arrow.bottom, arrow.tip) for arrow in parts] == [(50, 100, ""), (0, 100, ""), (0, 50, "down")]
    assert all(arrow.ends and abs(arrow.x - end.left) < 0.1 for arrow in parts)


def test_no_arrow_starts_or_ends_in_empty_air() -> None:
    late = paper("late", "2025-06-01", status="event")
    rule = paper("rule", "2024-01-01", status="rescinded", status_since="2025-01-01", superseded_by=("late",))
    drawn = chart(timeline(quoting(rule, late), {d.id: d for d in (rule, late)}.get)).bars
    assert not any(bar.arrows for bar in drawn), "what ended it came out five months later"
    assert [turn.by.id for turn in drawn[0].turns] == ["late"], "so it is said in words"
    shown = html.unescape(answer_html(quoting(rule, late), {d.id: d for d in (rule, late)}.get))
    assert "<span>Rescinded 1 January 2025: The late</span>" in shown


def test_a_colour_says_how_it_stood_then() -> None:
    pause = paper("pause", "2025-11-10", status="in force", until="2026-11-09", status_as_of="2026-06-27")
    rule = paper(
        "rule",
        "2025-09-29",
        status="suspended",
        status_since="2025-11-10",
        superseded_by=("pause",),
        effective="2025-09-29",
    )
    never = paper("never", "2025-01-15", status="rescinded", status_since="2025-05-13", effective="2025-05-15")
    drawn = chart(timeline(quoting(never, rule), {d.id: d for d in (pause, rule, never)}.get))
    assert [[part.tone for part in bar.parts] for bar in drawn.bars] == [["open", "gone"], ["good", "open"], ["good"]]
    held, suspended = drawn.bars[1].parts
    assert abs(held.left + held.width - suspended.left) < 0.1
    assert [tone for tone, _ in drawn.legend] == ["good", "open", "gone"], "only what there is"


def test_a_label_at_an_edge_that_would_run_into_the_next_is_left_out() -> None:
    months = [
        chart([Entry(paper("a", "2026-02-01")), Entry(paper("b", last))]).ticks for last in ("2026-06-30", "2026-03-20")
    ]
    assert [[tick.label for tick in ticks] for ticks in months] == [
        ["", "Mar 2026", "Apr 2026", "May 2026", "Jun 2026"],
        ["Feb 2026", "Mar 2026"],
    ]
    assert months[0][0].x < 6, "its line stays"


def test_ticks_are_few_and_in_order_however_long_the_line() -> None:
    for last in ("2024-01-02", "2024-03-01", "2025-06-01", "2031-01-01", "2099-01-01"):
        drawn = chart([Entry(RULE), Entry(paper("late", last))])
        assert 1 <= len(drawn.ticks) <= 5
        assert [tick.x for tick in drawn.ticks] == sorted(tick.x for tick in drawn.ticks)


def test_what_has_no_date_is_left_to_the_table() -> None:
    nothing = paper("nothing", "")
    assert chart([Entry(nothing)]).bars == ()
    message = html.unescape(answer_html(quoting(RULE, nothing), {}.get))
    assert "The nothing (quoted above)</th> <td>no date</td>" in message


@given(st.lists(st.dates().map(str) | st.sampled_from(["2024", "2024-05", "0001", "9999-12"]), min_size=1, max_size=6))
def test_everything_is_drawn_inside(days: list[str]) -> None:
    drawn = chart([Entry(paper(f"p{n}", day, status="in force", until=days[-1])) for n, day in enumerate(days)])
    assert all(bar.left >= 0 and bar.width >= 0 and bar.left + bar.width <= 100.1 for bar in drawn.bars)


def test_titles_on_the_line_are_text() -> None:
    bad = paper("bad", "2024-02-02", status="in force")
    bad = Document("bad", bad.text, document("x", title=ATTACK, published="2024-02-02", instrument=ATTACK).source)
    message = answer_html(quoting(RULE, bad), {"end": END, "rule": RULE}.get)
    for drawing in re.findall(r"<svg aria-hidden.*?</svg> </li>", message):
        assert not re.findall(r"<(?!/?(?:svg|line|rect|circle|polygon|li)\b)", drawing)
    assert "<script" not in message
    assert "<img" not in message
