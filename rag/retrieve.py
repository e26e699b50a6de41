"""Question -> Evidence: search by meaning and by words, fused by rank (reciprocal rank fusion).

Left out: what a follow-up means (`follow`), which sentence answers (`weigh`, `quote`), and whether any does (`answer`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from rag.datatypes import Evidence
from rag.text import words

OF_AN_OPENING = 2  # passages of a document that is called by its name
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
    by_meaning = [] if vector is None else index.by_meaning(vector, 3 * k, allowed)
    return _fused({"meaning": by_meaning, "words": index.by_words(words(question), 3 * k, allowed)}, index, k)


def inside(
    question: str, vector: Any, index: Any, evidence: Sequence[Evidence], documents: int, k: int
) -> list[Evidence]:
    """The best `k` passages of each of the first `documents` that `evidence` leads to, by the same two searches.

    What tells a document from others ("what did … say in Brussels") does not tell its passages apart, and the one that
    answers may share little else with the question. What is found only here has the score 0.
    """
    found: list[Evidence] = []
    asked, leading = words(question), dict[str, Evidence]()
    for item in evidence:
        leading.setdefault(item.passage.document.id, item)
    for item in [*leading.values()][:documents]:
        own = index.passages_beside(item.number)
        if own.sum() > 1:
            hits = {"its meaning": index.by_sentences(vector, k, own), "its words": index.by_words(asked, k, own)}
            found += [replace(e, score=0.0) for e in _fused(hits, index, k)]
    return found


def opening_of(document_id: str, index: Any, as_of: date | None = None, side: str = "") -> list[Evidence]:
    """The first passages of a document that a question calls by its name.

    None where it is unknown, came later or stands on another side.
    """
    numbers = index.passages_of(document_id)[:OF_AN_OPENING] if document_id else []
    passages = [(n, index.passage(n)) for n in numbers]
    known = [(n, p) for n, p in passages if as_of is None or p.document.source.published_by(as_of)]
    allowed = [(n, p) for n, p in known if side in ("", p.document.source.side)]
    return [Evidence(n, p, 0.0, {"its name": rank}) for rank, (n, p) in enumerate(allowed, 1)]


def beside(evidence: list[Evidence], more: list[Evidence]) -> list[Evidence]:
    """Both, each passage once, in the order of their scores; nothing that was found is lost."""
    known = {e.number for e in evidence}
    return sorted([*evidence, *(e for e in more if e.number not in known)], key=lambda e: (-e.score, e.number))


def _fused(hits: Mapping[str, Sequence[Any]], index: Any, k: int) -> list[Evidence]:
    ranks, fused = dict[int, dict[str, int]](), dict[int, float]()
    for name, found in hits.items():
        for rank, hit in enumerate(found, 1):
            ranks.setdefault(hit.passage, {})[name] = rank
            fused[hit.passage] = fused.get(hit.passage, 0.0) + 1 / (RRF_K + rank)
    best = sorted(fused, key=lambda n: (-fused[n], n))[:k]
    return [Evidence(n, index.passage(n), fused[n], ranks[n]) for n in best]
