"""What a sentence is weighed by: features worked out by hand, their fitted weights, and what supports an answer."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from material import ROOT, Desk, document, weighed, whole_sentence

from rag.datatypes import Evidence, Span, Weighed
from rag.embed.encoder import Reading
from rag.split import split
from rag.weigh import FEATURES, KEPT, SUPPORT, by_best_sentence, covering, reweighed, support, weigh, weights


def test_the_sentence_nearest_in_meaning_comes_first_where_words_say_nothing():
    paper = document("Exports of the first kind stay free.\nExports of the second kind stay shut.")
    cosines = {"Exports of the second kind stay shut.": 0.9}
    assert weighed("zebra", paper, cosines=cosines)[0].span.text == "Exports of the second kind stay shut."


def test_the_sentence_that_holds_the_words_comes_first_where_meaning_says_nothing():
    paper = document("The limit for this chip is 6,800 points.\nThe limit for this chip is 4,800 points.")
    assert weighed("limit 4800 points", paper)[0].span.text == "The limit for this chip is 4,800 points."


def test_features_are_worked_out_by_hand():
    """Two of three question words in the passage, the third in the title; its cosine is that of its one word piece."""
    paper = document("A zebra licence is needed here today.", title="Okapi", actor="Zoo")
    (item,) = weighed("zebra licence okapi", paper, cosines={"A zebra licence is needed here today.": 0.6})
    assert item.features["meaning"] == pytest.approx(0.6)
    assert item.features["words"] == pytest.approx(1)
    assert item.features["title"] == item.features["about"] == pytest.approx(1 / 3)
    assert item.features["voice"] == 0
    assert item.features["pairs"] == pytest.approx(1 / 2)
    assert item.features["rank"] == 1
    assert item.features["numbers"] == 0.5
    assert item.features["pieces"] == item.features["pieces, passage"] == pytest.approx(0.6, abs=0.01)


@pytest.mark.parametrize(
    ("question", "gives", "lacks"),
    [
        ("When did the zebra rule start?", "The zebra rule started in May 2025.", "The zebra rule started early."),
        ("How many zebras were sold?", "They sold 140 zebras.", "They sold many zebras."),
        ("Who banned zebras?", "Zebras were banned by the Dutch.", "Zebras were banned by it."),
        ("Why were zebras banned?", "Zebras were banned because they bite.", "Zebras were banned there."),
    ],
)
def test_a_sentence_without_the_kind_of_answer_asked_for_is_told(question, gives, lacks):
    (one,), (other,) = weighed(question, document(gives)), weighed(question, document(lacks))
    assert (one.features["no answer"], other.features["no answer"]) == (0, 1)


def test_what_no_search_ranked_has_finite_features():
    """A document that is called by its name is found with the score 0; it may be all there is."""
    (passage,) = split(document("A zebra licence is needed."))
    evidence = [Evidence(0, passage, 0.0)]
    one = np.ones((1, 1), np.float32)
    (item,) = weigh(Reading("zebra", one[0], one, np.array([[0, 5]])), evidence, Desk(evidence, {}))
    assert item.features["rank"] == 0
    assert item.score == 1


def test_a_number_that_the_passage_does_not_have_counts_against_it():
    (right,) = weighed("the 4,800 limit", document("The limit is 4,800 points."))
    (wrong,) = weighed("the 4,800 limit", document("The limit is 6,800 points."))
    assert (right.features["numbers"], wrong.features["numbers"]) == (1, 0)


def test_the_best_has_the_score_one_and_all_lie_below():
    found = weighed("zebra licence", document("A zebra licence is needed.\nLunch is served.\nThe zebra sleeps."))
    assert found[0].score == 1
    assert all(0 < w.score <= 1 for w in found)


def test_the_weights_are_those_of_the_features_and_say_what_fitted_them():
    fitted = json.loads(Path(ROOT / "rag" / "weights.json").read_text(encoding="utf-8"))
    assert list(weights()) == list(FEATURES)
    assert set(fitted["support"]) == set(SUPPORT)
    assert fitted["by"].startswith("python -m training.rank")
    assert fitted["questions"] >= 1_000


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(0, 1), st.floats(-1, 1)), max_size=8))
def test_support_lies_between_nought_and_one(signals):
    span = Span(document("A sentence."), 0, 11)
    found = [Weighed(span, None, 1.0, dict(zip(SUPPORT, own, strict=True))) for own in signals]
    assert 0 <= support(found) <= 1


def test_nearer_words_and_meaning_support_an_answer_better():
    span = Span(document("A sentence."), 0, 11)
    values = np.linspace(0, 1, 6)
    supports = [support([Weighed(span, None, 1.0, dict.fromkeys(SUPPORT, float(v)))]) for v in values]
    assert supports == sorted(supports)
    assert supports[0] < 0.05 < 0.95 < supports[-1]


def test_passages_stand_in_the_order_of_their_best_sentences():
    papers = [document("Lions sleep.", id="lions"), document("Zebras graze on the plain.", id="zebras")]
    found = weighed("Where do zebras graze?", *papers)
    evidence = [w.evidence for w in sorted(found, key=lambda w: w.evidence.number)]
    ordered = by_best_sentence(evidence, found)
    assert [e.passage.document.id for e in ordered] == ["zebras", "lions"]
    assert by_best_sentence(evidence, found[:1])[0] is found[0].evidence
    assert by_best_sentence(evidence, []) == evidence, "none is lost"


def test_a_list_goes_on_with_what_is_still_left_open():
    question = "Where do zebras graze, and what do lions hunt at night?"
    said = {"plain": "Zebras graze on the plain.", "hill": "Zebras graze on a hill.", "night": "At night lions hunt."}
    found = weighed(question, *(document(text, id=name) for name, text in said.items()), document("Owls.", id="owl"))
    evidence = [w.evidence for w in sorted(found, key=lambda w: w.evidence.number)]
    scores = {"plain": 1.0, "hill": 0.95, "night": 0.7, "owl": 0.1}
    found = sorted((replace(w, score=scores[w.span.document.id]) for w in found), key=lambda w: -w.score)
    desk = Desk(evidence, {})
    ids = [e.passage.document.id for e in covering(question, evidence, found, desk)]
    assert ids == ["plain", "night", "hill", "owl"]
    ids = [e.passage.document.id for e in covering("Where do zebras graze?", evidence, found, desk)]
    assert ids == ["plain", "hill", "night", "owl"]
    assert covering(question, evidence, [], desk)[0] == evidence[0]
    assert covering("?", evidence, found, desk) == by_best_sentence(evidence, found)


@given(st.lists(st.sampled_from(["A zebra.", "A lion.", "An owl at night.", "Words."]), min_size=1, max_size=14))
def test_a_list_loses_nothing_and_begins_with_the_best(texts):
    found = weighed("zebra, lion or owl?", *(document(text, id=str(n)) for n, text in enumerate(texts)))
    evidence = [w.evidence for w in sorted(found, key=lambda w: w.evidence.number)]
    listed = covering("zebra, lion or owl?", evidence, found, Desk(evidence, {}))
    assert sorted(e.number for e in listed) == [e.number for e in evidence]
    assert listed[0] is found[0].evidence


def test_what_lost_a_share_of_its_score_says_so():
    found = [whole_sentence(document("A lamp.")), whole_sentence(document("A lion."))]
    after = reweighed(found, lambda span: 0.5 if "lamp" in span.text else 1.0, lambda _: 1.0)
    assert [w.span.text for w in after] == ["A lion.", "A lamp."]
    assert [w.features.get(KEPT) for w in after] == [None, 0.5]
    again = reweighed(after, lambda span: 0.5 if "lamp" in span.text else 1.0)
    assert again[1].features[KEPT] == 0.25
    assert reweighed(found, lambda _: 1.0) == found
