"""Answered or not found: decided by one figure, in code."""

from __future__ import annotations

import pytest
from material import document

from rag.answer import LEAST_SUPPORT, NEAREST, answer
from rag.datatypes import Evidence, Outcome, Quote
from rag.split import split


def evidence(n=5):
    papers = [document("Some words here.", id=str(i), published=f"2025-0{i + 1}-01") for i in range(n)]
    return [Evidence(i, split(p)[0], 1 / (i + 1)) for i, p in enumerate(papers)]


def quotes(found, most=2):
    return [Quote(e.passage.document, 0, 16, e.score, e) for e in found[:most]]


def put(support, found=None, chosen=None, **more):
    found = evidence() if found is None else found
    return answer("q", "searched", quotes(found) if chosen is None else chosen, found, support, **more)


def test_enough_support_is_an_answer_with_its_quotes():
    given = put(LEAST_SUPPORT)
    assert given.outcome is Outcome.ANSWERED
    assert [q.document.id for q in given.quotes] == ["0", "1"]


@pytest.mark.parametrize("support", [0.0, LEAST_SUPPORT - 1e-9])
def test_too_little_support_is_a_refusal_without_quotes_that_names_the_nearest(support):
    given = put(support, coverage="5 documents")
    assert given.outcome is Outcome.NOT_FOUND
    assert given.quotes == ()
    assert [d.id for d in given.nearest] == ["0", "1", "2"]
    assert len(given.nearest) == NEAREST
    assert given.coverage == "5 documents"


def test_full_support_without_a_quote_is_a_refusal():
    assert put(1.0, chosen=[]).outcome is Outcome.NOT_FOUND


def test_nothing_searched_is_a_refusal_without_nearest():
    given = put(0.0, found=[])
    assert (given.outcome, given.nearest, given.evidence) == (Outcome.NOT_FOUND, (), ())


def test_a_document_is_near_once_however_many_passages_it_has():
    first = evidence(1)
    assert len(put(0.0, found=first * 4).nearest) == 1


def test_question_and_search_are_kept():
    given = put(1.0)
    assert (given.question, given.searched) == ("q", "searched")
