"""A fragment -> a whole question: "And Japan?", "Why?", "in 2024?" take their place in the last question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.dates import AGO
from rag.follow.carry import capital, carrying
from rag.follow.lean import (
    ACTORS,
    ASKED,
    AUXILIARY,
    BARE_ASKED,
    ORDINAL,
    PREPOSITION,
    is_topic,
    without_the_one,
    without_verb,
)
from rag.follow.topic import subject, topics
from rag.names import HEADS, PLACES, Named, atoms, places, things

_ASKING = re.compile(rf"(?:{ASKED})\b.*?\b(?={AUXILIARY}\b)", re.I)

_POSITION = re.compile(r"['’]s? (?:\w+ )?(?:reply|response|reaction|answer|position|view|comment|statement)$", re.I)
_WITHOUT_SUBJECT = re.compile(rf"who\b|(?:what|which \w+) (?:{AUXILIARY}) (?:being |been )?\w+(?:ed|en)\b", re.I)


def completed(text: str, thread: Sequence[str]) -> str:
    """The last question asked again with the fragment in it; without a place for it, the fragment beside its topic."""
    last, fragment = thread[-1], without_the_one(without_verb(text))
    if BARE_ASKED.match(fragment):
        return _asked_anew(fragment, last)
    if _POSITION.search(fragment):
        return carrying(f"What was {fragment}", thread)
    filled = _same_rank(fragment, last) or _same_noun(fragment, last) or _same_kind(fragment, last)
    if filled is None and re.match(rf"(?:{PREPOSITION})\b", fragment, re.I):
        if any(n.kind == "date" for n in atoms(fragment)):
            last = re.sub(rf"(?:^| ){AGO}[,;]?", "", last, flags=re.I)  # the new day takes the place of "a year ago"
        filled = f"{last.rstrip('?.! ')} {fragment[0].lower()}{fragment[1:]}?"
    return filled or carrying(fragment, thread)


def _asked_anew(asked: str, last: str) -> str:
    """`Why` for "When": "When was ZTE banned?" -> "Why was ZTE banned?"."""
    why = re.fullmatch(r"(why) not", asked, re.I)
    asked = why[1] if why else asked
    if re.match(rf"(?:{AUXILIARY})\b", last, re.I):
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


def _same_rank(fragment: str, last: str) -> str | None:
    """`the second` for "the first phase"."""
    new, old = (re.search(rf"\b{ORDINAL}\b", text, re.I) for text in (fragment, last))
    if new is None or old is None or atoms(fragment):
        return None
    return last[: old.start()] + new[0] + last[old.end() :]


def _same_noun(fragment: str, last: str) -> str | None:
    """`phase III` for "the first phase", for "Big Fund phase I"; "Chip Security Act" for "MATCH Act"."""
    phrase = next((n for n in things(fragment) if n.kind == "thing"), None)
    nouns = {w.lower() for w in phrase.text.split()} & HEADS if phrase else set()
    for old in topics(last):
        common = [w for w in re.finditer(r"\w+", old.text) if w[0].lower() in nouns]
        if phrase and common and old.kind == "thing":
            kept = atoms(old.text) and not _has_its_own_name(phrase.text, common[0][0])
            before = last[: old.start + (common[0].start() if kept else 0)]
            if not fragment.lower().startswith("the "):
                before = re.sub(r"\bthe $", "", before, flags=re.I)
            return before + phrase.text + last[old.end :]
    return None


def _has_its_own_name(phrase: str, noun: str) -> bool:
    """True for a name before the noun: "Big Fund II"; not for "phase III"."""
    at = phrase.lower().find(noun.lower())
    return any(name.start < at for name in atoms(phrase))


def _same_kind(fragment: str, last: str) -> str | None:
    """`Japan` for "the Netherlands", "the H200" for "the H20", "2024" for "2023"."""
    phrase = next((n for n in things(fragment) if n.kind == "thing" and is_topic(n.text)), None)
    new = next(iter(atoms(fragment)), phrase)
    old = _slot(new, fragment, last) if new else None
    if new is None or old is None:
        return None
    if new.kind == "date" and (year := re.search(r" \d{4}$", old.text)) and not re.search(r"\d{4}", new.text):
        new = replace(new, text=new.text + year[0])  # August for "May 2020"
    name = phrase.text if phrase and new.kind not in ("date", "place") else _in_the_form_of(old, new, last)
    start = old.start
    if re.search(r"\bthe $", fragment[: fragment.find(name)]) and not re.search(r"\bthe $", last[:start], re.I):
        name = f"the {name}"
    if name in places().values() and last[:start].lower().endswith("the "):  # the Netherlands -> Japan
        start -= len("the ")
    return re.sub(r"\b(the) the\b", r"\1", last[:start] + name + last[old.end :], flags=re.I)


def _slot(new: Named, fragment: str, last: str) -> Named | None:
    """What of the last question the new name takes the place of: one of its kind, best behind the same preposition."""
    single, phrases = atoms(last), things(last)
    same = [n for n in single if n.kind == new.kind] or [n for n in phrases if n.kind == new.kind]
    if not same and new.kind in ("org", "place"):
        same = [n for n in single if n.kind in ACTORS]
    if not same and new.kind in ("thing", "code"):
        same = [n for n in phrases if n.kind in ("thing", "code")]
    behind = re.match(rf"(?:{PREPOSITION})\b", fragment, re.I)
    beside = [n for n in same if behind and re.search(rf"\b{behind[0]} (?:the )?$", last[: n.start], re.I)]
    if behind and not beside and re.fullmatch("to|against|about|with", behind[0], re.I):  # "And to the Dutch ones?"
        beside = [n for n in phrases if re.search(rf"\b{behind[0]} (?:the )?$", last[: n.start], re.I)]
    return next(iter(beside or same), None)


def _in_the_form_of(old: Named, new: Named, last: str) -> str:
    """The new name; a place as an adjective where one stood: "the Dutch rule" and Japan -> the Japanese rule."""
    place = places().get(new.text.lower()) if new.kind == "place" else None
    if place is None:
        return new.text
    adjectives = {name: adjective for name, adjective, _ in PLACES.values()}
    was_adjective = old.text in adjectives.values() and re.match(r" \w", last[old.end :])
    return adjectives.get(place, place) if was_adjective else place
