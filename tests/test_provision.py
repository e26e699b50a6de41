"""Provisions that a question names by number: which, where a document has them, and that their own words are quoted."""

from __future__ import annotations

import pytest
from material import Shelf, document, write_files

from rag.datatypes import Outcome
from rag.rules.provision import Provision, asks_for_itself, provisions
from rag.rules.provision.place import place

ENTRY = """---
title: "ECCN 9A990: Lamps as follows (see List of Items Controlled)"
date: 2026-02-01
publisher: Bureau of Examples
url: https://example.org/9a990
---
ECCN 9A990. Lamps as follows (see List of Items Controlled).

Reason for Control: RS

Items:

a. Lamps that have any of the following:

a.1. A glow of 900 lumens or more; or

a.2. A casing of fluxite.

A maker may rely on one of these:

a. A paper of the designer, who tells for which lamps the glow was measured and by which office that was done.

b. A paper of the buyer, where the buyer has sworn that no lamp is for the moon.

c. No paper at all, from the third year on.

b. Parts for lamps, designed for 9A990.a and made with a 'glow density' of 3 or more.
"""

CODE = """---
title: 15 CFR PART 799—LAMPS
date: 2026-01-24
publisher: Bureau of Examples
url: https://example.org/799
---
# PART 799—LAMPS

# § 799.1 Scope.

This part is on lamps.

# § 799.2 Lamps abroad.

(a) —(1) You may not ship a lamp to the moon without a permit.

(2) Nor may you ship a part of one, as paragraph (a)(1) of this section has it.

(b) Permits last for ninety days:

(1) from the day of the stamp; or

(2) from the day of the paper, if there is no stamp.

# § 799.3 Papers.

(a) Papers are kept for five years.
"""

AMENDS = """---
title: Lamp rule of 2027
date: 2027-03-01
publisher: Bureau of Examples
url: https://example.org/rule
---
# § 799.2 Lamps abroad.

* * * * *

(b) Permits for 9A990.a, as § 799.2 has it, are stamped with the glow of the lamp.
"""


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("What does ECCN 3A090 control?", [("3A090", ())]),
        ("Which tools fall under 3B001.f.1.a or 3B001.c?", [("3B001", ("f", "1", "a")), ("3B001", ("c",))]),
        ("What does 15 CFR 744.23(a)(3) say?", [("744.23", ("a", "3"))]),
        ("How long is that under § 762.6?", [("762.6", ())]),
        ("What does section 748.5 ask of § 748.5?", [("748.5", ())]),
        ("What is Section 301?", []),
        ("Did duties under Section 1260H and 90 FR 4544 rise by 25.5 %?", []),
        ("Is the RTX 5090D allowed, or the 910B?", []),
    ],
)
def test_the_provisions_that_a_question_names(question, named):
    assert [(p.number, p.path) for p in provisions(question)] == named


@pytest.mark.parametrize(
    ("question", "itself"),
    [
        ("What does ECCN 3A090 control?", True),
        ("Which chips fall under 3A090.a?", True),
        ("What are the performance thresholds in 3A090.b?", True),
        ("What does § 746.8(a)(1) require?", True),
        ("How long must records be kept under § 762.6?", False),
        ("When was ECCN 3A090 added to the control list?", False),
        ("What does China say about 3A090?", False),
        ("What does the rule require?", False),
    ],
)
def test_whether_only_its_words_are_asked_for(question, itself):
    assert asks_for_itself(question) is itself


def first_line(name, path, paper):
    at = place(Provision(name, tuple(path)), paper)
    return paper.text[slice(*at)].strip().split("\n")[0] if at else None


def test_the_lines_of_an_entry_and_not_those_of_lists_in_its_notes():
    paper = document(ENTRY.split("---\n")[2])
    assert first_line("9A990", "", paper).startswith("ECCN 9A990.")
    assert first_line("9A990", "a", paper).startswith("a. Lamps that have")
    assert first_line("9A990", "b", paper).startswith("b. Parts for lamps")
    assert first_line("9A990", ("a", "2"), paper).startswith("a.2. A casing")
    assert first_line("9A990", "c", paper) is first_line("9A991", "", paper) is None


@pytest.fixture(scope="module")
def lamps(tmp_path_factory, new_index):
    home = tmp_path_factory.mktemp("lamps")
    files = {"entry.md": ENTRY, "code.md": CODE, "rule.md": AMENDS}
    shelf = Shelf(write_files(home / "corpus", files), new_index(home / "index"))
    shelf.build()
    opened = shelf.pipeline()
    yield opened
    opened.index.close()


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("What does ECCN 9A990 control?", "ECCN 9A990. Lamps as follows"),
        ("What does 9A990.b cover?", "b. Parts for lamps"),
        ("What is controlled under 9A990.a.1?", "a.1. A glow of 900"),
        ("What does 15 CFR 799.2(a)(2) say?", "(2) Nor may you"),
        ("What does § 799.2(b) say?", "(b) Permits last for ninety days:"),
        ("What does section 799.2(b)(2) require?", "(2) from the day of the paper"),
        ("What does § 799.3 require?", "(a) Papers are kept"),
    ],
)
def test_the_words_of_a_provision_come_first(lamps, question, begins):
    answer = lamps.ask(question)
    assert answer.outcome is Outcome.ANSWERED
    assert answer.quotes[0].text.startswith(begins)
    assert answer.quotes[0].document.source.title != "Lamp rule of 2027"


def test_of_a_whole_entry_the_first_items_follow_its_head(lamps):
    _, items, *_ = lamps.ask("What does ECCN 9A990 control?").quotes
    assert items.text.startswith("a. Lamps that have any of the following:")
    assert "a.2. A casing of fluxite." in items.text


def test_something_in_particular_is_looked_for_inside_the_provision_first(lamps):
    answer = lamps.ask("How long do permits last under § 799.2(b)?")
    assert "ninety days" in answer.quotes[0].text


def test_a_provision_that_no_document_has_is_asked_for_like_anything_else(lamps):
    assert not any("its number" in e.found_by for e in lamps.ask("What does § 799.9 say?").evidence)


def test_as_of_a_day_before_the_list_its_words_are_not_known(lamps):
    answer = lamps.ask("What does ECCN 9A990 control as of March 2025?")
    assert answer.outcome is Outcome.NOT_FOUND


def test_every_quote_of_a_provision_has_a_key_that_leads_back_to_it(lamps):
    """Also where its lines go on in the next passage: a key is of a place inside one."""
    for question in ("What does ECCN 9A990 control?", "What does § 799.2(b) say?", "What does 9A990.a cover?"):
        for quote in lamps.ask(question).quotes:
            places = [(p.document.id, p.start, p.end) for p in lamps.index.places(quote.key)]
            assert (quote.document.id, quote.start, quote.end) in places, quote.text
