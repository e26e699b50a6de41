"""Files -> Documents: text, Markdown, HTML, PDF, DOCX, Federal Register and eCFR in XML or JSON, and JSON Lines.

A sidecar `<file>.json` may name title, publisher, date and more; else a document's own words do, or it is said what
they do not tell. In the text of a Document a newline always ends a block. Left out: fetching.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rag.datatypes import Document
from rag.errors import LoadError
from rag.load.blocks import Block, Draft
from rag.load.files import MAX_BYTES
from rag.load.read import LINES, PERHAPS, READ, UNKNOWN, WRITTEN, read
from rag.load.source import is_sidecar, line_of, read_sidecar, sidecar_of, source_from, without_false_days
from rag.load.stated import stated, title_of
from rag.text import normalise

__all__ = ["MAX_BYTES", "Loaded", "discover", "load", "load_all", "reload", "sidecar_of"]

# What a sidecar says of a whole file is not true of each of its documents; what it does say, JSONL knows better.
_OF_THE_FILE = {"title", "id", "url", "source_url", "citation", "publisher", "effective"}


@dataclass(slots=True)
class Loaded:
    """What a run of loading gave: documents, files that failed with the reason, and kinds of file passed over.

    `readers` says which reader read each document, by its id.
    """

    documents: list[Document] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    readers: dict[str, str] = field(default_factory=dict)

    def unknown(self) -> dict[str, int]:
        """How many documents do not tell their title, publisher, date or language."""
        counts: dict[str, int] = {}
        for name in (name for document in self.documents for name in document.source.unknown):
            counts[name] = counts.get(name, 0) + 1
        return counts


def load_all(
    paths: Iterable[Path], progress: Callable[[int, int], None] = lambda *_: None, sidecars: bool = True
) -> Loaded:
    """Load every document under `paths`. A bad file is named in `failures` and the rest goes on.

    Two files that give the same id (the same text from the same source, or an `id` used twice) count once. Without
    `sidecars` they only say which files are documents: what is known of them is then what they tell themselves.
    """
    result, seen, roots = Loaded(), dict[str, Document](), list(paths)
    files = list(discover(roots, result.skipped))
    for done, path in enumerate(files, 1):
        progress(done, len(files))
        try:
            found = list(_documents(path, sidecars))
        except LoadError as error:
            result.failures[str(path)] = str(error)
            continue
        if all(reader in UNKNOWN for reader, _ in found) and not sidecar_of(path).is_file() and path not in roots:
            result.skipped[path.suffix] = result.skipped.get(path.suffix, 0) + 1
            continue
        for reader, document in found:
            first = seen.setdefault(document.id, document)
            if first is document:
                result.documents.append(document)
                result.readers[document.id] = reader
            elif first.version == document.version:
                result.failures[str(path)] = f"the same document as {first.path}; indexed once"
            else:
                result.failures[str(path)] = f"its id {document.id!r} is taken by {first.path}; give it another"
    return result


def load(path: Path) -> Document:
    """Read a file that holds one document; of one that holds more, the first.

    Raises LoadError, saying what is wrong and how to mend it.
    """
    return next(_documents(path))[1]


def reload(path: Path, document_id: str) -> Document:
    """Read one document anew from its file. Raises LoadError when the file no longer holds it."""
    for _, document in _documents(path):
        if document.id == document_id:
            return document
    raise LoadError("its file has changed and no longer holds this document")


def discover(paths: Iterable[Path], skipped: dict[str, int] | None = None) -> Iterator[Path]:
    """Every file under `paths` that may be a document, sorted, once. README files, sidecars and dot-files are not.

    Raises LoadError when a path does not exist.
    """
    seen: set[Path] = set()
    for root in paths:
        if not root.exists():
            raise LoadError(f"There is no file or folder {root}.")
        files = [root] if root.is_file() else sorted(p for p in root.rglob("*") if p.is_file())
        for path in files:
            relative = path.relative_to(root).parts
            if path.resolve() in seen or any(part.startswith(".") for part in relative):
                continue
            if path != root and (path.stem.upper() == "README" or is_sidecar(path)):
                continue
            suffix = path.suffix.lower()
            if path == root or suffix in READ | PERHAPS or sidecar_of(path).is_file():
                seen.add(path.resolve())
                yield path
            elif skipped is not None:
                skipped[suffix or path.name] = skipped.get(suffix or path.name, 0) + 1


def _documents(path: Path, sidecars: bool = True) -> Iterator[tuple[str, Document]]:
    """(reader, document) for each document of a file."""
    try:
        sidecar = read_sidecar(path) if sidecars else {}
    except OSError as error:
        raise LoadError(f"its sidecar cannot be read: {error.strerror}") from error
    except RecursionError as error:
        raise LoadError(f"its sidecar is nested too deeply; remove {sidecar_of(path).name}") from error
    drafts = read(path)
    if not drafts:
        raise LoadError("it holds no document")
    lines = path.suffix.lower() in LINES
    shared = sidecar if len(drafts) == 1 else {n: v for n, v in sidecar.items() if n not in _OF_THE_FILE}
    for draft in drafts:
        told = {name: value for name, value in draft.meta.items() if value not in (None, "")}
        told = told if draft.reader in WRITTEN else without_false_days(told)
        yield draft.reader, _document(path, draft, {**shared, **told} if lines else {**told, **shared})


def _document(path: Path, draft: Draft, meta: dict[str, Any]) -> Document:
    text, headings = "", list[tuple[int, int]]()
    pages: list[int] = []
    blocks: list[Block] = []
    for block in draft.blocks:
        words = normalise(block.text).replace("\n", " ")
        if not any(map(str.isalnum, words)):  # nothing, or a rule of asterisks
            continue
        if text:
            text += "\n"
        while block.page > len(pages):
            pages.append(len(text))
        if block.heading:
            headings.append((len(text), len(text) + len(words)))
        text += words
        blocks.append(Block(words, block.heading))
    at = f"line {draft.meta['line']} is no document: " if draft.reader == "JSONL" else ""
    if not text:
        raise LoadError(f"{at}no text" if at else "it holds no text")
    try:
        source = source_from({**stated(blocks), **meta}, title_of(blocks, path.stem))
    except LoadError as error:
        raise LoadError(f"{at}{error}") from error
    identity = "\n".join((source.title, source.publisher, source.published, source.url, text))
    return Document(
        id=line_of(meta.get("id") or "") or hashlib.sha256(identity.encode()).hexdigest()[:16],
        text=text,
        source=source,
        path=str(path.resolve()),
        headings=tuple(headings),
        pages=tuple(pages),
    )
