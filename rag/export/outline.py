"""A conversation as lines, each of a kind: what stands in an export, whatever draws it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from rag.datatypes import Answer, Fate, Outcome, Quote
from rag.dates import in_words
from rag.present import HEADINGS, REFUSALS, cite, fragment_url, placed
from rag.present.standing import in_brief, told_at

Kind = Literal["title", "about", "question", "note", "side", "words", "source", "banner"]


@dataclass(frozen=True, slots=True)
class Line:
    """Text of a kind; `link` leads on where there is somewhere to go. `words` are exact, their blocks on lines."""

    kind: Kind
    text: str
    link: str = ""


def outline(answers: Sequence[Answer], made: date, site: str) -> Iterator[Line]:
    """The lines of a conversation of at least one answer."""
    yield Line("title", "ChipQuote: questions and quotes")
    yield Line("about", f"Exported on {in_words(made)} from {answers[0].coverage}.")
    exact = "What stands in quotation marks stands letter by letter in its source"
    ours = any(q.document.source.kind == "record" for a in answers for q in (*a.quotes, *a.related))
    yield Line("about", f"{exact}{'; a ChipQuote record is our own summary of its references' if ours else ''}.")
    for number, answer in enumerate(answers, 1):
        yield Line("question", f"{number}. {answer.question}")
        yield from _answer(answer, site)


def _answer(answer: Answer, site: str) -> Iterator[Line]:
    if answer.searched != answer.question:
        yield Line("note", f"Searched: {answer.searched}")
    if answer.as_of:
        yield Line("note", f"As of {in_words(answer.as_of)}.")
    yield from (Line("note", note) for note in answer.notes)
    if answer.outcome is Outcome.NOT_FOUND:
        yield from _refusal(answer, site)
        return
    if heading := HEADINGS.get(answer.outcome):
        yield Line("note", f"{heading}.")
    told: set[str] = set()  # documents whose sources and fate stand above
    order = placed(answer)
    for number, (at, first) in enumerate(zip(order, told_at([at.quote for at in order]), strict=True), 1):
        yield from (Line("side", heading) for heading in (at.side, at.speaker) if heading)
        if at.reported_in:
            yield Line("note", f"Reported in a source filed under {at.reported_in}:")
        yield from _quote(at.quote, site, told)
        if at.quote.fate and at.quote.fate.warns:
            yield from _fate(at.quote, at.quote.fate, site, told, first == number)
        told.add(at.quote.document.id)
    yield Line("about", answer.freshness)


def _refusal(answer: Answer, site: str) -> Iterator[Line]:
    """That nothing answers, and what is near, with why it does not."""
    nothing = "" if answer.near else f" {REFUSALS[False]}"
    yield Line("note", f"Not in these sources ({answer.coverage}).{nothing}")
    if answer.near:
        yield Line("side", "Related, not an answer")
        yield from (Line("note", reason) for reason in answer.lacks)
        told: set[str] = set()
        for quote in answer.related:
            yield from _quote(quote, site, told)
            told.add(quote.document.id)
    if answer.freshness:
        yield Line("about", answer.freshness)


def _quote(quote: Quote, site: str, told: set[str]) -> Iterator[Line]:
    source = quote.document.source
    yield Line("words", f"“{quote.text}”")
    yield Line("source", cite(quote), _web(fragment_url(quote)))
    for r in source.references if quote.document.id not in told else ():
        named = ", ".join(part for part in (r.title, r.publisher, in_words(r.date)) if part)
        yield Line("source", f"Rests on {named}", _web(r.url))
    yield Line("source", f"Quote {quote.key}", f"{site}/quote/{quote.key}" if site else "")


def _fate(quote: Quote, fate: Fate, site: str, told: set[str], first: bool) -> Iterator[Line]:
    """What became of a source, and, at its first quote, whose words say so; in brief where that stands above."""
    yield Line("banner", fate.note if first else f"{in_brief(fate, quote.document.source)} (see above).")
    for telling in fate.replaced_by if first else ():
        yield from _quote(telling, site, told)
        told.add(telling.document.id)


def _web(url: str) -> str:
    return url if url.lower().startswith(("http://", "https://")) else ""
