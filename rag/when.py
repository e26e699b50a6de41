"""A question -> When: which day's state it asks for, when the event was that it asks about, or nothing.

    "As of March 2024, …"  "… in force on 1 June 2025?"  "… by the end of 2024?"   as_of, a filter
    "… today?"  "Is … still …?"                                                   now
    "… in late 2023?"  "… since …"  "… before the May 2025 guidance?"             period, a hint for the ranking

Dates are found and read by `dates`, days of the field by its anchors ("the Busan truce"); what the question wants with
one is told by the words before it. A date that only names a thing ("the October 2022 rule", "Act of 2022") is no time,
and one without its year is not guessed at. Left out: applying it (`pipeline`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from rag.datatypes import Anchor, When
from rag.dates import AGO, DAY, MONTH, PART, PIECE, Stretch, in_words, read, stretch_in_words

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
    r"|since|from|during|within|around|by|in|on|at|over|under|of)"
    r"(?P<at> (?:the )?(?:time|day|date|moment) of)?(?P<the> (?:the|this|that|its))? |(?P<zh>截至|截止))$",
    re.I,
)
# Right after a date these say that it is part of a name: "the October 2022 rule", "December 2024 chip controls".
_NAMED = re.compile(
    r"[ -](?:(?:interim|final|advanced|chip|chips|semiconductor|export|rare|ac/s|ai|bis|foundry|h200?)[ -])*"
    r"(?:rules?|regulations?|guidance|guidelines|controls?|packages?|acts?|laws?|orders?|letters?|measures?|restrictions?"
    r"|updates?|notices?|announcements?|lists?|listings?|bans?|deals?|truce|summit|statements?|frameworks?|memo\w*"
    r"|proclamations?|tariffs?|policy|reports?|revisions?|amendments?|ifrs?|corrections?|earths?|agreements?|talks"
    r"|additions?|decisions?|thresholds?|tiers?|licen[cs]es?)\b",
    re.I,
)
_GOES_ON = re.compile(
    r",? (?:which |that )?(?:was|were|is|are|be|had|has|have|got|took|takes?|came|comes?|went|ended|expired|lapsed)\b",
    re.I,
)
# "Three months before the summit" is no day before it, "before and after the summit" no stretch of days.
_APART = re.compile(r"\b(?:(?:day|week|month|year)s?|(?:before|after) (?:and|or|versus|vs\.?)) $", re.I)
# The state of things is asked for. "Come into force", "put in place" and "apply for" are events.
_STATE = re.compile(
    r"(?<!put )(?<!brought )\bin (?:force|effect|place)\b|\bst(?:ands?|ood)\b(?! for)|\bon the books\b"
    r"|\b(?:binding|valid|applicable|legal|lawful|allowed|permitted|prohibited|licensable|still)\b"
    r"|\bappl(?:y|ies|ied)\b(?! for| to (?:bis|the|commerce))"
    r"|\bstatus\b|\bstate of play\b|(?<!became )(?<!become )\beffective\b(?! date)",
    re.I,
)
_PRESENT = re.compile(r"\b(?:is|are|does|do)\b", re.I)  # "Is it in force?" asks for today, with no word for it
_EVENT = re.compile(r"^\W*(?:when|why|how (?:did|come)|since when)\b", re.I)
_YES_NO = re.compile(r"(?:^|, |; )(?:was|were|did|could|had)\b", re.I)
_DUTY = re.compile(
    r"\b(?:must|should|will|shall|due|deadline|ha(?:ve|s|d) to|needs? to|compl\w+|target\w*|plan\w*|aims?)\b", re.I
)
_PAST = re.compile(r"\b(?:had|was|were|did|has|have|how (?:many|much))\b", re.I)
_NOW = re.compile(
    r"\b(?:as of (?:today|now)|right now|at the moment|at present|presently|currently|current|nowadays|these days"
    r"|to date|so far|today|still|(?<!\bthe )(?<!\ba )now(?! that\b)(?!-))\b|现在|目前|如今|今天",
    re.I,
)
_YEARLESS = re.compile(
    rf"\bas (?:of|at) (?:(?:early|mid|late|the end of)[ -])?(?:{DAY} )?{MONTH}(?: {DAY})?(?![\w.]|,? \d)", re.I
)
_BEFORE, _UNTIL = ("before", "prior to"), ("until", "till", "up to", "up until", "through")
_AFTER, _SINCE = ("after", "following"), ("since", "from")
_AT = ("in", "on", "at", "during", "within", "around", "throughout", "over", "back in", "")


@dataclass(frozen=True, slots=True)
class _Found:
    """A date phrase: its words with those that lead up to it, the days, and whether it only names a thing."""

    words: str
    lead: str
    days: Stretch
    named: bool = False


def read_when(question: str, today: date, anchors: Sequence[Anchor] = (), given: date | None = None) -> When:
    """What a question says about time. A `given` as-of day, from a date field say, wins over the words."""
    found = list(_found(question, today, tuple(anchors)))
    as_of = next((f for f in found if _asks_for_a_state(f, question, today)), None)
    dated = next(((f, p) for f in found if f is not as_of and (p := _period(f))), None)
    now = None if as_of or given or _YEARLESS.search(question) else _NOW.search(question)
    words = [f.words for f in (as_of, dated and dated[0]) if f] + ([now[0]] if now else [])
    asked_now = not (words or given) and _PRESENT.search(question) and _STATE.search(question)
    when = When(given or (as_of.days[1] if as_of else None), bool(now or asked_now), dated and dated[1], tuple(words))
    said = _said_as_of(as_of, given, question)
    said += [f"Read “{now[0]}” as {in_words(today)}."] if now else []
    said += [f"Read “{dated[0].words}” as {stretch_in_words(dated[1])}; other days are not left out."] if dated else []
    return replace(when, as_of_words=as_of.words if as_of else "", note=" ".join(said))


def without_its_day(question: str, when: When) -> str:
    """What to search for: the words that set the as-of day have done their work, and would find that day's events."""
    rest = " ".join(question.replace(when.as_of_words, " ", 1).split()) if when.as_of_words else question
    return rest.lstrip(",; ") if any(map(str.isalnum, rest)) else question


def _asks_for_a_state(found: _Found, question: str, today: date) -> bool:
    """True where the state of things on the last of these days is asked for, not what happened then."""
    lead = found.lead
    if lead in ("as of", "as at", "as on"):
        return True
    if found.named or found.days[1] > today:
        return False
    if lead == "by":
        return bool(_PAST.search(question)) and not _DUTY.search(question)
    if lead == "back in" and _YES_NO.search(question):
        return True
    return lead in _AT and lead != "" and bool(_STATE.search(question)) and not _EVENT.search(question)


def _period(found: _Found) -> Stretch | None:
    first, last = found.days
    if found.lead in _BEFORE:
        return date.min, first - timedelta(1)
    if found.lead in _AFTER:
        return last + timedelta(1), date.max
    if found.lead in _SINCE:
        return first, date.max
    if found.lead in _UNTIL:
        return date.min, last
    return found.days if found.lead in _AT and not found.named else None


def _found(question: str, today: date, anchors: tuple[Anchor, ...]) -> Iterator[_Found]:
    """Every date phrase in reading order; the longest where they overlap."""
    taken: list[tuple[int, int, _Found]] = []
    for start, end, found in (*_ranges(question, today), *_anchored(question, anchors), *_dated(question, today)):
        if all(end <= a or b <= start for a, b, _ in taken):
            taken.append((start, end, found))
    yield from (found for *_, found in sorted(taken, key=lambda t: t[0]))


def _ranges(question: str, today: date) -> Iterator[tuple[int, int, _Found]]:
    for match in _RANGE.finditer(question):
        last = read(match["b"], today)
        first = last and _with_a_year(match["a"], last[0], today)
        if first and last and first[0] <= last[1]:
            yield *match.span(), _Found(match[0], "", (first[0], last[1]))
    for match in _RECENT.finditer(question):
        if ago := read(f"{(match['n'] or '1').strip()} {match['unit']}s ago", today):
            yield *match.span(), _Found(match[0], "", (ago[0], today))


def _with_a_year(words: str, day: date, today: date) -> Stretch | None:
    """29 September, September or 29, of "from … to 9 November 2025", has its year from there."""
    if re.search(r"\d{4}|ago|last|this|yesterday", words, re.I):
        return read(words, today)
    return read(f"{words} {day:%B %Y}") if words.isdigit() else read(f"{words} {day.year}")


def _anchored(question: str, anchors: tuple[Anchor, ...]) -> Iterator[tuple[int, int, _Found]]:
    days, pattern = _anchor_pattern(anchors)
    for match in pattern.finditer(question) if days else ():
        first, last = days[match[0].lower()]
        lead, start, at = _lead(question, match.start())
        if lead == "under" and first != last:
            lead = "in"
        about = lead in ("on", "in", "from", "by") and not at and first == last and not match[0].lower().endswith("day")
        if _GOES_ON.match(question, match.end()):
            continue  # "after the rule was suspended" is another day than the rule's
        yield (
            start,
            match.end(),
            _Found(question[start : match.end()], "of" if about or not lead else lead, (first, last)),
        )


@lru_cache(maxsize=8)
def _anchor_pattern(anchors: tuple[Anchor, ...]) -> tuple[dict[str, Stretch], re.Pattern[str]]:
    days = {phrase.lower(): (a.first, a.last or date.max) for a in anchors for phrase in a.phrases}
    longest_first = sorted(days, key=len, reverse=True)
    return days, re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.I)


def _dated(question: str, today: date) -> Iterator[tuple[int, int, _Found]]:
    for match in _DATED.finditer(question):
        days = read(match[0], today)
        if not days:
            continue
        lead, start, _ = _lead(question, match.start())
        exact = days[0] == days[1] or bool(re.match(PART, match[0], re.I))
        article = question[: match.start()].lower().endswith((" the ", " this ", " that ", " its ", "'s ", "’s "))
        named = bool(_NAMED.match(question, match.end())) or (article and not exact)
        if re.fullmatch(r"\d{4}", match[0]) and not lead:
            continue  # "Made in China 2025": a bare year is a time only after "in", "since" …
        yield start, match.end(), _Found(question[start : match.end()], lead, days, named)


def _lead(question: str, start: int) -> tuple[str, int, bool]:
    """The preposition before a date ("" for none), where it starts, and whether "the time of" stands between."""
    match = _LEAD.search(question[max(0, start - 40) : start])
    if not match:
        return "", start, False
    lead, begin = "as of" if match["zh"] else match["lead"].lower(), max(0, start - 40) + match.start()
    if lead in _BEFORE + _AFTER and _APART.search(question[:begin]):
        lead = "of"
    return lead, begin, bool(match["at"])


def _said_as_of(as_of: _Found | None, given: date | None, question: str) -> list[str]:
    day = given or (as_of and as_of.days[1])
    if not day:
        yearless = _YEARLESS.search(question)
        return [f"“{yearless[0]}” names no year, so no day was taken from it. Add the year."] if yearless else []
    if given:
        said = [f"As of {in_words(given)}: only what was published by then."]
        if as_of and as_of.days[1] != given:
            said.append(
                f"The question says “{as_of.words}” ({in_words(as_of.days[1])}); the day set beside it is used."
            )
        return said
    words = as_of.words if as_of else ""
    read_as = f"As of {in_words(day)}" if in_words(day) in words else f"Read “{words}” as {in_words(day)}"
    return [f"{read_as}: only what was published by then."]
