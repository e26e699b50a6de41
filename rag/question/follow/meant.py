"""Which name of the turns before a pronoun stands for: the most recent that agrees with it. Pure functions.

They, them and their are several or a body that acts, it is one thing, he and she are people, there is a place.
Left out: every name that does not agree, and what happened ("What do analysts say about it?").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.names import FUNCTION, OFFICES, Named, atoms
from rag.question.follow.forms import AUXILIARY
from rag.question.follow.own import actor_words
from rag.question.follow.rank import phrase_of_rank
from rag.question.follow.topic import AFTER_A_THING, PEOPLE, agent, body, spoken_of, subject, topics
from rag.question.follow.verbs import Pronoun
from rag.text import words

_BACK = 3  # turns that are looked through for what a pronoun stands for

_NO_THING = re.compile(r"(?:year|month|day|date|time|reason|way|side|official|senator|minister|person|share)s?", re.I)
_SEVERAL = re.compile(r"(?<![su'’])s$")
_IS_SUBJECT = re.compile(rf"\b(?:{AUXILIARY}) $", re.I)
_MEETING = re.compile(r"\b(?:summit|talks|meeting|hearing|conference|forum|speech|court)$", re.I)


def antecedent(pronoun: Pronoun, thread: Sequence[str]) -> Named | None:
    """The most recent name that the pronoun agrees with; who acts where it wants, pays or says something."""
    own = actor_words(pronoun.before + pronoun.after)
    if not own and (who := _who_did_it_before(pronoun, thread)):
        return who
    for turn in list(reversed(thread))[:_BACK]:
        last = body(turn)  # what it carries stands in the turns before it
        last = turn if last.startswith("What about ") and not atoms(last) else last
        if pronoun.stands_alone and not pronoun.of_a_firm and (asked := _asked_after(pronoun, last)):
            return asked
        named = [n for n in _candidates(pronoun, last) if not own & set(words(n.text))]
        if pronoun.word == "there" and (meetings := [n for n in named if _MEETING.search(n.text)]):
            return meetings[0]
        if pronoun.word == "it" and pronoun.is_behind and any(_kind(n, last) == "things" for n in named):
            return None  # what was told of them: "What do analysts say about it?"
        for kinds in _kinds(pronoun, last):
            if found := [n for n in named if _kind(n, last) in kinds]:
                return found[0]
    return None


def is_several(text: str) -> bool:
    """True for a name in the plural."""
    return bool(_SEVERAL.search(text))


def _who_did_it_before(pronoun: Pronoun, thread: Sequence[str]) -> Named | None:
    """Who did the same: "What did Zebra order? … And when did they order it?"."""
    verb = re.match(r" (\w{4,})", pronoun.after)
    if verb is None or pronoun.word not in ("it", "they") or pronoun.of_scope:
        return None
    for turn in reversed(thread):
        who = subject(body(turn)) if re.search(rf"\b{verb[1]}(?:e?d|s|ing)?\b", body(turn)) else None
        if who and who.kind != "date" and (pronoun.word == "it" or who.kind != "code"):
            return who
    return None


def _asked_after(pronoun: Pronoun, last: str) -> Named | None:
    """What was asked after, where the pronoun agrees with it: "the bill that would keep tools out", "the chips"."""
    match = AFTER_A_THING.fullmatch(last)
    several = {"it": False, "this": False, "that": False, "they": True, "them": True, "these": True, "those": True}
    if not match or pronoun.word not in several or (match["verb"] or "be").lower() in FUNCTION - {"been", "be"}:
        return None
    noun, acting = match["thing"].split()[-1].lower(), subject(last) if match["of"] else None
    if _NO_THING.fullmatch(noun) or several[pronoun.word] != is_several(noun):
        return None
    goes_on = acting and acting.kind in ("thing", "code") and several[pronoun.word] == is_several(acting.text)
    if goes_on or (pronoun.acts and not PEOPLE.fullmatch(noun)):  # "Which firms did the curbs hit? … were they lifted?"
        return None
    if not match["of"]:
        return Named(f"the {match['thing']} that {match['does']}", "asked", 0, 0)
    # The controls of April are others than those of October.
    days = [n.text for n in atoms(last) if n.kind == "date" and re.search(r"\d{4}", n.text)]
    of_a_day = f" of {days[0]}" if days and not atoms(match["thing"]) else ""
    return Named(f"the {match['thing']}{of_a_day}", "asked", 0, 0)


def _candidates(pronoun: Pronoun, last: str) -> list[Named]:
    """The names of a turn that a pronoun may stand for, the likeliest of each kind first."""
    acting = agent(last)
    told = [replace(n, kind="told") for n in spoken_of(last)]
    told = [n for n in told if pronoun.acts or not PEOPLE.fullmatch(n.text.split()[-1])]
    if pronoun.are_goods:
        told = []
    named = [n for n in [*_with_ranks(last), *told, *atoms(last)] if n.text != "AI"]
    named = [n for n in named if pronoun.acts or not _begins_a_phrase(n, last)]
    if pronoun.word == "them" or (pronoun.word in ("it", "they") and pronoun.is_done_to):
        named = [n for n in named if n != acting] or named  # what somebody did it to: "Was it widened later?"
    if pronoun.word == "it":  # a state that acts, but no person who does
        named = [n for n in named if n.kind != ("person" if n == acting else "place")]
    if pronoun.pays:
        named = [n for n in named if n.text not in OFFICES]
    if pronoun.trades:
        return sorted(named, key=lambda n: (n.kind == "place", n.text in OFFICES))
    return sorted(named, key=lambda n: n != acting) if pronoun.acts else named  # who acted goes on acting


def _with_ranks(last: str) -> list[Named]:
    """The topics of a turn; a rank with what it is of: "phase III of the Big Fund"."""
    span = phrase_of_rank(last)
    if span is None:
        return topics(last)
    rest = [n for n in topics(last) if not span[0] <= n.start < span[1]]
    return [Named(last[span[0] : span[1]], "thing", *span), *rest]


def _kind(name: Named, last: str) -> str:
    """The kind of a name; also "people" and "things" of several, "spot" behind "in" and "at"."""
    if re.search(r"[A-Z\d]s$", name.text) or (name.kind in ("thing", "code", "told") and is_several(name.text)):
        return "people" if PEOPLE.fullmatch(name.text.split()[-1]) else "things"
    if name.kind == "person" and re.search(r"\b(?:in|at) $", last[: name.start]):  # Busan
        return "spot"
    return "words" if name.kind == "person" and _begins_a_phrase(name, last) else name.kind


def _begins_a_phrase(name: Named, last: str) -> bool:
    """True for what only tells which one, as in "Ascend chips"; not for an owner, nor for a subject."""
    longer = any(t.kind == "thing" and t.start <= name.start and name.end < t.end for t in topics(last))
    return longer and last[name.end] not in "'’" and not _IS_SUBJECT.search(last[: name.start])


def _kinds(pronoun: Pronoun, last: str) -> tuple[tuple[str, ...], ...]:
    """Kinds of name that a pronoun can stand for, the likeliest first."""
    if re.fullmatch("he|him|his|she|her|hers", pronoun.word):
        return (("person",),)
    if re.fullmatch("they|them|theirs?|these|those", pronoun.word):
        several = ("people", "things")
        if pronoun.is_among or pronoun.word in ("these", "those"):
            return (several,)
        if pronoun.acts:
            return ("people", "org", "place"), ("person",)
        # One person is no "they" to whom something was done.
        if pronoun.are_goods:  # of two chips, both follow in brackets
            return (several,)
        return several, ("org",), () if pronoun.is_done_to else ("person",)
    if pronoun.word == "there":
        return (("place", "spot"),)
    if pronoun.acts:
        return ("org", "place"), ("person",), ("thing", "code")
    if pronoun.of_scope:
        return (("thing", "code", "told"), ("quote",))
    if re.match(r"(?:\w+ )?(?:is|was|are|were)\b", last, re.I):  # "is" speaks of its subject, "did" of its object
        return ("thing", "code", "org"), ("told", "quote"), ("person",)
    return ("thing", "code"), ("told",), ("org",), ("quote",), ("person",)
