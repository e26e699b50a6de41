"""A figure that a question takes for granted, against the sentence that gives another one for the same.

    "Why did the US take a 51% stake in Intel?"  +  "… a passive stake of 9.9% …"   ->   51% against 9.9%

Left out: figures of names (the 50% rule), days and years, and yes-or-no questions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.dates import MONTHS
from rag.names import FUNCTION
from rag.text import SPELLED, words

_TENS = [word for word, n in SPELLED.items() if n >= 20]
_ONES = [word for word, n in SPELLED.items() if 0 < n < 10]
_WORD = rf"(?:{'|'.join(_TENS)})-(?:{'|'.join(_ONES)})|{'|'.join(SPELLED)}"
_TIMES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "m": 1e6, "bn": 1e9}
_FIGURE = re.compile(
    rf"(?<![\w.+-])(?P<sign>[$€¥£])?(?P<number>\d[\d,]*(?:\.\d+)?|{_WORD})"
    rf"(?:[ -](?P<times>{'|'.join(_TIMES)})\b)?"
    r"(?P<unit>\s?%| ?per ?cent\b|[ -]?nm\b| ?GB/s| ?(?:US )?dollars\b| ?yuan\b)?(?!\w|\.\d)",
    re.I,
)
_COUNTED = re.compile(r"[ -](?:[A-Za-z-]+ ){0,2}?(?P<noun>[a-z]{3,}(?:s|ies)|year|month|week|day|hour)\b")
_NO_COUNT = re.compile(
    rf"(?:{MONTHS})\b|(?:FR|CFR|Rule|rule|Act|No\.|Section|Supplement|Part|phase|Phase|footnote|ECCN|tier|Q\d)\b", re.I
)
_NAMES_IT = re.compile(
    r"(?:No\.|Nos\.|Section|Part|phase|footnote|tier|Announcement|Order|Supplement|H\.R\.|S\.|CFR|FR)\s*$", re.I
)
_TAKES_IT = re.compile(
    r"(?:and |but |so )?(?:why|when|who|where|which|how(?! (?:many|much|long|often|far|large|big|high|old|fast)\b)"
    r"|(?:in|on|by|from|at|under) (?:which|what)|what (?:made|led|drove|explains))\b",
    re.I,
)
_OF_OTHERS = re.compile(r"\b(?:other|instead of|more|another|less|over|than|least|most|up to)\s$", re.I)
# "by suspending 24 points and dropping later rounds": each is a part of what was done, and none is all of it
_IN_PARTS = re.compile(
    r"\b(?:and|plus|besides|as well as) (?:\w+ly )?(?!(?:during|including|according|following)\b)[a-z]+ing\b"
)
_DOING = re.compile(r"\b(?!during\b|including\b|according\b|following\b)[a-z]+ing\b[^.;]*$")
SAME = 0.03  # how far two figures may be apart, as a share, and still be one that is rounded
ON_IT, BESIDE = 0.5, 0.3  # the share of a question's words that the sentence has, alone and with one beside the figure
_ELSEWHERE = 12  # sentences, best first, none of which may give the question's figure
_NEAR = 4  # words on either side that tell what a figure is of


@dataclass(frozen=True, slots=True)
class Figure:
    """`text` as it stands, its `value`, the `unit` ("%", "$", "year"), and the words `beside` it."""

    text: str
    value: float
    unit: str
    beside: frozenset[str]

    def is_like(self, other: Figure) -> bool:
        """True for the same value, rounded perhaps, of the same unit."""
        return self.unit == other.unit and abs(self.value - other.value) <= SAME * max(self.value, other.value)


def another_figure(question: str, sentences: Sequence[str], title: str) -> tuple[str, str] | None:
    """(the figure in a question, the other one for it in the first of the `sentences`), which are best first.

    None where the figure stands in one of the foremost, or where the first may be on something else. `title` is that of
    the first one's document.
    """
    taken = [*figures(question)] if sentences and _TAKES_IT.match(question) else []
    if not taken:
        return None
    first = sentences[0]
    said = {*words(first), *words(title)}
    given, plain = [*figures(first)], _numbers(first)
    foremost = [f for s in sentences[:_ELSEWHERE] for f in figures(s)]
    for figure in taken:
        others = [f for f in given if f.unit == figure.unit]
        if len(others) != 1 or figure.value in plain or any(map(figure.is_like, foremost)):
            continue
        if _is_a_part(first, others[0].text):
            continue
        before = question[: question.index(figure.text)]
        if _OF_OTHERS.search(before) or re.search(r" (?:other|more) ", figure.text):
            continue
        asked = _content(question) - {*words(figure.text)}
        share = len(asked & said) / max(1, len(asked))
        if share >= ON_IT or (share >= BESIDE and figure.beside & others[0].beside):
            return figure.text, others[0].text
    return None


def _is_a_part(sentence: str, figure: str) -> bool:
    """True where a sentence lists what was done by doing, and the figure is of one of these."""
    before, _, after = sentence.partition(figure)
    doing = _DOING.search(before)
    return bool(doing and _IN_PARTS.search(doing[0] + figure + re.split(r"[.;](?!\d)", after)[0]))


def figures(text: str) -> Iterator[Figure]:
    """The figures of a text that count or measure something, in reading order."""
    for m in _FIGURE.finditer(text):
        before, after = text[: m.start()], text[m.end() :]
        value = _value(m["number"])
        plain = not (m["sign"] or m["unit"] or m["times"])
        if _NAMES_IT.search(before) or _NO_COUNT.match(after.lstrip()):
            continue
        if (plain and 1900 <= value <= 2100) or re.search(rf"(?:{MONTHS}) $", before):
            continue
        counted = _COUNTED.match(after) if not (m["sign"] or m["unit"]) else None
        unit = _unit(m["sign"] or m["unit"] or (counted["noun"] if counted else ""))
        if unit:
            near = [*re.findall(r"[\w'’-]+", before)[-_NEAR:], *re.findall(r"[\w'’-]+", after)[:_NEAR]]
            beside = frozenset(w for n in near if n.lower() not in FUNCTION for w in words(n))
            shown = f"{m[0]}{after[: counted.end()]}" if counted else m[0]
            yield Figure(shown.strip(), value * _TIMES.get((m["times"] or "").lower(), 1), unit, beside)


def _unit(text: str) -> str:
    text = text.strip(" -").lower()
    if text in ("$", "us dollars", "dollars"):
        return "$"
    if text.startswith("per"):
        return "%"
    return text if not text.isalpha() else words(text)[0] if words(text) else ""


def _content(text: str) -> set[str]:
    return {token for w in re.findall(r"[\w'’.-]+", text) if w.lower() not in FUNCTION for token in words(w)}


def _numbers(text: str) -> set[float]:
    """Every number of a text, whatever it counts."""
    return {_value(n) for n in re.findall(rf"\d[\d,]*(?:\.\d+)?|\b(?:{_WORD})\b", text, re.I)}


def _value(number: str) -> float:
    if number[0].isdigit():
        return float(number.replace(",", ""))
    return float(sum(SPELLED[word] for word in number.lower().split("-")))
