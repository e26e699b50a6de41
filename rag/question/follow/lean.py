"""Does a question lean on earlier turns? Fragments, and whole questions that name no topic of their own.

A place, a firm or a date alone is no topic: "How much does the US government get?" leans, and so does "Is Taiwan in?".
Left out: pronouns (`points`), how it opens (`opener`), and what it leans on (`fill`, `stand`, `carry`).
"""

from __future__ import annotations

import re

from rag.names import atoms, is_only, nouns, things
from rag.question.follow.forms import (
    ACTORS,
    APART,
    ASKED,
    AUXILIARY,
    BARE_ASKED,
    MOST,
    ORDINAL,
    PREPOSITION,
    THIS_YEAR,
    TOO,
    WHICH_ONE,
)
from rag.question.follow.own import STANCES, actor_words, content, is_a_state, is_own_topic, own_topics
from rag.question.follow.points import THERE_IS
from rag.text import words

_THE_ONE = re.compile(r"^the ones? (?=\w)", re.I)
_BARE_HEAD = re.compile(
    rf"\bthe (?:(?:{WHICH_ONE}) )*"
    r"(?:rule|law|order|ban|list|listing|deal|act|case|decision|announcement|measure|statement|letter|meeting|"
    r"chip|company|firm|policy|agreement|guidance|licence|license|permit|requirement|inquiry|tariff|duty|fine|penalty|"
    r"charge|truce|suspension|fund|probe|plan|control|limit|curb|restriction|exemption|exception|threshold|settlement|"
    r"bill|vote|court|report|situation|condition|term|companie|countrie|entitie|export|change|reason)s?\b"
    r"(?! (?:on|of|for|that|which|to|from|about|against|between|with)\b)",
    re.I,
)
# They hang on what went before whatever else is named, or only where nothing is
_HANGS_ANYWAY = re.compile(
    r"\b(?:else|instead|too|as well|similar|ones?|extra|additional|broader|wider|stricter|tougher|further|even|enough"
    r"|any(?=\W*$|(?: actually| really| ever| already| yet| been)* (?:been|\w+ed|sold|made|given)\b)"
    r"|in (?:exchange|return)(?! for))\b",
    re.I,
)
_HANGS = re.compile(
    r"\b(?:still|again|another|more|next|later|earlier|afterwards|anyone|now|yet|in(?=\W*$)"
    r"|(?:affected|included|covered|exempt|exempted|involved|consulted|invited|spared)(?=\W*$))\b",
    re.I,
)
_HOW_MANY = re.compile(rf"how many (?:of|{AUXILIARY})\b", re.I)
_DEFINES = re.compile(r"what (?:is|are) (?:an? )?(?!the\b|other\b)[a-z-]+(?: [a-z-]+)?\??$", re.I)
_DOES = re.compile(r"(?:(?:how|why|when|where) )?(?:did|does|do|has|have|will|would)\b", re.I)
_WHO = re.compile(r"who\b|what (?:is|are)\b", re.I)
_STANCE = re.compile(
    r"\b(?:says?|said|do|done|does|did|thinks?|respond|react|reply|answer|object|protest|retaliate|comment|argue|claim|"
    r"agree|response|reaction|view|position|stance|explain|criticise|make)\b",
    re.I,
)


def without_the_one(text: str) -> str:
    """`the one against Nvidia` -> against Nvidia."""
    return _THE_ONE.sub("", text)


def without_verb(text: str) -> str:
    """`is YMTC?` -> YMTC; any other text without its end mark."""
    bare = text.strip().rstrip("?.! ")
    name = re.sub(rf"^(?:{AUXILIARY}) (?:the )?", "", bare, flags=re.I)
    return name if is_only(name, name) else bare


def is_fragment(text: str, follows: bool) -> bool:
    """True for "Why?", "in 2024?", "Japan?", "Japan too?": a few words and no verb. Search words only behind "and"."""
    bare = without_verb(TOO.sub("", text))
    if BARE_ASKED.match(bare) or re.fullmatch(rf"(?:the )?(?:{MOST}|{ORDINAL})(?: ones?| \w+)?", bare, re.I):
        return True
    if len(bare.split()) > 5 or re.match(rf"(?:{ASKED}|{AUXILIARY})\b", bare, re.I):
        return bool(APART.match(bare)) and len(bare.split()) < 8
    if re.match(rf"(?:{PREPOSITION})\b", bare, re.I) or APART.match(bare) or re.fullmatch(r"phase \w+", bare, re.I):
        return True
    rest = re.sub(r"^the ", "", without_the_one(bare), flags=re.I)
    if THIS_YEAR.fullmatch(rest) or (follows and len(rest.split()) < 4 and nouns(rest) == rest.split()):
        return True
    named = atoms(bare) if len(atoms(bare)) == 1 else things(bare)
    more = 2 if follows or TOO.search(text) else 0
    return len(named) == 1 and len(rest.split()) <= len(named[0].text.split()) + more


def hangs(text: str, follows: bool) -> bool:
    """True for a whole question that leaves open what it is about; `follows` when it began with "and"."""
    if _HOW_MANY.match(text) or (THERE_IS.search(text) and not atoms(text)):
        return True
    says, anyway = len(content(text)), bool(_HANGS_ANYWAY.search(text))
    hanging = anyway or bool(_HANGS.search(text))
    own, actors = own_topics(text), [n for n in atoms(text) if n.kind in ACTORS]
    if own:
        return anyway and says < 5 and not any(atoms(n.text) or n.text[0].isdigit() for n in own)
    if len({n.text for n in actors}) > 1 and not (hanging or all(map(is_a_state, actors))):
        return False  # "What did China do to Micron?"
    if actors:
        return _hangs_on_who_acts(text, follows, hanging)
    if _DEFINES.match(text) and not follows:
        return False
    dated = says > 0 and any(n.kind == "date" for n in atoms(text))
    return follows or hanging or bool(_BARE_HEAD.search(text)) or (says < 4 and not dated)


def _hangs_on_who_acts(text: str, follows: bool, hanging: bool) -> bool:
    """The same for a question that names whom, but nothing else: "How did the House vote?" does not say on what."""
    said, named = content(text), atoms(text)
    states = all(is_a_state(n) for n in named if n.kind in ACTORS) and not _WHO.match(text)
    states = states and (follows or not any(n.kind == "date" for n in named))
    if _STANCE.search(text) and all(w in STANCES for w in said):
        return True
    if len(said) < 2 and (states or _DOES.match(text)):
        return True
    if len(said) < 3 and hanging:
        return True
    return len(said) < 4 and (bool(_BARE_HEAD.search(text)) or (follows and not states))


def leaves_open(text: str) -> bool:
    """True for a short question that names whom, but not what it is about: "Which tier was Malaysia in?"."""
    named = any(n.kind == "date" or is_own_topic(n) for n in things(text))
    return not named and not _DEFINES.match(text) and 0 < len(set(words(text)) - actor_words(text)) < 4
