"""What a question names that says what it is about: its own topic, beside who acts and when. Pure functions.

"The Lion Act", "rare earth controls" and "the H20" say which one; "the rule", "the general licences" and "Dutch firms"
leave it to what went before.
"""

from __future__ import annotations

import re

from rag.names import OFFICES, Named, atoms, things
from rag.question.follow.forms import ACTORS, NUMBERED, WHICH_ONE
from rag.text import words

STANCES = frozenset(
    words(
        "respond react reply say think do object protest retaliate comment argue claim agree answer call response "
        "reaction position view stance criticise explain justify make government ministry officials official"
    )
)
# They add nothing that could be looked for.
_LIGHT = frozenset(
    words(
        f"{WHICH_ONE.replace('|', ' ')} any enough even ones actually really exactly just already ever get gets got "
        "come comes goes go still yet now too also again afterwards else instead much many people company companies "
        "firm firms government ministry official officials today currently by then there here give gives like mean "
        "thing things"
    )
)
_ABOUT = re.compile(r"\b(?:about|regarding|concerning|over) (?:the )?$", re.I)


def actor_words(text: str) -> set[str]:
    """The search tokens of the places, bodies and people that are named."""
    return {w for n in atoms(text) if n.kind in ACTORS for w in words(n.text)}


def content(text: str) -> list[str]:
    """The search tokens that say something: no names of who acts, no dates, no words that fit any question."""
    for name in reversed([n for n in atoms(text) if n.kind == "date"]):
        text = f"{text[: name.start]} {text[name.end :]}"
    actors = actor_words(text)
    return [w for w in words(text) if w not in actors and w not in _LIGHT]


def is_topic(phrase: str) -> bool:
    """True for a noun phrase that says which one: not "the rule", nor "China's reaction"."""
    return (bool(atoms(phrase)) or len(words(phrase)) > 1) and not is_stance(phrase)


def is_stance(phrase: str) -> bool:
    """True for "China's reaction" and "the Dutch government": whose, but not on what."""
    actors = actor_words(phrase)
    said = set(words(phrase))
    return said <= actors | STANCES and bool(said & actors) and bool(said & STANCES)


def is_a_state(name: Named) -> bool:
    """True for a place or an office of one, of which any topic may ask."""
    return name.kind == "place" or name.text in OFFICES


def is_own_topic(name: Named) -> bool:
    """True for a name that says what a question is about; not for "the general licences", nor for "Dutch firms"."""
    if name.kind != "thing":
        return name.kind in ("code", "quote")
    named = any(n.kind != "date" or re.search(r"\d{4}", n.text) for n in atoms(name.text))
    return is_topic(name.text) and bool(content(name.text if named else re.sub(r"\w+$", "", name.text)))


def own_topics(text: str) -> list[Named]:
    """The names of a question that say what it is about."""
    numbered = [Named(m[0], "thing", *m.span()) for m in NUMBERED.finditer(text)]
    return [*numbered, *(n for n in things(text) if is_own_topic(n))]


def names_its_topic(text: str) -> bool:
    """True for a question that says on what, beside who: "… about Zebra", "… the market share of Zebra"."""
    told = any(n.kind != "date" and _ABOUT.search(text[: n.start]) for n in atoms(text))
    return told or bool(own_topics(text)) or len(content(text)) > 3
