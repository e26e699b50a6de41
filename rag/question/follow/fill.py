"""A fragment -> a whole question: "And Japan?", "Why?", "in 2024?" take their place in the last question.

What has no place (`place`, `rank`) goes to the end of the question, or is told of by whom it names: "And Japan?" ->
What did Japan say about it?
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.dates import AGO
from rag.names import atoms, things
from rag.question.follow.carry import capital, carrying
from rag.question.follow.forms import APART, ASKED, AUXILIARY, BARE_ASKED, PREPOSITION, THIS_YEAR, TOO
from rag.question.follow.lean import without_the_one, without_verb
from rag.question.follow.opener import Opened
from rag.question.follow.own import is_a_state, names_its_topic
from rag.question.follow.place import (
    behind_the_same,
    of_the_one,
    same_code,
    same_kind,
    same_modifier,
    same_noun,
    whether,
)
from rag.question.follow.rank import in_the_rank_of
from rag.question.follow.topic import agent, body, frames, single, subject, topics
from rag.text import words

_ASKING = re.compile(rf"(?:{ASKED})\b.*?\b(?={AUXILIARY}\b)", re.I)
_ASKS = re.compile(r"\b(?:what|which|whom?|whose)\b", re.I)
_POSITION = re.compile(r"['’]s? (?:\w+ )?(?:reply|response|reaction|answer|position|view|comment|statement)$", re.I)
_WITHOUT_SUBJECT = re.compile(rf"who\b|(?:what|which \w+) (?:{AUXILIARY}) (?:being |been )?\w+(?:ed|en)\b", re.I)
_OPENS = re.compile(r"^(?:so|and|but)[\s,]+", re.I)
_BROKEN = re.compile(r"\b(?:an?|the) (?:an?|the)\b|\b(\w+) \1\b", re.I)
_SEVERAL = re.compile(r"how many|which(?: ones?)?", re.I)
_ANOTHER_DAY = re.compile(rf"(?:^| ){AGO}[,;]?| (?:now|still|today|currently)\b", re.I)


def completed(text: str, thread: Sequence[str], opened: Opened) -> str:
    """The last question asked again with the fragment in it; without a place for it, the fragment beside its topic."""
    fragment = without_verb(TOO.sub("", text))
    if BARE_ASKED.match(fragment):
        return _asked_anew(fragment, thread[-1])
    if _POSITION.search(fragment):
        return carrying(f"What was {fragment}", thread)
    whole = [_OPENS.sub("", turn) for turn in ([thread[-1]] if _ASKS.search(fragment) else frames(thread))]
    if corrected := _put_right(fragment, opened.instead_of, whole):
        return capital(corrected)
    last = whole[0]
    if any(n.kind == "date" for n in single(fragment)):  # the new day takes the place of "a year ago"
        last = _ANOTHER_DAY.sub("", last)
    if APART.match(fragment):
        return capital(_at_the_end(last, f", {fragment[0].lower()}{fragment[1:]}"))
    one = without_the_one(fragment)
    if opened.corrects and last.startswith("What about ") and names_its_topic(one):  # what was not meant had no place
        return _beside(one, thread, opened.corrects)
    filled = (
        next(filter(None, (in_the_rank_of(fragment, body(turn)) for turn in whole)), None)
        or (of_the_one(one, last) if one != fragment else None)
        or same_noun(one, last)
        or same_code(one, whole)
        or whether(one, last)
        or same_kind(one, last)
        or same_modifier(one, last)
    )
    if filled is None and re.match(rf"(?:{PREPOSITION})\b|{THIS_YEAR.pattern}$", one, re.I):
        filled = behind_the_same(one, last) or _at_the_end(last, f" {one[0].lower()}{one[1:]}")
    broken = filled is None or (_BROKEN.search(filled) and not _BROKEN.search(last))
    return _beside(one, thread, opened.corrects) if filled is None or broken else capital(filled)


def _put_right(fragment: str, instead_of: str, whole: Sequence[str]) -> str | None:
    """`not the H20, the H200`: in the question that had what was not meant."""
    old = re.compile(rf"\b{re.escape(instead_of.removeprefix('the '))}\b", re.I) if instead_of else None
    for last in whole if old else ():
        if old and (found := old.search(last)):
            return last[: found.start()] + fragment.removeprefix("the ") + last[found.end() :]
    return None


def _at_the_end(last: str, more: str) -> str:
    """The last question with more behind it, before what it carries."""
    whole = body(last).rstrip("?.! ")
    return f"{whole}{more}{last.rstrip('?.! ')[len(whole) :]}?"


def _beside(fragment: str, thread: Sequence[str], corrects: bool) -> str:
    """What has no place in the last question: "And Japan?" asks what Japan said, where nobody acts in it."""
    if (corrects or len(words(fragment)) > 3) and names_its_topic(fragment):
        return f"What about {fragment}?"
    states = [n for n in atoms(fragment) if is_a_state(n) and n.text == fragment.removeprefix("the ")]
    if states and agent(body(thread[-1])) is None:
        return carrying(f"What did {fragment} say", thread)
    return carrying(f"What about {fragment}", thread)


def _asked_anew(asked: str, last: str) -> str:
    """`Why` for "When": "When was ZTE banned?" -> "Why was ZTE banned?"."""
    asked = "for what" if asked.lower() == "what for" else re.sub(" then$", "", asked)
    last = _OPENS.sub("", last)
    why = re.fullmatch(r"(why) not", asked, re.I)
    asked = why[1] if why else asked
    if re.match(r"how many \w", asked, re.I) and re.match(rf"(?:{AUXILIARY}|{PREPOSITION})\b", last, re.I):
        asked = f"for {asked}"
    if re.match(rf"(?:{AUXILIARY})\b", last, re.I):
        last = re.sub(r"^(is|was) there an? ", r"\1 the ", last, flags=re.I)
        counted = [n for n in topics(body(last)) if n.text.endswith("s") and n != subject(last)]
        if _SEVERAL.fullmatch(asked) and counted:  # "Does Zebra get chips?" -> "How many chips does Zebra get?"
            rest = f"{last[: counted[0].start].rstrip()}{last[counted[0].end :]}"
            return f"{capital(asked)} {counted[0].text} {rest[0].lower()}{rest[1:]}"
        if why and (who := subject(last)):
            last = f"{last[: who.end]} not{last[who.end :]}"
        return f"{capital(asked)} {last[0].lower()}{last[1:]}"
    before = _ASKING.match(last)
    if before is None or _WITHOUT_SUBJECT.match(last):
        return f"{last.rstrip('?.! ')}, and {asked[0].lower()}{asked[1:]}?"
    lost = " ".join(n.text for n in things(before[0]))  # "Which chips does …"
    rest = last[before.end() :]
    if re.fullmatch(r"what ", before[0], re.I):  # "What did Trump say about chips?" -> "When did Trump say that …"
        rest = re.sub(
            r"\b(say|do|think|mean|require|demand|want|promise)(?= (?:about|against|for|to|of|on|in)\b|\W*$)",
            r"\1 that",
            rest,
            count=1,
        )
    return f"{capital(asked)} {rest.rstrip('? ')} ({lost})?" if lost else f"{capital(asked)} {rest}"
