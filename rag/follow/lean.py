"""Does a question lean on earlier turns, and by which words: openers, fragments, pronouns, open questions.

Left out: what it leans on (`fill`, `carry`).
"""

from __future__ import annotations

import re

from rag.names import atoms, is_only, things
from rag.text import words

ACTORS = ("org", "place", "person")
AUXILIARY = "is|are|was|were|do|does|did|has|have|had|can|could|will|would|may|must|shall|should"
PREPOSITION = "in|on|at|for|to|from|by|with|under|after|before|since|until|against|of|about|between"
ASKED = (
    r"(?:(?:until|till|since|from|by|for|to|in|on|at|with|under|against) )?"
    r"(?:when|why|where|how(?: (?:much|many|long|often|far|big|large|high))?|who|whom|what|which)"
)
ORDINAL = r"(?:first|second|third|fourth|fifth|sixth|initial|latest)"
BARE_ASKED = re.compile(
    rf"(?:{ASKED}|why not|(?:{PREPOSITION}) (?:what|which|whose)(?: [\w-]+){{0,2}})(?: exactly| so)?$", re.I
)
_OPENS = re.compile(r"(?:(?:and|but|so|or|then|also|ok|okay|well|thanks|fine)\b[\s,]*)+", re.I)
_ASKS_FOR = re.compile(r"(?:what about|how about|what of)\s+", re.I)
_THE_ONE = re.compile(r"^the ones? (?=\w)", re.I)

# "it" and "there" that stand for nothing
_LEGAL = "true|legal|illegal|lawful|possible|allowed|forbidden|permitted"
_IT_IS = re.compile(
    rf"\b(?:is|was|did|does|has|would|will|become|became) it (?:been |become )?(?:\w+ )?(?:{_LEGAL}|enough|safe|"
    rf"necessary|correct|right|clear|known|the case|a crime|take|takes)\b"
    rf"|\bit (?:is|was|becomes?|became) (?:\w+ )?(?:{_LEGAL})\b|\bit takes?\b|\b(?:make|made|makes) it (?:\w+ )?to\b",
    re.I,
)
_THERE_IS = re.compile(rf"\b(?:{AUXILIARY}|been|be) there\b|\bthere (?:is|are|was|were|be|has|have|will)\b", re.I)

_POINTS = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|there|then)\b"
    r"|\b(?:this|these|those)\b(?! (?:year|month|week|who|that|which|in|of|with|under)\b)"
    r"|\b(?:the )?(?:former|latter|same|earlier|previous|first|second|last|other|new|old|current)(?: ones?\b|\?|$)"
    r"|\bthe same (?:day|week|month|year|time|way|reason|thing|place)\b"
    r"|\bthe (?:whole|entire) (?:thing|matter|affair)\b"
    r"|\bones?\?|\bones? of (?:its|their|his)\b|\bwhich ones?\b|\bboth\?|\bdoing so\b",
    re.I,
)
# "that" where it is no conjunction and no relative
_THAT = re.compile(
    rf"\bthat(?=\?|\.|$| (?:apply|happen|mean|matter|change|cover|work|still|so|too|true|now|last|take|end|start)\b)"
    rf"|(?:^|\b(?:{AUXILIARY}|{PREPOSITION}|behind|despite) )that\b"
    r"|\bthat (?:rule|law|order|ban|list|listing|deal|act|case|decision|announcement|measure|statement|letter|meeting|"
    r"chip|company|firm|date|day|year|month|time|one|policy|agreement|guidance|licence|tariff|duty|fine|penalty|charge|"
    r"truce|suspension|visit|speech|interview|report|remark|claim|figure|number|amount|limit|cap|fund|probe|plan)s?\b",
    re.I,
)
_NEW_CLAUSE = re.compile(
    r"(?:\b(?:that|when|after|before|because|if|while|since|until|where|whether|and|but|said|says|say)|,)\s*$", re.I
)
_BARE_HEAD = re.compile(
    r"\bthe (?:rule|law|order|ban|list|listing|deal|act|case|decision|announcement|measure|statement|letter|meeting|"
    r"chip|company|firm|policy|agreement|guidance|licence|license|requirement|tariff|duty|fine|penalty|charge|truce|"
    r"suspension|fund|probe|plan|control|limit|curb|restriction|exemption|exception|threshold|settlement|bill|vote|court|"
    r"report|condition|term|companie|countrie|entitie|export|change|reason)s?\b"
    r"(?! (?:on|of|for|that|which|to|from|about|against|between|with)\b)",
    re.I,
)
_HANGS = re.compile(
    r"\b(?:else|instead|still|again|too|as well|another|more|next|later|earlier|afterwards|anyone|now|yet"
    r"|in (?:exchange|return)(?! for)"
    r"|(?:affected|included|covered|exempt|exempted|involved|consulted|invited|spared)(?=\W*$))\b",
    re.I,
)
_HOW_MANY = re.compile(rf"how many (?:of|{AUXILIARY})\b", re.I)
_DEFINES = re.compile(r"what (?:is|are) (?:an? )?(?!the\b|other\b)[a-z-]+(?: [a-z-]+)?\??$", re.I)
_DOES = re.compile(r"(?:(?:how|why|when|where) )?(?:did|does|do|has|have|will|would)\b", re.I)
_STANCE = re.compile(
    r"\b(?:says?|said|do|done|does|did|thinks?|respond|react|reply|answer|object|protest|retaliate|comment|argue|claim|"
    r"agree|response|reaction|view|position|stance|explain|criticise|make)\b",
    re.I,
)
_STANCES = frozenset(
    words(
        "respond react reply say think do object protest retaliate comment argue claim agree answer call response "
        "reaction position view stance criticise explain justify make government ministry officials official"
    )
)


def without_opener(question: str) -> tuple[str, bool, bool]:
    """(the question without "And …" and "What about …", whether it opened so, whether it asked "What about")."""
    opener = _OPENS.match(question)
    rest = question[opener.end() :] if opener else question
    asked = _ASKS_FOR.match(rest)
    return (rest[asked.end() :] if asked else rest), bool(opener), bool(asked)


def without_the_one(text: str) -> str:
    """`the one against Nvidia` -> against Nvidia."""
    return _THE_ONE.sub("", text)


def without_verb(text: str) -> str:
    """`is YMTC?` -> YMTC; any other text without its end mark."""
    bare = text.strip().rstrip("?.! ")
    name = re.sub(rf"^(?:{AUXILIARY}) (?:the )?", "", bare, flags=re.I)
    return name if is_only(name, name) else bare


def is_fragment(text: str, opened: bool) -> bool:
    """True for "Why?", "in 2024?", "Japan?": a few words and no verb. Search words are a fragment only behind "and"."""
    bare = without_verb(text)
    if BARE_ASKED.match(bare) or re.fullmatch(rf"(?:the )?{ORDINAL}(?: ones?| \w+)?", bare, re.I):
        return True
    if len(bare.split()) > 5 or re.match(rf"(?:{ASKED}|{AUXILIARY})\b", bare, re.I):
        return False
    if re.match(rf"(?:{PREPOSITION})\b", bare, re.I):
        return True
    rest, more = re.sub(r"^the ", "", without_the_one(bare), flags=re.I), 2 if opened else 0
    named = atoms(bare) if len(atoms(bare)) == 1 else things(bare)
    return len(named) == 1 and len(rest.split()) <= len(named[0].text.split()) + more


def pointer(text: str) -> re.Match[str] | None:
    """The first word that points out of the question, if one does.

    A subject of a later clause ("that it had no backdoors") and a possessive have their name inside, where one stands
    before them; an object has not: "What did China say about it?"
    """
    hidden = _THERE_IS.sub(lambda m: "_" * len(m[0]), _IT_IS.sub(lambda m: "_" * len(m[0]), text))
    names = [n for n in atoms(text) if n.kind != "date"]
    for match in sorted([*_POINTS.finditer(hidden), *_THAT.finditer(hidden)], key=lambda m: m.start()):
        of_people = bool(re.fullmatch("he|his|she|her", match[0], re.I))
        named_before = any(n.end <= match.start() and (n.kind == "person") == of_people for n in names)
        subject = re.fullmatch("it|they|he|she", match[0], re.I) and _NEW_CLAUSE.search(hidden[: match.start()])
        if not (named_before and (subject or re.fullmatch("its|their|his|her", match[0], re.I))):
            return match
    return None


def hangs(text: str, opened: bool) -> bool:
    """True for a whole question that leaves open what it is about; `opened` when it began with "and"."""
    if _HOW_MANY.match(text) or (_THERE_IS.search(text) and not atoms(text)):
        return True
    if any(n.kind in ("code", "quote") or (n.kind == "thing" and is_topic(n.text)) for n in things(text)):
        return False
    actors = actor_words(text)
    content = [w for w in words(text) if w not in actors]
    if actors:
        stance = bool(_STANCE.search(text)) and all(w in _STANCES for w in content)
        bare = bool(_DOES.match(text)) and len(content) < 2  # "How did the House vote?": it does not say on what
        hanging = (opened or bool(_BARE_HEAD.search(text))) and len(content) < 4
        return stance or bare or hanging or (bool(_HANGS.search(text)) and len(content) < 3)
    if _DEFINES.match(text) and not opened:
        return False
    return opened or bool(_HANGS.search(text) or _BARE_HEAD.search(text)) or len(content) < 4


def leaves_open(text: str) -> bool:
    """True for a short question that names whom, but not what it is about: "Which tier was Malaysia in?"."""
    named = any(n.kind in ("code", "quote", "date") or (n.kind == "thing" and is_topic(n.text)) for n in things(text))
    return not named and not _DEFINES.match(text) and 0 < len(set(words(text)) - actor_words(text)) < 4


def is_topic(phrase: str) -> bool:
    """True for a noun phrase that says which one: not "the rule", nor "China's reaction"."""
    return (bool(atoms(phrase)) or len(words(phrase)) > 1) and not is_stance(phrase)


def is_stance(phrase: str) -> bool:
    """True for "China's reaction" and "the Dutch government": whose, but not on what."""
    actors = actor_words(phrase)
    said = set(words(phrase))
    return said <= actors | _STANCES and bool(said & actors) and bool(said & _STANCES)


def actor_words(text: str) -> set[str]:
    """The search tokens of the places, bodies and people that are named."""
    return {w for n in atoms(text) if n.kind in ACTORS for w in words(n.text)}
