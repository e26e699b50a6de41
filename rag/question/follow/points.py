"""Which word of a question points out of it: a pronoun, "that rule", "the latter". Pure functions.

Left out: what it stands for (`stand`).
"""

from __future__ import annotations

import re

from rag.names import atoms
from rag.question.follow.forms import AUXILIARY, PREPOSITION
from rag.question.follow.own import own_topics

# "it" and "there" that stand for nothing
_LEGAL = "true|legal|illegal|lawful|possible|allowed|forbidden|permitted"
_IT_IS = re.compile(
    rf"\b(?:is|was|did|does|has|would|will|become|became) it (?:been |become )?(?:\w+ )?(?:{_LEGAL}|enough|safe|"
    rf"necessary|correct|right|clear(?= that|\W*$)|known|the case|a crime|take|takes)\b"
    rf"|\bit (?:is|was|becomes?|became) (?:\w+ )?(?:{_LEGAL})\b|\bit takes?\b|\b(?:make|made|makes) it (?:\w+ )?to\b",
    re.I,
)
THERE_IS = re.compile(rf"\b(?:{AUXILIARY}|been|be) there\b|\bthere (?:is|are|was|were|be|has|have|will)\b", re.I)
_STILL_THERE = re.compile(r"\b(?:still|get|got) there(?=\W*$)", re.I)
_POINTS = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|there|then)\b"
    r"|\b(?:this|these|those)\b"
    r"(?! (?:year|month|week|spring|summer|autumn|fall|winter|quarter|decade|who|that|which|in|of|with|under)\b)"
    r"|\b(?:the )?(?:former|latter|same|earlier|previous|first|second|last|other|new|old|current)(?: ones?\b|\?|$)"
    r"|\bthe same (?:day|week|month|year|time|way|reason|thing|place)\b"
    r"|\bthe (?:whole|entire) (?:thing|matter|affair)\b"
    r"|\bones?\?|\bones? of (?:its|their|his)\b|\bwhich ones?\b|\bboth\?|\bdoing so\b",
    re.I,
)
# "that" where it is no conjunction and no relative
_THAT = re.compile(
    rf"\bthat(?=\?|\.|$| (?:still|so|too|true|now)\b)"
    rf"|(?:^|\b(?:{AUXILIARY}|{PREPOSITION}|behind) )that\b"
    r"|\bthat (?:rule|law|order|ban|list|listing|deal|act|case|decision|announcement|measure|statement|letter|meeting|"
    r"chip|company|firm|date|day|year|month|time|one|policy|agreement|guidance|licence|tariff|duty|fine|penalty|charge|"
    r"truce|suspension|visit|speech|interview|report|remark|claim|figure|number|amount|limit|cap|fund|probe|plan)s?\b",
    re.I,
)
_NEW_CLAUSE = re.compile(
    r"(?:\b(?:that|when|after|before|because|if|while|since|until|where|whether|and|but|said|says|say)|,)\s*$", re.I
)
_BOUNDARY = re.compile(
    r"[,:;.?]|\b(?:and|or|but|before|after|when|if|as|than|that|which|who|because|while|until)\b", re.I
)
_STATED = re.compile(r"\w\w[.;] |^(?:if|when|given) .*,", re.I)
_IN_A_PLACE = re.compile(r"\b(?:in|at|to) (?:the )?$", re.I)


def pointer(text: str) -> re.Match[str] | None:
    """The first word that points out of the question, if one does.

    A subject of a later clause ("that it had no backdoors") and a possessive have their name inside, where one stands
    before them; an object has not: "What did China say about it?"
    """
    hidden = text
    for stands_for_nothing in (_IT_IS, THERE_IS, _STILL_THERE):
        hidden = stands_for_nothing.sub(lambda m: "_" * len(m[0]), hidden)
    names = [n for n in atoms(text) if n.kind != "date"]
    for match in sorted([*_POINTS.finditer(hidden), *_THAT.finditer(hidden)], key=lambda m: m.start()):
        before = [n for n in names if n.end <= match.start()]
        located = any(n.kind == "place" and _IN_A_PLACE.search(text[: n.start]) for n in before)
        if (match[0].lower() == "there" and located) or _is_inside(text, match):
            continue
        of_people = bool(re.fullmatch("he|his|she|her", match[0], re.I))
        named_before = any((n.kind == "person") == of_people for n in before)
        subject = re.fullmatch("it|they|he|she", match[0], re.I) and _NEW_CLAUSE.search(hidden[: match.start()])
        if not (named_before and (subject or re.fullmatch("its|their|his|her", match[0], re.I))):
            return match
    return None


def _is_inside(text: str, pronoun: re.Match[str]) -> bool:
    """True where a pronoun has its name in the question: "Is the Lion Act in force, and when will it end?"."""
    before, after = text[: pronoun.start()], text[pronoun.end() :]
    if not (_STATED.search(before) or re.fullmatch("it|its|they|them|their", pronoun[0], re.I)):
        return False
    if any(_BOUNDARY.search(before[name.end :]) for name in own_topics(before)):
        return True
    owned = pronoun[0].lower() in ("its", "their")
    subject_follows = re.search(rf"\b(?:{AUXILIARY}) (?:the )?(?=[A-Z])", after)  # "of its sales did Zebra give away"
    asked = re.match(r"(?:which|what|how many) ", before, re.I) and not re.search(rf"\b(?:{AUXILIARY})\b", before)
    return owned and bool(subject_follows or asked)
