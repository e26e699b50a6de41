"""The parts of a question and what was found for each -> quotes with one for each part, and the parts without one."""

from __future__ import annotations

from collections.abc import Sequence

from rag.datatypes import Quote, Span, Weighed
from rag.names import atoms, place_spellings
from rag.parts.clauses import asks_whether
from rag.parts.lists import single
from rag.parts.part import MOST_PARTS, Part
from rag.text import fold, words

AMONG_THE_BEST = 1  # sentences of a part, one of which must be quoted for it to have its quote
WORTH = 0.5  # of a part's best score: what a sentence needs to come first because its document is about the part
NEARLY_THE_SAME = 0.6  # of their words in common: a part gets no quote that repeats another

Names = list[list[set[str]]]  # of each name its spellings, each by its words


def complete(
    quotes: Sequence[Quote], asked: Sequence[Part], found: Sequence[Sequence[Weighed]], most: int
) -> tuple[Quote, ...]:
    """The quotes with the best sentence of each part among them, none said twice, at most `most`.

    `found` has the weighed sentences of each part; only those that have the part's own names speak for it. The best
    quote of all stays, in the place of none of theirs; what answers no part makes room. What answers a yes-or-no
    question that is asked first comes first.
    """
    out = list(quotes)
    of_none = out and not any(out[0].overlaps(w.span) for weighed in found for w in weighed[:AMONG_THE_BEST])
    room = max(most, min(len(asked) + 1, MOST_PARTS)) if of_none and most >= len(asked) else most
    kept, first = {out[0].key} if out else set[str](), list[Quote]()
    for part, all_weighed in zip(asked, found, strict=True):
        names = _own_names(part, asked)
        weighed = _on(names, all_weighed)[:AMONG_THE_BEST]
        best = [w.span for w in weighed]
        there = next((q for q in out if any(map(q.overlaps, best))), None)
        if there is None:
            new = next((w for w in weighed if not any(_says_the_same(w.span, q) for q in out)), None)
            spare = [q for q in out if q.key not in kept]
            if new is None or (len(out) >= room and not spare):
                continue
            if len(out) >= most and spare:
                out.remove(spare[-1])
            there = Quote.of(new)
            out.append(there)
        kept.add(there.key)
        first += [there] if part is asked[0] and part.clause and asks_whether(part.question) else []
    return (*first, *(q for q in out if q not in first))


def uncovered(asked: Sequence[Part], found: Sequence[Sequence[Weighed]], quotes: Sequence[Quote]) -> tuple[str, ...]:
    """The labels of the parts for which nothing was found or whose names no quote has, where another part is covered.

    The title of a quote's document counts for its names.
    """
    said = [_said(quote) for quote in quotes]
    missing = [
        part.label
        for part, weighed in zip(asked, found, strict=True)
        if not weighed or not any(_has(_own_names(part, asked), there) for there in said)
    ]
    return tuple(missing) if len(missing) < len(asked) else ()


def _on(names: Names, weighed: Sequence[Weighed]) -> list[Weighed]:
    """The sentences that have the names; before the others those whose document is about what is named, if good."""
    having = [w for w in weighed if _has(names, _said(w.span))]
    least = WORTH * having[0].score if having else 0.0
    return sorted(having, key=lambda w: not (w.score >= least and _has(names, {*words(w.span.document.source.title)})))


def _said(span: Span) -> set[str]:
    """The words of a sentence and of what its document is about."""
    return {*words(span.text), *words(span.document.source.about)}


def _own_names(part: Part, asked: Sequence[Part]) -> Names:
    """The words of the names in a part's label that no other part has; a place in all its spellings."""
    others = {w for other in asked if other != part for w in words(other.label)}
    own: Names = []
    for name in {*atoms(part.label), *single(part.label)}:
        if name.kind == "place":
            spelled = [{*words(spelling)} for spelling in place_spellings(name.text)]
            own += [spelled] if not any(one <= others for one in spelled) else []
        else:
            own += [[{word}] for word in words(name.text) if word not in others]
    return own


def _has(names: Names, said: set[str]) -> bool:
    """True when each name is among the words, in one of its spellings."""
    return all(any(spelling <= said for spelling in name) for name in names)


def _says_the_same(one: Span, other: Span) -> bool:
    a, b = set(words(one.text)), set(words(other.text))
    return one.overlaps(other) or fold(one.text) == fold(other.text) or len(a & b) >= NEARLY_THE_SAME * len(a | b)
