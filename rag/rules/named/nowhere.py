"""What a question names -> the names that nothing found has.

Left out: governments and their offices, which act under many names, and abbreviations with digits or marks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from functools import cached_property

from rag.datatypes import Passage, Weighed
from rag.glossary import official_titles, same_as
from rag.names import ADJECTIVES, FIRMS, HEADS, OFFICES, Named, atoms, place_spellings, things
from rag.rules.named.rules import NUMBERED, as_one_name, numbers_of
from rag.text import words

MISTYPED = 0.75  # how like a word found another must be to count as the same, 0 to 1 (difflib)
_FIRMS = frozenset(map(str.lower, FIRMS))
_OFFICES = OFFICES | {"Commerce", "Biden", "Federal Register"}
# What the sources may spell out, and what is no name: FT, AC/S, GPUs, FY2026, Q1, 93bn, 6m, Dec
_ABBREVIATION = re.compile(
    r"[A-Z]{1,5}(?:[/&][A-Z]+)?(?:s|(?:19|20)\d\d)?|Q[1-4]|[\d.,]+(?:[a-z]{1,2}|-[a-z]+)"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
)
_ACRONYM = re.compile(r"[A-Z]{3,5}s?")
_LAW = re.compile(r"[A-Z]\w*(?: [\w-]+)+ Act")  # each of its words stands in many a text: "Chip Security Act"
_RULE = re.compile(r"[A-Z]\w+ Rule$")  # of those that have a name of their own: no "October 2022 rule"
_IN_A_ROW = re.compile(r"(?:,|,? (?:and|or|&|versus|vs\.?)) (?:the )?|/")
_FORMS = frozenset("corp corporation inc co ltd group plc nv".split())  # of firms: Zebra Corp is Zebra Inc.


def unnamed(question: str, weighed: Sequence[Weighed]) -> tuple[str, ...]:
    """The names that none of the passages and their documents has. Of a row ("Nvidia and AMD") one is enough."""
    found = _Found([*{w.evidence.number: w.evidence.passage for w in weighed}.values()])
    decrees = [m[0] for m in NUMBERED.finditer(question)]
    if decrees and not any(map(numbers_of(question), found.documents)):
        return tuple(decrees)
    laws = [n.text for n in atoms(question) if _LAW.fullmatch(n.text)]
    if laws and not any(as_one_name(law).search(text) for law in laws for text in found.documents + found.titles):
        return tuple(laws)
    rules = [n.text for n in (*atoms(question), *things(question)) if any(map(_RULE.search, same_as(n.text)))]
    if rules and not any(_has_one_of(rule, found) for rule in rules):
        return tuple(dict.fromkeys(rules))
    rows = _rows(re.sub(r"\([^)]*\)", " ", question)) or _rows(question)  # earlier turns lend what is in brackets
    places = [n.text for n in atoms(question) if n.kind == "place"]
    if not rows and not places:
        return ()
    nowhere = [name for name in places if not _place_stands(name, found)]
    unknown = [row for row in rows if not (_one_stands(row, found) or _one_is_like(row, found))]
    return (*nowhere, *(" ".join(name) for row in unknown for name in row))


def _has_one_of(rule: str, found: _Found) -> bool:
    """True when a text or a title has one of its names: "50% rule", or its official title."""
    names = [as_one_name(name) for name in (*same_as(rule), *official_titles(rule))]
    return any(name.search(text) for name in names for text in found.documents + found.titles)


class _Found:
    """The passages found; their words are looked up when they are needed, which is seldom."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.passages = passages

    @cached_property
    def words(self) -> list[set[str]]:
        """The words of each, of its heading, what its document is about and who published it."""
        found = []
        for passage in self.passages:
            source, sentences = passage.document.source, [s.text for s in passage.sentences]
            texts = (*sentences, passage.heading, source.about, source.publisher)
            found.append(set[str]().union(*map(words, texts)))
        return found

    @cached_property
    def capitals(self) -> set[str]:
        """The words of all that begin with a capital, as names do, there and in what the documents are about."""
        texts = {text for p in self.passages for text in (p.text, p.document.source.about, p.document.source.publisher)}
        return {word for text in texts for name in re.findall(r"\b[A-Z][\w'’-]*", text) for word in words(name)}

    @cached_property
    def documents(self) -> list[str]:
        """The texts of their documents, each once."""
        return [*{p.document.id: p.document.text for p in self.passages}.values()]

    @cached_property
    def titles(self) -> list[str]:
        """The titles of their documents, each once."""
        return [*{p.document.id: p.document.source.title for p in self.passages}.values()]


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


def _one_stands(row: Sequence[Sequence[str]], found: _Found) -> bool:
    """True when a name of a row, or another name for it, is told in a passage or anywhere in its document."""
    own = [_own_words(name) for name in row]
    written = {word for name in row for word in (*name, *same_as(" ".join(name)))}
    stands = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, written))})(?:s\b|(?!\w))")  # "Army" names no Arm
    if not all(own) or any(map(stands.search, found.documents)):
        return True
    if any(own_words & found.capitals for own_words in own):
        return True
    single = [w for name, w in zip(row, own, strict=True) if len(name) == 1]  # "chang" of "change" is no Morris Chang
    if any(there & own_words for there in found.words for own_words in single):
        return True
    spelled_out = [_by_initials(w) for name in row for w in name if _ACRONYM.fullmatch(w)]
    return any(pattern.search(text) for text in found.documents for pattern in spelled_out)


def _by_initials(acronym: str) -> re.Pattern[str]:
    """Words with these initials in a row, small words between them left out: FT is Financial Times."""
    between = r"[\w.'’]*(?:\W+(?:of|and|the|for|on|in|to)\b)*\W+"
    return re.compile(rf"\b{between.join(acronym.removesuffix('s'))}", re.I)


def _one_is_like(row: Sequence[Sequence[str]], found: _Found) -> bool:
    """True when a name of a row is told in a passage, but mistyped there or in the question. It is slow to see.

    HBM3 is no slip for HBM4, nor "change" for Chang; the first letter is seldom wrong.
    """
    own = {w for name in row for w in _own_words(name) if w.isalpha()}
    return any(get_close_matches(w, [c for c in found.capitals if c[0] == w[0]], 1, MISTYPED) for w in own)


def _telling(name: Named) -> list[str]:
    """The words of a name that tell it from others: none of an office or what only looks like a name.

    Nor of an abbreviation, but for plain acronyms, whose initials can be looked for, and those of the glossary. A
    capital that begins the question may be no name.
    """
    if name.kind in ("place", "date", "quote") or name.text in _OFFICES | ADJECTIVES or not name.text.isascii():
        return []
    if name.text.lower() in _FIRMS:
        return name.text.split()
    if name.kind != "code" and not name.start:
        return []
    common = HEADS | _FORMS
    return [
        w
        for w in name.text.split()
        if w.lower() not in common and (not _ABBREVIATION.fullmatch(w) or _ACRONYM.fullmatch(w) or same_as(w))
    ]


def _own_words(name: Sequence[str]) -> set[str]:
    """The words of a name, one of which is enough: "Lion letters" may be told as the letters of Lion."""
    return {w for word in name for w in (*words(word), *words(word.removesuffix("s")))}


def _place_stands(name: str, found: _Found) -> bool:
    if name in ADJECTIVES:
        return True
    spellings = place_spellings(name)
    whole = re.compile(rf"\b(?:{'|'.join(map(re.escape, spellings))})\b")
    if any(whole.search(passage.text) for passage in found.passages):
        return True
    said = set[str]().union(*found.words)
    return any(set(words(spelling)) <= said for spelling in spellings)
