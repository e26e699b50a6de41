"""False premises: denied by a sentence on the same thing, and never where a sentence affirms or nothing is presupposed.

The questions here are ours, over invented sentences; `python -m pytest` needs no corpus for them.
"""

from __future__ import annotations

import re
from datetime import date

import pytest
from material import document, weighed

from rag.datatypes import Outcome, Span
from rag.rules.premise import denial, speaks_of


def denied(question, *sentences, **fields):
    """(the sentence that denies, what is said of it), or None."""
    papers = [document(text, id=str(n), **fields) for n, text in enumerate(sentences)]
    found = denial(question, weighed(question, *papers), lambda word: 1.0, date(2026, 6, 27))
    return found and (found.weighed.span.text, found.note)


LEFT_OUT = "The final defence bill of December 2025 left out the Zebra Act."
HOLDS = "The Zebra Rule of May 2024 is in force as of 27 June 2026."


@pytest.mark.parametrize(
    ("question", "sentence", "says"),
    [
        ("When did Congress pass the Zebra Act?", LEFT_OUT, "it was left out"),
        ("When was the Zebra Act signed into law?", "The Zebra Act was a proposed bill, not in force.", "only proposed"),
        ("On which day did the Zebra Act come into force?", "The Zebra Act is only a draft so far.", "only proposed"),
        ("When did the Zebra Rule take effect?", "The Zebra Rule was withdrawn in March 2026.", "came to nothing first"),
        ("Why did BIS repeal the Zebra Rule in 2025?", HOLDS, "it holds"),
        ("Why was the Zebra Rule rescinded?", "The Zebra Rule was suspended, not rescinded.", "denies that"),
        ("When did Congress pass the Zebra Act?", "The Zebra bill was still only proposed in May.", "only proposed"),
        ("In which year did BIS take Siliconia off the Zebra List?", "The Zebra List entry of Siliconia is in force.", "it holds"),
        ("Why is Siliconia still barred from export?", "BIS lifted the rule that barred Siliconia from export.", "ended"),
        ("When did Siliconia ship its first lasers?", "Siliconia has never been allowed to ship lasers.", "denies that"),
        ("Which minister named Siliconia?", "The minister did not name Siliconia.", "denies that"),
        ("Why did Siliconia publish its Zebra plan?", "Siliconia has not published its Zebra plan.", "denies that"),
        ("When did the Dutch minister revoke the Zebra order?", "That was no revocation of the Zebra order.", "denies that"),
        ("The full House passed the Zebra Act this spring. By how many votes?", "A vote on the Zebra Act in committee is not passage by the House.", "denies that"),
        ("The US put the chip maker Siliconia on the Zebra List. What was the day?", "The Zebra List addition of Siliconia is only a draft.", "only proposed"),
        ("Congress passed the Zebra Act. Who signed it?", LEFT_OUT, "it was left out"),
        ("Since the Zebra Act became law, who must report?", "The Zebra Act (H.R. 4) would have directed firms to report.", "what it would do"),
        ("Now that the Zebra Rule has been repealed, who gains?", HOLDS, "it holds"),
        ("Which clause of the Zebra Rule sets a fee?", "The Zebra Rule contains no mention of a fee.", "“contains no mention of a fee”"),
        ("How many Zebra board seats are there?", "At Zebra it gets no board seat.", "“gets no board seat”"),
    ],
)  # fmt: skip
def test_a_sentence_that_denies_the_event_is_found_and_its_note_says_so(question, sentence, says):
    found = denied(question, "Some other rule was passed in 2019.", sentence)
    assert found is not None
    assert found[0] == sentence
    assert says in found[1]


def test_what_the_thing_itself_ended_does_not_affirm_that_it_was_ended():
    pool = weighed(
        "zebra rule",
        document("The Zebra Rule was suspended, not rescinded. The Zebra Rule ended the earlier practice."),
    )
    found = denial("Why was the Zebra Rule rescinded?", pool, lambda _: 1.0)
    assert found is not None
    assert "suspended" in found.weighed.span.text


def test_the_note_tells_what_is_taken_for_granted():
    _, note = denied("When did Congress pass the Zebra Act?", LEFT_OUT)
    assert note.startswith("The question takes for granted that Congress did pass the Zebra Act.")


@pytest.mark.parametrize(
    ("question", "sentences"),
    [
        ("Did Congress pass the Zebra Act?", [LEFT_OUT]),  # asks, and presupposes nothing
        ("How many votes did the Zebra Act get?", [LEFT_OUT]),
        ("Why did Congress not pass the Zebra Act?", [LEFT_OUT]),  # presupposes what the sentence says
        ("When did Congress pass the Lion Act?", [LEFT_OUT]),  # another thing
        ("Why did BIS repeal the Lion Rule?", [HOLDS]),
        ("When did Siliconia come off the Zebra List?", ["The Zebra List entry of Waferia is in force."]),
        ("Why did BIS repeal the Zebra Rule?", [HOLDS, "BIS repealed the Zebra Rule on 3 July 2026."]),  # affirmed
        ("When did BIS issue the Zebra Rule?", [HOLDS]),
        ("When did the House pass the Zebra Act?", ["The Zebra Act is only proposed, and passed by the House."]),
        ("What is the Zebra Act?", [LEFT_OUT]),
        (
            "After the Zebra Act was passed, who gained?",
            ["The Zebra Act would help Lion.", "Congress passed the Zebra Act."],
        ),
        ("Since the Zebra Rule is in force, who gains?", [HOLDS]),
        ("When did Congress publish(the Zebra Act?", [LEFT_OUT]),  # no pattern, whatever is typed
        ("What does the Zebra Rule say on fees?", ["The Zebra Rule contains no fee."]),  # answers, denies nothing
        ("Which clause of the Zebra Rule sets a fee?", ["The Zebra Rule contains no ban."]),
        ("Which body passed the Zebra Act?", ["Decree No. 80 put the Zebra Act into effect."]),  # "No." is a number
        ("When did Siliconia come off the Entity List?", ["Taiwan's entity list entry of Siliconia is in force."]),
        ("Congress passed the Zebra Act. Who signed it?", ["Congress passed the Zebra Act in May 2024."]),
    ],
)
def test_nothing_is_contradicted_that_is_not_presupposed_and_denied(question, sentences):
    assert denied(question, *sentences) is None


def test_what_is_put_to_another_president_is_contradicted():
    sentence = "President Obama blocked the sale of Zebra in 2016."
    found = denied("Why did Trump block the sale of Zebra?", sentence)
    assert found is not None
    assert found[1].endswith("The first quote names President Obama.")
    assert denied("Why did Obama block the sale of Zebra?", sentence) is None
    assert denied("Why did Trump block the sale of Zebra?", sentence, "Trump blocked the sale of Zebra too.") is None
    assert denied("Why did Trump block the sale of Lion?", sentence) is None
    signed = "The Zebra Act was signed under President Biden."
    assert denied("When did Trump sign the Zebra Act?", signed) is not None


STAKE = "The ministry took a passive stake of 9.9% in Zebra on 2 May 2025."


@pytest.mark.parametrize(
    ("question", "sentence", "taken", "says"),
    [
        ("Why did the ministry take a 51% stake in Zebra?", STAKE, "51%", "9.9%"),
        ("Why does the Zebra Act give it 60 days?", "The Zebra Act gives it 30 days to look.", "60 days", "30 days"),
        ("Which twelve firms did BIS list with Zebra?", "BIS listed 15 firms with Zebra.", "twelve firms", "15 firms"),
        ("Who paid the $3 million fine of Zebra?", "The fine of Zebra was $40 million.", "$3 million", "$40 million"),
        ("How did Zebra reach 5 nm with the Z1?", "Zebra made its Z1 at 7 nm.", "5 nm", "7 nm"),
        ("Why did Zebra cut tariffs by 9 points?", "Zebra cut tariffs by dropping 24 points.", "9 points", "24 points"),
    ],
)
def test_a_figure_that_the_best_sentence_gives_otherwise_is_told(question, sentence, taken, says):
    found = denied(question, sentence)
    assert found is not None
    assert found[1] == f"The question takes “{taken}” for granted. The first quote says “{says}”."


@pytest.mark.parametrize(
    ("question", "sentences"),
    [
        ("Why did the ministry take a 9.9% stake in Zebra?", [STAKE]),
        ("Why did the ministry take a 10% stake in Zebra?", [STAKE]),  # rounded
        ("Did the ministry take a 51% stake in Zebra?", [STAKE]),  # takes nothing for granted
        ("How many days are 51% of a stake in Zebra?", [STAKE]),
        ("Why did the ministry take a 51% stake in Zebra?", [STAKE, "Its stake in Zebra rose to 51% in June."]),
        ("Why did the ministry take a 51% stake in Lion?", ["Wheat is 9.9% of all it grows."]),
        ("Why was the 50% rule of the ministry put off for Zebra?", [STAKE]),
        ("Who are the 11 other firms of Zebra?", ["BIS listed 15 firms with Zebra."]),
        ("Where are the two firms of the Zebra rule?", ["Of the Zebra rule 14 firms are in China and two in Japan."]),
        ("Why did BIS list 44 firms with Zebra?", ["BIS listed forty-four firms with Zebra."]),
        (
            "Why did the Zebra truce cut tariffs by 115 points?",
            ["The truce cut tariffs by suspending 24 points and dropping later ones."],
        ),
        (
            "Why did the Zebra truce cut tariffs by 115 points?",
            ["The truce cut tariffs by dropping some and suspending 24 points."],
        ),
        ("Why did Zebra sell 30 chips in 2024?", ["Zebra sold 30 chips in 2025."]),  # years are no figures
    ],
)
def test_no_figure_is_held_against_a_question_without_need(question, sentences):
    assert denied(question, *sentences) is None


def test_what_would_follow_its_enactment_does_not_say_that_it_was_enacted():
    draft = "The Zebra Act was a proposed bill, not in force."
    found = denied(
        "When was the Zebra Act signed?", draft, "Within 180 days of enactment, the Zebra Act would ask for locks."
    )
    assert found is not None
    assert found[0] == draft


def test_a_plain_denial_comes_before_what_else_speaks_against_it():
    plain = "The suspension of the Zebra order was not a revocation."
    found = denied("When was the Zebra order revoked?", "The Zebra order is in force.", plain)
    assert found is not None
    assert found[0] == plain


def test_an_act_of_one_chamber_is_denied_only_by_words_on_it():
    assert denied("When did the House pass the Zebra Act?", "The Zebra Act is only a bill.") is None
    assert denied("When did the House pass the Zebra Act?", "The House never passed the Zebra Act.") is not None


def test_a_sentence_on_another_subject_denies_nothing():
    paper = document("The lamps of Zebra Corp were never sold abroad.", title="Lamps")
    span = Span(paper, 0, len(paper.text))
    assert speaks_of("Why did Zebra Corp sell its lamps?", span, lambda _: 1.0)
    assert not speaks_of("Why did a committee of lions dislike the moon?", span, lambda _: 1.0)


HURT = "The Zebra Rule would have hurt makers."


@pytest.mark.parametrize(
    ("question", "sentences"),
    [
        ("When did the Zebra Rule take effect?", [HURT]),
        ("When did the Zebra Rule come into force?", [HURT]),
        ("Why was the Zebra Rule adopted?", [HURT]),
        ("When did the Zebra Rule take effect?", ["The Zebra Rule came after a draft of March that named oxen and was withdrawn."]),
        ("When was the Zebra Rule adopted?", [
            "The Zebra Rule is only a draft, said one.", "BIS issued the Zebra Rule as an interim final rule effective 3 May 2026.",
        ]),
        ("When was the Zebra licence rescinded?", ["The Zebra licence is no longer in force."]),
        ("When was the Zebra licence rescinded?", ["The Zebra licence does not remain in force."]),
        ("When was the Zebra licence rescinded?", ["The Zebra licence was never in force."]),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_denial_denies_nothing(question, sentences):
    assert denied(question, *sentences) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "The Zebra Rule, which named oxen and was withdrawn, is forgotten.",
        "BIS said that the Zebra Rule was withdrawn.",
        "The Zebra Rule that BIS wrote was withdrawn.",
    ],
)
def test_what_was_withdrawn_is_denied_in_a_clause_on_it_too(sentence):
    assert denied("When did the Zebra Rule take effect?", sentence) is not None


def test_what_would_have_been_is_told_of_what_never_was():
    """Of a bill, and of what is only proposed; of what has its name and took effect it is told too."""
    question, act = "When did the Zebra Rule take effect?", "The Zebra Act would have hurt makers."
    assert denied(question, HURT, status="proposed") is not None
    assert denied("When was the Zebra Act passed?", act) is not None
    in_effect = {"title": "The Zebra Rule", "effective": "2026-05"}
    assert denied(question, HURT, status="proposed", **in_effect) is None
    assert denied(question, HURT, status="proposed", **in_effect | {"effective": "2026-07"}) is not None
    assert denied(question, HURT, status="proposed", **in_effect | {"title": "Lions"}) is not None


def test_a_contradicting_quote_comes_first_and_is_marked(shelf):
    shelf.write(
        act_md="# Zebra Act\n\nThe Zebra Act would oblige makers to sell at home first. Senators praised the Zebra Act. "
        "The final defence bill of December 2025 left out the Zebra Act.",
        other_md="# Fund\n\nA fund buys tools for chip plants.",
    )
    shelf.build()
    pipeline = shelf.pipeline()
    answer = pipeline.ask("When did Congress pass the Zebra Act?")
    pipeline.index.close()
    assert answer.outcome is Outcome.PREMISE_CONTRADICTED
    assert answer.quotes[0].text == "The final defence bill of December 2025 left out the Zebra Act."
    assert answer.notes[0].startswith("The question takes for granted that Congress did pass the Zebra Act.")
    assert len({q.key for q in answer.quotes}) == len(answer.quotes)


def test_a_question_of_the_records_with_a_false_premise_is_contradicted(records):
    answer = records.ask("When did Congress pass the GAIN AI Act?")
    assert answer.outcome is Outcome.PREMISE_CONTRADICTED
    denies = (
        r"\bleft\b.*\bGAIN AI Act\b.*\bout\b|\bleft out the GAIN AI Act\b|\bGAIN AI Act was still only a proposed\b"
    )
    assert re.search(denies, answer.quotes[0].text)
    assert records.ask("Which defence bill left out the GAIN AI Act?").outcome is Outcome.ANSWERED
