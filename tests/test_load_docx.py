"""DOCX: headings, paragraphs, rows, footnotes, properties; what Word does not show stays out. Real files by python-docx."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt, RGBColor

from rag.errors import LoadError
from rag.load import load, load_all

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def saved(folder, document, name="a.docx"):
    document.save(folder / name)
    return load(folder / name)


def headings(paper):
    return [paper.text[a:b] for a, b in paper.headings]


def test_headings_paragraphs_and_tables_come_in_order(tmp_path):
    document = docx.Document()
    document.add_heading("A rule on chips", 0)
    document.add_heading("Scope", 1)
    document.add_paragraph("It covers ").add_run("all").bold = True
    document.add_paragraph("wafers", style="List Bullet")
    table = document.add_table(2, 2)
    for cell, text in zip(
        (c for row in table.rows for c in row.cells), ("Chip", "Points", "910B", "4,800"), strict=True
    ):
        cell.text = text
    document.add_paragraph("The end.")
    paper = saved(tmp_path, document)
    assert paper.text == "A rule on chips\nScope\nIt covers all\nwafers\nChip | Points\n910B | 4,800\nThe end."
    assert headings(paper) == ["A rule on chips", "Scope"]
    assert paper.source.title == "A rule on chips"


def test_the_properties_give_title_author_and_the_day_of_the_last_save(tmp_path):
    document = docx.Document()
    document.add_paragraph("Words of the rule.")
    core = document.core_properties
    core.title, core.author, core.language = "Rule", "Bureau of Examples", "en-GB"
    core.created, core.modified = datetime(2025, 4, 1), datetime(2025, 5, 13)
    source = saved(tmp_path, document).source
    assert (source.title, source.publisher, source.published) == ("Rule", "Bureau of Examples", "2025-05-13")
    assert (source.language, source.unknown) == ("en-gb", ())


def test_a_blank_template_tells_nothing(tmp_path):
    document = docx.Document()
    document.add_paragraph("Wafers are made of silicon, and the makers of them are few, it is said in this long line.")
    assert saved(tmp_path, document).source.unknown == ("title", "publisher", "date")


def test_hidden_white_and_tiny_runs_are_left_out(tmp_path):
    document = docx.Document()
    paragraph = document.add_paragraph("Before. ")
    paragraph.add_run("secret one ").font.hidden = True
    paragraph.add_run("secret two ").font.color.rgb = RGBColor(255, 255, 255)
    paragraph.add_run("secret three ").font.size = Pt(1)
    paragraph.add_run("After.")
    style = document.styles.add_style("Ghost", docx.enum.style.WD_STYLE_TYPE.PARAGRAPH)
    style.font.hidden = True
    document.add_paragraph("secret four", style="Ghost")
    assert saved(tmp_path, document).text == "Before. After."


def test_white_words_on_a_dark_ground_stay(tmp_path):
    document = docx.Document()
    document.add_table(1, 1).cell(0, 0).paragraphs[0].add_run("Head").font.color.rgb = RGBColor(255, 255, 255)
    run = document.add_paragraph().add_run("Shaded.")
    run.font.color.rgb = RGBColor(255, 255, 255)
    run._r.get_or_add_rPr().append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="000000"/>'))
    assert saved(tmp_path, document).text == "Head\nShaded."


def test_tracked_deletions_are_gone_and_insertions_there(tmp_path):
    document = docx.Document()
    paragraph = document.add_paragraph("Exports are ")
    for xml in (
        f"<w:del {W}><w:r><w:delText>free</w:delText></w:r></w:del>",
        f"<w:ins {W}><w:r><w:t>controlled</w:t></w:r></w:ins>",
        f"<w:r {W}><w:t>.</w:t></w:r>",
    ):
        paragraph._p.append(parse_xml(xml))
    assert saved(tmp_path, document).text == "Exports are controlled."


def test_a_table_inside_a_cell_is_said_once_and_a_deleted_or_hidden_row_not_at_all(tmp_path):
    document = docx.Document()
    table = document.add_table(4, 1)
    for cell, text in zip(table.column_cells(0), ("one", "two", "three", "four"), strict=True):
        cell.text = text
    table.cell(0, 0).add_table(1, 1).cell(0, 0).text = "inner"
    for n, mark in ((1, "del"), (2, "hidden")):
        table.rows[n]._tr.get_or_add_trPr().append(parse_xml(f"<w:{mark} {W}/>"))
    assert saved(tmp_path, document).text == "one inner\nfour"


def test_the_words_of_a_text_box_are_read_once(tmp_path):
    document = docx.Document()
    box = f"<w:txbxContent {W}><w:p><w:r><w:t>In the box.</w:t></w:r></w:p></w:txbxContent>"
    compatible = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    xml = f'<w:r {W} xmlns:mc="{compatible}"><mc:AlternateContent><mc:Choice Requires="wps">{box}</mc:Choice>'
    xml += f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
    document.add_paragraph("Beside it.")._p.append(parse_xml(xml))
    assert saved(tmp_path, document).text == "Beside it.\nIn the box."


def test_raised_digits_links_and_line_breaks_are_kept(tmp_path):
    document = docx.Document()
    paragraph = document.add_paragraph("10")
    paragraph.add_run("26").font.superscript = True
    paragraph.add_run(" operations").add_break()
    paragraph._p.append(parse_xml(f"<w:hyperlink {W}><w:r><w:t>see here</w:t></w:r></w:hyperlink>"))
    assert saved(tmp_path, document).text == "10²⁶ operations\nsee here"


def test_footnotes_stand_behind_the_text(tmp_path):
    document = docx.Document()
    document.add_paragraph("A claim.")
    document.save(tmp_path / "plain.docx")
    notes = f"""<w:footnotes {W}><w:footnote w:type="separator" w:id="0"><w:p><w:r><w:t>line</w:t></w:r></w:p></w:footnote>
    <w:footnote w:id="1"><w:p><w:r><w:t>Its ground.</w:t></w:r></w:p></w:footnote></w:footnotes>"""
    with zipfile.ZipFile(tmp_path / "plain.docx") as old, zipfile.ZipFile(tmp_path / "a.docx", "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "[Content_Types].xml":
                kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
                data = data.replace(
                    b"</Types>", f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>'.encode()
                )
            if name == "word/_rels/document.xml.rels":
                kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
                data = data.replace(
                    b"</Relationships>",
                    f'<Relationship Id="rIdN" Type="{kind}" Target="footnotes.xml"/></Relationships>'.encode(),
                )
            new.writestr(name, data)
        new.writestr("word/footnotes.xml", notes)
    assert load(tmp_path / "a.docx").text == "A claim.\nIts ground."


# Bad ones


def whole() -> bytes:
    document, buffer = docx.Document(), io.BytesIO()
    document.add_paragraph("Words.")
    document.save(buffer)
    return buffer.getvalue()


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * (300 * 2**20))
    return buffer.getvalue()


def other_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "words")
    return buffer.getvalue()


def patched(part: str, data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole())) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            new.writestr(name, data if name == part else old.read(name))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: whole()[:3000], "damaged, cut short or no DOCX"),
        (lambda: b"PK", "damaged, cut short or no DOCX"),
        (other_zip, "damaged, cut short or no DOCX"),
        (lambda: patched("word/document.xml", b"<w:document"), "damaged, cut short or no DOCX"),
        (lambda: patched("word/document.xml", f"<w:document {W}/>".encode()), "damaged, cut short or no DOCX"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "protected by a password, or an old .doc"),
        (bomb, "unpacks to 300 MB, over the limit of 256 MB"),
    ],
)
def test_a_docx_that_cannot_be_read_says_why_and_the_rest_goes_on(tmp_path, make, message):
    (tmp_path / "bad.docx").write_bytes(make())
    (tmp_path / "good.docx").write_bytes(whole())
    with pytest.raises(LoadError, match=message):
        load(tmp_path / "bad.docx")
    assert [d.text for d in load_all([tmp_path]).documents] == ["Words."]


def test_a_docx_without_words_holds_no_text(tmp_path):
    with pytest.raises(LoadError, match="holds no text"):
        saved(tmp_path, docx.Document())


def test_comments_of_the_xml_are_no_words_and_part_none(tmp_path):
    body = "<w:p><w:r><!-- one --><w:t>Words <!-- two -->of</w:t><?three?></w:r><!-- four --><w:r><w:t> it.</w:t></w:r></w:p>"
    document = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    (tmp_path / "a.docx").write_bytes(patched("word/document.xml", document.encode()))
    assert load(tmp_path / "a.docx").text == "Words of it."


def test_a_day_that_no_calendar_has_counts_as_not_told(tmp_path):
    day = '<dcterms:modified xsi:type="dcterms:W3CDTF">9999-12-31T23:59:59-10:00</dcterms:modified>'
    core = f"""<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
    xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{day}</cp:coreProperties>"""
    (tmp_path / "a.docx").write_bytes(patched("docProps/core.xml", core.encode()))
    paper = load(tmp_path / "a.docx")
    assert (paper.text, paper.source.published) == ("Words.", "")


def test_entities_in_a_docx_are_not_expanded(tmp_path):
    lol = '<!DOCTYPE x [<!ENTITY a "AAAA"><!ENTITY b "&a;&a;&a;">]>'
    body = f"{lol}<w:document {W}><w:body><w:p><w:r><w:t>Words.&b;</w:t></w:r></w:p></w:body></w:document>"
    (tmp_path / "a.docx").write_bytes(patched("word/document.xml", body.encode()))
    assert "AAAA" not in load(tmp_path / "a.docx").text
