"""What a document tells of itself, and what it does not: titles, publishers, days, languages. Never a silent guess."""

from __future__ import annotations

import json

import pytest
from material import write_files

from rag.load import load, load_all
from rag.load.days import days_in, first_day, only_day
from rag.load.stated import language_of, publisher_of


def read(folder, text, name="a.txt"):
    write_files(folder, {name: text})
    return load(folder / name).source


BODY = "The Bureau controls the wafers that are made of gallium, and it names their makers in this rule.\n" * 3


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("April 15, 2016", "2016-04-15"),
        ("15 April 2016", "2016-04-15"),
        ("Sept. 3rd, 2025", "2025-09-03"),
        ("this 12th day of April, 2016", "2016-04-12"),
        ("2025-05-13", "2025-05-13"),
        ("04/23/2026", "2026-04-23"),
        ("04/05/2026", ""),
        ("2025年02月04日", "2025-02-04"),
        ("2025 年 2 月 4 日", "2025-02-04"),
        ("February 30, 2025", ""),
        ("2025-13-01", ""),
        ("May 2025", ""),
        ("12025-05-134", ""),
    ],
)
def test_a_day_is_read_only_where_it_can_mean_one_day(text, day):
    assert "".join(days_in(text)) == day


def test_a_day_alone_and_a_day_in_front_are_told_from_one_in_a_sentence():
    assert only_day("April 15, 2016.") == "2016-04-15"
    assert only_day("On April 15, 2016") == ""
    assert first_day("April 15, 2016 and later") == "2016-04-15"
    assert first_day("on April 15, 2016") == ""


@pytest.mark.parametrize(
    "line",
    [
        "Publication Date: 2025-05-13",
        "Date: May 13, 2025",
        "Updated May 13, 2025",
        "May 13, 2025 (R12345)",
        "Federal Register document 2025-01234, published 2025-05-13",
        "15 CFR part 774, eCFR issue date 2025-05-13",
        "Bureau of Wafers | Published May 13, 2025",
        "Posted on May 13, 2025 · 5 minutes",
        "Wafers; issued: 2025-05-13 (revised)",
        "Published 2025-02-30 | Issued 2025-05-13",
        "【发文日期】2025年05月13日",
        "发布日期：2025年5月13日",
    ],
)
def test_a_day_that_is_plainly_the_documents_own_is_taken(tmp_path, line):
    assert read(tmp_path, f"A rule on wafers\n\n{line}\n\n{BODY}").published == "2025-05-13"


@pytest.mark.parametrize(
    "line",
    [
        "The rule takes effect on May 13, 2025.",
        "On May 13, 2025, the Bureau announced it.",
        "See the notice published 2025-05-13 in the Register, which was long and dealt with many things, as everyone who "
        "read it at the time will remember, and which is not this one.",
        "Deadline: May 13, 2025",
        "May 13, 2025\nMay 14, 2025\nMay 15, 2025",
        "The Bureau will not enforce the rule issued January 15, 2025.",
        "The Bureau issued 1200 licences for wafers",
        "The firm published 2025-26 guidance",
        "Issued 1200",
        "Wafers | Published 2025-26",
        "Published 2025-02-30",
        "Published May 13, 2025 in another paper",
    ],
)
def test_any_other_day_is_not(tmp_path, line):
    source = read(tmp_path, f"A rule on wafers\n\n{line}\n\n{BODY}")
    assert (source.published, "date" in source.unknown) == ("", True)


def test_a_month_or_a_year_that_a_line_gives_as_its_own_is_taken(tmp_path):
    assert read(tmp_path, f"A rule on wafers\n\nNews | Published 2025-05\n\n{BODY}").published == "2025-05"
    assert read(tmp_path, f"A rule on wafers\n\nPublished 2025 (day not known)\n\n{BODY}").published == "2025"


def test_the_short_title_of_a_bill_its_chamber_and_its_day_are_taken(tmp_path):
    source = read(
        tmp_path,
        "H. R. 1\n\nTo control wafers.\n\nIN THE HOUSE OF REPRESENTATIVES\n\nMay 13, 2025\n\nMs. Example introduced it.\n\n"
        "SECTION 1. SHORT TITLE.\n\nThis Act may be cited as the “Wafer Control Act of 2025”.\n",
    )
    assert (source.title, source.publisher) == ("Wafer Control Act of 2025", "United States Congress")
    assert source.published == "2025-05-13"


def test_a_chinese_notice_is_dated_and_signed_at_its_end(tmp_path):
    source = read(
        tmp_path, "商务部公告2025年第1号\n\n为维护国家安全和利益，决定如下。\n\n商务部 海关总署\n\n2025年5月13日\n"
    )
    assert (source.title, source.publisher) == ("商务部公告2025年第1号", "商务部 海关总署")
    assert (source.published, source.language, source.unknown) == ("2025-05-13", "zh", ())


def test_a_text_without_a_title_is_named_by_its_beginning_and_says_so(tmp_path):
    source = read(
        tmp_path,
        "根据《中华人民共和国出口管制法》有关规定，为维护国家安全和利益，现公告如下：\n\n一、未经许可，不得出口。\n",
    )
    assert source.title == "根据《中华人民共和国出口管制法》有关规定，为维护国家安全和利益，现公告如下："
    assert source.unknown == ("title", "publisher", "date")


def test_what_the_sidecar_or_front_matter_says_comes_before_what_the_text_says(tmp_path):
    write_files(
        tmp_path, {"a.txt": f"Date: May 13, 2025\n{BODY}", "a.txt.json": '{"date": "2024-01-01", "title": "T"}'}
    )
    source = load(tmp_path / "a.txt").source
    assert (source.published, source.title) == ("2024-01-01", "T")


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://www.whitehouse.gov/x/", "The White House"),
        ("https://crsreports.congress.gov IF13204", "Congressional Research Service"),
        ("https://www.congress.gov/crs-product/R1", "Congressional Research Service"),
        ("http://exportcontrol.mofcom.gov.cn/a.html", "中华人民共和国商务部"),
        ("https://whitehouse.gov.example.org/", ""),
        ("https://example.org/whitehouse.gov", ""),
        ("See https://www.whitehouse.gov/", ""),
        ("https://www.whitehouse.gov/ is where the order of that day was published first", ""),
        ("https://[", ""),
    ],
)
def test_an_official_address_names_its_publisher(address, name):
    assert publisher_of(address) == name


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("原则上不许可镓、锗和锑对该国出口。", "zh"),
        ("商务部（MOFCOM）于2025年10月9日发布公告，涉及EUV光刻机。", "zh"),
        ("輸出管理の対象となる貨物について、経済産業省は改正を公布した。", "ja"),
        ("수출 통제 대상 품목을 공고한다.", "ko"),
        ("The Bureau controls the wafers, and it names their makers (中国).", "en"),
        ("Das Amt kontrolliert die Scheiben und nennt ihre Hersteller.", ""),
        ("910B 910C 4,800", ""),
    ],
)
def test_a_language_is_known_by_its_script_or_its_commonest_words(text, language):
    assert language_of([text]) == language


def test_a_declared_language_is_believed(tmp_path):
    assert (
        read(tmp_path, "---\nlang: de\n---\nThe words of it are these, and the rest is not.\n", "a.md").language == "de"
    )


def test_a_run_counts_what_its_documents_do_not_tell(tmp_path):
    write_files(
        tmp_path,
        {
            "a.md": "---\ntitle: T\npublisher: P\ndate: 2025-05-13\n---\n" + BODY,
            "b.txt": BODY,
            "c.txt": BODY + "Das Amt.\n",
        },
    )
    loaded = load_all([tmp_path])
    assert loaded.unknown() == {"title": 2, "publisher": 2, "date": 2}
    assert [loaded.readers[d.id] for d in loaded.documents] == ["Markdown", "text", "text"]


def test_without_sidecars_a_document_speaks_for_itself(tmp_path):
    write_files(tmp_path, {"a.txt": BODY, "a.txt.json": json.dumps({"title": "T", "date": "2025-05-13"})})
    (paper,) = load_all([tmp_path], sidecars=False).documents
    assert paper.source.unknown == ("title", "publisher", "date")


# Plain text


def text_of(folder, text):
    write_files(folder, {"a.txt": text})
    paper = load(folder / "a.txt")
    return paper.text.split("\n"), [paper.text[a:b] for a, b in paper.headings]


def test_character_references_that_a_scraper_left_are_read(tmp_path):
    lines, _ = text_of(tmp_path, "第一条&ensp;&ensp;纯度&gt;99.9%。\nR&D; AT&T &notaname; &#8220;yes&#8221;\n")
    assert lines == ["第一条 纯度>99.9%。", "R&D; AT&T &notaname; “yes”"]


def test_the_number_of_a_section_and_its_name_on_the_next_line_are_one_heading(tmp_path):
    lines, found = text_of(
        tmp_path, "§ 850.101\nScope.\n(a) This part applies to all.\n§ 850.102\nYou may not export.\n"
    )
    assert found == ["§ 850.101 Scope.", "§ 850.102"]
    assert lines[1:] == ["(a) This part applies to all.", "§ 850.102", "You may not export."]


def test_the_sections_of_a_bill_are_headings_and_its_sentences_are_not(tmp_path):
    _, found = text_of(
        tmp_path, "SEC. 2. DEFINITIONS.\nIn this Act:\nSec. 3. Policy. It is the policy to control wafers.\n"
    )
    assert found == ["SEC. 2. DEFINITIONS."]


def test_the_items_of_a_wrapped_law_are_not_run_together(tmp_path):
    text = (
        "    ``(a) In General.--The Secretary may prohibit, in accordance with the \n"
        "regulations, a person from engaging in a covered non-\nexhaustive transaction that is listed.\n"
        "    ``(b) Evasion.--Any transaction that evades this or has the purpose of \nevading it is prohibited too.\n"
    )
    lines, _ = text_of(tmp_path, text)
    assert len(lines) == 2
    assert "non-exhaustive" in lines[0]
    assert lines[1].startswith("``(b) Evasion.")


# Bad files


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.json", '{"title": "cut', "JSON is broken or cut short"),
        ("a.json", "[" * 100_000, "nested too deeply"),
        ("a.jsonl", '{"text": "One."}\n{"text": ', "line 2 is no document"),
        ("a.jsonl", '{"title": "no text"}', "line 1 is no document"),
        ("a.jsonl", '{"text": " "}', "line 1 is no document: no text"),
        ("a.jsonl", '{"text": "One.", "date": "soon"}', "its published 'soon' is not a date"),
        ("a.jsonl", '{"text": "One."}\n{"text": ' + "[" * 100_000, "line 2 is no document"),
        ("a.xml", "<RULE><P>Words", "its XML is broken"),
        ("a.xml", "<FEDREG><RULE/></FEDREG>", "holds no text"),
        ("a.xml", '<!DOCTYPE r [<!ENTITY a "AA"><!ENTITY b "&a;&a;">]><r>&b;</r>', "defines entities of its own"),
        ("a.xml", "", "the file is empty"),
        ("a.html", "<p hidden>All of it.</p>", "holds no text"),
    ],
)
def test_each_bad_file_says_what_is_wrong(tmp_path, name, data, message):
    from rag.errors import LoadError

    write_files(tmp_path, {name: data})
    with pytest.raises(LoadError, match=message):
        load(tmp_path / name)


def test_a_bad_date_in_json_lines_is_named_with_its_line(tmp_path):
    write_files(tmp_path, {"a.jsonl": '{"text": "One."}\n\n{"text": "Two.", "date": "2025-31-12"}\n'})
    (reason,) = load_all([tmp_path / "a.jsonl"]).failures.values()
    assert reason.startswith("line 3 is no document: its published '2025-31-12' is not a date like 2025")
