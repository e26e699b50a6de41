"""What a question names -> the sentences that are on it, and the names that nothing found has.

Another firm's fine or another chip's speed is no answer, however near its words are: passages stay whose documents have
all of the names. Left out: governments and their offices, which act under many names, and abbreviations, which may be
spelled out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches

from rag.datatypes import Passage, Weighed
from rag.names import ADJECTIVES, BODIES, HEADS, Named, atoms, place_spellings
from rag.text import words

MISTYPED = 0.75  # how like a word found another must be to count as the same, 0 to 1 (difflib)
_FIRMS = frozenset(name.lower() for name in re.split(r"[|=]", BODIES["industry"]))
_OFFICES = frozenset(
    name for side, bodies in BODIES.items() if side != "industry" for name in re.split(r"[|=]", bodies)
) | {"Commerce", "Biden", "Federal Register"}
# What the sources may spell out, and what is no name: FT, AC/S, GPUs, FY2026, Q1, 93bn, 6m, Dec
_ABBREVIATION = re.compile(
    r"[A-Z]{1,5}(?:[/&][A-Z]+)?(?:s|(?:19|20)\d\d)?|Q[1-4]|[\d.,]+(?:[a-z]{1,2}|-[a-z]+)"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
)
_IN_A_ROW = re.compile(r"(?:,|,? (?:and|or|&|versus|vs\.?)) (?:the )?|/")
_FORMS = frozenset("corp corporation inc co ltd group plc nv".split())  # of firms: Zebra Corp is Zebra Inc.


def on_what_is_named(question: str, weighed: Sequence[Weighed]) -> tuple[list[Weighed], tuple[str, ...]]:
    """The sentences whose documents have all that the question names, in their order, or all; and what none has.

    Of names in a row ("Nvidia and AMD") one is enough. A place does not choose among passages: much is about China and
    does not say so each time.
    """
    said = {w.evidence.number: _said(w) for w in weighed}
    everything = set[str]().union(*said.values())
    nowhere = [n.text for n in atoms(question) if n.kind == "place" and not _place_stands(n.text, everything)]
    rows = _rows(re.sub(r"\([^)]*\)", " ", question)) or _rows(question)  # earlier turns lend what is in brackets
    if not rows:
        return list(weighed), tuple(nowhere)
    passages = {w.evidence.number: w.evidence.passage for w in weighed}
    on_all = {n for n, there in said.items() if all(_one_stands(row, there, passages[n]) for row in rows)}
    if on_all:
        return [w for w in weighed if w.evidence.number in on_all], tuple(nowhere)
    unknown = [row for row in rows if not any(_one_stands(row, there, passages[n]) for n, there in said.items())]
    return list(weighed), (*nowhere, *(" ".join(name) for row in unknown for name in row))


def _rows(question: str) -> list[list[list[str]]]:
    """The names of a question, each by the words that tell it; those in a row together."""
    rows, end = list[list[list[str]]](), 0
    for name in atoms(question):
        if telling := _telling(name):
            if rows and _IN_A_ROW.fullmatch(question[end : name.start]):
                rows[-1].append(telling)
            else:
                rows.append([telling])
            end = name.end
    return rows


def _one_stands(row: Sequence[Sequence[str]], said: set[str], passage: Passage) -> bool:
    """True when a name of a row is told in the passage, or anywhere in its document: it need not be said each time."""
    text = passage.document.text
    return any(_stands(name, said) or all(word in text for word in name) for name in row)


def _said(item: Weighed) -> set[str]:
    """The words of a sentence's passage, its heading, what its document is about and who published it."""
    passage = item.evidence.passage
    source = passage.document.source
    return {w for text in (passage.text, passage.heading, source.about, source.publisher) for w in words(text)}


def _telling(name: Named) -> list[str]:
    """The words of a name that tell it from others: none of an office, an abbreviation or what only looks like a name.

    A capital that begins the question may be no name.
    """
    if name.kind in ("place", "date", "quote") or name.text in _OFFICES | ADJECTIVES or not name.text.isascii():
        return []
    if name.text.lower() in _FIRMS:
        return name.text.split()
    if name.kind != "code" and not name.start:
        return []
    common = HEADS | _FORMS
    return [w for w in name.text.split() if w.lower() not in common and not _ABBREVIATION.fullmatch(w)]


def _stands(name: Sequence[str], said: set[str]) -> bool:
    """True when each word of a name is there, as it is or mistyped."""
    for word in name:
        own = {*words(word), *words(word.removesuffix("s"))}
        if own and not (own & said or any(get_close_matches(w, said, 1, MISTYPED) for w in own)):
            return False
    return True


def _place_stands(name: str, said: set[str]) -> bool:
    return name in ADJECTIVES or any(set(words(spelling)) <= said for spelling in place_spellings(name))
