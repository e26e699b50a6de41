"""PDF -> Draft: paragraphs in reading order, each with its page; running heads, feet and page numbers are left out.

Characters and their places come from Chrome's reader (pypdfium2); `columns` and `layout` put them in order.
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import hypot
from typing import Any

from rag.errors import LoadError
from rag.load.blocks import Draft, raised
from rag.load.columns import Piece
from rag.load.days import days_in
from rag.load.layout import paragraphs
from rag.load.seen import unseen
from rag.load.stated import publisher_of

_EDGE = 3  # so many lines at the top and foot of a page can be running heads
_MARGIN = 0.1  # of the height of a page, above and below
_SHORT = 5  # pages; in a longer document two equal lines may be chance
_TINY = 1.5  # points; nobody reads that
_USUAL = 400  # what pdfium says of a font that tells no weight
_HIGH_HALVES, _LOW_HALVES = range(0xD800, 0xDC00), range(0xDC00, 0xE000)
_HYPHENS = (0xFFFE, 0x02, 0xAD)  # marks of one at the end of a line
_BOLD = 600  # the weight of a font, of 100 to 900
_FILE_NAME = re.compile(
    r"(?i)^(microsoft (word|powerpoint)\b.*|untitled.*|.*\.(docx?|pdf|qxd|indd|rtf|wpd|fm|xml|html?))$"
)
_PAGE_NUMBER = re.compile(r"(?i)(?:page\s*)?[-–—]?\s*(?:\d{1,4}|[ivxl]{1,6})\s*[-–—]?(?:\s*(?:of|/)\s*\d{1,4})?")


def read_pdf(data: bytes) -> Draft:
    """A PDF.

    Raises LoadError when it is damaged, locked by a password, or holds only pictures.
    """
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise LoadError("this PDF is locked by a password; save it without one") from error
        raise LoadError("this PDF is damaged or cut short; get it again from its source") from error
    try:
        with pdf:
            said = pdf.get_metadata_dict()
            pages = [_pieces(page, number) for number, page in enumerate(pdf, 1)]
    except pypdfium2.PdfiumError as error:
        raise LoadError("this PDF is damaged or cut short; get it again from its source") from error
    if not any(pages):
        raise LoadError("this PDF holds no text, only pictures of it; run it through OCR first")
    kept = _without_running_heads(pages)
    meta = {**_stated(said), "publisher": _publisher(pages)}
    return Draft("PDF", paragraphs(kept), meta)


def _stated(said: dict[str, str]) -> dict[str, str]:
    """Title, unless it is a file's name, and a day that the keywords call the cover's or the publication's."""
    title = said.get("Title", "").strip()
    named = re.search(r"(?i)\b(?:cover|publication|publishing|issue) date:?\s*(.{6,24})", said.get("Keywords", ""))
    days = days_in(named[1]) if named else []
    return {"title": "" if _FILE_NAME.match(title) else title, "published": days[0] if days else ""}


def _publisher(pages: list[list[Piece]]) -> str:
    """Whose address stands alone on the first page or in a running foot."""
    edges = (piece for page in pages[:3] for piece in _edges(page))
    return next(filter(None, (publisher_of(p.text) for p in (*pages[0], *edges))), "")


def _pieces(page: Any, number: int) -> list[Piece]:
    """The runs of characters on one line of one page, in the order of the file, with their places."""
    height = page.get_height()
    runs: list[list[_Char]] = []
    text = page.get_textpage()
    for char in _chars(text, unseen(page, text)):
        if not runs or not _goes_on(runs[-1][-1], char):
            runs.append([])
        runs[-1].append(char)
    return [_piece(run, number, height) for run in runs]


@dataclass(slots=True)
class _Char:
    """A character, its box, the line it stands on and how tall its font is there, in points."""

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool
    spaced: bool  # a space stands before it


def _chars(text: Any, hidden: set[int]) -> Iterator[_Char]:
    """Every visible character but those that are `hidden`."""
    import pypdfium2.raw as pdfium

    box, matrix, x, y = pdfium.FS_RECTF(), pdfium.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
    spaced = False
    for n, char in _letters(text):
        if char.isspace() or not char.isprintable():
            spaced = True
            continue
        pdfium.FPDFText_GetMatrix(text, n, matrix)
        size = pdfium.FPDFText_GetFontSize(text, n) * hypot(matrix.b, matrix.d)
        if size >= _TINY and n not in hidden:
            pdfium.FPDFText_GetLooseCharBox(text, n, box)
            pdfium.FPDFText_GetCharOrigin(text, n, x, y)
            yield _Char(char, box.left, box.right, y.value, size, _is_bold(text, n), spaced)
            spaced = False


def _letters(text: Any) -> Iterator[tuple[int, str]]:
    """(number, character): pdfium gives rarer ones in halves, which are joined, and marks that stand for a hyphen."""
    import pypdfium2.raw as pdfium

    high = 0
    for n in range(text.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text, n)
        if high and code in _LOW_HALVES:
            code = 0x10000 + ((high - _HIGH_HALVES[0]) << 10) + code - _LOW_HALVES[0]
        elif high:
            yield n - 1, " "
        high = code if code in _HIGH_HALVES else 0
        if not high:
            yield n, "-" if code in _HYPHENS else chr(code)


def _is_bold(text: Any, n: int) -> bool:
    """By the weight of the font where the file carries it, else by its name."""
    import pypdfium2.raw as pdfium

    weight = pdfium.FPDFText_GetFontWeight(text, n)
    if weight > 0 and weight != _USUAL:
        return bool(weight >= _BOLD)
    name, flags = ctypes.create_string_buffer(64), ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(text, n, name, 64, flags)
    return b"bold" in name.value.lower()


def _goes_on(before: _Char, char: _Char) -> bool:
    """True where a character stands on the same line as the one before it, no further off than a wide space."""
    size = max(before.size, char.size)
    close = 0.2 if before.size > 0.85 * size and char.size > 0.85 * size else 0.6  # a raised or lowered one
    return abs(char.base - before.base) < close * size and -0.5 * size < char.left - before.right < 1.3 * size


def _piece(run: list[_Char], number: int, height: float) -> Piece:
    size = sorted(char.size for char in run)[len(run) // 2]
    base = sorted(char.base for char in run)[len(run) // 2]
    words: list[str] = []
    for n, char in enumerate(run):
        small = char.size < 0.85 * size and char.base > base + 0.1 * size
        gap = char.left - run[n - 1].right if n else 0.0
        if n and (gap > 0.25 * size or (char.spaced and not (small and gap < 0.1 * size))):
            words.append(" ")
        words.append(raised(char.text) if small and char.text.isdigit() else char.text)
    bold = all(char.bold for char in run)
    return Piece(number, run[0].left, run[-1].right, base, size, "".join(words), bold, base / (height or 1))


def _without_running_heads(pages: list[list[Piece]]) -> list[list[Piece]]:
    """Pages without what stands at the edge of several pages, but for its digits, and without page numbers."""

    def key(piece: Piece) -> tuple[str, int]:
        return re.sub(r"\d+|\b[ivxl]+\b", "#", piece.text), round(piece.size)

    edges = [_edges(page) for page in pages]
    often = Counter(k for edge in edges for k in {key(piece) for piece in edge})
    enough = 2 if len(pages) <= _SHORT else 3

    def runs(piece: Piece, edge: set[Piece]) -> bool:
        return piece in edge and (often[key(piece)] >= enough or bool(_PAGE_NUMBER.fullmatch(piece.text.strip())))

    return [[piece for piece in page if not runs(piece, edge)] for page, edge in zip(pages, edges, strict=True)]


def _edges(page: list[Piece]) -> set[Piece]:
    """The pieces on the first and last lines of a page, in its margins."""
    lines = sorted({round(piece.base) for piece in page})
    outer = {*lines[:_EDGE], *lines[-_EDGE:]}
    return {p for p in page if round(p.base) in outer and not _MARGIN < p.rise < 1 - _MARGIN}
