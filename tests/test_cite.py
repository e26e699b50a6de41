"""Citations say what the source says and nothing else, and show letter by letter in their format."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from material import document

from rag.datatypes import Quote, Reference
from rag.present import FORMATS, citation
from rag.present.escape import bibtex_text, markdown_text
from rag.text import normalise

SITE = "https://quotes.example"
RULE = {
    "title": "Revision to License Review Policy",
    "publisher": "Bureau of Industry and Security",
    "published": "2026-01-15",
    "citation": "91 FR 1684-1689; FR Doc. 2026-00789",
    "url": "https://www.federalregister.gov/d/2026-00789",
}
TALK = {
    "title": "Remarks at a trade fair",
    "speaker": "Chen Example, President",
    "actor": "Example Ltd",
    "publisher": "Fair Daily",
    "published": "2025-05",
    "url": "https://example.org/remarks",
    "status": "statement",
}
RECORD = {
    "title": "How the “tiers” ended",
    "kind": "record",
    "speaker": "Chen Example",
    "published": "2025-05-13",
    "status": "superseded",
    "status_as_of": "2026-06-27",
    "references": (
        Reference("Tiers end", "Example Daily", "https://example.org/tiers", "2025-05-14"),
        Reference("A notice", "", "javascript:alert(1)", "2025"),
    ),
}


def cited(form, text="The tier has a cap.", site=SITE, **source):
    paper = document(text, **source)
    quote = Quote(paper, 0, len(text))
    return citation(quote, form, site).replace(quote.key, "KEY")


def test_a_rule_is_cited_by_its_place_in_the_federal_register():
    assert cited("chicago", **RULE).splitlines()[2] == (
        "Bureau of Industry and Security, “Revision to License Review Policy,” 91 Fed. Reg. 1684 (January 15, 2026), "
        "https://www.federalregister.gov/d/2026-00789, quoted at https://quotes.example/quote/KEY."
    )
    assert cited("bluebook", **RULE).splitlines()[2] == (
        "Revision to License Review Policy, 91 Fed. Reg. 1684 (Jan. 15, 2026), "
        "https://www.federalregister.gov/d/2026-00789 [https://quotes.example/quote/KEY]."
    )
    assert "howpublished = {91 Fed. Reg. 1684, Bureau of Industry and Security}" in cited("bibtex", **RULE)


def test_a_page_of_five_digits_takes_a_comma_and_an_order_its_lawyers_name():
    assert "89 Fed. Reg. 96,790" in cited("bluebook", **(RULE | {"citation": "89 FR 96790-96830"}))
    assert "Exec. Order No. 14,105" in cited("bluebook", **(RULE | {"citation": "Executive Order 14105"}))
    assert "31 C.F.R. pt. 850" in cited("bluebook", **(RULE | {"citation": "31 CFR Part 850"}))
    assert "15 C.F.R. § 744.23" in cited("bluebook", **(RULE | {"citation": "15 CFR 744.23"}))
    assert "State Council Decree No. 803" in cited("bluebook", **(RULE | {"citation": "State Council Decree No. 803"}))


def test_a_statement_is_cited_by_its_speaker_with_a_date_as_exact_as_it_is_known():
    assert (
        cited("chicago", **TALK)
        .splitlines()[2]
        .startswith(
            "Chen Example, President, “Remarks at a trade fair,” Fair Daily, May 2025, https://example.org/remarks"
        )
    )
    assert "Fair Daily (May 2025), https://example.org/remarks [" in cited("bluebook", **TALK)
    entry = cited("bibtex", **TALK)
    assert "author = {{Chen Example, President}}" in entry, "in double braces no comma makes a family name of it"
    assert "month = may" in entry
    assert "day =" not in entry
    assert "Fair Daily, May 2025" in cited("markdown", **TALK)


@pytest.mark.parametrize("form", FORMATS)
def test_a_record_is_cited_as_our_summary_of_its_references(form):
    text = cited(form, **RECORD)
    assert "ChipQuote’s summary" in text or "ChipQuote, How the “tiers” ended (summary" in text
    assert re.search(r"summary.* of an event of (May 13, 2025|13 May 2025)", text), "not dated so: it was written later"
    assert "Chen Example" not in text, "the words of a record are nobody's but ours"
    assert "Tiers end" in text
    assert "Example Daily" in text
    assert "A notice" in text
    assert "superseded as of" in text
    assert "javascript" not in text
    assert f"{SITE}/quote/KEY" in text
    assert not re.search(r"^  (year|month|day) =", text, re.M), "the day of a record is no day of publication"


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_not_known_is_left_out(form):
    text = cited(form, site="", title="Leaflet")
    assert not re.search(r"n\.d\.|unknown|None|, ,|\(\)|  \S+ = (\{\}|,)|http|\d{4}", text)
    assert "Leaflet" in text
    assert "quote KEY" in text


def test_a_record_of_what_happened_says_when_it_was_checked():
    text = cited("chicago", **(RECORD | {"status": "event"}))
    assert "ChipQuote’s summary of an event of May 13, 2025, checked June 27, 2026, quoted at" in text


def test_marks_within_a_title_become_single_in_quotation_marks():
    assert "“How the ‘tiers’ ended,”" in cited("chicago", **RECORD)
    assert "“What now?,” Fair Daily" in cited("chicago", **(TALK | {"title": "What now?"}))


LINES = st.text("ab 中1.)-+*_`#>[]()!<&;\\~|$^:/\"'{}%@=\t", min_size=1, max_size=60).map(normalise).filter(str.strip)


@given(LINES)
def test_markdown_shows_every_letter_and_makes_nothing_of_it(text):
    (first, inline, last) = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown_text(text))
    assert (first.type, last.type) == ("paragraph_open", "paragraph_close")
    assert {child.type for child in inline.children} <= {"text", "text_special"}
    assert "".join(child.content for child in inline.children) == " ".join(text.split())


@given(LINES)
def test_bibtex_has_no_brace_or_command_of_the_text(text):
    """What BibTeX reads: braces in balance at every place, and every special mark named."""
    escaped = bibtex_text(text)
    depth = 0
    for letter in escaped:
        depth += {"{": 1, "}": -1}.get(letter, 0)
        assert depth in (0, 1)
    assert depth == 0
    assert not re.search(r"(?<!\\)[&%$#_~^<>|]", escaped)
    names = {"textbackslash": "\\", "textbraceleft": "{", "textbraceright": "}", "textasciitilde": "~",
             "textasciicircum": "^", "textless": "<", "textgreater": ">", "textbar": "|"}  # fmt: skip
    shown = re.sub(r"\\(?:(text\w+)\{\}|([&%$#_]))", lambda m: names[m[1]] if m[1] else m[2], escaped)
    assert shown == " ".join(text.split())


def test_a_quote_of_several_blocks_is_one_block_quote():
    text = "First block.\n1. Second block, *marked*."
    html = MarkdownIt("commonmark").render(cited("markdown", text=text, **TALK))
    assert html.count("<blockquote>") == 1
    assert "<p>1. Second block, *marked*.</p>" in html
    assert "<ol>" not in html
    assert 'href="https://example.org/remarks#:~:text=First' in html


def test_an_address_with_brackets_stays_whole_in_a_link():
    talk = TALK | {"url": "https://example.org/a_(b)?x=[1] 2"}
    html = MarkdownIt("commonmark").render(cited("markdown", **talk))
    assert 'href="https://example.org/a_%28b%29?x=%5B1%5D%202#' in html


def test_chinese_stays_as_it_is():
    for form in FORMATS:
        text = cited(
            form, text="原则上不许可镓、锗。", title="关于镓和锗的公告", publisher="示例部", published="2024-12-03"
        )
        assert "原则上不许可镓、锗。" in text
        assert "关于镓和锗的公告" in text
