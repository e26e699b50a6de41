"""A slip of the pen is mended where the sources have the word that was meant, and what was searched is said."""

from __future__ import annotations

import pytest

from rag.datatypes import Outcome
from rag.question.spelling import mended, put_right


def meant(records, question):
    return put_right(question, mended(question, records.encoder.read(question).offsets.tolist(), records.index))


@pytest.mark.parametrize(
    ("question", "right"),
    [
        ("affilliates rule suspension end", "Affiliates rule suspension end"),  # one letter too many
        ("asml euv chnia export ban", "asml euv China export ban"),  # two turned round
        ("How many names were on the Enity List?", "How many names were on the Entity List?"),  # one left out
        ("sullivan speach brookings", "sullivan speech brookings"),  # one for another
        ("Huwaei's founder", "Huawei's founder"),
        (
            "When do DoD contracts end?",
            "When do US Department of Defense contracts end?",
        ),  # another name of the same thing
    ],
)
def test_what_the_sources_do_not_have_gives_way_to_what_they_have(records, question, right):
    assert meant(records, question) == right


@pytest.mark.parametrize(
    "question",
    [
        "What did Macron say about chips?",  # a name that the sources do not have is no slip for one that they have
        "Did Washington broaden the rule?",
        "Is the H201 sold?",
        "How did Beijing react, decide and comply?",
        "Which firm dod Nvidia name?",
        "什么时候禁止镓出口？",
        "",
    ],
)
def test_a_word_that_is_one_or_may_be_another_thing_is_left_alone(records, question):
    assert meant(records, question) == question


def test_what_was_meant_is_searched_and_said(records):
    told = records.ask("Until when is the affilliates rule suspended?")
    assert told.question == "Until when is the affilliates rule suspended?"
    assert told.searched == "Until when is the Affiliates rule suspended?"
    assert told.outcome is Outcome.ANSWERED
    assert "9 November 2026" in told.quotes[0].text


def test_a_slip_in_a_follow_up_is_mended_too(records):
    told = records.ask("And until when is it suspneded?", turns=["What is the Affiliates Rule?"])
    assert "suspended" in told.searched
    assert "Affiliates Rule" in told.searched
    right = records.ask("And until when is it suspended?", turns=["What is the Affiliates Rule?"])
    assert (told.quotes, told.outcome, told.searched) == (right.quotes, right.outcome, right.searched)
    turned = records.ask("And until when is it suspended?", turns=["What is the Afffiliates Rule?"])
    assert turned.quotes == right.quotes, "a slip of an earlier turn is mended there"
