"""A remembered answer is the same, comes without work, and is never taken where anything that shapes it has changed."""

from __future__ import annotations

from datetime import date

import pytest
from material import CHIPS_QUESTION

from rag import remember
from rag.errors import QuestionError
from rag.pipeline import Pipeline
from rag.remember import Remembering


class Counting:
    """An encoder that notes what it is given."""

    def __init__(self, encoder):
        self._encoder, self.read_texts = encoder, []

    def read(self, text):
        self.read_texts.append(text)
        return self._encoder.read(text)


@pytest.fixture
def counting(pipeline):
    return Counting(pipeline.encoder)


def today():
    return date(2026, 11, 24)


@pytest.fixture
def remembering(pipeline, counting):
    return Remembering(pipeline.index, counting, pipeline.settings, today)


def test_the_same_question_is_answered_once_and_then_given_again(remembering, counting, pipeline):
    first, work = remembering.ask(CHIPS_QUESTION), len(counting.read_texts)
    assert work
    assert remembering.ask(CHIPS_QUESTION) is first
    assert [stage.name for stage in remembering.stages(CHIPS_QUESTION)] == ["answer"]
    assert len(counting.read_texts) == work
    forgetful = Pipeline(pipeline.index, pipeline.encoder, pipeline.settings, today)
    assert first.quotes == forgetful.ask(CHIPS_QUESTION).quotes


@pytest.mark.parametrize(
    "other",
    [
        {"question": "Which chips did the guidance name in June 2025?"},
        {"as_of": date(2025, 1, 1)},
        {"side": "china"},
        {"turns": ["What is a presumption of denial?"]},
    ],
)
def test_whatever_shapes_an_answer_makes_another_question(remembering, counting, other):
    asked = {"question": CHIPS_QUESTION, "as_of": None, "side": "", "turns": []}
    remembering.ask(**asked)
    work = len(counting.read_texts)
    remembering.ask(**(asked | other))
    assert len(counting.read_texts) > work


def test_no_answer_is_older_than_midnight(remembering, counting):
    remembering.ask(CHIPS_QUESTION)
    work = len(counting.read_texts)
    remembering.today = lambda: date(2026, 11, 25)
    remembering.ask(CHIPS_QUESTION)
    assert len(counting.read_texts) > work


def test_what_was_not_asked_for_longest_is_forgotten_first(remembering, counting, monkeypatch):
    monkeypatch.setattr(remember, "MOST", 2)
    first, second, third = CHIPS_QUESTION, "Who bans gallium exports?", "What is a wafer?"
    for question in (first, second, first, third):
        remembering.ask(question)
    work = len(counting.read_texts)
    remembering.ask(first)
    assert len(counting.read_texts) == work
    remembering.ask(second)
    assert len(counting.read_texts) > work


def test_what_cannot_be_asked_is_refused_every_time(remembering):
    for _ in range(2):
        with pytest.raises(QuestionError):
            remembering.ask("?!")
