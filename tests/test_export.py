"""Exports carry the words letter by letter, with all that a reader needs to check them, and read back as they were."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from markdown_it import MarkdownIt
from material import CHIPS_QUESTION, assert_mendable, document, environment

from rag.datatypes import Answer, Outcome, Quote
from rag.export import FORMATS, export
from rag.load import load
from rag.verify import verify_quotes

SITE, MADE = "https://quotes.example", datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
GALLIUM = "是否许可镓和锗出口？"
TIERS = "Into how many tiers did the framework sort the countries?"
REFUSED = "Who won the 2019 Tour de France?"


@pytest.fixture(scope="module")
def answers(pipeline):
    return [
        pipeline.ask(CHIPS_QUESTION, date(2025, 6, 1)),
        pipeline.ask(GALLIUM),
        pipeline.ask(TIERS),
        pipeline.ask(REFUSED),
    ]


def read_back(content, tmp_path):
    """The text of a PDF by the loader that reads everybody's PDFs, and its addresses."""
    file = tmp_path / "export.pdf"
    file.write_bytes(content)
    paper = load(file)
    return paper.source.title, " ".join(paper.text.split())


def test_a_pdf_holds_every_word_key_address_and_status_and_chinese_as_well(answers, tmp_path):
    title, text = read_back(export(answers, "pdf", MADE, SITE), tmp_path)
    assert title == "ChipQuote: questions and quotes"
    spaceless = text.replace(" ", "")
    for answer in answers:
        assert answer.question in text
        for quote in answer.quotes:
            assert f"“{quote.text}”".replace(" ", "").replace("\n", "") in spaceless
            assert quote.document.source.title.replace(" ", "") in spaceless
            assert f"{SITE}/quote/{quote.key}" in spaceless
        assert answer.freshness in text
    assert "As of 1 June 2025." in text
    assert "Rescinded" in text
    assert "Not in these sources" in text
    assert "Exported on 24 November 2026" in text


def test_a_pdf_needs_no_font_of_the_machine(answers):
    """Each font that it draws with is inside, as a subset."""
    content = export(answers, "pdf", MADE)
    fonts = set(re.findall(rb"/FontName /[A-Z]{6}\+(\w+)", content))
    assert fonts == {b"DejaVuSansBook", b"DejaVuSansBold", b"NotoSansSC"}
    assert content.count(b"/FontFile") == len(fonts)
    assert len(content) < 300_000
    assert content.count(b"/FontFile") > export(answers[:1], "pdf", MADE).count(b"/FontFile"), "none that is not needed"


def test_what_looks_like_a_mark_in_a_quote_is_drawn_as_it_stands(tmp_path):
    words = "The **fee** is {nb} of __total__ [link](x) & <b>more</b>."
    paper = document(words, title="**Title** {nb}")
    answer = Answer("What is the {nb} fee?", Outcome.ANSWERED, quotes=(Quote(paper, 0, len(words)),))
    _, text = read_back(export([answer], "pdf", MADE), tmp_path)
    assert f"“{words}”" in text
    assert "What is the {nb} fee?" in text
    html = MarkdownIt("commonmark").render(export([answer], "markdown", MADE).decode())
    assert "<p>“The **fee** is {nb} of __total__ [link](x) &amp; &lt;b&gt;more&lt;/b&gt;.”</p>" in html


def test_markdown_holds_the_words_and_leads_to_source_and_certificate(answers):
    text = export(answers, "markdown", MADE, SITE).decode()
    html = MarkdownIt("commonmark").render(text)
    for answer in answers:
        for quote in answer.quotes:
            for block in f"“{quote.text}”".split("\n"):
                assert f"<p>{block}</p>" in html
            assert f'href="{SITE}/quote/{quote.key}"' in html
    assert html.count("<h2>") == len(answers)
    assert 'href="https://example.org/ascend#:~:text=' in html
    assert "<strong>Rescinded" in html


def test_json_is_what_the_api_gives_with_permalinks_and_can_be_verified(answers, pipeline):
    made = json.loads(export(answers, "json", MADE, SITE))
    assert (made["export"], made["made"]) == (1, "2026-11-24T09:30:00Z")
    assert [a["outcome"] for a in made["answers"]] == ["answered", "answered", "answered", "not_found"]
    quote = made["answers"][0]["quotes"][0]
    assert quote["permalink"] == f"{SITE}/quote/{quote['key']}"
    assert quote["permalink"] in quote["citations"]["chicago"]
    checks = list(verify_quotes(made, pipeline.index))
    assert len(checks) >= sum(len(a.quotes) for a in answers)
    assert all(check.stands for check in checks)
    quote["text"] = quote["text"].replace("910B", "910E")
    assert [c.stands for c in verify_quotes(made, pipeline.index)].count(False) == 1


def test_an_export_of_refusals_alone_verifies_as_nothing_to_check(answers, pipeline):
    made = json.loads(export([answers[-1]], "json", MADE))
    assert list(verify_quotes(made, pipeline.index)) == []


@pytest.fixture
def near(answers):
    """A refusal with something near, as `rag.answer.refused` makes it."""
    lacks = ("None of them mentions “Lion Corp”.",)
    return replace(
        answers[-1], question="What is asked of Lion Corp?", related=answers[0].quotes, near=True, lacks=lacks
    )


@pytest.mark.parametrize("form", ["markdown", "pdf"])
def test_a_refusal_shows_what_is_near_and_why_it_does_not_answer(near, form, tmp_path):
    content = export([near], form, MADE, SITE)
    text = read_back(content, tmp_path)[1] if form == "pdf" else MarkdownIt("commonmark").render(content.decode())
    spaceless = re.sub(r"\s", "", text)
    refused, why, warned = (text.index(s) for s in ("Not in these sources", near.lacks[0], "Related, not an answer"))
    quoted = spaceless.index(re.sub(r"\s", "", f"“{near.related[0].text}”"))
    assert refused < warned < why, "whom a lack speaks of stands above it"
    assert spaceless.index("Related,notananswer") < quoted, "no word stands before it is said that it is no answer"
    for quote in near.related:
        assert f"{SITE}/quote/{quote.key}" in spaceless
    assert "Nearest document" not in text


def test_a_refusal_with_nothing_near_shows_no_quote_and_names_no_document(answers):
    text = export([answers[-1]], "markdown", MADE, SITE).decode()
    assert "Nothing here is about this" in MarkdownIt("commonmark").render(text)
    assert answers[-1].nearest
    assert not any(document.source.title in text for document in answers[-1].nearest)
    assert "Related" not in text
    assert "\n>" not in text


def test_the_related_quotes_of_an_exported_refusal_are_verified_too(near, pipeline):
    made = json.loads(export([near], "json", MADE, SITE))
    (told,) = made["answers"]
    assert told["lacks"] == list(near.lacks)
    assert told["related"][0]["permalink"] == f"{SITE}/quote/{near.related[0].key}"
    assert "chicago" in told["related"][0]["citations"]
    checks = list(verify_quotes(made, pipeline.index))
    assert len(checks) >= len(near.related)
    assert all(check.stands for check in checks)
    told["related"][0]["text"] += "!"
    assert not all(check.stands for check in verify_quotes(made, pipeline.index))


@pytest.mark.parametrize("form", FORMATS)
def test_without_a_server_no_permalink_is_made_up(answers, form, tmp_path):
    content = export(answers, form, MADE)
    text = read_back(content, tmp_path)[1] if form == "pdf" else content.decode()
    assert answers[0].quotes[0].key in text
    assert "/quote/" not in text


def test_an_answer_that_contradicts_the_question_says_so(answers):
    contradicted = replace(answers[0], outcome=Outcome.PREMISE_CONTRADICTED)
    assert "The sources say otherwise." in export([contradicted], "markdown", MADE).decode()


def test_fonts_and_pdf_are_loaded_only_for_a_pdf():
    code = "import sys\nimport rag.web.extras\nfrom rag.commands.ask import ask\n"
    code += "print(sorted({'fpdf', 'matplotlib', 'PIL', 'fontTools'} & sys.modules.keys()))"
    ran = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


def test_the_command_writes_what_the_file_s_name_asks_for(library, here, tmp_path):
    for ending, starts in ((".md", b"# ChipQuote"), (".json", b'{\n  "export": 1'), (".PDF", b"%PDF-")):
        file = tmp_path / f"answer{ending}"
        ran = here("ask", CHIPS_QUESTION, "--export", str(file), shelf=library)
        assert ran.code == 0
        assert "910B" in ran.out
        assert ran.err == f"Written to {file}.\n"
        assert file.read_bytes().startswith(starts)
    assert here("verify", str(tmp_path / "answer.json"), shelf=library).code == 0
    assert sorted(p.suffix for p in tmp_path.glob("*answer*")) == [".PDF", ".json", ".md"], "nothing is left beside"


def test_a_file_that_cannot_be_written_says_what_to_do_and_leaves_what_was_there(library, here, tmp_path):
    assert_mendable(here("ask", "q?", "--export", "answer.doc", shelf=library), ".md, .json, .pdf")
    missing = tmp_path / "no folder" / "answer.md"
    assert_mendable(here("ask", CHIPS_QUESTION, "--export", str(missing), shelf=library), "Cannot write", "Name a file")
    full = tmp_path / "full.md"
    full.mkdir()
    assert_mendable(here("ask", CHIPS_QUESTION, "--export", str(full), shelf=library), "Cannot write")
    assert full.is_dir()
    assert_mendable(here("ask", "-", "--export", "a.md", shelf=library), "need a QUESTION")
