"""The README's figures come from the committed report, and the gold set is what its README says."""

import json
from collections import Counter

import pytest
from material import ROOT

from rag.evaluate.command import MARKS
from rag.evaluate.headline import scorecard_markdown
from rag.evaluate.questions import read_questions

GOLD = ROOT / "tests/gold"
RECORDS = {path.stem: path.read_text() for path in (ROOT / "corpus/records").rglob("*.md")}


def test_the_scorecard_in_the_readme_comes_from_the_committed_report():
    report = json.loads((GOLD / "report/report.json").read_text())
    first, last = (mark.format("scorecard") for mark in MARKS)
    inside = (ROOT / "README.md").read_text().split(first)[1].split(last)[0]
    assert inside.strip() == scorecard_markdown(report, title="gold/questions.jsonl").strip()
    assert (GOLD / "report/scorecard.md").read_text().strip() == inside.strip()


def test_the_committed_report_is_of_todays_questions():
    report = json.loads((GOLD / "report/report.json").read_text())
    assert [r["question"]["id"] for r in report["results"]] == [q.id for q in read_questions(GOLD / "questions.jsonl")]


def test_gold_set_has_the_mix_that_its_readme_gives():
    questions = read_questions(GOLD / "questions.jsonl")
    kinds = Counter(q.type for q in questions)
    assert len(questions) >= 60
    assert {"unanswerable", "false-premise", "status-as-of", "who-said", "number", "follow-up"} <= set(kinds)
    assert kinds["date"] + kinds["status-as-of"] >= len(questions) * 0.3
    assert kinds["false-premise"] >= len(questions) * 0.1
    text = (GOLD / "README.md").read_text()
    for kind in ("status-as-of", "date", "number", "factual", "unanswerable", "who-said", "false-premise", "follow-up"):
        assert f"| `{kind}` | {kinds[kind]} |" in text


@pytest.mark.parametrize(
    "question", [q for q in read_questions(GOLD / "questions.jsonl") if q.answerable], ids=lambda q: q.id
)
def test_gold_quotes_stand_in_their_records(question):
    texts = [RECORDS[name] for name in question.documents]
    for quote in question.quotes:
        assert any(quote in text for text in texts), quote
    together = " ".join(question.quotes)
    for alternatives in question.answer_strings:
        assert any(a.casefold() in together.casefold() for a in alternatives), alternatives
