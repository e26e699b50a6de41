"""Sentences that say nothing by themselves: a title again, a header line, a link, an attachment, a courtesy.

They share many words with a question and answer none. Left out: what only announces an answer ("It has three parts.").
"""

from __future__ import annotations

import re
from collections.abc import Callable

from rag.datatypes import Span
from rag.text import words

HOLLOW = 0.6  # of its score such a sentence keeps
STANDING = 0.6  # and one that only tells how a thing stands
HEAD = 400  # characters of a document, in which its title stands again
_FEWEST, _BESIDE_A_LINK = 3, 6  # search tokens of a sentence that says something, and of one that has a link
_LONG = 160  # characters; what is longer says something, where it is no title
_HEADER = re.compile(r"\W*(?:Federal Register document \S+, published|\[?FR Doc\.? )|(?:附件|附表)\d?[:：]")
# How a thing stands, and no word on what it is: "The Zebra Act was a proposed bill, not in force, as of 27 June 2026."
_HOW_IT_STANDS = re.compile(
    r"[^.;:]{3,120}\b(?:is|are|was|were|had)\b[^.;:]{0,40}\b(?:in force|proposed|suspended|superseded|rescinded)\b"
    r"[^.;:]{0,30}\bas of [^.;:]{4,20}\.?"
)
_WHAT = re.compile(r"\W*(?:and |so |but )?(?:what|which)\b", re.I)
_LINK = re.compile(r"\b(?:https?://|www\.)\S+")
_OF_A_PAPER = re.compile(
    r"\bpublish|\b(?:document|docket|FR) (?:number|no\b)|\blinks?\b|\battach|\btitle\b|\bcalled\b", re.I
)


def saying_something(question: str) -> Callable[[Span], float]:
    """What share of its score a sentence keeps: less of one that says nothing, unless papers are asked about."""
    if _OF_A_PAPER.search(question):
        return lambda _: 1.0
    return lambda sentence: HOLLOW if _is_hollow(sentence) else 1.0


def wants_to_know_what(question: str) -> bool:
    """True where a bare "it is in force" answers nothing: not so of "when" and "why", which may presuppose an end."""
    return bool(_WHAT.match(question))


def saying_more(sentence: Span) -> float:
    """What share of its score a sentence keeps where no state is asked: less of one that tells nothing else."""
    return STANDING if _HOW_IT_STANDS.fullmatch(sentence.text) else 1.0


def _is_hollow(sentence: Span) -> bool:
    source, text = sentence.document.source, sentence.text
    if source.kind == "record" or (len(text) > _LONG and sentence.start >= HEAD):
        return False
    bare = _LINK.sub(" ", text)
    said = words(bare)
    if len(said) < (_FEWEST if bare == text else _BESIDE_A_LINK) and not re.search(r"\d", bare):
        return True
    again = sentence.start < HEAD and {*said} <= {*words(source.title)}
    return again or bool(_HEADER.match(text))
