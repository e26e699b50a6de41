"""A refusal -> why the nearest quotes do not answer: what of the question they lack, in plain words.

Two refusals are told apart: related quotes that do not answer, and nothing near at all.
Left out: whether there is an answer, which `answer` decides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.datatypes import Quote
from rag.names import ADJECTIVES, atoms
from rag.rules.kinds import kind_of, ungiven
from rag.rules.posts import asked_post
from rag.text import words

# Cosine of the question with the best sentence. Of 120 near misses over our records each had 0.37 or more, of 25
# questions on something else altogether (bread, football, Jupiter) none more than 0.34.
NEAR = 0.35
_MOST_NAMED = 4


def is_near(quotes: Sequence[Quote]) -> bool:
    """True when the best quotes are about what is asked, though they may not answer."""
    return any(quote.features.get("meaning", 0.0) >= NEAR for quote in quotes)


def lacking(question: str, quotes: Sequence[Quote]) -> tuple[str, ...]:
    """Why these quotes are not enough for the question, a line a reason; at least one."""
    said = set[str]().union(*({*words(q.text), *words(q.document.source.about)} for q in quotes))
    missing = [name for name in _named(question) if not set(words(name)) <= said][:_MOST_NAMED]
    lines = []
    if missing:
        lines.append(f"None of them mentions {_list([f'“{name}”' for name in missing])}.")
    texts = [quote.text for quote in quotes]
    kind = ungiven(question, texts) or kind_of(question)
    if kind and quotes and not any(map(kind.has.search, texts)):
        lines.append(f"The question asks for {kind.name}, and none of them gives one.")
    if (post := asked_post(question)) and not any(map(post.is_held, quotes)):
        lines.append("The question asks for the holder of a post, and none of them names one.")
    return tuple(lines) or ("They share its subject, but no sentence says enough of what is asked.",)


def _named(question: str) -> list[str]:
    """Names, codes, dates and other numbers of a question, each once, in order."""
    found = [n for n in atoms(question) if n.text.title() not in ADJECTIVES]
    numbers = [
        m for m in re.finditer(r"\d[\d.,]*\d%?|\d%", question) if not any(n.start <= m.start() < n.end for n in found)
    ]
    placed = sorted([*((n.start, n.text) for n in found), *((m.start(), m[0]) for m in numbers)])
    return list(dict.fromkeys(text for _, text in placed if words(text)))


def _list(names: Sequence[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
