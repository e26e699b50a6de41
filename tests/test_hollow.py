"""Sentences that say nothing by themselves come behind those that do."""

from __future__ import annotations

import pytest
from material import document

from rag.datatypes import Span
from rag.rules.hollow import saying_more, saying_something


def share(text, question="What became of the lamps?", start=0, **source):
    paper = document(
        f"{'x' * start}{text}", **{"title": "Lamps of Zebra Corp; Correction", "kind": "document", **source}
    )
    return saying_something(question)(Span(paper, start, start + len(text)))


@pytest.mark.parametrize(
    "text",
    [
        "Lamps of Zebra Corp; Correction",
        "Federal Register document 2024-0815, published 2024-02-01",
        "[FR Doc. 2024-0815 Filed 1-31-24]",
        "Read more here: https://example.org/lamps",
        "附件：灯具清单.pdf",
        "Thanks, Ambassador.",
    ],
)
def test_what_says_nothing_keeps_less(text):
    assert share(text) < 1


@pytest.mark.parametrize(
    "text",
    [
        "Zebra Corp has sold its lamps to Lion Corp.",
        "Lamps of Zebra Corp were sold.",
        "In May 2024.",
        "The rule for lamps stands at https://example.org/lamps and was made by the Bureau in June.",
        "附件所列灯具自2024年1月1日起不得出口。",
    ],
)
def test_what_says_something_keeps_all(text):
    assert share(text) == 1


def test_a_title_far_down_a_record_and_questions_for_papers_are_left_alone():
    assert share("Lamps of Zebra Corp; Correction", start=1000) == 1
    assert share("Lamps of Zebra Corp; Correction", kind="record") == 1
    assert share("Federal Register document 2024-0815, published 2024-02-01", "When was it published?") == 1


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("The Zebra Act was a proposed bill, not in force, as of 27 June 2026.", False),
        ("The Zebra Rule is in force as of 27 June 2026.", False),
        ("The Zebra Act would make firms report lamps.", True),
        ("The Zebra Rule was suspended, not rescinded, as of 27 June 2026, and returns on 10 November 2026.", True),
    ],
)
def test_how_a_thing_stands_says_nothing_of_what_it_is(text, more):
    assert (saying_more(Span(document(text), 0, len(text))) == 1) == more
