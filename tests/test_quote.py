"""Choosing sentences by coordinates: the kotaemon and verbatim-rag cases, overlap, repetition, fragments."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from material import document, weighed

from rag.datatypes import Evidence, Span, Weighed
from rag.quote import MOST_SENTENCES, REPETITION, SECOND, THIRD, _Repeated, choose
from rag.split import split
from rag.text import alike, normalise, words
from rag.weigh import MAX_CHARACTERS, support


def texts(quotes):
    return [q.text for q in quotes]


def test_nothing_weighed_supports_nothing_and_chooses_nothing():
    assert support([]) == 0
    assert choose([], 3) == ()
    assert weighed("anything") == []


blocks = st.lists(
    st.sampled_from(["No exports.", "A licence is needed: ", "It ends 5%.", "不许可出口。", "Yes"]), max_size=9
)


@given(st.lists(blocks.map("\n".join).map(normalise).filter(bool), min_size=1, max_size=3), st.integers(1, 5))
def test_quotes_are_slices_that_never_overlap_and_never_exceed_what_was_asked(contents, most):
    papers = [document(text, id=str(n)) for n, text in enumerate(contents)]
    quotes = choose(weighed("licence exports", *papers), most)
    assert 1 <= len(quotes) <= most
    for quote in quotes:
        assert quote.text == contents[int(quote.document.id)][quote.start : quote.end]
        passage = quote.evidence.passage
        assert quote.start in [s.start for s in passage.sentences]
        assert quote.end in [s.end for s in passage.sentences]
    for n, one in enumerate(quotes):
        for other in quotes[n + 1 :]:
            same = one.document.id == other.document.id
            assert not (same and one.start < other.end and other.start < one.end)
    assert len({q.key for q in quotes}) == len(quotes)


def test_the_same_words_in_two_documents_are_shown_once_but_have_two_keys():
    one, other = (document("A zebra licence is needed for export.", id=name) for name in "ab")
    found = weighed("zebra licence", one, other)
    assert len({w.span.document.id for w in found}) == 2
    assert len(choose(found, 5)) == 1
    assert len({q.key for w in found for q in choose([w], 1)}) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Requests face a presumption of denial under this rule.",
            "Requests face a presumption of approval under this rule.",
        ),
        ("The duty on these chips is fixed at 5% of value.", "The duty on these chips is fixed at 6% of value."),
        ("The limit for one such chip is 4,800 points.", "The limit for one such chip is 6,800 points."),
    ],
)
def test_sentences_that_differ_in_one_word_or_digit_are_never_taken_for_one(one, other):
    quotes = choose(weighed("rule duty limit chips presumption", document(one, id="a"), document(other, id="b")), 5)
    assert sorted(texts(quotes)) == sorted([one, other])


def test_a_lead_in_is_shown_with_what_it_leads_to():
    paper = document("Three chips need a zebra licence here:\nThe Ascend 910B and two more of its kind.")
    best = weighed("zebra licence", paper)[0]
    assert best.span.text == paper.text


def test_a_lead_in_at_the_end_of_a_passage_stays_as_it_is():
    paper = document("The following chips need a zebra licence:")
    assert weighed("zebra licence", paper)[0].span.text == paper.text


def test_a_sentence_too_long_to_read_is_never_quoted():
    long = "zebra " * (MAX_CHARACTERS // 6 + 1) + "end."
    paper = document(f"{long}\nA zebra licence is needed.")
    assert [w.span.text for w in weighed("zebra", paper)] == ["A zebra licence is needed."]


def test_what_is_far_worse_than_the_best_is_not_shown():
    paper = document("A zebra licence is needed for every export.\nLunch is served at noon in the garden.", title="T")
    cosines = {"A zebra licence is needed for every export.": 0.9, "Lunch is served at noon in the garden.": 0.0}
    assert texts(choose(weighed("zebra licence export", paper, cosines=cosines), 5)) == [
        "A zebra licence is needed for every export."
    ]


def test_the_same_words_in_another_order_are_not_dropped():
    paper = document(
        "The tariff went from 15% to 25% in the year of the rule.\nThe tariff went from 25% to 15% in the year of the rule."
    )
    together = " ".join(texts(choose(weighed("tariff rule", paper), 3)))
    assert "15% to 25%" in together
    assert "25% to 15%" in together


def test_neighbours_that_both_answer_make_one_quote():
    paper = document(
        "Exports of zebra chips need a licence. The zebra licence takes ninety days. Parking is free on Sundays."
    )
    (first, *_) = choose(weighed("zebra licence", paper, cosines={"Parking is free on Sundays.": -1.0}), 3)
    assert first.text == "Exports of zebra chips need a licence. The zebra licence takes ninety days."


def test_sentences_apart_stay_two_quotes():
    paper = document(
        "Exports of zebra chips need a licence. Parking is free on Sundays. The zebra licence takes ninety days."
    )
    cosines = {"Parking is free on Sundays.": -1.0}
    quotes = choose(weighed("zebra licence", paper, cosines=cosines), 3)
    assert sorted(texts(quotes)) == ["Exports of zebra chips need a licence.", "The zebra licence takes ninety days."]


def test_a_quote_is_at_most_three_sentences_long():
    paper = document(
        " ".join(f"The zebra licence number {word} is valid." for word in ("one", "two", "six", "ten", "nine"))
    )
    for quote in choose(weighed("zebra licence", paper), 5):
        assert quote.text.count("zebra") <= MOST_SENTENCES


def scored(paper, *scores):
    """The sentences of a one-passage paper with these scores, best first."""
    (passage,) = split(paper)
    evidence = Evidence(0, passage, 1.0)
    found = [Weighed(span, evidence, score) for span, score in zip(passage.sentences, scores, strict=True)]
    return sorted(found, key=lambda w: -w.score)


def test_a_neighbour_that_answers_far_less_well_does_not_widen_a_quote():
    paper = document("A zebra licence is needed. It takes ninety days. Fees are due in May.")
    assert (
        choose(scored(paper, 1.0, SECOND + 0.01, 0.1), 1)[0].text == "A zebra licence is needed. It takes ninety days."
    )
    assert choose(scored(paper, 1.0, SECOND - 0.01, 0.1), 1)[0].text == "A zebra licence is needed."


def test_a_third_sentence_joins_only_where_it_answers_as_well():
    paper = document("A zebra licence is needed. It takes ninety days. Fees are due in May.")
    assert choose(scored(paper, 1.0, 0.95, THIRD + 0.01), 1)[0].text == paper.text
    assert (
        choose(scored(paper, 1.0, 0.95, THIRD - 0.01), 1)[0].text == "A zebra licence is needed. It takes ninety days."
    )


def test_a_footnote_is_never_one_quote_with_the_sentence_that_it_stands_behind():
    body = "A licence is needed for the zebra chip under this rule."
    note = "¹² For the zebra chip and its licence, see the rule of the ministry."
    quotes = choose(weighed("licence zebra chip rule", document(f"{body}\n{note}")), 3)
    assert body in texts(quotes)
    assert not any(body in text and note in text for text in texts(quotes))


def test_what_two_speakers_say_never_makes_one_quote():
    """One would be cited to the first of them."""
    text = (
        "MR. LEE: The zebra licence is free.\nMS. KING: The zebra licence takes ninety days. It ends in May.\n"
        "MR. LEE: The fee is nothing.\nMS. KING: The form is blue."
    )
    for kind, expected in (
        (
            "document",
            ["MS. KING: The zebra licence takes ninety days. It ends in May.", "MR. LEE: The zebra licence is free."],
        ),
        (
            "record",
            ["MR. LEE: The zebra licence is free.\nMS. KING: The zebra licence takes ninety days. It ends in May."],
        ),
    ):
        quotes = choose(scored(document(text, kind=kind), 0.95, 1.0, 0.98, 0.1, 0.1), 3)
        assert texts(quotes) == expected


WORDS = st.sampled_from("export licence chip rule day 4800 6800 no may".split())


@given(st.lists(st.tuples(st.lists(WORDS, min_size=1, max_size=4), st.integers(1, 10)), min_size=1, max_size=8))
def test_the_best_of_those_left_loses_what_it_repeats_of_those_said(drawn):
    pool = [
        Weighed(
            Span(paper := document(" ".join(said)), 0, len(paper.text)),
            Evidence(0, split(document("Nothing."))[0], 1.0),
            score / 10,
            {},
        )
        for said, score in drawn
    ]
    repeated, left, said = _Repeated(pool), set(range(len(pool))), list[int]()
    bags = [set(words(item.span.text)) for item in pool]
    while left:
        less = {n: max([alike(bags[n], bags[m]) for m in said], default=0.0) for n in left}
        expected = max(sorted(left), key=lambda n: pool[n].score - REPETITION * less[n])
        assert repeated.best(left) == expected
        repeated.say(expected)
        said.append(expected)
        left.remove(expected)
