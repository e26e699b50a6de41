"""What a source was on a day, and whose words say so. Invented rules; the dates are the point."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from material import document, whole_sentence

from rag.datatypes import Quote
from rag.rules.fate import fate, outdone, tell_the_state, tell_what_became
from rag.split import sentences

RULE = document(
    "The tin rule bans tin exports. It names forty firms.",
    id="rule", title="Tin rule of the Bureau", published="2025-03-01", effective="2025-04-01", status="suspended",
    status_as_of="2026-01-31", superseded_by=("pause",),
)  # fmt: skip
PAUSE = document(
    "Ministers met for a week. The Bureau suspended the tin rule from 10 May 2025 through 9 May 2026. Copper stays free.",
    id="pause", title="Pause of the tin rule", published="2025-05-08", effective="2025-05-10", until="2026-05-09",
    status="in force", status_as_of="2026-01-31",
)  # fmt: skip
SHELF = {d.id: d for d in (RULE, PAUSE)}


def on(day: str, paper=RULE, **shelf):
    return fate(paper, date.fromisoformat(day), (SHELF | shelf).get, sentences)


def made(status: str, **more):
    return document(
        "Words of the rule.", **({"published": "2025-03-01", "status": status, "status_as_of": "2026-01-31"} | more)
    )


@pytest.mark.parametrize(
    ("day", "state", "later", "words"),
    [
        (
            "2025-03-15",
            "not yet in effect",
            True,
            "Not yet in effect on 15 March 2025; later suspended from 10 May 2025",
        ),
        (
            "2025-04-15",
            "in force",
            True,
            "In force on 15 April 2025; later suspended from 10 May 2025 through 9 May 2026.",
        ),
        ("2025-05-10", "suspended", False, "Suspended from 10 May 2025 through 9 May 2026."),
        ("2026-05-09", "suspended", False, "Suspended from 10 May 2025 through 9 May 2026."),
        ("2026-05-10", "unknown", False, "whether it was extended is not known here"),
    ],
)
def test_a_suspended_rule_is_what_it_was_on_that_day(day, state, later, words):
    found = on(day)
    assert (found.state, found.later) == (state, later)
    assert words in found.note
    assert found.warns


def test_what_suspended_it_is_quoted_by_coordinates_and_by_the_sentence_that_says_so():
    (quote,) = on("2025-06-01").replaced_by
    assert quote.document is PAUSE
    assert quote.text == "The Bureau suspended the tin rule from 10 May 2025 through 9 May 2026."
    assert quote.text == PAUSE.text[quote.start : quote.end]


def test_where_no_sentence_says_so_the_first_is_quoted():
    silent = document("Ministers met for a week. Copper stays free.", id="pause", published="2025-05-08")
    (quote,) = on("2025-06-01", pause=silent).replaced_by
    assert quote.text == "Ministers met for a week."


def test_a_sentence_about_another_day_is_passed_over():
    other = document(
        "Talks began. The Bureau suspended the tin rule of the Bureau on 3 June 2019. Now it suspended tin rules again.",
        id="pause", published="2025-05-08",
    )  # fmt: skip
    (quote,) = on("2025-06-01", pause=other).replaced_by
    assert quote.text == "Now it suspended tin rules again."


def test_before_it_was_published_a_source_has_no_fate():
    assert on("2025-02-28") is None


@pytest.mark.parametrize("status", ["event", "statement", "", "draft", "<b>in force</b>"])
def test_what_has_no_state_of_ours_stays_silent(status):
    assert on("2025-06-01", made(status)) is None


def test_a_day_given_by_the_source_comes_before_that_of_its_successor():
    paper = made("rescinded", status_since="2025-04-30", superseded_by=("pause",))
    assert on("2025-05-01", paper).note == "Rescinded from 30 April 2025."
    assert on("2025-04-29", paper).later


def test_a_successor_that_only_tells_of_the_end_does_not_date_it():
    telling = document("The Bureau says that it will rescind the tin rule.", id="tells", published="2025-05-13")
    found = on("2025-06-01", made("rescinded", superseded_by=("tells",)), tells=telling)
    assert found.note == "Rescinded (source of 13 May 2025)."


def test_rescinded_before_it_took_effect_is_said():
    assert (
        "before it took effect"
        in on("2025-06-01", made("rescinded", effective="2025-09-01", superseded_by=("pause",))).note
    )


def test_without_any_date_no_day_is_claimed():
    paper = made("superseded")
    assert (
        on("2026-03-01", paper).note == "Recorded as superseded as of 31 January 2026; since when is not recorded here."
    )
    before = on("2025-06-01", paper)
    assert (before.state, before.later) == ("unknown", True)
    assert "is not recorded here" in before.note


def test_an_end_that_the_source_gives_itself_counts():
    paper = made("superseded", until="2025-05-09")
    assert on("2025-05-09", paper).state == "in force"
    assert on("2025-05-10", paper).note == "Superseded; it held until 9 May 2025."


def test_in_force_is_said_only_up_to_the_last_day_checked():
    assert on("2025-06-01", made("in force")).note == "In force on 1 June 2025."
    assert on("2026-06-01", made("in force")).note == "In force as of 31 January 2026, the last day checked."
    assert not on("2026-06-01", made("in force")).warns


def test_an_end_passed_since_the_last_check_is_not_known():
    assert on("2026-05-09", PAUSE).state == "in force"
    after = on("2026-05-10", PAUSE)
    assert after.state == "unknown"
    assert (
        after.note == "In force until 9 May 2026; that day has passed, and whether it was extended is not known here."
    )


def test_not_yet_in_effect_is_no_force():
    found = on("2025-05-09", PAUSE)
    assert found.state == "not yet in effect"
    assert found.note == "Published on 8 May 2025, in effect from 10 May 2025."


def test_a_rule_that_was_changed_in_part_stays_in_force_and_quotes_the_change():
    amended = document("The Bureau amended the words of the title on 1 July 2025.", id="amends", published="2025-07-01")
    paper = made("in force", superseded_by=("amends",))
    found = on("2025-08-01", paper, amends=amended)
    assert (found.state, found.later, len(found.replaced_by)) == ("in force", False, 1)
    assert on("2025-06-01", paper, amends=amended).later


AMENDED = document("The Bureau amended the tin rule on 1 July 2025.", id="amends", published="2025-07-01")
AGAIN = document("The Bureau amended the tin rule on 1 September 2025.", id="again", published="2025-09-01")


@pytest.mark.parametrize(
    ("day", "by", "words"),
    [
        ("2025-06-01", ["amends", "again"], "later changed or replaced in part (source of 1 July 2025)."),
        (
            "2025-08-01",
            ["amends"],
            "changed or replaced in part (source of 1 July 2025); later changed again (source of 1 September 2025).",
        ),
        ("2025-09-01", ["amends", "again"], "2025; changed or replaced in part (source of 1 July 2025)."),
    ],
)
def test_of_several_changes_those_after_the_day_are_told_and_not_quoted_as_known(day, by, words):
    found = on(day, made("in force", superseded_by=("amends", "again")), amends=AMENDED, again=AGAIN)
    assert [q.document.id for q in found.replaced_by] == by
    assert found.note.endswith(words)
    assert found.later == (day == "2025-06-01")


def test_what_ended_is_said_to_have_been_changed_again_later():
    paper = made("superseded", status_since="2025-07-01", superseded_by=("amends", "again"))
    found = on("2025-08-01", paper, amends=AMENDED, again=AGAIN)
    assert found.note == "Superseded from 1 July 2025; later changed again (source of 1 September 2025)."
    assert [q.document.id for q in found.replaced_by] == ["amends"]


def test_the_record_of_a_change_is_quoted_by_what_was_known():
    text = "The Bureau amended the rule. The Bureau later amended the tin rule."
    record = document(text, id="amends", published="2025-07-01", kind="record")
    paper = made("in force", title="Tin rule of the Bureau", superseded_by=("amends",))
    assert [q.text for q in on("2025-07-02", paper, amends=record).replaced_by] == ["The Bureau amended the rule."]


def test_the_day_of_its_end_is_not_told_by_a_later_source():
    assert on("2025-03-15").ends is None
    assert on("2025-06-01").ends.document is PAUSE


def test_a_proposal_is_never_in_force():
    assert on("2025-06-01", made("proposed")).state == "proposed"
    assert on("2025-05-01", made("superseded", title="Draft tin rule", superseded_by=("pause",))).state == "proposed"


def test_a_partial_date_counts_from_its_last_day():
    paper = made("rescinded", status_since="2025-05")
    assert on("2025-05-30", paper).later
    assert on("2025-05-31", paper).state == "rescinded"


def test_a_successor_that_is_not_held_or_is_the_source_itself_is_no_crash():
    paper = made("superseded", superseded_by=("gone", "doc"))
    assert on("2026-06-01", paper, doc=paper).replaced_by == ()


def quotes_on(day: str, *papers):
    return [Quote(p, 0, len(p.text), fate=on(day, p)) for p in papers]


def test_to_the_question_for_the_state_what_ended_it_stands_behind_the_first_quote():
    other = made("event", id="other")
    shown = tell_the_state(quotes_on("2025-06-01", other, RULE, other), date(2025, 6, 1), 3)
    assert [q.document.id for q in shown] == ["other", "rule", "pause"]


def test_to_the_question_whether_it_holds_what_ended_it_comes_first():
    """Unless the first quote says so itself; what is quoted already moves to the front."""
    day = date(2025, 6, 1)
    other = made("event", id="other")
    shown = tell_the_state(quotes_on("2025-06-01", RULE, other), day, 3, whether=True)
    assert [q.document.id for q in shown] == ["pause", "rule", "other"]
    shown = tell_the_state(quotes_on("2025-06-01", RULE, other, PAUSE), day, 3, whether=True)
    assert [q.document.id for q in shown] == ["pause", "rule", "other"]
    told = document(
        "The tin rule was suspended.", id="rule", published="2025-03-01", status="suspended", superseded_by=("pause",)
    )
    says_so = [Quote(told, 0, 27, fate=on("2025-06-01", told))]
    assert [q.document.id for q in tell_the_state(says_so, day, 3, whether=True)] == ["rule", "pause"]


def test_what_ended_it_later_or_is_quoted_already_is_not_added():
    assert [q.document.id for q in tell_the_state(quotes_on("2025-04-15", RULE), date(2025, 4, 15), 3)] == ["rule"]
    both = quotes_on("2025-06-01", RULE, PAUSE)
    assert tell_the_state(both, date(2025, 6, 1), 3) == both


def test_to_the_question_for_the_state_the_day_of_its_end_is_told_behind_the_first_quote():
    day = date(2025, 6, 1)
    text = "The tin pause is in force. It was kept in 2027. The tin pause ends on 10 November 2026. Others wait."
    pause = document(text, id="ends", published="2025-05-01", status="in force", until="2026-11-10")
    first, other = Quote(pause, 0, 26, fate=on("2025-06-01", pause)), made("event", id="other")
    shown = tell_the_state([first, *quotes_on("2025-06-01", other)], day, 3)
    assert [q.text for q in shown][:2] == ["The tin pause is in force.", "The tin pause ends on 10 November 2026."]
    assert tell_the_state([first, *shown[1:]], day, 3) == shown, "once is enough"


def test_the_day_of_its_end_is_told_only_as_it_was_known():
    lifted = document("The pause was lifted on 10 November 2026.", id="ends", kind="record", published="2025-05-01", status="in force", until="2026-11-10")  # fmt: skip
    ahead = document("The pause runs until 10 November 2026.", id="ends", kind="record", published="2025-05-01", status="in force", until="2026-11-10")  # fmt: skip
    assert on("2025-06-01", lifted).ends is None
    assert on("2025-06-01", ahead).ends.text == ahead.text


def test_a_suspension_that_nothing_else_tells_of_ends_on_its_own_last_day():
    paper = made("suspended", status_since="2025-05-10", until="2026-05-09")
    assert on("2026-02-01", paper).note == "Suspended from 10 May 2025 through 9 May 2026."
    assert on("2026-06-01", paper).state == "unknown"
    assert "whether it was extended is not known here" in on("2026-06-01", paper).note


def test_to_the_question_what_became_of_it_the_words_that_tell_it_come_first():
    day, later = date(2025, 4, 15), date(2025, 6, 1)
    shown = tell_what_became(quotes_on("2025-06-01", RULE, made("event", id="other")), later, 3)
    assert [q.document.id for q in shown] == ["pause", "rule", "other"]
    assert "suspended the tin rule" in shown[0].text
    assert [q.document.id for q in tell_what_became(quotes_on("2025-04-15", RULE), day, 3)] == ["rule"], "not yet"
    assert tell_what_became([], later, 3) == []
    replaced = quotes_on("2025-06-01", replace(RULE, text="Nothing replaced the tin rule. Others wait."))
    assert tell_what_became(replaced, later, 3, "What replaced the tin rule?") == replaced, "it says so itself"
    assert tell_what_became(replaced, later, 3, "What became of the tin rule?") != replaced
    told = quotes_on("2025-06-01", replace(RULE, text="The tin rule was suspended by the pause. Others wait."))
    shown = tell_what_became(told, later, 3, "What became of the tin rule?")
    assert [q.document.id for q in shown] == ["rule", "pause"], "its own words first, then what did it"


def test_what_takes_effect_after_the_last_check_is_never_called_in_force():
    paper = made("in force", effective="2026-02-15", status_as_of="2026-01-31")
    found = on("2026-03-01", paper)
    assert (found.state, found.warns) == ("unknown", True)
    assert found.note == "To take effect on 15 February 2026, as of 31 January 2026, the last day checked."


def test_of_two_in_much_the_same_words_the_newer_tells_the_state():
    words = (
        "This rule amends the list of permitted lamps by {} the lamps of Zebra Corp and the paper that goes with them."
    )
    old, new = (
        document(words.format(verb), published=day, id=day)
        for verb, day in (("adding", "2022-10-12"), ("removing", "2025-09-02"))
    )
    other = document("Lamps are sold in May, and some of them in June.", published="2021-01-01", id="other")
    share = outdone([whole_sentence(paper) for paper in (old, other, new)])
    assert [share(whole_sentence(paper).span) < 1 for paper in (old, other, new)] == [True, False, False]
