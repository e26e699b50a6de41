"""What a question names -> what share of its score a sentence keeps that is on another of the kind.

Of our own questions on a firm 2 of 370 have their answer in a sentence that names others only, on a chip 1 of 105.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from math import prod

from rag.datatypes import Span
from rag.glossary import same_as
from rag.names import BODIES, any_case, atoms
from rag.rules.named.rules import NUMBERED, as_one_name, numbers_of

OTHER_NUMBER = 0.75  # of its score a sentence keeps whose document has not the number asked about
OTHER_LAW = 0.6  # the same for one that names another law than the one asked about
OTHER_FIRM, OTHER_CHIP = 0.7, 0.7  # and for one that names other firms, or chips, than those asked about
_ANY_LAW = re.compile(r"\b(?!(?:The|This|That|Each|An?) )[A-Z][\w-]*(?: (?:\(?[A-Z][\w-]*\)?|and|of|for))* Act\b")
_ASKS_FOR_A_FIRM = re.compile(
    r"\bwho(?:m|se)?\b|\b(?:which|what) (?:[\w-]+ ){0,3}(?:compan|firm|maker|chipmaker|supplier|customer|foundr|rival"
    r"|buyer|designer|vendor|start-?up|entit)(?:y|ies)?s?\b",
    re.I,
)
_ASKS_FOR_A_CHIP = re.compile(r"\b(?:which|what) (?:[\w-]+ ){0,3}(?:chip|processor|gpu|model|product|part)s?\b", re.I)
_ITS_MAN = re.compile(r"\b[A-Z][\w ]{1,20}['’]s (?=[A-Z][a-z]+\b)")  # "Intel's Gelsinger" is found by his own name
_CHIP = re.compile(
    r"\b(?:(?:A|B|H|L|GB|MI)\d{2,3}[A-Z]?|RTX (?:Pro )?\d{4}D?|9[1-7]0[A-Z]{1,2}|(?<=Ascend )9[1-7]0"
    r"|(?<=the )9[1-7]0(?! \w+s\b| \w+illion)|Kirin \d{4}S?|NXT:\d{4}i)(?!\w)"
)


def of_that_name(question: str) -> Callable[[Span], float]:
    """What share of its score a sentence keeps: less where it is on another law, decree, firm or chip.

    On another law is one that names a law and neither it nor its title names the one asked about, on another decree one
    whose document has not its number, on another firm or chip one that names some and none of those asked about.
    """
    shares = [share for of in (_of_that_law, _of_that_number, _of_that_firm, _of_that_chip) if (share := of(question))]
    return lambda sentence: prod(share(sentence) for share in shares)


def names_none_of(question: str, texts: Sequence[str]) -> bool:
    """True when a question is on firms, or on chips, and no text names one of these.

    Of our own answerable questions on a firm 7 of 396 have their answer in a sentence, and under a title, without it.
    """
    firms, chips = _firms_in(_ITS_MAN.sub(" ", question)), set(_CHIP.findall(question))
    if _ASKS_FOR_A_FIRM.search(question) or _ASKS_FOR_A_CHIP.search(question):
        return False
    no_firm = firms and not any(firms & _firms_in(text) for text in texts)
    return bool(no_firm or (chips and not any(_same_chip(chips, set(_CHIP.findall(text))) for text in texts)))


def _of_that_law(question: str) -> Callable[[Span], float] | None:
    laws = [as_one_name(n.text) for n in atoms(question) if _ANY_LAW.fullmatch(n.text)]
    return (lambda sentence: OTHER_LAW if _is_on_another_law(sentence, laws) else 1.0) if laws else None


def _of_that_number(question: str) -> Callable[[Span], float] | None:
    if not NUMBERED.search(question):
        return None
    has = numbers_of(question)
    return lambda sentence: 1.0 if has(sentence.document.text) else OTHER_NUMBER


def _of_that_firm(question: str) -> Callable[[Span], float] | None:
    asked = _firms_in(question)
    if not asked or _ASKS_FOR_A_FIRM.search(question):
        return None
    return lambda sentence: OTHER_FIRM if (told := _firms_in(sentence.text)) and not told & asked else 1.0


def _of_that_chip(question: str) -> Callable[[Span], float] | None:
    asked = set(_CHIP.findall(question))
    if not asked or _ASKS_FOR_A_CHIP.search(question):
        return None

    def share(sentence: Span) -> float:
        told = set(_CHIP.findall(sentence.text))
        return OTHER_CHIP if told and not _same_chip(asked, told) else 1.0

    return share


def _same_chip(asked: set[str], told: set[str]) -> bool:
    return any(_is_of(one, other) or _is_of(other, one) for one in told for other in asked)


def _is_of(code: str, family: str) -> bool:
    """True for the same, and for 950PR of 950; H200 is no H20."""
    return code.startswith(family) and not code[len(family) :].strip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def _firms_in(text: str) -> set[str]:
    """The firms that a text names, each by the name that the table of bodies has."""
    firms, pattern = _spelled()
    return {firms[m[0].lower()] for m in pattern.finditer(text)}


@cache
def _spelled() -> tuple[dict[str, str], re.Pattern[str]]:
    """Lower-case spelling of a firm -> the firm, and a pattern for all of them."""
    firms = [names.split("=") for names in BODIES["industry"].split("|")]
    spelled = {spelling: names[0] for names in firms for name in names for spelling in (name, *same_as(name))}
    return {s.lower(): firm for s, firm in spelled.items()}, re.compile(rf"\b(?:{any_case(spelled)})(?!\w)")


def _is_on_another_law(sentence: Span, laws: Sequence[re.Pattern[str]]) -> bool:
    said = f"{sentence.document.source.title}\n{sentence.text}"
    return bool(_ANY_LAW.search(sentence.text)) and not any(law.search(said) for law in laws)
