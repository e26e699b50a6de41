"""Markdown -> Draft. Links become their words, tables rows; a line of nothing but links is a menu and goes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from rag.load.blocks import Block, Draft, lowered, raised, row
from rag.load.hidden import hides
from rag.load.html import words_of
from rag.load.source import front_matter

_MENU = 3  # this many links and not a word between them
_STRAY = re.compile(r"\*\*+")  # marks of emphasis that a scraper left open
_LISTED = re.compile(
    r"(?:(?:\|[^\n]*|\*\*[^\n*]+:\*\*[^\n]*)(?:\n|\Z))+"
)  # rows of a headless table, or `**Name:** value`
_TAG = re.compile(r"<(/?)([A-Za-z][\w-]*)")
_VOID = {"br", "hr", "img", "input", "wbr"}  # never closed
_ITEM = re.compile(r"[“\"]?\([A-Za-z0-9]{1,5}\)\s")  # begins a line of its own behind a stop
_ENDED = re.compile(r"(?:[.;:,—–-]|\b(?:and|or|means|includes?))\s*$")
_PART = re.compile(r"(?:PART|Part|SUBPART|Subpart) [\w.]+—.{3,200}[^.;:,]")
_SECTION = re.compile(r"§\s*(?:§\s*)?(\d+[\w.]*)\.?(.*)")


def read_markdown(text: str) -> Draft:
    """A Markdown file with or without front matter.

    Raises LoadError when its front matter is not YAML.
    """
    meta, body = front_matter(text)
    return Draft("Markdown", list(_sections(_blocks(body))), meta)


def _blocks(text: str) -> Iterator[Block]:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable("table").disable("code")  # indented lines are prose in scraped pages
    cells: list[str] | None = None
    heading = False
    for token in parser.parse(text):
        if token.type in ("heading_open", "heading_close"):
            heading = token.type == "heading_open"
        elif token.type in ("tr_open", "tr_close"):
            yield from row(cells or [])
            cells = [] if token.type == "tr_open" else None
        elif token.type == "inline":
            words = _inline(token.children or [], "\n" if _LISTED.fullmatch(token.content) else " ")
            if cells is not None:
                cells.append(words)
            else:
                yield from (
                    Block(line.strip("| "), heading or bool(_PART.fullmatch(line.strip())))
                    for line in words.split("\n")
                )
        elif token.type == "fence":
            yield from map(Block, token.content.splitlines())
        elif token.type == "html_block":
            yield from map(Block, words_of(token.content))


def _inline(tokens: list[Any], line_end: str = " ") -> str:
    links = sum(token.type == "link_open" for token in tokens)
    if links >= _MENU and not _words_outside_links(tokens):
        return ""
    parts: list[str] = []
    shown = list(_shown(tokens))
    placed = 0  # where the last <sup> or <sub> began
    for n, token in enumerate(shown):
        if token.type in ("text", "code_inline", "text_special"):
            parts.append(_STRAY.sub("", token.content) if token.type == "text" else token.content)
        elif token.type in ("softbreak", "hardbreak"):
            item = n + 1 < len(shown) and _ITEM.match(shown[n + 1].content) and _ENDED.search("".join(parts))
            parts.append("\n" if item else line_end)
        elif token.type == "image":
            parts.append(_inline(token.children or []))
        elif token.content.startswith(("<sup", "<sub")):
            placed = len(parts)
        elif token.content in ("</sup>", "</sub>"):
            parts[placed:] = [(raised if token.content == "</sup>" else lowered)("".join(parts[placed:]))]
    return "".join(parts)


def _shown(tokens: list[Any]) -> Iterator[Any]:
    """The tokens of a line without what stands inside hidden HTML."""
    inside: list[str] = []
    for token in tokens:
        tag = _TAG.match(token.content) if token.type == "html_inline" else None
        if tag and (inside or (not tag[1] and hides(token.content))) and tag[2].lower() not in _VOID:
            if tag[1] and inside and inside[-1] == tag[2].lower():
                inside.pop()
            elif not tag[1] and (not inside or tag[2].lower() == inside[-1]):
                inside.append(tag[2].lower())
            continue
        if not inside:
            yield token


def _words_outside_links(tokens: list[Any]) -> bool:
    """True where a letter or digit stands outside every link; the last crumb of a trail (`> R48909`) does not count."""
    depth, outside = 0, ""
    for token in tokens:
        depth += token.nesting if token.type.startswith("link_") else 0
        if not depth and token.type in ("text", "code_inline"):
            outside += token.content
    return bool(re.search(r"\w", re.sub(r">\s*[\w.-]+\s*$", "", outside)))


def _sections(blocks: Iterator[Block]) -> Iterator[Block]:
    """Pages of the eCFR say `§ 770.1 Introduction.` and then head it `§ § 770.1`: the first is the heading."""
    before = Block("")
    for block in blocks:
        was, now = _SECTION.fullmatch(before.text.strip()), _SECTION.fullmatch(block.text.strip())
        if was and now and block.heading and was[1].rstrip(".") == now[1].rstrip(".") and not now[2].strip():
            before = Block(before.text, heading=True)
            continue
        if before.text:
            yield before
        before = block
    if before.text:
        yield before
