"""Does a question take for granted what the sources deny? "When did Congress pass the GAIN AI Act?" does.

    when, why, how did … <event>   +   a sentence on the same thing that denies the event   ->   a Denial

By rules to be read here and in `events`. A yes-or-no question presupposes nothing, and what a sentence at hand affirms
is never called denied: an honest answer or refusal is better than a wrong contradiction.
Left out: a wrong name, number or date in the question, which no rule here notices.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.datatypes import Span, Weighed
from rag.names import FUNCTION, HEADS, atoms
from rag.premise.events import EVENTS, LEAVES_OUT, NOT, Event, event
from rag.text import words

__all__ = ["Denial", "denial"]

POOL = 40  # sentences that are looked at, best first
SAME_THING = 0.75  # of the weight of the words for the thing: what a sentence needs to deny something of it
SURE_OF_IT = 0.6  # the same to affirm, and so to hold a denial back: it takes less


@dataclass(frozen=True, slots=True)
class Denial:
    """The sentence that denies what a question takes for granted, and a line of ours that says both.

    `names` are the words of the names of what it is about.
    """

    weighed: Weighed
    note: str
    names: frozenset[str] = frozenset()

    def is_on(self, quote: Span) -> bool:
        """True when another quote is on the same thing."""
        return self.names <= {*words(quote.text), *words(quote.document.source.title)}


def denial(question: str, weighed: Sequence[Weighed], rarity: Callable[[str], float]) -> Denial | None:
    """The best sentence that denies what a stand-alone question presupposes; None where it presupposes nothing denied.

    `rarity` says how much a word tells.
    """
    asking = _PRESUPPOSES.match(question)
    if asking is None or _ASKS_FOR_NOT.search(question):
        return None
    happened = _presupposed(question, asking.end())
    if happened is None:
        return None
    thing, pool = _Thing.of(question, happened, rarity), weighed[:POOL]
    if any(thing.affirmed(w.span) for w in pool):
        return None
    for w in pool:
        if says := thing.denied(w.span):
            rest = question[asking.end() :]
            taken = _as_a_clause(rest, happened) if asking["when"] else f"somebody {_rest(question)}"
            note = f"The question takes for granted that {taken}. The first quote says otherwise: {says}."
            return Denial(w, note, thing.names)
    return None


def _presupposed(question: str, start: int) -> Event | None:
    """The event of the question's own verb, which is what "did" asks for; in other questions the first that is told.

    A verb that is none of EVENTS is one that only "not" before it denies.
    """
    at = _verb_after_did(question, start)
    if at is None:
        found = [(m.start(), n) for n, e in enumerate(EVENTS) if (m := e.asks.search(question, start))]
        return EVENTS[min(found)[1]] if found else None
    verb = question[at:].split()[0].strip("?.,")
    known = next((e for e in EVENTS if e.asks.match(question, at)), None)
    return known or event(verb, rf"{verb.removesuffix('e')}(?:e|ed|es|s|ing)?") if len(verb) > 3 else known


def _verb_after_did(question: str, start: int) -> int | None:
    """Where the verb behind "did" and a subject in capitals stands; None where the subject goes on."""
    found = _SUBJECT.search(question, start)
    word = re.match(r"[a-z]+", question[found.end() :]) if found else None
    return found.end() if found and word and word[0] not in HEADS | FUNCTION else None


_PRESUPPOSES = re.compile(
    r"(?:and |but |so )?(?:(?P<when>(?:since |until )?when|why|how come"
    r"|how(?! (?:many|much|long|often|far|large|big|do|does|is|are|can|could|would|should)\b)"
    r"|(?:in|on|at|from|by|for)? ?(?:which|what) (?:year|month|day|date|week|time|vote|reasons?)"
    r"(?: (?:in|of) (?:\w+ )?\d{4})?)"
    r"|(?:who|which (?:[A-Z]\w+ )?[a-z]+)(?= [a-z]+ed\b))\b,?",
    re.I,
)
_DENIED, _LEAVES_IT_OUT = re.compile(rf"{NOT}\W+$", re.I), re.compile(LEAVES_OUT, re.I)
_ASKS_FOR_NOT = re.compile(
    r"\b(?:not|never|no|without)\b|n['’]t\b|\b(?:refus|declin|fail|reject|oppos)\w+|\bden(?:y|ied|ies)\b"
)
_SUBJECT = re.compile(
    r"\b(?:did|does|do|has|have|had)\s+(?:the\s+)?(?:[A-Z][\w.-]*(?:['’]s)?\s+)+(?:of [A-Z]\w+ )?"
    r"(?:(?:administration|government|ministry)\s+)?(?:[a-z]+ly )?(?=[a-z])"
)
_ACTS_ON_NOTHING = re.compile(
    r"(?:take|come|go|enter) (?:in|eff|off)|(?:become|expire|end)\b"
)  # "did the rule take effect"
_AROUND = re.compile(r"\b(?:for good|own|permanently|formally|finally|in place)\b|\s(?:after|when|once|following)\s.*")
_CHAMBER = re.compile(r"\b(?:House|Senate|committee)\b(?: of Representatives)?", re.I)


@dataclass(frozen=True, slots=True)
class _Thing:
    """What the event happened to: its words by weight, and the names among them, which a sentence must have.

    `chamber` is True where the act of one house of parliament is asked about: a bill may have passed it and be no law.
    """

    event: Event
    weight: dict[str, float]
    names: frozenset[str]
    chamber: bool

    @classmethod
    def of(cls, question: str, event: Event, rarity: Callable[[str], float]) -> _Thing:
        rest = _PRESUPPOSES.sub(" ", question, count=1)
        agent = _SUBJECT.search(rest)
        if agent and not _ACTS_ON_NOTHING.match(rest, agent.end()):  # who acted is not what it happened to
            rest = rest[: agent.start()] + " " + rest[agent.end() :]
        rest = _AROUND.sub(" ", rest)
        for n in reversed(atoms(rest)):
            if n.kind == "date" and rest[: n.start].rstrip().endswith((" in", " on", " by")):  # dates the event
                rest = rest[: n.start] + rest[n.end :]
        rest = event.asks.sub(" ", _CHAMBER.sub(" ", rest), count=1)
        content = " ".join(w for w in re.findall(r"[\w.'’%+-]+", rest) if w.lower() not in FUNCTION)
        named = (n for n in atoms(rest) if n.kind not in ("date", "place"))
        names = frozenset(token for n in named for token in words(n.text))
        return cls(event, {t: rarity(t) for t in words(content)}, names, bool(_CHAMBER.search(question)))

    def _is_of(self, span: Span, least: float) -> bool:
        said = {*words(span.text), *words(span.document.source.title)}
        whole = sum(self.weight.values())
        shared = sum(weight for token, weight in self.weight.items() if token in said)
        return bool(whole) and self.names <= said and shared >= least * whole

    def denied(self, span: Span) -> str:
        """What the sentence says against the event; empty where it says nothing against it."""
        if not self._is_of(span, SAME_THING):
            return ""
        told = self.event.told.pattern
        if re.search(rf"{NOT}\W+(?:{told})|(?:{told}){LEAVES_OUT}", span.text, re.I):
            return "it denies that"
        if self.chamber:
            return ""
        return next((says for pattern, says in self.event.denials if pattern.search(span.text)), "")

    def affirmed(self, span: Span) -> bool:
        """True when the sentence says that it did happen to this thing."""
        if not self._is_of(span, SURE_OF_IT) or (not self.chamber and _CHAMBER.search(span.text)):
            return False
        told = self.event.told.finditer(span.text)
        text = span.text
        return any(not (_DENIED.search(text[: m.start()]) or _LEAVES_IT_OUT.match(text, m.end())) for m in told)


def _as_a_clause(asked: str, event: Event) -> str:
    """`did Congress pass the GAIN AI Act?` -> Congress did pass the GAIN AI Act."""
    text = asked.strip().rstrip("?. ")
    auxiliary = re.match(r"(?:.*?, )?(did|does|do|was|were|is|are|has|have|had)\s+", text, re.I)
    verb = event.asks.search(text)
    if not auxiliary or not verb or verb.start() < auxiliary.end():
        return f"it did: “{text}”"
    subject = re.sub(r" \w+ly $", " ", text[auxiliary.end() : verb.start()])
    return f"{subject}{auxiliary[1]} {text[auxiliary.end() + len(subject) :]}"


def _rest(question: str) -> str:
    """`Which minister named China?` -> named China."""
    found = re.search(r"\b[a-z]+ed\b.*", question)
    return found[0].rstrip("?. ") if found else question
