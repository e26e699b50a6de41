"""A name that stands in nothing found is told; what is on another of the kind comes behind."""

from __future__ import annotations

import pytest
from material import document

from rag.datatypes import Evidence, Span, Weighed
from rag.rules.named import names_none_of, of_that_name, unnamed
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
    ("question", "missing"),
    [
        ("What fee does Lion Corp pay?", []),
        ("What does Zebar pay?", []),  # mistyped
        ("What fee is paid by Zebra Corp?", []),  # another form of firm
        ("What fee is due (Okapi Corp)?", ["Okapi"]),  # lent by an earlier turn, and nothing else is named
        ("What fee does Lion Corp pay (Okapi Corp)?", []),  # what the question itself names goes first
        ("What fee did BIS and Commerce set?", []),  # offices act under many names
        ("What fees do Lion Corp and Okapi Corp pay?", []),  # of names in a row one is enough
        ("When did Kazakhstan join the Zebra Rule?", ["Kazakhstan"]),
        ("What did the office ask of Okapi Corp?", ["Okapi"]),
        ("How many Q77 chips did Zebra Corp sell?", ["Q77"]),
        ("Did Zebra Corp sell the H200?", []),  # each is named somewhere, if not together
        ("What does the Okapi Act require?", ["Okapi"]),
        ("Was the Affiliates Rule in force?", ["Affiliates Rule"]),  # though each word may stand somewhere
        ("Does the Zebra Rule bind Tokyo?", []),  # by another of its names
        ("What do Japanese makers pay Zebra Corp?", []),
        ("Does Zebra Corp pay in China?", []),  # a place counts wherever it stands
        ("What does the FT say of FY2026?", []),  # may be spelled out
        ("Fees of Zebra Corp in Dec 2025?", []),
        ("What does Zebra Corp pay for HBM?", ["HBM"]),  # the glossary spells it out
        ("What does Zebra Corp pay OKP?", ["OKP"]),
        ("What does Zebra Corp pay the NDO?", []),  # ninety dollars to the office: its initials stand in a row
        ("向中国出售H200芯片吗？", []),  # no spaces show where a name ends
    ],
)
def test_a_name_that_nothing_found_has_is_told(question, missing):
    assert list(unnamed(question, FOUND)) == missing


def test_a_name_counts_that_stands_elsewhere_in_the_document_or_tells_who_published_it():
    long = document(
        "The fee is six dollars.\n\n" + "Nothing is said here. " * 60 + "\n\nOkapi Corp pays it.", id="long"
    )
    first = split(long)[0]
    assert "Okapi" not in first.text
    assert unnamed("What fee does Okapi Corp pay?", [Weighed(first.sentences[0], Evidence(0, first, 1.0), 1.0)]) == ()
    signed = split(document("A fee of six dollars.", publisher="The Lion Gazette"))[0]
    found = [Weighed(signed.sentences[0], Evidence(0, signed, 1.0), 1.0)]
    assert unnamed("What fee does the Lion Gazette tell of?", found) == ()


def test_where_nothing_is_found_each_name_is_told():
    assert unnamed("What fee does Lion Corp pay?", []) == ("Lion",)


def test_another_name_of_the_glossary_stands_for_it():
    found = weighed(("Tin", "The Pentagon may buy tin."))
    assert unnamed("May DoD buy tin?", found) == ()
    assert unnamed("May OoO buy tin?", found) == ("OoO",)


def test_an_abbreviation_of_the_glossary_is_there_where_it_is_spelled_out():
    spelled = weighed(("Memory", "Zebra Corp pays a fee for high-bandwidth memory."))
    assert unnamed("What does Zebra Corp pay for HBM?", spelled) == ()


NUMBERED = weighed(
    ("公告", "商务部公告2024年第46号自公布之日起实施。"),
    ("Rules", "It has 18 parts.\n\nAnnouncements 55, 56 and 61 are suspended."),
)


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("商务部公告2024年第46号什么时候生效？", ()),
        ("商务部公告2025年第62号什么时候生效？", ("2025年第62号",)),
        ("Is Announcement No. 61 in force?", ()),
        ("What does Announcement 18 cover?", ("Announcement 18",)),
    ],
)
def test_a_decree_counts_by_its_number(question, missing):
    assert unnamed(question, NUMBERED) == missing


def test_what_has_the_number_asked_about_comes_first():
    share = of_that_name("Is Announcement 61 in force?")
    kept = {w.span.document.id: share(w.span) for w in NUMBERED}
    assert kept["Rules"] == 1 > kept["公告"]
    assert {of_that_name("Is it in force?")(w.span) for w in NUMBERED} == {1.0}


def test_a_law_counts_by_its_whole_name():
    found = weighed(("Bills", "The Zebra and Lion Security Act is a bill. A fence is security for an act of war."))
    assert unnamed("What does the Zebra Security Act ask?", found) == ()
    assert unnamed("What does the Fence Security Act ask?", found) == ("Fence Security Act",)


def test_what_names_another_law_comes_behind():
    papers = (
        ("Votes", "The House passed the Lion Act. The vote was 51 to 49."),
        ("Bills", "The Zebra and Lamp Act is a bill."),
    )
    share = of_that_name("How did the House vote on the Zebra Act?")
    kept = {w.span.text: share(w.span) for w in weighed(*papers)}
    assert kept["The House passed the Lion Act."] < kept["The vote was 51 to 49."] == 1
    assert kept["The Zebra and Lamp Act is a bill."] == 1


@pytest.mark.parametrize(
    ("question", "own", "others"),
    [
        ("How much did Micron get?", ["Micron got $9.", "It got $9.", "Micron and Intel got $9."], ["Intel got $9."]),
        ("How much did TSMC get?", ["Taiwan Semiconductor got $9."], ["Samsung got $9."]),
        ("Does the H20 need a permit?", ["The H20 does.", "It does.", "H20 and H200 do."], ["The H200 does."]),
        ("Is the 950 due?", ["The Ascend 950PR is due."], ["The Ascend 910C is due."]),
        ("Which firm supplies Micron?", ["Intel does."], []),
        ("Which chips fall with the H20?", ["The H200 does."], []),
    ],
)
def test_what_names_only_other_firms_or_chips_comes_behind(question, own, others):
    share = of_that_name(question)
    whole = [Span(document(text), 0, len(text)) for text in own + others]
    assert [share(span) == 1 for span in whole] == [True] * len(own) + [False] * len(others)


def test_quotes_that_name_none_of_the_firms_or_chips_asked_about_are_told():
    assert names_none_of("How much did Micron get?", ["Intel got $9.", "It got $8."])
    assert not names_none_of("How much did Micron get?", ["Intel got $9.", "Micron got $8."])
    assert not names_none_of("How much did Micron or Intel get?", ["Intel got $9."])
    assert names_none_of("Does the H20 need a permit?", ["The H200 does."])
    assert not names_none_of("Which firm supplies Micron?", ["Intel does."])
    assert not names_none_of("What did Micron's Mehrotra say?", ["Mehrotra said so."])
    assert not names_none_of("Does it need a permit?", ["It does."])


def test_neither_another_code_nor_a_common_word_is_a_slip_for_a_name():
    found = weighed(("Memory", "The Zebra Rule will change what HBM3 needs. Morris sells it."))
    assert unnamed("Does the Zebra Rule cover HBM4?", found) == ("HBM4",)
    assert unnamed("What does Lee Chang say of the Zebra Rule?", found) == ("Lee Chang",)
    assert unnamed("Does the Zebar Rule cover it?", found) == ()


def test_a_name_inside_a_longer_word_does_not_stand_there():
    found = weighed(("Fees", "The army asked its artificial intelligence for a fee."))
    assert unnamed("Which fee did Intel pay?", found) == ("Intel",)
    assert unnamed("Which fee did the army of Intel pay?", weighed(("Fees", "Intels of the army pay a fee."))) == ()
