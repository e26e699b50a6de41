"""What a source is or was, in a word and in a line that agree with each other and with its banner."""

from __future__ import annotations

from datetime import date

import pytest
from material import document

from rag.datatypes import Fate, Quote
from rag.present.standing import in_brief, mark, told_at, unknown_since

DAY = date(2026, 11, 30)


def source(**fields):
    return document("Words.", **fields).source


def quote(name: str, fate: Fate | None = None, **fields) -> Quote:
    return Quote(document("Words of it.", id=name, **fields), 0, 12, fate=fate)


def test_a_mark_says_when_it_was_checked_or_of_which_day_it_is():
    rule = source(status="suspended", status_as_of="2026-06-27")
    assert mark(rule).when == "checked 27 June 2026"
    then = mark(rule, Fate(date(2025, 10, 15), "in force"))
    assert (then.words, then.tone, then.when) == ("In force", "good", "on 15 October 2025")
    assert mark(source(status="event", status_as_of="2026-06-27")).when == "", "what happened is not checked again"
    assert mark(source()) is None


@pytest.mark.parametrize("status", ["suspended", "in force"])
def test_what_was_to_end_on_a_day_that_has_passed_keeps_its_status_up_to_then(status):
    pause = source(status=status, until="2026-11-09")
    fate = Fate(DAY, "unknown")
    assert unknown_since(fate, pause) == "2026-11-09"
    assert in_brief(fate, pause) == f"{status.capitalize()} until 9 November 2026; since then not known"


def test_a_suspension_ends_with_what_suspended_it():
    by = quote("pause", until="2026-11-09")
    assert unknown_since(Fate(DAY, "unknown", replaced_by=(by,)), source(status="suspended")) == "2026-11-09"


def test_a_state_that_is_not_recorded_stays_unknown():
    assert in_brief(Fate(DAY, "unknown"), source(status="in force", effective="2027-01-01")) == "Status not known"
    assert unknown_since(Fate(DAY, "in force"), source(status="in force", until="2026-11-09")) == ""


def test_one_thing_is_told_in_full_once():
    lapsed = {"status": "suspended", "until": "2026-11-09"}
    rule = quote("rule", Fate(DAY, "unknown", replaced_by=(quote("pause", until="2026-11-09"),)), **lapsed)
    pause = quote("pause", Fate(DAY, "unknown"), **lapsed)
    other = quote("other", Fate(DAY, "rescinded"), status="rescinded")
    assert told_at([rule, pause, other, rule]) == [1, 1, 3, 1]
    assert told_at([pause, rule]) == [1, 2], "whose words ended it is told"
