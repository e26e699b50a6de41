"""eCFR XML -> Drafts: one for each part of the Code of Federal Regulations, and one for what stands outside parts.

The date is that of the version asked for where the file names it, else the day of the last amendment.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import Any

from rag.load import gpo
from rag.load.blocks import Draft
from rag.load.days import days_in

_PART = "DIV5"
_DIVISIONS = tuple(f"DIV{n}" for n in range(1, 10))
_PLACE = re.compile(r"/on/(\d{4}-\d\d-\d\d)(/\S*)")


def drafts(root: Any) -> list[Draft]:
    """Every part below `root`, [] when this is no eCFR XML."""
    if root.tag not in ("ECFR", "DLPSTEXTCLASS", "CFRDOC", *_DIVISIONS) or not any(
        True for _ in root.iter(*_DIVISIONS)
    ):
        return []
    amended = days_in(root.findtext(".//AMDDATE") or "")
    date = amended[0] if amended else ""
    for node in list(root.iter("HEADER", "AMDDATE", "VOLUME", "FMTR")):
        node.getparent().remove(node)
    title = next((_head(d) for d in root.iter("DIV1")), "")
    parts = list(root.iter(_PART))
    found = [_draft(part, title, date) for part in parts if _says_more_than_headings(part)]
    for part in parts:
        if part is not root:
            part.getparent().remove(part)
    rest = next(root.iter(*_DIVISIONS))
    if rest.tag != _PART and _says_more_than_headings(rest):
        found.append(_draft(rest, "" if rest.tag == "DIV1" else title, date))
    return found


def _says_more_than_headings(node: Any) -> bool:
    return any(not block.heading for block in gpo.blocks(node))


def _draft(node: Any, title: str, date: str) -> Draft:
    meta = {
        "title": ", ".join(x for x in (title, _head(node)) if x),
        "publisher": "Electronic Code of Federal Regulations",
        "published": date,
        "language": "en",
        **_place(node),
    }
    return Draft("eCFR XML", list(gpo.blocks(node)), {k: v for k, v in meta.items() if v})


def _head(node: Any) -> str:
    return " ".join(gpo.words(head).split()) if (head := node.find("HEAD")) is not None else ""


def _place(node: Any) -> dict[str, str]:
    """Date, address and citation of the version, as newer files carry them on each division."""
    with suppress(ValueError, TypeError, AttributeError):
        said = json.loads(node.get("hierarchy_metadata", ""))
        place = _PLACE.search(said.get("path", ""))
        found = {"citation": str(said.get("citation", ""))}
        return found | ({"published": place[1], "url": f"https://www.ecfr.gov{place[0]}"} if place else {})
    return {}
