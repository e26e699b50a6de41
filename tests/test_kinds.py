"""What a question demands in so many words, and quotes that do not give it."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from material import document, weighed

from rag.datatypes import Outcome, Span
from rag.rules.kinds import DEMANDED, TELLS_NO_WHY, TELLS_WHY, kind_of, odds_of_a_reason, telling_a_state, ungiven
from rag.split import split
from rag.weigh import reweighed


@pytest.mark.parametrize(
    ("question", "text", "kind"),
    [
        ("What fine did Zebra pay?", "Zebra broke the rule.", "a sum of money"),
        ("What does a Zebra 7 cost?", "The Zebra 7 has 40 GB.", "a price"),
        ("what did a Zebra 7 sell for", "Zebra booked a charge of $5 billion on the Zebra 7.", "a price"),
        ("How much is one Zebra 7?", "The Zebra 7 has 40 GB.", "a price"),
        ("What prison term did Lee get?", "Lee pleaded guilty in 2024.", "a prison term"),
        ("How many lamps were sold?", "Zebra could not ship $2.5 billion of lamps on 9 May 2025.", "a number sold"),
        ("How much electricity does the Zebra 7 use?", "The Zebra 7 joins 900 lamps.", "power drawn"),
        ("What is the current price of a Zebra 7?", "The Zebra 7 has 40 GB.", "a sum of money"),
        ("What is the price of a Zebra 7?", "Zebra booked a charge of $5 billion on the Zebra 7.", "a price"),
        ("How much profit did Zebra make?", "Zebra had sales of $5 billion.", "a profit"),
        ("What was Zebra's revenue in 2024?", "Zebra paid a fine of $5 billion in 2024.", "revenue"),
        ("What is Zebra's market share?", "Zebra is a maker of lamps since 2024.", "a market share"),
        ("What stake in Lion did Zebra take?", "Lion thanked its 900 stakeholders for a grant from Zebra.", "a stake"),
        ("What yield does Zebra get on its lamps?", "Zebra's lamps are 20% less dense than Lion's.", "a yield"),
        ("By what margin did the House pass the Zebra Act?", "Two lions voted for the Zebra Act.", "a count of votes"),
        ("How did it vote: how many for, how many against?", "It voted, all lions but two.", "a count of votes"),
        ("How many people work at Zebra?", "Zebra added 13 persons to its list.", "a headcount"),
        ("By what date must Zebra answer?", "Zebra must answer soon, in 2025.", "a day"),
        ("How did the Senate vote on the Zebra Act?", "The Zebra Act came to the Senate.", "a vote"),
        ("Who signed the Zebra Rule?", "The Zebra Rule came out in May.", "a signature"),
        ("Where was Ann Lee born?", "Ann Lee met Bo Li in Zebra.", "an age, a birth or a marriage"),
        (
            "Who is against selling lamps to Zebra?",
            "Zebra set 900 lamps against its orders.",
            "a view for or against it",
        ),
        ("Who else opposes the Zebra Act?", "The Zebra Act is still a bill of concern.", "a view for or against it"),
        ("Did the curbs on lamps work?", "The curbs on lamps took effect on 4 July.", "what came of it"),
        ("How effective has the ban been?", "The ban holds back lamps of two sizes.", "what came of it"),
    ],
)
def test_quotes_without_the_kind_that_is_demanded_do_not_give_it(question, text, kind):
    missing = ungiven(question, [text, "Lions are another matter."])
    assert missing is not None
    assert missing.name == kind


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What fine did Zebra pay?", "Zebra paid $40 million."),
        ("What fee does Zebra owe?", "Zebra owes 25% of its sales."),
        ("What is the price of a Zebra 7?", "A Zebra 7 sells for $40."),
        ("How much profit did Zebra make?", "Zebra earned $5 billion."),
        ("What was Zebra's revenue?", "Zebra sold lamps for $5 billion."),
        ("What is Zebra's market share?", "Zebra has 40% of the market for lamps."),
        ("What stake in Lion did Zebra take?", "Zebra owns 9% of Lion."),
        ("What yield does Zebra get?", "Some 40% of Zebra's lamps are defective."),
        ("By what margin did the House pass the Zebra Act?", "The House passed it 51–49."),
        ("How many licences for Zebra did Lion grant?", "Lion granted licences."),  # no count of votes
        ("What did Lee say about the price of a Zebra 7?", "It is too high, said Lee."),  # wants none
        ("How many people work at Zebra?", "Zebra has 90 employees."),
        ("By what date must Zebra answer?", "Zebra must answer by 4 July 2025."),
        ("When did Zebra enter the list?", "Zebra entered the list after the war."),  # no day is demanded
        ("What is another name for a fee?", "A charge."),  # nor a sum
        ("How did the Senate vote on the Zebra Act?", "The Senate passed it by 51 to 49."),
        ("Who signed the Zebra Rule?", "The Zebra Rule has the signature of Lion."),
        ("Who signed Executive Order 5?", "President Lee issued Executive Order 5."),
        ("How much did Zebra pay?", "Zebra paid 9 lamps."),
        ("How many lamps did Zebra ship?", "Zebra sold about 7.4 million lamps."),
        ("How many lamps were sold?", "No lamp had been sold."),
        ("How many firms may buy lamps?", "Ten may."),
        ("What did Zebra say when asked?", "Zebra said nothing."),  # "when" asks for no date here
        ("On what day did Zebra announce the sale?", "Zebra will sell its plant."),  # the source has the date
        ("Who opposes the Zebra Act?", "Lee called for another bill."),
        ("Who backs the Zebra Act?", "Zebra Act: Senator Lee's companion bill dates from May."),
        ("Did the curbs on lamps work?", "Zebra caught up within a year."),
        ("How does the rule on lamps work?", "It lists lamps."),  # not how well
        ("Is the rule on lamps effective?", "It is in force."),
        ("What rule binds Zebra?", "The Fluxite Rule does."),  # demands nothing
    ],
)
def test_what_gives_it_or_need_not_is_left_alone(question, text):
    assert ungiven(question, [text]) is None


@pytest.mark.parametrize(
    ("question", "kind", "given"),
    [
        ("When did Zebra sue?", "a date", "It sued in May."),
        ("Who sued, and when?", "a date", "It sued in May."),
        ("How long does a permit last?", "a length of time", "It lasts for 5 years."),
        ("What did Lee say when Zebra sued?", None, ""),
    ],
)
def test_the_kind_that_a_question_hints_at(question, kind, given):
    found = kind_of(question)
    assert (found and found.name) == kind
    assert found is None or found.has.search(given)


def test_one_quote_that_gives_it_is_enough():
    assert ungiven("What fine did Zebra pay?", ["Zebra broke the rule.", "It paid $40 million."]) is None


def test_an_assessment_that_is_asked_for_comes_before_what_fits_otherwise(records):
    first, *_ = records.ask("How effective have export controls been?").quotes
    assert "failure" in first.text


def test_a_question_for_a_sum_that_no_quote_names_is_refused_and_says_so(records):
    answer = records.ask("What fine did SAMR set for Qualcomm in the Autotalks case?")
    assert answer.outcome is Outcome.NOT_FOUND
    assert answer.related
    assert any("a sum of money" in line for line in answer.lacks)


def test_of_a_state_the_sentence_that_tells_it_comes_before_one_that_only_speaks_of_the_thing():
    of = document("The Zebra Rule names 40 firms. The Zebra Rule was suspended on 3 May 2026.")
    before = weighed("the Zebra Rule", of)
    assert before[0].score == 1.0
    told = reweighed(before, telling_a_state(""))
    assert "suspended" in told[0].span.text
    assert told[0].score == 1.0
    assert {w.span.text for w in told} == {w.span.text for w in before}
    assert reweighed([], telling_a_state("")) == []


def test_of_two_that_tell_a_state_the_one_that_says_as_of_when_comes_first():
    of = document("The Zebra Rule was suspended. The Zebra Rule was suspended as of 3 May 2026.")
    alike = [replace(w, score=1.0) for w in sorted(weighed("the Zebra Rule", of), key=lambda w: w.span.start)]
    assert "as of" in reweighed(alike, telling_a_state(""))[0].span.text
    assert reweighed(alike, telling_a_state("Until when is it suspended?")) == alike


def test_the_state_of_another_thing_counts_less():
    own = document("The Zebra Rule was suspended.", id="own", title="Ministry issues the Zebra Rule")
    exception = document("The licence in the Zebra Rule has ended.", id="in it", title="Licence in the Zebra Rule")
    other = document("The Lion Rule is in force.", id="other", title="Ministry issues the Lion Rule")
    share = telling_a_state("Is the Zebra Rule in force?")
    kept = {paper.id: share(Span(paper, 0, len(paper.text))) for paper in (own, exception, other)}
    assert kept["own"] > kept["in it"] == kept["other"]
    licence = telling_a_state("Is the licence in the Zebra Rule in force?")
    assert licence(Span(exception, 0, len(exception.text))) == kept["own"]


def test_how_things_stood_until_a_day_is_not_how_they_stand_now():
    text = "The Zebra Rule stayed in effect until May 2025.\n\nThe Zebra Rule was in force as of June 2026."
    of = document(text, title="Ministry issues the Zebra Rule", status="in force")
    until, stands = (s for p in split(of) for s in p.sentences)
    share = telling_a_state("Is the Zebra Rule in force, and until when?", now=True)
    assert share(stands) > share(until)


def test_the_state_of_another_chip_counts_less():
    h20 = document("The H20 licence requirement is in force.", id="h20", title="H20 letter")
    h200 = document("The H200 licence requirement is in force.", id="h200", title="H200 rule")
    share = telling_a_state("Are H20s under a licence requirement?")
    assert share(Span(h20, 0, len(h20.text))) > share(Span(h200, 0, len(h200.text)))


def test_how_things_stand_now_is_told_by_the_status_of_the_source():
    text = "The Zebra Rule ended an older practice.\n\nThe Zebra Rule was suspended in May."
    of = document(text, title="Ministry issues the Zebra Rule", status="suspended")
    practice, suspended = (s for p in split(of) for s in p.sentences)
    now, then = telling_a_state("Is the Zebra Rule in force?", now=True), telling_a_state("Is the Zebra Rule in force?")
    assert now(suspended) > now(practice)
    assert then(suspended) == then(practice)


@pytest.mark.parametrize(
    ("question", "text", "odds"),
    [
        ("Why did Zebra stop?", "Zebra stopped in answer to the tariff.", TELLS_WHY),
        ("On what grounds was Zebra fined?", "Zebra was fined over lamps that went to Lion.", TELLS_WHY),
        ("Why did Zebra stop?", "Zebra stopped on 4 May 2024.", TELLS_NO_WHY),
        ("When did Zebra stop?", "Zebra stopped on 4 May 2024.", 0.0),
    ],
)
def test_a_question_for_a_reason_is_answered_the_likelier_by_words_that_may_tell_one(question, text, odds):
    assert odds_of_a_reason(question, text) == odds


def test_a_long_line_of_dots_is_looked_at_in_a_moment():
    began = time.process_time()
    line = "Contents " + "." * 1400 + " 7"
    assert not any(kind.has.search(line) for kind in DEMANDED if kind.name == "a market share")
    assert time.process_time() - began < 1  # it took 5 seconds
