"""eCFR: a section or a supplement of title 15, today and as of earlier days, from the public versioner API.

The API says on which days a text changed, so each text comes with the day it begins and the last day it was in force,
and one that is held already is not asked for again. One ECCN is cut out of the supplement that carries all of them.
https://www.ecfr.gov/developers/documentation/api/v1
"""

from __future__ import annotations

import hashlib
import re
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from rag.errors import FetchError
from rag.fetch.body import check, parse_json, parse_xml
from rag.fetch.hold import Found, Holding
from rag.fetch.sources import Entry
from rag.fetch.visit import Reply, Visitor

API = "https://www.ecfr.gov/api/versioner/v1"
SITE = "https://www.ecfr.gov"
_ECCN = re.compile(r"\s*(\d[A-E]\d{3})\s")
_GROUP = re.compile(r"\s*(category \d|[A-E]\. )", re.I)  # headings between the entries of the Commerce Control List


@dataclass(slots=True)
class Ecfr:
    """The API during one run: what several sources need is asked once."""

    api: str
    visitor: Visitor
    _replies: dict[str, Reply] = field(default_factory=dict)

    def look(self, entry: Entry, holding: Holding) -> list[Found]:
        """Every wanted text that is not held yet; none as of a day before there was one. Raises FetchError."""
        today = self._up_to_date()
        changes = self._changes(entry)
        found = []
        for day in sorted({*entry.versions, today}):
            start = max((c for c in changes if c <= day), default="")
            if start and start not in holding.days:
                found.append(self._text(entry, day, start))
                holding.days.append(start)
        starts = {f.start for f in found} | {v.start for v in holding.versions}
        changes = [c for c in changes if c in starts or c not in holding.days]  # the words stood on the others
        newest = max([f.start for f in found] + [v.start for v in holding.versions], default="")
        for n, v in enumerate(holding.versions):
            holding.versions[n] = replace(v, end=_end(entry, v.start, changes), url=_page(entry, v.start, newest))
        return [replace(f, end=_end(entry, f.start, changes), url=_page(entry, f.start, newest)) for f in found]

    def _up_to_date(self) -> str:
        titles = parse_json(self._get(f"{self.api}/titles.json"))["titles"]
        return str(next(t for t in titles if t["number"] == 15)["up_to_date_as_of"])

    def _changes(self, entry: Entry) -> list[str]:
        """The days on which its words changed, oldest first."""
        rows = parse_json(self._get(f"{self.api}/versions/title-15.json?{_query(entry)}"))["content_versions"]
        rows = [row for row in rows if row["identifier"] == (entry.section or entry.appendix)]
        if not rows:
            raise FetchError(f"the eCFR knows no {entry.section or entry.appendix} in part {entry.part}")
        newest = max(rows, key=lambda row: row["date"])
        if newest["removed"]:
            raise FetchError(f"the eCFR says that it was removed on {newest['date']}")
        oldest = min(row["date"] for row in rows)
        return sorted({oldest, *(row["date"] for row in rows if row["substantive"] and not row["removed"])})

    def _text(self, entry: Entry, day: str, start: str) -> Found:
        reply = self._get(f"{self.api}/full/{day}/title-15.xml?{_query(entry)}")
        check(reply, "xml")
        body = cut(reply, entry.eccn) if entry.eccn else reply.body
        received = hashlib.sha256(reply.body).hexdigest()
        return Found(body, ".xml", entry.url, start, received=received)

    def _get(self, url: str) -> Reply:
        """Several ECCNs stand in one supplement of some megabytes: it is asked for once."""
        if url not in self._replies:
            self._replies[url] = self.visitor.get(url, robots=False)
        return self._replies[url]


def cut(reply: Reply, eccn: str) -> bytes:
    """One entry of the Commerce Control List: from its heading to the next one, as it stands in the supplement.

    Raises FetchError when the supplement has no such entry.
    """
    from lxml import etree

    root = parse_xml(reply)
    head = next((node for node in root.iter() if _eccn_of(node) == eccn), None)
    if head is None:
        raise FetchError(f"{reply.url} has no entry {eccn}")
    entry = etree.Element(root.tag, dict(root.attrib))
    title = root.find("HEAD")
    if title is not None:
        entry.append(deepcopy(title))
    entry.append(deepcopy(head))
    for node in head.itersiblings():
        if _eccn_of(node) or (str(node.tag).startswith("HD") and _GROUP.match("".join(node.itertext()))):
            break
        entry.append(deepcopy(node))
    return bytes(etree.tostring(entry, xml_declaration=True, encoding="UTF-8"))


def _eccn_of(node: Any) -> str:
    """The ECCN that a node is the heading of: a paragraph that begins with it in bold."""
    if not isinstance(node.tag, str) or (node.text or "").strip() or not len(node):
        return ""
    bold = node[0] if node[0].tag in ("B", "E") else None
    match = _ECCN.match("".join(bold.itertext())) if bold is not None else None
    return match[1] if match else ""


def _query(entry: Entry) -> str:
    which = {"section": entry.section} if entry.section else {"appendix": entry.appendix}
    return urlencode({"part": entry.part, **which}, quote_via=quote)


def _end(entry: Entry, start: str, changes: list[str]) -> str:
    """The last day of a text that began on `start`.

    Of an ECCN we know that it stood, not when it ended: another entry may be what changed in the supplement.
    """
    after = next((c for c in changes if c > start), "")
    return "" if entry.eccn or not after else (date.fromisoformat(after) - timedelta(days=1)).isoformat()


def _page(entry: Entry, start: str, newest: str) -> str:
    """The page that a person can open for it."""
    at = "current" if start == newest else f"on/{start}"
    place = f"section-{entry.section}" if entry.section else f"part-{entry.part}/appendix-{quote(entry.appendix)}"
    return f"{SITE}/{at}/title-15/{place}"
