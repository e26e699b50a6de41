"""What a question says about time: sixty ways of saying it, and as many traps as there were ideas for."""

from __future__ import annotations

import time
from datetime import date

import pytest

from rag.datatypes import Anchor, When
from rag.question.when import (
    asks_what_became,
    asks_whether,
    holds_now,
    read_when,
    with_its_day,
    without_happening,
    without_its_day,
    without_its_state,
)

TODAY = date(2026, 11, 24)
ANCHORS = (
    Anchor(("busan summit", "busan truce"), date(2025, 10, 30), date(2025, 10, 30)),
    Anchor(("may 2025 guidance", "ascend guidance"), date(2025, 5, 13), date(2025, 5, 13)),
    Anchor(("affiliates rule",), date(2025, 9, 29), date(2025, 9, 29), date(2025, 11, 9)),
    Anchor(("affiliates rule suspension",), date(2025, 11, 10), date(2025, 11, 10)),
    Anchor(("october 2022 rule",), date(2022, 10, 7), date(2022, 10, 7)),
    Anchor(("biden administration",), date(2021, 1, 20), date(2025, 1, 20)),
    Anchor(("second trump administration",), date(2025, 1, 20), None),
)


def read(question: str, **more) -> When:
    return read_when(question, TODAY, ANCHORS, **more)


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("As of March 2024, which chips could still be sold to China?", "2024-03-31"),
        ("Which tools need a licence as of 6 September 2024?", "2024-09-06"),
        ("Who was on the list as of the end of 2024?", "2024-12-31"),
        ("As of late 2023 what did the Dutch license?", "2023-12-31"),
        ("as of Q3 2025, who makes HBM in China?", "2025-09-30"),
        ("As of the end of Q3 2025, who makes HBM in China?", "2025-09-30"),
        ("As at June 1st, 2025, was a licence needed?", "2025-06-01"),
        ("As of 2025-10-15: is it allowed?", "2025-10-15"),
        ("As of the Busan summit, which controls held?", "2025-10-30"),
        ("Was the tier system in force on 1 June 2025?", "2025-06-01"),
        ("Were the software limits in effect in June 2025?", "2025-06-30"),
        ("On 1 March 2025, did the caps apply?", "2025-03-01"),
        ("In February 2025, was the framework still on the books?", "2025-02-28"),
        ("What was the status of the tiers in March 2025?", "2025-03-31"),
        ("How many firms had been listed by the end of 2024?", "2024-12-31"),
        ("Explain the chip limits as they stood in January 2024", "2024-01-31"),
        ("Was the tin rule effective on 2 May 2025?", "2025-05-02"),
        ("What had MOFCOM done by 12 May 2025?", "2025-05-12"),
        ("Back in October 2023, was the A800 on sale?", "2023-10-31"),
        ("截至2024年3月，哪些芯片需要许可？", "2024-03-31"),
        ("截至2024年底，哪些芯片需要许可？", "2024-12-31"),
        ("2025年3月这项禁令有效吗？", "2025-03-31"),
        ("Could tools be shipped in mid-October 2025?", "2025-10-20"),
        ("Did an exporter need a licence a year ago?", "2025-11-24"),
        ("Two weeks before the Busan summit, did the rule apply?", "2025-10-16"),
        ("Was a permit needed the day after the Busan summit?", "2025-10-31"),
        ("On the eve of the Busan summit, what had Beijing announced?", "2025-10-29"),
        ("What did a fab need before the May 2025 guidance?", "2025-05-12"),
        ("What did the tiers allow just before the May 2025 guidance?", "2025-05-12"),
        ("Who could buy chips at the end of the Biden administration?", "2025-01-20"),
        ("While the Affiliates Rule was in force, who was exempt?", "2025-11-09"),
        ("Was the tin rule suspended on 2 May 2025?", "2025-05-02"),
        ("Was SMIC already listed in January 2021?", "2021-01-31"),
        ("What applied at end-2024?", "2024-12-31"),
        ("What restrictions were there before 2022?", "2021-12-31"),
        ("What did the law look like three years ago?", "2023-11-24"),
        ("在2025年10月30日之前，哪些稀土受管制？", "2025-10-29"),
    ],
)
def test_the_state_on_a_day_is_asked_for(question, day):
    when = read(question)
    assert when.as_of == date.fromisoformat(day)
    assert not when.now
    assert when.as_of_words in question
    assert "only what was published by then" in when.note


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("What did BIS say about Ascend chips in May 2025?", "2025-05-01", "2025-05-31"),
        ("What did Applied Materials announce in May 2025?", "2025-05-01", "2025-05-31"),  # no verb
        ("What was the highest rate that China faced in May 2025?", "2025-05-01", "2025-05-31"),
        ("Which firms lost validated end-user status in May 2025?", "2025-05-01", "2025-05-31"),
        ("What happened in late 2023?", "2023-10-01", "2023-12-31"),
        ("Which bills came in the first half of 2026?", "2026-01-01", "2026-06-30"),
        ("What was announced in early May 2025?", "2025-05-01", "2025-05-10"),
        ("Which firms were added in mid-2025?", "2025-05-01", "2025-08-31"),
        ("What did Beijing do in the spring of 2025?", "2025-03-01", "2025-05-31"),
        ("Which rules came into force in January 2025?", "2025-01-01", "2025-01-31"),
        ("What did BIS publish on 13 May 2025?", "2025-05-13", "2025-05-13"),
        ("On the 13th of May 2025, what was published?", "2025-05-13", "2025-05-13"),
        ("What came out on May 13, 2025?", "2025-05-13", "2025-05-13"),
        ("BIS Ascend press release 13 May 2025", "2025-05-13", "2025-05-13"),
        ("Who was fined twice within six months in 2023?", "2023-01-01", "2023-12-31"),
        ("Who was fined during 2023?", "2023-01-01", "2023-12-31"),
        ("What did Nvidia report for China in Q1 2026?", "2026-01-01", "2026-03-31"),
        ("What has China restricted since December 2024?", "2024-12-01", "9999-12-31"),
        ("What was allowed until 13 May 2025?", "0001-01-01", "2025-05-13"),
        ("What came out before the May 2025 guidance?", "0001-01-01", "2025-05-12"),
        ("What did China do after the Busan truce?", "2025-10-31", "9999-12-31"),
        ("Which licences were given since the affiliates rule suspension?", "2025-11-10", "9999-12-31"),
        ("Which tools were sold before the October 2023 rules?", "0001-01-01", "2023-09-30"),
        ("Who was listed between May and July 2025?", "2025-05-01", "2025-07-31"),
        ("What changed from 29 September to 9 November 2025?", "2025-09-29", "2025-11-09"),
        ("What changed from 1st to 9 November 2025?", "2025-11-01", "2025-11-09"),
        ("What changed from November to February 2026?", "2025-11-01", "2026-02-28"),
        ("What was agreed between 12 May 2025 and 30 October 2025?", "2025-05-12", "2025-10-30"),
        ("Which firms were listed under the Biden administration?", "2021-01-20", "2025-01-20"),
        ("What was eased under the second Trump administration?", "2025-01-20", "9999-12-31"),
        ("What was said at the Busan summit?", "2025-10-30", "2025-10-30"),
        ("What was announced two weeks ago?", "2026-11-09", "2026-11-15"),
        ("What changed last month?", "2026-10-01", "2026-10-31"),
        ("Back in 2023, what did Raimondo warn of?", "2023-01-01", "2023-12-31"),
        ("Which rules became effective in January 2025?", "2025-01-01", "2025-01-31"),
        ("What was said three months before the Busan summit?", "2025-07-01", "2025-07-31"),
        ("When in 2025 was the rule in force?", "2025-01-01", "2025-12-31"),
        ("2025年5月商务部说了什么？", "2025-05-01", "2025-05-31"),
        ("2025年上半年商务部说了什么？", "2025-01-01", "2025-06-30"),
        ("去年商务部说了什么？", "2025-01-01", "2025-12-31"),
        ("2025年5月以来商务部说了什么？", "2025-05-01", "9999-12-31"),
        ("What did tariffs do between the May 2025 guidance and the Busan summit?", "2025-05-13", "2025-10-30"),
        ("After the Busan truce, were licences easier to get?", "2025-10-31", "9999-12-31"),
        ("What did Kessler say on 12 June 2025 that Huawei could make?", "2025-06-12", "2025-06-12"),
        ("Which licences had been given before 9 April 2025?", "0001-01-01", "2025-04-08"),
    ],
)
def test_an_event_is_dated(question, first, last):
    when = read(question)
    assert when.period == (date.fromisoformat(first), date.fromisoformat(last))
    assert when.as_of is None
    assert all(words in question for words in when.words)
    assert "other days are not left out" in when.note


@pytest.mark.parametrize(
    "question",
    [
        "Does the fifty per cent rule apply today?",
        "Is the ban still suspended?",
        "Who currently needs a licence?",
        "What is needed at the moment to ship a tool?",
        "What is the current threshold?",
        "Can Nvidia now ship the H20?",
        "As of now, who is exempt?",
        "Is the tier system in force?",
        "Does the cap still apply to Macau?",
        "Is the Zebra case closed?",
        "镓的出口目前是否受限？",
        "Can a firm rely on the licence any more?",
        "Is any of it in force this month?",
    ],
)
def test_the_state_of_today_is_asked_for(question):
    when = read(question)
    assert when.now
    assert when.as_of is None
    assert not when.words or "November 2026" in when.note


@pytest.mark.parametrize(
    "question",
    [
        "May Nvidia sell the H20 to China?",
        "May 2,300 chips leave without a licence?",
        "Who is on the 1260H list in FY2026?",
        "What does ECCN 3A090 cover?",
        "Who owns 50% or more of a listed firm?",
        "What does Section 232 say about chips?",
        "What did the October 7 rule do?",
        "What does 15 CFR 744.23 forbid?",
        "Which act of 2022 pays for fabs?",
        "What does the CHIPS Act of 2022 pay for?",
        "What does the October 2022 rule say about fabs?",
        "How did Nvidia react to the December 2024 controls?",
        "What is in the January 2025 foundry due diligence rule?",
        "What is Made in China 2025?",
        "What does FR Doc. 2023-23055 replace?",
        "What is No. 46 of 2024?",
        "How many GB300s were sold for $2025 each?",
        "Which entities must comply by 31 December 2026?",
        "How much does China want to make itself by 2030?",
        "What did Huang say on the Affiliates Rule?",
        "What followed after the Affiliates Rule was suspended?",
        "Who wrote the guidance of 13 May 2025?",
        "Which now-rescinded rule sorted countries into tiers?",
        "What is the Atlas 950 and what the Kirin 9030?",
        "Who said it in October?",
        "Does the cap apply to Macau?",
        "To whom does the cap apply?",
        "What does the cap apply to?",
        "Does the cap apply everywhere or only to China?",
        "Is the declaration legally binding?",
        "Who runs Nexperia in place of Zhang Xuezheng?",
        "Now something else: who runs SMIC?",
        "What does TPP stand for?",
        "What does an exporter need?",
        "How many transistors may a chip have before the Affiliates Rule applies?",
        "How were licences reviewed before and after 13 May 2025?",
    ],
)
def test_what_only_looks_like_a_time_is_none(question):
    when = read(question)
    assert (when.as_of, when.period, when.now, when.note) == (None, None, False, "")


def test_a_day_without_its_year_is_not_guessed_and_the_reader_is_told():
    when = read("Was the licence rule still in force as of October?")
    assert (when.as_of, when.now, when.period) == (None, False, None)
    assert "“as of October” names no year" in when.note


def test_a_partial_day_is_said_as_the_day_it_was_read_as():
    assert read("As of March 2024, what held?").note == (
        "Read “As of March 2024” as 31 March 2024: only what was published by then."
    )
    assert read("What happened in late 2023?").note.startswith("Read “in late 2023” as 1 October to 31 December 2023;")


def test_a_given_day_wins_and_the_reader_is_told_of_the_other():
    day = date(2025, 1, 1)
    when = read("As of March 2024, what held?", given=day)
    assert when.as_of == day
    assert "As of 1 January 2025" in when.note
    assert "“As of March 2024” (31 March 2024)" in when.note
    assert "the day set beside it" not in read("As of 1 January 2025, what held?", given=day).note
    assert not read("Is it still in force?", given=day).now


@pytest.mark.parametrize(
    ("question", "whether"),
    [
        ("Does it apply?", True),
        ("Was it suspended in May 2025?", True),
        ("When was it suspended?", False),
        ("What does it cover?", False),
    ],
)
def test_a_question_that_wants_a_yes_or_no_is_known(question, whether):
    assert asks_whether(question) is whether


def test_a_day_and_a_period_can_both_be_asked_about():
    when = read("As of March 2024, what had BIS published in October 2023?")
    assert (when.as_of, when.period) == (date(2024, 3, 31), (date(2023, 10, 1), date(2023, 10, 31)))


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("As of 15 October 2025, does the rule apply?", "does the rule apply?"),
        ("Was the rule in force on 1 June 2025?", "Was the rule in force ?"),
        ("What happened in May 2025?", "What happened in May 2025?"),
        ("As of March 2024?", "As of March 2024?"),
        ("Does it apply (the rule, as of May 2025)?", "Does it apply (the rule)?"),
        (
            "Who was exempt while the Affiliates Rule was in force?",
            "Who was exempt while the Affiliates Rule was in force?",
        ),
    ],
)
def test_the_words_that_set_the_day_are_not_searched_for(question, rest):
    assert without_its_day(question, read(question)) == rest


def test_a_question_can_say_its_day_in_so_many_words():
    question = "Was the tin rule in force a year ago?"
    assert with_its_day(question, read(question)) == "Was the tin rule in force as of 24 November 2025?"
    for question in ("What is tin?", "As of May 2025, what is tin?"):
        assert with_its_day(question, read(question)) == question


def test_a_day_that_is_no_day_is_no_day():
    assert read("As of 31 February 2025, what held?").as_of is None


@pytest.mark.parametrize(
    "question",
    [
        "What comes after the second Trump administration?",
        "Was it in force 999 years before the Busan summit?",
        "Was it in force 999 years after the Busan summit?",
        "Was it in force 999 years ago?",
        "一年前年底的底",
        "在2025年之前以来",
    ],
)
def test_a_time_out_of_reach_is_no_crash(question):
    assert isinstance(read(question), When)


def test_reading_a_question_costs_next_to_nothing():
    questions = [f"As of {n} March 2024, did the rule of October 2022 apply to chip {n}A090?" for n in range(1, 29)]
    read(questions[0])
    began = time.thread_time()
    for question in questions * 10:
        read(question)
    assert (time.thread_time() - began) / 280 < 0.005  # 0.1 ms where it was measured


@pytest.mark.parametrize(
    ("question", "on"),
    [
        ("Is the 50% rule still in force?", "the 50% rule"),
        ("What's the current status of the Zebra Act today?", "the Zebra Act"),
        ("gallium ban - current status", "gallium ban"),
        ("Zebra rule: valid anymore?", "Zebra rule"),
        ("Until when are the Zebra controls suspended?", "the Zebra controls"),
        ("Is the Zebra Act law yet?", "the Zebra Act"),
        (
            "Has the Zebra rule already been lifted?",
            "the Zebra rule been lifted",
        ),  # what may have been done to it stays
        ("Does the Zebra law apply to lions?", "the Zebra law apply to lions"),
        ("Is it still in force?", "it"),
        ("Still in force?", "Still in force?"),  # nothing else to search for
    ],
)
def test_what_a_question_for_the_state_is_on(question, on):
    assert without_its_state(question) == on


@pytest.mark.parametrize("question", ["What became of the Zebra Act?", "What replaced it?", "What has happened to it?", "Which rule superseded it?", "By what was the order replaced?", "What did the probe lead to?"])  # fmt: skip
def test_it_is_asked_what_became_of_something(question):
    assert asks_what_became(question)


@pytest.mark.parametrize("question", ["What did it replace?", "When did it become law?", "Why was it replaced?", "What happened in Busan?"])  # fmt: skip
def test_what_it_did_itself_is_not_what_became_of_it(question):
    assert not asks_what_became(question)


def test_that_something_happened_is_not_searched_for():
    assert without_happening("What happened at the Busan summit?") == "the Busan summit"
    assert without_happening("What happened to the Zebra rule?") == "What happened to the Zebra rule?"
    assert without_happening("What happened?") == "What happened?"


@pytest.mark.parametrize(
    ("question", "now"),
    [
        ("Has the Zebra Act passed?", True),
        ("Has the Zebra Act become law?", True),
        ("Did the Zebra Act become law?", True),
        ("Has the zebra rule taken effect yet?", True),
        ("status of the Zebra Act", True),
        ("Did Congress pass the Zebra Act?", True),
        ("Has Congress ever enacted the zebra bill?", True),
        ("Has the House passed the Zebra Act?", False),  # that vote
        ("When did the zebra rule take effect?", False),
        ("Has Zebra paid?", False),
        ("Is the cut on lamps legal?", False),  # right, or wrong
        ("How long is the zebra permit valid?", False),
        ("Is the zebra permit valid?", True),
    ],
)
def test_whether_a_bill_is_law_asks_how_it_stands_now(question, now):
    assert read(question).now == now


@pytest.mark.parametrize(("question", "now"), [("Is a permit needed?", True), ("Was a permit needed?", False)])
def test_whether_something_is_so_is_not_whether_it_was(question, now):
    assert holds_now(question) == now


def test_a_question_of_dates_is_read_in_a_moment():
    began = time.process_time()
    read(("in 2025 " * 600)[:4000])
    assert time.process_time() - began < 1
