"""What the benchmarks switch and print; the figures themselves are for whoever runs them."""

import json
from contextlib import ExitStack

import pytest
from material import MODEL

from benchmarks import levers, load, reader
from benchmarks.levers import FEATURES, LEVERS, asked, table
from rag import weigh
from rag.evaluate.metrics import Result, Shown
from rag.evaluate.questions import Question
from rag.evaluate.statistics import add_measures
from rag.present import answer_json

QUESTION = "Which three Huawei chips does the guidance of 13 May 2025 name?"


def test_every_feature_of_a_sentence_belongs_to_one_lever():
    assert sorted(name for names in FEATURES.values() for name in names) == sorted(weigh.FEATURES)


def test_levers_left_out_are_back_afterwards(library):
    pipeline = library.pipeline()
    levers.remember(pipeline)
    before = answer_json(pipeline.ask(QUESTION))
    for off in LEVERS.values():
        with off(pipeline):
            pipeline.ask(QUESTION)
    assert answer_json(pipeline.ask(QUESTION)) == before
    pipeline.index.close()


@pytest.mark.parametrize("name", LEVERS)
def test_a_question_is_answered_without_each_lever(records, name):
    with LEVERS[name](records):
        assert records.ask("Is the AI Diffusion Rule still in force, and what does Nvidia say of it?").searched


def test_levers_left_out_change_what_is_found_and_how_it_is_weighed(pipeline):
    with LEVERS["search by meaning (passage vectors)"](pipeline):
        assert {name for e in pipeline.ask(QUESTION).evidence for name in e.found_by} == {"words"}
    with LEVERS["search by words (BM25)"](pipeline):
        assert {name for e in pipeline.ask(QUESTION).evidence for name in e.found_by} == {"meaning"}
    with ExitStack() as stack:
        for off in (LEVERS["reader"], levers.unweighed(*weigh.FEATURES)):
            stack.enter_context(off(pipeline))
        done = pipeline.ask(QUESTION)
        assert {quote.score for quote in (*done.quotes, *done.related)} == {1.0}  # nothing tells them apart
    with LEVERS["follow-ups"](pipeline):
        assert pipeline.ask("And when?", turns=[QUESTION]).searched == "And when?"


def test_what_is_remembered_is_read_once_and_the_same(library):
    pipeline = library.pipeline()
    before, passes = answer_json(pipeline.ask(QUESTION)), []
    read = pipeline.reader.read
    pipeline.reader.read = lambda question, passages: passes.append(len(passages)) or read(question, passages)
    levers.remember(pipeline)
    assert [answer_json(pipeline.ask(QUESTION)) for _ in range(2)] == [before, before]
    assert passes[0] > 0
    assert not any(passes[1:])
    pipeline.index.close()


def test_lines_of_ours_are_taken_with_their_sentence_and_record(tmp_path):
    rows = [
        {"id": "a", "question": "When?", "record": "r1", "answerable": True, "sentence": "On 13 May 2025."},
        {"id": "b", "question": "Why?", "record": "r1", "answerable": False, "miss": "not-said"},
        {"id": "c", "question": "Who?", "gold_doc_ids": ["r2"], "gold_quotes": ["BIS did."]},
    ]
    (tmp_path / "q.jsonl").write_text("\n".join(map(json.dumps, rows)))
    one, two, three = asked(tmp_path / "q.jsonl", tmp_path)
    assert (one.documents, one.quotes) == (("r1",), ("On 13 May 2025.",))
    assert not two.answerable
    assert (three.documents, three.quotes) == (("r2",), ("BIS did.",))


def test_the_table_tells_what_is_lost_and_marks_what_is_not_chance():
    questions = [Question(str(n), "?", documents=("d",), quotes=("the gold words",)) for n in range(40)]
    right, wrong = ((Shown("d", "d.md", text),) for text in ("the gold words", "other text"))
    whole = add_measures([Result(q, True, 1.0, right) for q in questions])
    worse = add_measures([Result(q, True, 1.0, wrong) for q in questions])
    lines = table("set", whole, {"gold": worse, "nothing": whole}).splitlines()
    column = lines[0].split(" | ").index("quote hit@1")
    assert [line.split(" | ")[column] for line in lines[2:]] == ["1.00 (1.00–1.00)", "**−1.00 (−1.00 to −1.00)**", "0"]


def test_work_by_turns_is_timed_over_all_that_is_given():
    seen = []
    seconds = reader.by_turns({"a": lambda n: seen.append(("a", n)), "b": lambda n: seen.append(("b", n))}, [1, 2])
    assert set(seconds) == {"a", "b"}
    assert seen[2:] == [
        ("a", 1),
        ("b", 1),
        ("b", 2),
        ("a", 2),
    ]  # after each was done once: another goes first each time


def test_the_reader_is_loaded_and_weighed_in_a_process_of_its_own(library, monkeypatch):
    monkeypatch.setenv("CHIPQUOTE_INDEX", str(library.index))
    monkeypatch.setenv("CHIPQUOTE_MODEL", MODEL)
    found = reader.loading()
    assert 0 < found["words"] < found["loaded"]
    assert found["added"] > 11e6  # at least its file


def test_reading_is_timed_by_threads(library, monkeypatch):
    monkeypatch.setenv("CHIPQUOTE_INDEX", str(library.index))
    monkeypatch.setenv("CHIPQUOTE_MODEL", MODEL)
    found = reader.by_threads([QUESTION])
    assert set(found) == {str(n) for n in reader.THREADS}
    assert all(seconds > 0 for seconds in found.values())


def test_figures_go_between_their_marks(tmp_path, capsys):
    file = tmp_path / "README.md"
    file.write_text("Before.\n<!-- load -->\nold\n<!-- /load -->\nAfter.\n")
    load.tell(["50 people: 0 errors ", "p95 6 s"], "load", file)
    assert capsys.readouterr().out == "- 50 people: 0 errors\n- p95 6 s\n"
    assert file.read_text() == "Before.\n<!-- load -->\n- 50 people: 0 errors\n- p95 6 s\n<!-- /load -->\nAfter.\n"
