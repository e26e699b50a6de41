"""What is new and what happened when: the questions, which records tell it, in which order, and how many there are."""

from __future__ import annotations

from datetime import date

import pytest
from material import document

from rag.datatypes import Outcome, When
from rag.rules.news import asked_news, gathered
from rag.split import sentences

MAY = When(period=(date(2025, 5, 1), date(2025, 5, 31)), words=("in May 2025",))


class Shelf:
    """An index of a few records, each with its title, status, side and day."""

    def __init__(self, *rows):
        self.documents = [
            document(
                f"{title}, it is told. More.",
                id=title,
                title=title,
                status=status,
                side=side,
                published=day,
                kind="record",
            )
            for title, status, side, day in rows
        ]

    def listed(self):
        return self.documents

    def find(self, name):
        return next(d for d in self.documents if d.id == name)

    @staticmethod
    def rarity(token):
        return 1.0


ALL = Shelf(
    ("Lee on lamps", "statement", "us", "2025-05-02"),
    ("Lion bars zebra lamps", "in force", "china", "2025-05-09"),
    ("Zebra lamps shown at a fair", "event", "us", "2025-05-20"),
    ("Zebra lamps freed", "in force", "us", "2025-06-01"),
)


LAMPS = """---
id: lamps
title: Zebra lamps revoked
date: 2025-08-29
side: us
status: in force
status_as_of: 2026-01-31
sources: [{title: Daily, publisher: Daily, url: "https://example.org/lamps", date: 2025-09-02}]
---
The rule on zebra lamps was published on 2 September 2025 by the Bureau of Examples. The rule of the Bureau of \
Examples covers zebra lamps.
"""
NO_TIME = When()


def told(question, when=NO_TIME, most=5, shelf=ALL, **given):
    asked = asked_news(question, when)
    assert asked is not None, question
    found = gathered(asked, shelf, sentences, most, **given)
    return [q.document.source.title for q in found.quotes] if found else [], found and found.note


@pytest.mark.parametrize(
    "question",
    [
        "What's new?",
        "whats new",
        "what is the latest?",
        "Any news?",
        "Are there any recent developments?",
        "What are the latest developments?",
    ],
)
def test_what_is_new_is_told_newest_first(question):
    titles, note = told(question, most=2)
    assert titles == ["Zebra lamps freed", "Zebra lamps shown at a fair"]
    assert note == "4 records; 2 are quoted, newest first. The newest is of 1 June 2025."


@pytest.mark.parametrize(
    "question", ["What is the latest on zebra lamps?", "any news about zebra lamps", "newest zebra lamp measures"]
)
def test_the_latest_on_a_topic_is_of_that_topic(question):
    assert told(question)[0] == ["Zebra lamps freed", "Zebra lamps shown at a fair", "Lion bars zebra lamps"]


@pytest.mark.parametrize(
    "question", ["What happened in May 2025?", "what else changed in May 2025", "What was new in May 2025?"]
)
def test_what_happened_in_a_month_is_told_in_order_of_date(question):
    titles, note = told(question, MAY)
    assert titles == ["Lee on lamps", "Lion bars zebra lamps", "Zebra lamps shown at a fair"]
    assert note == "3 records dated 1 to 31 May 2025, in order of date."


def test_of_more_than_can_be_shown_rules_come_before_events_and_words():
    assert told("What happened in May 2025?", MAY, most=2)[0] == [
        "Lion bars zebra lamps",
        "Zebra lamps shown at a fair",
    ]


def test_what_became_known_after_the_day_is_not_quoted_as_news(shelf):
    shelf.write(lamps_md=LAMPS)
    shelf.build()
    opened = shelf.pipeline()
    then, now = (opened.ask("What happened in August 2025?", as_of=day) for day in (date(2025, 8, 31), None))
    opened.index.close()
    assert [q.text for q in then.quotes] == ["The rule of the Bureau of Examples covers zebra lamps."]
    assert "published on 2 September 2025" in now.quotes[0].text


def test_a_side_that_acts_and_one_that_is_chosen_leave_out_the_others():
    assert told("What did China do in May 2025?", MAY)[0] == ["Lion bars zebra lamps"]
    assert told("What happened in May 2025?", MAY, side="china")[0] == ["Lion bars zebra lamps"]


def test_what_came_after_the_day_is_not_known():
    assert told("What's new?", as_of=date(2025, 5, 10))[0] == ["Lion bars zebra lamps", "Lee on lamps"]


@pytest.mark.parametrize(
    "question",
    [
        "zebra lamps timeline",
        "explain the zebra lamps story",
        "timeline of zebra lamps",
        "Give me a chronology of zebra lamps",
        "history of zebra lamps",
    ],
)
def test_a_chronology_begins_with_the_oldest(question):
    assert told(question)[0] == ["Lion bars zebra lamps", "Zebra lamps shown at a fair", "Zebra lamps freed"]


def test_a_year_in_the_topic_is_a_time():
    assert told("key events of 2024") == ([], None)
    assert len(told("key events of 2025")[0]) == 4


@pytest.mark.parametrize(
    ("question", "when"),
    [
        ("What happened to the Zebra Rule?", NO_TIME),  # what became of it
        ("What is the latest date to file?", NO_TIME),
        ("What is the newest Lion lamp?", NO_TIME),  # a product
        ("What did Lion do?", NO_TIME),
        ("What did Lion say in May 2025?", MAY),
        ("What happened after May 2025?", When(period=(date(2025, 6, 1), date.max), words=("after May 2025",))),
    ],
)
def test_other_questions_are_none(question, when):
    assert asked_news(question, when) is None


def test_a_month_is_told_by_its_records_and_one_without_any_is_refused(records):
    found = records.ask("What happened in December 2024?")
    assert found.outcome is Outcome.ANSWERED
    days = [q.document.source.published for q in found.quotes]
    assert days == sorted(days)
    assert all(day.startswith("2024-12") for day in days)
    assert any("records dated 1 to 31 December 2024" in note for note in found.notes)
    assert not any("other days are not left out" in note for note in found.notes)
    assert records.ask("What happened in March 2011?").outcome is Outcome.NOT_FOUND


def test_the_latest_on_something_else_altogether_is_refused(records):
    assert records.ask("What is the latest on pizza?").outcome is Outcome.NOT_FOUND


@pytest.mark.parametrize(
    ("question", "titles"),
    [
        ("Which bills are pending in Congress?", ["Zebra Act in committee"]),
        ("list the rules still proposed", ["Zebra Act in committee", "Draft rule on zebra lamps"]),
        ("What lamp rules are suspended?", ["Rule on lamps"]),
        ("Which rules are revoked?", []),
    ],
)
def test_what_has_a_status_is_gathered_by_it(question, titles):
    shelf = Shelf(
        ("Draft rule on zebra lamps", "proposed", "us", "2025-01-02"),
        ("Zebra Act in committee", "proposed", "us", "2025-03-02"),
        ("Rule on lamps", "suspended", "us", "2024-03-02"),
        ("Rule on tin", "suspended", "us", "2024-02-02"),
    )
    assert told(question, When(now=True, words=("still",)), shelf=shelf)[0] == titles


def test_a_bare_firm_or_chip_is_told_by_its_newest_records_and_a_name_of_the_field_by_its_own():
    assert asked_news("nvidia", NO_TIME).newest_first
    assert asked_news("H20", NO_TIME).about == {"h20"}
    assert asked_news("15% deal", NO_TIME) is None
    assert asked_news("zebra lamps", NO_TIME) is None


def test_a_place_beside_a_firm_is_no_side():
    asked = asked_news("What is new with Nvidia and China?", NO_TIME)
    assert (asked.about, asked.side) == ({"nvidia"}, "")
    assert asked_news("nvidia china latest news", NO_TIME) == asked
    assert asked_news("What is new in China?", NO_TIME).side == "china"


def test_a_time_may_stand_in_the_middle():
    found = told("Anything new in May 2025 on zebra lamps?", MAY)[0]
    assert found == ["Zebra lamps shown at a fair", "Lion bars zebra lamps"]


def test_a_time_after_the_last_source_is_told(records):
    refused = records.ask("What happened in March 2031?")
    assert refused.outcome is Outcome.NOT_FOUND
    assert any(note.startswith("The sources end on ") for note in refused.notes)
