"""What a question names: places, bodies, people, codes, dates, and the phrases that it is about."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.names import atoms, things

CASES = [
    ("When did the Netherlands license ASML's DUV tools?", "Netherlands:place ASML:org DUV:org", "Netherlands; ASML's DUV tools"),
    ("What did Nvidia say about the H20 charge in May 2025?", "Nvidia:org H20:code May 2025:date", "Nvidia; H20 charge; May 2025"),
    ("When did the Treasury outbound investment rule take effect?", "Treasury:org", "Treasury outbound investment rule"),
    ("Was the Lion Rule formally dropped?", "Lion Rule:thing", "Lion Rule"),
    ("What is the largest penalty BIS imposed?", "BIS:org", "largest penalty; BIS"),
    ("Didn’t anything replace the draft AI chip rule?", "AI:org", "draft AI chip rule"),
    ("Who controls Nexperia?", "Nexperia:org", "Nexperia"),
    ("What can Zebra Materials and its CEO sell?", "Zebra Materials:org", "Zebra Materials"),
    ("What is License Exception NAC?", "License Exception NAC:thing", "License Exception NAC"),
    ("How did China respond to the October 2022 controls?", "China:place October 2022:date", "China; October 2022 controls"),
    ("when did the h20 licence requirement start", "h20:code", "h20 licence requirement"),
    ("Did China restrict gallium exports?", "China:place", "China; gallium exports"),
    ("What does Executive Order 14105 cover?", "Executive Order 14105:thing", "Executive Order 14105"),
    ("What does MOFCOM's Announcement No. 46 ban?", "MOFCOM:org Announcement No. 46:thing", "MOFCOM's Announcement No. 46"),
    ("What does Made in China 2025 want?", "Made in China 2025:thing", "Made in China 2025"),
    ("Who signed the CHIPS and Science Act?", "CHIPS and Science Act:thing", "CHIPS and Science Act"),
    ("What is the foundry due-diligence rule?", "", "foundry due-diligence rule"),
    ('Who wrote "anywhere in the world"?', "anywhere in the world:quote", "anywhere in the world"),
    ("rare tin controls china", "china:place", "rare tin controls; china"),
    ("Who opposes Lion AI?", "Lion AI:person", "Lion AI"),
    ("What may 2 firms do in may or in december 2024?", "may:date december 2024:date", "may; december 2024"),
    ("What did the United States tell us?", "United States:place", "United States"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "single", "phrases"), CASES)
def test_names_and_phrases_of_a_question(question, single, phrases):
    assert " ".join(f"{n.text}:{n.kind}" for n in atoms(question)) == single
    assert "; ".join(n.text for n in things(question)) == phrases


@given(st.text(max_size=120))
def test_every_name_stands_where_it_says(text):
    for found in (atoms(text), things(text)):
        assert all(text[n.start : n.end] == n.text for n in found)
        assert all(one.end <= other.start for one, other in pairwise(found))
