"""Which letters of a PDF page its reader does not see: beside the page, in invisible ink, or white on white.

Invisible ink over a picture stays, and so does that of a page with no other letters: it is what OCR read there. Left
out: letters under what is drawn over them, and other colours on their like.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

_Box = tuple[float, float, float, float]  # left, bottom, right and top, in points

_FILLED, _INVISIBLE = 0, 3  # ways to draw a letter
_WHITE = 250  # of 255; nobody tells what is above from white
_LARGEST = 3000  # pixels, the longer side of a page that is drawn to look at it


def unseen(page: Any, text: Any) -> set[int]:
    """The numbers of the characters of a text page that its reader does not see."""
    bounds = page.get_bbox()
    beside, invisible, white, shown = set[int](), dict[int, _Box](), dict[int, _Box](), False
    for n, mode, is_white in _inks(text):
        box = _box(text, n)
        if not _meet(box, bounds):
            beside.add(n)
        elif mode == _INVISIBLE:
            invisible[n] = box
        elif mode == _FILLED and is_white:
            white[n] = box
        else:
            shown = True
    ghosts = _on_white(page, white) if white else set[int]()
    if invisible and (shown or len(ghosts) < len(white)):
        pictures = list(_pictures(page))
        ghosts |= {n for n, box in invisible.items() if not any(_meet(box, picture) for picture in pictures)}
    return beside | ghosts


def _inks(text: Any) -> Iterator[tuple[int, int, bool]]:
    """(number, way in which it is drawn, whether its fill is white) of each character that the file itself has."""
    import pypdfium2.raw as pdfium

    last, mode, white = None, _FILLED, False
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    for n in range(text.count_chars()):
        drawn = pdfium.FPDFText_GetTextObject(text, n)
        if not drawn:  # a space or line end that pdfium makes up
            continue
        place = ctypes.cast(drawn, ctypes.c_void_p).value
        if place != last:  # what is drawn at one go has one ink
            last, mode = place, pdfium.FPDFTextObj_GetTextRenderMode(drawn)
            filled = pdfium.FPDFPageObj_GetFillColor(drawn, red, green, blue, alpha)
            white = bool(filled) and min(red.value, green.value, blue.value) >= _WHITE
        yield n, mode, white


def _box(text: Any, n: int) -> _Box:
    import pypdfium2.raw as pdfium

    box = pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(text, n, box)
    return box.left, box.bottom, box.right, box.top


def _meet(one: _Box, other: _Box) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def _pictures(page: Any) -> Iterator[_Box]:
    """Where the pictures of a page stand; those inside a form are placed by it."""
    import pypdfium2.raw as pdfium

    for picture in page.get_objects([pdfium.FPDF_PAGEOBJ_IMAGE]):
        box, form = picture.get_bounds(), picture.container
        while form is not None:
            box, form = form.get_matrix().on_rect(*box), form.container
        yield box


def _on_white(page: Any, letters: dict[int, _Box]) -> set[int]:
    """Those of the letters in whose boxes nothing but white is to be seen once the page is drawn."""
    drawn = page.render(scale=min(1.0, _LARGEST / max(page.get_size())), grayscale=True)
    place, pixels, across = drawn.get_posconv(page), bytes(drawn.buffer), drawn.stride

    def is_blank(box: _Box) -> bool:
        (x, y), (right, foot) = place.to_bitmap(box[0], box[3]), place.to_bitmap(box[2], box[1])
        columns = slice(max(0, min(x, right)), min(drawn.width, max(x, right) + 1))
        rows = range(max(0, min(y, foot)), min(drawn.height, max(y, foot) + 1))
        return all(
            min(pixels[r * across + columns.start : r * across + columns.stop], default=255) >= _WHITE for r in rows
        )

    return {n for n, box in letters.items() if is_blank(box)}
