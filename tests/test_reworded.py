"""A refused question in the verb of the nearest source: which verbs stand for one act, their forms, and what it finds."""

from __future__ import annotations

import pytest

from rag.datatypes import Outcome
from rag.question.reworded import as_the_source_says


@pytest.mark.parametrize(
    ("question", "source", "reworded"),
    [
        ("Has Zebra banned lamps?", "Zebra blocked lamps in May.", "Has Zebra blocked lamps?"),
        ("Why did Zebra revoke the rule?", "Zebra justified dropping the rule.", "Why did Zebra drop the rule?"),
        ("Why was the rule dropped?", "Zebra rescinded the rule.", "Why was the rule rescinded?"),
        ("When will Zebra seize Lion?", "Zebra took over Lion.", "When will Zebra take over Lion?"),
        ("Who financed the ring?", "The ring was funded by Lion.", "Who funded the ring?"),
        ("Has Zebra banned lamps?", "Zebra banned lamps.", ""),  # the same verb
        ("Has Zebra banned lamps?", "Zebra painted lamps.", ""),  # another act
        ("Has Zebra painted lamps?", "Zebra blocked lamps.", ""),
    ],
)
def test_the_verb_of_the_source_takes_the_place_of_one_for_the_same_act(question, source, reworded):
    assert as_the_source_says(question, source) == reworded


def test_what_is_refused_in_one_verb_is_read_again_in_the_sources_and_says_so(records):
    answer = records.ask("How was the Gatekeeper smuggling ring financed?")
    assert answer.outcome is Outcome.ANSWERED
    assert "funded" in answer.quotes[0].text
    assert "funded" in answer.searched
    assert answer.question == "How was the Gatekeeper smuggling ring financed?"


def test_a_kind_of_answer_that_is_demanded_is_not_given_by_another_verb(records):
    assert records.ask("what does an Ascend 910C sell for").outcome is Outcome.NOT_FOUND
