"""A refusal says why the nearest quotes do not answer, or that nothing is near."""

from __future__ import annotations

import pytest
from material import document

from rag.answer import LEAST_SUPPORT, answer, held_back, refused
from rag.datatypes import Outcome, Quote
from rag.present import answer_json, answer_text
from rag.rules.lack import NEAR, is_near, lacking
from rag.web.render import answer_html


def quote(text, **features):
    paper = document(text, title="Zebra Rule", published="2025-05-13")
    return Quote(paper, 0, len(text), features=features)


FEE = "Zebra Corp pays a fee to the office."


@pytest.mark.parametrize(
    ("question", "reasons"),
    [
        ("What does Lion Corp pay?", ["None of them mentions “Lion Corp”."]),
        ("What did Zebra Corp pay in 2031 for 3A090?", ["None of them mentions “2031” or “3A090”."]),
        ("What did Zebra Corp pay in May 2025?", ["They share its subject, but no sentence says enough of what is asked."]),
        ("Does Chinese law know 1 fee?", ["They share its subject, but no sentence says enough of what is asked."]),
        ("Does the fee come to 4,800 dollars?", ["None of them mentions “4,800”."]),
    ],
)  # fmt: skip
def test_names_dates_and_numbers_that_the_nearest_lack_are_named(question, reasons):
    assert list(lacking(question, [quote(FEE)])) == reasons


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When does Zebra Corp pay?", "a date"),
        ("How much does Zebra Corp pay?", "a number"),
        ("Who pays for Zebra Corp?", "a name"),
        ("Why does Zebra Corp pay?", "a reason"),
    ],
)
def test_the_missing_kind_of_answer_is_named_where_none_of_them_has_it(question, kind):
    lacks = [quote("A zebra corp pays a fee to the office.")]
    assert list(lacking(question, lacks)) == [f"The question asks for {kind}, and none of them gives one."]
    has = [*lacks, quote("In May 2025 Zebra Corp pays 40 dollars because Lion Corp asked.")]
    assert kind not in lacking(question, has)[0]


@pytest.mark.parametrize(("meaning", "near"), [(NEAR, True), (NEAR - 0.01, False)])
def test_related_and_nothing_near_are_told_apart_everywhere(meaning, near):
    found = [quote(FEE, meaning=meaning)]
    assert is_near(found) == near
    given = refused(answer("q", "q", found, [], 0.0, coverage="5 documents"), near, ["None of them mentions “Lion”."])
    assert given.outcome is Outcome.NOT_FOUND
    assert given.quotes == ()
    shown = answer_json(given)
    assert [q["text"] for q in shown["related"]] == ([FEE] if near else [])
    assert shown["lacks"] == (["None of them mentions “Lion”."] if near else [])
    for text in (answer_text(given), answer_html(given, lambda name: None)):
        assert ("Nothing here is about this" in text.replace("&#46;", ".")) == (not near)
        assert ("related" in text.lower()) == near
        assert ("None of them mentions" in text) == near
        assert ("Zebra Corp pays a fee to the office" in text) == near


def test_what_is_asked_of_a_name_that_stands_nowhere_is_refused_with_its_quotes_as_related():
    given = held_back(answer("q", "q", [quote(FEE)], [], 1.0))
    assert (given.outcome, given.quotes, [q.text for q in given.related]) == (Outcome.NOT_FOUND, (), [FEE])
    assert held_back(given) == given


def test_an_answer_lacks_nothing():
    given = answer("q", "q", [quote(FEE)], [], LEAST_SUPPORT)
    assert refused(given, True, ["something"]) == given


def test_off_the_subject_nothing_is_near_and_beside_it_something_is(records):
    off = records.ask("How do I bake sourdough bread at home?")
    assert (off.outcome, off.near, off.lacks) == (Outcome.NOT_FOUND, False, ())
    assert answer_json(off)["related"] == []
    beside = records.ask("When did Kazakhstan ban H20 chips?")
    assert (beside.outcome, beside.near) == (Outcome.NOT_FOUND, True)
    assert "None of them mentions “Kazakhstan”." in beside.lacks


def test_a_place_as_an_adjective_is_not_said_to_be_missing():
    assert lacking("how did chinese firms answer", []) == lacking("how did Chinese firms answer", [])


def test_what_is_told_of_other_firms_alone_is_refused(records):
    assert records.ask("How many H200 chips did China permit DeepSeek to buy?").outcome is Outcome.NOT_FOUND
    assert records.ask("How many H200 chips did China permit ByteDance to buy?").outcome is Outcome.ANSWERED
