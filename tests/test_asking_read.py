"""What is read from a question's words before anything is searched."""

from __future__ import annotations

from datetime import date

import pytest
from material import Shelf, write_files

from rag.question.asking import understood

TITLE = "Expansion of End-User Controls To Cover Affiliates of Certain Listed Entities"
RULE = f"""---
title: {TITLE}
date: 2025-09-30
side: us
publisher: Bureau of Examples
url: https://example.org/affiliates
---
In this interim final rule the Bureau amends its regulations so that what half belongs to a listed firm is listed too.
"""
OTHER = """---
title: Rule 100(a)(50)
date: 2025-09-30
side: us
publisher: Exchange of Examples
url: https://example.org/exchange
---
Rule 100(a)(50) of the exchange says what an affiliate is: a firm of which 50 percent belong to another. The rule is in \
force.
"""


@pytest.fixture(scope="module")
def both(tmp_path_factory, new_index):
    home = tmp_path_factory.mktemp("titles")
    shelf = Shelf(write_files(home / "corpus", {"a.md": RULE, "b.md": OTHER}), new_index(home / "index"))
    shelf.build()
    opened = shelf.pipeline()
    yield opened
    opened.index.close()


def read(pipeline, question, turns=(), as_of=None):
    return understood(question, turns, as_of, "", date(2026, 11, 24), pipeline.index, pipeline.voices)


def test_an_official_title_is_searched_where_a_document_has_it(both, pipeline):
    asked = read(both, "What does the 50 percent rule do?")
    assert asked.titles == f" ({TITLE})"
    assert asked.searched.endswith(asked.titles)
    assert asked.read == asked.text + asked.titles
    assert read(pipeline, "What does the 50 percent rule do?").titles == ""
    assert both.ask("What does the 50 percent rule do?").quotes[0].document.source.title == TITLE


def test_the_day_and_the_words_of_a_state_are_not_searched(both):
    asked = read(both, "As of 1 October 2025, was the lamp rule still in force?")
    assert asked.day == asked.when.as_of == date(2025, 10, 1)
    assert asked.of_a_state
    assert "2025" not in asked.text
    assert asked.on == "the lamp rule"


def test_a_follow_up_is_read_as_it_came_to_mean(both):
    asked = read(both, "What did China say about it?", ["Is the Zebra Rule in force?"])
    assert asked.text == "What did China say about the Zebra Rule?"
    assert asked.sides.sides == ("china",)
