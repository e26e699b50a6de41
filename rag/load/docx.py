"""DOCX -> Draft by python-docx: headings, paragraphs, table rows, footnotes; title, author and day of the properties.

What Word does not show stays out: hidden runs, tracked deletions, white or tiny words, comments.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from rag.errors import LoadError
from rag.load.blocks import Block, Draft, lowered, raised, row

MAX_UNPACKED = 256 * 2**20  # a real document of a thousand pages unpacks to some 30 MB
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"  # says its Choice once more
_PASSED_OVER = {_FALLBACK, *(f"{_W}{tag}" for tag in ("del", "moveFrom", "instrText", "delText"))}
_SMALLEST = 4  # half points


def read_docx(data: bytes) -> Draft:
    """A Word document.

    Raises LoadError when it is damaged, is no DOCX, or unpacks to more than it should.
    """
    import docx
    from docx.opc.exceptions import OpcError
    from lxml import etree

    try:
        _check_size(data)
        document = docx.Document(io.BytesIO(data))
        body = document.element.body
        if body is None:
            raise ValueError("no body")
        etree.strip_tags(body, etree.Comment, etree.ProcessingInstruction)
        blocks = [*_body(body, _headings(document), _hidden_styles(document)), *_footnotes(document)]
        return Draft("DOCX", blocks, _stated(document))
    except (zipfile.BadZipFile, OpcError, etree.XMLSyntaxError, KeyError, ValueError, EOFError, zlib.error) as error:
        raise LoadError(
            "this DOCX is damaged, cut short or no DOCX; open and save it again in a word processor"
        ) from error


def _check_size(data: bytes) -> None:
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise LoadError("this DOCX is protected by a password, or an old .doc; save it as DOCX without a password")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        unpacked = sum(part.file_size for part in archive.infolist())
    if unpacked > MAX_UNPACKED:
        raise LoadError(
            f"it unpacks to {unpacked / 2**20:.0f} MB, over the limit of {MAX_UNPACKED // 2**20} MB; split it"
        )


def _headings(document: Any) -> set[str]:
    """The ids of the styles that are headings: by name, or by an outline level of their own."""
    return {
        style.style_id
        for style in document.styles
        if (style.name and re.match(r"(heading \d|title$|标题)", style.name, re.I))
        or style.element.find(f"{_W}pPr/{_W}outlineLvl") is not None
    }


def _hidden_styles(document: Any) -> set[str]:
    return {s.style_id for s in document.styles if _is_on(s.element.find(f"{_W}rPr/{_W}vanish"))}


def _body(body: Any, headings: set[str], hidden: set[str]) -> Iterator[Block]:
    for node in body:
        if node.tag == f"{_W}p":
            style = node.find(f"{_W}pPr/{_W}pStyle")
            named = style.get(f"{_W}val") if style is not None else ""
            heads = named in headings or node.find(f"{_W}pPr/{_W}outlineLvl") is not None
            if named not in hidden:
                lines = _words(node, hidden).split("\n")
                yield from (Block(line, heads) for line in ([" ".join(lines)] if heads else lines) if line.strip())
            for box in node.iter(f"{_W}txbxContent"):  # text boxes hang on a paragraph
                if not any(a.tag == _FALLBACK for a in box.iterancestors()):
                    yield from _body(box, headings, hidden)
        elif node.tag == f"{_W}tbl":
            yield from _rows(node, hidden)
        elif node.tag not in _PASSED_OVER:  # content controls, insertions
            yield from _body(node, headings, hidden)


def _rows(table: Any, hidden: set[str]) -> Iterator[Block]:
    """The rows of a table that are shown and not deleted; a table inside a cell is part of its words."""
    for line in table.iter(f"{_W}tr"):
        looks = line.find(f"{_W}trPr")
        gone = looks is not None and (looks.find(f"{_W}del") is not None or _is_on(looks.find(f"{_W}hidden")))
        if gone or next(line.iterancestors(f"{_W}tbl")) is not table:
            continue
        cells = (cell for cell in line.iter(f"{_W}tc") if next(cell.iterancestors(f"{_W}tr")) is line)
        yield from row(" ".join(_words(p, hidden) for p in cell.iter(f"{_W}p")) for cell in cells)


def _words(node: Any, hidden: set[str]) -> str:
    """The words of a paragraph that Word shows; a line break is a newline."""
    parts: list[str] = []
    for child in node:
        if child.tag in _PASSED_OVER:
            continue
        if child.tag == f"{_W}r":
            parts.append("" if _is_hidden(child, hidden) else _run(child))
        else:
            parts.append(_words(child, hidden))
    return "".join(parts)


def _run(run: Any) -> str:
    marks = {"br": "\n", "cr": "\n", "tab": " ", "noBreakHyphen": "-"}
    shown = (x for x in run if isinstance(x.tag, str))  # an entity is none
    text = "".join((x.text or "") if x.tag == f"{_W}t" else marks.get(x.tag.removeprefix(_W), "") for x in shown)
    placed = run.find(f"{_W}rPr/{_W}vertAlign")
    place = placed.get(f"{_W}val") if placed is not None else ""
    return raised(text) if place == "superscript" else lowered(text) if place == "subscript" else text


def _is_hidden(run: Any, hidden: set[str]) -> bool:
    looks = run.find(f"{_W}rPr")
    if looks is None:
        return False

    def said(name: str) -> str:
        node = looks.find(f"{_W}{name}")
        return (node.get(f"{_W}val") or "") if node is not None else ""

    shaded = looks.find(f"{_W}shd") is not None or looks.find(f"{_W}highlight") is not None
    shaded = shaded or any(a.tag in (f"{_W}tc", f"{_W}txbxContent") for a in run.iterancestors())
    shaded = shaded or any(a.find(f"{_W}pPr/{_W}shd") is not None for a in run.iterancestors(f"{_W}p"))
    white = said("color").upper() == "FFFFFF" and not shaded
    tiny = said("sz").isdigit() and int(said("sz")) < _SMALLEST
    return _is_on(looks.find(f"{_W}vanish")) or said("rStyle") in hidden or white or tiny


def _is_on(switch: Any) -> bool:
    return switch is not None and switch.get(f"{_W}val") not in ("0", "false", "off")


def _footnotes(document: Any) -> Iterator[Block]:
    """Footnotes and endnotes, behind the text; their marks in it are numbers that Word makes up."""
    for part in document.part.package.iter_parts():
        if re.fullmatch(r"/word/(foot|end)notes\.xml", str(part.partname)):
            for note in _tree(part.blob):
                if note.get(f"{_W}type") in (None, "normal"):
                    yield from _body(note, set(), set())


def _stated(document: Any) -> dict[str, Any]:
    """Title, author or company, and the day it was last saved: it was not out in this form before that day."""
    core = document.core_properties
    if core.author == "python-docx":  # the library's blank document, not somebody's words
        return {"title": core.title if core.title != "Word Document" else "", "language": core.language}
    try:
        saved = core.modified or core.created
    except OverflowError:  # a day beyond the last or before the first, once its time zone is taken off
        saved = None
    return {
        "title": core.title,
        "publisher": _company(document) or core.author,
        "published": saved.date().isoformat() if saved else "",
        "language": core.language,
    }


def _company(document: Any) -> str:
    for part in document.part.package.iter_parts():
        if str(part.partname) == "/docProps/app.xml":
            return "".join(_tree(part.blob).itertext("{*}Company")).strip()
    return ""


def _tree(xml: bytes) -> Any:
    from lxml import etree

    return etree.fromstring(
        xml, etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    )
