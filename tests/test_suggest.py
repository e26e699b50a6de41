"""Next questions are tried before they are offered, lead somewhere new, and read as a person would ask them."""

from __future__ import annotations

from datetime import date

import pytest
from material import CHIPS_QUESTION, document

from rag.datatypes import Outcome, Source
from rag.suggest import MOST, name_of, suggest, wording

QUESTIONS = (
    "When did BIS suspend the Affiliates Rule?",
    "What did China do about gallium exports?",
    "Which chips did the October 2022 rule control?",
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_suggestion_is_answered_from_its_document_by_words_that_are_new(records, question):
    answer = records.ask(question)
    found = suggest(records, answer)
    assert 0 < len(found) <= MOST
    quoted = {quote.key for quote in answer.quotes}
    for suggestion in found:
        reply = records.ask(suggestion.question, turns=[question])
        assert reply.outcome is Outcome.ANSWERED
        assert suggestion.document in {q.document.id for q in reply.quotes if q.key not in quoted}
    assert len({s.document for s in found}) == len(found)


def test_what_became_of_a_rule_is_suggested_by_its_name(records):
    answer = records.ask("What restrictions did the Affiliates Rule extend?")
    assert ("When was the Affiliates Rule suspended?", "us-2025-11-10-affiliates-rule-suspended") in [
        (s.question, s.document) for s in suggest(records, answer)
    ]


def test_a_question_that_was_asked_does_not_come_again(records):
    question = QUESTIONS[0]
    first = suggest(records, records.ask(question))
    again = suggest(records, records.ask(question), turns=[first[0].question.upper().rstrip("?"), first[1].question])
    assert not {s.question for s in again} & {first[0].question, first[1].question}


def test_as_of_a_day_nothing_later_is_suggested(records):
    day = date(2025, 10, 15)
    answer = records.ask("What does the Affiliates Rule say?", day)
    for suggestion in suggest(records, answer, as_of=day):
        assert records.index.document(suggestion.document).source.published_by(day)


def test_a_side_that_was_set_stays_set(records):
    answer = records.ask(QUESTIONS[1], side="china")
    found = suggest(records, answer, side="china")
    assert found
    assert {records.index.document(s.document).source.side for s in found} == {"china"}


def test_behind_a_refusal_stands_what_can_be_asked_or_nothing(records):
    answer = records.ask("Who won the 2019 Tour de France?")
    assert answer.outcome is Outcome.NOT_FOUND
    for suggestion in suggest(records, answer):
        assert records.ask(suggestion.question).outcome is Outcome.ANSWERED


def test_documents_of_ones_own_are_named_by_their_titles(pipeline):
    answer = pipeline.ask(CHIPS_QUESTION)
    for suggestion in suggest(pipeline, answer):
        assert "“" in suggestion.question or "respond" in suggestion.question


@pytest.mark.parametrize(
    ("instrument", "name"),
    [
        ("Affiliates Rule (interim final rule)", "the Affiliates Rule"),
        ("Announcement No. 46 of 2024", "Announcement No. 46 of 2024"),
        ("Executive Order 14105", "Executive Order 14105"),
        ("Framework for Artificial Intelligence Diffusion, 90 FR 4544, FR Doc. 2025-00636", "the Framework for Artificial Intelligence Diffusion"),
        ("90 FR 9604-9607, FR Doc. 2025-02655", ""),
        ("Suspension of clause 2 of Announcement No. 46 of 2024", ""),
        ("EDA letters rescinded", ""),
        ("Entity List: 13 additions, footnote 4", ""),
        ("Section 232 Proclamation on semiconductors", "the Section 232 Proclamation on semiconductors"),
        ("MATCH Act, H.R. 8170 (2 Apr 2026) and S. 4281", "the MATCH Act"),
        ("Geographic widening of chip and tool controls", ""),
        ("Interim final rule correcting October 2023 chip controls", ""),
        ("Export control list additions", ""),
    ],
)  # fmt: skip
def test_a_name_is_taken_only_where_it_reads_in_a_sentence(instrument, name):
    assert name_of(Source("A sentence for a title", kind="record", status="in force", instrument=instrument)) == name
    assert name_of(Source("A title", kind="record", status="statement", instrument=instrument)) == ""


@pytest.mark.parametrize(
    ("instrument", "text", "name"),
    [
        ("Annual licences for fabs", "The annual licences run out.", "the annual licences for fabs"),
        ("Draft AI chip rule", "In a draft, chips are counted.", "the draft AI chip rule"),
        ("London framework", "Agreed in London.", "the London framework"),
        ("Regulations on Trade Security", "The regulations hold.", "the Regulations on Trade Security"),
        ("Affiliates Rule", "Its affiliates are listed.", "the Affiliates Rule"),
    ],
)
def test_an_ordinary_word_that_begins_a_name_is_written_small(instrument, text, name):
    assert name_of(Source("A title", kind="record", status="in force", instrument=instrument), text) == name


def named(instrument, text="", **fields):
    return document(text, kind="record", instrument=instrument, **fields)


@pytest.mark.parametrize(
    ("instrument", "question"),
    [
        ("Zebra Act", "What is the Zebra Act?"),
        ("Regulations on Trade Security", "What are the Regulations on Trade Security?"),
        ("Announcement No. 46 of 2024", "What does Announcement No. 46 of 2024 say?"),
        ("Announcements 55-58 of 2025", "What do Announcements 55-58 of 2025 say?"),
        ("Zebra licence for 2026", "What does the Zebra licence for 2026 allow?"),
        ("Export ban on Zebra products", "What does the Export ban on Zebra products cover?"),
        ("Reaction to the Zebra Act", ""),
    ],
)
def test_a_measure_is_asked_for_by_what_one_wants_of_it(instrument, question):
    assert wording.for_itself(named(instrument, status="in force")) == question


def test_a_speaker_is_asked_about_the_topic_or_else_about_the_statement_s_own_subject():
    ada = named("Reaction to October 2022 controls", "The H20 is old.", status="statement", speaker="Ada Ray, minister")
    assert wording.for_its_words(ada, "the H20") == "What did Ada Ray say about the H20?"
    assert wording.for_its_words(ada, "Nexperia") == "What did Ada Ray say about the October 2022 controls?"
    assert wording.for_its_words(named("Radio interview", status="statement", speaker="Ada Ray"), "Nexperia") == ""


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("What is the status of the AI Diffusion Rule?", "the AI Diffusion Rule"),
        ("What happened to the validated end users Samsung?", "Samsung"),
        ("Who needs a licence?", ""),
        ("What did Japan add to its export controls?", "export controls"),
    ],
)
def test_a_topic_is_a_name_or_more_than_one_word(question, topic):
    assert wording.topic_of(question) == topic


def test_a_title_that_its_file_does_not_tell_is_no_name():
    assert name_of(Source("Notice on memory")) == "“Notice on memory”"
    assert name_of(Source("Wafers are made of gallium, and", unknown=("title",))) == ""
