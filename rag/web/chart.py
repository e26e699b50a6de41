"""The timeline of an answer as something to draw: bars, arrows and ticks, placed by percent across and pixels down.

Left out: which documents are on it (`rag.timeline`), and the drawing itself (templates/timeline.html).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from rag.datatypes import first_day, last_day
from rag.dates import in_words
from rag.timeline import Entry

ROW, BAR, FOOT = 64, 52, 24  # pixels: a row, the middle of its bar from the row's top, the line of the ticks
_MARGIN = 2.0  # percent left and right
_POINTS = ("event", "statement", "")  # what happened on a day and does not last
_ENDED = ("suspended", "rescinded", "superseded")
_STEPS = (1, 3, 6, *(12 * years for years in (1, 2, 5, 10, 20, 50, 100, 500, 2_000)))  # months between ticks
_MOST_TICKS = 7


@dataclass(frozen=True, slots=True)
class Bar:
    """One document: from `left` percent on, `width` percent wide (0 for a day), `y` its middle.

    `days` says the same in words; `open` is True where it goes on.
    """

    entry: Entry
    y: int
    left: float
    width: float
    days: str
    open: bool = False


@dataclass(frozen=True, slots=True)
class Arrow:
    """What ended or changed a document: a line at `x` percent from its bar to that of the other."""

    x: float
    start: int
    end: int
    ends: bool  # it ended it, rather than changed or followed


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the axis."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """All of it; `height` in pixels. No bars: nothing has a date."""

    bars: tuple[Bar, ...] = ()
    arrows: tuple[Arrow, ...] = ()
    ticks: tuple[Tick, ...] = ()
    height: int = 0


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

    rows = {entry.document.id: row for row, entry in enumerate(dated)}
    bars = tuple(
        Bar(entry, ROW * row + BAR, across(a), round(across(b) - across(a), 2), _words(entry), _goes_on(entry))
        for row, (entry, (a, b)) in enumerate(zip(dated, spans, strict=True))
    )
    arrows = tuple(_arrows(dated, rows, across))
    ticks = tuple(Tick(across(day), label) for day, label in _ticks(low, high))
    return Chart(bars, arrows, ticks, ROW * len(dated) + FOOT)


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
    if source.status not in _ENDED or (source.until and not source.superseded_by):
        return source.until
    return source.status_since or next((turn.since for turn in entry.turns), "") or source.until


def _goes_on(entry: Entry) -> bool:
    source = entry.document.source
    return source.status not in (*_POINTS, *_ENDED) and not source.until


def _words(entry: Entry) -> str:
    source = entry.document.source
    start, end = _short(source.effective or source.published), _short(_end(entry))
    return f"{start} – {end}" if end not in ("", start) else start


def _short(day: str) -> str:
    """29 Sep 2025: the titles need the room."""
    return " ".join(part[:3] if part.isalpha() else part for part in in_words(day).split())


def _arrows(dated: Sequence[Entry], rows: dict[str, int], across: Callable[[date], float]) -> Iterator[Arrow]:
    for entry in dated:
        for turn in entry.turns:
            other = rows.get(turn.by.id)
            if other is None or not turn.since:
                continue
            row = rows[entry.document.id]
            x = across(first_day(turn.since))
            yield Arrow(x, ROW * row + BAR, ROW * other + BAR, turn.what in _ENDED)


def _ticks(low: date, high: date) -> Iterator[tuple[date, str]]:
    """The first days of months, quarters or years, whichever step gives few enough."""
    first, last = (day.year * 12 + day.month - 1 for day in (low, high))
    step = next(s for s in _STEPS if (last - first) / s <= _MOST_TICKS)
    for month in range(-(-first // step) * step, last + 1, step):
        day = date(month // 12, month % 12 + 1, 1)
        if low <= day:
            yield day, str(day.year) if step >= 12 else f"{day:%b} {day.year}"
