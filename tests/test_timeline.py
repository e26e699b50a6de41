"""The line of what an answer touches: in order, with what became of each, and by what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from material import document

from rag.datatypes import Answer, Outcome, Quote
from rag.timeline import timeline, timeline_json, timeline_text

RULE = document(
    "The rule asks for a licence.", id="rule", title="The rule", published="2025-09-29", effective="2025-09-30",
    status="suspended", status_since="2025-11-10", superseded_by=("pause", "gone"),
)  # fmt: skip
PAUSE = document(
    "The pause lasts a year.", id="pause", title="The pause", published="2025-11", until="2026-11-09",
    status="in force", supersedes=("rule",), superseded_by=("longer",),
)  # fmt: skip
LONGER = document("The pause lasts longer.", id="longer", title="Longer", published="2026-02-01", status="in force")
LEAFLET = document("A leaflet.", id="leaflet", title="A leaflet")
SHELF = {d.id: d for d in (RULE, PAUSE, LONGER, LEAFLET)}


def answered(*documents, as_of=None):
    quotes = tuple(Quote(d, 0, len(d.text)) for d in documents)
    return Answer("When?", Outcome.ANSWERED, quotes=quotes, as_of=as_of)


def test_what_is_quoted_and_what_is_linked_to_it_stands_in_order_of_dates():
    entries = timeline(answered(LEAFLET, RULE), SHELF.get)
    assert [e.document.id for e in entries] == ["rule", "pause", "leaflet"], "undated last; two steps away not at all"
    assert [bool(e.quotes) for e in entries] == [True, False, True]


def test_it_says_what_became_of_each_by_what_and_since_when():
    rule, pause, longer = timeline(answered(RULE, PAUSE), SHELF.get)
    assert [(t.what, t.by.id, t.since) for t in rule.turns] == [("suspended", "pause", "2025-11-10")]
    assert [(t.what, t.by.id, t.since) for t in pause.turns] == [("changed", "longer", "2026-02-01")]
    assert longer.turns == ()


def test_as_of_a_day_what_came_later_is_marked():
    rule, pause = timeline(answered(RULE, as_of=date(2025, 11, 29)), SHELF.get)
    assert (rule.later, pause.later) == (False, True), "a partial date counts from its last day"


def test_the_same_document_quoted_twice_stands_once():
    quotes = (Quote(RULE, 0, 8), Quote(RULE, 9, 28))
    (entry, _) = timeline(replace(answered(), quotes=quotes), SHELF.get)
    assert entry.quotes == tuple(q.key for q in quotes)


def test_a_refusal_has_no_line():
    refusal = Answer("When?", Outcome.NOT_FOUND, nearest=(RULE,))
    assert timeline(refusal, SHELF.get) == ()
    assert timeline_text(()) == "Nothing is quoted that could be placed in time."


def test_the_table_of_a_terminal_and_json_say_the_same():
    entries = timeline(answered(RULE), SHELF.get)
    lines = timeline_text(entries).splitlines()
    assert lines[1].split() == ["*", "2025-09-29", "2025-09-30", "2025-11-10", "suspended", "The", "rule"]
    assert lines[2].split() == ["suspended", "2025-11-10", "by:", "The", "pause"]
    first, second = timeline_json(entries)
    assert (first["page"], first["published"], first["status"]) == ("/documents/rule", "2025-09-29", "suspended")
    assert first["turns"] == [{"what": "suspended", "by": "pause", "since": "2025-11-10"}]
    assert (second["until"], second["quotes"]) == ("2026-11-09", [])


def test_of_the_records_a_suspended_rule_stands_before_what_suspended_it(records):
    answer = records.ask("When did BIS suspend the Affiliates Rule?")
    entries = timeline(answer, records.index.find)
    ids = [e.document.id for e in entries]
    rule = entries[ids.index("us-2025-09-29-affiliates-rule-50-percent")]
    assert [(t.what, t.by.id) for t in rule.turns] == [("suspended", "us-2025-11-10-affiliates-rule-suspended")]
    assert ids.index(rule.turns[0].by.id) > ids.index(rule.document.id)
    dates = [e.document.source.published for e in entries]
    assert dates == sorted(dates)
