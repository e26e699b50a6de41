"""Token states of passages: what late interaction (MaxSim, Khattab and Zaharia 2020, arXiv 2004.12832) compares.

Each word piece of a passage that carries meaning keeps its state from the forward pass that made the passage's vector,
turned to DIMENSIONS main axes (PCA over the first slice of passages) and kept in a byte a number: 128 bytes a piece.
Measured on development questions this ranks as the full states do. Left out: the comparing (`rag.weigh`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.text import carries_meaning

STATES, OWNERS, FIRSTS, AXES = "tokens.bin", "token_sentences.bin", "token_rows.npy", "token_axes.npy"
DIMENSIONS = 128
HEAD = -1  # the owner of word pieces of the title and heading
SAMPLE = 60_000  # states that the axes are found from

States = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pieces:
    """The word pieces of one passage: bytes (k, DIMENSIONS), and the sentence (k,) each stands in, or HEAD."""

    states: NDArray[np.int8]
    owners: NDArray[np.int16]


def telling(text: str, offsets: NDArray[Any]) -> NDArray[np.bool_]:
    """Which word pieces, given as (start, end) in `text`, carry meaning: no stop words, no punctuation, no marks."""
    return np.array([carries_meaning(text[a:b]) for a, b in offsets], bool)


class TokenWriter:
    """Collects the states of a slice of passages, then appends them in the order of the passages."""

    def __init__(self, folder: Path, axes: States | None) -> None:
        self.folder, self.axes = folder, axes
        self._lengths: list[int] = []

    def add(
        self, fresh: Sequence[tuple[NDArray[np.float16], NDArray[np.int16]] | None], kept: Sequence[Pieces | None]
    ) -> None:
        """One slice: of each passage either fresh states (k, d) with their owners, or pieces from an older index."""
        if self.axes is None:
            self.axes = _axes(np.concatenate([f[0] for f in fresh if f is not None]))
        with (self.folder / STATES).open("ab") as states, (self.folder / OWNERS).open("ab") as owners:
            for new, old in zip(fresh, kept, strict=True):
                pieces = old or _in_order(new, self.axes)
                states.write(pieces.states.tobytes())
                owners.write(pieces.owners.tobytes())
                self._lengths.append(len(pieces.owners))

    def close(self) -> None:
        """Write where each passage's pieces begin, and the axes."""
        np.save(self.folder / FIRSTS, np.cumsum([0, *self._lengths]))
        np.save(self.folder / AXES, self.axes if self.axes is not None else np.zeros((0, 0), np.float32))
        for name in (STATES, OWNERS):
            (self.folder / name).touch()


class TokenReader:
    """The word pieces of a generation, by passage. Raises OSError or ValueError when its files are not whole."""

    def __init__(self, folder: Path) -> None:
        self.axes = np.load(folder / AXES)
        self._firsts = np.load(folder / FIRSTS)
        total, width = int(self._firsts[-1]), self.axes.shape[1]
        if (folder / STATES).stat().st_size != total * width or (folder / OWNERS).stat().st_size != total * 2:
            raise ValueError("its token states are not whole")
        self._states = np.asarray(np.memmap(folder / STATES, np.int8, "r", shape=(total, width))) if total else None
        self._owners = np.asarray(np.memmap(folder / OWNERS, np.int16, "r", shape=(total,))) if total else None

    def __len__(self) -> int:
        return len(self._firsts) - 1

    def pieces(self, number: int) -> Pieces:
        """The word pieces of passage `number`, those of a sentence together."""
        rows = slice(int(self._firsts[number]), int(self._firsts[number + 1]))
        if self._states is None or self._owners is None or rows.start == rows.stop:
            return Pieces(np.zeros((0, self.axes.shape[1]), np.int8), np.zeros(0, np.int16))
        return Pieces(np.asarray(self._states[rows]), np.asarray(self._owners[rows]))

    def turned(self, states: States) -> States:
        """A question's states (k, d) on the same axes, each of length 1."""
        return _unit(states @ self.axes)


def _in_order(fresh: tuple[NDArray[np.float16], NDArray[np.int16]] | None, axes: States) -> Pieces:
    if fresh is None:
        raise ValueError("a passage is neither fresh nor kept")
    states, owners = fresh
    order = np.argsort(owners, kind="stable")  # those of a sentence together
    return Pieces(packed(states[order], axes), owners[order])


def packed(states: NDArray[Any], axes: States) -> NDArray[np.int8]:
    """States (k, d) on the axes, of length 127, as bytes."""
    return np.round(_unit(states.astype(np.float32) @ axes) * 127).astype(np.int8)


def _axes(states: NDArray[Any]) -> States:
    sample = states[:: max(1, len(states) // SAMPLE)].astype(np.float32)
    _, _, main = np.linalg.svd(sample.T @ sample / max(1, len(sample)))
    return np.ascontiguousarray(main[:DIMENSIONS].T, np.float32)


def _unit(rows: States) -> States:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), np.float32)
