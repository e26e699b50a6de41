"""JSON -> Drafts: what the Federal Register and regulations.gov APIs give by its fields, anything else leaf by leaf."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rag.errors import LoadError
from rag.load.blocks import Block, Draft
from rag.load.html import read_html
from rag.load.plain import plain_blocks

_OWN = ("title", "publisher", "date", "url", "language", "citation")  # fields of an unknown kind that speak for it
_BODIES = ("body_html", "full_text_html", "body", "full_text", "raw_text", "text")


def read_json(text: str) -> list[Draft]:
    """The documents of a JSON file, many for a page of search results.

    Raises LoadError when it is no JSON or cut short.
    """
    try:
        value = json.loads(text)
    except ValueError as error:
        raise LoadError(f"its JSON is broken or cut short ({error}); get it again from its source") from error
    rows = value.get("results", value.get("data", value)) if isinstance(value, dict) else value
    rows = rows if isinstance(rows, list) else [rows]
    for reads in (_federal_register, _regulations):
        if rows and all(isinstance(r, dict) for r in rows) and all(drafts := [reads(r) for r in rows]):
            return [draft for draft in drafts if draft]
    said = {n: v for n, v in value.items() if n in _OWN and isinstance(v, str)} if isinstance(value, dict) else {}
    return [Draft("JSON", list(_leaves(value)), {"title": said.get("citation", ""), **said})]


def _federal_register(row: dict[str, Any]) -> Draft | None:
    """https://www.federalregister.gov/developers: a document, with or without its body."""
    if not row.get("document_number") or not row.get("title"):
        return None
    agencies = [a for a in _list(row.get("agencies")) if isinstance(a, dict)]
    names = [a.get("name") or a.get("raw_name") for a in agencies] or _list(row.get("agency_names"))
    cites = (row.get("citation"), f"FR Doc. {row['document_number']}")
    meta = {
        "title": row["title"],
        "publisher": ", ".join(str(name) for name in names if name),
        "published": row.get("publication_date"),
        "effective": row.get("effective_on"),
        "citation": ", ".join(str(c) for c in cites if c),
        "url": row.get("html_url"),
        "language": "en",
    }
    said = [Block(str(row["title"]), heading=True)]
    said += [Block(str(row[name])) for name in ("type", "action", "dates") if row.get(name)]
    return Draft("Federal Register JSON", [*said, *_abstract(row.get("abstract")), *_body(row)], _known(meta))


def _regulations(row: dict[str, Any]) -> Draft | None:
    """https://open.gsa.gov/api/regulationsgov: a document is what it says under `attributes`."""
    said = row.get("attributes")
    if not isinstance(said, dict) or not said.get("title") or not said.keys() & {"agencyId", "postedDate", "frDocNum"}:
        return None
    number = said.get("frDocNum")
    meta = {
        "title": said["title"],
        "publisher": said.get("agencyId"),
        "published": str(said.get("postedDate") or "")[:10],
        "effective": str(said.get("effectiveDate") or "")[:10],
        "citation": f"FR Doc. {number}" if number else "",
        "url": f"https://www.regulations.gov/document/{row['id']}" if row.get("id") else "",
        "language": "en",
    }
    blocks = [Block(str(said["title"]), heading=True)]
    blocks += [Block(str(said[name])) for name in ("documentType", "cfrPart", "subject") if said.get(name)]
    return Draft("regulations.gov JSON", [*blocks, *_abstract(said.get("docAbstract")), *_body(said)], _known(meta))


def _abstract(text: Any) -> list[Block]:
    return [Block("Abstract", heading=True), *plain_blocks(str(text))] if text else []


def _body(row: dict[str, Any]) -> list[Block]:
    for name in _BODIES:
        if isinstance(text := row.get(name), str) and text.strip():
            return read_html(text).blocks if text.lstrip().startswith("<") else plain_blocks(text)
    return []


def _leaves(value: Any, name: str = "") -> Iterator[Block]:
    """`name: value` for each string and number; a list of them is one block."""
    prefix = f"{name}: " if name else ""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, str(key))
    elif isinstance(value, list) and all(isinstance(x, str | int | float) for x in value):
        if value:
            yield Block(prefix + ", ".join(map(str, value)))
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, name)
    elif value is not None and not isinstance(value, bool):
        yield Block(f"{prefix}{value}")


def _known(meta: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in meta.items() if value}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
