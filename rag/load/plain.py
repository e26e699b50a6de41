"""Plain text and PDF -> Blocks: lines that were wrapped to fit a page are joined again."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from rag.errors import LoadError
from rag.load.blocks import Block


def plain_blocks(text: str) -> list[Block]:
    """Plain text: one line a block, unless its lines were wrapped; then one paragraph a block."""
    text = re.sub(r"\r\n?", "\n", text)
    lines = [line for line in text.split("\n") if line.strip()]
    paragraphs = [[x for x in p.split("\n") if x.strip()] for p in re.split(r"\n\s*\n", text)]
    inner = [line for p in paragraphs for line in p[:-1]]
    wrapped = inner and max(map(len, lines)) <= 120 and sum(len(x) >= 50 for x in inner) >= 0.6 * len(inner)
    pieces = [" ".join(p) for p in paragraphs if p] if wrapped else lines
    return [Block(piece, _looks_like_heading(piece)) for piece in pieces]


_HEADING = re.compile(r"(§+ ?[\w.]+|(?:SEC|Sec|SECTION|PART|Part|TITLE|Subpart|CHAPTER)\.? ?[\w.—-]+)\b.{0,120}")


def _looks_like_heading(line: str) -> bool:
    line = line.strip()
    return len(line) <= 140 and not line.endswith((".", ";", ":", ",")) and bool(_HEADING.fullmatch(line))


def read_pdf(data: bytes) -> tuple[dict[str, Any], list[Block]]:
    """A PDF as (metadata, blocks), each block with its page.

    Raises LoadError when it is damaged or holds only pictures.
    """
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise LoadError("this PDF is damaged or cut short; get it again from its source") from error
    blocks: list[Block] = []
    with pdf:
        try:
            meta = {"title": pdf.get_metadata_dict().get("Title", "")}
            for number, page in enumerate(pdf, 1):
                text = page.get_textpage().get_text_bounded()
                blocks += [Block(line, page=number) for line in _unwrap_pdf(text)]
        except pypdfium2.PdfiumError as error:
            raise LoadError("this PDF is damaged or cut short; get it again from its source") from error
    if not blocks:
        raise LoadError("this PDF holds no text, only pictures of it; run it through OCR first")
    return {k: v for k, v in meta.items() if v}, blocks


def _unwrap_pdf(text: str) -> list[str]:
    """Lines of a page -> paragraphs: a line that fills the column goes on in the next, a broken word is joined."""
    lines = [" ".join(line.split()) for line in re.sub(r"\ufffe\r?\n?|\xad\r?\n", "-\n", text).splitlines()]
    lines = [line for line in lines if line]
    if not lines:
        return []
    full = sorted(map(len, lines))[len(lines) * 3 // 4]
    out = [lines[0]]
    for before, line in pairwise(lines):
        ended = before.endswith((".", ":", "?", "!", ";")) and len(before) < 0.85 * full
        short = len(before) < 0.6 * full and not line[:1].islower()
        if ended or short or line.startswith(("•", "●", "- ", "– ")):
            out.append(line)
        elif re.search(r"[a-z]-$", out[-1]) and line[:1].islower():
            out[-1] = out[-1][:-1] + line
        else:
            out[-1] += " " + line
    return out
