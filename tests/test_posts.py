"""Who heads a body or holds a post: the questions, the sentences that name somebody who does, and refusals."""

from __future__ import annotations

import pytest
from material import document

from rag.datatypes import Outcome, Span
from rag.rules.posts import BEFORE_HIM, NOT_THE_HOLDER, asked_post, naming_the_holder


def of(text, **source):
    return Span(document(text, **source), 0, len(text))


@pytest.mark.parametrize(
    ("question", "body", "office", "year"),
    [
        ("Who runs Zebra?", "Zebra", "", ""),
        ("who headed the Bureau of Lamps in 2019", "Bureau of Lamps", "", "2019"),
        ("Who is in charge of Zebra now?", "Zebra", "", ""),
        ("who is the head of Zebra", "Zebra", "", ""),
        ("Who is the CEO of Zebra?", "Zebra", "CEO", ""),
        ("Who is Zebra's chief executive?", "Zebra's", "CEO", ""),
        ("who was Lamp Secretary in 2018", "Lamp", "Secretary", "2018"),
    ],
)
def test_the_post_whose_holder_is_asked_for(question, body, office, year):
    post = asked_post(question)
    assert post is not None
    assert (post.body, post.office.lower(), post.year) == (body, office.lower(), year)


@pytest.mark.parametrize(
    "question", ["Who is Ann Lee?", "Who leads?", "Who said that Zebra is run well?", "Which rule heads the list?"]
)
def test_other_questions_ask_for_none(question):
    assert asked_post(question) is None


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Who runs Zebra?", "Ann Lee, Zebra's CEO, said so."),
        ("Who runs Zebra?", "Zebra is under Ann Lee, its chairman."),
        ("Who is Zebra's CEO?", "Ann Lee, chief executive of Zebra, said so."),
        ("Who is the minister?", "Bo Li, the minister, said so."),
        ("Who heads the Lamp Department?", "US Lamp Secretary Lee spoke."),
        ("Who runs BIS?", "BIS under Ann Lee, its Under Secretary, ended the rule."),
        ("Who is the Under Secretary of Lamps for Light?", "Ann Lee, US Under Secretary of Lamps, spoke."),
    ],
)
def test_a_sentence_names_the_holder(question, text):
    assert asked_post(question).is_held(of(text))


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Who runs Zebra?", "The list is run by Zebra."),
        ("Who is the CEO of Zebra?", "Ann Lee is the CEO of Lion.\nZebra said nothing."),
        ("Who is the Secretary of Zebras?", "Bo Li is the Deputy Secretary of Zebras."),
        ("Who heads the Lamp Department?", "Bo Li, US Under Secretary of Lamps, spoke."),
        ("Who ran Zebra in 2019?", "Ann Lee, Zebra's CEO, said so."),
    ],
)
def test_or_somebody_else_or_of_another_year(question, text):
    assert not asked_post(question).is_held(of(text, published="2025-01-05"))


def test_the_latest_holder_comes_first():
    post = asked_post("Who is Zebra's CEO?")
    old, new = (
        of(f"{name}, Zebra's CEO, spoke.", published=day) for name, day in (("Ann Lee", "2021"), ("Bo Li", "2025"))
    )
    none = of("Zebra spoke.")
    share = naming_the_holder(post, [none, old, new])
    assert [share(s) for s in (new, old, none)] == [1.0, BEFORE_HIM, NOT_THE_HOLDER]


def test_who_runs_a_body_is_answered_by_who_does_or_refused(records):
    found = records.ask("Who runs BIS?")
    assert found.outcome is Outcome.ANSWERED
    assert "Under Secretary" in found.quotes[0].text
    for question in ("Who heads SMIC?", "who ran BIS in 2019"):
        refused = records.ask(question)
        assert refused.outcome is Outcome.NOT_FOUND
        assert any("holder of a post" in line for line in refused.lacks)
