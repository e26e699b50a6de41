"""The timeline of an answer as something to draw: a row a document, placed by percent, so that it fits any width.

Left out: which documents are on it (`rag.timeline`), and the drawing itself (templates/timeline.html).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from rag.datatypes import ENDED, first_day, last_day
from rag.dates import in_words
from rag.timeline import Entry

_MARGIN = 2.0  # percent left and right
_POINTS = ("event", "statement", "")  # what happened on a day and does not last
_STEPS = (1, 2, 3, 6, *(12 * years for years in (1, 2, 5, 10, 20, 50, 100, 500, 2_500)))  # months between ticks
_MOST_TICKS = 4  # steps; more would not fit on a phone


@dataclass(frozen=True, slots=True)
class Arrow:
    """The part in one row of an arrow from what ended or changed to what did it: a line at `x` percent across.

    It runs from `top` to `bottom` percent of the row's height, 50 being the middle of the bar. `tip` is "up" or "down"
    in the row that the arrow leads to. `ends`: it ended it, rather than changed or followed.
    """

    x: float
    top: int
    bottom: int
    tip: str
    ends: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """One document: from `left` percent on, `width` percent wide (0 for a day).

    `days` says the same in words; `open` is True where it goes on; `arrows` are those that start, pass or end here.
    """

    entry: Entry
    left: float
    width: float
    days: str
    open: bool = False
    arrows: tuple[Arrow, ...] = ()


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the axis."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """All of it. No bars: nothing has a date."""

    bars: tuple[Bar, ...] = ()
    ticks: tuple[Tick, ...] = ()


def chart(entries: Sequence[Entry]) -> Chart:
    """Lay the documents out, one a row; what has no date is left to the table."""
    dated = [entry for entry in entries if entry.document.source.published]
    if not dated:
        return Chart()
    known = max((entry.document.source.status_as_of for entry in dated), default="")
    spans = [_span(entry, known) for entry in dated]
    low, high = min(start for start, _ in spans), max(end for _, end in spans)
    days = max((high - low).days, 1)

    def across(day: date) -> float:
        share = (min(max(day, low), high) - low).days / days
        return round(_MARGIN + (100 - 2 * _MARGIN) * share, 2)

    passing = _arrows(dated, across)
    bars = tuple(
        Bar(entry, across(a), round(across(b) - across(a), 2), _words(entry), _goes_on(entry), tuple(passing[row]))
        for row, (entry, (a, b)) in enumerate(zip(dated, spans, strict=True))
    )
    return Chart(bars, tuple(Tick(across(day), label) for day, label in _ticks(low, high)))


def _span(entry: Entry, known: str) -> tuple[date, date]:
    """First and last day; what goes on is drawn up to the day for which its status is `known`."""
    source = entry.document.source
    start = first_day(source.effective or source.published)
    if source.status in _POINTS:
        return start, start
    end = _end(entry) or known
    return start, max(start, last_day(end)) if end else start


def _end(entry: Entry) -> str:
    """When a document stopped to hold or will, "" where that is not known."""
    source = entry.document.source
    if source.status in _POINTS:
        return ""
    if source.status not in ENDED or (source.until and not source.superseded_by):
        return source.until
    return source.status_since or next((turn.since for turn in entry.turns), "") or source.until


def _goes_on(entry: Entry) -> bool:
    source = entry.document.source
    return source.status not in (*_POINTS, *ENDED) and not source.until


def _words(entry: Entry) -> str:
    source = entry.document.source
    start, end = _short(source.effective or source.published), _short(_end(entry))
    return f"{start} – {end}" if end not in ("", start) else start


def _short(day: str) -> str:
    """29 Sep 2025: the titles need the room."""
    return " ".join(part[:3] if part.isalpha() else part for part in in_words(day).split())


def _arrows(dated: Sequence[Entry], across: Callable[[date], float]) -> list[list[Arrow]]:
    """Row by row, the parts of the arrows in it."""
    rows = {entry.document.id: row for row, entry in enumerate(dated)}
    parts: list[list[Arrow]] = [[] for _ in dated]
    for start, entry in enumerate(dated):
        for turn in entry.turns:
            end = rows.get(turn.by.id)
            if end is None or not turn.since:
                continue
            x, tip = across(first_day(turn.since)), "down" if end > start else "up"
            first, last = min(start, end), max(start, end)
            for row in range(first, last + 1):
                top, bottom = 50 if row == first else 0, 50 if row == last else 100
                parts[row].append(Arrow(x, top, bottom, tip if row == end else "", turn.what in ENDED))
    return parts


def _ticks(low: date, high: date) -> Iterator[tuple[date, str]]:
    """The first days of months, quarters or years, whichever step gives few enough."""
    first, last = (day.year * 12 + day.month - 1 for day in (low, high))
    step = next(s for s in _STEPS if (last - first) / s <= _MOST_TICKS)
    for month in range(-(-first // step) * step, last + 1, step):
        day = date(month // 12, month % 12 + 1, 1)
        if low <= day:
            yield day, str(day.year) if step >= 12 else f"{day:%b} {day.year}"
