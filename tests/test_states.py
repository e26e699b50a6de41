"""Is it in force? Questions about the state of rules over the records, and near ones that the records do not tell.

The 80 questions were written by one who had not seen the code; the rules were made on those with odd numbers.
"""

from __future__ import annotations

import json

import pytest
from material import ROOT

from rag.datatypes import Outcome

QUESTIONS = ROOT / "tests" / "states" / "questions.jsonl"


def even() -> list[dict]:
    every = map(json.loads, QUESTIONS.read_text(encoding="utf-8").splitlines())
    return [q for q in every if int(q["id"].removeprefix("s")) % 2 == 0]


def test_every_expected_string_stands_in_its_record(records):
    for q in map(json.loads, QUESTIONS.read_text(encoding="utf-8").splitlines()):
        texts = [records.index.find(record).text for record in q["gold_doc_ids"]]
        assert all(any(said in text for text in texts) for said in q["says"]), q["id"]


def test_most_states_are_told_by_the_first_quote_and_nearly_all_by_one_of_three(records):
    asked = [q for q in even() if q["answerable"]]
    told = [
        [any(said in quote.text for said in q["says"]) for quote in records.ask(q["question"]).quotes[:3]]
        for q in asked
    ]
    assert sum(t[:1] == [True] for t in told) >= 0.8 * len(asked)
    assert sum(map(any, told)) >= 0.9 * len(asked)


def test_most_near_questions_are_refused(records):
    near = [q for q in even() if not q["answerable"]]
    refused = [q for q in near if records.ask(q["question"]).outcome is Outcome.NOT_FOUND]
    assert len(refused) >= 0.5 * len(near)


@pytest.mark.parametrize("question", ["Is the 50% rule in force?", "Does the BIS 50% rule apply now?"])
def test_the_words_of_a_state_do_not_find_whatever_is_in_force(records, question):
    told = records.ask(question)
    assert "suspen" in told.quotes[0].text
    assert "Affiliates Rule" in told.quotes[0].text
    assert any("through 9 November 2026" in quote.text for quote in told.quotes)
