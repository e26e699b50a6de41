"""Sentences and passages: exact offsets, nothing lost, nothing cut in two, headings kept apart."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from material import document

from rag.split import LONG_SENTENCE, PASSAGE_CHARACTERS, sentences, split
from rag.text import normalise

WORDS = [
    "The", "licence", "BIS", "U.S.", "No.", "Sec. 744.23", "3A090.a", "4,800", "e.g.", "Inc.", "denied.", "why?", "Yes!",
    "(a)", "1.", "“quoted.”", "—", "•", ";", "出口管制。", "不许！", "第一条；", "”", "😀", "é", "v.", "Mr. Chen", "910B.", ":",
]  # fmt: skip
lines = st.lists(st.sampled_from(WORDS), min_size=1, max_size=25).map(" ".join)
free = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)
heading = lines.map(lambda line: "# " + line)
texts = st.lists(st.one_of(lines, free, heading), min_size=1, max_size=8).map("\n".join).map(normalise).filter(bool)
languages = st.sampled_from(["en", "zh", "zh-cn", "de", "fr", "ja", "xx", ""])


def body(paper):
    """The characters outside headings that are not white space."""
    inside = {n for a, b in paper.headings for n in range(a, b)}
    return [n for n, c in enumerate(paper.text) if n not in inside and not c.isspace()]


@given(texts, languages)
def test_sentences_are_in_order_apart_and_together_all_of_the_text(text, language):
    paper = document(text, language=language)
    found = [span for _, span in sentences(paper)]
    for span in found:
        assert span.text == text[span.start : span.end] == span.text.strip()
        assert "\n" not in span.text
    for before, after in pairwise(found):
        assert before.end <= after.start
    covered = [n for span in found for n in range(span.start, span.end) if not text[n].isspace()]
    assert covered == body(paper)


@given(texts, languages)
def test_passages_are_made_of_whole_sentences_each_in_exactly_one(text, language):
    paper = document(text, language=language)
    passages = split(paper)
    assert [s for p in passages for s in p.sentences] == [s for _, s in sentences(paper)]
    for passage in passages:
        assert (passage.start, passage.end) == (passage.sentences[0].start, passage.sentences[-1].end)
        assert passage.text == text[passage.start : passage.end]
        assert len(passage.text) <= PASSAGE_CHARACTERS or len(passage.sentences) == 1


@given(st.lists(lines, min_size=2, max_size=4), st.integers(2, 4))
def test_a_repeated_text_keeps_its_own_coordinates_each_time(blocks, times):
    paper = document(normalise("\n".join(blocks * times)))
    found = [span for _, span in sentences(paper)]
    assert len({(s.start, s.end) for s in found}) == len(found)
    once = document(normalise("\n".join(blocks)))
    assert [s.text for s in found] == [s.text for _, s in sentences(once)] * times


def texts_of(text, **fields):
    return [span.text for _, span in sentences(document(text, **fields))]


def test_plain_sentences_are_parted():
    assert texts_of("It was denied. Nobody knew why. Was it law?") == [
        "It was denied.",
        "Nobody knew why.",
        "Was it law?",
    ]


def test_chinese_sentences_are_parted_without_spaces():
    assert texts_of("原则上不许可出口。本公告自公布之日起实施！", language="zh") == [
        "原则上不许可出口。",
        "本公告自公布之日起实施！",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The rule at Sec. 744.23 applies to Huawei Technologies Co. Ltd. and to its affiliates.",
        "See 15 CFR § 744.23(a)(3) and Supp. No. 1 to part 774.",
        "ECCN 3A090.a covers chips of 4,800 or more, i.e. the fastest.",
        "The U.S. government issued it on Jan. 15, 2025.",
        "Sales fell by 5.5 billion in Q1.",
        "SMIC v. United States was never filed.",
    ],
)
def test_an_abbreviation_a_code_or_a_number_ends_no_sentence(text):
    assert texts_of(text) == [text]


def test_a_list_mark_stays_with_its_item():
    assert texts_of("1. Chips. 2. Tools.") == ["1. Chips.", "2. Tools."]


def test_a_block_ends_a_sentence_even_without_a_stop():
    assert texts_of("no stop here\nand none here") == ["no stop here", "and none here"]


def test_a_heading_is_no_sentence_and_names_the_passages_below_it():
    passages = split(document("Before.\n# One\nFirst.\nSecond.\n# Two\nThird."))
    assert [(p.heading, p.text) for p in passages] == [
        ("", "Before."),
        ("# One", "First.\nSecond."),
        ("# Two", "Third."),
    ]


def test_passages_are_as_long_as_whole_sentences_allow():
    sentence = "X" + "x" * 97 + "."  # 99 characters, 100 with the space behind
    passages = split(document(" ".join([sentence] * 20)))
    assert [len(p.sentences) for p in passages] == [8, 8, 4]
    assert len(passages[0].text) == 799


def test_a_long_list_is_cut_at_semicolons_and_nothing_is_lost():
    text = "; ".join(f"item number {n:03} of the list" for n in range(100)) + "."
    found = texts_of(text)
    assert len(found) > 1
    assert all(piece.endswith((";", ".")) for piece in found)
    assert all(len(piece) <= LONG_SENTENCE for piece in found)
    assert " ".join(found) == text


def test_a_sentence_that_cannot_be_cut_is_a_passage_of_its_own():
    text = "word " * 400 + "end."
    (passage,) = split(document(text))
    assert passage.text == text


def test_a_document_of_headings_only_has_no_passage():
    assert split(document("# One\n# Two")) == []
