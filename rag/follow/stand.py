"""A pronoun -> the name of an earlier turn that it stands for, where it is plain which.

They, them and their are several or a body that acts, it is one thing, he and she are people, there is a place.
Left out: what happened ("What do analysts say about it?"), and every name that does not agree: then only the topic
is carried.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.follow.carry import capital, carrying, with_article
from rag.follow.lean import AUXILIARY, PREPOSITION, actor_words
from rag.follow.topic import AFTER_A_THING, PEOPLE, agent, body, subject, topics
from rag.names import FUNCTION, IN_THE_SINGULAR, Named, atoms
from rag.text import words

_BACK = 3  # turns that are looked through for what a pronoun stands for

_PRONOUN = re.compile(r"it|its|they|them|their|he|him|his|she|her|this|that|these|those|there", re.I)
_SAID = re.compile(r"\b(?:say|said|says|claim|claimed|confirm|deny|denied|dispute|know|believe|explain) $", re.I)
_STANDS_ALONE = re.compile(
    rf"\s*(?:[^\sa-z]|$|(?:{AUXILIARY}|apply|happen|mean|matter|change|cover|work|still|so|too|true|now|last|take|end|start|"
    r"affect|also)\b)"
)
# What people and bodies do: "they" who drop a rule are no rules, "it" that sues is no list.
_ACTS = re.compile(
    r" (?:also |ever |then |still |really |just )*(?:want|plan|pay|say|intend|hope|buy|sell|build|own|employ|think|"
    r"earn|make|expect|forecast|sue|open|talk|meet|get|put|drop|add|admit|plead|appeal|complain|deny|agree|decide|"
    r"promise|claim|threaten|retaliate|owe|learn|succeed|try|doing|(?:change|lift|remove|give|take|lose|use|announce|sign|join)"
    r" (?:the|its|their|an?|any|part)|do(?: so| that| about|\W*$)"
    r"|(?!cover|hit|affect|include|reach|catch|ban|restrict|apply)[a-z]+ (?:it|him|her))(?!\w)",
    re.I,
)
_DONE_TO_PEOPLE = re.compile(
    r"\b(?:help|charge|fine|sue|punish|tell|told|ask|warn|accuse|blame|pay|cost|force|mean for|happen to)(?:e?[sd])? $",
    re.I,
)
_ITS_OWN = re.compile(r"(?:its|their|his|her)(?: [\w-]+){1,3}\W*$", re.I)
_ITS_PEOPLE = re.compile(
    r" (?:spokes\w+|ministers?|ministry|chief|chairman|lawyers?|staff|engineers|customers)\b", re.I
)
_NO_THING = re.compile(r"(?:year|month|day|date|time|reason|way|side|official|senator|minister|person|share)s?", re.I)
_AMONG = re.compile(r"\b(?:among|(?:one|any|some|each|all|which|most|both|none) of) $", re.I)
_SEVERAL = re.compile(r"(?<![su'’])s$")
# "it" that is not the thing itself: "Was it a final decision?", "What deal was it about?", "Is it still so?"
_NOT_THE_THING = re.compile(
    r"\b(?:is|was|are|were) (?:it|they) (?:an?|about|the same)\b|\bit (?:still |now )*so\b|\bit cost\b"
    r"|^which .*\b(?:is|was|are|were) (?:it|they)\W*$",
    re.I,
)
_BEHIND = re.compile(rf"\b(?:{PREPOSITION}) $", re.I)
_IS_SUBJECT = re.compile(rf"\b(?:{AUXILIARY}) $", re.I)
_PASSIVE = re.compile(r"\b(?:is|was|are|were) $", re.I)
_MEETING = re.compile(r"\b(?:summit|talks|meeting|hearing|conference|forum|speech|court)$", re.I)


def replaced(text: str, pointer: re.Match[str], thread: Sequence[str]) -> str:
    """The question with a name where `pointer` stands, as far as it is plain which; the topic follows in any case."""
    word, end = pointer[0].lower(), pointer.end()
    name = None if _NOT_THE_THING.search(text) else _antecedent(word, text, pointer, thread)
    if name is None:
        return carrying(text, thread)
    noun = re.match(r"(?:this|that|these|those)(?: (\w+))?$", text[pointer.start() : end] + _next_word(text, end), re.I)
    if noun and noun[1] and noun[1].lower() in name.text.lower().split():  # "this rule" is the Affiliates Rule
        end = text.index(noun[1], pointer.start()) + len(noun[1])
    elif not _PRONOUN.fullmatch(word) or (noun and not _is_pronoun(text, pointer)):
        return carrying(text, thread)
    before = text[: pointer.start()]
    if word == "they" and not _SEVERAL.search(name.text):  # "Do they pay?" -> "Does AMD pay?"
        before = re.sub(r"(\w+) $", lambda m: f"{IN_THE_SINGULAR.get(m[1].lower(), m[1])} ", before)
    put = before + _in_the_form_of(word, name, text[end:], thread) + text[end:]
    whole = " that " in name.text if name.kind == "asked" else _ITS_OWN.match(text)  # "And its price?"
    if whole:
        return f"{capital(put).rstrip('?.! ')}?"
    return carrying(put, thread, without_agent=name.kind in ("thing", "code"))


def _asked_after(word: str, acts: bool, last: str) -> Named | None:
    """What was asked after, where the pronoun agrees with it: "the bill that would keep tools out", "the chips"."""
    match = AFTER_A_THING.fullmatch(last)
    several = {"it": False, "this": False, "that": False, "they": True, "them": True}
    if not match or word not in several or (match["verb"] or "be").lower() in FUNCTION - {"been", "be"}:
        return None
    noun, acting = match["thing"].split()[-1].lower(), subject(last) if match["of"] else None
    if _NO_THING.fullmatch(noun) or several[word] != bool(_SEVERAL.search(noun)):
        return None
    goes_on = acting and acting.kind in ("thing", "code") and several[word] == bool(_SEVERAL.search(acting.text))
    if goes_on or (acts and not PEOPLE.fullmatch(noun)):  # "Which firms did the curbs hit? When were they lifted?"
        return None
    text = f"the {match['thing']}" if match["of"] else f"the {match['thing']} that {match['does']}"
    return Named(text, "asked", 0, 0)


def _antecedent(word: str, text: str, pointer: re.Match[str], thread: Sequence[str]) -> Named | None:
    """The most recent name that the pronoun agrees with; who acts where it wants, pays or says something."""
    before, after, own = text[: pointer.start()], text[pointer.end() :], actor_words(text)
    acts = bool(_ACTS.match(after) or _ITS_PEOPLE.match(after) or (word == "them" and _DONE_TO_PEOPLE.search(before)))
    for turn in list(reversed(thread))[:_BACK]:
        last = body(turn)  # what it carries stands in the turns before it
        alone = word not in ("this", "that") or _is_pronoun(text, pointer)
        if alone and (asked := _asked_after(word, acts, last)):
            return asked
        named = [n for n in [*topics(last), *atoms(last)] if not own & set(words(n.text))]
        named = [n for n in named if n.text != "AI" and (acts or not _begins_a_phrase(n, last))]
        if word == "them" or (word in ("it", "they") and _PASSIVE.search(before)):
            named = [n for n in named if n != agent(last)] or named  # what somebody did it to: "Was it widened later?"
        named = [n for n in named if word != "it" or n.kind != "place" or n == agent(last)]
        if word == "there" and (meetings := [n for n in named if _MEETING.search(n.text)]):
            return meetings[0]
        if any(_kind(n, last) == "things" for n in named) and word == "it" and _BEHIND.search(before):
            return None  # what was told of them: "What do analysts say about it?"
        for kinds in _kinds(word, acts, before, last):
            if found := [n for n in named if _kind(n, last) in kinds]:
                return found[0]
    return None


def _kind(name: Named, last: str) -> str:
    """The kind of a name; also "people" and "things" of several, "spot" behind "in" and "at"."""
    if re.search(r"[A-Z\d]s$", name.text) or (name.kind in ("thing", "code") and _SEVERAL.search(name.text)):
        return "people" if PEOPLE.fullmatch(name.text.split()[-1]) else "things"
    if name.kind == "person" and re.search(r"\b(?:in|at) $", last[: name.start]):  # Busan
        return "spot"
    return "words" if name.kind == "person" and _begins_a_phrase(name, last) else name.kind


def _begins_a_phrase(name: Named, last: str) -> bool:
    """True for what only tells which one, as in "Ascend chips"; not for an owner, nor for a subject."""
    longer = any(t.kind == "thing" and t.start <= name.start and name.end < t.end for t in topics(last))
    return longer and last[name.end] not in "'’" and not _IS_SUBJECT.search(last[: name.start])


def _kinds(word: str, acts: bool, before: str, last: str) -> tuple[tuple[str, ...], ...]:
    """Kinds of name that a pronoun can stand for, the likeliest first."""
    if re.fullmatch("he|him|his|she|her|hers", word):
        return (("person",),)
    if re.fullmatch("they|them|theirs?|these|those", word):
        several = ("people", "things")
        if _AMONG.search(before) or word in ("these", "those"):
            return (several,)
        if acts:
            return ("people", "org", "place"), ("person",)
        # One person is no "they" to whom something was done.
        return several, ("org",), () if _PASSIVE.search(before) else ("person",)
    if word == "there":
        return (("place", "spot"),)
    if acts:
        return ("org", "place"), ("person",), ("thing", "code")
    if re.match(r"(?:\w+ )?(?:is|was|are|were)\b", last, re.I):  # "is" speaks of its subject, "did" of its object
        return ("thing", "code", "org"), ("quote",), ("person",)
    return ("thing", "code"), ("org",), ("quote",)


def _is_pronoun(text: str, pointer: re.Match[str]) -> bool:
    """True where "this" or "that" stands for a thing, and neither for a noun to come nor for what was said."""
    return bool(_STANDS_ALONE.match(text[pointer.end() :])) and not _SAID.search(text[: pointer.start()])


def _next_word(text: str, end: int) -> str:
    match = re.match(r" \w+", text[end:])
    return match[0] if match else ""


def _in_the_form_of(word: str, name: Named, following: str, thread: Sequence[str]) -> str:
    """The name as possessive or with its preposition, where the pronoun was one."""
    full = with_article(name, thread)
    if word in ("its", "their", "his") or (word == "her" and re.match(r" [a-z]", following)):
        return full + ("’" if full.endswith("s") else "’s")
    if word == "there":
        return f"{'at' if name.kind == 'thing' else 'in'} {full}"
    return full
