"""An answered pair -> a near miss: the question asks of another year, number, name, end or kind, or the answer is gone.

What people who wrote unanswerable questions on purpose did most (Rajpurkar et al. 2018, table 2: antonyms, swapped
names, impossible conditions) is done here by rule, so a few of these are answered all the same.
"""

from __future__ import annotations

import random
import re
from dataclasses import replace

from training.pairs import Pair

_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_NUMBER = re.compile(r"(?<![\w.,])\d[\d,.]*\d|(?<![\w.,])\d(?![\w.,]\d)")
_NAME = re.compile(r"\b[A-Z][\w&.’'-]*\w(?:\s+(?:(?:of|the|de|and|for)\s+)?[A-Z0-9][\w&.’'-]*\w)*")
_OPENING = re.compile(
    r"^(?:What|Which|When|Where|Who|Whom|Whose|Why|How|In|On|At|By|Did|Does|Do|Is|Are|Was|Were|The)\b"
)
_OPPOSITES = [
    pair.split("/")
    for pair in """first/last before/after largest/smallest biggest/smallest most/least highest/lowest more/fewer
    increase/decrease increased/decreased rise/fall rose/fell north/south northern/southern east/west eastern/western
    import/export imports/exports imported/exported maximum/minimum earliest/latest oldest/youngest began/ended
    start/finish started/stopped win/lose won/lost buy/sell bought/sold male/female men/women old/new public/private
    domestic/foreign allowed/forbidden allow/forbid approved/rejected approve/reject support/oppose supported/opposed
    agreed/refused agree/refuse added/removed add/remove tightened/loosened raised/lowered above/below
    inside/outside include/exclude included/excluded gain/loss gained/lost strong/weak longest/shortest best/worst
    upper/lower early/late joined/left seller/buyer lender/borrower winner/loser direct/indirect
    mandatory/voluntary legal/illegal temporary/permanent positive/negative suspended/reinstated""".split()
]
_OPPOSITE = {a: b for pair in _OPPOSITES for a, b in (pair, pair[::-1])}
_WORD = re.compile(r"[A-Za-z]+")
_REASON = re.compile(
    r"\b(?:because|since|due|owing|reasons?|so that|in order|as a result|caused?|why)\b", re.IGNORECASE
)
_PLACE_OR_DAY = re.compile(r"^(When|Where)(?= (?:did|was|were|is|are|does|do|has|have|had|will)\b)", re.IGNORECASE)
OFTEN_WITHOUT = 0.25
OFTEN_ELSEWHERE = 0.4  # the other name is of another passage, so that this one does not name it at all


def spoil(pair: Pair, rng: random.Random, elsewhere: Pair | None = None) -> Pair | None:
    """The pair with a question that its passage does not answer, or without the answer; None where no rule fits.

    A name may come from the passage of `elsewhere`.
    """

    def _name_elsewhere(pair: Pair, rng: random.Random) -> Pair | None:
        return _name_of(elsewhere or pair, pair, rng)

    rules = rng.sample((_other_name, _other_year, _other_number, _opposite, _other_kind), 5)
    if elsewhere is not None and rng.random() < OFTEN_ELSEWHERE:
        rules[rules.index(_other_name)] = _name_elsewhere
    rules.insert(0 if rng.random() < OFTEN_WITHOUT else len(rules), _without)  # it fits nearly always
    for rule in rules:
        spoilt = rule(pair, rng)
        if spoilt is not None:
            return replace(spoilt, answers=(), source=f"{pair.source}:{rule.__name__.strip('_')}")
    return None


def _asks(pair: Pair, place: re.Match[str], other: str) -> Pair:
    question = pair.question[: place.start()] + other + pair.question[place.end() :]
    return replace(pair, question=question)


def _other_year(pair: Pair, rng: random.Random) -> Pair | None:
    years = list(_YEAR.finditer(pair.question))
    if not years:
        return None
    place = rng.choice(years)
    beside = [y for y in _YEAR.findall(pair.passage) if y != place[0] and y not in pair.question]
    moved = str(int(place[0]) + rng.choice((-7, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 7)))
    return _asks(pair, place, rng.choice([*beside, moved]))


def _other_number(pair: Pair, rng: random.Random) -> Pair | None:
    numbers = [m for m in _NUMBER.finditer(pair.question) if not _YEAR.fullmatch(m[0])]
    if not numbers:
        return None
    place = rng.choice(numbers)
    beside = [n for n in _NUMBER.findall(pair.passage) if n != place[0] and not _YEAR.fullmatch(n)]
    digit = str(rng.choice([d for d in range(1, 10) if str(d) != place[0][0]]))
    return _asks(pair, place, rng.choice([*beside, digit + place[0][1:]]))


def _other_name(pair: Pair, rng: random.Random) -> Pair | None:
    return _name_of(pair, pair, rng)


def _name_of(other: Pair, pair: Pair, rng: random.Random) -> Pair | None:
    """The question asks of a name that stands in the passage of `other`."""
    opening = _OPENING.match(pair.question)
    start = opening.end() if opening else 0
    names = [m for m in _NAME.finditer(pair.question, start) if m[0] in pair.passage or m[0] in pair.about]
    said = " ".join(pair.passage[a:b] for a, b in pair.answers)
    others = [
        m[0]
        for m in _NAME.finditer(other.passage)
        if m[0] not in pair.question
        and m[0] not in said
        and (other is pair or m[0] not in pair.passage)
        and m.start()
        and other.passage[m.start() - 2] not in ".?!\n:"
    ]
    if not names or not others:
        return None
    place = rng.choice(names)
    alike = [o for o in others if len(o.split()) == len(place[0].split())]
    return _asks(pair, place, rng.choice(alike or others))


def _other_kind(pair: Pair, _: random.Random) -> Pair | None:
    """A reason is asked for where the passage gives a place or a day, and no reason."""
    place = _PLACE_OR_DAY.match(pair.question)
    if place is None or _REASON.search(pair.passage):
        return None
    return _asks(pair, place, "why" if place[0].islower() else "Why")


def _opposite(pair: Pair, rng: random.Random) -> Pair | None:
    words = [m for m in _WORD.finditer(pair.question) if m[0] in _OPPOSITE]
    if not words:
        return None
    place = rng.choice(words)
    return _asks(pair, place, _OPPOSITE[place[0]])


def _without(pair: Pair, _: random.Random) -> Pair | None:
    """Without the sentences that answer, or say the answer again."""
    places = pair.sentences()
    said = [pair.passage[a:b] for a, b in pair.answers]
    left = [
        (a, b)
        for a, b in places
        if not any(x < b and a < y for x, y in pair.answers) and not any(s in pair.passage[a:b] for s in said)
    ]
    if len(left) < 2:
        return None
    return replace(pair, passage=" ".join(pair.passage[a:b] for a, b in left))
