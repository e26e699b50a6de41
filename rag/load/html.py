"""Web pages -> Draft: the main text, without menus, scripts and what is hidden; tables as rows; stated metadata.

A page that marks its main part is taken at its word; else trafilatura looks for it, unless that would lose words.
"""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

from rag.errors import LoadError
from rag.load.blocks import Block, Draft, lowered, raised, row
from rag.load.days import real
from rag.load.hidden import drop, drop_hidden

_NOT_WORDS = ".//script|.//style|.//noscript|.//comment()|.//processing-instruction()|.//svg|.//head/title"
_ROLES = " or ".join(f"@role='{r}'" for r in "navigation banner contentinfo search menu menubar dialog".split())
_OF_THE_PAGE = "[not(ancestor::article or ancestor::main)]"  # an article has a header and notes of its own
_CHROME = "|".join(
    (
        *(f".//{tag}" for tag in "nav form button select dialog".split()),
        *(f".//{tag}{_OF_THE_PAGE}" for tag in "aside header footer".split()),
        f".//*[{_ROLES}]",
    )
)
_BLOCKS = frozenset("p li item td th blockquote quote pre dt dd figcaption caption address summary".split())
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6 head title".split())
_BOXES = frozenset("div section article main body ul ol dl list table tbody thead tfoot doc html header footer".split())


def read_html(page: str) -> Draft:
    """One web page.

    Raises LoadError when it holds nothing that can be read.
    """
    tree = _parse(page)
    meta = _stated(tree)
    drop_hidden(tree)
    for node in tree.xpath(_NOT_WORDS):
        drop(node)
    everything = blocks_of(deepcopy(tree))
    for node in tree.xpath(_CHROME):
        drop(node)
    return Draft("HTML", _main(tree) or everything, meta)


def words_of(fragment: str) -> list[str]:
    """The lines of a piece of HTML inside another text; none where it is not HTML."""
    from lxml import etree
    from lxml import html as lxml_html

    try:
        tree = lxml_html.fragment_fromstring(fragment, create_parent="div")
    except (ValueError, etree.ParserError):
        return []
    drop_hidden(tree)
    for node in tree.xpath(f"{_NOT_WORDS}|.//nav"):
        drop(node)
    return [block.text for block in blocks_of(tree)]


def _parse(page: str) -> Any:
    from lxml import etree
    from lxml import html as lxml_html

    try:
        return lxml_html.document_fromstring(re.sub(r"\A\s*<\?xml.*?\?>", "", page, flags=re.S))
    except (ValueError, etree.ParserError) as error:
        raise LoadError("it holds no HTML that can be read") from error


# Names of <meta> tags, best first: those of the web, of libraries, and of Chinese government sites (GB/T standard).
_TAGS = {
    "title": ("citation_title", "dc.title", "dcterms.title", "articletitle", "og:title"),
    "publisher": (
        "citation_publisher",
        "dc.publisher",
        "dcterms.publisher",
        "og:site_name",
        "contentsource",
        "sitename",
    ),
    "published": (
        *("article:published_time", "citation_publication_date", "citation_date", "dcterms.issued", "dc.date.issued"),
        *("dcterms.date", "dc.date", "datepublished", "pubdate", "date"),
    ),
    "effective": ("dcterms.valid",),
    "language": ("dc.language", "dcterms.language", "citation_language"),
}


def _stated(tree: Any) -> dict[str, str]:
    """What the head of the page says of it."""
    tags: dict[str, str] = {}
    for node in tree.iter("meta"):
        name = (node.get("property") or node.get("name") or node.get("itemprop") or "").lower()
        tags.setdefault(name, " ".join(node.get("content", "").split()))
    meta = {ours: next((tags[t] for t in theirs if tags.get(t)), "") for ours, theirs in _TAGS.items()}
    meta["published"] = next((day for t in _TAGS["published"] if (day := _day(tags.get(t, "")))), "")
    meta["language"] = (
        meta["language"] or tree.get("lang", "") or tree.get("{http://www.w3.org/XML/1998/namespace}lang", "")
    )
    canonical = tree.xpath("//link[translate(@rel,'C','c')='canonical']/@href")
    meta["url"] = next((u for u in (*canonical, tags.get("og:url", "")) if u.startswith("http")), "")
    if not meta["title"]:
        heads = [" ".join(h.text_content().split()) for h in tree.iter("h1")]
        named = " ".join((tree.findtext(".//head/title") or "").split())
        # The window's title often carries the site's name behind the page's own, which the one h1 gives alone.
        meta["title"] = heads[0] if len(heads) == 1 and (heads[0] in named or not named) else named
    return {name: value for name, value in meta.items() if value}


def _day(said: str) -> str:
    day = re.sub(r"(?<=\d)[/.](?=\d)", "-", said)[:10]
    return real(day) if re.fullmatch(r"\d{4}(-\d\d){0,2}", day) else ""


def _main(tree: Any) -> list[Block]:
    """The blocks of the main part, or of the whole body where an extractor would lose words or run them together."""
    import trafilatura

    marked = tree.xpath("//main|//*[@role='main']") or tree.xpath("//article")
    if len(marked) == 1 and (blocks := blocks_of(marked[0])):
        return blocks
    whole = blocks_of(deepcopy(tree))
    size = sum(len(b.text) for b in whole)
    found = trafilatura.bare_extraction(deepcopy(tree), favor_recall=True, include_tables=True)
    main = blocks_of(found.body) if found is not None and found.body is not None else []
    # Fragments and laws have no "main text" for an extractor to find; losing words is worse than keeping a menu.
    fits = 0.5 * size <= sum(len(b.text) for b in main) <= 0.9 * size
    titled = next((b.text for b in whole if b.heading), "") in {b.text for b in main if b.heading} | {""}
    apart = max((len(b.text) for b in main), default=0) <= max((len(b.text) for b in whole), default=0)
    return main if fits and titled and apart else whole


def blocks_of(tree: Any) -> list[Block]:
    """Every block of an HTML tree in reading order, headings marked, table rows as one block each."""
    blocks: list[Block] = []
    words: list[str] = []

    def flush(heading: bool) -> None:
        line = " ".join("".join(words).split())
        if line:
            blocks.append(Block(line, heading))
        words.clear()

    def walk(node: Any, heading: bool) -> None:
        tag = node.tag if isinstance(node.tag, str) else ""
        if tag in {"tr", "row"} and not node.xpath(".//table"):
            flush(heading)
            blocks.extend(row(_cell(cell) for cell in node if isinstance(cell.tag, str)))
        elif tag in {"sup", "sub"}:
            words.append((raised if tag == "sup" else lowered)("".join(node.itertext())))
        elif tag in {"br", "lb", "hr"}:
            words.append(" ") if heading else flush(False)
        elif tag:
            inside = heading or tag in _HEADINGS
            apart = tag in _BLOCKS | _HEADINGS | _BOXES
            if apart:
                flush(heading)
            words.append(node.text or "")
            for child in node:
                walk(child, inside)
            if apart:
                flush(inside)
        if node is not tree:
            words.append(node.tail or "")

    walk(tree, False)
    flush(False)
    return blocks


def _cell(cell: Any) -> str:
    """The words of a table cell; what stands in two blocks inside it does not run together."""
    return " ".join(block.text for block in blocks_of(cell))
