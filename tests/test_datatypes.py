"""Coordinates that cannot lie: spans, keys, versions, dates."""

from __future__ import annotations

import dataclasses
import hashlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from material import document

from rag.datatypes import Document, Outcome, Passage, Quote, Source, Span, last_day, quote_key

TEXT = "No exports. No exports. 不许出口。"


@given(st.integers(-5, 30), st.integers(-5, 30))
def test_a_span_is_a_range_of_its_document_or_is_refused(start, end):
    paper = document(TEXT)
    if 0 <= start < end <= len(TEXT):
        assert Span(paper, start, end).text == TEXT[start:end] != ""
    else:
        with pytest.raises(ValueError, match=r"is no range of doc \(29 characters\)"):
            Span(paper, start, end)


@pytest.mark.parametrize("kind", [Span, Passage, Quote])
def test_every_kind_of_span_refuses_what_is_outside(kind):
    with pytest.raises(ValueError, match="no range"):
        kind(document(TEXT), 0, len(TEXT) + 1)


def test_a_quote_has_no_text_of_its_own():
    assert "text" not in {field.name for field in dataclasses.fields(Quote)}
    quote = Quote(document(TEXT), 12, 23)
    assert quote.text == "No exports."
    with pytest.raises((dataclasses.FrozenInstanceError, AttributeError, TypeError)):
        quote.text = "Exports."
    with pytest.raises(dataclasses.FrozenInstanceError):
        quote.start = 0


def test_the_same_words_at_two_places_are_two_quotes():
    paper = document(TEXT)
    first, second = Quote(paper, 0, 11), Quote(paper, 12, 23)
    assert first.text == second.text
    assert first.key != second.key


def test_the_same_words_in_two_documents_are_two_quotes():
    one, other = document(TEXT, id="one"), document(TEXT, id="other")
    assert Quote(one, 0, 11).key != Quote(other, 0, 11).key


def test_a_key_stays_what_it_was_in_the_first_release():
    """Permalinks and exports hold keys; this value, worked out by hand once, may never change."""
    by_hand = hashlib.sha256(b"doc\nabc\n0\n11").hexdigest()[:8]
    assert quote_key("doc", "abc", 0, 11) == by_hand == "4c374dfb"


coordinates = st.tuples(st.text("ab", max_size=3), st.text("01", max_size=3), st.integers(0, 99), st.integers(0, 99))


@given(coordinates, coordinates)
def test_keys_are_equal_only_for_equal_coordinates(one, other):
    assert (quote_key(*one) == quote_key(*other)) == (one == other)


def test_a_quote_has_the_key_of_its_coordinates_whatever_its_score():
    paper = document(TEXT)
    assert Quote(paper, 0, 11).key == Quote(paper, 0, 11, 0.7).key == quote_key("doc", paper.version, 0, 11)


def test_a_version_is_the_sha256_of_the_text():
    paper = document(TEXT)
    assert paper.version == hashlib.sha256(TEXT.encode()).hexdigest()
    assert document(TEXT.replace("No", "no")).version != paper.version


@pytest.mark.parametrize(
    ("partial", "last"),
    [
        ("2025", date(2025, 12, 31)),
        ("2025-05", date(2025, 5, 31)),
        ("2024-02", date(2024, 2, 29)),
        ("2025-02", date(2025, 2, 28)),
        ("2025-05-13", date(2025, 5, 13)),
    ],
)
def test_a_partial_date_means_its_last_day(partial, last):
    assert last_day(partial) == last


@pytest.mark.parametrize("value", ["", "May 2025", "2025-13", "2025-02-30", "2025-05-13-01x", "0000"])
def test_what_is_no_date_is_refused(value):
    with pytest.raises(ValueError, match=r".*"):
        last_day(value)


def test_a_document_counts_as_published_from_the_last_day_its_date_may_mean():
    source = Source("t", published="2025-05")
    assert not source.published_by(date(2025, 5, 30))
    assert source.published_by(date(2025, 5, 31))


def test_an_undated_document_was_surely_out_on_no_day():
    assert not Source("t").published_by(date(9999, 12, 31))


def test_outcomes_are_the_four_words_of_the_design():
    assert [outcome.value for outcome in Outcome] == ["answered", "partial", "not_found", "premise_contradicted"]


def test_values_are_frozen():
    for value, name in ((Source("t"), "title"), (Document("d", "t", Source("t")), "text")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(value, name, "other")
