"""Two things that are compared, as whole phrases, and what is asked of each where nothing else is.

"How does the Dutch rule differ from the US one?"  ->  What does the Dutch rule do or require?  … the US rule …
"""

from __future__ import annotations

import re

from rag.names import HEADS, atoms, is_only

_DIFFERS = re.compile(
    r"how (?:is|are|was|were|does|do|did|would) (.+?[^,]) (?:differ(?:ent)?|compared?) (?:from|to|with|than) (.+?)"
    r"( (?-i:in [a-z ]+))?\W*$",
    re.I,
)
_MEASURE = re.compile(r"the (?:size|price|number|amount|value|cost|length|date|share|rate) of ", re.I)
_OWN = re.compile(r"['’]s$")
_HEAD_ENDS = re.compile(r" (?:on|of|for|in|to|by|from|that|which)\b")
# Nouns of this field that neither do nor require anything
_NO_RULE = re.compile(
    r"(?:chip|tool|machine|model|sale|suspension|rescission|revocation|export|charge|round|speech|interview|fund)s?"
    r"|equipment|memory|software|revenue|yuan|investment|smuggling|vote|summit",
    re.I,
)


def compared(question: str) -> tuple[str, str] | None:
    """What "How does … differ from …?" compares, each with the noun that the other lends it."""
    match = _DIFFERS.match(question)
    if match is None:
        return None
    one, other = match[1], match[2]
    owned = re.match(r".+?['’]s? (.+)", one)
    if owned and (whose := re.match(r"(?:those|that) of (?!(?:\w+ )?\d{4}$)(.+)", other)):
        other = f"{whose[1]}’s {owned[1]}"
    elif those := re.match(r"(?:those|that|the ones?) (?=(?:of|in|by|from|on) )", other):
        other = f"{_undated(_HEAD_ENDS.split(one)[0])} {other[those.end() :]}"
    elif (ones := re.match(r"((?:the )?[A-Z]\S*) ones?$", other)) and atoms(one):
        other = ones[1] + one[atoms(one)[0].end :]
    elif owned and (_OWN.search(other) or is_name(other)):
        other = f"{re.sub(_OWN, '', other)}’s {owned[1]}"
    elif all(n.kind == "date" for n in atoms(other)) and (lent := [n.text for n in atoms(one) if n.kind != "date"]):
        measured = _MEASURE.match(one)
        other = f"{measured[0] if measured else ''}{other} ({', '.join(lent)})"  # "the final award of December 2024"
    return one + (match[3] or ""), other + (match[3] or "")


def _undated(name: str) -> str:
    """`the October 2023 rules` -> the rules."""
    for date in reversed([n for n in atoms(name) if n.kind == "date"]):
        name = f"{name[: date.start]}{name[date.end :].lstrip()}"
    return name


def asked_of(name: str) -> str:
    """The question for one of the things compared: what a rule does; of anything else, only what it is.

    Empty for a chip's code: all that is told of the H20 says nothing of how it differs from the H200.
    """
    if [n.kind for n in atoms(f"so {name}")] == ["code"] and is_name(name):
        return ""
    noun = _HEAD_ENDS.split(name)[0].split()[-1]
    several = noun.endswith("s") and not noun.isupper()
    if noun.lower() not in HEADS or _NO_RULE.fullmatch(noun):
        return f"What {'are' if several else 'is'} {name}?"
    article = "" if several or re.match(r"(?:the|an?|its|their)\b|.*['’]", name, re.I) else "the "
    return f"What {'do' if several else 'does'} {article}{name} do or require?"


def is_name(text: str) -> bool:
    """True for a single name and nothing else, its article aside."""
    return is_only(text, without_article(text))


def without_article(name: str) -> str:
    """`the NVL72` -> NVL72."""
    return re.sub(r"^(?:the|an?) ", "", name, flags=re.I)
