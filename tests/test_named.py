"""What is named must stand where a quote is from: other passages give way, and a name that stands nowhere is told."""

from __future__ import annotations

import pytest
from material import document

from rag.datatypes import Evidence, Weighed
from rag.named import on_what_is_named
from rag.split import split


def weighed(*papers):
    """Each sentence of (title, text), by the order of the papers."""
    passages = [p for title, text in papers for p in split(document(text, title=title, id=title))]
    return [Weighed(s, Evidence(n, p, 1.0), 0.9**n) for n, p in enumerate(passages) for s in p.sentences]


ZEBRA = ("Zebra Rule", "Zebra Inc. of Japan pays a fee of ninety dollars to the office. Its fee is due in May.")
LION = ("Lion letters", "Lion Corp pays a fee of five dollars. It sells the H200 in China.")
FEES = ("Fees", "A fee of six dollars is what most others pay.")
FOUND = weighed(FEES, ZEBRA, LION)


@pytest.mark.parametrize(
    ("question", "titles"),
    [
        ("What fee does Lion Corp pay?", ["Lion letters"]),
        ("What fee does the Zebra Rule set?", ["Zebra Rule"]),
        ("Is the H200 sold by Lion Corp?", ["Lion letters"]),
        ("What does Zebar pay?", ["Zebra Rule"]),  # mistyped
        ("What fee is paid by Zebra Corp?", ["Zebra Rule"]),  # another form of firm
        ("What fee is due (Lion Corp)?", ["Lion letters"]),  # lent by an earlier turn
        (
            "What fee does Lion Corp pay (the Zebra Rule)?",
            ["Lion letters"],
        ),  # what the question itself names goes first
        ("What fee did BIS and Commerce set?", ["Fees", "Zebra Rule", "Lion letters"]),  # offices act under many names
        ("What fees do Lion Corp and Okapi Corp pay?", ["Lion letters"]),  # of names in a row one is enough
        ("What fee do most pay?", ["Fees", "Zebra Rule", "Lion letters"]),
    ],
)
def test_the_sentences_of_passages_that_name_it_stay_in_their_order(question, titles):
    kept, missing = on_what_is_named(question, FOUND)
    assert list(dict.fromkeys(w.span.document.source.title for w in kept)) == titles
    assert kept == [w for w in FOUND if w in kept]
    assert missing == ()


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("When did Kazakhstan join the Zebra Rule?", ["Kazakhstan"]),
        ("What did the office ask of Okapi Corp?", ["Okapi"]),
        ("How many Q77 chips did Zebra Corp sell?", ["Q77"]),
        ("Did Zebra Corp sell the H200?", []),  # each is named somewhere, if not together
        ("What does the Okapi Fee Act require?", ["Okapi Fee"]),
        ("Does the Zebra Rule bind Tokyo?", []),  # by another of its names
        ("What do Japanese makers pay Zebra Corp?", []),
        ("Does Zebra Corp pay in China?", []),  # a place counts wherever it stands
        ("What does the FT say of GPUs?", []),  # may be spelled out
        ("Fees of Zebra Corp in Dec 2025?", []),
        ("向中国出售H200芯片吗？", []),  # no spaces show where a name ends
    ],
)
def test_a_name_that_nothing_found_has_is_told(question, missing):
    kept, told = on_what_is_named(question, FOUND)
    assert list(told) == missing
    assert kept  # the nearest stay, to be shown as related


def test_of_nothing_nothing_stays():
    assert on_what_is_named("What fee does Lion Corp pay?", []) == ([], ("Lion",))
