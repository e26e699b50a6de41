"""What a term means and what a thing is: which questions ask it, which sentences say it, and that these come first."""

from __future__ import annotations

import pytest
from material import document

from rag.datatypes import Outcome, Span
from rag.rules.defined import asked_term, asked_thing, defining, introducing, is_told_of, with_the

LAW = """---
title: Fluxite Act
date: 2026-01-05
side: us
publisher: Congress of Examples
url: https://example.org/fluxite-act
---
# Duties

A covered lamp maker must file a report each year. The Bureau may fine a covered lamp maker that files late. A covered \
lamp maker may ask the Bureau for a waiver. No covered lamp maker may sell fluxite lamps abroad without a licence.

# Sec. 9. Definitions

(a) The term “lamp” has the meaning given in section 2. (b) The term “covered lamp maker” means a firm that sold more \
than 900 fluxite lamps in a year.
"""


RULE = """---
title: Lee speaks of the Zebra Rule
date: 2026-02-05
side: us
publisher: Bureau of Examples
url: https://example.org/zebra
---
Ann Lee said in May that the Zebra Rule is what the Zebra Rule was in 2024. Firms asked what the Zebra Rule means for \
them. The Zebra Rule of 4 May 2024 bars the sale of lamps abroad.
"""


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("How does the Fluxite Act define a covered lamp maker?", "covered lamp maker"),
        ("How is “covered lamp maker” defined in the Act?", "covered lamp maker"),
        ("How is the term fluxite lamp defined?", "fluxite lamp"),
        ("What is the definition of a foreign lamp under the rule?", "foreign lamp"),
        ("definition of fluxite in the EAR", "fluxite"),
        ("What does 'knowledge' mean in the rule?", "knowledge"),
        ("What is meant by fluxite lamps in part 772?", "fluxite lamps"),
        ("What does the Act mean by a lamp's “parameters”?", "parameters"),
        ("What counts as a fluxite lamp under the rule?", "fluxite lamp"),
        ("Who is a “covered person” under the order?", "covered person"),
        ("Who is a covered lamp maker in the Fluxite Act?", "covered lamp maker"),
        ("What is a foreign lamp under section 9?", "foreign lamp"),
        ("What does the rule mean for lamp makers?", ""),
        ("What did Lin say about “small yards”?", ""),
        ("By what means do makers get round the rule?", ""),
        ("What is the Fluxite Act?", ""),
    ],
)
def test_the_term_whose_meaning_is_asked_for(question, term):
    assert asked_term(question) == term


@pytest.mark.parametrize(
    "text",
    [
        "(m) The term “covered lamp” means a lamp that glows.",
        "(5) COVERED LAMP.—The term ‘covered lamp’ means— (A) a lamp;",
        "The term ``covered lamp'' has the meaning given such term in section 2.",
        "Covered lamp means: (1) a lamp that glows.",
        "'Covered lamp' ('CL') is any lamp that glows.",
        "For the purposes of this part, “covered lamps” include lamps that glow.",
        "Covered lamp. Any lamp that glows in the dark.",
        "A covered lamp, as used in this section, refers to a lamp that glows.",
        "In this Act a covered lamp is defined as one that glows.",
    ],
)
def test_a_sentence_that_defines_a_term_keeps_all_of_its_score(text):
    assert defining("covered lamp")(Span(document(text), 0, len(text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "A covered lamp may be sold by means of a licence.",
        "The term “lamp” means a thing that glows; a covered lamp needs a licence.",
        "The rule on every covered lamp is strict.",
        "No covered lamp that glows means trouble.",
    ],
)
def test_one_that_only_uses_it_does_not(text):
    assert defining("covered lamp")(Span(document(text), 0, len(text))) < 1


def test_the_definition_comes_before_the_uses(shelf):
    (shelf.corpus / "law.md").write_text(LAW, encoding="utf-8")
    shelf.build()
    pipeline = shelf.pipeline()
    answer = pipeline.ask("How does the Fluxite Act define a covered lamp maker?")
    assert "900 fluxite lamps" in answer.quotes[0].text
    pipeline.index.close()


@pytest.mark.parametrize(
    ("question", "thing"),
    [
        ("What is the Zebra Rule?", "Zebra Rule"),
        ("what's the 50% rule", "50% rule"),
        ("Tell me about the Zebra Rule", "Zebra Rule"),
        ("So what exactly is the Zebra Act all about?", ""),  # "exactly" stands before the verb: read like any other
        ("What is a zebra permit?", "zebra permit"),
        ("Explain the Zebra Rule briefly", "Zebra Rule"),
        ("How does the Zebra Rule work?", "Zebra Rule"),
        ("what does the Zebra Act propose", "Zebra Act"),
        ("overview of the Zebra Act", "Zebra Act"),
        ("50% rule", "50% rule"),  # a bare name
        ("nexperia", "nexperia"),
        ("zebra fine amount lion", ""),  # search words
        ("zebras", ""),
        ("What is the price of a zebra?", ""),
        ("What is the status of the Zebra Rule?", ""),
        ("What is Zebra doing about lamps?", ""),
        ("What is the latest news?", ""),
        ("Who is Ann Lee?", ""),
        ("What was the first lamp called?", ""),
        ("What is Ann Lee's nationality?", ""),
        ("What is a term that means lamp?", ""),
        ("What is the largest lamp maker?", ""),
        ("What does the Zebra Rule ask?", ""),
        ("How does Zebra sell lamps?", ""),
    ],
)
def test_the_thing_that_is_to_be_introduced(question, thing):
    assert asked_thing(question) == thing


def of(text, start=0, **source):
    paper = document(f"{'x' * start}{text}", **source)
    return Span(paper, start, start + len(text))


@pytest.mark.parametrize(
    "text",
    [
        "The Zebra Rule is a ban on lamps.",
        "The Zebra Rule (ZR), first published in May 2024 and run by the Bureau, names lamps that need a permit.",
        "The Zebra Rule of 4 May 2024 covers lamps.",
        "The Zebra Rule would make firms report.",
        "The Bureau issued the ban known as the Zebra Rule.",
        "The Bureau issued the Zebra Rule, formally a Framework for Lamps.",
    ],
)
def test_what_says_what_a_thing_is_or_does_keeps_all(text):
    assert introducing("Zebra Rule")(of(text, start=100)) == 1


def test_what_opens_on_a_thing_keeps_more_than_what_speaks_of_it():
    share = introducing("Zebra Rule")
    opens = share(of("The Bureau issued the Zebra Rule in May.", title="Bureau issues Zebra Rule", kind="record"))
    spoken = share(of("Lee sees the Zebra Rule in May.", title="Lee on Zebra Rule", kind="record", status="statement"))
    inside = share(of("Lee sees holes in the Zebra Rule.", start=100))
    assert 1 > opens > inside > spoken
    assert inside > share(of("Lee sees a lion.", start=100))
    assert share(of("Lamps in the Zebra Rule cover the floor.", start=100)) == inside  # it is no subject there


def test_a_thing_that_no_quote_has_is_not_told_of():
    assert is_told_of("", "Zebra policy", ["Zebra said so."])
    assert is_told_of("What is the lamp permit?", "lamp permit", ["A paper that lets one sell lamps."])
    assert not is_told_of("", "Zebra 4 alliance", ["Zebra said so.", "There are 4 lions."])


def test_what_a_thing_is_comes_first_and_a_thing_unknown_is_refused(shelf):
    (shelf.corpus / "law.md").write_text(LAW, encoding="utf-8")
    (shelf.corpus / "rule.md").write_text(RULE, encoding="utf-8")
    shelf.build()
    pipeline = shelf.pipeline()
    first = pipeline.ask("What is the Zebra Rule?").quotes[0]
    refused = pipeline.ask("What is the Fluxite 4 alliance?")
    pipeline.index.close()
    assert "bars the sale of lamps" in first.text
    assert refused.outcome is Outcome.NOT_FOUND


@pytest.mark.parametrize(
    "text",
    [
        "The Unreliable Zebra List is a list of lamps.",  # another list
        "Under the Zebra List, the Bureau bars lamps.",  # not its subject
    ],
)
def test_a_longer_name_and_one_behind_a_preposition_introduce_nothing(text):
    assert introducing("Zebra List")(of(text, start=100)) < 1
    assert introducing("Zebra List")(of("The US Zebra List is a list of lamps.", start=100)) == 1


def test_a_thing_has_an_article_where_a_common_noun_ends_it():
    assert (with_the("Busan truce"), with_the("Nexperia")) == ("the Busan truce", "Nexperia")


@pytest.mark.parametrize("question", ["What is the 15% deal?", "15% deal", "Tell me about the 15% deal"])
def test_what_has_a_name_in_the_field_is_introduced_by_its_own_record(records, question):
    answer = records.ask(question)
    assert answer.outcome is Outcome.ANSWERED
    assert answer.quotes[0].document.id == "us-2025-08-11-15-percent-revenue-arrangement"
    assert answer.quotes[0].start < 10


def test_a_bare_name_and_an_explanation_are_answered_as_what_it_is(records):
    asked = ("What is the Entity List?", "Explain the Entity List", "entity list")
    first = [records.ask(question).quotes[0] for question in asked]
    assert {quote.document.id for quote in first} == {"us-1997-02-entity-list-how-it-works"}
    assert all("names foreign parties" in quote.text for quote in first)


def test_a_common_notion_is_told_of_only_where_a_text_says_what_it_is():
    asked = ("What is a lamp permit?", "lamp permit")
    assert not is_told_of(*asked, ["Zebra needs a lamp permit."])
    assert is_told_of(*asked, ["A lamp permit is a paper that lets one sell lamps."])
    assert is_told_of("What is an interim final rule?", "interim final rule", ["Zebra issued one."])  # of the glossary
