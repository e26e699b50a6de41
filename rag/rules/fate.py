"""A source and a day -> its Fate: in force then, or suspended, rescinded, superseded, since when and by whose words.

Only what the front matter of the source and of those that superseded it says: `published`, `effective`, `until`,
`status` with its days, `superseded_by`. Events, statements and documents without a status have no fate.
Left out: which day is meant (`when`), and what an answer says about all its sources together (`freshness`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from rag.datatypes import ENDED, Document, Fate, Find, Quote, Sentences, Source, Span, Weighed, last_day
from rag.dates import in_words, mentions
from rag.rules.hindsight import ENDS, tells_later, told_by
from rag.text import alike, words

# How a document tells that it did this to another.
_TELLS = ENDS | {
    "in force": r"\bamend|\bcorrect|\breplac|\bexten|\brevis|\bwiden|修改",
    "proposed": r"\bomit|\bleft out|\badopt|\bfinal|\breplac|\bwithdr|\bpass",
}
_NOT_KNOWN = "that day has passed, and whether it was extended is not known here"
_READ = 300  # sentences of a successor among which the telling one is looked for
_ENOUGH, _DATED = 4, 2  # shared words beyond which more tell nothing; what the day of the change is worth in words
OUTDONE = 0.75  # of its score a sentence keeps that a newer source has in much the same words
_HEAD, _ANEW = 24, 0.4  # sentences that are compared, and what share of their words makes them alike
_REPLACES = re.compile(r"\breplac|\bsupersed", re.I)
_DRAFT = re.compile(r"\b(?:draft|propos\w*)\b", re.I)


@dataclass(frozen=True, slots=True)
class _Change:
    """What others did to a source: from when until when (partial ISO, "" when nobody says), and who.

    `exact` is False where the day is only that of the document that tells of it.
    """

    since: str
    until: str
    exact: bool
    by: tuple[Document, ...]


def fate(document: Document, day: date, find: Find, sentences: Sentences) -> Fate | None:
    """What a source was on `day`; None where its front matter does not say, and before it was published."""
    source = document.source
    if source.status not in _TELLS or not source.published_by(day):
        return None
    change = _change(source, [d for d in map(find, source.superseded_by) if d and d.id != document.id])
    reading = {"in force": _holding, "proposed": _proposed}.get(source.status, _ended)
    state, note, later = reading(source, change, day)
    since = change.since if state in ENDED else source.effective or source.published
    out = tuple(d for d in change.by if not _came_after(d, day))
    more = [d for d in change.by if d not in out]
    if out and more and not later:
        note = f"{note.removesuffix('.')}; later changed again (source of {in_words(more[0].source.published)})."
    said = sentences if later else told_by(day, sentences)
    quotes = tuple(q for d in (change.by if later else out) if (q := telling(d, document, said)))
    until, tellers = (source.until, (document,)) if state == "in force" else (change.until, out)
    return Fate(day, state, since, note, later, quotes, _naming(until, day, tellers, sentences))


def _came_after(document: Document, day: date) -> bool:
    """True when a source has a date and was not surely out by `day`."""
    return bool(document.source.published) and not document.source.published_by(day)


def telling(successor: Document, old: Document, sentences: Sentences) -> Quote | None:
    """The sentence of `successor` that tells what became of `old`; where none says so, its first.

    It has the word for it and words of the old title or instrument, and names no other day than those of the two.
    """
    about = set(words(f"{old.source.title} {old.source.instrument}"))
    tells = _TELLS[old.source.status]
    if successor.source.status == old.source.status:
        tells = rf"(?<!\bwere )(?<!\bwas )(?:{tells})"  # "were superseded by …" tells its own end
    best, chosen = 1, None
    for _, span in islice(sentences(successor), _READ):
        chosen = chosen or span
        dated = _names_a_day_of(span.text, (successor.source, old.source))
        if dated is not False and re.search(tells, span.text, re.I):
            fit = min(len(about & set(words(span.text))), _ENOUGH) + _DATED * bool(dated)
            best, chosen = (fit, span) if fit > best else (best, chosen)
    return Quote(successor, chosen.start, chosen.end) if chosen else None


def _naming(until: str, day: date, documents: Iterable[Document], sentences: Sentences) -> Quote | None:
    """The first sentence of these documents that names the day `until`, as it was told by `day`."""
    if until.count("-") != 2:
        return None
    end = last_day(until)
    for document in documents:
        for _, span in islice(sentences(document), _READ):
            if any(m.first == m.last == end for m in mentions(span.text)) and not tells_later(span, day):
                return Quote(document, span.start, span.end)
    return None


def outdone(weighed: Sequence[Weighed]) -> Callable[[Span], float]:
    """What share of its score a sentence keeps where a state is asked for: less where a newer source puts it anew.

    Rules that amend one list or another year after year share most of their words, and the last one tells. Records say
    themselves what became of what they tell.
    """
    told = [(w.span, set(words(w.span.text))) for w in weighed[:_HEAD] if w.span.document.source.kind != "record"]
    old = {
        (span.document.id, span.start)
        for span, said in told
        for newer, anew in told
        if span.document.source.published < newer.document.source.published and alike(said, anew) >= _ANEW
    }
    return lambda sentence: OUTDONE if (sentence.document.id, sentence.start) in old else 1.0


def tell_the_state(quotes: Sequence[Quote], day: date, most: int, whether: bool = False) -> list[Quote]:
    """For a question about the state on `day`: behind the first quote of a source that had ended stands what ended it.

    Only what was published by then, the latest of it, and where nothing of it is quoted yet; the last quote makes room
    where there are more than `most`. Where it is asked `whether` something holds, what ended it comes first of all,
    unless the first quote says so itself. The day on which the state of the first quote ends is told behind it.
    """
    return _with_its_end(_with_what_ended_it(quotes, day, most, whether), most)


def tell_what_became(quotes: Sequence[Quote], day: date, most: int, question: str = "") -> list[Quote]:
    """For a question after what became of something: first, what became of the source of the first quote by `day`.

    Where it is asked what replaced it and the first quote says so itself ("left without a replacement"), that stays.
    """
    if quotes and _REPLACES.search(question) and _REPLACES.search(quotes[0].text):
        return list(quotes)
    first = quotes[0].fate if quotes else None
    known = [q for q in first.replaced_by if q.document.source.published_by(day)][-1:] if first else []
    told = [replace(q, score=quotes[0].score) for q in known]
    rest = [q for q in quotes if not any(map(q.overlaps, told))]
    if told and rest and rest[0] is quotes[0] and re.search(_TELLS[rest[0].document.source.status], rest[0].text, re.I):
        return [rest[0], *told, *rest[1:]][:most]  # it says so itself
    return [*told, *rest][:most]


def _with_its_end(quotes: list[Quote], most: int) -> list[Quote]:
    ends = quotes[0].fate.ends if quotes and quotes[0].fate else None
    if ends is None or any(map(ends.overlaps, quotes)):
        return quotes
    return [quotes[0], replace(ends, score=quotes[0].score), *quotes[1:]][:most]


def _with_what_ended_it(quotes: Sequence[Quote], day: date, most: int, whether: bool) -> list[Quote]:
    quoted = {q.document.id: q for q in reversed(quotes)}
    for n, quote in enumerate(quotes):
        if quote.fate and quote.fate.state in ENDED:
            known = [q for q in quote.fate.replaced_by if q.document.source.published_by(day)][-1:]
            told = [quoted.get(q.document.id, replace(q, score=quote.score)) for q in known]
            if whether and n == 0 and not re.search(_TELLS[quote.document.source.status], quote.text, re.I):
                return [*told, *[q for q in quotes if q not in told]][:most]
            new = [q for q in told if q.document.id not in quoted]
            return [*quotes[: n + 1], *new, *quotes[n + 1 :]][:most]
    return list(quotes)


def _names_a_day_of(text: str, sources: tuple[Source, ...]) -> bool | None:
    """Whether a text names a day, or the month, that one of the sources is dated; None where it names none at all."""
    days = [date.fromisoformat(d) for s in sources for d in (s.published, s.effective) if d.count("-") == 2]
    named = [m for m in mentions(text) if (m.last - m.first).days < 31]
    return any(m.first <= day <= m.last for m in named for day in days) if named else None


def _change(source: Source, others: list[Document]) -> _Change:
    dated = sorted(others, key=lambda d: d.source.effective or d.source.published or "9999")
    first = dated[0].source if dated else Source("")
    since = source.status_since or first.effective or first.published
    until = (first.until if dated else source.until) if source.status == "suspended" else ""
    return _Change(since, until, bool(source.status_since or first.effective), tuple(dated))


def _ended(source: Source, change: _Change, day: date) -> tuple[str, str, bool]:
    """(state, note, whether it ended later) of what is suspended, rescinded or superseded by now."""
    status, checked, until = source.status, source.status_as_of, change.until
    if not change.since:
        return _ended_some_day(source, day)
    became = f"from {in_words(change.since)}" if change.exact else f"(source of {in_words(change.since)})"
    became = f"{status} {became}" + (f" through {in_words(until)}" if until else "")
    if not _by(change.since, day):
        state, then = _before_its_end(source, day)
        return state, f"{then}; later {became}.", True
    if until and last_day(until) < day and not (checked and last_day(checked) > last_day(until)):
        return "unknown", f"{_first(became)}; {_NOT_KNOWN}.", False
    early = source.effective and last_day(source.effective) > last_day(change.since)
    return status, _first(became) + (", before it took effect." if early else "."), False


def _before_its_end(source: Source, day: date) -> tuple[str, str]:
    """(state, how it stood) on a day before it was suspended, rescinded or superseded."""
    on = in_words(day)
    if _DRAFT.search(f"{source.title} {source.instrument}"):
        return "proposed", f"Proposed {_on(source.published)}"
    if source.effective and not _by(source.effective, day):
        return "not yet in effect", f"Not yet in effect on {on}"
    if source.effective:
        return "in force", f"In force on {on}"
    return "standing", f"Not yet {source.status} on {on}"


def _ended_some_day(source: Source, day: date) -> tuple[str, str, bool]:
    """The same where no document and no date says when; `until` is the last day it held, unless checked before that."""
    status, checked, until = source.status, source.status_as_of, source.until
    if until and not (checked and _by(checked, last_day(until))):
        if last_day(until) < day:
            return status, f"{_first(status)}; it held until {in_words(until)}.", False
        return "in force", f"In force on {in_words(day)}, until {in_words(until)}; later {status}.", True
    if checked and not _by(checked, day):
        unknown = f"how it stood on {in_words(day)} is not recorded here"
        return "unknown", f"{_first(status)} by {in_words(checked)}; {unknown}.", True
    said = f"Recorded as {status}" + (f" as of {in_words(checked)}" if checked else "")
    if until and last_day(until) < day:
        return "unknown", f"{said}, until {in_words(until)}; {_NOT_KNOWN}.", False
    return status, f"{said}; since when is not recorded here.", False


def _holding(source: Source, change: _Change, day: date) -> tuple[str, str, bool]:
    """(state, note, whether it was changed later) of what is in force by now."""
    checked, until = source.status_as_of, source.until
    if source.effective and not _by(source.effective, day):
        effect = in_words(source.effective)
        return "not yet in effect", f"Published {_on(source.published)}, in effect from {effect}.", False
    if until and last_day(until) < day:
        if checked and last_day(checked) > last_day(until):
            return "ended", f"Ended on {in_words(until)}.", False
        return "unknown", f"In force until {in_words(until)}; {_NOT_KNOWN}.", False
    if source.effective and checked and last_day(checked) < last_day(source.effective):
        effect = in_words(source.effective)
        return "unknown", f"To take effect on {effect}, as of {in_words(checked)}, the last day checked.", False
    if checked and last_day(checked) < day:
        note = f"In force as of {in_words(checked)}, the last day checked"
    else:
        note = f"In force on {in_words(day)}" if checked else "Recorded as in force"
    note += f"; it runs until {in_words(until)}" if until else ""
    later = bool(change.since) and not _by(change.since, day)
    if change.since:
        note += f"; {'later ' if later else ''}changed or replaced in part (source of {in_words(change.since)})"
    return "in force", f"{note}.", later


def _proposed(source: Source, change: _Change, day: date) -> tuple[str, str, bool]:
    note = f"Proposed {_on(source.published)}"
    later = bool(change.since) and not _by(change.since, day)
    if change.since:
        return "proposed", f"{note}; {'later followed' if later else 'followed'} {_on(change.since)}.", later
    checked = f" as of {in_words(source.status_as_of)}" if source.status_as_of else ""
    return "proposed", f"{note}; still recorded as proposed{checked}.", False


def _by(partial: str, day: date) -> bool:
    """True when a partial date has surely come by `day`."""
    return bool(partial) and last_day(partial) <= day


def _on(partial: str) -> str:
    return f"{'on' if partial.count('-') == 2 else 'in'} {in_words(partial)}"


def _first(words_: str) -> str:
    return words_[:1].upper() + words_[1:]
