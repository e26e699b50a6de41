"""A built index: search by meaning (Chroma) and by words (BM25), look up passages, sentences and documents.

A reader keeps the generation it opened, whatever is built beside it. Left out: fusing the searches (`rag.retrieve`).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.datatypes import Document, Passage, Span, published_by
from rag.errors import IndexDamaged, IndexMismatch, IndexMissing, QuoteUnknown
from rag.index import layout
from rag.index.tokens import TokenReader

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage by its number, and its score in one search (cosine, or BM25)."""

    passage: int
    score: float


def open_chroma(folder: Path, create: bool = False) -> Any:
    """The collection of passages. Chroma's telemetry is off and it embeds nothing itself."""
    import chromadb
    from chromadb.config import Settings

    client = chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))
    if not create:
        return client.get_collection(layout.COLLECTION, embedding_function=None)
    return client.create_collection(
        layout.COLLECTION,
        embedding_function=None,
        configuration={"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200}},
    )


def _lost_of_graph(chroma: Path) -> str:
    """The file of a stored graph that is missing or empty, or "".

    Chroma's reader does not look, and now and then takes the whole process down with it.
    """
    for stored in chroma.glob("*/index_metadata.pickle"):
        for name in ("header.bin", "data_level0.bin", "length.bin"):
            file = stored.with_name(name)
            if not file.is_file() or not file.stat().st_size:
                return name
    return ""


def _current(folder: Path) -> str:
    remedy = "Run `python -m rag index` to build it."
    try:
        return (folder / layout.CURRENT).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise IndexMissing(f"There is no index in {folder}. {remedy}") from error
    except (OSError, ValueError) as error:
        raise IndexDamaged(f"The index in {folder} cannot be read ({error}). {remedy}") from error


class Index:
    """The generation that `current` named when it was opened. Safe to share between threads."""

    def __init__(self, path: Path, manifest: layout.Manifest, held: Any) -> None:
        self.path, self.manifest, self._held = path, manifest, held
        self._passages = np.asarray(np.load(path / layout.PASSAGES, mmap_mode="r"))
        self._sentences = np.asarray(np.load(path / layout.SENTENCES, mmap_mode="r"))
        self._sentence_vectors = np.asarray(np.load(path / layout.SENTENCE_VECTORS, mmap_mode="r"))
        self._ids = np.load(path / layout.IDS)
        catalog = f"{(path / layout.CATALOG).resolve().as_uri()}?mode=ro&immutable=1"
        self._db = sqlite3.connect(catalog, uri=True, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db_lock = Lock()
        self._document_cached = lru_cache(maxsize=4096)(self._document_at)

    @classmethod
    def open(cls, folder: Path, fingerprint: str | None = None) -> Index:
        """Open the current generation.

        Raises IndexMissing, IndexDamaged, or IndexMismatch when it was made by a model of another `fingerprint`.
        """
        name = _current(folder)
        while True:
            try:
                return cls._opened(folder, name, fingerprint)
            except IndexDamaged:
                before, name = name, _current(folder)
                if name == before:  # else a build has switched and cleared it away under our hands
                    raise

    @classmethod
    def _opened(cls, folder: Path, name: str, fingerprint: str | None) -> Index:
        import portalocker

        path = folder / name
        try:
            manifest = layout.Manifest.read(path)
            if fingerprint is not None and manifest.fingerprint != fingerprint:
                raise IndexMismatch(
                    f"The index in {folder} was made with the model {manifest.model!r}, another than the one set. "
                    "Run `python -m rag index` to rebuild it, or set CHIPQUOTE_MODEL back."
                )
            held = (path / layout.PASSAGES).open("rb")
            portalocker.lock(held, portalocker.LOCK_SH | portalocker.LOCK_NB)
            return cls(path, manifest, held)
        except (OSError, ValueError, TypeError, EOFError, sqlite3.Error, portalocker.LockException) as error:
            raise IndexDamaged(
                f"The index in {folder} is damaged ({error}). Rebuild it: python -m rag index"
            ) from error

    def close(self) -> None:
        """Let go of the generation, so that a later build may clear it away."""
        self._db.close()
        self._held.close()

    def __len__(self) -> int:
        return len(self._passages)

    def by_meaning(self, vector: NDArray[np.float32], k: int, allowed: Mask | None = None) -> list[Hit]:
        """The `k` nearest passages by cosine, best first, of those `allowed`.

        Filtering is done here: Chroma's own `where` costs 50 to 300 times an unfiltered query.
        """
        want, hits = min(k, len(self)), list[Hit]()
        while want:
            found = self._from_chroma("query", query_embeddings=[vector], n_results=want, include=["distances"])
            numbers = [self._number[i] for i in found["ids"][0]]
            hits = [Hit(n, 1 - d) for n, d in zip(numbers, found["distances"][0], strict=True)]
            if allowed is not None:
                hits = [hit for hit in hits if allowed[hit.passage]][:k]
            if allowed is None or len(hits) >= min(k, int(allowed.sum())) or want == len(self):
                break
            want = min(want * 8, len(self))
        return hits

    def by_words(self, tokens: Sequence[str], k: int, allowed: Mask | None = None) -> list[Hit]:
        """The `k` best passages by BM25, best first; those without any of the words are left out."""
        known = [t for t in tokens if t in self._bm25.vocab_dict]
        if not known or not len(self):
            return []
        scores = self._bm25.get_scores(known)
        if allowed is not None:
            scores = np.where(allowed, scores, 0)
        k = min(k, len(scores))
        top = np.argpartition(-scores, k - 1)[:k]
        top = top[np.lexsort((top, -scores[top]))]
        return [Hit(int(n), float(scores[n])) for n in top if scores[n] > 0]

    def rarity(self, token: str) -> float:
        """The inverse document frequency of a search token over the passages; a word never seen is the rarest."""
        column = self._bm25.vocab_dict.get(token)
        seen = 0
        if column is not None:
            pointers = self._bm25.scores["indptr"]
            seen = int(pointers[column + 1] - pointers[column])
        return float(np.log(1 + (len(self) - seen + 0.5) / (seen + 0.5)))

    def passage(self, number: int) -> Passage:
        """Passage `number` with its sentences."""
        n, start, end, _ = (int(x) for x in self._passages[number])
        document = self._document_cached(n)
        spans = tuple(Span(document, int(a), int(b)) for a, b in self._sentences[self._rows(number)])
        above = [h for h in document.headings if h[0] <= start]
        heading = document.text[slice(*above[-1])] if above else ""
        return Passage(document, start, end, spans, heading)

    def sentence_vectors(self, number: int) -> NDArray[np.float32]:
        """The vectors (m, d) of the sentences of passage `number`."""
        return np.asarray(self._sentence_vectors[self._rows(number)], np.float32)

    def allowed(self, as_of: date | None = None, side: str = "") -> Mask | None:
        """Which passages were published by `as_of` and stand on `side`; None when nothing is left out."""
        if as_of is None and not side:
            return None
        keep = np.array(
            [
                (as_of is None or published_by(published, as_of)) and (not side or side == own)
                for published, own in self._rows_of("SELECT published, side FROM documents ORDER BY n")
            ],
            bool,
        )
        return np.asarray(keep[self._passages[:, 0]], bool)

    def document(self, document_id: str) -> Document:
        """Raises QuoteUnknown when this index holds no such document."""
        rows = list(self._rows_of("SELECT n FROM documents WHERE id = ?", document_id))
        if not rows:
            raise QuoteUnknown(f"This index holds no document {document_id!r}; it was changed or removed since.")
        return self._document_cached(rows[0]["n"])

    def find(self, document_id: str) -> Document | None:
        """The same, None when this index holds no such document."""
        with suppress(QuoteUnknown):
            return self.document(document_id)
        return None

    def documents(self) -> Iterator[Document]:
        """Every document, in the order of indexing."""
        for n in range(self.manifest.documents):
            yield self._document_at(n)

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

    def places(self, key: str) -> list[Span]:
        """Every place that a quote with this key can have: none, one, or, by chance in a large index, two.

        Looked up in a sorted file; nothing is hashed or read whole.
        """
        if not re.fullmatch(r"[0-9a-f]{8}", key):
            return []
        first, last = np.searchsorted(self._keys[:, 0], [int(key, 16), int(key, 16) + 1])
        return [Span(self._document_cached(n), a, b) for _, n, a, b in self._keys[first:last].tolist()]

    def vectors_by_key(self) -> dict[str, int]:
        """Passage numbers by the key of what was embedded."""
        found: dict[str, int] = {}
        for start in range(0, len(self), 2048):
            ids = [i.decode() for i in self._ids[start : start + 2048]]
            got = self._from_chroma("get", ids=ids, include=["metadatas"])
            found |= {m["key"]: self._number[i] for i, m in zip(got["ids"], got["metadatas"], strict=True)}
        return found

    def vectors(self, numbers: Sequence[int]) -> tuple[NDArray[np.float32], list[NDArray[np.float16]]]:
        """The vectors (n, d) of passages and, a passage, those of its sentences (m, d), as stored."""
        ids = [self._ids[n].decode() for n in numbers]
        got = self._from_chroma("get", ids=list(dict.fromkeys(ids)), include=["embeddings"])
        row = {i: r for r, i in enumerate(got["ids"])}
        whole = np.asarray(got["embeddings"], np.float32)[[row[i] for i in ids]]
        return whole, [np.array(self._sentence_vectors[self._rows(n)]) for n in numbers]

    def _rows(self, number: int) -> slice:
        first = int(self._passages[number, 3])
        last = int(self._passages[number + 1, 3]) if number + 1 < len(self) else len(self._sentences)
        return slice(first, last)

    def _document_at(self, n: int) -> Document:
        (row,) = self._rows_of("SELECT * FROM documents WHERE n = ?", n)
        return layout.document_from(row)

    def _rows_of(self, query: str, *values: Any) -> list[sqlite3.Row]:
        try:
            with self._db_lock:
                return self._db.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise IndexDamaged(
                f"The index in {self.path.parent} is damaged ({error}). Rebuild it: python -m rag index"
            ) from error

    def is_sound(self) -> bool:
        """True when every part opens and holds what the manifest says; a build takes over nothing from another."""
        m = self.manifest
        try:
            documents = self._rows_of("SELECT count(*) FROM documents")[0][0]
            passages = (len(self), len(self._ids), len(self.tokens))
            sizes = (documents, *passages, len(self._sentences), len(self._sentence_vectors))
            if sizes != (m.documents, *[m.passages] * 3, m.sentences, m.sentences):
                return False
            if not len(self):
                return True
            (vector, *_), _ = self.vectors([0, len(self) - 1])
            return (
                self._bm25.scores["num_docs"] == len(self) and bool(self.by_meaning(vector, 1)) and len(self._keys) > 0
            )
        except (IndexDamaged, KeyError):
            return False

    def _from_chroma(self, verb: str, **query: Any) -> Any:
        try:
            return getattr(self._chroma, verb)(**query)
        except IndexDamaged:
            raise
        except Exception as error:  # Chroma raises many kinds; each means that its files cannot be used
            raise IndexDamaged(
                f"The index in {self.path.parent} cannot be read by Chroma ({error}). Rebuild it: python -m rag index"
            ) from error

    @cached_property
    def _chroma(self) -> Any:
        if gone := _lost_of_graph(self.path / "chroma"):
            raise IndexDamaged(
                f"The index in {self.path.parent} is damaged ({gone} is gone or empty). Rebuild it: python -m rag index"
            )
        return open_chroma(self.path / "chroma")

    @cached_property
    def _keys(self) -> NDArray[np.int64]:
        try:
            return np.load(self.path / layout.KEYS, mmap_mode="r")  # type: ignore[no-any-return]
        except (OSError, ValueError, EOFError) as error:
            raise IndexDamaged(
                f"The index in {self.path.parent} is damaged ({error}). Rebuild it: python -m rag index"
            ) from error

    @cached_property
    def tokens(self) -> TokenReader:
        """The token states of passages. Raises IndexDamaged when they are not whole."""
        try:
            return TokenReader(self.path)
        except (OSError, ValueError, EOFError, IndexError) as error:
            raise IndexDamaged(
                f"The index in {self.path.parent} is damaged ({error}). Rebuild it: python -m rag index"
            ) from error

    @cached_property
    def _number(self) -> dict[str, int]:
        return {i.decode(): n for n, i in enumerate(self._ids)}

    @cached_property
    def _bm25(self) -> Any:
        import bm25s

        try:
            return bm25s.BM25.load(self.path / "bm25", mmap=True)
        except (OSError, ValueError, EOFError) as error:
            raise IndexDamaged(
                f"The index in {self.path.parent} is damaged ({error}). Rebuild it: python -m rag index"
            ) from error
