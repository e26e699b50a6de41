"""The lines of a conversation as a PDF with its fonts inside, so that Chinese shows on every machine.

DejaVu Sans comes with matplotlib, Noto Sans SC with `pylopdf-fonts-zh-cn`; of each only the letters used are embedded.
Text is drawn as it is: fpdf2's own marks and its alias for the number of pages are off.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import WrapMode

from rag.export.outline import Line

_GREY, _INK, _BLUE, _AMBER = (90, 90, 90), (20, 20, 20), (20, 70, 140), (253, 244, 220)
_MARGIN, _INDENT, _FOOT = 20.0, 6.0, 18.0  # mm


@dataclass(frozen=True, slots=True)
class _Style:
    """`size` in points, `above` and `indent` in mm; a `fill` colours the ground."""

    size: float
    above: float
    bold: bool = False
    indent: float = 0.0
    ink: tuple[int, int, int] = _INK
    fill: tuple[int, int, int] | None = None
    room: float = 0.0  # mm that must be left on the page, so that no heading stands alone


_STYLES = {
    "title": _Style(16, 0, bold=True),
    "about": _Style(9, 2, ink=_GREY),
    "question": _Style(12.5, 9, bold=True, room=40),
    "note": _Style(9.5, 2, ink=_GREY),
    "side": _Style(10.5, 4, bold=True, room=30),
    "words": _Style(10.5, 4, indent=_INDENT, room=20),
    "source": _Style(8.5, 1, indent=_INDENT, ink=_GREY),
    "banner": _Style(9.5, 3, bold=True, indent=_INDENT, fill=_AMBER),
}


class _Paper(FPDF):
    def footer(self) -> None:
        """The number of the page."""
        self.set_y(-_FOOT + 4)
        self.set_font("text", size=8)
        self.set_text_color(*_GREY)
        self.cell(0, 5, f"ChipQuote · {self.page_no()}", align="C")


def as_pdf(lines: Iterable[Line], made: datetime) -> bytes:
    """The document; its first line is its title."""
    paper = _Paper()
    paper.str_alias_nb_pages = ""  # else {nb} in a quote would turn into a number
    paper.set_creation_date(made)
    paper.set_lang("en")
    paper.set_creator("ChipQuote")
    paper.set_margins(_MARGIN, _MARGIN)
    paper.set_auto_page_break(auto=True, margin=_FOOT)
    lines = list(lines)
    _add_fonts(paper, "".join(line.text for line in lines))
    paper.set_title(lines[0].text)
    paper.add_page()
    for line in lines:
        _draw(paper, line, _STYLES[line.kind])
    return bytes(paper.output())


def _draw(paper: FPDF, line: Line, style: _Style) -> None:
    if style.room and paper.will_page_break(style.room):
        paper.add_page()
    paper.ln(style.above)
    paper.set_font("text", style="B" if style.bold else "", size=style.size)
    paper.set_text_color(*style.ink)
    height = style.size * 0.5
    ground = style.fill is not None
    if style.fill:
        paper.set_fill_color(*style.fill)
    paper.set_x(_MARGIN + style.indent)
    paper.multi_cell(0, height, line.text, align="L", link=line.link, fill=ground, new_x="LMARGIN", new_y="NEXT")
    if line.link:  # on paper nobody can click; where the words begin is for browsers alone
        shown = line.link.split(":~:")[0].rstrip("#")
        paper.set_font("text", size=7.5)
        paper.set_text_color(*_BLUE)
        paper.set_x(_MARGIN + style.indent)
        paper.multi_cell(
            0, 3.8, shown, align="L", link=line.link, new_x="LMARGIN", new_y="NEXT", wrapmode=WrapMode.CHAR
        )


def _add_fonts(paper: FPDF, text: str) -> None:
    """Letters that DejaVu lacks, Chinese first of all, come from Noto Sans SC; it is read only where there are any."""
    import matplotlib

    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    paper.add_font("text", "", folder / "DejaVuSans.ttf")
    paper.add_font("text", "B", folder / "DejaVuSans-Bold.ttf")
    known = paper.fonts["text"].cmap  # type: ignore[union-attr]
    if any(ord(letter) not in known for letter in text):
        paper.add_font("han", "", str(files("pylopdf_fonts_zh_cn") / "NotoSansSC-Regular.otf"))
        paper.set_fallback_fonts(["han"], exact_match=False)
