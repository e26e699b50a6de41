"""The timeline of an answer as something to draw: a row a document, placed by percent, so that it fits any width.

A colour says how a document stood in a stretch, not how it stands today. Left out: which documents are on it
(`rag.timeline`), and the drawing itself (templates/timeline.html).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rag.datatypes import ENDED, first_day, last_day
from rag.dates import in_words
from rag.timeline import HAPPENED, Entry, Turn

_MARGIN = 2.0  # percent left and right
_STEPS = (1, 2, 3, 6, *(12 * years for years in (1, 2, 5, 10, 20, 50, 100, 500, 2_500)))  # months between ticks
_MOST_TICKS = 4  # steps; more would not fit on a phone
_EDGE, _ROOM = 6, 24  # percent: a label so near an edge stands inside of its line, and so far from the next one
_NEAR = 0.5  # percent within which two days are drawn as one
_LEGEND = {
    "good": "Held",
    "open": "Suspended, proposed or not yet in effect",
    "gone": "Ended",
    "plain": "Event or statement",
}
_Stretch = tuple[date, date, str]  # first and last day, tone


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
class Part:
    """A stretch of a bar, from `left` on, `width` percent wide (0 for a day or an end), in the colour of `tone`."""

    left: float
    width: float
    tone: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One document in `parts`. `days` says the same in words; `open` is True where it goes on.

    `arrows` are those that start, pass or end here; `turns` is what became of it and no arrow shows.
    """

    entry: Entry
    parts: tuple[Part, ...]
    days: str
    open: bool = False
    arrows: tuple[Arrow, ...] = ()
    turns: tuple[Turn, ...] = ()

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.parts[0].left

    @property
    def width(self) -> float:
        """From its beginning to its end."""
        return round(max(part.left + part.width for part in self.parts) - self.left, 2)


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the axis. The `label` is empty where there is no room for one."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """All of it. No bars: nothing has a date. `legend` names the tones that occur; what goes on ends at `known`."""

    bars: tuple[Bar, ...] = ()
    ticks: tuple[Tick, ...] = ()
    legend: tuple[tuple[str, str], ...] = ()
    known: str = ""


def chart(entries: Sequence[Entry]) -> Chart:
    """Lay the documents out, one a row; what has no date is left to the table."""
    dated = [entry for entry in entries if entry.document.source.published]
    if not dated:
        return Chart()
    known = max((entry.document.source.status_as_of for entry in dated), default="")
    stretches = [_stretches(entry, known) for entry in dated]
    days = [day for row in stretches for start, end, _ in row for day in (start, end)]
    low, high = min(days), max(days)
    length = max((high - low).days, 1)

    def across(day: date) -> float:
        share = (min(max(day, low), high) - low).days / length
        return round(_MARGIN + (100 - 2 * _MARGIN) * share, 2)

    bars = [_bar(entry, row, across) for entry, row in zip(dated, stretches, strict=True)]
    tones = {part.tone for bar in bars for part in bar.parts}
    return Chart(
        tuple(_linked(bars, across)),
        tuple(_apart([Tick(across(day), label) for day, label in _ticks(low, high)])),
        tuple((tone, words) for tone, words in _LEGEND.items() if tone in tones),
        in_words(known) if any(bar.open for bar in bars) else "",
    )


def _stretches(entry: Entry, known: str) -> list[_Stretch]:
    """How it stood from when to when; what goes on is drawn up to the day for which its status is `known`."""
    source = entry.document.source
    start = first_day(source.effective or source.published)
    if source.status in HAPPENED:
        return [(start, start, "plain")]
    ended = bool(entry.end)
    end = max(start, last_day(entry.end or known)) if ended or known else start
    if source.status == "proposed" or (source.status == "suspended" and entry.end == source.until):
        return [(start, end, "open")]
    if source.status not in ENDED:
        return [(start, end, "good" if source.status == "in force" else "plain")]
    over = first_day(entry.end) if ended else end
    never = over <= start  # it ended before it took effect
    held = (min(first_day(source.published), over), over, "open") if never else (start, over, "good")
    if source.status == "suspended":
        until = next((turn.by.source.until for turn in entry.turns), "") or source.until or known
        return [held, (over, max(over, last_day(until)), "open")] if until else [held]
    return [held, (over, over, "gone")] if ended else [held]


def _bar(entry: Entry, stretches: list[_Stretch], across: Callable[[date], float]) -> Bar:
    source = entry.document.source
    parts = tuple(Part(across(a), round(across(b) - across(a), 2), tone) for a, b, tone in stretches)
    goes_on = source.status not in (*HAPPENED, *ENDED) and not source.until
    start, end = _short(source.effective or source.published), _short(entry.end)
    return Bar(entry, parts, f"{start} – {end}" if end not in ("", start) else start, goes_on)


def _short(day: str) -> str:
    """29 Sep 2025: the titles need the room."""
    return " ".join(part[:3] if part.isalpha() else part for part in in_words(day).split())


def _linked(bars: Sequence[Bar], across: Callable[[date], float]) -> Iterator[Bar]:
    """The bars with the arrows between them. One is drawn only where it leaves a bar and meets the start of another."""
    rows = {bar.entry.document.id: row for row, bar in enumerate(bars)}
    passing: list[list[Arrow]] = [[] for _ in bars]
    told: list[list[Turn]] = [[] for _ in bars]
    for start, bar in enumerate(bars):
        for turn in bar.entry.turns:
            end = rows.get(turn.by.id)
            x = across(first_day(turn.since)) if turn.since else -1.0
            leaves = bar.left - _NEAR <= x <= bar.left + bar.width + _NEAR
            if end is None or not leaves or abs(x - bars[end].left) > _NEAR:
                told[start].append(turn)
                continue
            first, last, tip = min(start, end), max(start, end), "down" if end > start else "up"
            for row in range(first, last + 1):
                top, bottom = 50 if row == first else 0, 50 if row == last else 100
                passing[row].append(Arrow(x, top, bottom, tip if row == end else "", turn.what in ENDED))
    for row, bar in enumerate(bars):
        yield replace(bar, arrows=tuple(passing[row]), turns=tuple(told[row]))


def _apart(ticks: list[Tick]) -> list[Tick]:
    """The ticks; one at an edge, whose label would run into that of the next, keeps its line alone."""
    for at, beside in ((0, 1), (-1, -2)):
        edge = min(ticks[at].x, 100 - ticks[at].x) if len(ticks) > 1 else 100
        if edge < _EDGE and abs(ticks[at].x - ticks[beside].x) < _ROOM:
            ticks[at] = replace(ticks[at], label="")
    return ticks


def _ticks(low: date, high: date) -> Iterator[tuple[date, str]]:
    """The first days of months, quarters or years, whichever step gives few enough."""
    first, last = (day.year * 12 + day.month - 1 for day in (low, high))
    step = next(s for s in _STEPS if (last - first) / s <= _MOST_TICKS)
    for month in range(-(-first // step) * step, last + 1, step):
        day = date(month // 12, month % 12 + 1, 1)
        if low <= day:
            yield day, str(day.year) if step >= 12 else f"{day:%b} {day.year}"
