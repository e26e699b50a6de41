"""Question files in all their forms, and errors that name the line."""

import json
from datetime import date

import pytest

from rag.errors import QuestionFileError
from rag.evaluate.questions import read_questions


def write(tmp_path, *rows):
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows))
    return path


def test_our_own_form(tmp_path):
    (tmp_path / "a.txt").write_text("0123456789")
    row = {
        "id": "g1", "question": "What?", "type": "date", "side": "us", "turns": ["Before?"], "as_of": "2025-10-15",
        "gold": [{"file": "a.txt", "start": 2, "end": 5}], "gold_quotes": ["x"], "gold_doc_ids": ["d"],
        "answer_strings": ["1|2", "3"],
    }  # fmt: skip
    (question,) = read_questions(write(tmp_path, row), tmp_path)
    assert question.as_of == date(2025, 10, 15)
    assert question.spans[0].text == "234"
    assert question.answer_strings == (("1", "2"), ("3",))
    assert question.answerable


def test_squad_answers_are_alternatives_of_one_string(tmp_path):
    row = {
        "id": "s",
        "question": "Where?",
        "answers": ["France", "in France"],
        "gold_doc_ids": ["d"],
        "answerable": True,
    }
    (question,) = read_questions(write(tmp_path, row))
    assert question.answer_strings == (("France", "in France"),)


def test_unanswerable_by_type_or_by_field_has_no_gold(tmp_path):
    rows = [
        {"id": "a", "question": "?x", "type": "unanswerable"},
        {"id": "b", "question": "?y", "answerable": False, "gold_doc_ids": ["d"], "gold_quotes": ["q"]},
    ]
    for question in read_questions(write(tmp_path, *rows)):
        assert not question.answerable
        assert not question.documents
        assert not question.quotes


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("{not json", "line 2"),
        ('["a"]', "not a JSON object"),
        ({"question": "no id"}, "`id`"),
        ({"id": "x", "question": " "}, "`question`"),
        ({"id": "first", "question": "again"}, "used twice"),
        ({"id": "x", "question": "?", "as_of": "2025-13-01"}, "month"),
        ({"id": "x", "question": "?", "turns": "before"}, "`turns`"),
        ({"id": "x", "question": "?", "gold": [{"file": "a", "start": 5, "end": 5}]}, "no range"),
        ({"id": "x", "question": "?", "gold": [{"file": "a"}]}, "start"),
        ({"id": "x", "question": "?", "answerable": "yes"}, "`answerable`"),
    ],
)
def test_a_bad_line_is_named(tmp_path, row, reason):
    with pytest.raises(QuestionFileError, match="line 2") as error:
        read_questions(write(tmp_path, {"id": "first", "question": "fine"}, row))
    assert reason in str(error.value)


def test_a_span_beyond_the_file_is_an_error(tmp_path):
    (tmp_path / "a.txt").write_text("short")
    with pytest.raises(QuestionFileError, match="no range"):
        read_questions(
            write(tmp_path, {"id": "x", "question": "?", "gold": [{"file": "a.txt", "start": 0, "end": 99}]}), tmp_path
        )


def test_an_empty_or_missing_file_is_an_error(tmp_path):
    with pytest.raises(QuestionFileError, match="no questions"):
        read_questions(write(tmp_path, ""))
    with pytest.raises(QuestionFileError, match="cannot be read"):
        read_questions(tmp_path / "nowhere.jsonl")
