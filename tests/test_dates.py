"""Dates as people write them, and the days that they mean."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.dates import in_words, mentions, read, stretch_in_words

TODAY = date(2026, 11, 24)
days = st.dates(date(1990, 1, 1), date(2050, 1, 1))


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("13 May 2025", "2025-05-13", "2025-05-13"),
        ("May 13, 2025", "2025-05-13", "2025-05-13"),
        ("13th of May 2025", "2025-05-13", "2025-05-13"),
        ("5/13/2025", "2025-05-13", "2025-05-13"),
        ("Sept. 2025", "2025-09-01", "2025-09-30"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("Q3 of 2025", "2025-07-01", "2025-09-30"),
        ("the third quarter of 2025", "2025-07-01", "2025-09-30"),
        ("the end of Q3 2025", "2025-09-01", "2025-09-30"),
        ("early Q4 2025", "2025-10-01", "2025-10-31"),
        ("mid Q1 2025", "2025-02-01", "2025-02-28"),
        ("H1 2026", "2026-01-01", "2026-06-30"),
        ("late February 2025", "2025-02-21", "2025-02-28"),
        ("the end of 2024", "2024-12-01", "2024-12-31"),
        ("last year", "2025-01-01", "2025-12-31"),
        ("yesterday", "2026-11-23", "2026-11-23"),
        ("2025年5月13日", "2025-05-13", "2025-05-13"),
        ("2024年", "2024-01-01", "2024-12-31"),
    ],
)
def test_a_phrase_is_read_as_the_days_it_means(words, first, last):
    assert read(words, TODAY) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("words", ["31 February 2025", "Q5 2025", "the chip"])
def test_what_is_no_date_is_none(words):
    assert read(words, TODAY) is None


@given(days)
def test_a_day_in_words_is_read_back(day):
    assert read(in_words(day)) == (day, day)
    assert [(m.first, m.last) for m in mentions(f"It began on {in_words(day)}.")] == [(day, day)]


@given(days, st.integers(0, 800))
def test_a_stretch_in_words_names_both_of_its_ends(first, length):
    last = first + timedelta(length)
    shown = stretch_in_words((first, last))
    assert shown.endswith(in_words(last))
    assert shown.split()[0] == str(first.day)


def test_open_ends_are_said():
    assert stretch_in_words((date.min, date(2025, 5, 12))) == "up to 12 May 2025"
    assert stretch_in_words((date(2025, 5, 14), date.max)) == "from 14 May 2025 on"
    assert stretch_in_words((date(2025, 5, 1), date(2025, 5, 31))) == "1 to 31 May 2025"


def test_numbers_that_are_no_dates_are_not_mentioned():
    text = "FY2026, $2025, 2,025 chips, 2025% of 15 CFR 744.2023, FR Doc. 2023-23055, 20255 and H2025"
    assert list(mentions(text)) == []


@pytest.mark.parametrize(
    ("iso", "shown"),
    [("2025-05-03", "3 May 2025"), ("2025-05", "May 2025"), ("2025", "2025"), ("2025-13", "2025-13"), ("soon", "soon")],
)
def test_iso_dates_read_as_people_write_them(iso, shown):
    assert in_words(iso) == shown
