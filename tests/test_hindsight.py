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


def test_only_a_record_is_written_later_than_its_date():
    text = "The Bureau suspended the tin rule from 10 November 2025."
    assert later(text)
    assert not later(text, kind="document")
