"""Dates as people write them <-> days. Pure functions over strings.

    "late 2023" -> 1 October to 31 December 2023        "2025-05" -> "May 2025"

A plain date is read by the standard library, everything else ("13th of May 2025", "Sept. 2025", "Q3 2025", "two weeks
ago", 2025年5月) by dateparser, which also says how exact it is. Finding the pieces stays here: dateparser's own search
takes "the 1260H" for a date and 3 to 8 ms a question. A date without its year is not read: it would be a guess.
Left out: what a question wants with a date (`when`).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, cast

Stretch = tuple[date, date]  # first and last day

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
# No year: $2025, 2,025, FY2025, 2025-23055, 2025%, 20.25
YEAR = (
    r"(?:(?<=mid-)|(?<=late-)|(?<=early-)|(?<=end-)|(?<![\w$€£,.:/#§-])(?<!No\. ))"
    r"(?:19|20)\d\d(?![\d%]|[,./:-]\d)(?!\w)"
)
# Chinese: parts of a year or month as they follow it, and days counted back, each with its English.
_CHINESE_PARTS = {
    "上半年": "first half", "下半年": "second half", "年初": "early", "初": "early", "年中": "mid", "年底": "end",
    "年末": "end", "底": "end", "末": "end", "春": "spring", "夏": "summer", "秋": "autumn",
}  # fmt: skip
_CHINESE_AGO = {"去年": "last year", "今年": "this year", "前年": "2 years ago", "上个月": "last month"}
_CHINESE_UNITS = {"年": "years", "个月": "months", "周": "weeks", "天": "days"}
_CHINESE_DIGITS = str.maketrans("一二两三四五六七八九", "1223456789")
CHINESE = rf"(?:19|20)\d\d\s?年(?!\s?第)(?:\s?\d{{1,2}}\s?月(?:\s?\d{{1,2}}\s?[日号])?)?(?:{'|'.join(_CHINESE_PARTS)})?"
_COUNTED_BACK = rf"(?:\d{{1,3}}|[一二两三四五六七八九])(?:{'|'.join(_CHINESE_UNITS)})前"
FULL = (
    rf"\b{DAY}(?: of)? {MONTH},? {YEAR}|\b{MONTH} {DAY},? {YEAR}|(?<![\d-])(?:19|20)\d\d-\d\d-\d\d(?![\d-])"
    r"|(?<![\d.])\d{1,2}[./]\d{1,2}[./](?:19|20)\d\d(?![\d.])"
)
_MONTHLY = rf"\b{MONTH}(?: of|,)? {YEAR}|(?<![\d-])(?:19|20)\d\d-(?:0[1-9]|1[0-2])(?![\d-])"
_QUARTER = rf"\bQ[1-4],? (?:of )?{YEAR}"
PIECE = rf"(?:{FULL}|{_MONTHLY}|{_QUARTER}|{CHINESE}|{YEAR})"
COUNT = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve)"
AGO = (
    rf"(?:\b(?:yesterday|(?:last|this) (?:week|month|year)|{COUNT} (?:day|week|month|year)s? ago)\b"
    rf"|{'|'.join(_CHINESE_AGO)}|{_COUNTED_BACK})"
)

# Months of a year, and days of a month, that a word narrows it to.
_PARTS = {
    "early": ((1, 3), (1, 10)), "mid": ((5, 8), (11, 20)), "late": ((10, 12), (21, 31)),
    "start": ((1, 1), (1, 7)), "beginning": ((1, 1), (1, 7)), "middle": ((5, 8), (11, 20)), "end": ((12, 12), (25, 31)),
    "year-end": ((12, 12), (25, 31)),
    "first half": ((1, 6), (1, 15)), "second half": ((7, 12), (16, 31)), "h1": ((1, 6), (1, 15)),
    "h2": ((7, 12), (16, 31)), "first quarter": ((1, 3), (1, 7)), "second quarter": ((4, 6), (8, 15)),
    "third quarter": ((7, 9), (16, 23)), "fourth quarter": ((10, 12), (24, 31)), "last quarter": ((10, 12), (24, 31)),
    "spring": ((3, 5), (1, 31)), "summer": ((6, 8), (1, 31)), "autumn": ((9, 11), (1, 31)), "fall": ((9, 11), (1, 31)),
}  # fmt: skip
PART = rf"(?:(?:the )?\b(?:{'|'.join(_PARTS)})(?:[ -]of)?[ -])"
_PARTED = re.compile(rf"(?:the )?\b({'|'.join(_PARTS)})(?:[ -]of)?[ -](.+)", re.I)
_PIECE = re.compile(PIECE, re.I)
_SHORTEST_MONTH = 27  # days from its first to its last
_PLAIN = (
    ("%d %B %Y", "day"),
    ("%B %d, %Y", "day"),
    ("%Y-%m-%d", "day"),
    ("%B %Y", "month"),
    ("%Y-%m", "month"),
    ("%Y", "year"),
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A date that a text mentions: from which to which day it may mean, and where it stands."""

    first: date
    last: date
    start: int
    end: int


def mentions(text: str) -> Iterator[Mention]:
    """Every date with a year, in reading order. A bare year counts too: whether it is one, the words around it say."""
    for match in _PIECE.finditer(text):
        if days := read(match[0]):
            yield Mention(*days, *match.span())


def read(words: str, today: date | None = None) -> Stretch | None:
    """The days that one date phrase means, None when it is none. "two weeks ago" needs a `today`."""
    words = _in_english(words)
    parted = _PARTED.fullmatch(words)
    if not parted:
        return _read(" ".join(words.replace(" of ", " ").split()), today)
    whole = _read(parted[2], today)
    return _narrowed(whole, parted[1].lower()) if whole else None


def apart(length: str, day: date, back: bool) -> date | None:
    """The day that lies a length ("two weeks") before or after another; None where the calendar does not reach."""
    found = _parser(day).get_date_data(f"{length} ago" if back else f"in {length}")
    return cast(date, found.date_obj.date()) if found and found.date_obj else None


def ago(words: str, today: date) -> date | None:
    """The one day that "a year ago" means, None for other words: its stretch is the whole year."""
    counted = re.fullmatch(r"(.+) ago", _in_english(words), re.I)
    return apart(counted[1], today, back=True) if counted else None


def _in_english(words: str) -> str:
    """`2024年底` -> end 2024年, `两周前` -> 2 weeks ago; other words as they are."""
    if re.fullmatch(_COUNTED_BACK, words):
        unit = next(unit for unit in _CHINESE_UNITS if words.endswith(f"{unit}前"))
        return f"{words.removesuffix(f'{unit}前').translate(_CHINESE_DIGITS)} {_CHINESE_UNITS[unit]} ago"
    part = next((p for p in _CHINESE_PARTS if words.endswith(p)), "")
    return f"{_CHINESE_PARTS[part]} {words.removesuffix(part)}" if part else _CHINESE_AGO.get(words, words)


@lru_cache(maxsize=4096)
def _read(words: str, today: date | None) -> Stretch | None:
    words = words.removesuffix("年")
    for form, period in _PLAIN:
        with suppress(ValueError):
            return _around(datetime.strptime(words, form).date(), period)
    found = _parser(today).get_date_data(words)
    return _around(found.date_obj.date(), found.period) if found and found.date_obj else None


@lru_cache(maxsize=64)
def _parser(today: date | None) -> Any:
    from dateparser.date import DateDataParser

    settings: dict[str, Any] = {"REQUIRE_PARTS": ["year"]} if today is None else {}
    if today is not None:
        settings["RELATIVE_BASE"] = datetime(today.year, today.month, today.day)
    return DateDataParser(languages=["en", "zh"], settings=settings)


def _around(day: date, period: str) -> Stretch:
    """The whole week, month, quarter or year that a day lies in, or the day."""
    if period == "week":
        monday = day - timedelta(day.weekday())
        return monday, monday + timedelta(6)
    first, months = {"month": (day.month, 1), "quarter": (day.month - (day.month - 1) % 3, 3), "year": (1, 12)}.get(
        period, (0, 0)
    )
    return (date(day.year, first, 1), _month_end(day.year, first + months - 1)) if months else (day, day)


def _narrowed(whole: Stretch, part: str) -> Stretch:
    """The part of a month, a quarter or a year; of a quarter it has as large a share of its months as of a year's."""
    first, last = whole
    if (last - first).days < _SHORTEST_MONTH:
        return whole
    (start, end), days = _PARTS[part]
    months = last.month - first.month + 1
    if months == 1:
        return first.replace(day=days[0]), first.replace(day=min(days[1], last.day))
    begin, stop = (start - 1) * months // 12, -(-end * months // 12)
    return date(first.year, first.month + begin, 1), _month_end(first.year, first.month + stop - 1)


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def in_words(day: date | str) -> str:
    """A day or a partial ISO date as people write it: `2025-05` -> May 2025. What is no date stays as it is."""
    match = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", str(day))
    if not match or not (match[2] is None or 1 <= int(match[2]) <= 12):
        return str(day)
    named = match[2] and calendar.month_name[int(match[2])]
    return " ".join(part for part in (match[3] and str(int(match[3])), named, match[1]) if part)


def stretch_in_words(days: Stretch) -> str:
    """1 to 31 May 2025; 1 October to 31 December 2023; up to, or from, where one end is open."""
    first, last = days
    if first == date.min:
        return f"up to {in_words(last)}"
    if last == date.max:
        return f"from {in_words(first)} on"
    if first == last:
        return in_words(last)
    same = 2 if first.year != last.year else 1 if first.month != last.month else 0
    return f"{' '.join(in_words(first).split()[: same + 1])} to {in_words(last)}"
