"""What a term means: which questions ask for it, which sentences define it, and that such a sentence comes first."""

from __future__ import annotations

import pytest
from material import document

from rag.datatypes import Span
from rag.defined import asked_term, defining

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
