"""What the reader is trained on: cut without losing the answer, spoilt into near misses, split by document."""

from __future__ import annotations

import gzip
import json
import random

import onnxruntime
import pytest
import torch

from rag.embed.encoder import whole_texts
from rag.embed.model import DEFAULT_MODEL, load_sentence_transformer, tokenizer_of
from rag.read.reader import FILE, HERE
from training.export import load_reader
from training.pairs import TAKEN, Pair, cut, read_pairs, write_pairs
from training.spoil import spoil
from training.train import Feed, kinds
from training.written import key, over_public

TEXT = (
    "The H20 is a chip that Nvidia made for China. Washington required a licence for it in April 2025. "
    "Nvidia wrote off 4.5 billion dollars of stock. Sales were allowed again in July 2025, against a share of 15 percent. "
    "Beijing then told its firms not to buy it. Jensen Huang said that the market was lost."
)


def pair(question: str, answer: str) -> Pair:
    at = TEXT.index(answer)
    return Pair(question, "The H20", TEXT, ((at, at + len(answer)),), "made-up", "h20")


@pytest.mark.parametrize("seed", range(20))
def test_a_cut_passage_still_holds_the_answer_and_whole_sentences(seed):
    whole = pair("How much did Nvidia write off?", "4.5 billion dollars")
    whole = Pair(whole.question, whole.about, TEXT + "\n" + TEXT.replace("4.5", "9.9") * 3, whole.answers, "s", "g")
    short = cut(whole, random.Random(seed))
    assert [short.passage[a:b] for a, b in short.answers] == ["4.5 billion dollars"]
    assert short.passage in whole.passage
    assert short.passage[0].isupper()
    assert short.passage.endswith(".")


@pytest.mark.parametrize(
    ("question", "answer", "rules"),
    [
        ("What did Washington require in April 2025?", "a licence", {"other_year", "other_name", "without"}),
        ("Who said that the market was lost?", "Jensen Huang", {"opposite", "without"}),
        ("What were firms told before it was banned?", "not to buy it", {"opposite", "without"}),
        ("When could they sell again, against 15 percent?", "July 2025", {"other_number", "opposite", "without"}),
    ],
)
def test_a_near_miss_asks_of_something_else_or_lost_its_answer(question, answer, rules):
    whole, seen = pair(question, answer), set()
    for seed in range(40):
        miss = spoil(whole, random.Random(seed))
        assert miss is not None
        assert miss.answers == ()
        assert (miss.question, miss.passage) != (whole.question, whole.passage)
        if miss.source.endswith("without"):
            assert answer not in miss.passage
        seen.add(miss.source.split(":")[1])
    assert seen == rules


def test_nothing_is_spoilt_that_no_rule_fits():
    assert spoil(Pair("why?", "", "One sentence only.", ((0, 3),), "s", "g"), random.Random(1)) is None


def test_every_pair_about_a_document_is_on_one_side_of_the_split():
    groups = [f"document {n}" for n in range(2_000)]
    held = [g for g in groups if Pair("q", "", "p", (), "s", g).held_out]
    assert 60 <= len(held) <= 140
    assert all(Pair("another", "x", "y", ((0, 1),), "t", g).held_out for g in held)


def test_pairs_are_read_back_as_they_were_written(tmp_path):
    pairs = [pair("How much?", "4.5 billion"), Pair("谁说的？", "", "没有。", (), "s", "g")]
    write_pairs(tmp_path / "pairs.jsonl", pairs)
    assert read_pairs(tmp_path / "pairs.jsonl") == pairs


def test_a_reason_is_asked_for_only_where_none_is_given():
    asked = pair("When were sales allowed again?", "July 2025")
    questions = {miss.question for seed in range(40) if (miss := spoil(asked, random.Random(seed)))}
    assert "Why were sales allowed again?" in questions
    reasoned = Pair(asked.question, "", TEXT + " That was because of a deal.", asked.answers, "made-up", "h20")
    assert not any(spoil(reasoned, random.Random(seed)).question.startswith("Why") for seed in range(40))


def test_a_name_may_come_from_another_passage():
    asked = pair("What did Washington require in 2025?", "licence")
    other = Pair("?", "", "The rule came late. Then Tokyo Electron asked Ottawa for a licence.", (), "made-up", "other")
    misses = [spoil(asked, random.Random(seed), other) for seed in range(80)]
    assert any(m.source.endswith("name_elsewhere") and "Ottawa" in m.question for m in misses)


def test_a_reader_that_ships_can_be_trained_on():
    """Its weights come back out of int8: what it says of a pair is the same but for the rounding of each pass."""
    reader, _ = load_reader(HERE / FILE)
    tokenizer = tokenizer_of(load_sentence_transformer(DEFAULT_MODEL)[0])
    whole_texts(tokenizer)
    asked = ["What did Washington require?", "Who said that the market was lost?", "How many chips were sold in Peru?"]
    session = onnxruntime.InferenceSession(HERE / FILE)
    for question in asked:
        *given, _, _, _ = Feed(tokenizer, reader.words.weight.detach()).tensors([pair(question, "a licence")])
        with torch.no_grad():
            answers, denies, where = reader(*given)
        named = dict(zip(("words", "parts", "shared", "mask"), (t.numpy() for t in given), strict=True))
        (told,), (against,), (places,) = session.run(["answers", "denies", "where"], named)
        assert float(answers) == pytest.approx(float(told), abs=1.0)
        assert float(denies) == pytest.approx(float(against), abs=1.0)
        assert int(where.argmax()) == int(places.argmax())


def test_what_is_written_over_public_passages_finds_them_again(tmp_path, monkeypatch):
    passage, other = TEXT, "Nothing here is asked about. It only fills the set."
    rows = [
        {"passage": p, "question": "?", "answerable": False, "answer_start": -1, "answer_text": "", "doc": "d"}
        for p in (passage, passage, other)
    ]
    for name in TAKEN:
        with gzip.open(tmp_path / f"{name}.jsonl.gz", "wt", encoding="utf-8") as lines:
            lines.writelines(json.dumps(row) + "\n" for row in rows if name == "selqa")
    at = passage.index("a licence")
    asked = [
        {"passage": key(passage), "question": "What was needed?", "answerable": True, "start": at, "end": at + 9},
        {"passage": key(passage), "question": "Who needed none?", "answerable": False, "miss": "opposite"},
        {"passage": "0" * 16, "question": "Over a passage that is not there?", "answerable": False, "miss": "later"},
    ]
    denied = [
        {
            "passage": key(passage),
            "question": "Why none?",
            "answerable": False,
            "denied": "not",
            "start": at,
            "end": at + 9,
        },
        {"passage": key(passage), "question": "Why then?", "answerable": False, "miss": "silent-later"},
    ]
    monkeypatch.setattr("training.written.lines", lambda file: denied if file.name.startswith("denied") else asked)
    right, wrong, against, silent = over_public(tmp_path, random.Random(1))
    assert right.source == "written-selqa"
    assert [right.passage[a:b] for a, b in right.answers] == ["a licence"]
    assert (wrong.source, wrong.answers) == ("written-selqa:opposite", ())
    assert [against.passage[a:b] for a, b in against.denials] == ["a licence"]
    assert (right.denied, wrong.denied, against.denied, silent.denied) == (False, None, True, False)
    assert right.written
    assert kinds(wrong) == {"written", "near-misses"}
    assert kinds(against) == {"denied"}
