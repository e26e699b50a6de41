"""A built index: search by meaning (Chroma) and by words (BM25), look up passages, sentences and quotes by their key.

A reader keeps the generation it opened, whatever is built beside it. Left out: documents (`catalog`), how vectors and
word pieces are kept (`vectors`, `tokens`), and fusing the searches (`rag.retrieve`).
"""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_right
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.datatypes import Passage, Span, last_day
from rag.errors import IndexDamaged, IndexMismatch, IndexMissing
from rag.index import layout
from rag.index.catalog import Catalog
from rag.index.tokens import TokenReader
from rag.index.vectors import VectorReader

Mask = NDArray[np.bool_]
WIDER = 8  # times as many passages are asked for where a filter left too few
MOST = 0.9  # of the passages: a filter that leaves so many leaves enough, mostly


class Hit(NamedTuple):
    """A passage by its number, and its score in one search (cosine, or BM25)."""

    passage: int
    score: float


def _current(folder: Path) -> str:
    remedy = "Run `python -m rag index` to build it."
    try:
        return (folder / layout.CURRENT).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise IndexMissing(f"There is no index in {folder}. {remedy}") from error
    except (OSError, ValueError) as error:
        raise IndexDamaged(f"The index in {folder} cannot be read ({error}). {remedy}") from error


def remembered(folder: Path) -> list[str]:
    """The paths added by hand, as far as even a damaged index, or one of an older form, tells them."""
    with suppress(IndexMissing, IndexDamaged, OSError, ValueError, KeyError, TypeError):
        manifest = json.loads((folder / _current(folder) / layout.MANIFEST).read_text(encoding="utf-8"))
        return list(map(str, manifest["added"]))
    return []


class Index(Catalog):
    """The generation that `current` named when it was opened. Safe to share between threads."""

    def __init__(self, path: Path, manifest: layout.Manifest, held: Any) -> None:
        super().__init__(path)
        self.manifest, self._held = manifest, held
        self._passages = np.asarray(np.load(path / layout.PASSAGES, mmap_mode="r"))
        self._sentences = np.asarray(np.load(path / layout.SENTENCES, mmap_mode="r"))
        self._sentence_vectors = np.asarray(np.load(path / layout.SENTENCE_VECTORS, mmap_mode="r"))
        self._words = np.asarray(np.load(path / layout.WORDS, mmap_mode="r"))
        self._word_rows = np.asarray(np.load(path / layout.WORD_ROWS, mmap_mode="r"))
        self.passage = lru_cache(maxsize=4096)(self._passage_at)

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
        with layout.sound(folder):
            manifest = layout.Manifest.read(path)
            if fingerprint is not None and manifest.fingerprint != fingerprint:
                raise IndexMismatch(
                    f"The index in {folder} was made with the model {manifest.model!r}, another than the one set. "
                    "Run `python -m rag index` to rebuild it, or set CHIPQUOTE_MODEL back."
                )
            held = (path / layout.PASSAGES).open("rb")
            try:
                portalocker.lock(held, portalocker.LOCK_SH | portalocker.LOCK_NB)
            except portalocker.LockException as error:
                raise layout.damaged(folder, error) from error
            return cls(path, manifest, held)

    def close(self) -> None:
        """Let go of the generation, so that a later build may clear it away."""
        self._db.close()
        self._held.close()

    def __len__(self) -> int:
        return len(self._passages)

    def by_meaning(self, vector: NDArray[np.float32], k: int, allowed: Mask | None = None) -> list[Hit]:
        """The `k` nearest passages by cosine, best first, of those `allowed`.

        Filtering is done here: Chroma's own `where` costs 50 to 300 times an unfiltered query. Where much is left out,
        `k` would hardly be enough, and that search is spared.
        """
        few = allowed is not None and allowed.mean() < MOST
        want, hits = min(k * WIDER if few else k, len(self)), list[Hit]()
        while want:
            hits = [Hit(*found) for found in self._vectors.nearest(vector, want)]
            if allowed is not None:
                hits = [hit for hit in hits if allowed[hit.passage]][:k]
            if allowed is None or len(hits) >= min(k, int(allowed.sum())) or want == len(self):
                break
            want = min(want * WIDER, len(self))
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

    def by_sentences(self, vector: NDArray[np.float32], k: int, allowed: Mask) -> list[Hit]:
        """The `k` passages with the nearest sentences by cosine, best first, of the few that are `allowed`."""
        numbers = np.flatnonzero(allowed).tolist()
        near = self.nearness(numbers, vector).tolist() if numbers else []
        return [Hit(n, score) for score, n in sorted(zip(near, numbers, strict=True), key=lambda x: (-x[0], x[1]))[:k]]

    def passages_beside(self, number: int) -> Mask:
        """Which passages are of the same document as passage `number`, itself among them."""
        return np.asarray(self._passages[:, 0] == self._passages[number, 0], bool)

    def passages_of(self, document_id: str) -> list[int]:
        """The numbers of the passages of a document, in reading order; none where there is no such document."""
        return [int(n) for row in self.row_of(document_id) for n in np.flatnonzero(self._passages[:, 0] == row)]

    def rarity(self, token: str) -> float:
        """The inverse document frequency of a search token over the passages; a word never seen is the rarest."""
        seen = self.passages_with(token)
        return math.log(1 + (len(self) - seen + 0.5) / (seen + 0.5))

    def word_numbers(self, tokens: Sequence[str]) -> NDArray[np.int32]:
        """The number (n,) of each search token in `words_of`; of a word never seen one that no word has."""
        known = self._bm25.vocab_dict
        return np.array([known.get(token, -1) for token in tokens], np.int32)

    def words_of(self, number: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """The search tokens of passage `number`, as numbers (t,), and how many of them each sentence has (m,)."""
        rows = self._rows(number)
        firsts = self._word_rows[rows.start : rows.stop + 1]
        return self._words[firsts[0] : firsts[-1]], np.diff(firsts)

    def passages_with(self, token: str) -> int:
        """How many passages have a search token."""
        column = self._bm25.vocab_dict.get(token)
        if column is None:
            return 0
        pointers = self._bm25.scores["indptr"]
        return int(pointers[column + 1] - pointers[column])

    def _passage_at(self, number: int) -> Passage:
        """Passage `number` with its sentences."""
        n, start, end, _ = self._passages[number].tolist()
        document = self._document_cached(n)
        spans = tuple(Span(document, a, b) for a, b in self._sentences[self._rows(number)].tolist())
        above = bisect_right(document.headings, start, key=lambda heading: heading[0])
        heading = document.text[slice(*document.headings[above - 1])] if above else ""
        return Passage(document, start, end, spans, heading)

    def sentence_vectors(self, numbers: Sequence[int]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """The vectors (m, d) of the sentences of passages, and how many each has (n,)."""
        rows = [self._rows(n) for n in numbers]
        stored = np.concatenate([self._sentence_vectors[r] for r in rows])
        return stored.astype(np.float32), np.array([r.stop - r.start for r in rows])

    def nearness(self, numbers: Sequence[int], vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """The cosine (n,) that the nearest sentence of each passage has."""
        vectors, sizes = self.sentence_vectors(numbers)
        return np.asarray(np.maximum.reduceat(vectors @ vector, np.cumsum(sizes) - sizes), np.float32)

    def allowed(self, as_of: date | None = None, side: str = "") -> Mask | None:
        """Which passages were published by `as_of` and stand on `side`; None when nothing is left out."""
        if as_of is None and not side:
            return None
        keep = np.ones(len(self._sides), bool)
        if as_of is not None:
            keep &= self._last_days <= np.datetime64(as_of)
        if side:
            keep &= self._sides == side
        return np.asarray(keep[self._passages[:, 0]], bool)

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
        return self._vectors.by_key()

    def vectors(self, numbers: Sequence[int]) -> tuple[NDArray[np.float32], list[NDArray[np.float16]]]:
        """The vectors (n, d) of passages and, a passage, those of its sentences (m, d), as stored."""
        return self._vectors.of(numbers), [np.array(self._sentence_vectors[self._rows(n)]) for n in numbers]

    def _rows(self, number: int) -> slice:
        first = int(self._passages[number, 3])
        last = int(self._passages[number + 1, 3]) if number + 1 < len(self) else len(self._sentences)
        return slice(first, last)

    def is_sound(self) -> bool:
        """True when every part opens and holds what the manifest says; a build takes over nothing from another."""
        m = self.manifest
        try:
            passages = (len(self), len(self._vectors), len(self.tokens))
            sizes = (self._count(), *passages, len(self._sentences), len(self._sentence_vectors))
            if sizes != (m.documents, *[m.passages] * 3, m.sentences, m.sentences):
                return False
            if (len(self._word_rows), len(self._words)) != (m.sentences + 1, int(self._word_rows[-1])):
                return False
            if not len(self):
                return True
            (vector, *_), _ = self.vectors([0, len(self) - 1])
            return (
                self._bm25.scores["num_docs"] == len(self) and bool(self.by_meaning(vector, 1)) and len(self._keys) > 0
            )
        except (IndexDamaged, KeyError):
            return False

    @cached_property
    def _vectors(self) -> VectorReader:
        with layout.sound(self.path.parent):
            return VectorReader(self.path)

    @cached_property
    def _last_days(self) -> NDArray[np.datetime64]:
        """Of each document the last day on which it may have been published; of one without a date no day."""
        rows = self._rows_of("SELECT published FROM documents ORDER BY n")
        return np.array([last_day(row["published"]) if row["published"] else "NaT" for row in rows], "datetime64[D]")

    @cached_property
    def _sides(self) -> NDArray[np.str_]:
        """Of each document the side that it stands on, or ""."""
        return np.array([row["side"] or "" for row in self._rows_of("SELECT side FROM documents ORDER BY n")], np.str_)

    @cached_property
    def _keys(self) -> NDArray[np.int64]:
        with layout.sound(self.path.parent):
            return np.load(self.path / layout.KEYS, mmap_mode="r")  # type: ignore[no-any-return]

    @cached_property
    def tokens(self) -> TokenReader:
        """The token states of passages. Raises IndexDamaged when they are not whole."""
        with layout.sound(self.path.parent):
            return TokenReader(self.path)

    @cached_property
    def _bm25(self) -> Any:
        import bm25s

        with layout.sound(self.path.parent):
            bm25 = bm25s.BM25.load(self.path / "bm25", mmap=True)
            for part in ("data", "indices", "indptr"):  # as plain arrays, which are quicker to index than memmap's
                bm25.scores[part] = np.asarray(bm25.scores[part])
            return bm25
