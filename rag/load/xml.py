"""XML -> Drafts: Federal Register and eCFR by their own structure, any other by where its words stand.

Nothing outside the file is fetched, and a file that defines entities of its own is refused.
"""

from __future__ import annotations

from typing import Any

from rag.errors import LoadError
from rag.load import ecfr, federal_register
from rag.load.blocks import Block, Draft

_HEADINGS = {"HD", "HEAD", "SUBJECT", "SECTNO", "TITLE", "HEADING"}


def read_xml(data: bytes) -> list[Draft]:
    """The documents of an XML file: many for a whole issue of the Federal Register or a title of the CFR.

    Raises LoadError when it is broken or defines entities.
    """
    from lxml import etree

    plain = {"remove_comments": True, "remove_pis": True}
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, **plain)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise LoadError(f"its XML is broken: {error.msg}; get it again from its source") from error
    own = root.getroottree().docinfo.internalDTD
    if own is not None and any(True for _ in own.iterentities()):
        raise LoadError("it defines entities of its own, which can hide or multiply words; save it without a DTD")
    for family in (federal_register, ecfr):
        drafts: list[Draft] = family.drafts(root)
        if drafts:
            return drafts
    return [Draft("XML", _any(root), {"language": root.get("{http://www.w3.org/XML/1998/namespace}lang", "")})]


def _any(root: Any) -> list[Block]:
    """An element with words of its own is a block, with all that stands inside it."""
    from lxml import etree

    blocks: list[Block] = []

    def walk(node: Any) -> None:
        if not isinstance(node.tag, str):
            return
        own = [node.text or "", *(child.tail or "" for child in node)]
        if any(part.strip() for part in own):
            line = " ".join("".join(node.itertext()).split())
            blocks.append(Block(line, etree.QName(node).localname.upper() in _HEADINGS))
            return
        for child in node:
            walk(child)

    walk(root)
    return blocks
