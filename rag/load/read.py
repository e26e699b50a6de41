"""One file -> its Drafts, by its kind: which reader reads which suffix."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from rag.errors import LoadError
from rag.load.blocks import Block, Draft
from rag.load.docx import read_docx
from rag.load.files import declared_encoding, decode, read_bytes
from rag.load.html import read_html
from rag.load.json import read_json
from rag.load.markdown import read_markdown
from rag.load.pdf import read_pdf
from rag.load.plain import plain_blocks
from rag.load.source import front_matter
from rag.load.xml import read_xml

LINES = {".jsonl"}  # many documents in a file, read only when it is named itself
PERHAPS = {".xml", ".json"}  # read where their kind is known, or a sidecar names them
TABLES = {".yml", ".yaml", ".csv", ".tsv"}  # read only beside a sidecar
UNKNOWN = {"XML", "JSON"}  # readers of what is of no known kind
WRITTEN = {"text", "Markdown", "JSONL"}  # readers whose metadata a person wrote, and can mend


def read(path: Path) -> list[Draft]:
    """The documents of a file, as its reader found them.

    Raises LoadError, saying what is wrong and how to mend it. A disk or a memory that is full is no fault of the file
    and stays what it is.
    """
    suffix = path.suffix.lower()
    reader = _READERS.get(suffix)
    if reader is None:
        raise LoadError(f"{suffix or 'no'} files are not read; turn it into Markdown, text, HTML, DOCX or PDF")
    data = read_bytes(path)
    try:
        return reader(data)
    except RecursionError as error:
        raise LoadError("it is nested too deeply to be read; turn it into plain text") from error
    except (LoadError, MemoryError):
        raise
    except Exception as error:  # other people's readers fail in more ways than can be listed; one file ends no run
        if isinstance(error, OSError) and error.errno:
            raise
        raise LoadError(f"it cannot be read ({type(error).__name__}); turn it into plain text") from error


def _html(data: bytes) -> list[Draft]:
    return [read_html(decode(data, declared_encoding(data)))]


def _text(data: bytes) -> list[Draft]:
    meta, body = front_matter(decode(data))
    return [Draft("text", plain_blocks(body), meta)]


def _table(data: bytes) -> list[Draft]:
    return [Draft("table", [Block(line) for line in decode(data).splitlines()])]


def _lines(data: bytes) -> list[Draft]:
    """JSON Lines: `text` and, as they are known, `id`, `title`, `publisher`, `date`, `url` a line."""
    drafts = []
    for number, line in enumerate(decode(data).split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            drafts.append(Draft("JSONL", plain_blocks(row["text"]), {**row, "text": None, "line": number}))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise LoadError(f"line {number} is no document ({error}); it needs a `text`") from error
    return drafts


_READERS: dict[str, Callable[[bytes], list[Draft]]] = {
    **dict.fromkeys((".txt", ".text"), _text),
    **dict.fromkeys((".md", ".markdown"), lambda data: [read_markdown(decode(data))]),
    **dict.fromkeys((".html", ".htm", ".xhtml"), _html),
    ".pdf": lambda data: [read_pdf(data)],
    ".docx": lambda data: [read_docx(data)],
    ".xml": read_xml,
    ".json": lambda data: read_json(decode(data)),
    ".jsonl": _lines,
    **dict.fromkeys(TABLES, _table),
}
READ = frozenset(_READERS) - LINES - PERHAPS - TABLES  # read wherever they stand
