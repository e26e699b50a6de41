"""The parts of a question and what was found for each -> quotes with one for each part, and the parts without one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.datatypes import Quote, Span, Weighed
from rag.names import atoms, place_spellings
from rag.question.parts.clauses import asks_whether
from rag.question.parts.lists import single
from rag.question.parts.part import MOST_PARTS, Part
from rag.text import alike, fold, words

AMONG_THE_BEST = 1  # sentences of a part, one of which must be quoted for it to have its quote
WORTH = 0.5  # of a part's best score: what a sentence needs to come first because its document is about the part
LONG_LIST = 3  # names, which a sentence that has them all most likely answers for all
GOOD_FOR_ALL = 0.8  # the same, to come first because it names what all parts ask about
NEARLY_THE_SAME = 0.6  # of their words in common: a part gets no quote that repeats another

Names = list[list[set[str]]]  # of each name its spellings, each by its words


def complete(
    quotes: Sequence[Quote], asked: Sequence[Part], found: Sequence[Sequence[Weighed]], most: int
) -> tuple[Quote, ...]:
    """The quotes with the best sentence of each part among them, none said twice, at most `most`.

    `found` has the weighed sentences of each part; only those that have the part's own names speak for it, and of a
    long list before others those that have the names of all. The best quote of all stays, in the place of none of
    theirs; what answers no part makes room. What answers a yes-or-no question that is asked first comes first, as does
    what answers all.
    """
    out = list(quotes)
    of_none = out and not any(out[0].overlaps(w.span) for weighed in found for w in weighed[:AMONG_THE_BEST])
    room = max(most, min(len(asked) + 1, MOST_PARTS)) if of_none and most >= len(asked) else most
    kept, serving = {out[0].key} if out else set[str](), dict[Part, Quote]()
    own = [_own_names(part, asked) for part in asked]
    a_list = len(asked) >= LONG_LIST and all(own) and not any(part.clause for part in asked)
    everyone = [name for names in own for name in names] if a_list else []
    for part, names, weighed in zip(asked, own, found, strict=True):
        best = _on(names, everyone, weighed)[:AMONG_THE_BEST]
        there = next((q for q in out for w in best if q.overlaps(w.span)), None)
        if there := there or _let_in(out, best, names, kept, most, room):
            kept.add(there.key)
            serving[part] = there
    for_all = a_list and len(serving) == len(asked) and len({q.key for q in serving.values()}) == 1
    leads = for_all or (asked and asked[0].clause and asks_whether(asked[0].question))
    first = [serving[asked[0]]] if leads and asked[0] in serving else []
    labels = {quote.key: part.label for part, quote in reversed(serving.items())}
    return tuple(replace(q, part=labels.get(q.key, "")) for q in (*first, *(q for q in out if q not in first)))


def _let_in(
    out: list[Quote], best: Sequence[Weighed], names: Names, kept: set[str], most: int, room: int
) -> Quote | None:
    """The first of the best that nothing quoted on those names says, now among `out`; None where there is no place.

    It takes the place of a quote in the same words on other names, else of the last that may go where there are `most`,
    and where none may, there is place for `room`.
    """
    new = next((w for w in best if not any(_says_the_same(w.span, q) and _has(names, _said(q)) for q in out)), None)
    like = next((q for q in out if new and _says_the_same(new.span, q)), None)
    spare = like or next((q for q in reversed(out) if q.key not in kept), None)
    if new is None or (len(out) >= room and not spare):
        return None
    quote = Quote.of(new)
    if like:
        out[out.index(like)] = quote
        return quote
    if spare and len(out) >= most:
        out.remove(spare)
    out.append(quote)
    return quote


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


def _on(names: Names, everyone: Names, weighed: Sequence[Weighed]) -> list[Weighed]:
    """The sentences that have the names; of those that are good, first with `everyone`, then about what is named."""
    having = [w for w in weighed if _has(names, _said(w.span))]
    least = WORTH * having[0].score if having else 0.0
    telling = [name for name in names if not all(word.isdigit() for spelling in name for word in spelling)]  # no years

    def place(item: Weighed) -> int:
        if everyone and item.score >= GOOD_FOR_ALL * having[0].score and _has(everyone, {*words(item.span.text)}):
            return 0
        titled = telling and _has(telling, {*words(item.span.document.source.title)})
        return 1 if item.score >= least and titled else 2

    return sorted(having, key=place)


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
    if one.overlaps(other) or fold(one.text) == fold(other.text):
        return True
    return alike(set(words(one.text)), set(words(other.text))) >= NEARLY_THE_SAME
