"""Passages -> a new generation of the index, beside the one that serves, switched in by one rename.

A build that dies at any point leaves `current` naming the last good generation. Vectors of passages that have not
changed are taken from it. Left out: which files belong in (`rag.build`).
"""

from __future__ import annotations

import errno
import hashlib
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.datatypes import Document, Passage, quote_key
from rag.errors import IndexBusy, IndexNotWritable
from rag.index import layout
from rag.index.read import Index
from rag.index.tokens import HEAD, Pieces, TokenWriter, telling
from rag.index.vectors import open_chroma
from rag.text import words

SLICE = 2048  # passages embedded and written at a time; bounds memory, and is under Chroma's limit of 5461
Vectors = NDArray[np.float32]
Progress = Callable[[str, int, int], None]


class Embeds(Protocol):
    """What a build needs of an encoder (`rag.embed.Encoder`)."""

    def with_sentences(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[tuple[int, int]]],
        progress: Callable[[int], None] = ...,
        sink: Callable[[int, NDArray[np.int64], Vectors], None] | None = ...,
    ) -> tuple[Vectors, list[Vectors]]:
        """Vectors of texts and of spans in them; `sink` is given the states of word pieces."""
        ...


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the one writer's place; the operating system frees it when the process dies. Clears away what is left over.

    Raises IndexBusy when another process has it, IndexNotWritable when the folder cannot be written.
    """
    import portalocker

    with _clear_write_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = portalocker.Lock(folder / layout.LOCK, "a", timeout=0, flags=portalocker.LOCK_EX | portalocker.LOCK_NB)
        try:
            lock.acquire()
        except portalocker.AlreadyLocked as error:
            raise IndexBusy(
                f"Another process is building the index in {folder}. Wait until it has finished."
            ) from error
        except portalocker.LockException as error:
            raise (error.__cause__ or error) from None
    try:
        with _clear_write_errors(folder):
            _clear_away(folder)
            yield
            _clear_away(folder)
    finally:
        lock.release()


@contextmanager
def _clear_write_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            why = "is read-only for you; set CHIPQUOTE_INDEX to a folder that you can write"
        elif error.errno in (errno.EEXIST, errno.ENOTDIR):
            why = "is no folder; set CHIPQUOTE_INDEX to one"
        elif error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) or "requested and" in str(error):  # NumPy's words
            why = "has no room left; free some space, the last good index still serves"
        else:
            raise
        raise IndexNotWritable(f"The index folder {folder} {why}.") from error
    except Exception as error:  # Chroma's own errors, which wrap SQLite's
        if "disk is full" in str(error) or "disk I/O error" in str(error):
            raise IndexNotWritable(
                f"The index folder {folder} has no room left; free some space, the last good index still serves."
            ) from error
        if "readonly database" in str(error):
            raise IndexNotWritable(f"The index folder {folder} is read-only for you.") from error
        raise


class Generation:
    """A generation being written. Use inside `writing`."""

    def __init__(self, folder: Path, digest: str) -> None:
        self.folder = folder
        self.path = folder / f"gen-{digest[:12]}-{secrets.token_hex(4)}"  # never the name of one that is being read

    def write(
        self,
        documents: Sequence[Document],
        passages: Sequence[Passage],
        encoder: Embeds,
        old: Index | None,
        progress: Progress,
    ) -> int:
        """Write everything but the manifest. Returns how many passages had to be embedded."""
        self.path.mkdir()
        layout.save_documents(self.path / layout.CATALOG, documents)
        number = {d.id: n for n, d in enumerate(documents)}
        first = np.cumsum([0] + [len(p.sentences) for p in passages])
        rows = [(number[p.document.id], p.start, p.end, f) for p, f in zip(passages, first[:-1], strict=True)]
        np.save(self.path / layout.PASSAGES, np.array(rows, np.int64).reshape(-1, 4))
        spans = [(s.start, s.end) for p in passages for s in p.sentences]
        np.save(self.path / layout.SENTENCES, np.array(spans, np.int64).reshape(-1, 2))
        self._write_words(passages)
        return self._write_vectors(passages, encoder, old, progress)

    def write_keys(self, documents: Sequence[Document], passages: Sequence[Passage], longest: int) -> None:
        """Write where every quote that there can be stands (runs of 1 to `longest` sentences), sorted by its key."""
        number = {d.id: n for n, d in enumerate(documents)}

        def rows() -> Iterator[int]:
            for passage in passages:
                d = passage.document
                for run in passage.runs(longest):
                    key = quote_key(d.id, d.version, run.start, run.end)
                    yield from (int(key, 16), number[d.id], run.start, run.end)

        flat = np.fromiter(rows(), np.int64).reshape(-1, 4)
        np.save(self.path / layout.KEYS, np.asfortranarray(np.unique(flat, axis=0)))  # its first column is one piece

    def _write_words(self, passages: Sequence[Passage]) -> None:
        import bm25s

        bm25 = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
        said = [[words(s.text) for s in p.sentences] for p in passages]
        whole = [list(chain(words(_head(p)), *own)) or [""] for p, own in zip(passages, said, strict=True)]
        bm25.index(whole or [[""]], show_progress=False)
        bm25.save(self.path / "bm25", show_progress=False)
        single = [own for sentences in said for own in sentences]
        np.save(self.path / layout.WORD_ROWS, np.cumsum([0, *map(len, single)]))
        number = bm25.vocab_dict
        np.save(self.path / layout.WORDS, np.array([number[word] for own in single for word in own], np.int32))

    def _write_vectors(
        self, passages: Sequence[Passage], encoder: Embeds, old: Index | None, progress: Progress
    ) -> int:
        keys = [_key(p) for p in passages]
        known = old.vectors_by_key() if old is not None else {}
        collection = open_chroma(self.path / "chroma", create=True)
        ids = np.array([_id(p) for p in passages], "S32")
        np.save(self.path / layout.IDS, ids)
        total, done, embedded = len(passages), 0, 0
        sentence_vectors: list[NDArray[np.float16]] = []
        tokens = TokenWriter(self.path, old.tokens.axes if old is not None and len(old) else None)

        def report(more: int) -> None:
            nonlocal done
            done += more
            progress("embedding", done, total)

        for start in range(0, total, SLICE):
            some, some_keys = passages[start : start + SLICE], keys[start : start + SLICE]
            fresh = [n for n, key in enumerate(some_keys) if key not in known]
            whole: list[Any] = [None] * len(some)
            parts: list[Any] = [None] * len(some)
            states: list[Any] = [None] * len(some)
            pieces: list[Pieces | None] = [None] * len(some)
            kept = [n for n, key in enumerate(some_keys) if key in known]
            if kept and old is not None:
                for n, vector, stored in zip(kept, *old.vectors([known[some_keys[n]] for n in kept]), strict=True):
                    whole[n], parts[n] = vector, stored
                    pieces[n] = old.tokens.pieces(known[some_keys[n]])
            report(len(kept))
            if fresh:
                prepared = [searched_text(some[n]) for n in fresh]
                gathered = _Gathered(prepared)
                texts, inside = [t for t, _ in prepared], [s for _, s in prepared]
                vectors, inner = encoder.with_sentences(texts, inside, report, gathered.take)
                for n, vector, own, read in zip(fresh, vectors, inner, gathered.whole(vectors.shape[1]), strict=True):
                    whole[n], parts[n], states[n] = vector, own.astype(np.float16), read
                embedded += len(fresh)
            collection.add(
                ids=[i.decode() for i in ids[start : start + SLICE]],
                embeddings=np.stack(whole),
                documents=[p.text for p in some],
                metadatas=[_metadata(p, key) for p, key in zip(some, some_keys, strict=True)],
            )
            sentence_vectors += parts
            tokens.add(states, pieces)
        tokens.close()
        flat = np.concatenate(sentence_vectors) if sentence_vectors else np.zeros((0, 1), np.float16)
        np.save(self.path / layout.SENTENCE_VECTORS, flat)
        return embedded

    def switch(self, manifest: layout.Manifest) -> None:
        """Make this the generation that readers open."""
        manifest.save(self.path)
        layout.replace(self.folder / layout.CURRENT, self.path.name)

    def discard(self) -> None:
        """Remove what was written so far."""
        shutil.rmtree(self.path, ignore_errors=True)


class _Gathered:
    """The states of a slice of passages as they come, with the sentence that each word piece stands in."""

    def __init__(self, prepared: Sequence[tuple[str, list[tuple[int, int]]]]) -> None:
        self._prepared = prepared
        self._states: list[list[NDArray[np.float16]]] = [[] for _ in prepared]
        self._owners: list[list[NDArray[np.int16]]] = [[] for _ in prepared]

    def take(self, n: int, offsets: NDArray[np.int64], states: Vectors) -> None:
        text, spans = self._prepared[n]
        said = telling(text, offsets)
        starts = offsets[said, 0]
        first, end = (np.array([s[side] for s in spans], np.int64) for side in (0, 1))
        owner = np.searchsorted(first, starts, side="right") - 1
        owner[(owner >= 0) & (starts >= end[owner])] = HEAD  # between sentences: spaces only
        self._states[n].append(states[said].astype(np.float16))
        self._owners[n].append(owner.astype(np.int16))

    def whole(self, dimensions: int) -> Iterator[tuple[NDArray[np.float16], NDArray[np.int16]]]:
        nothing = np.zeros((0, dimensions), np.float16), np.zeros(0, np.int16)
        for states, owners in zip(self._states, self._owners, strict=True):
            yield (np.concatenate(states), np.concatenate(owners)) if states else nothing


def searched_text(passage: Passage) -> tuple[str, list[tuple[int, int]]]:
    """What is embedded and searched by words: title, heading, passage; and where its sentences lie in that."""
    head = _head(passage)
    shift = len(head) - passage.start
    return head + passage.text, [(s.start + shift, s.end + shift) for s in passage.sentences]


def _head(passage: Passage) -> str:
    title = passage.document.source.title
    return "\n".join(dict.fromkeys(x for x in (title, passage.heading) if x)) + "\n"


def _key(passage: Passage) -> str:
    """Names what was embedded: equal keys have equal vectors."""
    return hashlib.sha256(repr(searched_text(passage)).encode()).hexdigest()[:32]


def _id(passage: Passage) -> str:
    d = passage.document
    return hashlib.sha256(f"{d.id}\n{d.version}\n{passage.start}\n{passage.end}".encode()).hexdigest()[:32]


def _metadata(passage: Passage, key: str) -> dict[str, str | int]:
    source = passage.document.source
    return {
        "key": key,
        "document": passage.document.id,
        "start": passage.start,
        "end": passage.end,
        "title": source.title,
        "publisher": source.publisher,
        "published": source.published,
        "side": source.side,
        "status": source.status,
        "url": source.url,
    }


def _clear_away(folder: Path) -> None:
    """Remove what a killed build left, and generations that nobody reads any more."""
    current = ""
    with suppress(FileNotFoundError):
        current = (folder / layout.CURRENT).read_text(encoding="utf-8", errors="replace").strip()
    for path in folder.glob("gen-*"):
        if path.name != current and not _is_read(path):
            shutil.rmtree(path, ignore_errors=True)
    for path in folder.glob(".encoder-*"):
        shutil.rmtree(path, ignore_errors=True)
    for path in folder.glob(f".{layout.CURRENT}.*"):
        path.unlink()


def _is_read(path: Path) -> bool:
    """True while some process has this generation open."""
    import portalocker

    with suppress(FileNotFoundError), (path / layout.PASSAGES).open("r+b") as file:
        try:
            portalocker.lock(file, portalocker.LOCK_EX | portalocker.LOCK_NB)
        except portalocker.LockException:
            return True
    return False
