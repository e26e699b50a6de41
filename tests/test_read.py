"""The reader: what it is fed, that it is the published file, what its readings do, and that it answers in its place."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from rag.datatypes import Document, Evidence, Outcome, Passage, Source, Span, Weighed
from rag.embed import word_pieces
from rag.errors import ModelError
from rag.read import Reader, Reading, Rival, denying, foremost, judged, likelihood, needed
from rag.read.judge import ANSWERS, SHARE
from rag.read.pieces import ABOUT, BODY, LONGEST, QUESTION, Text, batch, pair_up
from rag.read.reader import FACTS, FILE, HERE
from rag.rules.premise import READ_SO


def passage(*sentences: str, title: str = "A rule", name: str = "d") -> Passage:
    document = Document(name, " ".join(sentences), Source(title=title, published="2025-05-13"))
    spans, at = [], 0
    for text in sentences:
        spans.append(Span(document, at, at + len(text)))
        at += len(text) + 1
    return Passage(document, 0, len(document.text), tuple(spans))


def weighed(*passages: Passage) -> list[Weighed]:
    found = [Evidence(n, p, 1.0) for n, p in enumerate(passages)]
    spans = [(s, e) for e in found for s in e.passage.sentences]
    return [Weighed(s, e, 0.9**n) for n, (s, e) in enumerate(spans)]


def text(said: str) -> Text:
    return Text.of(said, word_pieces()[0])


def test_a_pair_knows_its_parts_and_what_both_sides_say():
    pieces = pair_up(text("When did the H20 ban begin?"), text("H20 rule"), text("The H20 ban began in April."))
    said = [word_pieces()[0].id_to_token(i) for i in pieces.ids]
    assert said[0] == "[CLS]"
    assert said.count("[SEP]") == 3
    assert list(dict.fromkeys(pieces.parts.tolist())) == [QUESTION, ABOUT, BODY]
    shared = {piece for piece, both in zip(said, pieces.shared, strict=True) if both}
    assert {"ban", "##20"} <= shared
    assert not shared & {"the", "when", ".", "april", "[SEP]"}
    body = "The H20 ban began in April."
    assert [body[a:b] for a, b in pieces.offsets][:2] == ["The", "H"]
    assert [said[n] for n in range(pieces.body.start, pieces.body.stop)][-1] == "."


def test_what_is_too_long_is_cut_and_places_stay_right():
    pieces = pair_up(text("why " * 200), text("title " * 100), text("word " * 1000))
    assert len(pieces.ids) == LONGEST
    assert pieces.body.stop == LONGEST - 1
    assert len(pieces.offsets) == pieces.body.stop - pieces.body.start


def test_a_batch_is_padded_and_masked():
    short, long = pair_up(text("a b"), text(""), text("c")), pair_up(text("a b"), text("t"), text("c d e f"))
    ids, parts, shared, mask = batch([short, long])
    assert ids.shape == parts.shape == shared.shape == mask.shape == (2, len(long.ids))
    assert mask.sum(1).tolist() == [len(short.ids), len(long.ids)]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.load(*word_pieces())


RIGHT = passage("BIS suspended the Affiliates Rule on 10 November 2025.", "The rule covers firms owned by half.")
WRONG = passage("The stadium was built for the games of 1936.", "It holds many people.", title="A stadium", name="s")


def test_a_passage_that_answers_is_told_from_one_that_does_not_and_the_sentence_is_found(reader):
    right, wrong = reader.read("When was the Affiliates Rule suspended?", [RIGHT, WRONG])
    assert right.answers > 0 > wrong.answers
    first, second = (right.share(s) for s in RIGHT.sentences)
    assert first > second
    assert np.isclose(right.shares.sum(), 1, atol=1e-4)


def test_the_order_of_passages_and_their_company_change_nothing(reader):
    question = "When was the Affiliates Rule suspended?"
    alone = reader.read(question, [RIGHT])[0]
    among = reader.read(question, [WRONG, WRONG, RIGHT, WRONG, WRONG, WRONG])[2]
    assert alone.answers == among.answers
    assert alone.shares.tolist() == among.shares.tolist()
    assert reader.read(question, []) == []


def test_the_file_is_small_and_the_one_its_facts_are_about(reader):
    facts = json.loads((HERE / FACTS).read_text(encoding="utf-8"))
    assert facts["bytes"] == (HERE / FILE).stat().st_size <= 12e6


def test_another_file_is_refused_with_what_to_do(tmp_path):
    for name in (FILE, FACTS):
        shutil.copy(HERE / name, tmp_path / name)
    content = bytearray((tmp_path / FILE).read_bytes())
    content[-1] ^= 1
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(ModelError, match="CHIPQUOTE_DEPTH=fast"):
        Reader.load(*word_pieces(), folder=tmp_path)


@pytest.mark.parametrize("gone", [FILE, FACTS])
def test_a_missing_file_is_an_error_that_tells_what_to_do(tmp_path, gone):
    for name in {FILE, FACTS} - {gone}:
        shutil.copy(HERE / name, tmp_path / name)
    with pytest.raises(ModelError, match="Install ChipQuote again"):
        Reader.load(*word_pieces(), folder=tmp_path)


def test_a_passage_that_denies_the_premise_is_told_from_one_that_has_it(reader):
    false, true = (
        "Why did BIS make the Affiliates Rule permanent in November 2025?",
        "Why did BIS suspend the Affiliates Rule?",
    )
    (denied,), (held,) = reader.read(false, [RIGHT]), reader.read(true, [RIGHT])
    assert denied.denies > held.denies
    assert denied.share(RIGHT.sentences[0]) > denied.share(RIGHT.sentences[1])


def test_a_question_of_somebodys_denies_nothing():
    asking = passage("Does Zebra still not have it?", "Zebra has it.")
    places = np.array([(s.start, s.end) for s in asking.sentences])
    reading = Reading(-3.0, np.array([0.9, 0.1], np.float32), places, 6.0)
    found = denying(judged(weighed(asking), [asking], [reading]), refused=True)
    assert found is not None
    assert found.span == asking.sentences[1]


def test_the_sentence_that_denies_is_found_only_where_the_reader_is_sure():
    places = np.array([(s.start, s.end) for s in RIGHT.sentences])
    found = []
    for denies in (-6.0, 0.9, 6.0):
        reading = Reading(-3.0, np.array([0.1, 0.9], np.float32), places, denies)
        after = judged(weighed(RIGHT), [RIGHT], [reading])
        found.append([denying(after, refused) for refused in (True, False)])
    assert found[0] == [None, None]
    assert found[2][0] is not None
    assert found[2][0].span == found[2][1].span == RIGHT.sentences[1]
    assert denying(weighed(RIGHT), refused=True) is None, "nothing was read"


def test_what_the_reader_holds_to_be_denied_is_said_so_with_care(records):
    told = records.ask("Why did the February 2026 draft let up to 10,000 GB300-class chips off with simple review?")
    assert told.outcome is Outcome.PREMISE_CONTRADICTED
    assert told.notes[0] == READ_SO
    assert "1,000 GB300" in told.quotes[0].text
    assert told.support >= told.needed


def test_a_reading_moves_the_answering_sentence_up_and_loses_none():
    before = weighed(WRONG, RIGHT)
    places = np.array([(s.start, s.end) for s in RIGHT.sentences])
    yes = Reading(4.0, np.array([0.9, 0.1], np.float32), places)
    no = Reading(-5.0, np.array([0.5, 0.5], np.float32), np.array([(s.start, s.end) for s in WRONG.sentences]))
    after = judged(before, [WRONG, RIGHT], [no, yes])
    assert after[0].span == RIGHT.sentences[0]
    assert after[0].score == 1.0
    assert {w.span for w in after} == {w.span for w in before}
    assert after[0].features[ANSWERS] == 4.0
    assert after[0].features[SHARE] == pytest.approx(np.log(0.9))
    assert likelihood(after, 0.5) > likelihood(judged(before, [WRONG, RIGHT], [no, no]), 0.5)
    assert 0 < needed() < 1


def test_only_the_foremost_passages_are_read_each_once():
    assert foremost(weighed(WRONG, RIGHT, WRONG), 2) == [WRONG, RIGHT]
    assert foremost([], 3) == []


def test_a_cross_encoder_can_stand_in_its_place():
    rival = Rival(lambda pairs: [float("Affiliates" in said) for _, said in pairs])
    right, wrong = rival.read("When was the Affiliates Rule suspended?", [RIGHT, WRONG])
    assert (right.answers, wrong.answers) == (1.0, 0.0)
    assert [right.share(s) for s in RIGHT.sentences] == pytest.approx([np.log(0.5)] * 2)
    assert rival.read("anything", []) == []


def test_the_card_tells_what_the_file_is():
    card = (Path(HERE) / "MODEL_CARD.md").read_text(encoding="utf-8")
    facts = json.loads((HERE / FACTS).read_text(encoding="utf-8"))
    assert facts["base_sha256"] in card
    assert facts["sha256"] in card
