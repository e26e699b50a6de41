"""The vectors of passages, kept in Chroma, each by its passage's number.

Left out: the vectors of sentences, which lie in one file (`read`), and those of word pieces (`tokens`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import IndexDamaged
from rag.index import layout

Vectors = NDArray[np.float32]
TOGETHER = 2048  # vectors asked for at a time
# How the graph is made and how wide it is searched. Of the 96 nearest of 11,213 passages 0.996 are found, at least 88 a
# question, by three quarters of the work of 600 (0.9996, at least 93); at 200 it is 0.990, at the worst 82. What waits
# to be written to the graph is put into it anew by each process that opens it, a little otherwise each time, and takes
# 0.3 s where 1,000 wait, as Chroma has it: so nothing waits.
GRAPH: Any = {"space": "cosine", "ef_construction": 200, "ef_search": 300, "sync_threshold": 2, "batch_size": 2}


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
        configuration={"hnsw": GRAPH},
    )


class VectorReader:
    """The vectors of a generation. Raises IndexDamaged when Chroma cannot read them."""

    def __init__(self, path: Path) -> None:
        self.folder = path.parent
        self._ids = [i.decode() for i in np.load(path / layout.IDS)]
        self._number = {i: n for n, i in enumerate(self._ids)}
        if gone := _lost_of_graph(path / "chroma"):
            raise layout.damaged(self.folder, f"{gone} is gone or empty")
        self._chroma = self._tried(open_chroma, path / "chroma")

    def __len__(self) -> int:
        return len(self._ids)

    def nearest(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """(number, cosine) of the `k` nearest, the nearest first."""
        found = self._tried(self._chroma.query, query_embeddings=[vector], n_results=k, include=["distances"])
        return [(self._number[i], 1 - d) for i, d in zip(found["ids"][0], found["distances"][0], strict=True)]

    def by_key(self) -> dict[str, int]:
        """Passage numbers by the key of what was embedded."""
        found: dict[str, int] = {}
        for start in range(0, len(self._ids), TOGETHER):
            ids = self._ids[start : start + TOGETHER]
            got = self._tried(self._chroma.get, ids=ids, include=["metadatas"])
            found |= {m["key"]: self._number[i] for i, m in zip(got["ids"], got["metadatas"], strict=True)}
        return found

    def of(self, numbers: Sequence[int]) -> Vectors:
        """The vectors (n, d) of passages, as stored."""
        ids = [self._ids[n] for n in numbers]
        got = self._tried(self._chroma.get, ids=list(dict.fromkeys(ids)), include=["embeddings"])
        row = {i: r for r, i in enumerate(got["ids"])}
        return np.asarray(got["embeddings"], np.float32)[[row[i] for i in ids]]

    def _tried(self, ask: Any, *given: Any, **named: Any) -> Any:
        try:
            return ask(*given, **named)
        except Exception as error:  # Chroma raises many kinds; each means that its files cannot be used
            raise IndexDamaged(
                f"The index in {self.folder} cannot be read by Chroma ({error}). Rebuild it: python -m rag index"
            ) from error


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
