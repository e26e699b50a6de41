"""A Chinese question over English sources: its words in English, and the record that it is about."""

from __future__ import annotations

import json
import tomllib

import pytest
from material import ROOT

from rag.datatypes import Outcome
from rag.evaluate.metrics import overlaps
from rag.question.chinese import in_english

LIST = ROOT / "corpus" / "chinese.toml"
QUESTIONS = ROOT / "tests" / "chinese" / "questions.jsonl"


@pytest.mark.parametrize(
    ("question", "english"),
    [
        ("英伟达H20芯片什么时候被禁止出口？", "when Nvidia H20 chips banned prohibited export?"),
        ("2024年12月3日商务部宣布了什么？", "what on 3 December 2024 MOFCOM China's Commerce Ministry announced?"),
        ("谁签署了芯片法案", "who signed CHIPS Act?"),
        ("ASML的EUV光刻机二〇一九年以后能否卖给中国", "can ASML EUV lithography machines in 2019 after sell to China?"),
    ],
)
def test_the_words_come_in_their_order_with_what_is_asked_for_in_front(question, english):
    assert in_english(question) == english


@pytest.mark.parametrize("question", ["今天天气怎么样？", "你好", "谁？", ""])
def test_too_few_known_words_say_nothing(question):
    assert in_english(question) == ""


def test_every_listed_word_is_chinese_and_listed_once():
    listed = tomllib.loads(LIST.read_text(encoding="utf-8"))
    assert set(listed) == {"asks", "words"}
    assert not set(listed["asks"]) & set(listed["words"])
    for part in listed.values():
        for word, english in part.items():
            assert any("\u4e00" <= c <= "\u9fff" for c in word), word
            assert english == " ".join(english.split()), word
            assert english.isascii(), word


def test_it_is_said_in_what_words_was_searched(records):
    told = records.ask("英伟达H20芯片什么时候需要许可证才能出口到中国？")
    assert told.outcome is Outcome.ANSWERED
    assert told.question == "英伟达H20芯片什么时候需要许可证才能出口到中国？"
    assert told.searched == "when Nvidia H20 chips need licence export China?"
    assert "9 April 2025" in told.quotes[0].text


def test_a_chinese_source_that_answers_is_quoted_in_its_own_words(pipeline):
    told = pipeline.ask("是否许可镓和锗出口？")
    assert told.searched == told.question
    assert "不许可镓、锗和锑" in told.quotes[0].text


def test_most_questions_in_chinese_find_the_sentence_that_answers(records):
    """The half with even numbers, which the word list was not made on."""
    every = map(json.loads, QUESTIONS.read_text(encoding="utf-8").splitlines())
    asked = [q for q in every if q["answerable"] and int(q["id"].removeprefix("zh-")) % 2 == 0]
    first = [(records.ask(q["question"]).quotes[:1], q["sentences"]) for q in asked]
    right = [any(overlaps(quote.text, s) for quote in quotes for s in sentences) for quotes, sentences in first]
    assert sum(right) >= 0.6 * len(asked)


def test_what_is_off_the_subject_is_refused_in_any_language(records):
    assert records.ask("今天上海的天气怎么样？").outcome is Outcome.NOT_FOUND
    assert records.ask("2022年世界杯是谁赢了冠军？").outcome is Outcome.NOT_FOUND
