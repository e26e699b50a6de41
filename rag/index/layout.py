"""Names of files, the manifest, and how a Document is kept in SQLite. Shared by `read` and `write`."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rag.datatypes import Document, Reference, Source
from rag.errors import IndexDamaged

FORMAT = 3  # raise it when an index of the older form can no longer be read
COLLECTION = "passages"
CURRENT, LOCK, MANIFEST, CATALOG = "current", "writer.lock", "manifest.json", "catalog.sqlite"
PASSAGES, SENTENCES, SENTENCE_VECTORS, IDS = "passages.npy", "sentences.npy", "sentence_vectors.npy", "ids.npy"
KEYS = "keys.npy"
WORDS, WORD_ROWS = "words.npy", "word_rows.npy"

_SCHEMA = """CREATE TABLE documents (
    n INTEGER PRIMARY KEY, id TEXT UNIQUE, version TEXT, path TEXT, published TEXT, side TEXT,
    text TEXT, source TEXT, headings TEXT, pages TEXT)"""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was made from. `files` maps each file read to its [size, mtime in ns].

    Documents are dated `oldest` to `newest`; `checked` is the last day as of which a status was recorded.
    """

    fingerprint: str
    model: str
    recipe: str
    digest: str
    documents: int
    passages: int
    sentences: int
    oldest: str = ""
    newest: str = ""
    checked: str = ""
    files: dict[str, list[int]] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    def save(self, folder: Path) -> None:
        """Write it in one step, so that a reader sees the old one or the new one."""
        replace(folder / MANIFEST, json.dumps(asdict(self), ensure_ascii=False, indent=1))

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Raises OSError or ValueError when it is gone or not a manifest of this format."""
        data = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise ValueError("it was made by another version of ChipQuote")
        return cls(**data)


def damaged(folder: Path, why: object) -> IndexDamaged:
    """The error that says so and how to mend it."""
    return IndexDamaged(f"The index in {folder} is damaged ({why}). Rebuild it: python -m rag index")


@contextmanager
def sound(folder: Path) -> Iterator[None]:
    """What a file that is not whole raises becomes IndexDamaged."""
    try:
        yield
    except (OSError, ValueError, TypeError, EOFError, IndexError, sqlite3.Error) as error:
        raise damaged(folder, error) from error


def replace(path: Path, text: str) -> None:
    """Write a small file whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def save_documents(path: Path, documents: Iterable[Document]) -> None:
    """Write the catalog, in order."""
    with sqlite3.connect(path) as db:
        db.execute(_SCHEMA)
        db.executemany(
            "INSERT INTO documents VALUES (?,?,?,?,?,?,?,?,?,?)",
            (
                (
                    n,
                    d.id,
                    d.version,
                    d.path,
                    d.source.published,
                    d.source.side,
                    d.text,
                    json.dumps(asdict(d.source), ensure_ascii=False),
                    json.dumps(d.headings),
                    json.dumps(d.pages),
                )
                for n, d in enumerate(documents)
            ),
        )
    db.close()


def document_from(row: sqlite3.Row) -> Document:
    """A Document from a row of the catalog."""
    source = json.loads(row["source"])
    for name in ("supersedes", "superseded_by", "unknown"):
        source[name] = tuple(source.get(name, ()))
    source["references"] = tuple(Reference(**r) for r in source["references"])
    return Document(
        id=row["id"],
        text=row["text"],
        source=Source(**source),
        path=row["path"],
        headings=tuple((a, b) for a, b in json.loads(row["headings"])),
        pages=tuple(json.loads(row["pages"])),
    )
