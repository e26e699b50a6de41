"""Markdown, HTML and XML -> Blocks. Links become their words; scripts, menus and what is hidden go."""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from rag.errors import LoadError
from rag.load.blocks import Block


def markdown_blocks(text: str) -> list[Block]:
    """Markdown as plain blocks: links become their words, emphasis and raw HTML go, tables become rows."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable("table").disable("code")  # indented lines are prose in scraped pages
    blocks: list[Block] = []
    row: list[str] | None = None
    heading = False
    for token in parser.parse(text):
        if token.type in ("heading_open", "heading_close"):
            heading = token.type == "heading_open"
        elif token.type in ("tr_open", "tr_close"):
            if row:
                blocks.append(Block(" | ".join(row)))
            row = [] if token.type == "tr_open" else None
        elif token.type == "inline":
            words = _inline(token.children or [])
            if row is not None:
                row.append(words.replace("\n", " "))
            else:
                blocks += [Block(line, heading) for line in words.split("\n")]
        elif token.type == "fence":
            blocks += [Block(line) for line in token.content.splitlines()]
        elif token.type == "html_block" and (stripped := _strip_tags(token.content)):
            blocks += [Block(line) for line in stripped.splitlines()]
    return blocks


def _inline(tokens: Iterable[Any]) -> str:
    parts = []
    for token in tokens:
        if token.type in ("text", "code_inline", "text_special"):
            parts.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif token.type == "image":
            parts.append(_inline(token.children or []))
    return "".join(parts)


def _strip_tags(html: str) -> str:
    from lxml import html as lxml_html

    try:
        tree = lxml_html.fragment_fromstring(html, create_parent="div")
    except (ValueError, lxml_html.etree.ParserError):
        return ""
    _drop(tree, f"{_HIDDEN}|{_NOT_WORDS}")
    return str(tree.text_content()).strip()


_HIDDEN = ".//*[@hidden or contains(translate(@style,' ',''),'display:none')]|.//template|.//nav"
_NOT_WORDS = ".//script|.//style|.//noscript|.//comment()|.//processing-instruction()"


def read_html(page: str) -> tuple[dict[str, Any], list[Block]]:
    """A web page as (metadata, blocks): its main text, or all of it where that would lose words or run them together.

    Raises LoadError when it holds nothing that can be read.
    """
    import trafilatura
    from lxml import html as lxml_html

    try:
        tree = lxml_html.document_fromstring(re.sub(r"\A\s*<\?xml.*?\?>", "", page, flags=re.S))
    except (ValueError, lxml_html.etree.ParserError) as error:
        raise LoadError("it holds no HTML that can be read") from error
    _drop(tree, _HIDDEN)
    found = trafilatura.bare_extraction(
        deepcopy(tree),
        with_metadata=True,
        favor_recall=True,
        include_tables=True,
        date_extraction_params={"extensive_search": False, "original_date": True},  # a date in the text is a guess
    )
    meta: dict[str, Any] = {}
    if found is not None:
        named = {"title": "title", "sitename": "publisher", "date": "published", "url": "url", "language": "language"}
        meta = {ours: value for theirs, ours in named.items() if (value := getattr(found, theirs, None))}
    main = _html_blocks(found.body) if found is not None and found.body is not None else []
    whole = _html_blocks(tree)
    # Fragments and laws have no "main text" for an extractor to find; losing words is worse than keeping a menu.
    enough = sum(len(b.text) for b in main) >= 0.5 * sum(len(b.text) for b in whole)
    apart = max((len(b.text) for b in main), default=0) <= max((len(b.text) for b in whole), default=0)
    return meta, main if enough and apart else whole


def _drop(tree: Any, what: str) -> None:
    for node in tree.xpath(what):
        if node.getparent() is not None:
            node.drop_tree() if hasattr(node, "drop_tree") else node.getparent().remove(node)


_BLOCKS = frozenset("p li item tr row td th blockquote quote pre dt dd figcaption caption".split())
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6 head title".split())
_BOXES = frozenset("div section article main body ul ol list table tbody thead doc html".split())


def _html_blocks(tree: Any) -> list[Block]:
    blocks: list[Block] = []
    _drop(tree, _NOT_WORDS)

    def flush(words: list[str], heading: bool) -> None:
        line = " ".join("".join(words).split())
        if line:
            blocks.append(Block(line, heading))
        words.clear()

    def walk(node: Any, words: list[str], heading: bool) -> None:
        tag = node.tag if isinstance(node.tag, str) else ""
        ends = tag in _BLOCKS | _HEADINGS | _BOXES
        if tag in {"tr", "row"}:
            cells = [" ".join("".join(cell.itertext()).split()) for cell in node]
            flush(words, heading)
            blocks.append(Block(" | ".join(c for c in cells if c)))
            words.append(node.tail or "")
            return
        inside = heading or tag in _HEADINGS
        if ends:
            flush(words, heading)
        if tag in {"br", "lb"}:
            flush(words, heading)
        words.append(node.text or "" if tag else "")
        for child in node:
            walk(child, words, inside)
        if ends:
            flush(words, inside)
        words.append(node.tail or "")

    rest: list[str] = []
    walk(tree, rest, False)
    flush(rest, False)
    return [b for b in blocks if b.text]


def read_xml(data: bytes) -> list[Block]:
    """Any XML: an element with words of its own is a block, with all that stands inside it."""
    from lxml import etree

    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    except etree.XMLSyntaxError as error:
        raise LoadError(f"its XML is broken: {error.msg}") from error
    blocks: list[Block] = []

    def walk(node: Any) -> None:
        if not isinstance(node.tag, str):
            return
        own = [node.text or "", *(child.tail or "" for child in node)]
        if any(part.strip() for part in own):
            line = " ".join("".join(node.itertext()).split())
            blocks.append(Block(line, node.tag.upper() in {"HD", "HEAD", "SUBJECT", "SECTNO", "TITLE"}))
            return
        for child in node:
            walk(child)

    walk(root)
    return blocks
