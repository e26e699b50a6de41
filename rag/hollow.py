"""Sentences that say nothing by themselves: a title again, a header line, a link, an attachment, a courtesy.

They share many words with a question and answer none. Left out: what only announces an answer ("It has three parts.").
"""

from __future__ import annotations

import re
from collections.abc import Callable

from rag.datatypes import Span
from rag.text import words

HOLLOW = 0.6  # of its score such a sentence keeps
HEAD = 400  # characters of a document, in which its title stands again
_FEWEST, _BESIDE_A_LINK = 3, 6  # search tokens of a sentence that says something, and of one that has a link
_LONG = 160  # characters; what is longer says something, where it is no title
_HEADER = re.compile(r"\W*(?:Federal Register document \S+, published|\[?FR Doc\.? )|(?:附件|附表)\d?[:：]")
_LINK = re.compile(r"\b(?:https?://|www\.)\S+")
_OF_A_PAPER = re.compile(
    r"\bpublish|\b(?:document|docket|FR) (?:number|no\b)|\blinks?\b|\battach|\btitle\b|\bcalled\b", re.I
)


def saying_something(question: str) -> Callable[[Span], float]:
    """What share of its score a sentence keeps: less of one that says nothing, unless papers are asked about."""
    if _OF_A_PAPER.search(question):
        return lambda _: 1.0
    return lambda sentence: HOLLOW if _is_hollow(sentence) else 1.0


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
