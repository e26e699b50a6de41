"""The evaluation end to end on the invented library: same pipeline, resumable, repeatable, gated."""

import json

import pytest
from material import MODEL, ROOT, pdf

from rag.errors import EvaluationError
from rag.evaluate import evaluate, read_questions
from rag.evaluate.baseline import langchain_recipe
from rag.evaluate.command import Order, carry_out, fallen, floors, sampled
from rag.evaluate.questions import Question
from rag.evaluate.reread import stands
from rag.evaluate.scorecard import card_json, read_card
from rag.load import load

ROWS = [
    {"id": "a", "question": "Which three Huawei chips does the guidance of 13 May 2025 name?", "type": "factual",
     "gold_doc_ids": ["ascend"], "answer_strings": ["910B", "910C", "910D"]},
    {"id": "b", "question": "Who won the 2019 Tour de France?", "type": "unanswerable"},
    {"id": "c", "question": "How many days does a company have to answer?", "type": "number", "turns": ["Which chips are named?"],
     "gold_doc_ids": ["ascend"], "answer_strings": ["thirty"]},
]  # fmt: skip


@pytest.fixture
def questions(tmp_path):
    path = tmp_path / "q.jsonl"
    path.write_text("\n".join(map(json.dumps, ROWS)))
    return path


def without_time(card):
    data = card_json(card)
    data.pop("speed")
    for row in data["results"]:
        row.pop("seconds")
        row.pop("embedding")
    return data


def test_two_runs_give_the_same_but_for_time(questions, pipeline):
    asked = read_questions(questions)
    assert without_time(evaluate(asked, pipeline)) == without_time(evaluate(asked, pipeline))


def test_scores_and_rows(questions, pipeline):
    card = evaluate(read_questions(questions), pipeline)
    assert card.scores["exact-quote"].value == 1
    assert card.scores["answer strings@3"].value == 1
    assert card.scores["refusal recall"].value == 1
    assert set(card.by_type) == {"factual", "unanswerable", "number"}
    assert [row["id"] for row in card.rows()] == ["a", "b", "c"]
    assert card.about["model"]["weights"].startswith("53aa5117")


def test_an_interrupted_run_goes_on_where_it_stopped(questions, pipeline, tmp_path):
    asked = read_questions(questions)
    journal = tmp_path / "journal.jsonl"
    first = evaluate(asked, pipeline, journal=journal)
    lines = journal.read_text().splitlines()
    journal.write_text(lines[0] + "\n" + lines[1][: len(lines[1]) // 2])  # stopped in the middle of a line
    seen = []

    def counting(question):
        seen.append(question.id)
        return next(r for r in first.results if r.question.id == question.id)

    second = evaluate(asked, counting, journal=journal)
    assert seen == ["b", "c"]
    assert [r.quotes for r in second.results] == [r.quotes for r in first.results]
    third = evaluate(asked, counting, journal=journal)  # what was written behind the half line can be read
    assert seen == ["b", "c"]
    assert [r.quotes for r in third.results] == [r.quotes for r in first.results]


def test_command_writes_a_report_that_can_be_compared_with(questions, library, tmp_path):
    out = tmp_path / "out"
    done = carry_out(Order(questions, out=out), library.settings, lambda *_: None)
    assert {p.name for p in out.iterdir()} >= {"report.json", "report.html", "scorecard.md"}
    again = carry_out(Order(questions, earlier=out), library.settings, lambda *_: None)
    assert "cannot tell" in again.markdown
    assert without_time(read_card(out))["scores"] == without_time(done.card)["scores"]


def test_corpus_may_be_a_jsonl_file(tmp_path, new_index):
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text(
        json.dumps(
            {
                "id": "one",
                "title": "Kilns",
                "text": "The brick kiln of Ash Valley burns pine wood. It was built in 1911.",
            }
        )
        + "\n"
        + json.dumps(
            {"id": "two", "title": "Ferries", "text": "The ferry to Long Island leaves at nine in the morning."}
        )
    )
    questions = tmp_path / "q.jsonl"
    questions.write_text(
        json.dumps(
            {
                "id": "k",
                "question": "What wood does the kiln of Ash Valley burn?",
                "gold_doc_ids": ["one"],
                "answers": ["pine"],
            }
        )
    )
    new_index(tmp_path / "out" / "index")
    from rag.settings import Settings

    done = carry_out(Order(questions, corpus=corpus, out=tmp_path / "out"), Settings(), lambda *_: None)
    assert done.card.scores["answer strings@3"].value == 1
    assert done.card.scores["exact-quote"].value == 1
    assert done.card.scores["hit@1"].value == 1


def test_two_baselines_of_one_process_search_each_its_own_documents(tmp_path):
    """What Chroma holds in memory is held for the whole process."""
    asked = Question("q", "When does the zebra licence end?")
    for name in ("one", "other"):
        (tmp_path / f"{name}.md").write_text(f"The zebra licence of {name} ends in May.")
        found = langchain_recipe([load(tmp_path / f"{name}.md")], MODEL)(asked)
        assert found.files == (f"{name}.md",)


def test_a_floor_of_one_forgives_no_single_quote(questions, pipeline):
    from dataclasses import replace

    card = evaluate(read_questions(questions), pipeline)
    (exact,) = [card.scores["exact-quote"]]
    nearly = replace(card, scores={"exact-quote": replace(exact, value=0.99, high=1.0)})
    assert not list(fallen(card, {"exact-quote": 1.0}))
    assert list(fallen(nearly, {"exact-quote": 1.0}))


def test_gate_fails_only_below_its_floor_beyond_chance(questions, pipeline, tmp_path):
    card = evaluate(read_questions(questions), pipeline)
    gate = tmp_path / "gate.toml"
    gate.write_text('[floors]\n"exact-quote" = 1.0\n"answer strings@3" = 0.9\n')
    assert not list(fallen(card, floors(gate)))
    worse = evaluate(read_questions(questions), lambda q: next(r for r in card.results if r.question.id == "b"))
    assert list(fallen(worse, {"answer strings@3": 0.9, "refused rightly": 0.5}))
    assert list(fallen(card, {"no such measure": 0.5}))


@pytest.mark.parametrize("text", ["", "[other]\nx = 1", "[floors]\nx = 'high'", "not toml ["])
def test_a_bad_gate_file_is_named(tmp_path, text):
    gate = tmp_path / "gate.toml"
    gate.write_text(text)
    with pytest.raises(EvaluationError, match=r"gate\.toml"):
        floors(gate)


def test_a_report_that_is_none_is_named(tmp_path):
    (tmp_path / "report.json").write_text("{}")
    with pytest.raises(EvaluationError, match="not a report"):
        read_card(tmp_path)


def test_a_sample_is_the_same_every_time(questions):
    asked = read_questions(questions)
    assert sampled(asked, 2) == sampled(asked, 2)
    assert len(sampled(asked, 2)) == 2
    assert sampled(asked, 99) == asked


# --- the independent reader


def test_reread_finds_words_through_markup(tmp_path):
    page = tmp_path / "a.md"
    page.write_text("The **rule** of [January 2026](https://example.org/a_(b)) sets\n  4,800 &amp; more \\[sic\\].\n")
    assert stands(page, "The rule of January 2026 sets 4,800 & more [sic].")


@pytest.mark.parametrize(
    "changed",
    ["sets 6,800", "approval was presumed", "The rule of January 2025", "4,800 sets", "The rule sets"],
)
def test_reread_finds_every_change(tmp_path, changed):
    page = tmp_path / "a.md"
    page.write_text("The rule of January 2026 sets 4,800. Denial was presumed.")
    assert not stands(page, changed)


def test_reread_keeps_to_one_document_of_a_jsonl_file(tmp_path):
    page = tmp_path / "c.jsonl"
    page.write_text('{"id": "x", "text": "alpha beta"}\n{"id": "y", "text": "gamma"}\n')
    assert stands(page, "alpha beta", "x")
    assert not stands(page, "alpha beta", "y")


def test_reread_finds_a_sentence_that_goes_on_overleaf_in_a_pdf_and_no_other_two_pieces(tmp_path):
    file = tmp_path / "a.pdf"
    file.write_bytes(
        pdf("Every maker must ask for a licence and\nBureau of Examples 1", "may appeal within sixty days.")
    )
    assert stands(file, "Every maker must ask for a licence and may appeal within sixty days.")
    assert not stands(file, "Every maker must ask for a licence and may appeal within ninety days.")
    assert not stands(file, "may appeal within sixty days. Every maker must ask for a licence")
    assert not stands(file, "Every maker may appeal")


def test_reread_shares_no_code_with_the_pipeline():
    assert "from rag" not in (ROOT / "rag/evaluate/reread.py").read_text()


def test_answers_of_another_dial_are_not_taken_for_those_of_this_one(questions, library, tmp_path):
    """What is fitted, the reader and the dials are in the name of the journal, not the code alone."""
    for depth in ("fast", "standard", "fast"):
        settings = library.settings.model_copy(update={"depth": depth})
        carry_out(Order(questions, out=tmp_path / "out"), settings, lambda *_: None)
    assert len(list((tmp_path / "out").glob("answers-ours-*.jsonl"))) == 2
