"""Whose turn it is in a transcript: read from its own labels, shown with the quote, and heard where it is asked for."""

from __future__ import annotations

import pytest
from material import document, weighed

from rag.datatypes import Quote, Span
from rag.present import answer_text, quote_json
from rag.rules.turns import QUESTIONER, in_turn, said_by, turn_begins_in, turns
from rag.verify import verify_quotes
from rag.weigh import reweighed

BRIEFING = """\
Briefing Room
MS. ZEBRA: Good afternoon. Secretary McLion is here on the fluxite rule.
SECRETARY MCLION: Thank you. The fluxite rule takes effect on 3 May 2026.
We wrote it for the makers of lamps.
Q Does the fluxite rule of May cover lamps, as Freedonia fears?
SECRETARY MCLION: No. Lamps are left out.
Q And who pays?
MS. ZEBRA: The makers pay.
"""


def name_at(text: str, words: str) -> str:
    paper = document(text)
    start = text.index(words)
    return said_by(Quote(paper, start, start + len(words)))


def test_a_quote_of_a_transcript_is_said_by_whose_turn_it_is():
    assert name_at(BRIEFING, "Good afternoon") == "Ms. Zebra"
    assert name_at(BRIEFING, "We wrote it") == "Secretary McLion", "a turn goes on over paragraphs"
    assert name_at(BRIEFING, "Q Does the") == QUESTIONER
    assert name_at(BRIEFING, "Lamps are left out") == "Secretary McLion"
    assert name_at(BRIEFING, "Briefing Room") == ""


def test_who_has_an_office_has_a_turn_though_he_speaks_once():
    once = f"{BRIEFING}SENATOR LION: Lamps are mine.\nTHE PRESIDENT: They are ours.\nVICE PRESIDENT OX: And mine."
    assert name_at(once, "Lamps are mine") == "Senator Lion"
    assert name_at(once, "They are ours") == "The President"
    assert name_at(once, "And mine") == "Vice President Ox"


def test_a_label_that_may_be_a_heading_ends_the_turn_before_it():
    text = f"{BRIEFING}ZOE ANT: I rent them out.\nQ To whom?\nMS. ZEBRA: To lions."
    assert name_at(text, "The makers pay") == "Ms. Zebra"
    assert name_at(text, "I rent them") == "", "nobody else is made to say it"
    assert name_at(text, "To lions") == "Ms. Zebra"


def test_words_go_over_to_another_speaker_only_in_a_transcript():
    for kind, expected in (("document", True), ("record", False)):
        paper = document(BRIEFING, kind=kind)
        start = BRIEFING.index("MS. ZEBRA: Good")
        assert turn_begins_in(Span(paper, start, BRIEFING.index("Thank you"))) is expected
        assert not turn_begins_in(Span(paper, start, BRIEFING.index("SECRETARY")))


def test_a_chinese_question_and_answer_have_turns():
    text = "有记者问：是否许可镓出口？\n答：不许可。\n这是规定。"
    assert name_at(text, "是否许可") == QUESTIONER
    assert name_at(text, "这是规定") == "", "whoever gives the answer, the document names"


@pytest.mark.parametrize(
    "text",
    [
        "SUMMARY: A rule.\nDATES: It starts in May.\nADDRESSES: Write to us.\nSUPPLEMENTARY INFORMATION: More.",
        "Q Cells makes panels.\nQ3 was good.\nThe end.",
        "NOTE: One.\nNOTE: Two.\nNOTE: Three.\nNOTE: Four.",
        "Authority: 50 U.S.C.\nMr. Zebra: hello\nMr. Lion: hello\nMr. Zebra: hello\nMr. Lion: hello",
        "SECRETARY OF STATE: one\nDIRECTORS: two\nGENERAL: three\nMAYORAL RACE: four\nPRESIDENT’S DAY: five",
        "附件：一份清单。\n三十四：无。",
        "",
    ],
)
def test_a_text_without_the_labels_of_a_transcript_has_no_turns(text):
    assert turns(text) == ()


def test_a_record_of_ours_has_no_turns():
    assert said_by(Quote(document(BRIEFING, kind="record"), 20, 40)) == ""


def test_an_answer_comes_before_the_question_from_the_floor_that_has_its_words():
    paper = document(BRIEFING)
    question = "Does the fluxite rule of May cover lamps?"
    before = weighed(question, paper)
    assert before[0].span.text.startswith("Q Does the fluxite")
    after = reweighed(before, in_turn(question))
    assert not after[0].span.text.startswith("Q ")
    assert after[0].score == 1.0
    assert {w.span.start for w in after} == {w.span.start for w in before}
    assert reweighed([], in_turn(question)) == []


def test_whom_the_question_names_comes_before_another_who_says_as_much():
    text = BRIEFING.replace("The makers pay.", "The fluxite rule takes effect on 3 May 2026.")
    question = "When does the rule take effect, according to Zebra?"
    first = reweighed(weighed(question, document(text)), in_turn(question))[0]
    assert said_by(first.span) == "Ms. Zebra"


def test_who_says_it_is_shown_and_given(shelf):
    shelf.write(briefing_md=BRIEFING.replace("\n", "\n\n"))
    shelf.build()
    pipeline = shelf.pipeline()
    answer = pipeline.ask("When does the fluxite rule take effect?")
    claim = quote_json(answer.quotes[0])
    checks = [next(verify_quotes(said, pipeline.index)) for said in (claim, claim | {"speaker": "Ms. Zebra"})]
    pipeline.index.close()
    assert [check.stands for check in checks] == [True, False], "whose words they are is checked too"
    assert claim["speaker"] == "Secretary McLion"
    assert "Secretary McLion, " in answer_text(answer)


def test_a_transcript_in_one_line_has_turns_too():
    text = (
        "MR. LEE: Good day. We shipped lamps.  Q Who paid? MR. LEE: Zebra Corp did. Q And when? MS. KING: In May"
        " and June. Q What of lions? MR. LEE: None."
    )
    found = turns(text)
    assert [turn.name for turn in found] == [
        QUESTIONER, "Mr. Lee", QUESTIONER, "Ms. King", QUESTIONER, "Mr. Lee",
    ]  # fmt: skip
    assert text[found[1].start :].strip().startswith("MR. LEE: Zebra Corp")
    assert turns("It is so. Q is a letter. Mr. Lee: he said. The U.S. PRESIDENT: a play. Done.") == ()
