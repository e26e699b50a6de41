"""Does a question ask what a term means? Then the sentence that defines it comes before those that only use it.

Laws and rules use a term dozens of times and define it once: `the term “X” means`, `X is defined as`, `X. Any natural
person who …`. Left out: whether the definition is the one of the law asked about, which search and the reader weigh.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from rag.datatypes import Span
from rag.names import FUNCTION

USES_IT = 0.75  # of its score a sentence keeps that only uses the term

_THING = r"(?:an? |the |its |their )*(?:terms? |phrase |word |concept )?(?P<term>[^“”\"‘?,;:()]{2,60}?)"
_END = r"(?=\s*(?:[?.,;:(]|$|\b(?:in|under|for|by|within|according|as (?:used|defined)|mean|defined)\b))"
_ASKS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"\b(?:define[sd]?|defining|definitions? (?:of|for)|meant by|meanings? of)\s+{_THING}{_END}",
        rf"\bwhat (?:does|do|did)\s+{_THING}\s+mean\b(?! for\b)",
        rf"\bhow (?:is|are|was|were)\s+{_THING}\s+(?:\w+ly )?defined\b",
        rf"\b(?:counts?|counted|qualif\w+) as\s+{_THING}{_END}",
    )
)
_QUOTED = re.compile(r"(?:(?<=\s)|^)[“\"‘'](?P<term>[^“”\"‘’'?]{2,60})[”\"’'](?=[\s?.,]|$)")
_OF_A_QUOTED = re.compile(
    r"\b(?:defin\w+|mean(?:s|t|ing|ings)?|(?:what|who) (?:is|are)|(?:count\w*|qualif\w+|regarded|treated) as)\b", re.I
)
_LEAD = r"(?:^|[“\"'‘`(—]|\b(?:terms?|phrase|word|an?|the|of)\s+|\)\s*|\.\s+)"
_CLOSE = r"[,”\"'’]*(?:\s*\([^)]{1,40}\))?"
_SAYS = (
    rf"{_CLOSE},?(?:\s+(?:or|and) [“\"‘']?[^”\"’'.;]{{1,40}}[”\"’']*)?"
    r"(?:,? (?:as used|for (?:the )?purposes|with respect|when used|in this)[^,.;]{0,80},?)?"
    r"\s+(?:means?\b(?! (?:of|to|by|for|that)\b)|shall mean|(?:is|are) (?:hereby )?defined (?:as|to|in|by)|refers? to"
    r"|(?:has|have|shall have) the meanings?)"
)
_IN_QUOTES_IS = r"[”\"'’]+(?:\s*\([^)]{1,40}\))*\s+(?:is|are|includes?)\s"


def asked_term(question: str) -> str:
    """The term whose meaning is asked for; empty where none is."""
    quoted = _QUOTED.search(question)
    if quoted and _OF_A_QUOTED.search(question):
        return quoted["term"].strip()
    for pattern in _ASKS:
        found = pattern.search(question)
        if found and set(re.findall(r"[a-z]+", found["term"].lower())) - FUNCTION:
            return found["term"].strip()
    return ""


def defining(term: str) -> Callable[[Span], float]:
    """What share of its score a sentence keeps: all where it defines the term."""
    name = r"[\s-]+".join(re.escape(w) + "(?:s|es)?" for w in re.findall(r"[\w.’'/-]+", _singular(term)))
    says = re.compile(rf"{_LEAD}[“\"'‘`]*{name}(?:{_SAYS})|[“\"‘'`]{name}{_IN_QUOTES_IS}", re.I)
    entry = re.compile(rf"[*_“\"]*{name}[*_”\"]*(?: \([^)]{{1,40}}\))?[.:—][*_]* +(?=[A-Z(“])", re.I)

    def share(sentence: Span) -> float:
        return 1.0 if says.search(sentence.text) or entry.match(sentence.text) else USES_IT

    return share


def looked_for(term: str) -> str:
    """The words that a definition of the term would have."""
    return f"the term {term} means"


def _singular(term: str) -> str:
    return re.sub(r"(?<=[a-z]{3})(?<!s)s$", "", term)
