"""Where a fragment belongs in the last question: in the place of its noun, of its code, of its kind. Pure functions.

"And Japan?" behind "What did the Netherlands limit?" -> What did Japan limit?
"And the parent company?" behind "When were Zebra's branches listed?" -> When was Zebra's parent company listed?
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.names import HEADS, IN_THE_SINGULAR, PLACES, Named, atoms, nouns, places, things
from rag.question.follow.forms import ACTORS, AUXILIARY, PREPOSITION, THIS_YEAR
from rag.question.follow.own import is_topic
from rag.question.follow.topic import PEOPLE, body, single, subject, topics

_PHRASE = rf"(?: (?!(?:{PREPOSITION}|{AUXILIARY})\b)[\w’'.%-]+){{1,6}}"
_WHO_IS = re.compile(r"(?:who|which \w+) (?P<be>is|are|was|were) (?!the\b|behind\b|to\b|an?\b)(?=[a-z])", re.I)
_HIS_TIME = re.compile(r" (?:in|during|at|since|before) (?:his|her) [^,?()]+")  # "in his last weeks"
_ENTRY = re.compile(r"(?: \(|, )(?:the )?$")  # of what a question carries


def of_the_one(told: str, last: str) -> str | None:
    """`the one for Huawei`: which of the things that were asked about, in place of what told that of the last."""
    thing = next((n for n in topics(last) if n.kind == "thing"), None)
    if thing is None or not re.match(rf"(?:{PREPOSITION})\b", told, re.I):
        return None
    behind = re.match(rf" (?:{PREPOSITION})\b{_PHRASE}", last[thing.end :], re.I)
    rest = last[thing.end + len(behind[0]) :] if behind else last[thing.end :]
    verb = re.search(r" [a-z]+$", behind[0]) if behind and not rest.strip("?") else None
    return f"{last[: thing.end]} {told}{verb[0] if verb else ''}{rest}"  # "… did the rule in May allow?"


def behind_the_same(fragment: str, last: str) -> str | None:
    """`for small orders` for "for the biggest clusters": what stands behind the same preposition goes."""
    preposition = fragment.split()[0].lower()
    old = [*re.finditer(rf" {preposition}\b{_PHRASE}(?=\W*$|,| (?:{PREPOSITION})\b)", body(last), re.I)]
    if not old or preposition not in ("for", "under", "with", "against", "by", "to"):
        return None
    return f"{last[: old[-1].start()]} {fragment}{last[old[-1].end() :]}"


def same_code(fragment: str, whole: Sequence[str]) -> str | None:
    """`IEC` for "License Exception NAC": a word in capitals for one that ends a name."""
    capitals = r"[A-Z][A-Z\d]+"
    if not re.fullmatch(rf"(?:the )?{capitals}", fragment):
        return None
    for last in whole:
        for thing in topics(last):
            first, _, end = thing.text.rpartition(" ")
            if thing.kind == "thing" and first and re.fullmatch(capitals, end):
                return f"{last[: thing.start]}{first} {fragment.removeprefix('the ')}{last[thing.end :]}"
    return None


def same_noun(fragment: str, last: str) -> str | None:
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


def whether(fragment: str, last: str) -> str | None:
    """`Taiwan` as what "who is exempt?" may ask for: Is Taiwan exempt; not where another of its kind is named."""
    match, new = _WHO_IS.match(body(last)), next(iter(atoms(fragment)), None)
    if match is None or new is None or new.text != fragment.removeprefix("the "):
        return None
    if new.kind not in (*ACTORS, "code") or any(n.kind == new.kind for n in atoms(body(last))):
        return None
    be = IN_THE_SINGULAR.get(match["be"].lower(), match["be"])
    return f"{be.capitalize()} {fragment} {last[match.end() :]}"


def same_modifier(fragment: str, last: str) -> str | None:
    """`tin` for "rare earth" in "Are rare earth controls in force?": plain words for those before a plain noun."""
    if not fragment.islower() or atoms(fragment) or nouns(fragment) != fragment.split():
        return None
    for old in topics(body(last)):
        before, _, noun = old.text.rpartition(" ")
        if before and old.kind == "thing" and noun.lower() in HEADS and not atoms(old.text):
            return f"{last[: old.start]}{fragment} {noun}{last[old.end :]}"
    return None


def same_kind(fragment: str, last: str) -> str | None:
    """`Japan` for "the Netherlands", "the H200" for "the H20", "2024" for "2023"."""
    phrase = next((n for n in things(fragment) if n.kind == "thing" and is_topic(n.text)), None)
    new = next(iter(single(fragment)), phrase)
    old = _slot(new, fragment, last) if new else None
    if new is None or old is None:
        return None
    year = None if THIS_YEAR.fullmatch(new.text) else re.search(r" \d{4}$", old.text)
    if new.kind == "date" and year and not re.search(r"\d{4}", new.text):
        new = replace(new, text=new.text + year[0])  # August for "May 2020"
    name = phrase.text if phrase and new.kind not in ("date", "place") else _in_the_form_of(old, new, last)
    before, after = last[: old.start], last[old.end :]
    if THIS_YEAR.fullmatch(new.text):
        before = re.sub(r"\b(?:in|on|during|by) $", "", before)
    if new.kind == "person" and old.kind == "person":
        after = _HIS_TIME.sub("", after)
    whose = re.match(r".*?['’]s? (?=[a-z])", old.text)
    if whose and not atoms(name):  # of the same owner
        if old.text.endswith("s") and not name.endswith("s"):
            before = re.sub(r"were (?=(?:the )?$)", "was ", before)
        return before + whose[0] + name + after
    if re.search(r"\bthe $", fragment[: fragment.find(name)]) and not re.search(r"\bthe $", before, re.I):
        name = f"the {name}"
    if name in places().values():  # the Netherlands -> Japan
        before = re.sub(r"\bthe $", "", before, flags=re.I)
    return re.sub(r"\b(the) the\b", r"\1", before + name + after, flags=re.I)


def _has_its_own_name(phrase: str, noun: str) -> bool:
    """True for a name before the noun: "Big Fund II"; not for "phase III"."""
    at = phrase.lower().find(noun.lower())
    return any(name.start < at for name in atoms(phrase))


def _slot(new: Named, fragment: str, last: str) -> Named | None:
    """What of the last question the new name takes the place of: one of its kind, best behind the same preposition."""
    phrases, acting = things(last), subject(last)
    same = [n for n in _of_its_kind(new, last) if _can_be_replaced(n, last)]
    if new.kind in ACTORS and acting and (acting in same or acting.kind == "code"):
        same = [acting, *same]
    behind = re.match(rf"(?:{PREPOSITION})\b", fragment, re.I)
    if behind is None:
        return next(iter(same), None)
    behind_it = re.compile(rf"\b{behind[0]} (?:the )?$", re.I)
    beside = [n for n in same if behind_it.search(last[: n.start])]
    if not beside and re.fullmatch("to|against|about|with|for|under", behind[0], re.I):  # "And to the Dutch ones?"
        beside = [n for n in phrases if behind_it.search(last[: n.start])]
        same = same if re.fullmatch("to|against|about|with", behind[0], re.I) else []
    return next(iter(beside or same), None)


def _of_its_kind(new: Named, last: str) -> list[Named]:
    """The names of the last question that are as the new one is; "the parent company" is no Entity List."""
    names, phrases = single(last), things(last)
    if new.kind == "thing" and not atoms(new.text):
        of_people = bool(PEOPLE.fullmatch(new.text.split()[-1]))
        same = [n for n in phrases if n.kind == "thing" and of_people == bool(PEOPLE.fullmatch(n.text.split()[-1]))]
        return [n for n in same if of_people or not atoms(n.text)]
    same = [n for n in names if n.kind == new.kind] or [n for n in phrases if n.kind == new.kind]
    if not same and new.kind in ACTORS:
        parts = [n for thing in phrases for n in names if thing.kind == "thing" and thing.start <= n.start < thing.end]
        same = [n for n in names if n.kind in ACTORS and n not in parts]
    if not same and new.kind in ("thing", "code"):
        same = [n for n in phrases if n.kind in ("thing", "code")]
    return same


def _can_be_replaced(name: Named, last: str) -> bool:
    """True but for a part of a name that the question carries in brackets."""
    entry = _ENTRY.search(last[: name.start]) and re.match("[,)]", last[name.end :])
    return name.end <= len(body(last)) or bool(entry)


def _in_the_form_of(old: Named, new: Named, last: str) -> str:
    """The new name; a place as an adjective where one stood: "the Dutch rule" and Japan -> the Japanese rule."""
    place = places().get(new.text.lower()) if new.kind == "place" else None
    if place is None:
        return new.text
    adjectives = {name: adjective for name, adjective, _ in PLACES.values()}
    was_adjective = old.text in adjectives.values() and re.match(r" \w", last[old.end :])
    return adjectives.get(place, place) if was_adjective else place
