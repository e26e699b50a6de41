"""The kind of answer that a question asks for, and what a sentence must have to give it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.dates import MONTHS


@dataclass(frozen=True, slots=True)
class Kind:
    """`name` as a reader knows it, the questions that ask for it, and what a sentence that gives it has."""

    name: str
    asks: re.Pattern[str]
    has: re.Pattern[str]


_NUMBER = (
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand|million|billion|half"
    r"|third|percent)\b"
)
KINDS = (
    Kind(
        "a date",
        re.compile(
            r"\bwhen\b|\b(?:what|which) (?:date|day|year|month|time)\b|\bhow long\b|\buntil\b.*\?$|deadline", re.I
        ),
        re.compile(rf"\b(?:1[89]|20)\d\d\b|\b(?:{MONTHS})\b"),
    ),
    Kind(
        "a number",
        re.compile(
            r"\bhow (?:many|much|large|big|high|old|far|tall|fast)\b|\b(?:what|which) (?:percent|percentage|share"
            r"|number|amount|size|rate|price|cost|fraction|figure|ceiling|threshold|limit)\b",
            re.I,
        ),
        re.compile(rf"\d|{_NUMBER}", re.I),
    ),
    Kind(
        "a name",
        re.compile(
            r"\bwho(?:m|se)?\b|\bwhich (?:official|company|agency|firm|person|country|spokes\w+|minister|senator)\b",
            re.I,
        ),
        re.compile(r"(?<!^)(?<![.!?“\"] )\b[A-Z][A-Za-z]+"),
    ),
    Kind(
        "a reason",
        re.compile(r"\bwhy\b|\breason\b", re.I),
        re.compile(
            r"\b(?:because|due to|since|so that|in order to|to (?:prevent|protect|ensure|avoid|limit|stop)|reason"
            r"|therefore|as a result|owing)\b",
            re.I,
        ),
    ),
)


def kind_of(question: str) -> Kind | None:
    """The first kind that fits; None where a question asks for no kind that is known."""
    return next((kind for kind in KINDS if kind.asks.search(question)), None)
