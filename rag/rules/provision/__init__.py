"""A provision that a question names by its number, `3A090.a` or `§ 762.6(b)` -> its own words.

An entry of the Commerce Control List or a section of the Code of Federal Regulations is cited by number, and its words
seldom share more than that with a question for them: `b.1. A 'total processing performance' of 2400 or more …`. `named`
reads the number and the path of labels behind it, `place` finds the lines. Left out: parts of laws ("Section 301"),
which are told by their names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rag.datatypes import Document, Evidence, Quote, Span
from rag.rules.provision.named import Provision, asks_for_itself, provisions
from rag.rules.provision.place import Stretch, place
from rag.text import words

__all__ = ["Home", "Provision", "asks_for_itself", "homes", "of_that_provision", "own_words", "provisions"]

ELSEWHERE = 0.75  # of its score a sentence keeps that does not stand in the paragraph asked about
MOST_SENTENCES, MOST_CHARACTERS = 3, 700  # of the quote of a provision
HEADED = 24  # passages with its number among which the one of a provision is looked for
OF_EACH = 2  # passages of a provision that are searched where it is named
LEFT_OUT, NEAR = "* * *", 30  # what an amendment has for words that stay as they are, and how near its head that counts


@dataclass(frozen=True, slots=True)
class Home:
    """Where a provision stands: its document, from where to where, and the first passages there."""

    provision: Provision
    document: Document
    stretch: Stretch
    evidence: tuple[Evidence, ...]


def homes(asked: Sequence[Provision], index: Any, as_of: date | None = None, side: str = "") -> tuple[Home, ...]:
    """The place of each provision that a document has: the list or the Code itself, else the newest.

    `index` offers `by_words`, `allowed`, `passages_beside` and `passage` as `rag.index.Index` does.
    """
    found = list[Home]()
    for provision in asked:
        hits = index.by_words(words(provision.number), HEADED, index.allowed(as_of, side))
        known = {(passage := index.passage(hit.passage)).document.id: (passage.document, hit.passage) for hit in hits}
        placed = [(d, n, at) for d, n in known.values() if (at := place(provision, d)) and _is_set_out(d, at)]
        for document, number, (start, end) in sorted(placed, key=lambda found: _as_it_stands(found[0]))[-1:]:
            numbers = index.passages_beside(number).nonzero()[0].tolist()
            passages = [(n, p) for n in numbers if (p := index.passage(n)).start < end and start < p.end]
            evidence = (Evidence(n, p, 0.0, {"its number": k}) for k, (n, p) in enumerate(passages[:OF_EACH], 1))
            found.append(Home(provision, document, (start, end), tuple(evidence)))
    return tuple(found)


def own_words(found: Sequence[Home]) -> tuple[Quote, ...]:
    """The first sentences of each provision; of a whole entry its head, and the first of its items."""
    return tuple(quote for home in found for quote in _quotes(home))


def of_that_provision(found: Sequence[Home]) -> Callable[[Span], float]:
    """What share of its score a sentence keeps: less elsewhere than in the section or paragraph asked about.

    A whole entry of the list is told about elsewhere too.
    """
    narrow = [(h.document.id, h.stretch) for h in found if h.provision.path or not h.provision.is_entry]

    def share(sentence: Span) -> float:
        there = any(sentence.document.id == name and a <= sentence.start < b for name, (a, b) in narrow)
        return 1.0 if there or not narrow else ELSEWHERE

    return share


def _is_set_out(document: Document, stretch: Stretch) -> bool:
    start, end = stretch
    return LEFT_OUT not in document.text[start : min(end, start + NEAR)]


def _as_it_stands(document: Document) -> tuple[bool, str]:
    return bool(re.search(r"\bCFR\b|\bECCN\b", document.source.title)), document.source.published


def _quotes(home: Home) -> list[Quote]:
    start, end = home.stretch
    whole = home.provision.is_entry and not home.provision.path
    starts = [(start, 2 if whole else MOST_SENTENCES)]  # "ECCN 3A090." is a sentence, as the words behind it are
    if whole and (items := re.compile(r"^Items:\s*", re.M).search(home.document.text)):
        starts.append((items.end(), MOST_SENTENCES))
    quotes = list[Quote]()
    for first, most in starts:
        own = [(s, e) for e in home.evidence for s in e.passage.sentences if first <= s.start < end]
        own = [(s, e) for s, e in own if e.number == own[0][1].number][:most]  # a key is of a place inside one passage
        fitting = [s for s, _ in own if s.end - own[0][0].start <= MOST_CHARACTERS] or [s for s, _ in own[:1]]
        if fitting:
            quotes.append(Quote(home.document, fitting[0].start, fitting[-1].end, 1.0, own[0][1]))
    return quotes
