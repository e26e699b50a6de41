"""Every measure against a case worked by hand, and mutations that lower what they should and nothing else."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from rag.errors import EvaluationError
from rag.evaluate import metrics
from rag.evaluate.metrics import Result, Shown, auroc, holds, overlaps, risk_coverage, token_f1
from rag.evaluate.questions import GoldSpan, Question
from rag.evaluate.statistics import add_measures, compare, estimate, permutation_p

GOLD = "BIS added 140 entities to the Entity List on 2 December 2024."
ASKED = Question(
    "q",
    "How many?",
    documents=("d1",),
    quotes=(GOLD,),
    answer_strings=(("140",), ("2 December 2024", "December 2, 2024")),
)
RIGHT = Shown("d1", "d1.md", GOLD)
OTHER = Shown("d2", "d2.md", "Something else was said on another day about other things.")


def result(*quotes: Shown, question: Question = ASKED, support: float = 0.5, **more) -> Result:
    fields = {"retrieved": ("d1", "d2"), "files": ("d1.md", "d2.md")} | more
    return Result(question, answered=bool(quotes), support=support, quotes=quotes, **fields)


def measured(*quotes: Shown, **more) -> dict:
    return add_measures([result(*quotes, **more)])[0].measures


# --- single functions


def test_token_f1_of_a_hand_worked_pair():
    # "a b c d" and "b c e": 2 in common, precision 2/4, recall 2/3, F1 = 2*2/(4+3)
    assert token_f1("alpha beta gamma delta", "beta gamma eta") == pytest.approx(4 / 7)
    assert token_f1("alpha", "beta") == 0


@pytest.mark.parametrize(
    ("text", "gold", "expected"),
    [
        ("one two three", "zero one two three four", True),  # one holds the other
        ("a b c d e f g h i", "x b c d e f g h i y", True),  # eight words in a row
        ("a b c d e f g x", "a b c d e f g y", False),  # seven are not enough
        ("a b c d e f g h " + "x " * 20, "a b c d e f g h " + "y " * 20, False),  # nor eight of a long sentence
        ("see [the list](https://example.org/x) of 2024 now", "the list of 2024", True),  # link targets are no words
        ("", "something", False),
        ("原则上不予许可镓、锗", "不予许可镓", True),
    ],
)
def test_overlap(text, gold, expected):
    assert overlaps(text, gold) is expected


def test_answer_strings_fold_case_and_dashes_but_no_digit():
    assert holds("It took effect on 2 December 2024", ["december 2, 2024", "2 December 2024"])
    assert holds("a one–year pause", ["one-year"])
    assert not holds("It costs $6,800", ["4,800"])


def test_auroc_counts_ties_half():
    # pairs: .9>.5 yes, .9>.2 yes, .5=.5 half, .5>.2 yes -> 3.5 of 4
    assert auroc([0.9, 0.5], [0.5, 0.2]) == pytest.approx(3.5 / 4)
    assert auroc([0.9], []) is None


def test_risk_coverage_of_three_questions():
    unanswerable = Question("u", "?", answerable=False)
    results = [
        result(RIGHT, support=0.9),
        result(OTHER, support=0.8, question=unanswerable),
        replace(result(support=0.7), withheld=(RIGHT,), question=replace(ASKED, id="z")),
    ]
    assert risk_coverage(results) == [(1 / 3, 0), (2 / 3, 1 / 2), (1, pytest.approx(1 / 3))]


def test_refusal_of_four_questions():
    # answered and answerable, refused and answerable, refused and not, answered and not
    no = Question("n", "?", answerable=False)
    four = [
        result(RIGHT, support=0.9),
        result(support=0.3),
        result(question=no, support=0.2),
        result(OTHER, question=no, support=0.4),
    ]
    got = metrics.refusal(four)
    assert got["refusal precision"] == pytest.approx(1 / 2)
    assert got["refusal recall"] == pytest.approx(1 / 2)
    assert got["refusal F1"] == pytest.approx(1 / 2)
    assert got["refusal AUROC"] == pytest.approx(3 / 4)


def test_retrieval_measures_of_a_hand_worked_ranking():
    # gold d1 and d3; the reader meets d2 (quoted), then d1, d4, d3
    question = replace(ASKED, documents=("d1", "d3"))
    got = measured(OTHER, question=question, retrieved=("d1", "d4", "d3"))
    assert got["hit@1"] == 0
    assert got["hit@5"] == 1
    assert got["recall@5"] == 1
    assert got["MRR@10"] == pytest.approx(1 / 2)
    # DCG = 1/log2(3) + 1/log2(5), ideal = 1/log2(2) + 1/log2(3)
    assert got["nDCG@10"] == pytest.approx((0.63093 + 0.43068) / (1 + 0.63093), abs=1e-4)


def test_gold_spans_count_by_file_and_words():
    question = Question(
        "s", "?", spans=(GoldSpan("folder/a.txt", 0, 9, "the exact words of the gold span stand here"),)
    )
    assert (
        measured(Shown("x", "a.txt", "the exact words of the gold span stand here"), question=question)["quote hit@1"]
        == 1
    )
    assert (
        measured(Shown("x", "b.txt", "the exact words of the gold span stand here"), question=question)["quote hit@1"]
        == 0
    )


# --- mutations: each lowers what it should and no other


BASE = dict(measured(RIGHT))


def lowered(got: dict) -> set[str]:
    return {name for name, value in got.items() if value is not None and BASE[name] is not None and value < BASE[name]}


def test_a_perfect_answer_scores_one_everywhere():
    assert {v for v in BASE.values() if v is not None} == {1.0}


def test_a_wrong_digit_is_not_exact_and_no_right_citation():
    changed = replace(RIGHT, text=GOLD.replace("140", "150"), exact=False)
    # it still points at the right place: hits tell where, exactness tells whether the words are true
    assert lowered(measured(changed)) == {
        "exact-quote", "citation precision", "citation recall", "answer strings@3", "token F1",
    }  # fmt: skip


def test_a_quote_from_the_wrong_document_is_no_hit():
    wrong = replace(RIGHT, document="d2", file="d2.md")
    assert lowered(measured(wrong)) == {
        "quote hit@1", "quote hit@3", "citation precision", "citation recall", "hit@1", "MRR@10", "nDCG@10",
    }  # fmt: skip


def test_a_stitched_quote_is_no_right_citation():
    stitched = replace(RIGHT, exact=False)
    assert lowered(measured(stitched)) == {"exact-quote", "citation precision", "citation recall"}


def test_a_refused_answerable_question_loses_its_answer_not_its_retrieval():
    assert lowered(measured()) == {
        "quote hit@1", "quote hit@3", "token F1", "answer strings@3", "citation precision", "citation recall", "refused rightly",
    }  # fmt: skip


def test_a_right_refusal_counts_as_right():
    got = measured(question=Question("u", "?", answerable=False))
    assert got["citation precision"] == got["citation recall"] == got["refused rightly"] == 1
    assert got["quote hit@1"] is None


def test_an_answer_to_the_unanswerable_counts_as_wrong():
    got = measured(RIGHT, question=Question("u", "?", answerable=False))
    assert got["citation precision"] == got["citation recall"] == got["refused rightly"] == 0


def test_as_of_wants_a_hit_and_nothing_later():
    asked = replace(ASKED, as_of=date(2025, 1, 1))
    early, late = replace(RIGHT, published="2024-12-02"), replace(OTHER, published="2025-06-01")
    assert measured(early, question=asked)["as-of"] == 1
    assert measured(early, late, question=asked)["as-of"] == 0
    assert measured(replace(RIGHT, published=""), question=asked)["as-of"] == 0
    assert measured(RIGHT)["as-of"] is None


# --- averages and comparisons


def many(right: int, wrong: int) -> list[Result]:
    quotes = [RIGHT] * right + [OTHER] * wrong
    return add_measures([result(q, question=replace(ASKED, id=f"q{n}")) for n, q in enumerate(quotes)])


def test_estimate_is_the_mean_with_an_interval_around_it():
    score = estimate(many(30, 10))["quote hit@1"]
    assert score.value == pytest.approx(0.75)
    assert 0.55 < score.low < 0.75 < score.high < 0.9
    assert score.n == 40


def test_the_same_results_cannot_be_told_apart():
    got = compare(many(30, 10), many(30, 10))["quote hit@1"]
    assert (got.difference, got.p, got.verdict) == (0, 1, "cannot tell")


def test_results_without_a_question_in_common_are_not_compared():
    with pytest.raises(EvaluationError, match="no question in common"):
        compare(many(1, 0), add_measures([result(RIGHT, question=replace(ASKED, id="elsewhere"))]))


def test_refusals_are_compared_too():
    no = [Question(f"n{n}", "?", answerable=False) for n in range(20)]
    wise = add_measures([*(result(question=q, support=0.1) for q in no), *many(20, 0)])
    rash = add_measures([*(result(OTHER, question=q, support=0.9) for q in no), *many(20, 0)])
    got = compare(wise, rash)
    assert (
        got["refusal recall"].verdict == got["refusal AUROC"].verdict == got["risk–coverage area"].verdict == "better"
    )
    assert compare(rash, wise)["risk–coverage area"].verdict == "worse"
    assert compare(wise, wise)["refusal AUROC"].verdict == "cannot tell"


def test_a_large_difference_is_better_one_way_and_worse_the_other():
    good, bad = many(40, 0), list(reversed(many(5, 35)))
    assert compare(good, bad)["quote hit@1"].verdict == "better"
    assert compare(bad, good)["quote hit@1"].verdict == "worse"


def test_a_difference_in_one_of_forty_cannot_be_told():
    assert compare(many(40, 0), many(39, 1))["quote hit@1"].verdict == "cannot tell"


def test_a_measure_of_one_question_is_compared_and_cannot_be_told():
    assert permutation_p(np.array([0.5])) == 1
    found = compare(add_measures([result(RIGHT)]), add_measures([result(OTHER)]))["exact-quote"]
    assert (found.n, found.p, found.verdict) == (1, 1, "cannot tell")


def test_permutation_p_of_a_hand_worked_case():
    # four differences of 1: all 2^4 sign patterns, two of them as extreme -> 2/16
    assert permutation_p(np.ones(4)) == pytest.approx(2 / 16)
