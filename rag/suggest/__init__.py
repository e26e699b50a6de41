"""Answer -> up to three next questions, each of which was asked and answered before it is offered.

What can be asked comes from the documents: what replaced, suspended or came before what is quoted, and what was found
beside it on the same thing: another side's response, somebody's words, a measure, what happened in a month. Left out:
how that is put into words (`wording`), and when it is done. It asks the pipeline several times, so it waits until
somebody wants it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from rag.datatypes import Answer, Document, Find, Outcome, published_by
from rag.names import BODIES, atoms
from rag.pipeline import Pipeline
from rag.suggest import wording
from rag.suggest.wording import name_of
from rag.text import words

__all__ = ["MOST", "Suggestion", "name_of", "suggest"]

MOST, _TRIES = 3, 8  # suggestions; questions asked to find them
_NEAREST = 6  # documents that may be asked for though they share no name with the question
_OFFICES = frozenset(words(" ".join(" ".join(own.split("=")) for side, own in BODIES.items() if side != "industry")))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question that can be asked next, and the document that it leads to."""

    question: str
    document: str


def suggest(
    pipeline: Pipeline, answer: Answer, turns: Sequence[str] = (), as_of: date | None = None, side: str = ""
) -> list[Suggestion]:
    """At most `MOST` next questions, each answered by words of another document that are not quoted yet.

    `turns` are the questions before that of `answer`, none of which comes again; `as_of` and `side` are what the
    reader has set and the next question will be asked with.
    """
    before = {_gist(question) for question in (*turns, answer.question, answer.searched)}
    seen, told = {quote.key for quote in answer.quotes}, set[str]()
    found: list[Suggestion] = []
    for idea in islice(_unasked(_ideas(answer, pipeline.index.find), before), _TRIES):
        if idea.document in told:
            continue
        reply = pipeline.ask(idea.question, as_of, side, [*turns, answer.question])
        new = {quote.document.id for quote in reply.quotes if quote.key not in seen}
        if reply.outcome is Outcome.ANSWERED and idea.document in new:
            found.append(idea)
            told |= new
        if len(found) == MOST:
            break
    return found


def _ideas(answer: Answer, find: Find) -> Iterator[Suggestion]:
    """What could be asked, not yet tried: first what is linked to the quotes, then what was found beside them."""
    quoted = list({q.document.id: q.document for q in answer.quotes}.values())
    for document in quoted:
        yield from _by_its_links(document, answer, find)
    topic, told = wording.topic_of(answer.searched), {d.source.side for d in quoted or answer.nearest}
    for document in _near(answer, quoted):
        if question := _about(document, topic, told):
            yield Suggestion(question, document.id)


def _unasked(ideas: Iterator[Suggestion], before: set[frozenset[str]]) -> Iterator[Suggestion]:
    for idea in ideas:
        if (gist := _gist(idea.question)) not in before:
            before.add(gist)
            yield idea


def _by_its_links(document: Document, answer: Answer, find: Find) -> Iterator[Suggestion]:
    source, name = document.source, name_of(document.source, document.text)
    topic = wording.topic_of(answer.searched)
    is_it = wording.is_measure(topic) and _gist(topic) <= _gist(f"{source.title} {source.instrument}")
    names = [n for n in (topic if is_it else "", name) if n]
    for other in filter(None, map(find, source.superseded_by)):
        if answer.as_of is None or published_by(other.source.published, answer.as_of):
            yield from (Suggestion(wording.for_what_became(source.status, n), other.id) for n in names)
    for other in filter(None, map(find, source.supersedes)):
        if name:
            yield Suggestion(wording.for_what_it_did(other.source.status, name), other.id)


def _about(document: Document, topic: str, told: set[str]) -> str:
    """How one asks for a document that was found beside the quotes; `told` are the sides heard, and "news"."""
    source = document.source
    if source.status == "statement" and (question := wording.for_its_words(document, topic)):
        return question
    if source.side not in told and (question := wording.for_a_response(document, topic)):
        told.add(source.side)
        return question
    if question := wording.for_itself(document):
        return question
    if source.status == "event" and "news" not in told and (question := wording.for_the_news(document, topic)):
        told.add("news")
        return question
    return ""


def _near(answer: Answer, quoted: Sequence[Document]) -> list[Document]:
    """What was found beside the quotes, best first: what has a name of the question in it, then a name of the titles
    quoted, then what else came near.
    """  # noqa: D205
    found = list({e.passage.document.id: e.passage.document for e in answer.evidence}.values())
    asked, told = _names(answer.searched), [name for d in quoted for name in _names(d.source.title)]

    def has(document: Document, names: Sequence[set[str]]) -> bool:
        said = set(words(f"{document.source.about} {document.source.instrument} {document.text}"))
        return any(name <= said for name in names)

    beside = [d for d in found if d not in quoted]
    first, second = [d for d in beside if has(d, asked)], [d for d in beside if has(d, told)]
    return list({d.id: d for d in (*first, *second, *beside[:_NEAREST])}.values())


def _names(text: str) -> list[set[str]]:
    """The names in a text that are of one subject alone: no places, days or offices of a government."""
    named = [set(words(n.text)) for n in atoms(text) if n.kind not in ("place", "date")]
    return [name for name in named if name and not name <= _OFFICES]


def _gist(question: str) -> frozenset[str]:
    """What makes two questions the same: their words, in whatever order and form."""
    return frozenset(words(question))
