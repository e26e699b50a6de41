"""The phrases of the field that stand for days."""

from __future__ import annotations

from datetime import date

import pytest

from rag.datatypes import Anchor
from rag.errors import SettingsError
from rag.glossary import anchors, names_an_anchor, official_titles, record_of, same_as


def test_phrases_stand_for_a_day_or_for_a_stretch_that_may_last(tmp_path):
    path = tmp_path / "glossary.toml"
    path.write_text(
        '[[term]]\nshort = "BIS"\nlong = ["Bureau"]\nnote = "n"\n'
        '[[anchor]]\nphrases = ["busan summit", "busan truce"]\ndate = "2025-10-30"\nrecord = "r"\n'
        '[[anchor]]\nphrases = ["first term"]\nfrom = "2017-01-20"\nto = "2021-01-20"\nrecord = "r"\n'
        '[[anchor]]\nphrases = ["second term"]\nfrom = "2025-01-20"\nrecord = "r"\n'
    )
    assert anchors(path) == (
        Anchor(("busan summit", "busan truce"), date(2025, 10, 30), date(2025, 10, 30), record="r"),
        Anchor(("first term",), date(2017, 1, 20), date(2021, 1, 20)),
        Anchor(("second term",), date(2025, 1, 20), None),
    )


def test_without_a_glossary_there_are_no_such_phrases(tmp_path):
    assert anchors(tmp_path / "none.toml") == ()


@pytest.mark.parametrize(
    "text",
    [
        "[[anchor",
        '[[anchor]]\nphrases = ["x"]\ndate = "soon"',
        '[[anchor]]\nphrases = "x"\ndate = "2025-01-01"',
        '[[anchor]]\ndate = "2025-01-01"',
    ],
)
def test_a_spoilt_glossary_is_named_with_what_to_do(tmp_path, text):
    path = tmp_path / "glossary.toml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=r"glossary\.toml"):
        anchors(path)


def test_names_of_one_entry_mean_the_same(tmp_path):
    path = tmp_path / "glossary.toml"
    path.write_text('[[term]]\nshort = "DoD"\nlong = ["Defense Department", "Pentagon"]\nnote = "n"\n')
    assert same_as("pentagon", path) == ("DoD", "Defense Department", "Pentagon")
    assert same_as("Treasury", path) == ()
    assert "Pentagon" in same_as("DoD")


def test_a_question_that_names_a_day_of_the_field_is_on_it():
    assert names_an_anchor("What happened at the Busan Summit?")
    assert not names_an_anchor("Who won the football match in Geneva?")


def test_official_titles_of_what_a_question_calls_otherwise(tmp_path):
    path = tmp_path / "glossary.toml"
    path.write_text(
        '[[term]]\nshort = "Zebra Rule"\nlong = ["9% rule"]\ntitle = "Controls on Lamps"\nnote = "n"\n'
        '[[term]]\nshort = "BIS"\nlong = ["Bureau"]\nnote = "n"\n'
    )
    assert official_titles("Is the 9% rule of BIS in force?", path) == ("Controls on Lamps",)
    assert official_titles("is the zebra-rule in force?", path) == ("Controls on Lamps",)
    assert official_titles("What do the Controls on Lamps, the Zebra Rule, say?", path) == ()
    assert official_titles("Are zebra rules in force?", path) == ()


def test_what_has_a_name_in_the_field_has_its_record():
    assert record_of("15% Deal") == "us-2025-08-11-15-percent-revenue-arrangement"
    assert record_of("madrid talks") == ""  # its record is on something else
    assert record_of("zebra") == ""
