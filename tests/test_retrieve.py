"""Fusing two searches by rank."""

from __future__ import annotations

from datetime import date

import pytest
from material import document

from rag.index import Hit
from rag.retrieve import RRF_K, beside, inside, opening_of, retrieve
from rag.split import split

VECTOR = object()  # the shelves look at none


class Shelves:
    """A little index whose ranks are given by hand: passage n is sentence n of one document."""

    def __init__(self, meaning, words, allowed=None):
        (paper,) = [document("Zero.\nOne.\nTwo.\nThree.\nFour.")]
        self.found, self.mask, self.asked = {"meaning": meaning, "words": words}, allowed, []
        self.passages = [p for s in split(paper) for p in s.sentences]

    def allowed(self, as_of, side):
        self.asked.append((as_of, side))
        return self.mask

    def by_meaning(self, vector, k, allowed):
        return self._hits("meaning", k, allowed)

    def by_words(self, tokens, k, allowed):
        return self._hits("words", k, allowed)

    def _hits(self, name, k, allowed):
        assert allowed is self.mask
        return [Hit(n, 1 / (rank + 1)) for rank, n in enumerate(self.found[name])][:k]

    def passage(self, number):
        return self.passages[number]


def test_ranks_are_fused_by_hand():
    evidence = retrieve("one two", VECTOR, Shelves(meaning=[1, 2, 3], words=[2, 4]), k=10)
    assert [e.number for e in evidence] == [2, 1, 4, 3]
    assert [e.score for e in evidence] == pytest.approx(
        [1 / (RRF_K + 2) + 1 / (RRF_K + 1), 1 / (RRF_K + 1), 1 / (RRF_K + 2), 1 / (RRF_K + 3)]
    )
    assert [e.found_by for e in evidence] == [{"meaning": 2, "words": 1}, {"meaning": 1}, {"words": 2}, {"meaning": 3}]
    assert evidence[0].passage.text == "Two."


def test_equal_ranks_keep_the_order_of_reading():
    assert [e.number for e in retrieve("q", VECTOR, Shelves([3], [1]), k=10)] == [1, 3]


def test_no_more_than_k_are_kept():
    """Each search gives three: 0 1 2 and 3 2 1. Second and third place together beat a first, and 1 is read before 2."""
    assert [e.number for e in retrieve("q", VECTOR, Shelves([0, 1, 2, 3], [3, 2, 1, 0]), k=1)] == [1]


def test_nothing_found_is_no_evidence():
    assert retrieve("q", VECTOR, Shelves([], []), k=10) == []


def test_day_and_side_reach_both_searches():
    shelves = Shelves([1], [2], allowed=object())
    retrieve("q", VECTOR, shelves, 5, date(2025, 5, 13), "us")
    assert shelves.asked == [(date(2025, 5, 13), "us")]


def test_without_a_vector_only_words_find():
    evidence = retrieve("q", None, Shelves(meaning=[1, 2], words=[2, 3]), k=10)
    assert [(e.number, e.found_by) for e in evidence] == [(2, {"words": 1}), (3, {"words": 2})]


def test_inside_the_documents_that_lead_more_is_found(pipeline, encoder):
    """Of each of the first documents its best passages, what is new with the score 0; one of a single passage has none."""
    index = pipeline.index
    several = next(n for n in range(len(index)) if index.passages_beside(n).sum() > 1)
    asked = index.passage(several).sentences[0].text
    vector = encoder.question(asked)
    evidence = retrieve(asked, vector, index, 3)
    leading = [*{e.passage.document.id: index.passages_beside(e.number) for e in evidence}.values()][:2]
    found = inside(asked, vector, index, evidence, documents=2, k=2)
    assert len(found) == sum(min(2, int(own.sum())) for own in leading if own.sum() > 1) > 0
    assert all(any(own[e.number] for own in leading) for e in found)
    assert {e.score for e in found} == {0.0}
    assert {name for e in found for name in e.found_by} <= {"its meaning", "its words"}
    both = beside(evidence, found)
    assert [e.number for e in both[: len(evidence)]] == [e.number for e in evidence]


def test_a_document_called_by_its_name_opens_what_is_found(pipeline):
    document = next(pipeline.index.documents())
    found = opening_of(document.id, pipeline.index)
    assert [e.passage.document.id for e in found] == [document.id] * len(found)
    assert [e.found_by["its name"] for e in found] == [*range(1, len(found) + 1)]
    assert found[0].passage.start <= found[-1].passage.start
    assert opening_of("none", pipeline.index) == opening_of("", pipeline.index) == []
    assert opening_of(document.id, pipeline.index, date(1900, 1, 1)) == []


def test_a_side_keeps_out_the_document_of_another_that_is_called_by_its_name(pipeline):
    assert opening_of("tiers", pipeline.index, side="us") == opening_of("tiers", pipeline.index) != []
    assert opening_of("tiers", pipeline.index, side="china") == []
