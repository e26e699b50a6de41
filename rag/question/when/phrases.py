"""A question -> the date phrases in it: the days, the words that lead up to them, and whether they only name a thing.

    "in late 2023"  "two weeks after the Geneva truce"  "at the end of Biden's term"  "while the 50% rule was in force"

Dates are read by `rag.dates`, days of the field by its anchors. Left out: what the question wants with them (`when`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import islice, pairwise

from rag.datatypes import Anchor
from rag.dates import AGO, COUNT, DAY, MONTH, PART, PIECE, Stretch, ago, apart, read
from rag.text import CHINESE

MOST_DATES = 40  # that are read in one question
BEFORE, AFTER = ("before", "prior to"), ("after", "following")
_STRETCH = rf"(?:{PART}?{PIECE}|{AGO})"
_DATED = re.compile(_STRETCH, re.I)
_RANGE = re.compile(
    rf"\b(?:between|from) (?P<a>{_STRETCH}|{DAY} {MONTH}|{MONTH} {DAY}|{MONTH}|{DAY}) (?:and|to|until|till|through) "
    rf"(?P<b>{_STRETCH})",
    re.I,
)
_RECENT = re.compile(
    r"\b(?:in|over|during|within) the (?:last|past) (?P<n>\w+ )?(?P<unit>day|week|month|year)s?\b", re.I
)
_LEAD = re.compile(
    r"(?:\b(?P<lead>as (?:of|at|on)|back in|up (?:to|until)|until|till|through(?:out)?|prior to|before|after|following"
    r"|since|from|during|within|around|by|in|on|at|over|under|of|when|while|as long as)"
    r"(?P<at> (?:the )?(?:time|day|date|moment) of)?(?P<the> (?:the|this|that|its))? |(?P<zh>截至|截止))$",
    re.I,
)
# A day told by another one: "two weeks after …", "the day before …", "on the eve of …".
_FROM_ANOTHER = re.compile(
    rf"(?<!the )\b(?:(?P<length>{COUNT} (?:day|week|month|year)s?|the day) "
    r"(?P<way>before|after|prior to|following|from)"
    r"|the eve of)(?: the)? $",
    re.I,
)
_EDGE = re.compile(r"\bthe (?:very )?(?:(?P<end>end|close)|start|beginning) of(?: the)? $", re.I)
# Right after a date these say that it is part of a name: "the October 2022 rule", "December 2024 chip controls".
_NAMED = re.compile(
    r"[ -](?:(?:interim|final|advanced|chip|chips|semiconductor|export|rare|ac/s|ai|bis|foundry|h200?)[ -])*"
    r"(?:rules?|regulations?|guidance|guidelines|controls?|packages?|acts?|laws?|orders?|letters?|measures?|restrictions?"
    r"|updates?|notices?|announcements?|lists?|listings?|bans?|deals?|truce|summit|statements?|frameworks?|memo\w*"
    r"|proclamations?|tariffs?|policy|reports?|revisions?|amendments?|ifrs?|corrections?|earths?|agreements?|talks"
    r"|additions?|decisions?|thresholds?|tiers?|licen[cs]es?)\b",
    re.I,
)
_HELD = re.compile(
    r" (?:(?:was|were)(?: still)? (?:in (?:force|effect|place)|on the books|binding|valid)"
    r"|(?:still )?(?:applied|held))\b",
    re.I,
)
_GOES_ON = re.compile(
    r"(?:, (?:which|that))? (?:was|were|is|are|be|had|has|have|got|took|takes?|came|comes?|went|[a-z]{3,}ed"
    r"|presumes|applies|ends|expires|lapses|returns)\b",
    re.I,
)
# "Some months before the summit" is no day before it, "before and after the summit" no stretch of days.
_APART = re.compile(r"\b(?:(?:day|week|month|year)s?|(?:before|after) (?:and|or|versus|vs\.?)) $", re.I)
# Right behind a Chinese date: before it, since it, after it.
_BEHIND = (
    ("before", re.compile("[之以]?前")),
    ("since", re.compile("以来|起")),
    ("after", re.compile("[之以]?后")),
    ("in", re.compile("时|期间")),
)


@dataclass(frozen=True, slots=True)
class Found:
    """A date phrase: its words with those that lead up to it, the days, and whether it only names a thing.

    `exact` is the one day that it means, where the days are wider: "a year ago" of 2025-11-24. `subject` is True where
    the words also say what is asked about: "while the 50% rule was in force".
    """

    words: str
    lead: str
    days: Stretch
    named: bool = False
    exact: date | None = None
    subject: bool = False

    @property
    def on(self) -> date:
        """The day whose state is meant, if one is."""
        return self.exact or self.days[1]


Placed = tuple[int, int, Found]  # from where to where in the question


def found_in(question: str, today: date, anchors: Sequence[Anchor]) -> list[Found]:
    """Every date phrase in reading order; the longest where they overlap."""
    single = _side_by_side([*_anchored(question, tuple(anchors)), *_dated(question, today)])
    placed = _side_by_side([*_ranges(question, today), *_between(question, single), *single])
    return [found for *_, found in placed]


def _side_by_side(phrases: Sequence[Placed]) -> list[Placed]:
    """The phrases in reading order, without those that overlap one listed before them."""
    taken: list[Placed] = []
    for start, end, found in phrases:
        if all(end <= a or b <= start for a, b, _ in taken):
            taken.append((start, end, found))
    return sorted(taken, key=lambda placed: placed[0])


def _ranges(question: str, today: date) -> Iterator[Placed]:
    for match in _RANGE.finditer(question):
        last = read(match["b"], today)
        first = last and _with_a_year(match["a"], last, today)
        if first and last and first[0] <= last[1]:
            yield *match.span(), Found(match[0], "", (first[0], last[1]))
    for match in _RECENT.finditer(question):
        if since := read(f"{(match['n'] or '1').strip()} {match['unit']}s ago", today):
            yield *match.span(), Found(match[0], "", (since[0], today))


def _with_a_year(words: str, end: Stretch, today: date) -> Stretch | None:
    """29 September, September or 29th, of "from … to 9 November 2025", is of that year, or else of the one before."""
    if re.search(r"\d{4}|ago|last|this|yesterday", words, re.I):
        return read(words, today)
    if alone := re.fullmatch(DAY, words, re.I):
        return read(f"{alone[0]} {end[0]:%B %Y}")
    years = (read(f"{words} {year}") for year in (end[0].year, end[0].year - 1))
    return next((found for found in years if found and found[0] <= end[1]), None)


def _between(question: str, single: Sequence[Placed]) -> Iterator[Placed]:
    """From one phrase to the next: "between the Geneva truce and the Busan summit"."""
    for (start, end, one), (begin, stop, other) in pairwise(single):
        opens = re.search(r"\bbetween(?: the)? $", question[:start], re.I)
        joined = re.fullmatch(r" and(?: the)? ", question[end:begin], re.I)
        if opens and joined and one.days[0] <= other.days[1]:
            yield opens.start(), stop, Found(question[opens.start() : stop], "", (one.days[0], other.days[1]))


def _anchored(question: str, anchors: tuple[Anchor, ...]) -> Iterator[Placed]:
    """The phrases of the field that stand for days, with what they say of them: "while the 50% rule was in force"."""
    known, pattern = _anchor_pattern(anchors)
    for match in pattern.finditer(question) if known else ():
        anchor = known[match[0].lower()]
        days = anchor.first, anchor.last or date.max
        held = _HELD.match(question, match.end())
        lead, start, at = _lead(question, match.start())
        if held and lead in ("while", "when", "as long as"):
            days = anchor.first, anchor.until or date.max
            yield start, held.end(), Found(question[start : held.end()], "in", days, subject=True)
        elif not _GOES_ON.match(question, match.end()):  # "after the rule was suspended" is another day than the rule's
            one_day = days[0] == days[1]
            said_of = lead in ("on", "in", "from", "by", "over") and not at  # "Huang on the H20 ban"
            if lead == "under" or (not lead and match[0].lower().startswith("under ")):
                lead = "of" if one_day else "in"
            about = said_of and one_day and not match[0].lower().endswith("day")
            lead = "of" if about or not lead else lead
            yield _placed(question, (match.start(), match.end()), Found("", lead, days))


@lru_cache(maxsize=8)
def _anchor_pattern(anchors: tuple[Anchor, ...]) -> tuple[dict[str, Anchor], re.Pattern[str]]:
    known = {phrase.lower(): anchor for anchor in anchors for phrase in anchor.phrases}
    longest_first = sorted(known, key=len, reverse=True)
    return known, re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.I)


def _dated(question: str, today: date) -> Iterator[Placed]:
    for match in islice(_DATED.finditer(question), MOST_DATES):
        days = read(match[0], today)
        if not days:
            continue
        lead, _, _ = _lead(question, match.start())
        exact = days[0] == days[1] or bool(re.match(PART, match[0], re.I))
        article = (
            question[max(0, match.start() - 8) : match.start()]
            .lower()
            .endswith((" the ", " this ", " that ", " its ", "'s ", "’s "))
        )
        named = bool(_NAMED.match(question, match.end())) or (article and not exact)
        if re.fullmatch(r"\d{4}", match[0]) and not lead:
            continue  # "Made in China 2025": a bare year is a time only after "in", "since" …
        if re.fullmatch(AGO, match[0], re.I):
            lead = lead or "in"
        yield _placed(question, match.span(), Found("", lead, days, named, ago(match[0], today)))


def _placed(question: str, span: tuple[int, int], found: Found) -> Placed:
    """A phrase with the words around it: what leads up to it, another day told by it, an edge of it."""
    start, end = span
    before = question[max(0, start - 60) : start]
    short = not found.named and (found.days[1] - found.days[0]).days < 31
    if short and (other := _FROM_ANOTHER.search(before)):
        back = (other["way"] or "before").lower() in BEFORE
        length = "one day" if (other["length"] or "the day").lower() == "the day" else other["length"]
        day = apart(length, found.days[0] if back else found.days[1], back)
        lead, begin, _ = _lead(question, start - len(before) + other.start())
        if day is None:
            return begin, end, Found(question[begin:end], "of", found.days)
        days = read(f"{day:%Y-%m}") if re.search("month|year", length) else None
        lead = lead or "on" if other["way"] else "by"  # on the eve of a day: by then
        return begin, end, Found(question[begin:end], lead, days or (day, day), exact=day)
    if (edge := _EDGE.search(before)) and found.days[0] < found.days[1] < date.max:
        day = found.days[1] if edge["end"] else found.days[0]
        lead, begin, _ = _lead(question, start - len(before) + edge.start())
        return begin, end, Found(question[begin:end], lead or "at", (day, day))
    _, begin, _ = _lead(question, start)
    if CHINESE.search(question[start:end]):
        lead, end = _behind(question, end)
        found = replace(found, lead=found.lead or lead)
    return begin, end, replace(found, words=question[begin:end])


def _behind(question: str, end: int) -> tuple[str, int]:
    """What a Chinese date is followed by, as the preposition it would have in English, and where that ends."""
    for lead, pattern in _BEHIND:
        if match := pattern.match(question, end):
            return lead, match.end()
    return "in", end


def _lead(question: str, start: int) -> tuple[str, int, bool]:
    """The preposition before a date ("" for none), where it starts, and whether "the time of" stands between."""
    match = _LEAD.search(question[max(0, start - 40) : start])
    if not match:
        return "", start, False
    lead, begin = "as of" if match["zh"] else match["lead"].lower(), max(0, start - 40) + match.start()
    if lead in BEFORE + AFTER and _APART.search(question[:begin]):
        lead = "of"
    return lead, begin, bool(match["at"])
