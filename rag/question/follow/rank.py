"""Ranks: "the first phase", "phase II", "phase two", "the second biggest", "the third one". Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.question.follow.forms import MOST, ORDINAL

# One rank as numeral, cardinal, ordinal and figure
_RANKS = (
    ("I", "one", "first", "1"), ("II", "two", "second", "2"), ("III", "three", "third", "3"),
    ("IV", "four", "fourth", "4"), ("V", "five", "fifth", "5"), ("VI", "six", "sixth", "6"),
)  # fmt: skip
_PART = r"(?:phase|round|stage|tranche|part|tier|batch|step)"
_SUPERLATIVE = re.compile(rf"\b{MOST}\b", re.I)
_ORDINAL = re.compile(rf"\b(?!{MOST}){ORDINAL}\b", re.I)
_NUMBERED = re.compile(rf"\b(?P<part>{_PART}) (?P<rank>[IV]+|\d|one|two|three|four|five|six)\b", re.I)
_ONE = re.compile(rf"(?:the )?(?P<rank>first|second|third|fourth|fifth|sixth)(?: (?P<noun>ones?|{_PART}))?", re.I)
_OF = re.compile(r" of (?:the )?[A-Z][\w-]*(?: [A-Z][\w-]*)*")


def in_the_rank_of(fragment: str, last: str) -> str | None:
    """The last question with the rank of a fragment in place of its own; None where either has no rank."""
    new, old = _SUPERLATIVE.search(fragment), _SUPERLATIVE.search(last)
    if new and old and len(fragment.split()) <= 4:
        return last[: old.start()] + new[0] + last[old.end() :]
    rank = _number(fragment)
    numbered, ordinal = _NUMBERED.search(last), _ORDINAL.search(last)
    if rank is None or not (_ONE.fullmatch(fragment) or _NUMBERED.fullmatch(fragment)):
        return None
    if numbered:
        start, end = numbered.span("rank")
        return last[:start] + _in_the_form_of(numbered["rank"], rank) + last[end:]
    if ordinal:
        put = _NUMBERED.fullmatch(fragment)
        noun = re.match(rf" {_PART}\b", last[ordinal.end() :], re.I)
        end = ordinal.end() + (len(noun[0]) if noun and put else 0)
        before = re.sub(r"\bthe $", "", last[: ordinal.start()]) if put else last[: ordinal.start()]
        return before + (put[0] if put else _RANKS[rank][2]) + last[end:]
    return None


def ranked(text: str, thread: Sequence[str]) -> str | None:
    """A question with "the third one" put in full, as a turn before has another: "phase III of the Big Fund"."""
    one = next((m for m in _ONE.finditer(text) if m["noun"]), None)
    if one is None:
        return None
    for turn in reversed(thread):
        if numbered := _NUMBERED.search(turn):
            rank = _in_the_form_of(numbered["rank"], _number(one["rank"]) or 0)
            of = _OF.match(turn[numbered.end() :])
            return f"{text[: one.start()]}{numbered['part']} {rank}{of[0] if of else ''}{text[one.end() :]}"
    return None


def phrase_of_rank(last: str) -> tuple[int, int] | None:
    """Where "phase III of the Big Fund" stands."""
    numbered = _NUMBERED.search(last)
    of = _OF.match(last[numbered.end() :]) if numbered else None
    return (numbered.start(), numbered.end() + len(of[0])) if numbered and of else None


def _number(text: str) -> int | None:
    """Which rank a text has, from 0."""
    said = _NUMBERED.search(text) or _ONE.search(text)
    found = said["rank"].lower() if said else ""
    return next((n for n, ways in enumerate(_RANKS) if found in (way.lower() for way in ways)), None)


def _in_the_form_of(old: str, rank: int) -> str:
    form = next((i for ways in _RANKS for i, way in enumerate(ways) if way.lower() == old.lower()), 0)
    return _RANKS[rank][form]
