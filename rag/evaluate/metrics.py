"""What is measured, a question at a time: pure functions over what was asked, found and quoted. No judge model.

Every measure lies in 0 to 1 unless it says otherwise; None means that it does not apply to the question.
Left out: averages, intervals and comparisons (`statistics`).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.evaluate.questions import Question

Measures = dict[str, float | None]
Column = NDArray[Any]
RETRIEVAL = ("recall@5", "recall@10", "hit@1", "hit@5", "MRR@10", "nDCG@10")
RUN = 8  # words in a row that make a quote overlap a gold span


@dataclass(frozen=True, slots=True)
class Shown:
    """One quote of an answer: its `document` id and `file`, its words, and whether they stand there (`exact`)."""

    document: str
    file: str
    text: str
    exact: bool = True
    published: str = ""
    key: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one question. `withheld` are the quotes that a refusal kept back.

    `retrieved` and `files` are documents in order of rank; `support` orders results for refusing.

    `seconds` is the whole question, `embedding` one bare embedding of it.
    """

    question: Question
    answered: bool
    support: float
    quotes: tuple[Shown, ...] = ()
    withheld: tuple[Shown, ...] = ()
    retrieved: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    seconds: float = 0.0
    embedding: float = 0.0
    measures: Measures = field(default_factory=dict)


def measure(result: Result) -> Measures:
    """Every measure of one question but those of retrieval."""
    question = result.question
    return {
        **_quotes(result),
        **_citations(result),
        "exact-quote": _mean([q.exact for q in result.quotes]),
        "refused rightly": float(result.answered == question.answerable),
        "as-of": _as_of(result),
    }


def retrieval(results: Sequence[Result]) -> list[Measures]:
    """Recall, hit rate, MRR and nDCG of the gold documents, by ir_measures; None without gold documents."""
    import ir_measures
    from ir_measures import RR, R, Success, nDCG

    measures = (R @ 5, R @ 10, Success @ 1, Success @ 5, RR @ 10, nDCG @ 10)
    names = dict(zip(map(str, measures), RETRIEVAL, strict=True))
    out: list[Measures] = [dict.fromkeys(RETRIEVAL) for _ in results]
    qrels, run = {}, {}
    for n, result in enumerate(results):
        gold, ranked = gold_documents(result)
        if gold:
            qrels[str(n)] = dict.fromkeys(gold, 1)
            run[str(n)] = {name: float(len(ranked) - rank) for rank, name in enumerate(ranked)}
    for got in ir_measures.iter_calc(measures, qrels, run) if qrels else ():
        out[int(got.query_id)][names[str(got.measure)]] = float(got.value)
    return out


def gold_documents(result: Result) -> tuple[set[str], list[str]]:
    """(names of the gold documents, names of those found in order of rank): ids, or file names for gold spans."""
    question = result.question
    if not question.answerable:
        return set(), []
    if question.documents:
        return set(question.documents), _first_quoted([q.document for q in result.quotes], result.retrieved)
    files = {PurePath(span.file).name for span in question.spans}
    return files, _first_quoted([q.file for q in result.quotes], result.files)


def _first_quoted(quoted: Sequence[str], retrieved: Sequence[str]) -> list[str]:
    """The order in which a reader meets documents: those quoted, then those retrieved."""
    return list(dict.fromkeys([*quoted, *retrieved]))


def hits(quote: Shown, question: Question) -> bool:
    """True when a quote is one of the gold ones: of a gold document, and overlapping gold words."""
    if question.spans:
        return any(
            PurePath(span.file).name == quote.file and (not span.text or overlaps(quote.text, span.text))
            for span in question.spans
        )
    if question.documents and quote.document not in question.documents:
        return False
    if question.quotes:
        return any(overlaps(quote.text, gold) for gold in question.quotes)
    if question.documents:
        return True
    return any(holds(quote.text, alternatives) for alternatives in question.answer_strings)


def overlaps(text: str, gold: str) -> bool:
    """True when one holds the other, or they share a run of at least 8 words and half of the shorter.

    Half, because stock phrases ("is in force as of 27 June 2026") are eight words long themselves.
    """
    a, b = tokens(text), tokens(gold)
    if not a or not b:
        return False
    shorter = min(len(a), len(b))
    run = max(min(RUN, shorter), (shorter + 1) // 2)
    pieces = {tuple(a[i : i + run]) for i in range(len(a) - run + 1)}
    return any(tuple(b[i : i + run]) in pieces for i in range(len(b) - run + 1))


def holds(text: str, alternatives: Sequence[str]) -> bool:
    """True when `text` holds one of the alternatives, whatever its case, spaces, dashes and quote marks."""
    return any(_flat(alternative) in _flat(text) for alternative in alternatives)


def token_f1(text: str, gold: str) -> float:
    """The harmonic mean of token precision and recall (SQuAD's F1, articles kept)."""
    a, b = Counter(tokens(text)), Counter(tokens(gold))
    common = sum((a & b).values())
    return 2 * common / (sum(a.values()) + sum(b.values())) if common else 0.0


def tokens(text: str) -> list[str]:
    """Lower-case words and numbers; each Chinese character is one; the target of a Markdown link is none."""
    flat = _flat(re.sub(r"\]\([^)]*\)", "]", text))
    return re.findall(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+", flat)


def _flat(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold()
    text = text.translate({ord(c): "'" for c in "‘’′"} | {ord(c): '"' for c in "“”″"} | {ord(c): "-" for c in "‐‑‒–—−"})
    return " ".join(text.split())


def _quotes(result: Result) -> Measures:
    question, shown = result.question, result.quotes
    names = ("quote hit@1", "quote hit@3", "token F1", "answer strings@3")
    if not question.answerable:
        return dict.fromkeys(names)
    found = [hits(q, question) for q in shown[:3]]
    gold = [*question.quotes, *(s.text for s in question.spans if s.text)]
    scored = bool(question.spans or question.quotes or question.documents)
    together = "\n".join(q.text for q in shown[:3])
    return {
        "quote hit@1": float(found[:1] == [True]) if scored else None,
        "quote hit@3": float(any(found)) if scored else None,
        "token F1": max((token_f1(q.text, g) for q in shown[:1] for g in gold), default=0.0) if gold else None,
        "answer strings@3": _mean([holds(together, a) for a in question.answer_strings]),
    }


def _citations(result: Result) -> Measures:
    """Precision: quotes that are exact and gold, of those shown. Recall: gold that such quotes hold, of all gold.

    A right refusal counts 1 in both, a wrong refusal and an answer to the unanswerable 0.
    """
    question, shown = result.question, result.quotes
    if not question.answerable or not shown:
        right = float(not question.answerable and not shown)
        return {"citation precision": right, "citation recall": right}
    good = [q for q in shown if q.exact and hits(q, question)]
    if question.answer_strings:
        together = "\n".join(q.text for q in good)
        recall = _mean([holds(together, a) for a in question.answer_strings])
    else:
        recall = float(bool(good))
    return {"citation precision": len(good) / len(shown), "citation recall": recall}


def _as_of(result: Result) -> float | None:
    """On a question with a date: quoted something gold, and nothing published after that day."""
    question = result.question
    if question.as_of is None or not question.answerable:
        return None
    early = all(q.published and q.published <= question.as_of.isoformat() for q in result.quotes)
    return float(early and any(hits(q, question) for q in result.quotes[:3]))


def refusal(results: Sequence[Result]) -> Measures:
    """Precision, recall and F1 of refusing, AUROC of `support`, and the area under the risk–coverage curve."""
    return refusal_of(*outcomes(results))


def outcomes(results: Sequence[Result]) -> tuple[Column, Column, Column, Column]:
    """Four columns, a row a question: support, answerable, answered, and whether its best quotes hold gold."""
    support = np.array([r.support for r in results], float)
    answerable = np.array([r.question.answerable for r in results], bool)
    answered = np.array([r.answered for r in results], bool)
    right = [any(hits(q, r.question) for q in (r.quotes or r.withheld)[:3]) for r in results]
    return support, answerable, answered, np.array(right, bool) & answerable


def refusal_of(support: Column, answerable: Column, answered: Column, right: Column) -> Measures:
    """The same from columns, so that resamples are cheap."""
    refused, should = ~answered, ~answerable
    both, asked, owed = int((refused & should).sum()), int(refused.sum()), int(should.sum())
    risks = _risks(support, right)
    return {
        "refusal precision": both / asked if asked else None,
        "refusal recall": both / owed if owed else None,
        "refusal F1": 2 * both / (asked + owed) if asked + owed else None,
        "refusal AUROC": auroc(support[answerable], support[should]),
        "risk–coverage area": float(risks.mean()) if len(risks) else None,
    }


def auroc(positive: Sequence[float] | Column, negative: Sequence[float] | Column) -> float | None:
    """The chance that a random positive scores above a random negative, ties counting half; None without both."""
    from scipy.stats import rankdata

    n, m = len(positive), len(negative)
    if not n or not m:
        return None
    ranks = rankdata(np.concatenate([positive, negative]))
    return float((ranks[:n].sum() - n * (n + 1) / 2) / (n * m))


def risk_coverage(results: Sequence[Result]) -> list[tuple[float, float]]:
    """(coverage, risk) when only the best supported are answered: risk is the share of these that is wrong.

    An unanswerable question is wrong at any support; an answerable one when no gold stands in its first three quotes.
    """
    support, _, _, right = outcomes(results)
    return [((n + 1) / len(results), float(risk)) for n, risk in enumerate(_risks(support, right))]


def _risks(support: Column, right: Column) -> Column:
    order = np.argsort(-support, kind="stable")
    wrong: Column = np.cumsum(~right[order]) / np.arange(1, len(order) + 1)
    return wrong


def speed(results: Sequence[Result]) -> Measures:
    """Median and 95th percentile of seconds a question, and its ratio to a bare embedding."""
    seconds, bare = ([getattr(r, name) for r in results] for name in ("seconds", "embedding"))
    if not seconds or not all(bare):
        return {"p50 s": None, "p95 s": None, "ratio to an embedding": None}
    p50 = float(np.median(seconds))
    return {
        "p50 s": p50,
        "p95 s": float(np.percentile(seconds, 95)),
        "ratio to an embedding": p50 / float(np.median(bare)),
    }


def _mean(values: Sequence[float | bool]) -> float | None:
    return float(np.mean(values)) if values else None


def groups(results: Sequence[Result], by: str) -> Mapping[str, list[Result]]:
    """Results by `type` or `side` of the question, in order of first appearance; those without are left out."""
    out: dict[str, list[Result]] = {}
    for result in results:
        if name := getattr(result.question, by):
            out.setdefault(name, []).append(result)
    return out
