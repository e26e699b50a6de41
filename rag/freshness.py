"""An Answer and its quotes' dates -> what the reader must know of time: what was in force, and how new all this is.

Left out: what became of one source (`fate`), and how the question's own words about time were read (`when`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from rag.datatypes import Answer, Outcome, Quote, When, first_day, last_day, published_by
from rag.dates import Stretch, in_words, mentions, stretch_in_words

NOT_KNOWN = "whether it was extended is not known here"


def with_time(answer: Answer, when: When, checked: str, newest: str, today: date) -> Answer:
    """The answer with notes on time and its freshness line.

    `checked` is the last day as of which a status was recorded, `newest` that of the newest source (partial ISO dates,
    either may be empty): what happened later is not known.
    """
    known_to = checked or newest
    notes = [when.note] if when.note else []
    asked_about = when.as_of or (today if when.now else None)
    behind = bool(asked_about and known_to and last_day(known_to) < asked_about)
    if behind:
        reach = "Statuses were last checked on" if checked else "The sources end on"
        notes.append(f"{reach} {in_words(known_to)}; what changed after that is not known here.")
    if when.period and newest and last_day(newest) < when.period[0]:
        notes.append(f"The sources end on {in_words(newest)}.")
    if when.as_of:
        notes += _in_force(answer.quotes, when.as_of)
    if when.period and answer.quotes and not any(falls_in(q, when.period) for q in answer.quotes):
        notes.append(f"None of these quotes is of {stretch_in_words(when.period)}.")
    reach = "Statuses were last checked on" if checked else "The sources reach to"
    known = f"{reach} {in_words(known_to)}." if known_to and not behind else ""
    fresh = "" if answer.outcome is Outcome.NOT_FOUND else _freshness(answer.quotes, known, today)
    return replace(answer, as_of=when.as_of, when=when, notes=(*answer.notes, *notes), freshness=fresh)


def with_later(refusal: Answer, later: Answer | None, day: date) -> Answer:
    """A refusal as of a day with a line on the source that answers but came out after it, if there is one."""
    quotes = later.quotes if later and later.outcome is Outcome.ANSWERED else ()
    source = next((q.document.source for q in quotes if q.document.source.published), None)
    if source is None or published_by(source.published, day):
        return refusal
    note = f"What answers came out after that day: “{source.title}”, {in_words(source.published)}."
    return replace(refusal, notes=(*refusal.notes, note))


def _in_force(quotes: Sequence[Quote], day: date) -> list[str]:
    """One line on what of the quoted was in force on a day, what was not, and what nobody had ended yet."""
    groups: dict[str, list[str]] = {"In force": [], "Not yet ended": [], "Not in force": []}
    for quote in {q.document.id: q for q in quotes if q.fate}.values():
        title, state = f"“{quote.document.source.title}”", quote.fate.state if quote.fate else ""
        if state == "in force":
            groups["In force"].append(title)
        elif state == "standing":
            groups["Not yet ended"].append(title)
        elif state != "unknown":
            groups["Not in force"].append(f"{title} ({state})")
    said = [f"{name} on {in_words(day)}: {'; '.join(titles)}." for name, titles in groups.items() if titles]
    return [" ".join(said)] if said else []


def falls_in(quote: Quote, period: Stretch) -> bool:
    """True when the source is of that time, or the quote names a day of it."""
    published = quote.document.source.published
    days = [(m.first, m.last) for m in mentions(quote.text)]
    days += [(first_day(published), last_day(published))] if published else []
    return any(first <= period[1] and period[0] <= last for first, last in days)


def _freshness(quotes: Sequence[Quote], known: str, today: date) -> str:
    """The newest source quoted, how far is `known`, and every "until" that has passed and that no banner tells."""
    sources = {q.document.id: q.document.source for q in quotes}.values()
    dates = [s.published for s in sources if s.published]
    said = [f"Newest source quoted: {in_words(max(dates))}." if dates else "The sources quoted carry no date."]
    said += [known] if known else []
    banners = " ".join(q.fate.note for q in quotes if q.fate and q.fate.warns)
    for s in sources:
        if s.until and last_day(s.until) < today and in_words(s.until) not in banners:
            over = s.status_as_of and last_day(s.status_as_of) > last_day(s.until)
            said.append(f"“{s.title}” ran until {in_words(s.until)}" + ("." if over else f"; {NOT_KNOWN}."))
    return " ".join(said)
