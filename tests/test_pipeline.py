"""The whole path of a question on the invented library, with the real model and the real index."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from material import CHIPS_QUESTION

from rag.datatypes import Outcome
from rag.errors import QuestionError
from rag.pipeline import LONGEST_QUESTION

TIERS_QUESTION = "Into how many tiers did the framework sort the countries of the world?"


def quoted(answer):
    return " ".join(q.text for q in answer.quotes)


@pytest.mark.parametrize(
    ("question", "words", "title"),
    [
        (CHIPS_QUESTION, "910B, the Ascend 910C and the Ascend 910D", "Guidance on Ascend chips"),
        ("How long do exporters keep their records?", "five years", "Threshold rule"),
        ("From what performance does an item under ECCN 3A090 need a licence?", "4,800 or more", "Threshold rule"),
        ("What did the chief executive say about the export controls?", "were a failure", "Remarks at a trade fair"),
        ("Does servicing of installed lithography machines stay free?", "stays free", "Letter to the makers"),
        ("是否许可镓和锗出口？", "不许可镓、锗和锑", "关于镓和锗的公告"),
    ],
)
def test_a_question_is_answered_by_the_sentence_that_answers_it(pipeline, question, words, title):
    answer = pipeline.ask(question)
    assert answer.outcome is Outcome.ANSWERED
    assert words in quoted(answer)
    (first, *_) = [q for q in answer.quotes if words in q.text]
    assert first.document.source.title.startswith(title)


@pytest.mark.parametrize(
    "question",
    ["Who won the 2019 Tour de France?", "How do I bake sourdough bread?", "zzzz qqqq", "法国的首都是哪里？"],
)
def test_what_the_library_does_not_say_is_not_found(pipeline, question):
    answer = pipeline.ask(question)
    assert answer.outcome is Outcome.NOT_FOUND
    assert answer.quotes == ()
    assert answer.nearest
    assert "8 documents" in answer.coverage
    assert "25 October 2023 to 21 May 2025" in answer.coverage


def test_as_of_a_day_only_what_was_out_by_then_is_used(pipeline):
    day = date(2024, 1, 1)
    answer = pipeline.ask(CHIPS_QUESTION, as_of=day)
    assert answer.outcome is Outcome.NOT_FOUND
    assert {e.passage.document.source.title for e in answer.evidence} == {"Threshold rule"}
    assert pipeline.ask("How long do exporters keep their records?", as_of=day).quotes


def test_a_day_in_the_questions_words_is_the_same_as_one_beside_it(pipeline):
    beside = pipeline.ask(CHIPS_QUESTION, as_of=date(2025, 6, 30))
    words = pipeline.ask(f"As of June 2025, {CHIPS_QUESTION}")
    assert words.as_of == beside.as_of == date(2025, 6, 30)
    assert [q.key for q in words.quotes] == [q.key for q in beside.quotes]
    assert pipeline.ask("As of January 2024, which chips does the guidance name?").outcome is Outcome.NOT_FOUND
    assert pipeline.ask(f"As of January 2024, {CHIPS_QUESTION}", as_of=date(2025, 6, 1)).quotes


def test_a_follow_up_takes_the_day_of_the_question_before(pipeline):
    answer = pipeline.ask("And for how long?", turns=["As of March 2024, do exporters keep records?"])
    assert answer.as_of == date(2024, 3, 31)
    assert "“As of March 2024”" in answer.notes[0]
    answer = pipeline.ask("And for how long?", turns=["Did exporters have to keep records in March 2024?"])
    assert answer.as_of == date(2024, 3, 31)
    assert pipeline.ask("Since when?", turns=["Did exporters have to keep records in March 2024?"]).quotes


def test_today_is_the_day_of_asking(library):
    opened = library.pipeline()
    for day, state in ((date(2025, 5, 12), "not yet in effect"), (date(2025, 5, 13), "rescinded")):
        opened.today = lambda day=day: day
        assert opened.ask(TIERS_QUESTION).quotes[0].fate.state == state
    opened.index.close()


def test_to_the_question_whether_it_holds_what_ended_it_is_quoted_too(pipeline):
    answer = pipeline.ask("Are the three tiers of countries still in force?")
    assert answer.when.now
    assert {"tiers", "ascend"} <= {q.document.id for q in answer.quotes}
    assert "Statuses were last checked on 31 January 2026" in " ".join(answer.notes)


PAUSED = """---
id: paused
title: Tin rule
date: 2025-03-01
side: us
status: suspended
status_as_of: 2026-01-31
superseded_by: [pause]
sources: [{title: Daily, publisher: Daily, url: "https://example.org/tin", date: 2025-03-02}]
---
The Bureau of Examples issued the tin rule on 1 March 2025, which bans exports of tin. The Bureau of Examples suspended \
the tin rule, which bans exports of tin, on 8 May 2025.
"""
PAUSE = """---
id: pause
title: Pause of the tin rule
date: 2025-05-08
status: in force
status_as_of: 2026-01-31
---
Ministers met for a week. The Bureau suspended the tin rule on 8 May 2025.
"""


def test_a_record_written_later_is_not_quoted_on_what_came_after_the_day(shelf):
    shelf.write(paused_md=PAUSED, pause_md=PAUSE)
    shelf.build()
    opened = shelf.pipeline()
    before, after = (opened.ask("Was the tin rule suspended?", as_of=d) for d in (date(2025, 4, 1), date(2025, 6, 1)))
    assert before.quotes
    assert "suspended" not in quoted(before)
    assert before.quotes[0].fate.note == "Not yet suspended on 1 April 2025; later suspended (source of 8 May 2025)."
    assert [q.text for q in before.quotes[0].fate.replaced_by] == ["The Bureau suspended the tin rule on 8 May 2025."]
    assert "suspended" in quoted(after)
    opened.index.close()


def test_a_side_leaves_the_others_out(pipeline):
    answer = pipeline.ask("What happened to the market share in that country?", side="industry")
    assert {e.passage.document.source.side for e in answer.evidence} == {"industry"}
    assert "fifty per cent" in quoted(answer)


def test_a_side_leaves_out_what_is_called_by_its_name_on_another(records):
    """Where a side has no document at all, nothing is found, and nothing breaks."""
    assert {q.document.source.side for q in records.ask("What is the Affiliates Rule?").quotes} == {"us"}
    chinese = records.ask("What is the Affiliates Rule?", side="china")
    assert {e.passage.document.source.side for e in chinese.evidence} == {"china"}
    nowhere = records.ask("What is the Affiliates Rule?", side="mars")
    assert (nowhere.outcome, nowhere.evidence) == (Outcome.NOT_FOUND, ())


def test_a_quote_from_what_was_rescinded_says_so_and_what_replaced_it(pipeline):
    answer = pipeline.ask(TIERS_QUESTION)
    source = answer.quotes[0].document.source
    assert (source.status, source.superseded_by, source.until) == ("rescinded", ("ascend",), "2025-05-13")


def test_a_follow_up_is_searched_with_the_question_before_it(pipeline):
    answer = pipeline.ask("And for how long?", turns=["Do exporters keep records?"])
    assert answer.searched == "For how long do exporters keep records?"
    assert answer.question == "And for how long?"
    assert "five years" in quoted(answer)


def test_the_stages_come_in_order_and_only_the_last_has_the_answer(pipeline):
    stages = list(pipeline.stages(CHIPS_QUESTION))
    assert [s.name for s in stages] == ["searching", "reading", "answer"]
    assert [s.answer is None for s in stages] == [True, True, False]
    assert "8 documents" in stages[0].note


def test_a_question_costs_one_pass_of_the_model(pipeline, monkeypatch):
    passes = []
    real = pipeline.encoder._forward
    monkeypatch.setattr(pipeline.encoder, "_forward", lambda *a: passes.append(1) or real(*a))
    assert pipeline.ask(CHIPS_QUESTION).quotes
    assert passes == [1]


def test_asking_twice_gives_the_same(pipeline):
    one, other = pipeline.ask(CHIPS_QUESTION), pipeline.ask(f"  {CHIPS_QUESTION}\n")
    assert one == other


def test_the_longest_question_is_taken_and_one_more_character_is_not(pipeline):
    pipeline.ask("x" * LONGEST_QUESTION)
    with pytest.raises(QuestionError, match="4,001 characters"):
        pipeline.ask("x" * (LONGEST_QUESTION + 1))


asked = st.lists(
    st.sampled_from("chips licence 910B 4,800 three tiers gallium 镓 出口 records not zebra ? ' \" %".split()),
    min_size=1,
).map(" ".join)


@settings(max_examples=40)
@given(asked, st.sampled_from([None, date(2024, 12, 31), date(2025, 5, 14)]), st.sampled_from(["", "us", "china"]))
def test_whatever_is_asked_every_quote_is_whole_sentences_of_an_allowed_document(pipeline, question, day, side):
    try:
        answer = pipeline.ask(question, day, side)
    except QuestionError:
        return
    assert (answer.outcome is Outcome.ANSWERED) == bool(answer.quotes)
    for quote in answer.quotes:
        source = quote.document.source
        assert day is None or source.published_by(day)
        assert side in ("", source.side)
        assert quote.text == pipeline.index.document(quote.document.id).text[quote.start : quote.end]
        assert (quote.document.id, quote.start, quote.end) in {
            (p.document.id, p.start, p.end) for p in pipeline.index.places(quote.key)
        }


def test_a_lone_surrogate_in_a_question_is_no_crash(pipeline):
    assert pipeline.ask("Which chips does the guidance name? \ud800").outcome == "answered"


@pytest.mark.parametrize(
    ("question", "says"),
    [("", "is empty"), ("???", "has no words"), ("thanks!", "no question in that"), ("谢谢", "no question in that")],
)
def test_what_is_no_question_is_told_so(pipeline, question, says):
    with pytest.raises(QuestionError, match=says):
        pipeline.ask(question)
