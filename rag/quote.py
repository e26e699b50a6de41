"""Weighed sentences -> Quotes: the few that answer best and say something new, by coordinates.

Left out: how a sentence is weighed (`weigh`), and whether the best is good enough (`answer`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

from rag.datatypes import Quote, Span, Weighed
from rag.rules.turns import turn_begins_in
from rag.text import alike, fold, words

MOST_SENTENCES, MOST_TOGETHER = 3, 700  # sentences and characters of a quote made of neighbours
POOL = 40  # sentences from which quotes are picked
# What a quote loses that only repeats the words of a better one. With less, items of one list and clauses of two laws
# are shown, and more is said twice: of 835 of our own questions over records 774 have the right sentence among three
# with 0.1, 772 with 0.2, 771 with 0.3.
REPETITION = 0.2
WORTH_SHOWING = 0.6  # of the best score
# Of a quote's own score, what its neighbour needs to join it: as its second sentence, as its third. On 600 of our
# training questions the first quote shrinks from a median of 53 words to 43; 0.69 of them are right, 0.70 before.
SECOND, THIRD = 0.7, 0.9
_FOOTNOTE = re.compile(r"[⁰¹²³⁴-⁹]+\s")


def choose(weighed: Sequence[Weighed], most: int) -> tuple[Quote, ...]:
    """The first `most` that say something new: no overlap, little said twice, none far below the best.

    Neighbouring sentences that answer nearly as well make one quote, of at most three.
    """
    pool = weighed[:POOL]
    left, chosen, said, repeated = set(range(len(pool))), list[Quote](), set[str](), _Repeated(pool)
    while left:
        best = repeated.best(left)
        left.discard(best)
        item = pool[best]
        if item.score < WORTH_SHOWING * pool[0].score:
            break
        if (folded := fold(item.span.text)) in said:
            continue
        beside = next((n for n, quote in enumerate(chosen) if _makes_one(quote, item)), None)
        if beside is not None:
            chosen[beside] = _joined(chosen[beside], item.span)
        elif len(chosen) < most:
            chosen.append(Quote.of(item))
        else:
            break
        said.add(folded)
        repeated.say(best)
        left = {n for n in left if not pool[n].span.overlaps(item.span)}
    return tuple(chosen)


class _Repeated:
    """The sentences of a pool less what they repeat of those said.

    That is worked out only for a sentence that would be the best without it (lazy greedy: Minoux 1978).
    """

    def __init__(self, pool: Sequence[Weighed]) -> None:
        self.pool, self.said = pool, list[int]()
        self._most = [0.0] * len(pool)  # how much of each was said by the first `_seen` of those said
        self._seen = [0] * len(pool)
        self._words = cache(lambda n: set(words(pool[n].span.text)))

    def say(self, n: int) -> None:
        """From now on what repeats sentence `n` loses."""
        self.said.append(n)

    def best(self, left: Iterable[int]) -> int:
        """The best of those left, the first of equals."""
        left = sorted(left)
        while True:
            n = max(left, key=lambda n: self.pool[n].score - REPETITION * self._most[n])
            if self._seen[n] == len(self.said):
                return n
            more = (alike(self._words(n), self._words(other)) for other in self.said[self._seen[n] :])
            self._most[n], self._seen[n] = max(self._most[n], *more), len(self.said)


def led_by(first: Sequence[Quote], quotes: Sequence[Quote], most: int) -> tuple[Quote, ...]:
    """Some quotes first, then those of the others that neither repeat nor overlap one of them, `most` in all."""
    return (*first, *[q for q in quotes if not any(_repeats(q, lead) for lead in first)])[:most]


def _makes_one(quote: Quote, item: Weighed) -> bool:
    """True when the sentence stands right before or after the quote, answers nearly as well, and both are short.

    A footnote is a quote by itself, and what another speaker of a transcript goes on with.
    """
    if quote.evidence is None or quote.evidence.number != item.evidence.number:
        return False
    if _FOOTNOTE.match(max(quote, item.span, key=lambda span: span.start).text):
        return False  # it stands behind the words, in the text, and not on the page
    whole = _joined(quote, item.span)
    inside = [s for s in item.evidence.passage.sentences if whole.start <= s.start and s.end <= whole.end]
    if item.score < (SECOND if len(inside) <= 2 else THIRD) * quote.score:
        return False
    gap = whole.document.text[min(quote.end, item.span.end) : max(quote.start, item.span.start)]
    if gap.strip() or len(inside) > MOST_SENTENCES or len(whole.text) > MOST_TOGETHER:
        return False
    return not turn_begins_in(whole)


def _joined(quote: Quote, span: Span) -> Quote:
    return replace(quote, start=min(quote.start, span.start), end=max(quote.end, span.end))


def _repeats(one: Span, other: Span) -> bool:
    """True for the same words, and for places of one document that overlap. The same words in another order differ."""
    return one.overlaps(other) or fold(one.text) == fold(other.text)
