"""Federal Register and eCFR, in XML and JSON: one document each, by their own structure. All of it invented."""

from __future__ import annotations

import json

import pytest
from material import write_files

from rag.load import load, load_all, reload

RULE = """<RULE>
<PREAMB><PRTPAGE P="101"/><AGENCY TYPE="S">DEPARTMENT OF EXAMPLES</AGENCY><SUBAGY>Bureau of Chips</SUBAGY>
<CFR>15 CFR Part 1</CFR><SUBJECT>Control of <E T="03">Gallium</E> Wafers</SUBJECT>
<AGY><HD SOURCE="HED">AGENCY:</HD><P>Bureau of Chips, Examples.</P></AGY>
<EFFDATE><HD SOURCE="HED">DATES:</HD><P>This rule is effective May 15, 2025. Comments are due by June 1, 2025.</P></EFFDATE>
</PREAMB>
<SUPLINF><HD SOURCE="HED">SUPPLEMENTARY INFORMATION:</HD>
<P>The limit is 10<E T="51">26</E> operations,<SU>1</SU><FTREF/> or 1<FR>1/2</FR> of
it<PRTPAGE P="102"/> in <E T="03">any</E> year.<SU>2</SU>
<FTREF/></P>
<FTNT><P><SU>1</SU> See the earlier rule.</P></FTNT>
<FTNT><P><SU>2</SU> A year has twelve months.</P></FTNT>
<GPOTABLE COLS="2"><TTITLE>Table 1—Wafers</TTITLE><BOXHD><CHED H="1">Size<LI>(mm)</LI></CHED><CHED H="1">Limit</CHED></BOXHD>
<ROW><PRTPAGE P="103"/><ENT I="01">200</ENT><ENT>4,800</ENT></ROW><TNOTE>Sizes are rounded.</TNOTE></GPOTABLE>
<REGTEXT><PART><HD SOURCE="HED">PART 1—WAFERS</HD></PART>
<AUTH><HD SOURCE="HED">Authority:</HD><P>50 U.S.C. 4801.</P></AUTH>
<SECTION><SECTNO>§ 1.2</SECTNO><SUBJECT>Licences.</SUBJECT><P>(a) No export without one.</P><STARS/></SECTION></REGTEXT>
<SIG><DATED>Dated: April 2, 2025.</DATED><NAME>Ann Example,</NAME><TITLE>Director.</TITLE></SIG></SUPLINF>
<FRDOC>[FR Doc. 2025-01234 Filed 4-3-25; 8:45 am]</FRDOC><BILCOD>BILLING CODE 1</BILCOD></RULE>"""
NOTICE = """<NOTICE><PREAMB><AGENCY TYPE="F">COMMISSION ON TRADE</AGENCY><SUBJECT>Meeting</SUBJECT></PREAMB>
<P>The Commission meets.</P><SU>7</SU><FTREF/><FTNT><P><SU>7</SU> At nine.</P></FTNT><FRDOC>[FR Doc. 2025-01235 Filed 4-3-25; 8:45 am]</FRDOC></NOTICE>"""
PROCLAMATION = """<PRESDOCU><PROCLA><TITLE3>Title 3—</TITLE3><PRES>The President<PRTPAGE P="109"/></PRES>
<PROC>Proclamation 9999 of April 1, 2025</PROC><HD SOURCE="HED">Wafer Week</HD><FP>Wafers are thin.</FP></PROCLA></PRESDOCU>"""
ISSUE = f"""<?xml version="1.0"?><FEDREG><VOL>90</VOL><NO>64</NO><DATE>Friday, April 4, 2025</DATE><UNITNAME>Contents</UNITNAME>
<CNTNTS><AGCY><HD>Bureau of Chips</HD></AGCY></CNTNTS><RULES>{RULE}</RULES><NOTICES>{NOTICE}</NOTICES>
<NEWPART><PRESDOCS>{PROCLAMATION}</PRESDOCS></NEWPART></FEDREG>"""


def headings(paper):
    return [paper.text[a:b] for a, b in paper.headings]


def test_an_issue_of_the_federal_register_becomes_a_document_for_each_rule_and_notice(tmp_path):
    write_files(tmp_path, {"issue.xml": ISSUE})
    papers = load_all([tmp_path]).documents
    assert [p.source.title for p in papers] == ["Control of Gallium Wafers", "Meeting", "Wafer Week"]
    assert [p.source.publisher for p in papers] == [
        "Department of Examples, Bureau of Chips",
        "Commission on Trade",
        "The President",
    ]
    assert {p.source.published for p in papers} == {"2025-04-04"}
    assert papers[0].source.citation == "90 FR 101, FR Doc. 2025-01234"
    assert papers[1].source.citation == "90 FR 103, FR Doc. 2025-01235"
    assert papers[2].source.instrument == "Proclamation 9999"
    assert papers[0].source.url == "https://www.federalregister.gov/d/2025-01234"
    assert all(p.source.unknown == () for p in papers)
    assert all(reload(tmp_path / "issue.xml", p.id) == p for p in papers)


def test_the_mark_of_a_footnote_between_two_paragraphs_belongs_to_the_first(tmp_path):
    write_files(tmp_path, {"notice.xml": NOTICE})
    assert load(tmp_path / "notice.xml").text.endswith("The Commission meets.⁷\n⁷ At nine.")


def test_a_sidecar_of_an_issue_gives_what_is_true_of_all_and_never_the_title(tmp_path):
    sidecar = {"title": "Whole issue", "publisher": "Office", "url": "https://e.org", "licence": "public", "side": "us"}
    write_files(tmp_path, {"issue.xml": ISSUE, "issue.xml.json": json.dumps(sidecar)})
    first, *_ = load_all([tmp_path]).documents
    assert (first.source.title, first.source.publisher) == (
        "Control of Gallium Wafers",
        "Department of Examples, Bureau of Chips",
    )
    assert (first.source.licence, first.source.side) == ("public", "us")
    assert "e.org" not in first.source.url


def test_the_words_of_a_rule_stand_in_order_with_its_headings_rows_and_footnotes_apart(tmp_path):
    write_files(tmp_path, {"rule.xml": RULE})
    paper = load(tmp_path / "rule.xml")
    assert paper.text.split("\n") == [
        "DEPARTMENT OF EXAMPLES",
        "Bureau of Chips",
        "15 CFR Part 1",
        "Control of Gallium Wafers",
        "AGENCY:",
        "Bureau of Chips, Examples.",
        "DATES:",
        "This rule is effective May 15, 2025. Comments are due by June 1, 2025.",
        "SUPPLEMENTARY INFORMATION:",
        "The limit is 10²⁶ operations,¹ or 1 1/2 of it in any year.²",
        "¹ See the earlier rule.",
        "² A year has twelve months.",
        "Table 1—Wafers",
        "Size (mm) | Limit",
        "200 | 4,800",
        "Sizes are rounded.",
        "PART 1—WAFERS",
        "Authority: 50 U.S.C. 4801.",
        "§ 1.2 Licences.",
        "(a) No export without one.",
        "Dated: April 2, 2025.",
        "Ann Example,",
        "Director.",
    ]
    assert headings(paper) == [
        "Control of Gallium Wafers", "AGENCY:", "DATES:", "SUPPLEMENTARY INFORMATION:", "Table 1—Wafers",
        "PART 1—WAFERS", "§ 1.2 Licences.",
    ]  # fmt: skip


def test_a_rule_on_its_own_has_no_day_of_publication_only_one_of_effect(tmp_path):
    write_files(tmp_path, {"rule.xml": RULE})
    source = load(tmp_path / "rule.xml").source
    assert (source.published, source.effective, source.unknown) == ("", "2025-05-15", ("date",))


@pytest.mark.parametrize(
    ("dates", "day"),
    [
        ("Effective: April 15, 2016.", "2016-04-15"),
        ("This rule is effective on April 15, 2016, except for § 1.", "2016-04-15"),
        ("Comments are due by April 15, 2016.", ""),
        ("Part 1 is effective April 15, 2016; part 2 is effective May 1, 2016.", ""),
        ("The effective date of the rule published March 1, 2016 is delayed until May 16, 2016.", ""),
        ("The rule is effective from 5 a.m. on April 30, 2016 to June 11, 2016.", ""),
    ],
)
def test_a_day_of_effect_is_taken_only_where_one_is_plainly_given(tmp_path, dates, day):
    write_files(
        tmp_path,
        {"rule.xml": RULE.replace("This rule is effective May 15, 2025. Comments are due by June 1, 2025.", dates)},
    )
    assert load(tmp_path / "rule.xml").source.effective == day


ECFR = """<?xml version="1.0"?><ECFR><AMDDATE>March 17, 2025
</AMDDATE><VOLUME N="1"/><DIV1 N="15" TYPE="TITLE"><HEAD>Title 15—Commerce</HEAD><DIV3 N="VII" TYPE="CHAPTER">
<HEAD>CHAPTER VII—BUREAU OF CHIPS</HEAD>
<DIV5 N="744" TYPE="PART"><HEAD>PART 744—END USE</HEAD><AUTH><HED>Authority:</HED><PSPACE>50 U.S.C. 4801.</PSPACE></AUTH>
<DIV8 N="744.1" TYPE="SECTION"><HEAD>§ 744.1   General.</HEAD><P>(a) <I>Scope.</I> All chips, see <E T="03">Note.</E></P>
<DIV class="t"><TABLE><TR><TH>Chip</TH><TH>Limit</TH></TR><TR><TD>A</TD><TD>10<sup>3</sup></TD></TR></TABLE></DIV>
<EXTRACT><HD1>Note</HD1><P>Chips are small.</P></EXTRACT><CITA TYPE="N">[80 FR 1, Jan. 2, 2015]</CITA></DIV8></DIV5>
<DIV5 N="745" TYPE="PART"><HEAD>PART 745 [RESERVED]</HEAD></DIV5>
<DIV5 N="746" TYPE="PART"><HEAD>PART 746—EMBARGOES</HEAD><DIV8 N="746.1" TYPE="SECTION"><HEAD>§ 746.1 None.</HEAD><P>None.</P></DIV8></DIV5>
<DIV9 N="A" TYPE="APPENDIX"><HEAD>Appendix A to Chapter VII</HEAD><P>Addresses.</P></DIV9></DIV3></DIV1></ECFR>"""


def test_each_part_of_the_code_is_a_document_and_what_stands_outside_them_is_not_lost(tmp_path):
    write_files(tmp_path, {"title.xml": ECFR})
    papers = load_all([tmp_path]).documents
    assert [p.source.title for p in papers] == [
        "Title 15—Commerce, PART 744—END USE",
        "Title 15—Commerce, PART 746—EMBARGOES",
        "Title 15—Commerce",
    ]
    assert papers[0].text == (
        "PART 744—END USE\nAuthority: 50 U.S.C. 4801.\n§ 744.1 General.\n(a) Scope. All chips, see Note.\n"
        "Chip | Limit\nA | 10³\nNote\nChips are small.\n[80 FR 1, Jan. 2, 2015]"
    )
    assert headings(papers[0]) == ["PART 744—END USE", "§ 744.1 General.", "Note"]
    assert "Addresses." in papers[2].text
    assert {p.source.published for p in papers} == {"2025-03-17"}


def test_the_version_of_the_code_is_known_where_the_file_names_it(tmp_path):
    place = {"path": "/on/2025-01-24/title-15/part-744", "citation": "15 CFR Part 744"}
    part = (
        f"<DIV5 N='744' TYPE='PART' hierarchy_metadata='{json.dumps(place)}'><HEAD>PART 744</HEAD><P>Words.</P></DIV5>"
    )
    write_files(tmp_path, {"part.xml": part})
    source = load(tmp_path / "part.xml").source
    assert (source.published, source.citation) == ("2025-01-24", "15 CFR Part 744")
    assert source.url == "https://www.ecfr.gov/on/2025-01-24/title-15/part-744"


API = {
    "title": "Control of Gallium Wafers",
    "type": "Rule",
    "abstract": "The Bureau controls wafers. It takes comments.",
    "action": "Interim final rule.",
    "dates": "This rule is effective May 15, 2025.",
    "agencies": [
        {"name": "Department of Examples", "id": 1},
        {"raw_name": "BUREAU OF CHIPS", "name": "Bureau of Chips"},
    ],
    "publication_date": "2025-04-04",
    "effective_on": "2025-05-15",
    "document_number": "2025-01234",
    "citation": "90 FR 101",
    "html_url": "https://www.federalregister.gov/documents/2025/04/04/2025-01234/wafers",
    "body_html_url": None,
}


def test_a_document_of_the_federal_register_api_is_read_by_its_fields(tmp_path):
    write_files(tmp_path, {"2025-01234.json": json.dumps(API)})
    (paper,) = load_all([tmp_path]).documents
    source = paper.source
    assert (source.title, source.publisher) == ("Control of Gallium Wafers", "Department of Examples, Bureau of Chips")
    assert (source.published, source.effective, source.url) == ("2025-04-04", "2025-05-15", API["html_url"])
    assert (source.citation, source.unknown) == ("90 FR 101, FR Doc. 2025-01234", ())
    assert paper.text.split("\n")[-2:] == ["Abstract", "The Bureau controls wafers. It takes comments."]


@pytest.mark.parametrize("day", ["x", "0000-00-00", "2025-31-12"])
def test_a_day_of_a_register_that_is_none_counts_as_not_told(tmp_path, day):
    posted = {"attributes": {"title": "Wafer rule", "agencyId": "BOC", "postedDate": day, "effectiveDate": day}}
    unknown = {"title": "Wafer list", "date": day, "groups": ["A", "B"]}
    for n, value in enumerate((API | {"publication_date": day, "effective_on": day}, posted, unknown)):
        write_files(tmp_path, {f"{n}.json": json.dumps(value), f"{n}.json.json": "{}"})
        source = load(tmp_path / f"{n}.json").source
        assert (source.published, source.effective, "date" in source.unknown) == ("", "", True)


def test_its_body_is_read_when_it_is_there_and_a_page_of_results_gives_many(tmp_path):
    body = {"body_html": "<div><h2>I. Background</h2><p>Wafers are thin.</p><script>x()</script></div>"}
    other = API | {"document_number": "2025-01235", "title": "Meeting"}
    write_files(tmp_path, {"results.json": json.dumps({"count": 2, "results": [API | body, other]})})
    one, two = load_all([tmp_path]).documents
    assert one.text.endswith("I. Background\nWafers are thin.")
    assert headings(one) == ["Control of Gallium Wafers", "Abstract", "I. Background"]
    assert two.source.title == "Meeting"


def test_a_document_of_regulations_gov_is_read_by_its_attributes(tmp_path):
    said = {
        "title": "Wafer rule", "agencyId": "BOC", "postedDate": "2025-04-04T04:00:00Z", "frDocNum": "2025-01234",
        "docAbstract": "It controls wafers.", "documentType": "Rule", "subject": None,
    }  # fmt: skip
    write_files(tmp_path, {"a.json": json.dumps({"data": {"id": "BOC-1-2", "type": "documents", "attributes": said}})})
    source = load(tmp_path / "a.json").source
    assert (source.title, source.publisher, source.published) == ("Wafer rule", "BOC", "2025-04-04")
    assert (source.citation, source.url) == ("FR Doc. 2025-01234", "https://www.regulations.gov/document/BOC-1-2")


def test_json_of_no_known_kind_is_read_beside_a_sidecar_leaf_by_leaf(tmp_path):
    value = {
        "citation": "Supplement 1",
        "groups": {"D:5": ["China", "Macau"], "on": True},
        "notes": [{"a": "One."}, "Two."],
    }
    write_files(tmp_path, {"a.json": json.dumps(value), "a.json.json": '{"title": "Country groups"}'})
    paper = load(tmp_path / "a.json")
    assert paper.text == "citation: Supplement 1\nD:5: China, Macau\na: One.\nnotes: Two."
    assert paper.source.title == "Country groups"
