"""Our own questions: in form, true to their records, and worded apart from all that the product is measured on."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from material import ROOT

from rag.load import load
from training.rank import Row, fit

FOLDER = ROOT / "training" / "questions"
MEASURED = {
    "gold": ROOT / "tests" / "gold" / "questions.jsonl",
    "ledger": ROOT.parent / "shared" / "facts" / "questions.jsonl",
    "policy": ROOT.parent / "shared" / "data" / "policy_questions.jsonl",
}
RUN = 8  # words in a row


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def said(question: str) -> list[str]:
    return re.findall(r"[a-z0-9]+|[\u3400-\u9fff]", question.lower())


@pytest.fixture(scope="module")
def ours() -> list[dict]:
    return [q for name in ("records-a", "records-b", "documents") for q in lines(FOLDER / f"{name}.jsonl")]


def test_there_are_enough_and_a_third_are_near_misses(ours):
    missed = [q for q in ours if not q["answerable"]]
    assert len(ours) >= 2_000
    assert 0.28 <= len(missed) / len(ours) <= 0.45
    assert {q["miss"] for q in missed} == {
        "other-entity",
        "other-date",
        "other-kind",
        "later",
        "false-premise",
        "not-said",
    }


def test_ids_and_questions_are_distinct(ours):
    assert len({q["id"] for q in ours}) == len(ours)
    assert len({tuple(said(q["question"])) for q in ours}) == len(ours)


def test_each_answering_sentence_stands_in_its_record():
    bodies = {path.stem: load(path).text for path in (ROOT / "corpus" / "records").rglob("*.md")}
    for name in ("records-a", "records-b"):
        for q in lines(FOLDER / f"{name}.jsonl"):
            assert q["record"] in bodies, q["id"]
            assert q.get("sentence", "") in bodies[q["record"]], q["id"]
            assert not q["answerable"] or q["sentence"], q["id"]


def test_questions_over_documents_carry_places_and_no_text_of_them():
    for q in lines(FOLDER / "documents.jsonl"):
        for place in q.get("gold", ()):
            assert set(place) == {"file", "start", "end"}, q["id"]
            assert 0 <= place["start"] < place["end"], q["id"]


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
