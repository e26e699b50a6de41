"""Files -> Documents: the plain cases of each kind; front matter and sidecars; identity; what belongs in."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from material import LIBRARY, ROOT, pdf, write_files

from rag.datatypes import Reference
from rag.errors import LoadError
from rag.load import discover, load, load_all
from rag.text import normalise

POLICY = ROOT.parent / "shared" / "data" / "policy"


def read(folder: Path, name: str, content: str | bytes, **sidecar: object):
    write_files(folder, {name: content} | ({name + ".json": json.dumps(sidecar)} if sidecar else {}))
    return load(folder / name)


def headings(paper):
    return [paper.text[a:b] for a, b in paper.headings]


# Markdown


def test_markdown_keeps_words_and_drops_marks(tmp_path):
    paper = read(
        tmp_path, "a.md", "# The *rule*\n\nIt has **two**\nparts, [see here](https://example.org).\n\n- one\n- `two`\n"
    )
    assert paper.text == "The rule\nIt has two parts, see here.\none\ntwo"
    assert headings(paper) == ["The rule"]


def test_a_markdown_table_becomes_rows(tmp_path):
    paper = read(tmp_path, "a.md", "| Chip | Points |\n| --- | --- |\n| 910B | 4,800 |\n")
    assert paper.text == "Chip | Points\n910B | 4,800"


def test_front_matter_fills_the_source(tmp_path):
    paper = read(
        tmp_path,
        "a.md",
        """---
title: "The rule: a history"
date: 2025-01
effective: 2025-05-15
until: null
status: rescinded
superseded_by: next-rule
supersedes: [one, two]
side: us
speaker: Ann Example
sources:
  - {title: Notice, publisher: Register, url: "https://example.org/n", date: 2025-01-15}
  - just a title
---
Body.
""",
    )
    source = paper.source
    assert (source.title, source.published, source.effective, source.until) == (
        "The rule: a history",
        "2025-01",
        "2025-05-15",
        "",
    )
    assert (source.status, source.superseded_by, source.supersedes) == ("rescinded", ("next-rule",), ("one", "two"))
    assert source.references == (
        Reference("Notice", "Register", "https://example.org/n", "2025-01-15"),
        Reference("just a title"),
    )
    assert (source.kind, source.url) == ("record", "https://example.org/n")
    assert paper.text == "Body."


def test_a_list_of_people_becomes_names_not_brackets(tmp_path):
    paper = read(tmp_path, "a.md", "---\nspeaker: [Ann Example, Bob Example]\n---\nBody.\n")
    assert paper.source.speaker == "Ann Example, Bob Example"


def test_the_title_is_the_first_heading_where_none_is_given(tmp_path):
    assert read(tmp_path, "a.md", "Words before.\n\n# The title\n").source.title == "The title"
    assert read(tmp_path, "b.md", "Only words.\n").source.title == "Only words."
    assert read(tmp_path, "c.md", "word " * 40 + "end.").source.title == "word " * 15 + "word…"


def test_a_rule_of_dashes_inside_the_text_is_no_front_matter(tmp_path):
    assert read(tmp_path, "a.md", "One.\n\n---\n\ntitle: no\n").text == "One.\ntitle: no"


# Plain text


def test_wrapped_lines_are_joined_and_paragraphs_kept(tmp_path):
    text = "The first paragraph was wrapped by a mail program at some\ncolumn and goes on.\n\nThe second is short.\n"
    assert read(tmp_path, "a.txt", text).text == (
        "The first paragraph was wrapped by a mail program at some column and goes on.\nThe second is short."
    )


def test_short_lines_stay_lines(tmp_path):
    assert read(tmp_path, "a.txt", "one\ntwo\n\nthree\n").text == "one\ntwo\nthree"


def test_the_heading_of_a_section_of_law_is_seen(tmp_path):
    paper = read(tmp_path, "a.txt", "§ 744.23 Supercomputer end use\nYou may not export.\nSection 5 applies here.\n")
    assert headings(paper) == ["§ 744.23 Supercomputer end use"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_files_are_read_whatever_their_mark(tmp_path, encoding):
    assert read(tmp_path, "a.txt", "出口管制 – “no”".encode(encoding)).text == "出口管制 – “no”"


# HTML


def test_a_page_gives_its_words_without_scripts_menus_and_hidden_parts(tmp_path):
    paper = read(
        tmp_path,
        "a.html",
        """<html><head><title>Notice</title><style>p {}</style></head><body><nav>Home</nav><h1>Notice</h1>
        <p>A licence is <b>not</b>
           required.<!-- secret --></p><p hidden>hidden words</p>
        <script>steal()</script><table><tr><td>910B</td><td>4,800</td></tr></table></body></html>""",
    )
    assert "A licence is not required." in paper.text.split("\n")
    assert "910B" in paper.text
    assert "4,800" in paper.text
    assert not {"steal", "secret", "hidden words", "Home", "p {}"} & set(paper.text.split("\n"))
    assert "steal" not in paper.text
    assert "secret" not in paper.text
    assert "hidden words" not in paper.text


def test_the_date_of_a_page_is_the_one_it_declares_never_one_from_its_text(tmp_path):
    said = "<p>A licence is needed from 2 December 2024.</p><p>More.</p>"
    declared = '<html><head><meta property="article:published_time" content="2025-05-13T10:00:00Z"></head><body>'
    assert read(tmp_path, "a.html", f"<html><body>{said}").source.published == ""
    assert read(tmp_path, "b.html", declared + said).source.published == "2025-05-13"


def test_a_page_that_names_no_encoding_is_read_as_utf_8(tmp_path):
    paper = read(tmp_path, "a.html", "<p>“Presumption of denial” – 不许可出口</p>".encode())
    assert paper.text == "“Presumption of denial” – 不许可出口"


def test_a_page_in_the_encoding_that_it_names_is_read(tmp_path):
    page = '<html><head><meta charset="gb18030"></head><body><p>不许可出口，这是一条规定。</p></body></html>'
    assert "不许可出口，这是一条规定。" in read(tmp_path, "a.html", page.encode("gb18030")).text


def test_a_deep_page_is_read_or_refused_but_never_breaks_the_run(tmp_path):
    write_files(tmp_path, {"deep.html": "<div>" * 5000 + "words" + "</div>" * 5000, "fine.md": "Words."})
    loaded = load_all([tmp_path])
    assert "Words." in [d.text for d in loaded.documents]
    assert len(loaded.documents) + len(loaded.failures) == 2


# PDF


def test_a_pdf_gives_its_text_pages_and_title(tmp_path):
    paper = read(tmp_path, "a.pdf", pdf("First page words.", "", "Third page words.", title="A notice"))
    assert paper.text == "First page words.\nThird page words."
    assert paper.source.title == "A notice"
    assert paper.pages == (0, 18, 18)


def test_the_lines_of_a_pdf_column_are_joined_and_broken_words_mended(tmp_path):
    page = "The exporter must apply for a licence to ship semi-\nconductors of this kind to any country in the group."
    assert read(tmp_path, "a.pdf", pdf(page)).text == (
        "The exporter must apply for a licence to ship semiconductors of this kind to any country in the group."
    )


# XML and other kinds


def test_xml_beside_a_sidecar_is_a_document(tmp_path):
    paper = read(
        tmp_path, "a.xml", "<rule><SUBJECT>Chips</SUBJECT><P>No <E>exports</E>.</P><P>None.</P></rule>", title="X"
    )
    assert paper.text == "Chips\nNo exports.\nNone."
    assert headings(paper) == ["Chips"]


def test_an_entity_in_xml_opens_no_file(tmp_path):
    write_files(tmp_path, {"secret.txt": "the secret"})
    xml = f'<!DOCTYPE r [<!ENTITY e SYSTEM "file://{tmp_path}/secret.txt">]><r>Words &e;</r>'
    with pytest.raises(LoadError, match="defines entities of its own"):
        read(tmp_path, "a.xml", xml)


# Sidecars


def test_a_sidecar_names_title_publisher_date_and_address(tmp_path):
    source = read(
        tmp_path, "a.txt", "Words.", title="T", publisher="P", publication_date="2025-05-13", source_url="https://e.org"
    ).source
    assert (source.title, source.publisher, source.published, source.url) == ("T", "P", "2025-05-13", "https://e.org")


@pytest.mark.parametrize(
    ("said", "publisher", "url"),
    [
        ("The Verge", "The Verge", ""),
        ("https://example.org/a", "", "https://example.org/a"),
        ("folder/a.txt", "", ""),
        ("a.pdf", "", ""),
        (["a", "b"], "", ""),
    ],
)
def test_what_others_call_source_is_a_publisher_an_address_or_the_file(tmp_path, said, publisher, url):
    source = read(tmp_path, "a.txt", "Words.", source=said).source
    assert (source.publisher, source.url) == (publisher, url)


def test_a_sidecar_is_no_document(tmp_path):
    read(tmp_path, "a.md", "Words.", title="T")
    assert [p.name for p in discover([tmp_path])] == ["a.md"]


def test_a_time_of_day_behind_a_date_is_left_out(tmp_path):
    assert read(tmp_path, "a.txt", "Words.", date="2025-05-13T10:00:00Z").source.published == "2025-05-13"


def test_an_empty_date_is_no_date(tmp_path):
    assert read(tmp_path, "a.md", "---\ndate: ~\nuntil: null\neffective:\n---\nWords.\n").source.published == ""


@pytest.mark.parametrize(
    "value", ["2025-5-3", "May 2025", "2025-13", "2025-02-30", "2025-00", "20250513", "2025-05-00"]
)
def test_a_date_in_another_form_is_refused_with_the_right_one(tmp_path, value):
    with pytest.raises(LoadError, match=r"is not a date like 2025, 2025-05 or 2025-05-13"):
        read(tmp_path, "a.txt", "Words.", date=value)


# Identity


def test_ids_are_content_hashes_that_do_not_depend_on_the_place(tmp_path):
    one, other = read(tmp_path / "x", "a.md", "The same."), read(tmp_path / "y", "b.md", "The same.")
    assert one.id == other.id
    assert one.version == other.version
    assert read(tmp_path, "c.md", "The same?").id != one.id


def test_an_id_in_the_front_matter_outlives_a_change_of_text(tmp_path):
    one = read(tmp_path, "a.md", "---\nid: rule\n---\nOne.\n")
    other = read(tmp_path, "a.md", "---\nid: rule\n---\nTwo.\n")
    assert one.id == other.id == "rule"
    assert one.version != other.version


@pytest.mark.parametrize("text", ["Short words.", "A long first line " * 20])
def test_two_files_with_the_same_text_count_once_and_it_is_said(tmp_path, text):
    write_files(tmp_path, {"a.txt": text, "b.txt": text})
    loaded = load_all([tmp_path])
    assert [Path(d.path).name for d in loaded.documents] == ["a.txt"]
    assert loaded.failures == {str(tmp_path / "b.txt"): f"the same document as {tmp_path / 'a.txt'}; indexed once"}


def test_the_same_text_from_two_sources_counts_twice(tmp_path):
    read(tmp_path, "a.txt", "Words.", url="https://example.org/a")
    read(tmp_path, "b.txt", "Words.", url="https://example.org/b")
    assert len(load_all([tmp_path]).documents) == 2


def test_an_id_used_twice_is_refused_with_the_file_that_has_it(tmp_path):
    write_files(tmp_path, {"a.md": "---\nid: x\n---\nOne.\n", "b.md": "---\nid: x\n---\nTwo.\n"})
    loaded = load_all([tmp_path])
    assert len(loaded.documents) == 1
    assert loaded.failures == {str(tmp_path / "b.md"): f"its id 'x' is taken by {tmp_path / 'a.md'}; give it another"}


# What belongs in


def test_folders_are_searched_in_order_and_each_file_counts_once(tmp_path):
    write_files(tmp_path, dict.fromkeys(("b.md", "a/z.txt", "a/b.htm", ".hidden.md", ".git/x.md", "README.md"), "w"))
    found = [p.relative_to(tmp_path).as_posix() for p in discover([tmp_path, tmp_path / "b.md", tmp_path / "a"])]
    assert found == ["a/b.htm", "a/z.txt", "b.md"]


def test_a_kind_that_is_not_read_is_counted_not_silently_lost(tmp_path):
    write_files(
        tmp_path, {"a.odt": "w", "b.odt": "w", "c.png": "w", "d.json": '{"a": "w"}', "f.xml": "<a>w</a>", "e.md": "w"}
    )
    loaded = load_all([tmp_path])
    assert loaded.skipped == {".odt": 2, ".png": 1, ".json": 1, ".xml": 1}
    assert len(loaded.documents) == 1


def test_a_link_that_leads_nowhere_is_passed_over(tmp_path):
    write_files(tmp_path, {"a.md": "Words."})
    (tmp_path / "b.md").symlink_to(tmp_path / "gone.md")
    assert len(load_all([tmp_path]).documents) == 1


def test_progress_is_told_of_every_file(tmp_path):
    write_files(tmp_path, {"a.md": "One.", "b.md": "", "c.md": "Three."})
    seen = []
    load_all([tmp_path], lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


# Properties

marks = st.sampled_from(
    ["# ", "- ", "> ", "<p>", "</p>", "<script>", "&amp;", "&#xD800;", "---\n", "a: [", "\n\n", "|"]
)
content = st.lists(st.one_of(marks, st.text(max_size=12)), max_size=12).map("".join)
raw = st.one_of(content.map(lambda s: s.encode("utf-8", "surrogatepass")), st.binary(max_size=80))
suffix = st.sampled_from([".md", ".txt", ".html", ".xml", ".pdf", ".docx", ".csv", ".json", ".jsonl"])
anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(st.characters(), max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=6,
)
names = st.sampled_from(
    ["title", "date", "id", "url", "sources", "superseded_by", "language", "side", "speaker", "kind"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(raw, suffix)
def test_any_bytes_are_a_document_or_a_load_error(tmp_path, data, suffix):
    path = tmp_path / ("any" + suffix)
    path.write_bytes(data)
    try:
        paper = load(path)
    except LoadError:
        return
    assert paper.text == normalise(paper.text)
    assert all(paper.text[a:b].strip() for a, b in paper.headings)
    paper.version  # noqa: B018  can be hashed, so holds no lone surrogate


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(names, anything, max_size=4))
def test_any_sidecar_gives_a_document_or_a_load_error(tmp_path, meta):
    write_files(tmp_path, {"any.txt": "Words.", "any.txt.json": json.dumps(meta)})
    try:
        paper = load(tmp_path / "any.txt")
    except LoadError:
        return
    assert paper.text == "Words."
    for value in (paper.id, *(getattr(paper.source, name) for name in ("title", "url", "speaker", "side"))):
        value.encode()
        assert "\n" not in value


# Other people's files


def test_the_invented_library_loads_whole(tmp_path):
    loaded = load_all([write_files(tmp_path, dict(LIBRARY))])
    assert loaded.failures == {}
    assert len(loaded.documents) == len(LIBRARY)


@pytest.mark.skipif(not POLICY.is_dir(), reason="../shared/data/policy is not on this machine")
def test_all_policy_documents_load_with_title_publisher_and_place():
    loaded = load_all([POLICY])
    assert loaded.failures == {}
    assert len({paper.path for paper in loaded.documents}) == 430
    assert len(loaded.documents) == 577  # one file is an issue of the Federal Register, one a title of the CFR
    for paper in loaded.documents:
        assert paper.source.title
        assert paper.source.publisher
        assert os.path.isabs(paper.path)  # noqa: PTH117
