"""What is shown where two texts differ: each change marked, nothing else lost, and the nearest place found."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.difference import closest, difference


@pytest.mark.parametrize(
    ("claimed", "there", "shown"),
    [
        ("It has 4,800 units.", "It has 4,500 units.", "It has 4,[-800-]{+500+} units."),
        ("presumption of approval", "presumption of denial", "presumption of [-approval-]{+denial+}"),
        ("May 13", "May  13", "May {+ +}13"),
        ("It is not banned.", "It is banned.", "It is [-not -]banned."),
        ("原则上许可镓", "原则上不许可镓", "原则上{+不+}许可镓"),
        ("", "Words.", "{+Words.+}"),
        ("The same.", "The same.", ""),
    ],
)
def test_each_change_is_marked(claimed, there, shown):
    assert difference(claimed, there) == shown


short = st.text("ab 1,.\n中", max_size=30)


@given(short, short)
def test_both_texts_can_be_read_back_from_the_difference_of_short_ones(one, other):
    shown = difference(one, other)
    assert bool(shown) == (one != other)
    if shown:
        assert re.sub(r"\{\+.*?\+\}", "", shown, flags=re.S).replace("[-", "").replace("-]", "") == one
        assert re.sub(r"\[-.*?-\]", "", shown, flags=re.S).replace("{+", "").replace("+}", "") == other


def test_of_long_texts_only_what_differs_is_shown():
    words = " ".join(f"word{n}" for n in range(200))
    shown = difference(words, words.replace("word100", "other"))
    assert "[-word100-]{+other+}" in shown
    assert len(shown) < 150


@pytest.mark.parametrize("claimed", [" " * 6_000, "x " * 3_000, "the " * 1_500, "," * 6_000])
def test_a_claim_of_one_thing_over_and_over_is_compared_too(claimed):
    """Where every space may stand for every other, comparing takes the third power of them."""
    assert "{+" in difference(claimed, "The rule of 13 May 2025 covers the chips, and the tools, of the list. " * 20)


def test_many_lines_are_looked_for_a_few_at_a_time():
    there = [f"Line {n} of the source tells of item {n}." for n in range(3_000)]
    assert closest("\n".join(there[1_000:1_400]), "\n".join(there)).startswith("Line 1000")


def test_the_closest_place_is_found_wherever_it_moved_and_cut_to_size():
    text = "A heading\n\nNothing of it here.\n\nToday the limit for exporters is 500 tonnes a year. More follows."
    assert closest("The limit for exporters is 400 tonnes a year.", text).startswith(
        "limit for exporters is 500 tonnes"
    )
    assert closest("Unrelated.", text) == ""
    assert closest("", text) == ""
