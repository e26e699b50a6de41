"""Federal Register: a document by its number, from the public API. Metadata as JSON, the text as XML.

https://www.federalregister.gov/developers/documentation/api/v1
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rag.errors import FetchError
from rag.fetch.body import EXTENSIONS, check, parse_json
from rag.fetch.hold import Found, Holding
from rag.fetch.sources import Entry
from rag.fetch.visit import Visitor

API = "https://www.federalregister.gov/api/v1"
_FIELDS = (
    "document_number title type action dates citation publication_date effective_on html_url full_text_xml_url "
    "body_html_url agencies"
).split()


def look(entry: Entry, api: str, visitor: Visitor, holding: Holding) -> list[Found]:
    """The text as it stands now; none when it has not changed. Raises FetchError."""
    fields = "&".join(f"fields[]={name}" for name in _FIELDS)
    about = parse_json(visitor.get(f"{api}/documents/{entry.number}.json?{fields}", robots=False))
    if about["document_number"] != entry.number:
        raise FetchError(f"asked for {entry.number}, the Federal Register gave {about['document_number']}")
    form, url = "xml", about.get("full_text_xml_url")
    if not url:
        form, url = "html", about.get("body_html_url")
    if not url:
        raise FetchError(f"the Federal Register has no text of {entry.number} yet, only a PDF")
    reply = visitor.get(url, holding.seen, robots=False)
    if not reply.changed:
        current = holding.versions[-1]
        holding.versions[-1] = replace(current, facts=current.facts | _facts(about))
        return []
    form = check(reply, form)
    facts = _facts(about) | {"etag": reply.headers.get("etag", "")}
    # Another text under the same number begins when it is found.
    start = "" if holding.versions else str(about["publication_date"])
    return [Found(reply.body, EXTENSIONS[form], about.get("html_url") or entry.url, start, facts=facts)]


def _facts(about: dict[str, Any]) -> dict[str, str]:
    agencies = [a.get("name") or a.get("raw_name") or "" for a in about.get("agencies") or []]
    facts = {
        "title": about["title"],
        "publisher": ", ".join(dict.fromkeys(filter(None, agencies))),
        "citation": "; ".join(filter(None, [about.get("citation"), f"FR Doc. {about['document_number']}"])),
        "effective": about.get("effective_on"),
        "instrument": about.get("action") or about.get("type"),
        "dates_note": about.get("dates"),
    }
    return {name: str(value) for name, value in facts.items() if value}
