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
        "China opposes the U.S. Section 232 investigation of chips.",
        "Comments go to Doc. No. BIS-2025-0034 by mail.",
        "In Civ. No. A-12 the court ruled.",
        "Sales fell by 5.5 billion in Q1.",
        "SMIC v. United States was never filed.",
        "See S.Rept. 119-44, p. 141, and H.Rept. 118-5, Div. B, for the figures of the Cmte. on Trade.",
        "It costs approx. 5 dollars, as Fed. Reg. 88 says.",
        "SEC. 2. DEFINITIONS.",
        "“§ 2741. Definitions of terms.",
        "Table 4-1. Makers of wafers by place.",
        "The agreement that led to Ms. Example’s release was long.",
        "The “first” rule (see no. 5) and Supp. No. 2 apply.",
        "The Committees' bill, i.e. H.R. 5, is at Pub. L. 117-167, 136 Stat. 1366.",
    ],
)
def test_an_abbreviation_a_code_or_a_number_ends_no_sentence(text):
    assert texts_of(text) == [text]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("See 50 U.S.C. 4801 et seq. The Secretary may act.", ["See 50 U.S.C. 4801 et seq.", "The Secretary may act."]),
        ("It names Example Co., Ltd. It was added in 2019.", ["It names Example Co., Ltd.", "It was added in 2019."]),
        ("Q Did he? MR. KIRBY: No. That is wrong.", ["Q Did he?", "MR. KIRBY: No.", "That is wrong."]),
        (
            "It covers items under 3A090.a. Items that it does not name are free.",
            ["It covers items under 3A090.a.", "Items that it does not name are free."],
        ),
        ("The offices close at 5 p.m. Exporters may wait.", ["The offices close at 5 p.m.", "Exporters may wait."]),
        ("It was added.This is a slip of the source.", ["It was added.", "This is a slip of the source."]),
        ("“We will not stop.” Then he left.", ["“We will not stop.”", "Then he left."]),
    ],
)
def test_an_abbreviation_ends_a_sentence_where_the_next_word_begins_one(text, sentences):
    assert texts_of(text) == sentences


def test_the_mark_of_a_footnote_stays_with_its_sentence():
    assert texts_of("It is “focused.”⁹⁸ The Senate agreed.⁵⁴ ⁵⁵ More was said.[12] And so it went.") == [
        "It is “focused.”⁹⁸",
        "The Senate agreed.⁵⁴ ⁵⁵",
        "More was said.[12]",
        "And so it went.",
    ]


@pytest.mark.parametrize(
    "line", ["¹⁰, " * 400, "¹" * 4000, "Supp. No. 4. of it, " * 2000, "foo bar. baz " * 2000, "9.9." * 4000]
)
def test_a_line_that_never_ends_a_sentence_is_split_in_a_while_all_the_same(line):
    """With a doubling for each mark more, or for each stop all of the line again, this would not come to an end."""
    assert texts_of(f"See {line} and so on.")[-1].endswith("and so on.")


def test_what_has_no_letter_or_digit_is_no_sentence_of_its_own():
    assert texts_of("“”. The term covers wafers. *.") == ["“”. The term covers wafers. *."]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("问：请问有何评论？ 答：中方坚决反对。", ["问：请问有何评论？", "答：中方坚决反对。"]),
        ("他说：“这是错误的。”随后离开。", ["他说：“这是错误的。”", "随后离开。"]),
        ("“这是错误的。”发言人说。", ["“这是错误的。”发言人说。"]),
        ("适用于：1.为制造；2.用于研发。3.纯度>99.9%。", ["适用于：1.为制造；2.用于研发。", "3.纯度>99.9%。"]),
        ("「好。」『行。』（完。）", ["「好。」", "『行。』", "（完。）"]),
        ("根据规定（2020年）。现公告如下：一、物项。", ["根据规定（2020年）。", "现公告如下：一、物项。"]),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en", ""])
def test_chinese_sentences_end_at_their_own_stops_whatever_the_document_declares(text, sentences, language):
    assert texts_of(text, language=language) == sentences


def test_a_chinese_passage_is_shorter_for_each_of_its_characters_says_more():
    sentence = "国" * 79 + "。"
    passages = split(document("".join([sentence] * 12), language="zh"))
    assert [len(p.sentences) for p in passages] == [4, 4, 4]


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
