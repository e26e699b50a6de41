"""What a source is or was: in a word for a mark beside a quote, in a line where its fate was told in full before.

The two never disagree: as of a day both say how it stood then. Left out: the full line (`fate`), and its look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.datatypes import ENDED, Fate, Quote, Source, last_day
from rag.dates import in_words

# What a status means for a reader: green holds, amber may change, red holds no longer, grey happened.
TONES = {"in force": "good", "proposed": "open", "suspended": "open", "rescinded": "gone", "superseded": "gone"}
_TONES_THEN = TONES | {"standing": "good", "not yet in effect": "open", "unknown": "open", "ended": "gone"}
_BANNERS = {"rescinded": "gone", "superseded": "gone", "ended": "gone", "in force": "plain", "proposed": "plain"}
_HAPPENED = ("event", "statement")  # on a day, and never checked again
# Of what was in force or proposed: what another source that followed made of it.
_BECAME = {"in force": "changed in part", "proposed": "followed by another"}
_STATES = {"unknown": "Status not known", "standing": "Not yet ended"}  # the others are said as they are
_BY = {"suspended": "Suspended by", "rescinded": "Rescinded by", "superseded": "Replaced by", "proposed": "Then"}


@dataclass(frozen=True, slots=True)
class Mark:
    """A state in a word, its tone (good, open, gone, plain), and of which day it is: "checked 27 June 2026"."""

    words: str
    tone: str
    when: str = ""


def mark(source: Source, fate: Fate | None = None) -> Mark | None:
    """How a source stands as far as is known or, with the `fate` of a day that is asked about, how it stood then.

    None where nobody says.
    """
    if fate:
        return Mark(_state(fate), _TONES_THEN.get(fate.state, "plain"), f"on {in_words(fate.day)}")
    if not source.status:
        return None
    checked = source.status not in _HAPPENED and source.status_as_of
    return Mark(
        source.status.capitalize(), TONES.get(source.status, "plain"), f"checked {in_words(checked)}" if checked else ""
    )


def in_brief(fate: Fate, source: Source) -> str:
    """What was told in full before: "Rescinded from 13 May 2025", "In force on 1 March 2025 · later rescinded".

    A state that lasts has no day here: up to when it is known stands beside it.
    """
    if until := unknown_since(fate, source):
        return f"{source.status.capitalize()} until {in_words(until)}; since then not known"
    if fate.since and fate.state in ENDED:
        return f"{_state(fate)} from {in_words(fate.since)}"
    if fate.later:
        return f"{_state(fate)} on {in_words(fate.day)} · later {_BECAME.get(source.status, source.status)}"
    return f"{_state(fate)} · {_BECAME[fate.state]}" if fate.replaced_by and fate.state in _BECAME else _state(fate)


def unknown_since(fate: Fate, source: Source) -> str:
    """The day that was to end a state and has passed without word of what came then, "" where there is none."""
    paused = source.status == "suspended" and fate.replaced_by
    until = fate.replaced_by[0].document.source.until if paused else source.until
    return until if until and fate.state == "unknown" and not fate.later and last_day(until) < fate.day else ""


def told_at(quotes: Sequence[Quote]) -> list[int]:
    """Of each quote the number, from 1, of the one at which what became of its source is told in full.

    That two sources held until one day and nobody knows what came then is one thing to tell.
    """
    first: dict[str, int] = {}
    numbers = []
    for number, quote in enumerate(quotes, 1):
        fate, source = quote.fate, quote.document.source
        until = unknown_since(fate, source) if fate else ""
        known = first.get(quote.document.id) or (not (fate and fate.replaced_by) and first.get(until)) or number
        numbers.append(known)
        first |= {quote.document.id: known, until: known} if until else {quote.document.id: known}
    return numbers


def banner_tone(fate: Fate) -> str:
    """How a banner looks: red for what no longer holds, amber for what may not, plain for a change in part."""
    return "open" if fate.later else _BANNERS.get(fate.state, "open")


def ended_by(status: str) -> str:
    """What stands before the source that did it: "Suspended by"."""
    return _BY.get(status, "Changed by")


def _state(fate: Fate) -> str:
    return _STATES.get(fate.state, fate.state.capitalize())
