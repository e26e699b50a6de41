"""Sentences of a record that tell what came only after a day."""

from __future__ import annotations

from datetime import date

import pytest
from material import document

from rag.datatypes import Reference, Span
from rag.rules.hindsight import tells_later

DAY = date(2025, 10, 15)
RECORD = {"kind": "record", "published": "2025-09-01", "references": (Reference("r"),)}


def later(text: str, ended_later: bool = False, **fields) -> bool:
    paper = document(text, **(RECORD | fields))
    return tells_later(Span(paper, 0, len(text)), DAY, ended_later)


@pytest.mark.parametrize(
    "text",
    [
        "The Bureau suspended the tin rule from 10 November 2025 through 9 November 2026.",
        "In December 2025 a newspaper found the missing tin.",
        "The tin rule was in force as of 27 June 2026.",
        "Tin has been listed since 18 December 2020, and the listing was in force as of 27 June 2026.",
        "The ministry's package of 9 November 2025 freed tin.",
        "The tin tariff of December 2025, at 0% until 23 June 2027, comes on top.",
        "The draft went to review on 26 February 2026 and was withdrawn on 13 March 2026.",
        "A paper reported in December 2025 that a machine had been finished in early 2025.",
        "The licence held for six weeks, from 29 September 2025 to 9 November 2025.",
        "No notice that closes the case had been found by 1 November 2025.",
        "By June 2026 the first tin of the deal of September 2025 was described as months away.",
        "The suspensions of November 2025 did not cover the tin rule of April 2025.",
        "The listing of April 2025 is why the tin rule of November 2025 reached it, according to a report of June 2026.",
        "Lee spoke about tin on 1 September 2025, a week before the December 2025 tin package.",
        "The label was played down after 2026, but the tin plan went on.",
        "The report on tin was due on 14 April 2026 and was filed but is not public.",
        "Lee had meant lead when he spoke of tin in September 2025, the ministry later clarified.",
        "The Bureau later corrected the tin licence of the rule, with effect from 11 November 2025.",
        "The tin rule was followed by licensing for lead later in 2025, according to press reports.",
        "The ministry said that tin will be free, and later withdrew the words.",
    ],
)
def test_what_was_told_only_later_is_kept_out(text):
    assert later(text)


@pytest.mark.parametrize(
    "text",
    [
        "The Bureau issued the tin rule on 29 September 2025.",
        "Tin is a metal.",
        "The tin rule takes effect on 1 December 2025.",
        "The tin rule of 9 October 2025 was to start on 1 December 2025.",
        "The tin rule is effective 1 December 2025.",
        "The tin exemption runs until 9 November 2026.",
        "Licences for tin are valid through 31 December 2026.",
        "Reports on tin are due on 30 November 2025.",
        "Duties on tin will rise on 1 January 2026.",
        "The roadmap scheduled tin solder for the first quarter of 2026.",
        "The aim of the plan Made in Tin 2026 is 70% by 2030.",
        "Section 2026 of the act and FR Doc. 2026-00123 define tin.",
        "The tin rule of 2022 reaches 2,026 firms.",
        "The tin rule of 1 September 2025 took effect at once, except for a part with a date of 1 January 2026.",
        "Since the rules of April 2025 tin needs a licence, according to an article of 16 June 2026.",
        "Tin would be free, Lee said on 1 September 2025, as the commentary of May 2026 recounts.",
        "Comments on the rule of September 2025 had to be in by 18 December 2025.",
        "The plan of 2014 set the goal of tin for all by 2030; it was to be met by 2026 at first.",
        "The aim of the plan was 70% by 2030.",
        "The September 2025 rule asks for a report by 1 July 2026.",
        "The lead agreed in September 2025 to drop later rounds and a later tin rule.",
        "Lee clarified later on 5 September 2025 that tin is a metal.",
        "The rule was to be replaced later in 2026.",
        "Answers were taken no later than 5 September 2025.",
    ],
)
def test_what_was_known_or_announced_by_then_is_kept(text):
    assert not later(text)


def test_its_own_end_is_told_without_a_date_too():
    assert later("The tin rule has since been superseded.", ended_later=True, status="superseded")
    assert not later("The tin rule has since been superseded.", ended_later=False, status="superseded")
    assert later("Congress repealed the tin rule.", ended_later=True, status="rescinded")
    assert later("The tin licence is no longer in force.", ended_later=True, status="superseded")
    assert later("The final tin bill left out the lead clause.", ended_later=True, status="proposed")
    assert not later("The tin rule superseded that of 2019 on 1 September 2025.", ended_later=True, status="superseded")


def test_what_was_done_later_is_known_when_all_it_was_taken_from_was_out():
    text = "Lee had meant lead, the ministry later clarified."
    assert later(text, references=(Reference("r", date="2025-09-02"), Reference("s", date="2025-10-16")))
    assert not later(text, references=(Reference("r", date="2025-09-02"), Reference("s", date="2025-10-15")))
    assert not later(text, status_as_of="2025-10-15"), "it was checked by then"
    dated = "Lee was followed by others later in 2025."
    assert later(dated, references=(Reference("r", date="2025-09-02"),)), "its own day comes first"


def test_a_change_that_came_later_was_not_set_ahead():
    text = "The Bureau amended the tin rule of September 2025 with corrections effective 4 November 2025."
    assert later(text, ended_later=True, status="in force")
    assert not later(text, ended_later=False, status="in force")
    announced = "The Bureau amended the tin rule on 1 October 2025, effective 4 November 2025."
    assert not later(announced, ended_later=True, status="in force")


def test_the_thing_that_a_record_is_about_is_no_later_one():
    text = "The November 2025 rule amends the tin rule of April 2024."
    assert later(text)
    assert not later(text, effective="2025-11-04")


def test_only_a_record_is_written_later_than_its_date():
    text = "The Bureau suspended the tin rule from 10 November 2025."
    assert later(text)
    assert not later(text, kind="document")
