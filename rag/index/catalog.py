"""The documents of a generation, kept in SQLite: by number, by id, and who speaks in them.

Left out: how a document becomes a row and back (`layout`), and finding any by what is asked (`read`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from rag.datatypes import Document
from rag.errors import QuoteUnknown
from rag.index import layout


class Catalog:
    """The documents of one generation. Safe to share between threads; raises IndexDamaged when it cannot be read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        file = f"{(path / layout.CATALOG).resolve().as_uri()}?mode=ro&immutable=1"
        self._db = sqlite3.connect(file, uri=True, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db_lock = Lock()
        self._document_cached = lru_cache(maxsize=4096)(self._document_at)

    def document(self, document_id: str) -> Document:
        """Raises QuoteUnknown when this index holds no such document."""
        rows = self.row_of(document_id)
        if not rows:
            raise QuoteUnknown(f"This index holds no document {document_id!r}; it was changed or removed since.")
        return self._document_cached(rows[0])

    def row_of(self, document_id: str) -> list[int]:
        """Its number among the documents, alone in a list; empty when this index holds no such document."""
        return [row["n"] for row in self._rows_of("SELECT n FROM documents WHERE id = ?", document_id)]

    def find(self, document_id: str) -> Document | None:
        """The same, None when this index holds no such document."""
        with suppress(QuoteUnknown):
            return self.document(document_id)
        return None

    def documents(self) -> Iterator[Document]:
        """Every document, in the order of indexing."""
        for n in range(self._count()):
            yield self._document_at(n)

    def listed(self) -> list[Document]:
        """The same without their texts, which are not read: what a list of them needs."""
        rows = self._rows_of(
            "SELECT id, path, source, '' AS text, '[]' AS headings, '[]' AS pages FROM documents ORDER BY n"
        )
        return [layout.document_from(row) for row in rows]

    def sides(self) -> list[str]:
        """The sides that documents stand on, sorted; those without one are left out."""
        return [
            row["side"] for row in self._rows_of("SELECT DISTINCT side FROM documents ORDER BY side") if row["side"]
        ]

    def voices(self) -> list[tuple[str, str, str]]:
        """Every (actor, speaker, side) that a document carries, each once, sorted."""
        fields = ", ".join(f"coalesce(json_extract(source, '$.{name}'), '')" for name in ("actor", "speaker"))
        rows = self._rows_of(f"SELECT DISTINCT {fields}, side FROM documents ORDER BY 1, 2, 3")  # noqa: S608  our own names
        return [(row[0], row[1], row[2] or "") for row in rows]

    def has_titled(self, title: str) -> bool:
        """True when a document has these words in its title, whatever their case."""
        return any(title.lower() in known for known in self._titles)

    @cached_property
    def _titles(self) -> tuple[str, ...]:
        rows = self._rows_of("SELECT DISTINCT json_extract(source, '$.title') FROM documents")
        return tuple(str(row[0] or "").lower() for row in rows)

    def _count(self) -> int:
        return int(self._rows_of("SELECT count(*) FROM documents")[0][0])

    def _document_at(self, n: int) -> Document:
        (row,) = self._rows_of("SELECT * FROM documents WHERE n = ?", n)
        return layout.document_from(row)

    def _rows_of(self, query: str, *values: Any) -> list[sqlite3.Row]:
        with layout.sound(self.path.parent), self._db_lock:
            return self._db.execute(query, values).fetchall()
