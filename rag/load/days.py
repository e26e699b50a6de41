"""Days as documents write them -> ISO 8601. Only whole days, written out: nothing is filled in or turned round."""

from __future__ import annotations

import calendar
import re
from contextlib import suppress
from datetime import date

from rag.datatypes import last_day

_NAMES = (calendar.month_name, calendar.month_abbr)
_MONTHS = {name.lower(): number for names in _NAMES for number, name in enumerate(names) if number} | {"sept": 9}
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_FORMS = (
    rf"{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})",
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:day\s+of\s+)?{_MONTH},?\s+(?P<year>\d{{4}})",
    r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})",
    r"(?P<month>\d{1,2})/(?P<day>1[3-9]|2\d|3[01])/(?P<year>\d{4})",  # 04/05/2026 may be April or May, so is no day
    r"(?P<year>\d{4})\s*年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日",
)
_FIRST_YEAR, _LAST_YEAR = 1900, 2100  # of a day that somebody means; 0001-01-01 and 9999-12-31 fill empty fields
_DAYS = tuple(re.compile(rf"(?<![\d/-]){form}(?![\d/-])", re.I) for form in _FORMS)


def days_in(text: str) -> list[str]:
    """Every day named in a text, in order, as YYYY-MM-DD."""
    found = sorted((match for form in _DAYS for match in form.finditer(text)), key=lambda match: match.start())
    return [day for match in found if (day := _iso(match))]


def first_day(text: str) -> str:
    """The day that a text begins with, "" when it begins otherwise."""
    match = next((m for form in _DAYS if (m := form.match(text))), None)
    return _iso(match) if match else ""


def only_day(text: str) -> str:
    """The day that a text consists of, "" when it says anything else as well."""
    match = next((m for form in _DAYS if (m := form.fullmatch(text.strip(" .")))), None)
    return _iso(match) if match else ""


def real(partial: str) -> str:
    """A day, month or year in ISO form as it is, "" for a figure that is none, such as 0000-00-00 or 1200 licences."""
    with suppress(ValueError):
        return partial if _FIRST_YEAR <= last_day(partial).year <= _LAST_YEAR else ""
    return ""


def _iso(match: re.Match[str]) -> str:
    month = match["month"].lower().rstrip(".")
    try:
        return date(
            int(match["year"]), int(month) if month.isdigit() else _MONTHS[month], int(match["day"])
        ).isoformat()
    except (ValueError, KeyError):
        return ""
