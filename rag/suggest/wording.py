"""A document -> how a person would ask for it: a few plain templates around its name, its subject or a topic.

Where a name does not read well in a sentence, nothing is made of it. Left out: which documents are worth asking for,
and whether the question is answered (`rag.suggest`).
"""

from __future__ import annotations

import re

from rag.datatypes import Document, Source
from rag.dates import in_words
from rag.names import FUNCTION, HEADS, PLACES, things
from rag.text import words

_LONGEST = 60  # characters of a name in a question
# What became of a document -> how to ask for what did it, and, of that, what it did it to.
_AFTER = {
    "suspended": "When {be} {} suspended?",
    "rescinded": "When {be} {} rescinded?",
    "superseded": "What replaced {}?",
}
_BEFORE = {"suspended": "What did {} suspend?", "rescinded": "What did {} end?", "superseded": "What did {} replace?"}
# What a name ends in -> how to ask for it; of all others, what it is.
_ASKED = (
    (re.compile(r"licen[cs]e", re.I), "What {do} {} allow?"),
    (re.compile(r"ban|control|measure|tariff|requirement", re.I), "What {do} {} cover?"),
    (re.compile(r"letter|announcement|proclamation|order|guidance|decree", re.I), "What {do} {} say?"),
)
_NAMELESS = ("event", "statement")  # their instrument is an occasion: "Fox Business interview"
_REGISTERS = re.compile(r",? (?:\d+ FR|FR Doc|RIN|\d+ CFR|H\.R\.|published)\b.*|,? H\.R\. .*| IFR$| \([^)]*\)")
_INSTRUMENT = re.compile(
    r"\b(act|rule|law|order|letter|licen[cs]e|requirement|framework|regulation|announcement|proclamation|plan|guidance|"
    r"agreement|decree|tariff|ban|control|measure)(s?)(?= of | on | in | to | for | that | No| \d|$)",
    re.I,
)
_NUMBERED = re.compile(r"^(?:Executive )?(?:Announcement|Order|Proclamation|Decree)s? (?:No\. ?)?\d")
_NO_NAME = re.compile(
    r"^\d|^\w+(?:ions?|als?|ments?) (?:of|to|for)\b|\w+ing of\b|(?-i:\b[a-z]+ing [A-Z])|\w+ed$|[,:/?]|^(?:how|on|in)\b",
    re.I,
)
_OF_A_MEASURE = re.compile(r"\b(?:rule|act|law|ban|control|curb|list|tariff|restriction|framework)s?$", re.I)
_SUBJECT = re.compile(r"(?:^|.* )on (.+)$|.* (?:to|of) (.+)$", re.I)


def name_of(source: Source, text: str = "") -> str:
    """A document as one names it in a sentence, "" where it has no such name: the AI Diffusion Rule, Decree No. 803.

    From its instrument, without brackets and registers; a document of someone else's is named by its title. What its
    `text` has in small letters is no name: "Annual licences" are the annual licences.
    """
    name = _REGISTERS.sub("", source.instrument).strip()
    if not name and source.kind != "record" and len(source.title) <= _LONGEST and "title" not in source.unknown:
        return f"“{source.title}”"
    if len(name) > _LONGEST or source.status in _NAMELESS or _NO_NAME.search(name) or not _INSTRUMENT.search(name):
        return ""
    first, _, rest = name.partition(" ")
    second = rest.partition(" ")[0]
    sentence = (second.islower() and second not in FUNCTION) or second.isupper()
    if sentence and re.search(rf"\b{re.escape(first.lower())}\b", text):
        name = f"{first.lower()} {rest}"
    return name if _NUMBERED.search(name) or name.lower().startswith(("the ", "a ")) else f"the {name}"


def for_what_became(status: str, name: str) -> str:
    """How one asks for what replaced or ended a document of this `status`."""
    return _AFTER.get(status, "What came after {}?").format(name, be="were" if _many(name) else "was")


def for_what_it_did(status: str, name: str) -> str:
    """How one asks what a document did to another, which has this `status` since."""
    return _BEFORE.get(status, "What did {} change?").format(name)


def for_itself(document: Document) -> str:
    """How one asks what a document is or says, by its name; "" where it has none."""
    name = name_of(document.source, document.text)
    if name[:1] in ("", "“"):
        return name and f"What does {name} say?"
    head = _INSTRUMENT.search(name)
    form = next((form for pattern, form in _ASKED if head and pattern.match(head[1])), "What {be} {}?")
    return form.format(name, do="do" if _many(name) else "does", be="are" if _many(name) else "is")


def for_its_words(document: Document, topic: str) -> str:
    """How one asks what its speaker said, about a topic that the document tells of, or else about its own subject."""
    topic = topic if tells_of(document, topic) else _subject(document.source)
    speaker = document.source.speaker.split(",")[0]
    return f"What did {speaker} say about {topic}?" if speaker and topic else ""


def for_a_response(document: Document, topic: str) -> str:
    """How one asks what a document's side answered to a measure."""
    side = document.source.side
    fits = side in PLACES and is_measure(topic) and tells_of(document, topic)
    return f"How did {PLACES[side][0]} respond to {topic}?" if fits else ""


def for_the_news(document: Document, topic: str) -> str:
    """How one asks for an event by its month."""
    published = document.source.published
    if not ("-" in published and tells_of(document, topic)):
        return ""
    happened = "What happened to" if is_measure(topic) else "What was the news on"
    return f"{happened} {topic} in {in_words(published[:7])}?"


def topic_of(question: str) -> str:
    """What a question is about, in its own words: the last thing it names, or code, with its article; "" if nothing."""
    named = [thing for thing in things(question) if thing.kind in ("thing", "code", "")]
    if not named:
        return ""
    text = re.sub(r"^(?:[a-z]+ )+(?=[A-Z])", "", named[-1].text)  # "end users Samsung"
    if " " not in text and (text.islower() or text.lower() in HEADS):  # "licence" could be any, "Rule" of a longer name
        return ""
    before = question[: named[-1].start]
    return ("the " if text == named[-1].text and re.search(r"\bthe (?:[\w%]+ )?$", before, re.I) else "") + text


def is_measure(topic: str) -> bool:
    """True when a topic is a rule, a ban or the like, of which something can become: "the Affiliates Rule"."""
    return bool(_OF_A_MEASURE.search(topic) and re.search(r"[A-Z\d]", topic))


def tells_of(document: Document, topic: str) -> bool:
    """True when a document has the words that name a topic, or where none does, as "market share", its very words."""
    names = " ".join(w for w in topic.split() if w.lower() not in HEADS and w.lower() != w)
    if not names:
        return bool(topic) and topic.lower() in document.text.lower()
    return set(words(names)) <= set(words(document.text))


def _subject(source: Source) -> str:
    """What a statement is on, by its instrument: "Reaction to October 2022 controls"."""
    match = _SUBJECT.match(source.instrument)
    subject = (match[1] or match[2]) if match else ""
    if not subject or len(subject) > _LONGEST or _NO_NAME.search(subject):
        return ""
    last = subject.split()[-1]
    bare = subject.lower().startswith(("the ", "a ")) or re.search(r"\d|[A-Z]", last)
    dated = re.search(r"\b(?:19|20)\d\d\b", subject)
    return subject if bare or (last.endswith("s") and not dated) else f"the {subject}"


def _many(name: str) -> bool:
    head = _INSTRUMENT.search(name)
    return bool(head and head[2])
