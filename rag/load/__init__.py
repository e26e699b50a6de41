"""Files -> Documents: Markdown with front matter, plain text, HTML and PDF, with an optional sidecar `<file>.json`.

In the text of a Document a newline always ends a block: wrapped lines are joined here, headings are marked here.
XML, JSON, YAML and CSV count as documents only beside a sidecar that names them. Left out: DOCX, and fetching.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rag.datatypes import Document
from rag.errors import LoadError
from rag.load.blocks import Block
from rag.load.markup import markdown_blocks, read_html, read_xml
from rag.load.plain import plain_blocks, read_pdf
from rag.load.source import front_matter, is_sidecar, line_of, read_sidecar, sidecar_of, source_from
from rag.text import normalise

__all__ = ["Loaded", "discover", "load", "load_all", "reload", "sidecar_of"]

MAX_BYTES = 64 * 2**20  # the longest US Code title is about 30 MB; a 2 GB file is refused before it is read
TEXT, MARKDOWN, HTML, PDF = {".txt", ".text"}, {".md", ".markdown"}, {".html", ".htm", ".xhtml"}, {".pdf"}
LINES = {".jsonl"}  # many documents in a file, read only when it is named itself
WITH_SIDECAR = {".xml", ".json", ".yml", ".yaml", ".csv", ".tsv"}


@dataclass(slots=True)
class Loaded:
    """What a run of loading gave: documents, files that failed with the reason, and kinds of file passed over."""

    documents: list[Document] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)


def load_all(paths: Iterable[Path], progress: Callable[[int, int], None] = lambda *_: None) -> Loaded:
    """Load every document under `paths`. A bad file is named in `failures` and the rest goes on.

    Two files that give the same id (the same text from the same source, or an `id` used twice) count once.
    """
    result, seen = Loaded(), dict[str, Document]()
    files = list(discover(paths, result.skipped))
    for done, path in enumerate(files, 1):
        progress(done, len(files))
        try:
            documents = _documents(path)
        except LoadError as error:
            result.failures[str(path)] = str(error)
            continue
        for document in documents:
            first = seen.setdefault(document.id, document)
            if first is document:
                result.documents.append(document)
            elif first.version == document.version:
                result.failures[str(path)] = f"the same document as {first.path}; indexed once"
            else:
                result.failures[str(path)] = f"its id {document.id!r} is taken by {first.path}; give it another"
    return result


def reload(path: Path, document_id: str) -> Document:
    """Read one document anew from its file. Raises LoadError when the file no longer holds it."""
    for document in _documents(path):
        if document.id == document_id:
            return document
    raise LoadError("its file has changed and no longer holds this document")


def _documents(path: Path) -> list[Document]:
    return load_lines(path) if path.suffix.lower() in LINES else [load(path)]


def load_lines(path: Path) -> list[Document]:
    """A JSONL file as Documents: `text` and, as they are known, `id`, `title`, `publisher`, `date`, `url` a line.

    Raises LoadError naming the line.
    """
    documents = []
    for number, line in enumerate(_decode(_bytes(path)).split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            documents.append(_document(path, {**row, "text": None}, plain_blocks(row["text"])))
        except (LoadError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise LoadError(f"line {number} is no document ({error}); it needs a `text`") from error
    return documents


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
            if path == root or suffix in TEXT | MARKDOWN | HTML | PDF or sidecar_of(path).is_file():
                seen.add(path.resolve())
                yield path
            elif skipped is not None:
                skipped[suffix or path.name] = skipped.get(suffix or path.name, 0) + 1


def load(path: Path) -> Document:
    """Read one file as a Document.

    Raises LoadError, saying what is wrong and how to mend it.
    """
    data = _bytes(path)
    try:
        sidecar = read_sidecar(path)
    except OSError as error:
        raise LoadError(f"its sidecar cannot be read: {error.strerror}") from error
    except RecursionError as error:
        raise LoadError(f"its sidecar is nested too deeply; remove {sidecar_of(path).name}") from error
    try:
        meta, blocks = _read(path, data)
    except RecursionError as error:
        raise LoadError("it is nested too deeply to be read; turn it into plain text") from error
    return _document(path, {**meta, **sidecar}, blocks)


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size == 0:
            raise LoadError("the file is empty")
        if size > MAX_BYTES:
            raise LoadError(f"{size / 2**20:.0f} MB is over the limit of {MAX_BYTES // 2**20} MB; split the file")
        return path.read_bytes()
    except OSError as error:
        raise LoadError(f"cannot be read: {error.strerror}") from error


def _read(path: Path, data: bytes) -> tuple[dict[str, Any], list[Block]]:
    suffix = path.suffix.lower()
    if suffix in PDF:
        return read_pdf(data)
    if suffix in HTML:
        return read_html(_decode(data, _declared(data)))
    if suffix in {".xml"}:
        return {}, read_xml(data)
    if suffix in MARKDOWN:
        meta, body = front_matter(_decode(data))
        return meta, markdown_blocks(body)
    if suffix in TEXT:
        meta, body = front_matter(_decode(data))
        return meta, plain_blocks(body)
    if suffix in WITH_SIDECAR:
        return {}, [Block(line) for line in _decode(data).splitlines()]
    raise LoadError(f"{suffix or 'no'} files are not read; turn it into Markdown, text, HTML or PDF")


def _decode(data: bytes, declared: str = "") -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    if encoding == "utf-8-sig" and b"\0" in data[:4096]:
        raise LoadError("this is a binary file, not text, whatever its name says; turn it into text")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        with suppress(LookupError, UnicodeDecodeError):
            if declared:
                return data.decode(declared)
        import charset_normalizer

        guess = charset_normalizer.from_bytes(data[:100_000]).best()
        hint = f"; it may be {guess.encoding}: iconv -f {guess.encoding} -t utf-8" if guess else ""
        raise LoadError(f"not UTF-8 at byte {error.start}, and a guess could change words{hint}") from error


def _declared(page: bytes) -> str:
    """The encoding that a web page names, as browsers take it: the wider form of gb2312 and latin-1."""
    match = re.search(rb"charset\s*=\s*[\"']?\s*([\w-]+)", page[:4096], re.I)
    name = match[1].decode("ascii", "ignore").lower() if match else ""
    return {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "cp1252", "latin1": "cp1252"}.get(name, name)


def _document(path: Path, meta: Mapping[str, Any], blocks: Iterable[Block]) -> Document:
    text, headings = "", list[tuple[int, int]]()
    pages: list[int] = []
    for block in blocks:
        words = normalise(block.text).replace("\n", " ")
        if not words:
            continue
        if text:
            text += "\n"
        while block.page > len(pages):
            pages.append(len(text))
        if block.heading:
            headings.append((len(text), len(text) + len(words)))
        text += words
    if not text:
        raise LoadError("it holds no text")
    source = source_from(meta, path, text, headings)
    title = "" if source.title == path.stem else source.title  # the same text under another name is the same
    identity = "\n".join((title, source.publisher, source.published, source.url, text))
    return Document(
        id=line_of(meta.get("id") or "") or hashlib.sha256(identity.encode()).hexdigest()[:16],
        text=text,
        source=source,
        path=str(path.resolve()),
        headings=tuple(headings),
        pages=tuple(pages),
    )
