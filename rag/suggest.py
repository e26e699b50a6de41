"""Answer -> up to three next questions, each of which was asked and answered before it is offered.

What can be asked comes from the documents: what replaced, suspended or came before what is quoted, and what was found
beside it: another side's response, somebody's words, what happened in a month. The words are a few plain templates
around the topic of the question or an instrument's own name; where a name does not read well in a sentence, nothing is
made of it. Left out: when this is done. It asks the pipeline several times, so it waits until somebody wants it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from rag.datatypes import Answer, Document, Find, Outcome, Source, published_by
from rag.dates import in_words
from rag.names import HEADS, PLACES, things
from rag.pipeline import Pipeline
from rag.text import words

MOST, _TRIES = 3, 9  # suggestions; questions asked to find them
_LONGEST = 60  # characters of a name in a question
# What became of a document -> how to ask for what did it, and, of that, what it did it to.
_AFTER = {"suspended": "What suspended {}?", "rescinded": "What ended {}?", "superseded": "What replaced {}?"}
_BEFORE = {"suspended": "What did {} suspend?", "rescinded": "What did {} end?", "superseded": "What did {} replace?"}
_NAMELESS = ("event", "statement")  # their instrument is an occasion: "Fox Business interview"
_REGISTERS = re.compile(r",? (?:\d+ FR|FR Doc|RIN|\d+ CFR|published)\b.*| \([^)]*\)")
_INSTRUMENT = re.compile(
    r"\b(?:act|rule|law|order|letter|licen[cs]e|requirement|framework|regulation|announcement|proclamation|plan|guidance|"
    r"agreement|decree|tariff|ban|control|measure)(s?)(?= of | on | in | to | for | that | No| \d|$)",
    re.I,
)
_NUMBERED = re.compile(r"\b(?:No\. ?\d+|(?:Order|Proclamation|Section|Announcement|Decree)s? \d+)")
_NO_NAME = re.compile(r"^\d|^\w+(?:ions?|als?|ments?) (?:of|to|for)\b|\w+ed$|[,:/?]|^(?:how|on|in)\b", re.I)


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


def name_of(source: Source) -> str:
    """A document as one names it in a sentence, "" where it has no such name: the AI Diffusion Rule, Decree No. 803.

    From its instrument, without brackets and registers; a document of someone else's is named by its title.
    """
    name = _REGISTERS.sub("", source.instrument).strip()
    if not name and source.kind != "record" and len(source.title) <= _LONGEST and "title" not in source.unknown:
        return f"“{source.title}”"
    if len(name) > _LONGEST or source.status in _NAMELESS or _NO_NAME.search(name) or not _INSTRUMENT.search(name):
        return ""
    return name if _NUMBERED.search(name) or name.lower().startswith(("the ", "a ")) else f"the {name}"


def _ideas(answer: Answer, find: Find) -> Iterator[Suggestion]:
    """What could be asked, not yet tried: first what is linked to the quotes, then what was found beside them."""
    quoted = list({q.document.id: q.document for q in answer.quotes}.values())
    for document in quoted:
        yield from _by_its_links(document, answer, find)
    topic, sides = _topic(answer.searched) if quoted else "", {d.source.side for d in quoted}
    near = {e.passage.document.id: e.passage.document for e in answer.evidence} if quoted else {}
    for document in near.values() if quoted else answer.nearest:
        if document in quoted:
            continue
        if question := _about(document, topic, sides):
            sides.add(document.source.side)
            yield Suggestion(question, document.id)


def _unasked(ideas: Iterator[Suggestion], before: set[frozenset[str]]) -> Iterator[Suggestion]:
    for idea in ideas:
        if (gist := _gist(idea.question)) not in before:
            before.add(gist)
            yield idea


def _by_its_links(document: Document, answer: Answer, find: Find) -> Iterator[Suggestion]:
    source, name, topic = document.source, name_of(document.source), _topic(answer.searched)
    ended = name or (
        topic if source.status in _AFTER and _gist(topic) <= _gist(f"{source.title} {source.instrument}") else ""
    )
    for other in filter(None, map(find, source.superseded_by)):
        if ended and (answer.as_of is None or published_by(other.source.published, answer.as_of)):
            yield Suggestion(_AFTER.get(source.status, "What came after {}?").format(ended), other.id)
    for other in filter(None, map(find, source.supersedes)):
        if name:
            yield Suggestion(_BEFORE.get(other.source.status, "What did {} change?").format(name), other.id)


def _about(document: Document, topic: str, sides: set[str]) -> str:
    """How one asks for a document that was found beside the quotes, whose `sides` are heard already."""
    source = document.source
    topic = topic if _tells_of(document, topic) else ""
    month = in_words(source.published[:7]) if "-" in source.published else ""
    if source.status == "statement" and source.speaker and (topic or month):
        return f"What did {source.speaker.split(',')[0]} say {f'about {topic}' if topic else f'in {month}'}?"
    if topic and source.side in PLACES and source.side not in sides:
        return f"How did {PLACES[source.side][0]} respond to {topic}?"
    if name := name_of(source):
        plural = (match := _INSTRUMENT.search(name)) and match[1]
        return f"What {'do' if plural else 'does'} {name} {'say' if name[0] == '“' else 'do'}?"
    return f"What happened with {topic} in {month}?" if topic and month and source.status == "event" else ""


def _topic(question: str) -> str:
    """What a question is about, in its own words: the last thing it names, or code, with its article."""
    named = [thing for thing in things(question) if thing.kind in ("thing", "code", "")]
    if not named:
        return ""
    before = question[: named[-1].start]
    return ("the " if re.search(r"\bthe (?:[\w%]+ )?$", before, re.I) else "") + named[-1].text


def _tells_of(document: Document, topic: str) -> bool:
    """True when a document has the words that name a topic, or where none does, as "market share", its very words."""
    names = " ".join(w for w in topic.split() if w.lower() not in HEADS and w.lower() != w)
    return _gist(names) <= _gist(document.text) if names else topic.lower() in document.text.lower()


def _gist(question: str) -> frozenset[str]:
    """What makes two questions the same: their words, in whatever order and form."""
    return frozenset(words(question))
