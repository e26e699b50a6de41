"""Question -> Evidence: search by meaning and by words, fused by rank (reciprocal rank fusion).

Left out: what a follow-up means (`follow`), which sentence answers (`weigh`, `quote`), and whether any does (`answer`).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from rag.datatypes import Evidence
from rag.text import words

RRF_K = 60  # Cormack, Clarke and Büttcher, SIGIR 2009: the constant that damps the first ranks


def retrieve(
    question: str,
    vector: Any,
    index: Any,
    k: int,
    as_of: date | None = None,
    side: str = "",
) -> list[Evidence]:
    """The best `k` passages for a question, best first. `vector` (d,) is its embedding; without one, words only find.

    `index` offers `by_meaning`, `by_words`, `allowed` and `passage` as `rag.index.Index` does.
    """
    allowed = index.allowed(as_of, side)
    ranks, fused = dict[int, dict[str, int]](), dict[int, float]()
    for name, hits in (
        ("meaning", [] if vector is None else index.by_meaning(vector, 3 * k, allowed)),
        ("words", index.by_words(words(question), 3 * k, allowed)),
    ):
        for rank, hit in enumerate(hits, 1):
            ranks.setdefault(hit.passage, {})[name] = rank
            fused[hit.passage] = fused.get(hit.passage, 0.0) + 1 / (RRF_K + rank)
    best = sorted(fused, key=lambda n: (-fused[n], n))[:k]
    return [Evidence(n, index.passage(n), fused[n], ranks[n]) for n in best]


def beside(evidence: list[Evidence], more: list[Evidence]) -> list[Evidence]:
    """Both, each passage once, in the order of their scores; nothing that was found is lost."""
    known = {e.number for e in evidence}
    return sorted([*evidence, *(e for e in more if e.number not in known)], key=lambda e: (-e.score, e.number))
