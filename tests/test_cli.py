"""The command line as a person or a script meets it: in a process of its own wherever that can matter."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from material import CHIPS_QUESTION, assert_mendable, environment, write_files


def test_an_answer_is_data_on_stdout_and_exit_0(library, cli):
    ran = cli("ask", CHIPS_QUESTION, shelf=library)
    assert (ran.code, ran.err) == (0, "")
    assert "910B, the Ascend 910C and the Ascend 910D" in ran.out
    assert "Guidance on Ascend chips" in ran.out
    assert "2025-05-13" in ran.out


def test_what_is_not_found_exits_2_and_names_what_is_covered(library, here):
    ran = here("ask", "Who won the 2019 Tour de France?", shelf=library)
    assert (ran.code, ran.err) == (2, "")
    assert "8 documents" in ran.out
    ran = here("ask", "Who won the 2019 Tour de France?", "--json", shelf=library)
    assert ran.code == 2
    assert json.loads(ran.out)["outcome"] == "not_found"


def test_json_is_all_that_stands_on_stdout(library, cli):
    ran = cli("ask", CHIPS_QUESTION, "--json", "--quotes", "1", shelf=library)
    assert (ran.code, ran.err) == (0, "")
    answer = json.loads(ran.out)
    assert len(answer["quotes"]) == 1
    assert answer["quotes"][0]["url"] == "https://example.org/ascend"


def test_a_day_and_a_side_leave_sources_out(library, here):
    ran = here("ask", CHIPS_QUESTION, "--as-of", "2025-05-12", "--json", shelf=library)
    answer = json.loads(ran.out)
    assert (ran.code, answer["as_of"], answer["outcome"]) == (2, "2025-05-12", "not_found")
    assert here("ask", CHIPS_QUESTION, "--as-of", "2025-05-13", shelf=library).code == 0
    assert here("ask", CHIPS_QUESTION, "--side", "china", shelf=library).code == 2


def test_many_questions_are_answered_a_line_each_in_one_process(library, cli):
    lines = [
        CHIPS_QUESTION,
        "",
        json.dumps({"id": "a", "question": "And for how long?", "turns": ["Do exporters keep records?"]}),
        json.dumps({"id": 7, "question": CHIPS_QUESTION, "as_of": "2024-01-01"}),
        json.dumps({"id": None, "question": "是否许可镓和锗出口？", "side": "china"}, ensure_ascii=False),
        "Who won the 2019 Tour de France?",
    ]
    ran = cli("ask", "-", shelf=library, stdin="\n".join(lines))
    assert (ran.code, ran.err) == (0, "")
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert [a["outcome"] for a in answers] == ["answered", "answered", "not_found", "answered", "not_found"]
    assert [a.get("id", "none given") for a in answers] == ["none given", "a", 7, None, "none given"]
    assert answers[1]["searched"] == "For how long do exporters keep records?"
    assert "five years" in answers[1]["quotes"][0]["text"]
    assert answers[2]["as_of"] == "2024-01-01"
    assert {q["side"] for q in answers[3]["quotes"]} == {"china"}


def test_a_day_given_as_a_flag_holds_for_every_line_that_names_none(library, here):
    stdin = f'{CHIPS_QUESTION}\n{{"question": "{CHIPS_QUESTION}", "as_of": "2025-06-01"}}\n'
    ran = here("ask", "-", "--as-of", "2024-01-01", shelf=library, stdin=stdin)
    assert [json.loads(line)["outcome"] for line in ran.out.splitlines()] == ["not_found", "answered"]


def test_answers_come_one_by_one_while_questions_are_still_being_written(library):
    """A program that waits for the answer before it asks the next question is not left waiting."""
    command = [sys.executable, "-m", "rag", "ask", "-"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(library), text=True
    ) as process:
        for _ in range(2):
            process.stdin.write(CHIPS_QUESTION + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["outcome"] == "answered"
        process.stdin.close()
        assert process.wait() == 0


def test_what_ask_printed_can_be_verified_from_a_file_or_a_pipe(copied, cli, tmp_path):
    copied.build()
    asked = cli("ask", CHIPS_QUESTION, "--json", shelf=copied).out
    write_files(tmp_path, {"answer.json": asked})
    for arguments, stdin in ((["answer.json"], ""), (["-"], asked)):
        ran = cli("verify", *arguments, shelf=copied, stdin=stdin)
        assert ran.code == 0
        assert ran.out.startswith("stands")
        assert "quotes stand in their sources" in ran.err
    key = json.loads(asked)["quotes"][0]["key"]
    assert cli("verify", key.upper(), shelf=copied).code == 0
    ran = cli("verify", key, "--json", shelf=copied)
    assert json.loads(ran.out)["stands"] is True
    ran = cli("verify", "-", shelf=copied, stdin=asked.replace("910B", "910E"))
    assert ran.code == 1
    assert "FAILS" in ran.out
    assert "910B" in ran.out, "what the source does say is shown"
    path = copied.corpus / "us" / "ascend.md"
    path.write_text(path.read_text().replace("910B", "910E"))
    ran = cli("verify", "answer.json", shelf=copied)
    assert ran.code == 1
    assert "the source has changed since it was quoted" in ran.out


def test_index_says_what_it_did_on_stderr_and_gives_data_only_when_asked(shelf, here, tmp_path):
    shelf.write(a_md="# One\n\nZebra licences are needed.\n")
    write_files(tmp_path, {"more/b.txt": "Okapi licences are needed."})
    ran = here("index", "more", shelf=shelf)
    assert (ran.code, ran.out) == (0, "")
    assert "Indexed 2 documents, 2 passages, 2 sentences." in ran.err
    ran = here("index", "--json", shelf=shelf)
    report = json.loads(ran.out)
    assert (report["documents"], report["embedded"], report["changed"]) == (2, 0, False)
    assert "Up to date: 2 documents" in ran.err


def test_flags_beat_the_environment(library, shelf, here):
    assert here("ask", CHIPS_QUESTION, "--index", library.index, shelf=shelf).code == 0
    shelf.write(a_md="Zebra licences are needed.")
    ran = here("index", "--corpus", shelf.corpus, "--index", shelf.index, env={"CHIPQUOTE_CORPUS": "/nowhere"})
    assert ran.code == 0


@pytest.mark.parametrize("command", [[], ["ask"], ["index"], ["serve"], ["verify"]])
def test_help_says_what_a_command_does(cli, command):
    ran = cli(*command, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Usage: chipquote " + " ".join(command))
    assert "--help" in ran.out
    for line in ran.out.splitlines():
        assert len(line) <= 80


@pytest.mark.parametrize("arguments", [["ask"], ["answer"], ["ask", "--quotes", "x", "q"], ["index", "--nonsense"]])
def test_wrong_use_is_an_error_that_points_at_help(here, arguments):
    assert_mendable(here(*arguments), "--help")


def test_too_many_quotes_asked_for_names_the_setting(library, here):
    assert_mendable(here("ask", "q", "--quotes", "9", shelf=library), "'quotes' is wrong", "--quotes")


def test_a_reader_that_has_gone_is_no_traceback(library):
    command = [sys.executable, "-m", "rag", "ask", "-"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(library)
    ) as process:
        process.stdout.close()
        process.stdin.write(f"{CHIPS_QUESTION}\n".encode() * 3)
        process.stdin.close()
        assert b"Traceback" not in process.stderr.read()


def test_ask_loads_neither_torch_nor_sentence_transformers(library):
    code = "import sys\nfrom rag.__main__ import main\ntry: main(sys.argv[1:])\nexcept SystemExit: pass\n"
    code += (
        "print(sorted({'torch', 'sentence_transformers', 'gradio', 'langchain'} & sys.modules.keys()), file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, "ask", CHIPS_QUESTION],
        env=environment(library), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ran.stderr == "[]\n"


def test_list_names_every_document_and_what_was_added(shelf, here, tmp_path):
    shelf.write(a_md="---\nid: a\ntitle: First\ndate: 2025-05\nside: us\n---\nThe zebra chip needs a licence.\n")
    extra = write_files(tmp_path / "extra", {"b.md": "---\nid: b\ntitle: Second\n---\nThe okapi chip does not.\n"})
    assert here("index", str(extra), shelf=shelf).code == 0
    ran = here("list", shelf=shelf)
    assert ran.code == 0
    assert [line.split()[-1] for line in ran.out.splitlines()] == ["First", "Second"]
    assert f"Added by hand: {extra}" in ran.err
    rows = [json.loads(line) for line in here("list", "--json", shelf=shelf).out.splitlines()]
    assert [(row["document"], row["published"]) for row in rows] == [("a", "2025-05"), ("b", "")]
    assert here("remove", str(extra), shelf=shelf).code == 0
    assert "Second" not in here("list", shelf=shelf).out
    ran = here("remove", str(extra), shelf=shelf)
    assert (ran.code, ran.out) == (1, "")
    assert "was not added" in ran.err


def test_index_and_list_say_what_documents_do_not_tell(shelf, here):
    shelf.write(a_md="---\ntitle: Told\ndate: 2025-05-13\npublisher: Bureau\n---\nThe rule is that of the Bureau.\n")
    shelf.write(b_txt="Wafers are made of gallium, and the makers of them are few, as it is said in this line.\n")
    assert "Without a date: 1 of 2 documents." in here("index", shelf=shelf).err
    ran = here("list", shelf=shelf)
    assert "no date" in ran.out
    for name in ("title", "publisher", "date"):
        assert f"Without a {name}: 1 of 2 documents." in ran.err
    assert "language" not in ran.err
    rows = {
        row["title"]: row["unknown"] for row in map(json.loads, here("list", "--json", shelf=shelf).out.splitlines())
    }
    assert rows["Told"] == []
    assert sorted(map(tuple, rows.values()))[1] == ("title", "publisher", "date")


def test_explain_says_what_found_each_quote_and_what_was_needed(library, cli):
    ran = cli("ask", CHIPS_QUESTION, "--explain", shelf=library)
    assert ran.code == 0
    assert re.search(r"Why: support 0\.\d\d, at least the 0\.\d\d that an answer needs", ran.out)
    assert re.search(r"\[1\] score 1\.00; found by (meaning|words) #\d", ran.out)
    why = json.loads(cli("ask", CHIPS_QUESTION, "--explain", "--json", shelf=library).out)
    assert [q["key"] for q in why["explain"]["quotes"]] == [q["key"] for q in why["quotes"]]
    assert why["explain"]["support"] >= why["explain"]["needed"]


def test_explain_shows_what_a_refusal_held_back(library, cli):
    ran = cli("ask", "Who won the 2019 Tour de France?", "--explain", shelf=library)
    assert ran.code == 2
    assert "below the" in ran.out
    assert "held back" in ran.out


def test_timeline_places_the_quoted_documents_and_what_ended_them(library, here):
    question = "Into how many tiers did the framework sort the countries?"
    ran = here("ask", question, "--timeline", shelf=library)
    assert ran.code == 0
    table = ran.out.split("\n\n")[-1].splitlines()
    assert table[0].split() == ["published", "in", "effect", "until", "status"]
    assert [line.split()[:2] for line in table if line.startswith("*")] == [["*", "2025-01-15"]]
    assert any("rescinded" in line and "by: Guidance on Ascend chips" in line for line in table)
    line = json.loads(here("ask", question, "--timeline", "--json", shelf=library).out)["timeline"]
    assert [entry["document"] for entry in line] == ["tiers", "ascend"]
