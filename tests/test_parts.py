"""Questions of several parts: how they are taken apart, that each part gets its quote, and what is not covered.

`tests/parts/questions.jsonl` was written for developing this, from the records: `parts` has, of each part, the records
of which any one covers it; `missing` the parts that nothing here covers.
"""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from material import ROOT, document, whole_sentence

from rag.answer import LEAST_SUPPORT, answer, partial
from rag.datatypes import Outcome, Quote
from rag.question.parts import Part, complete, parts, uncovered

ASKED = [json.loads(line) for line in (ROOT / "tests/parts/questions.jsonl").read_text().splitlines()]
AS_EXPECTED = 20  # of the 22


@pytest.mark.parametrize(
    ("question", "searched"),
    [
        ("When and why did Zebra Corp sue?", ["When did Zebra Corp sue?", "why did Zebra Corp sue?"]),
        ("Who sued ASML, and what did China say about it?", ["Who sued ASML?", "what did China say about it?"]),
        ("When did it start? Who pays?", ["When did it start?", "Who pays?"]),
        ("Is the Zebra Rule in force, and who pays?", ["Is the Zebra Rule in force?", "who pays?"]),
        ("Who pays and does it still apply?", ["Who pays?", "does it still apply?"]),
        (
            "Did both Japan and the Netherlands limit tools?",
            ["Did Japan limit tools?", "Did the Netherlands limit tools?"],
        ),
        ("Compare Big Fund I and Big Fund III", ["What is Big Fund I?", "What is Big Fund III?"]),
        # no "and" between the questions
        ("Did BIS suspend the rule, when does it resume?", ["Did BIS suspend the rule?", "when does it resume?"]),
        (
            "What is the tin act, who wrote it and has it passed?",
            ["What is the tin act?", "who wrote it?", "has it passed?"],
        ),
        ("What was the fine, how much was paid?", ["What was the fine?", "how much was paid?"]),
        ("Who wrote the bill, when, and what does it do?", ["Who wrote the bill?", "when?", "what does it do?"]),
        ("Is the Zebra Rule in force, and since when?", ["Is the Zebra Rule in force?", "since when?"]),
        ("Did Trump approve it, and did China let it in?", ["Did Trump approve it?", "did China let it in?"]),
        ("Zebra Rule: when was it issued, is it in force?", ["Zebra Rule: when was it issued?", "is it in force?"]),
        (
            "How much did Zebra Corp pay versus Lion Corp?",
            ["How much did Zebra Corp pay?", "How much did Lion Corp pay?"],
        ),
        (
            "What cut does Zebra Corp get on Z20 sales versus Z200 sales?",
            ["What cut does Zebra Corp get on Z20 sales?", "What cut does Zebra Corp get on Z200 sales?"],
        ),
        (
            "How big is Zebra Fund I vs Zebra Fund III?",
            ["How big is Zebra Fund I?", "How big is Zebra Fund III?"],
        ),
        (
            "What's the difference between the 40% rule and the Zebra list?",
            ["What does the 40% rule do or require?", "What does the Zebra list do or require?"],
        ),
        # lists
        (
            "What do the Lion, Zebra and Okapi acts require?",
            ["What does the Lion act require?", "What does the Zebra act require?", "What does the Okapi act require?"],
        ),
        (
            "When were Samsung, SMIC and TSMC licensed?",
            ["When was Samsung licensed?", "When was SMIC licensed?", "When was TSMC licensed?"],
        ),
        (
            "What do the Lion Act and the Okapi bill ask?",
            ["What does the Lion Act ask?", "What does the Okapi bill ask?"],
        ),
        (
            "What did Lutnick say about Japan and about China?",
            ["What did Lutnick say about Japan?", "What did Lutnick say about China?"],
        ),
        (
            "Compare Big Fund phases I, II and III",
            ["What is Big Fund phase I?", "What is Big Fund phase II?", "What is Big Fund phase III?"],
        ),
        # comparisons
        ("Which bills were adopted versus proposed?", ["Which bills were adopted?", "Which bills were proposed?"]),
        ("Is footnote 1 vs footnote 4 stricter?", ["Is footnote 1 stricter?", "Is footnote 4 stricter?"]),
        (
            "How does the Lion Act differ from the Okapi Act?",
            ["What does the Lion Act do or require?", "What does the Okapi Act do or require?"],
        ),
        (
            "How does the Dutch rule differ from the US one?",
            ["What does the Dutch rule do or require?", "What does the US rule do or require?"],
        ),
        ("How does Huawei's output compare with that of SMIC?", ["What is Huawei's output?", "What is SMIC’s output?"]),
        (
            "Compare the May 2022 and May 2023 rules",
            ["What do the May 2022 rules do or require?", "What do the May 2023 rules do or require?"],
        ),
        (
            "How did the May 2023 rules compare with those of May 2022?",
            ["What do the May 2023 rules do or require?", "What do the rules of May 2022 do or require?"],
        ),
        (
            "How did the size of Lion Corp's grant in May compare with the final grant of June 2024?",
            [
                "What is the size of Lion Corp's grant in May?",
                "What is the size of the final grant of June 2024 (Lion Corp)?",
            ],
        ),
        # the same asked of two
        (
            "How did the tariffs differ before and after 6 April?",
            ["the tariffs before 6 April?", "the tariffs after 6 April?"],
        ),
        ("It led to which list and which order?", ["It led to which list?", "It led to which order?"]),
        (
            "What did Lion Corp pay and Zebra Corp pay in May?",
            ["What did Lion Corp pay in May?", "What did Zebra Corp pay in May?"],
        ),
        (
            "Which firms were added and which were removed in the June 2026 update?",
            ["Which firms were added in the June 2026 update?", "which were removed in the June 2026 update?"],
        ),
        ("Who sued, and what did China say in May 2025?", ["Who sued?", "what did China say in May 2025?"]),
    ],
)
def test_a_question_is_taken_apart(question, searched):
    assert [part.question for part in parts(question)] == searched


@pytest.mark.parametrize(
    "question",
    [
        "When did Cadence and Synopsys get their letters?",  # one letter story, not two questions
        "Which chips does the US rule on China and Macau cover?",
        "What happened when BIS changed the rule?",
        "Who said what and when?",
        "Is it in force or was it lifted?",
        "Did Japan and the Netherlands agree?",
        "Which three Huawei chips does the guidance name?",
        "China and Japan",
        "How do the Z20 and the Z200 differ?",  # what is told of either alone compares nothing
        "How does the Z20 differ from the Z200?",
        "difference between Z20 and Z200",
        "Why, in Nvidia's own words, is Singapore so large a share?",  # an aside
        "What share, and no more, did America make in 2023?",
        "What did Lutnick, who leads Commerce, say?",
        "When the US banned the H20, did China respond?",
        "What post does Sacks hold, who spoke of three months?",
        "What must exporters and what must buyers do?",  # the verb stands only once
        "What did the US, Japan and the Netherlands agree?",  # together
        "Who briefed reporters from Ohio, Indiana and Missouri?",
        "How many firms were hit (BIS, the FDPR, Huawei)?",  # lent by earlier turns
        "Has the rule been repealed, or is it just not enforced?",
        "Which firm, which is open about its lamps, has a plant in Zebra?",
        "Who is the founder of Zebra, who, by its report, left the firm?",
        "What bank has raised its rate, and whose next steps are awaited?",
    ],
)
def test_a_question_of_one_part_stays_whole(question):
    assert parts(question) == ()


def of(text, title):
    """(its only sentence weighed, the quote of it)."""
    item = whole_sentence(document(text, title=title, id=title))
    return item, Quote(item.span.document, item.span.start, item.span.end)


ZEBRA, ZEBRA_QUOTE = of("Zebra Corp pays ninety dollars.", "Zebra Corp")
LION, LION_QUOTE = of("The fee of Lion Corp is a hundred pounds.", "Lion Corp")
OTHER, OTHER_QUOTE = of("Fees are due in the month of May.", "Calendar")
_, THIRD_QUOTE = of("Offices open at nine.", "Hours")
AGAIN, AGAIN_QUOTE = of("Lion Corp: the fee of Lion Corp is a hundred pounds.", "Lion Corp again")
BOTH = parts("Compare Zebra Corp and Lion Corp")


def test_a_part_without_a_quote_gets_its_own():
    assert complete([ZEBRA_QUOTE], BOTH, [[ZEBRA], [LION]], 3)[1].document.id == "Lion Corp"


def test_what_answers_no_part_makes_room_and_the_best_of_all_stays():
    quotes = complete([OTHER_QUOTE, ZEBRA_QUOTE, THIRD_QUOTE], BOTH, [[ZEBRA], [LION]], 3)
    assert [q.document.id for q in quotes] == ["Calendar", "Zebra Corp", "Lion Corp"]
    assert [q.document.id for q in complete([OTHER_QUOTE], BOTH, [[ZEBRA], [LION]], 1)] == ["Calendar"]


def test_the_best_of_all_takes_no_place_of_a_part_where_each_may_have_one():
    quotes = complete([OTHER_QUOTE], BOTH, [[ZEBRA], [LION]], 2)
    assert [q.document.id for q in quotes] == ["Calendar", "Zebra Corp", "Lion Corp"]


def test_no_part_gets_a_quote_that_repeats_another():
    quoted = complete([ZEBRA_QUOTE, LION_QUOTE], BOTH, [[ZEBRA], [AGAIN]], 5)
    assert [q.text for q in quoted] == [ZEBRA_QUOTE.text, LION_QUOTE.text]
    assert [q.part for q in quoted] == [BOTH[0].label, ""]


def test_what_names_all_of_a_long_list_comes_first_and_takes_the_place_of_its_like():
    asked = parts("What became of the permits of Zebra Corp, Lion Corp and Okapi Corp?")
    assert len(asked) == 3
    before, old = of("The office amends the list of permits by adding a lake to that of Zebra Corp.", "2023")
    all_three, _ = of("The office amends the list of permits by removing Zebra Corp, Lion Corp and Okapi Corp.", "2025")
    found = [[before, replace(all_three, score=0.9)], [all_three], [all_three]]
    assert [q.document.id for q in complete([OTHER_QUOTE, old], asked, found, 3)] == ["2025", "Calendar", "2023"]
    weak = [[before, replace(all_three, score=0.5)], [replace(before, score=0.9)], [replace(before, score=0.9)]]
    assert [q.text for q in complete([old], asked, weak, 3)] == [old.text]


def test_a_quote_in_the_same_words_on_another_gives_its_place_to_that_of_the_part():
    template = "The board has removed the permit of {} from its list of permits in force."
    (zebra, old), (okapi, _) = of(template.format("Zebra Corp"), "Zebra"), of(template.format("Okapi Corp"), "Okapi")
    asked = parts("Compare Lion Corp and Okapi Corp")
    assert [q.document.id for q in complete([old], asked, [[LION], [okapi]], 3)] == ["Okapi", "Lion Corp"]
    assert zebra.span != okapi.span


def test_a_sentence_without_the_names_of_a_part_does_not_speak_for_it():
    assert [q.text for q in complete([ZEBRA_QUOTE], BOTH, [[ZEBRA], [OTHER]], 3)] == [ZEBRA_QUOTE.text]


def test_a_part_whose_names_no_quote_has_is_not_covered():
    found = [[ZEBRA], [LION]]
    assert uncovered(BOTH, found, [ZEBRA_QUOTE]) == ("Lion Corp",)
    assert uncovered(BOTH, found, [ZEBRA_QUOTE, LION_QUOTE]) == ()
    assert uncovered((), [], [ZEBRA_QUOTE]) == ()
    neither = (Part("q", "Okapi Corp"), Part("q", "Quagga Corp"))
    assert uncovered(neither, found, [ZEBRA_QUOTE]) == ()  # nothing to tell apart


def test_a_part_for_which_nothing_was_found_is_not_covered_though_its_name_is_said():
    assert uncovered(BOTH, [[ZEBRA], []], [ZEBRA_QUOTE, LION_QUOTE]) == ("Lion Corp",)


def test_an_answer_says_which_part_is_missing_and_a_refusal_stays_a_refusal():
    given = partial(answer("q", "q", [ZEBRA_QUOTE], [], LEAST_SUPPORT), ["Lion Corp"])
    assert given.outcome is Outcome.PARTIAL
    assert given.notes == ("No quote here covers “Lion Corp”.",)
    assert partial(answer("q", "q", [ZEBRA_QUOTE], [], 0.0), ["Lion Corp"]).outcome is Outcome.NOT_FOUND


def test_the_records_cover_each_part_or_the_answer_says_which_not(records):
    right = 0
    for row in ASKED:
        given = records.ask(row["question"])
        quoted = {q.document.id for q in given.quotes}
        assert len(given.quotes) <= 5
        right += all(quoted & set(any_of) for any_of in row["parts"]) and (
            (given.outcome is Outcome.PARTIAL) == bool(row["missing"])
        )
    assert right >= AS_EXPECTED


def test_what_is_asked_first_is_answered_first_and_a_voice_that_is_missing_makes_it_partial(records):
    answer = records.ask("Is the Affiliates Rule in force, and what does China say about it?")
    assert "suspended" in answer.quotes[0].text
    assert "No source here speaks for China on this." in answer.notes
    assert answer.outcome is Outcome.PARTIAL
