"""Question -> Evidence: search by meaning and by words, fused by rank (reciprocal rank fusion).

Left out: which sentence answers (`quote`), and whether any does (`answer`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from rag.datatypes import Evidence
from rag.text import words

RRF_K = 60  # Cormack, Clarke and Büttcher, SIGIR 2009: the constant that damps the first ranks
_OPENS = r"and|but|so|then|what about|how about|why not"
_POINTS = r"it|its|they|them|their|that|this|those|these|there|he|she"
_LEANS_BACK = re.compile(rf"^(?:{_OPENS})\b|\b(?:{_POINTS})\b", re.I)
# "that is", "that was …" name what follows, they do not point back
_NAMES = re.compile(r"\bthat (?:is|was|the|a|an|\w+ed)\b", re.I)


def standalone(question: str, turns: Sequence[str]) -> str:
    """The question to search: a follow-up that leans on earlier turns is put behind the last of them.

    A follow-up is one that opens like one ("And …"), points back ("it", "that") or has fewer than four words to search.
    """
    earlier = [t for t in turns if t.strip() and t.strip() != question.strip()]
    pointed = _LEANS_BACK.search(_NAMES.sub("", question))
    if not earlier or not (pointed or len(words(question)) < 4):
        return question
    return f"{earlier[-1]} {question}"


def retrieve(
    question: str,
    vector: Any,
    index: Any,
    k: int,
    as_of: date | None = None,
    side: str = "",
) -> list[Evidence]:
    """The best `k` passages for a question, best first. `vector` (d,) is the question's embedding.

    `index` offers `by_meaning`, `by_words`, `allowed` and `passage` as `rag.index.Index` does.
    """
    allowed = index.allowed(as_of, side)
    ranks: dict[int, dict[str, int]] = {}
    for name, hits in (
        ("meaning", index.by_meaning(vector, 3 * k, allowed)),
        ("words", index.by_words(words(question), 3 * k, allowed)),
    ):
        for rank, hit in enumerate(hits, 1):
            ranks.setdefault(hit.passage, {})[name] = rank
    fused = {n: sum(1 / (RRF_K + rank) for rank in found.values()) for n, found in ranks.items()}
    best = sorted(fused, key=lambda n: (-fused[n], n))[:k]
    return [Evidence(n, index.passage(n), fused[n], ranks[n]) for n in best]
