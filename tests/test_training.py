"""Our own questions: in form, true to their records, and worded apart from all that the product is measured on."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from material import ROOT

from rag.evaluate.metrics import holds
from rag.load import load
from training.own import gold_of, group_of
from training.rank import Row, fit
from training.written import over, written

FOLDER = ROOT / "training" / "questions"
MEASURED = {
    "gold": ROOT / "tests" / "gold" / "questions.jsonl",
    "ledger": ROOT.parent / "shared" / "facts" / "questions.jsonl",
    "policy": ROOT.parent / "shared" / "data" / "policy_questions.jsonl",
}
POLICY = ROOT.parent / "shared" / "data" / "policy"  # what the questions over documents are about
CALIBRATION = {"calibration-records": 0.5, "calibration-documents": 0.33}  # the share of near misses
NOT_FITTED = (
    "c",
    "ao",
    "w",
    "d",
    "j",
)  # how the ids of calibration, as-of and judged questions begin, and of those over one passage
MISSES = {"other-entity", "other-date", "other-kind", "later", "false-premise", "not-said"}
WRITTEN = ("public", "documents", "records")
RUN = 8  # words in a row


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def files(question: dict) -> set[str]:
    """The documents that a question names: those that answer it, or the one it nearly fits."""
    return {place["file"] for place in question.get("gold", ())} | {question[k] for k in ("near",) if k in question}


def said(question: str) -> list[str]:
    return re.findall(r"[a-z0-9]+|[\u3400-\u9fff]", question.lower())


@pytest.fixture(scope="module")
def ours() -> list[dict]:
    return [q for path in sorted(FOLDER.glob("*.jsonl")) for q in lines(path)]


@pytest.fixture(scope="module")
def fitted(ours) -> list[dict]:
    return [q for q in ours if not q["id"].startswith(NOT_FITTED)]


def test_there_are_enough_and_a_third_are_near_misses(fitted):
    missed = [q for q in fitted if not q["answerable"]]
    assert len(fitted) >= 2_000
    assert 0.28 <= len(missed) / len(fitted) <= 0.45
    assert {q["miss"] for q in missed} == MISSES


@pytest.mark.parametrize(("name", "share"), CALIBRATION.items())
def test_each_calibration_set_holds_its_share_of_near_misses_of_every_kind(name, share):
    asked = lines(FOLDER / f"{name}.jsonl")
    missed = [q for q in asked if not q["answerable"]]
    assert share - 0.05 <= len(missed) / len(asked) <= share + 0.05
    assert {q["miss"] for q in missed} == MISSES


@pytest.mark.parametrize(("name", "most"), [("calibration-records", 2), ("calibration-documents", 3)])
def test_calibration_asks_few_questions_of_a_record_or_document(name, most):
    asked = Counter(group_of(q) for q in lines(FOLDER / f"{name}.jsonl"))
    assert max(asked.values()) <= most


def test_calibration_shares_no_document_with_the_questions_that_the_reader_was_trained_on():
    trained = {file for q in lines(FOLDER / "documents.jsonl") for file in files(q)}
    for q in lines(FOLDER / "calibration-documents.jsonl"):
        assert not files(q) & trained, q["id"]


def test_fitting_reads_no_calibration_file():
    """What sets the threshold must not have been fitted on: the names keep it out of what fitting globs."""
    for code in (ROOT / "training").glob("*.py"):
        if code.name != "judge.py":  # which sets the threshold: that is what they are for
            assert "calibration-" not in code.read_text(encoding="utf-8"), code.name
    for pattern in ("records*.jsonl", "documents*.jsonl"):
        assert not any(path.stem in CALIBRATION for path in FOLDER.glob(pattern)), pattern


def test_ids_and_questions_are_distinct(ours):
    assert len({q["id"] for q in ours}) == len(ours)
    assert len({tuple(said(q["question"])) for q in ours}) == len(ours)


def test_each_answering_sentence_stands_in_its_record():
    bodies = {path.stem: load(path).text for path in (ROOT / "corpus" / "records").rglob("*.md")}
    for name in ("records-a", "records-b", "calibration-records"):
        for q in lines(FOLDER / f"{name}.jsonl"):
            assert q["record"] in bodies, q["id"]
            assert q.get("sentence", "") in bodies[q["record"]], q["id"]
            assert not q["answerable"] or q["sentence"], q["id"]


@pytest.mark.parametrize("name", ["documents", "calibration-documents"])
def test_questions_over_documents_carry_places_and_no_text_of_them(name):
    for q in lines(FOLDER / f"{name}.jsonl"):
        assert bool(q.get("gold")) == q["answerable"], q["id"]
        for place in q.get("gold", ()):
            assert set(place) == {"file", "start", "end"}, q["id"]
            assert 0 <= place["start"] < place["end"], q["id"]


def test_each_place_of_the_calibration_stands_in_its_document_and_one_says_the_answer():
    if not POLICY.is_dir():
        pytest.skip("the public documents are not on this machine")
    for q in lines(FOLDER / "calibration-documents.jsonl"):
        assert all((POLICY / file).is_file() for file in files(q)), q["id"]
        places = [words for _, words in gold_of(q, POLICY)]
        lengths = [place["end"] - place["start"] for place in q.get("gold", ())]
        assert [len(words) for words in places] == lengths, q["id"]  # none reaches beyond the end of its file
        for answer in q.get("answer_strings", ()):
            assert any(holds(words, answer.split("|")) for words in places), (q["id"], answer)


@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_written_over_one_passage_is_half_near_misses_of_every_kind_and_holds_no_text(name):
    rows = lines(FOLDER / f"written-{name}.jsonl")
    missed = [r for r in rows if not r["answerable"]]
    assert 0.5 <= len(missed) / len(rows) <= 0.65
    assert {r["miss"] for r in missed} == MISSES | {"other-number", "opposite", "condition"}
    named = {"public": "set", "documents": "file", "records": "record"}[name]
    for row in rows:
        told = {"start", "end"} if row["answerable"] else {"miss"}
        assert set(row) == {"id", named, "passage", "question", "answerable"} | told, row["id"]
        assert not row["answerable"] or 0 <= row["start"] < row["end"], row["id"]


@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_written_over_a_passage_that_denies_is_also_answered_or_met_with_silence(name):
    rows = lines(FOLDER / f"denied-{name}.jsonl")
    denied, silent = ([r for r in rows if key in r] for key in ("denied", "miss"))
    assert 0.35 <= len(denied) / len(rows) <= 0.5
    assert len(silent) / len(rows) >= 0.2
    assert {r["denied"] for r in denied} == {"not", "status", "figure", "who", "scope", "outcome", "order", "what"}
    named = {"public": "set", "documents": "file", "records": "record"}[name]
    for row in rows:
        told = {"miss"} if "miss" in row else {"start", "end"} | ({"denied"} if "denied" in row else set())
        assert set(row) == {"id", named, "passage", "question", "answerable"} | told, row["id"]
        assert row["answerable"] == (told == {"start", "end"}), row["id"]


@pytest.mark.parametrize("name", ["documents", "records"])
def test_of_a_judged_question_each_passage_that_was_found_is_told_of_and_holds_no_text(name):
    rows = lines(FOLDER / f"judged-{name}.jsonl")
    named = {"documents": "file", "records": "record"}[name]
    for row in rows:
        assert set(row) == {"id", "question", "judged"}, row["id"]
        assert len({told["passage"] for told in row["judged"]}) == len(row["judged"]) > 1, row["id"]
        for told in row["judged"]:
            places = {"start", "end"} if "start" in told else set()
            assert set(told) - {"denied"} == {named, "passage"} | places, row["id"]
            assert not places or 0 <= told["start"] < told["end"], row["id"]
    unanswered = sum(not any("start" in told for told in row["judged"]) for row in rows)
    assert 0.1 <= unanswered / len(rows) <= 0.4


@pytest.mark.parametrize("name", ["gold", "policy"])
def test_no_denied_question_is_about_a_document_whose_false_premises_are_measured(name):
    if not MEASURED[name].is_file():
        pytest.skip(f"{MEASURED[name].name} is not on this machine")
    measured = [q for q in lines(MEASURED[name]) if q["type"] == "false-premise"]
    kept = {d for q in measured for d in q.get("gold_doc_ids", [g["file"] for g in q.get("gold", ())])}
    assert kept
    for part in ("documents", "records"):
        about = {r.get("record") or r["file"] for r in lines(FOLDER / f"denied-{part}.jsonl")}
        assert not kept & about


def test_nothing_is_written_over_a_document_of_the_calibration():
    kept = {file for q in lines(FOLDER / "calibration-documents.jsonl") for file in files(q)}
    for name in ("written-documents", "denied-documents"):
        assert not kept & {row["file"] for row in lines(FOLDER / f"{name}.jsonl")}
    assert not kept & {told["file"] for row in lines(FOLDER / "judged-documents.jsonl") for told in row["judged"]}


def test_what_is_written_over_records_fits_the_passages_that_the_product_cuts(records):
    """A record that changed since takes its questions out of training: they have to be written again."""
    index = records.index
    asked = set(written("records"))
    pairs = list(over(map(index.passage, range(len(index))), "records"))
    assert len({p.passage for p in pairs}) == len(asked)
    for pair in pairs:
        assert [bool(pair.answers), bool(pair.denials), ":" in pair.source].count(True) == 1
        assert all(pair.passage[a:b].strip() for a, b in pair.answers + pair.denials)


@pytest.mark.parametrize("name", MEASURED)
def test_no_question_shares_its_wording_with_one_that_is_measured(name, ours):
    if not MEASURED[name].is_file():
        pytest.skip(f"{MEASURED[name].name} is not on this machine")
    theirs = [said(q["question"]) for q in lines(MEASURED[name])]
    runs = {tuple(q[n : n + RUN]): q for q in theirs for n in range(len(q) - RUN + 1)}
    whole = {tuple(q) for q in theirs}
    for q in ours:
        mine = said(q["question"])
        assert tuple(mine) not in whole, q["id"]
        shared = [run for n in range(len(mine) - RUN + 1) if (run := tuple(mine[n : n + RUN])) in runs]
        assert not shared, (q["id"], shared[0])


def test_fitting_finds_the_feature_that_answers():
    rng = np.random.default_rng(1)
    rows = []
    for _ in range(200):
        table = rng.normal(size=(6, 3)).astype(np.float32)
        rows.append(Row(table, table[:, 1] == table[:, 1].max()))
    weights = fit([rows])
    assert weights[1] > 5 * max(abs(weights[0]), abs(weights[2]))
