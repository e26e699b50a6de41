"""Does a question take for granted what the sources deny? "When did Congress pass the GAIN AI Act?" does.

    when, why, how did … <event>   +   a sentence on the same thing that denies the event   ->   a Denial

By rules to be read here, in `events` and in `figures`; where the reader reads so instead, READ_SO tells it. A
yes-or-no question presupposes nothing, and what a sentence at hand affirms is never called denied: an honest answer or
refusal is better than a wrong contradiction.
Left out: a wrong name or date in the question, but for presidents, which no rule here notices (the reader may).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from rag.datatypes import Source, Span, Weighed, published_by
from rag.names import FUNCTION, HEADS, atoms, place_spellings
from rag.rules.premise.events import A_BILL, ABSENT, CLAUSE, EVENTS, FAINTLY, LEAVES_OUT, NOT, Event, event
from rag.rules.premise.figures import another_figure
from rag.text import words

__all__ = ["READ_SO", "Denial", "denial", "speaks_of"]

READ_SO = "The question takes something for granted that the first quote seems to deny."  # where a model read it

POOL, FOREMOST = 40, 3  # sentences that are looked at, best first: for a denied event, for what is said to be absent
HOME = frozenset(s for place in ("US", "China") for s in place_spellings(place))
PLAINLY = "it denies that"
SAME_THING = 0.75  # of the weight of the words for the thing: what a sentence needs to deny something of it
# The same of all words of a question, where a model reads a denial. Of 53 that it reads in answers to our own questions
# over records the least on the subject has 0.26; one that has 0.14 is on another.
ON_THE_SUBJECT = 0.25
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
        return self.names <= _said(quote)


def _said(span: Span) -> set[str]:
    """The words of a sentence and of its title."""
    return {*words(span.text), *words(span.document.source.title)}


def speaks_of(question: str, span: Span, rarity: Callable[[str], float]) -> bool:
    """True when a sentence, or its title, has enough of a question's words to deny something of what it is about."""
    asked = {*words(question)}
    return sum(map(rarity, asked & _said(span))) >= ON_THE_SUBJECT * sum(map(rarity, asked))


def denial(
    question: str, weighed: Sequence[Weighed], rarity: Callable[[str], float], today: date | None = None
) -> Denial | None:
    """The best sentence that denies what a stand-alone question presupposes; None where it presupposes nothing denied.

    `rarity` says how much a word tells; what is in effect by `today`, by default the clock's, is no mere plan.
    """
    if _ASKS_FOR_NOT.search(question):
        return None
    return (
        _event_denied(question, weighed[:POOL], rarity, today or date.today())
        or _said_to_be_absent(question, weighed[:FOREMOST], rarity)
        or _another_did(question, weighed[:POOL], rarity)
        or _counted_otherwise(question, weighed[:POOL])
    )


def _event_denied(question: str, pool: Sequence[Weighed], rarity: Callable[[str], float], today: date) -> Denial | None:
    """A sentence that denies the event which a question, or the statement before it, presupposes."""
    stated = _STATES.match(question) or _SINCE.match(question)
    asking = None if stated else _PRESUPPOSES.match(question)
    told = stated["statement"] if stated else question
    happened = _presupposed(told, asking.end()) if asking else _first_event(told) if stated else None
    if happened is None:
        return None
    thing = _Thing.of(_without_who_acted(told, happened) if stated else told, happened, rarity)
    if any(thing.affirmed(w.span) for w in pool):
        return None
    denials = [(says, w) for w in pool if (says := thing.denied(w.span))]
    if any(thing.is_in_effect(w.span.document.source, today) for w in pool):
        denials = [(says, w) for says, w in denials if says != FAINTLY]
    if not denials:
        return None
    says, denying = min(denials, key=lambda d: {PLAINLY: 0, FAINTLY: 2}.get(d[0], 1))
    if stated:
        taken = f"“{told}”"
    elif asking and asking["when"]:
        taken = _as_a_clause(question[asking.end() :], happened)
    else:
        taken = f"somebody {_rest(question)}"
    return Denial(denying, _note(taken, says), thing.names)


def _without_who_acted(statement: str, happened: Event) -> str:
    """`Congress passed the Act` -> passed the Act; who acted is not what it happened to. The passive stays whole."""
    verb = happened.asks.search(statement)
    if verb is None or _ACTS_ON_NOTHING.match(statement, verb.start()) or _PASSIVE.search(statement[: verb.start()]):
        return statement
    return statement[verb.start() :]


def _said_to_be_absent(question: str, pool: Sequence[Weighed], rarity: Callable[[str], float]) -> Denial | None:
    """One of the best sentences that says there is none of what a question wants to know more of."""
    if not _WANTS_MORE_OF.match(question):
        return None
    thing = _Thing.of(question, _NO_EVENT, rarity)
    for w in pool:
        for absent in ABSENT.finditer(w.span.text):
            what = re.split(_NEXT_PHRASE, absent["what"])[0].rstrip()
            if {*words(what)} <= {*thing.weight} and words(what) and thing.is_of(w.span, SURE_OF_IT):
                says = w.span.text[absent.start() : absent.start("what") + len(what)]
                return Denial(w, _note("there is one", f"“{says}”"), thing.names)
    return None


def _another_did(question: str, pool: Sequence[Weighed], rarity: Callable[[str], float]) -> Denial | None:
    """The best sentence, if it says that another president did what the question puts to one."""
    asked = _PRESUPPOSES.match(question) and _DID.search(question)
    happened = _first_event(question, asked.end()) if asked else None
    if not asked or happened is None:
        return None
    thing = _Thing.of(question, happened, rarity)
    on_it = [w for w in pool if thing.is_of(w.span, SURE_OF_IT)]
    if any(re.search(rf"\b{asked['who']}\b", f"{w.span.document.source.title} {w.span.text}") for w in on_it):
        return None
    for w in on_it[:1]:
        other, told = _PRESIDENT.search(w.span.text), happened.told.search(w.span.text)
        if other and told and (other.end() <= told.start() or _BY.search(w.span.text, 0, other.start())):
            note = f"The question takes for granted that it was {asked['who']}. The first quote names {other[0]}."
            return Denial(w, note, thing.names)
    return None


def _counted_otherwise(question: str, pool: Sequence[Weighed]) -> Denial | None:
    """The best sentence, if it gives another figure than the question takes for granted."""
    spans = [w.span for w in pool]
    found = another_figure(question, [s.text for s in spans], spans[0].document.source.title) if spans else None
    if found is None:
        return None
    return Denial(pool[0], f"The question takes “{found[0]}” for granted. The first quote says “{found[1]}”.")


def _note(taken: str, says: str) -> str:
    return f"The question takes for granted that {taken}. The first quote says otherwise: {says}."


def _first_event(text: str, start: int = 0) -> Event | None:
    """The event that is told first."""
    found = [(m.start(), n) for n, e in enumerate(EVENTS) if (m := e.asks.search(text, start))]
    return EVENTS[min(found)[1]] if found else None


def _presupposed(question: str, start: int) -> Event | None:
    """The event of the question's own verb, which is what "did" asks for; in other questions the first that is told.

    A verb that is none of EVENTS is one that only "not" before it denies.
    """
    found = _verb_after_did(question, start)
    if found is None:
        return _first_event(question, start)
    verb = found[0]
    known = next((e for e in EVENTS if e.asks.match(question, found.start())), None)
    return known or event(verb, rf"{verb.removesuffix('e')}(?:e|ed|es|s|ing)?") if len(verb) > 3 else known


def _verb_after_did(question: str, start: int) -> re.Match[str] | None:
    """The verb behind "did" and a subject in capitals; None where the subject goes on."""
    found = _SUBJECT.search(question, start)
    word = _WORD.match(question, found.end()) if found else None
    return word if word and word[0] not in HEADS | FUNCTION else None


_WORD = re.compile(r"[a-z]+")
_PRESIDENTS = "Clinton|Bush|Obama|Trump|Biden"
_PRESIDENT = re.compile(rf"\b(?:President )?(?:{_PRESIDENTS})\b(?!['’])")
_BY = re.compile(r"\b(?:by|under) $")
_DID = re.compile(rf"\b(?:did|does|has|had) (?:President )?(?P<who>{_PRESIDENTS})\b(?!['’]s)")


_PRESUPPOSES = re.compile(
    r"(?:and |but |so )?(?:(?P<when>(?:since |until )?when|why|how come"
    r"|how(?! (?:many|much|long|often|far|large|big|do|does|is|are|can|could|would|should)\b)"
    r"|(?:in|on|at|from|by|for)? ?(?:which|what) (?:year|month|day|date|week|time|vote|reasons?)"
    r"(?: (?:in|of) (?:\w+ )?\d{4})?)"
    r"|(?:who|which (?:[A-Z]\w+ )?[a-z]+)(?= [a-z]+ed\b))\b,?",
    re.I,
)
# "The House passed it. By how many votes?"
_STATES = re.compile(r"(?P<statement>(?!(?:who|what|when|why|how|which)\b)[^.?!]{15,300})\. +[^.?!]+\?\s*$", re.I)
# "Since the Act became law, how must firms …?"
_SINCE = re.compile(
    r"(?:since|now that|given that|after|once) (?P<statement>[^?,]{10,200}), (?:who|what|when|why|how|which|where|do"
    r"|does|did|has|have|is|are|was|were|can|must)\b",
    re.I,
)
_AN_OBJECT = re.compile(r" (?:the|an?|its|their|all|some|earlier|previous)\b")
_PASSIVE = re.compile(r"\b(?:was|were|is|are|be|been|being|got)\W+(?:\w+ly )?$")
_WANTS_MORE_OF = re.compile(
    r"(?:how (?:many|much|large|big|high)|when|why|who|where|(?:(?:in|under|on|at|by) )?(?:which|what)"
    r"(?! (?:is|are|was|were|did|does|do|has|have|can|could|will|would|should)\b))\b",
    re.I,
)
_NEXT_PHRASE = r"\b(?:at|in|under|by|for|with|as|that|which|to|from|of)\b"
_NO_EVENT = event("(?!)")
_DENIED, _LEAVES_IT_OUT = re.compile(rf"{NOT}\W+$", re.I), re.compile(LEAVES_OUT, re.I)
_TO_COME = re.compile(
    r"\b(?:days?|months?|years?|date|upon)(?: (?:of|after))?(?: the| its)? $", re.I
)  # "… of enactment"
_ASKS_FOR_NOT = re.compile(
    r"\b(?:not|never|no|without)\b|n['’]t\b|\b(?:refus|declin|fail|reject|oppos)\w+|\bden(?:y|ied|ies)\b"
)
_SUBJECT = re.compile(
    r"\b(?:did|does|do|has|have|had)\s+(?:the\s+)?(?:[A-Z][\w.-]*(?:['’]s)?\s+)+(?:of [A-Z]\w+ )?"
    r"(?:(?:administration|government|ministry|minister|president|court|authorities|officials)\s+)?(?:[a-z]+ly )?"
    r"(?=[a-z])"
)
_ACTS_ON_NOTHING = re.compile(
    r"(?:t[ao][ko]e|c[oa]me|go|went|enter(?:ed)?) (?:in|eff|off)|(?:bec[oa]me|expired?|end(?:ed)?)\b"
)  # "did the rule take effect"
_AROUND = re.compile(
    r"\b(?:for good|own|permanently|formally|finally|in place|into law)\b|\s(?:after|when|once|following)\s.*"
    r"|\b(?:this|last|next) (?:spring|summer|autumn|fall|winter|week|month|year)\b"
    r"|\bthe (?:full|whole|entire)\b"
    r"|\b(?:the|an?) (?:[a-z]+ ){1,2}?(?:maker|firm|company|giant|group|start-?up|supplier|foundry|vendor)(?= [A-Z])"
)  # when and how far; what kind of firm one is, before its name
_CHAMBER = re.compile(r"\b(?:House|Senate|committee)\b(?: of Representatives)?", re.I)


@dataclass(frozen=True, slots=True)
class _Thing:
    """What the event happened to: its words by weight, and the names among them, which a sentence must have.

    `places` are those of the question, however spelled: several countries have a list, and none stands for another's.

    `chamber` is True where the act of one house of parliament is asked about: a bill may have passed it and be no law.
    """

    event: Event
    weight: dict[str, float]
    names: frozenset[str]
    chamber: bool
    places: frozenset[str]

    @classmethod
    def of(cls, question: str, event: Event, rarity: Callable[[str], float]) -> _Thing:
        rest = _PRESUPPOSES.sub(" ", re.sub(r"(?<=\d)s\b", "", question), count=1)  # H200s are told as H200 chips
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
        places = frozenset(p for n in atoms(question) if n.kind == "place" for p in place_spellings(n.text))
        return cls(event, {t: rarity(t) for t in words(content)}, names, bool(_CHAMBER.search(question)), places)

    def is_of(self, span: Span, least: float) -> bool:
        """True when the sentence has its names, and so much of the weight of its words."""
        said = _said(span)
        said |= {"act"} if "bill" in said else set()  # before it is one
        return self._has(said, least)

    def _has(self, said: set[str], least: float) -> bool:
        whole = sum(self.weight.values())
        shared = sum(weight for token, weight in self.weight.items() if token in said)
        return bool(whole) and self.names <= said and shared >= least * whole

    def is_in_effect(self, source: Source, today: date) -> bool:
        """True for a source that bears its name and took effect by `today`, whatever became of it."""
        return published_by(source.effective, today) and self._has({*words(source.title)}, SURE_OF_IT)

    def denied(self, span: Span) -> str:
        """What the sentence says against the event; empty where it says nothing against it."""
        if not self.is_of(span, SAME_THING) or ("list" in self.names and self._is_elsewhere(span.text)):
            return ""
        told = self.event.told.pattern
        if re.search(rf"{NOT}\W+(?:{told})|(?:{told}){LEAVES_OUT}", span.text, re.I):
            return PLAINLY
        if self.chamber:
            return ""
        found = ((pattern.search(span.text), says) for pattern, says in self.event.denials)
        return next((says for m, says in found if m and self._is_meant(m, says, span.document.source)), "")

    def _is_meant(self, found: re.Match[str], says: str, source: Source) -> bool:
        """False where what seems to deny is of something else.

        A rule in effect "would have hurt" too, but no bill that was passed; what was "withdrawn" may be a clause's own.
        """
        if says == FAINTLY:
            return source.status == "proposed" or bool(A_BILL.search(f"{source.title} {found.string}"))
        clause = CLAUSE.search(found.string, 0, found.start()) if found[0].lower() == "withdrawn" else None
        return clause is None or self._has({*words(clause[0])}, SURE_OF_IT)

    def _is_elsewhere(self, text: str) -> bool:
        """True when a sentence is on another country than the question, which means the United States if none."""
        return any(n.kind == "place" and n.text not in self.places | HOME for n in atoms(text))

    def affirmed(self, span: Span) -> bool:
        """True when the sentence says that it did happen to this thing."""
        if not self.is_of(span, SURE_OF_IT) or (not self.chamber and _CHAMBER.search(span.text)):
            return False
        told = self.event.told.finditer(span.text)
        text = span.text
        return any(
            not (
                _DENIED.search(text[: m.start()])
                or _TO_COME.search(text[: m.start()])
                or _LEAVES_IT_OUT.match(text, m.end())
                or self._does_it_to_another(text, m)
            )
            for m in told
        )

    def _does_it_to_another(self, text: str, verb: re.Match[str]) -> bool:
        """True where the thing itself did it: "The Zebra Rule ended the earlier practice" ends no Zebra Rule."""
        before = text[: verb.start()]
        acts = sum(self.weight.get(token, 0.0) for token in {*words(before)}) >= SURE_OF_IT * sum(self.weight.values())
        return acts and not _PASSIVE.search(before) and bool(_AN_OBJECT.match(text, verb.end()))


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
