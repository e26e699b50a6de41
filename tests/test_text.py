"""One form for stored text, what may be folded when words are compared, and what is a word to search."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.text import fold, normalise, words

# Characters that have hurt: invisible ones, odd spaces and line ends, combining marks, Chinese, letters, digits.
NASTY = "\u00ad\u200b\u200d\ufeff\u00a0\u2002\u3000\t\n\r\x0b\x0c\x85\u2028\x00\x1f\u0301\u0338e<é중国芯“”’–—½²①Ａ９.,-"
nasty = st.text(st.one_of(st.sampled_from(NASTY), st.characters()), max_size=80)
plain = st.text("abcdefg 0123456789.,%$-'\"", min_size=1, max_size=60)


@example("e\u200b\u0301")
@given(nasty)
def test_normalising_twice_changes_nothing_more(text):
    assert normalise(normalise(text)) == normalise(text)


@example("\ud800")
@given(nasty)
def test_normalised_text_holds_nothing_invisible_and_no_odd_space(text):
    stored = normalise(text)
    assert not [c for c in stored if unicodedata.category(c) in ("Cc", "Cs") and c != "\n"]
    assert not set(stored) & set("\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u202e\u2066\U000e0041")
    assert all(c in " \n" for c in stored if c.isspace())
    assert "  " not in stored
    stored.encode()


@given(st.text("abc é国😀,.-", max_size=60))
def test_normalising_loses_no_visible_character(text):
    assert normalise(text).split() == unicodedata.normalize("NFC", text).split()


def test_nothing_stays_that_turns_words_round_or_that_only_a_machine_reads():
    assert normalise("does \u202eton\u202c apply\U000e0041\U000e007f\u2066\u200f") == "does ton apply"


def test_the_three_line_ends_become_one():
    assert normalise("one\r\ntwo\rthree\u2028four") == "one\ntwo\nthree\nfour"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“No exports”", '"No exports"'),
        ("the chip’s maker", "the chip's maker"),
        ("2022–2025", "2022-2025"),
        ("a — b", "a - b"),
        ("two\n  words", "two words"),
        ("Ｈ２０", "H20"),
        ("cafe\u0301", "café"),
        ("semi\u00adconductor", "semiconductor"),
        ("no\u00a0licence", "no licence"),
        ("出口\u3000管制", "出口 管制"),
    ],
)
def test_two_renderings_of_the_same_words_fold_together(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("source", "changed"),
    [
        ("a presumption of denial", "a presumption of approval"),
        ("a performance of 4,800 or more", "a performance of 6,800 or more"),
        ("a fee of 15%", "a fee of 25%"),
        ("5%", "5"),
        ("600 GB/s", "600 MB/s"),
        ("is not enforced", "is enforced"),
        ("unlicensed", "licensed"),
        ("cannot ship", "can ship"),
        ("13 May 2025", "15 May 2025"),
        ("$4.5 billion", "$45 billion"),
        ("-5 degrees", "5 degrees"),
        ("3A090.a", "3A090.b"),
        ("不予许可", "予许可"),
        ("H20", "H200"),
        ("10²⁶ operations", "1026 operations"),
        ("1½ years", "11/2 years"),
        ("5′", "5″"),
        ("may", "MAY"),
    ],
)
def test_a_changed_digit_unit_negation_or_name_never_folds_together(source, changed):
    assert fold(source) != fold(changed)


@given(plain, st.data())
def test_a_changed_letter_or_digit_anywhere_is_seen(text, data):
    places = [n for n, c in enumerate(text) if c.isalnum()]
    if not places:
        return
    at = data.draw(st.sampled_from(places))
    other = data.draw(st.sampled_from([c for c in "abcdefg0123456789" if c != text[at]]))
    assert fold(text) != fold(text[:at] + other + text[at + 1 :])


@given(plain, st.data())
def test_a_lost_letter_or_digit_anywhere_is_seen(text, data):
    places = [n for n, c in enumerate(text) if c.isalnum() or c in ".,%$-"]
    if not places:
        return
    at = data.draw(st.sampled_from(places))
    assert fold(text) != fold(text[:at] + text[at + 1 :])


@given(nasty)
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


@given(nasty)
def test_stored_text_folds_as_the_text_it_came_from(text):
    assert fold(normalise(text)) == fold(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("4,800", "4800"),
        ("1,234,567", "1234567"),
        ("U.S.", "US"),
        ("licences", "licence"),
        ("Huawei’s", "Huawei"),
        ("ＥＣＣＮ", "eccn"),
        ("H20s", "H20"),
        ("GB200s", "GB200"),
        ("GPUs", "GPU"),
    ],
)
def test_spellings_of_one_word_are_one_search_token(one, other):
    assert words(one) == words(other)


@pytest.mark.parametrize(
    ("one", "other"), [("9000S", "9000"), ("4,800", "48"), ("744.23", "744"), ("910B", "910C"), ("5.7", "57")]
)
def test_different_numbers_and_codes_are_different_tokens(one, other):
    assert words(one) != words(other)


def test_a_code_is_found_by_its_stem_too():
    assert {"3a090.a", "3a090"} <= set(words("ECCN 3A090.a"))


def test_negations_and_numbers_are_never_stop_words():
    assert words("not no never 5") == ["not", "no", "never", "5"]


def test_chinese_becomes_characters_and_pairs_of_them():
    assert words("出口管制") == ["出", "口", "管", "制", "出口", "口管", "管制"]
    assert words("镓") == ["镓"]


def test_a_single_chinese_character_is_found_inside_a_word():
    assert set(words("镓")) <= set(words("氧化镓的出口"))
    assert not set(words("锗")) & set(words("氧化镓的出口"))


def test_the_mark_of_a_footnote_is_no_part_of_a_word_but_a_power_is_of_its_number():
    assert words("the tariffs.¹ Exporters² wait") == words("the tariffs. Exporters wait")
    assert words("10²⁶ operations") != words("10 operations")


@given(nasty)
def test_any_text_gives_lower_case_tokens(text):
    assert all(token and token == token.lower() for token in words(text))
