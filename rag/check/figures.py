"""The figures of a text: every date, number, amount, citation and chip name, in one form each.

    "on 13 May 2025"  2025-05-13       "about $4.5 billion"  $4.5 billion       "ten years"  10
    "in May 2025"     2025-05          "15 percent"          15%                "H200s"      H200

Left out: "one", ordinals ("second rule") and loose words ("dozens", "twice"), which are no figures to check.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from rag.text import SPELLED

_MONTHS = "January February March April May June July August September October November December".split()
_COUNTS = {word: n for word, n in SPELLED.items() if n > 1}
_QUARTERS = ("first", "second", "third", "fourth")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in a text: where it starts, how it is written there, and its one form."""

    start: int
    said: str
    value: str


def figures(text: str, year: str = "") -> list[Figure]:
    """The figures of a text in reading order; `year` is meant by days that name none ("from 8 November")."""
    found = []
    for form, read in _FORMS:
        for match in form.finditer(text):
            found += [
                Figure(match.start(), match[0].strip(), year + value if value.startswith("-") else value)
                for value in read(match)
            ]
        text = form.sub(lambda match: " " * len(match[0]), text)
    return sorted(found, key=lambda figure: figure.start)


def is_backed(value: str, by: Collection[str]) -> bool:
    """True when a figure, or a more exact one that it shortens (2025-05 for 2025-05-13), is among those given."""
    return value in by or any(other.startswith(value + "-") for other in by)


def _as_it_stands(match: re.Match[str]) -> list[str]:
    return [match[0]]


def _days(match: re.Match[str]) -> list[str]:
    part = match.groupdict()
    month = f"{part['year'] or ''}-{_MONTHS.index(part['month'].capitalize()) + 1:02}"
    days = [part[key] for key in ("first", "last") if part.get(key)]
    return [f"{month}-{int(day):02}" for day in days] or [month]


def _quarter(match: re.Match[str]) -> list[str]:
    number = match["number"] or str(_QUARTERS.index(match["nth"].lower()) + 1)
    return [f"{(match['fiscal'] or '').lower()}{match['year']} Q{number}"]


def _code(match: re.Match[str]) -> list[str]:
    """Without a plural s, and without a family name: NXT:1980i and 1980i are one machine."""
    return [re.sub(r"^[A-Z]+:(?=\d{3})", "", re.sub(r"(?<=\d)s$", "", match[0]))]


def _amounts(match: re.Match[str]) -> list[str]:
    part = match.groupdict()
    unit = "%" if part["percent"] else f" {part['unit']}" if part["unit"] else ""
    numbers = [part[key].replace(",", "") for key in ("low", "high") if part.get(key)]
    return [number + unit for number in numbers]


def _word(match: re.Match[str]) -> list[str]:
    return [str(_COUNTS[match[0].lower()])]


_MONTH, _YEAR = f"(?P<month>{'|'.join(_MONTHS)})", r"(?P<year>(?:19|20)\d\d)"
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_UNIT = r"(?:\s?(?P<percent>%|per ?cent\b)|[ -](?P<unit>million|billion|nm|GB/s|GB|GW|MW|petaflops|teraflops)\b)?"
_CITATION = (
    r"\d+ FR (?:No\. )?\d+(?:-\d+)?|FR Doc\. \d{4}-\d+|RIN \d{4}-\w+|\d+ CFR(?: Part)? \d+|H\.R\. \d+|\bS\. \d+"
    r"|COM\(\d{4}\) \d+|\(EU\) \d{4}/\d+|\bH\d{3}-H\d{3}\b"
)
_Read = Callable[[re.Match[str]], list[str]]
# In this order; what one form has read, the next ones no longer see.
_FORMS: list[tuple[re.Pattern[str], _Read]] = [
    (re.compile(form, re.I if read is not _as_it_stands else 0), read)
    for form, read in (
        (_CITATION, _as_it_stands),
        (r"\bGeneral Prohibition (?P<number>\d+)", lambda match: [f"GP{match['number']}"]),
        (r"\b\d{4}-\d\d(?:-\d\d)?\b", _as_it_stands),
        (rf"\b(?P<first>\d\d?)(?:[-–]| or )(?P<last>\d\d?) {_MONTH}(?: {_YEAR})?", _days),
        (rf"\b(?P<first>\d\d?) {_MONTH}\b(?: {_YEAR})?", _days),
        (rf"\b{_MONTH} {_YEAR}", _days),
        (rf"\b(?:in|since|of|early|late|by|as) {_MONTH}\b(?P<year>)", _days),
        (
            rf"\b(?:Q(?P<number>[1-4])|(?P<nth>{'|'.join(_QUARTERS)}) quarter(?: of)?) (?P<fiscal>fiscal )?{_YEAR}\b",
            _quarter,
        ),
        (r"(?<![\w$:])(?:19|20)\d\d\b(?![,.]\d)", _as_it_stands),
        (
            r"(?<![\w$.,])(?:[A-Z][A-Za-z]*[:+.]?[A-Za-z]*\d[\w.]*\w|[A-Z]+[:+]?\d|\d+[A-Z]+\d*\w*(?:\.[a-z]\b)?|\d+[a-z]\b)",
            _code,
        ),
        (rf"\$?\b(?P<low>{_NUMBER})[-–](?P<high>{_NUMBER}){_UNIT}", _amounts),
        (rf"(?P<low>\$?\b{_NUMBER}){_UNIT}", _amounts),
        (rf"\b(?:{'|'.join(_COUNTS)})\b", _word),
    )
]
