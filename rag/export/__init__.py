"""Answers -> a file to keep: Markdown, JSON or PDF, each quote with its source, key, permalink and what became of it.

It shows answers that the pipeline gave; it takes nobody's word for what was quoted. Left out: asking (`pipeline`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from rag.datatypes import Answer, Quote
from rag.errors import ExportError
from rag.export.markdown import as_markdown
from rag.export.outline import outline
from rag.present import answer_json, citations

EXPORT = 1  # the version of the JSON's shape
# name -> media type, ending
FORMATS = {
    "markdown": ("text/markdown", ".md"),
    "json": ("application/json", ".json"),
    "pdf": ("application/pdf", ".pdf"),
}


def export(answers: Sequence[Answer], form: str, made: datetime, site: str = "") -> bytes:
    """The answers, in the order of a conversation, in one of `FORMATS`.

    `made` (UTC) is when they were given; `site` is the address of the server where permalinks lead.
    """
    if form == "json":
        return json.dumps(_as_json(answers, made, site), ensure_ascii=False, indent=2).encode()
    lines = outline(answers, made.date(), site.rstrip("/"))
    if form == "markdown":
        return as_markdown(lines).encode()
    from rag.export.pdf import as_pdf  # fonts and PDF cost seconds that only a PDF is worth

    return as_pdf(lines, made)


def form_of(file: Path) -> str:
    """The format that a file's name asks for. Raises ExportError when it is none of ours."""
    for form, (_, ending) in FORMATS.items():
        if file.suffix.lower() == ending:
            return form
    endings = ", ".join(ending for _, ending in FORMATS.values())
    raise ExportError(f"{file.name} names no format to export to. Let it end in one of: {endings}.")


def write(content: bytes, file: Path) -> None:
    """Write an export. Raises ExportError when the disk or the folder does not let it; a file that was there stays."""
    beside = file.with_name(f".{file.name}.part")
    try:
        beside.write_bytes(content)
        beside.replace(file)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise ExportError(
            f"Cannot write {file}: {error.strerror or error}. Name a file that can be written."
        ) from error


def _as_json(answers: Sequence[Answer], made: datetime, site: str) -> dict[str, object]:
    shown = []
    for answer in answers:
        whole = answer_json(answer)
        related = answer.related if answer.near else ()
        for quote, own in zip([*answer.quotes, *related], whole["quotes"] + whole["related"], strict=True):
            own |= {"citations": citations(quote, site)} | _permalink(quote, site)
        shown.append(whole)
    return {"export": EXPORT, "made": made.strftime("%Y-%m-%dT%H:%M:%SZ"), "answers": shown}


def _permalink(quote: Quote, site: str) -> dict[str, str]:
    return {"permalink": f"{site.rstrip('/')}/quote/{quote.key}"} if site else {}
