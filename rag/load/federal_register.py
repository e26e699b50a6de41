"""Federal Register XML -> Drafts: each rule, proposed rule, notice and presidential document of an issue or a file.

The day of publication is that of the issue; a document on its own carries only the day it was filed, which is not it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from rag.load import gpo
from rag.load.blocks import Draft
from rag.load.days import days_in, first_day

_KINDS = ("RULE", "PRORULE", "NOTICE", "PRESDOCU", "CORRECT", "SUNSHIN", "UAGENDA")
_NUMBER = re.compile(r"FR Doc\.?\s*([A-Z]?\d[\w–-]+)")
_NAMED = re.compile(
    r"((?:Proclamation|Executive Order|Presidential Determination|Memorandum|Notice)\b.*?)(?: of \w+ \d.*)?$"
)
_EFFECTIVE = re.compile(
    r"[Ee]ffective(?: date)?(?: of this \w+)?(?: is)?:?(?: on| as of| from| beginning)?,?\s+(?=[A-Z\d])"
)
_PRESIDENT = ("EXECORDR", "PROC", "DETERM", "PRMEMO", "PRNOTICE", "PRORDER")


def drafts(root: Any) -> list[Draft]:
    """Every document below `root`, [] when this is no Federal Register XML."""
    found = [node for node in root.iter(*_KINDS) if not any(a.tag in _KINDS for a in node.iterancestors())]
    if root.tag not in ("FEDREG", *_KINDS) or not found:
        return []
    places = dict(_places(root))
    volume, issued = root.findtext(".//VOL") or "", days_in(root.findtext(".//DATE") or "")
    return [_draft(node, volume, places.get(node, ""), issued[0] if issued else "") for node in found]


def _draft(node: Any, volume: str, page: str, issued: str) -> Draft:
    number = _NUMBER.search(" ".join(node.itertext("FRDOC")))
    document = number[1].replace("–", "-") if number else ""
    place = f"{volume} FR {page}" if volume and page else ""
    meta = {
        "title": _title(node),
        "publisher": _publisher(node),
        "published": issued,
        "effective": _effective(node),
        "instrument": _instrument(node),
        "citation": ", ".join(x for x in (place, f"FR Doc. {document}" if document else "") if x),
        "url": f"https://www.federalregister.gov/d/{document}" if document else "",
        "language": "en",
    }
    return Draft("Federal Register XML", list(gpo.blocks(node)), {k: v for k, v in meta.items() if v})


def _places(root: Any) -> Iterator[tuple[Any, str]]:
    """(document, number of the page on which its first words stand)."""
    page, waiting = "", None
    for node in root.iter():
        if node.tag in _KINDS:
            waiting = node
        elif node.tag == "PRTPAGE":
            page = node.get("P", "")
        elif waiting is not None and (node.text or "").strip():
            yield waiting, page
            waiting = None


def _first(node: Any, *paths: str) -> str:
    for path in paths:
        found = node.find(path)
        if found is not None and (line := " ".join(gpo.words(found).split())):
            return line
    return ""


def _title(node: Any) -> str:
    return _first(node, "PREAMB/SUBJECT", ".//SUBJECT", ".//HD[@SOURCE='HED']", *(f".//{tag}" for tag in _PRESIDENT))


def _publisher(node: Any) -> str:
    if node.tag == "PRESDOCU":
        return _first(node, ".//PRES")
    names = (_first(node, f"PREAMB/{tag}", f".//{tag}") for tag in ("AGENCY", "SUBAGY"))
    return ", ".join(_in_small_letters(name) if name.isupper() else name for name in names if name)


def _in_small_letters(name: str) -> str:
    """The name of an agency as it is written elsewhere: "DEPARTMENT OF HEALTH" -> Department of Health."""
    return re.sub(r"\b(?:Of|And|The|For|On|To|In)\b", lambda m: m[0].lower(), name.title()).replace("'S", "'s")


def _instrument(node: Any) -> str:
    named = _NAMED.match(_first(node, *(f".//{tag}" for tag in _PRESIDENT)))
    return named[1] if named else ""


def _effective(node: Any) -> str:
    """The one day on which all of it takes effect, where the DATES paragraph names just one such day."""
    text = " ".join(" ".join(gpo.words(part).split()) for tag in ("EFFDATE", "DATES") for part in node.iter(tag))
    days = {day for phrase in _EFFECTIVE.split(text)[1:] if (day := first_day(phrase))}
    return days.pop() if len(days) == 1 else ""
