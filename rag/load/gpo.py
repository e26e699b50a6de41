"""The XML of the US Government Publishing Office, in which the Federal Register and the CFR are set: tree -> Blocks.

Page marks, billing codes and pictures go; footnotes become blocks of their own behind the paragraph that calls them,
and their marks raised digits; table rows become blocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rag.load.blocks import Block, lowered, raised, row

DROPPED = frozenset("PRTPAGE BILCOD FRDOC FILED GPH GID MID MATH IMG STARS FTREF EAR CNTNTS".split())
_HEADINGS = frozenset("HD HED HEAD SUBJECT SECTNO SUBPART TTITLE TITLE3 SECHD RESERVED HD1 HD2 HD3 CAPTION".split())
_LABELLED = frozenset("AUTH SOURCE EDNOTE EFFDNOT APPRO CROSSREF".split())  # `Authority:` and what it is, in one block
_NOTES = "FTNT"
_RAISED, _LOWERED = ("SU", "sup", "SUP"), ("sub", "SUB")  # and <E T="51">, <E T="52">


def blocks(node: Any) -> Iterator[Block]:
    """Every block below an element, in reading order."""
    tag = node.tag if isinstance(node.tag, str) else ""
    if not tag or tag.upper() in DROPPED:
        return
    if tag in ("GPOTABLE", "TABLE", "table"):
        yield from _table(node)
    elif tag in _LABELLED and (line := _line(" ".join(words(child) for child in node))):
        yield Block(line)
    elif tag in ("SECTION", "SUBJGRP") or tag in _CONTENTS:
        yield from _section(node, tag not in _CONTENTS)
    elif tag in _HEADINGS or _has_words(node):
        if line := _line(words(node)):
            yield Block(line, tag in _HEADINGS)
        for note in node.iter(_NOTES):
            if note is not node:
                yield from _children(note)
    else:
        yield from _children(node)


_CONTENTS = ("CONTENTS", "SUBPART_TOC")


def _children(node: Any) -> Iterator[Block]:
    """The blocks of all children; a footnote's mark that stands between two paragraphs belongs to the first."""
    held: Block | None = None
    for child in node:
        if held is not None and child.tag in _RAISED:
            held = Block(held.text + raised(words(child).strip()), held.heading)
            continue
        for block in blocks(child):
            if held is not None:
                yield held
            held = block
    if held is not None:
        yield held


def _section(node: Any, heads: bool) -> Iterator[Block]:
    """§ number and subject stand in two elements and read as one line; in a table of contents they are no heading."""
    number = ""
    for child in node:
        if child.tag == "SECTNO":
            number = words(child)
        elif child.tag == "SUBJECT" and number:
            yield Block(_line(f"{number} {words(child)}"), heads)
            number = ""
        elif number:
            yield Block(_line(number), heads)
            number = ""
            yield from blocks(child)
        else:
            yield from blocks(child)
    if number:
        yield Block(_line(number), heads)


def _table(node: Any) -> Iterator[Block]:
    for child in node.iter():
        if child.tag in ("BOXHD", "ROW", "TR", "tr"):
            yield from row(
                words(cell) for cell in child if isinstance(cell.tag, str) and cell.tag.upper() not in DROPPED
            )
        elif child.tag in ("TTITLE", "TDESC", "TNOTE", "CAPTION") and (line := _line(words(child))):
            yield Block(line, child.tag in _HEADINGS)


def _has_words(node: Any) -> bool:
    return bool((node.text or "").strip()) or any((child.tail or "").strip() for child in node)


def words(node: Any) -> str:
    """The words of an element as they run, with raised and lowered digits as such and a fraction kept apart."""
    parts = [node.text or ""]
    for child in node:
        tag = child.tag if isinstance(child.tag, str) else ""
        if tag in _RAISED or (tag == "E" and child.get("T") == "51"):
            parts.append(raised(words(child)))
        elif tag in _LOWERED or (tag == "E" and child.get("T") == "52"):
            parts.append(lowered(words(child)))
        elif tag == "FR" and parts[-1][-1:].isdigit():
            parts.append(" " + words(child))  # 1 1/2, never 11/2
        elif tag in ("LI", "br", "BR"):
            parts.append(" " + words(child))
        elif tag and tag.upper() not in DROPPED and tag != _NOTES:
            parts.append(words(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _line(text: str) -> str:
    return " ".join(text.split())
