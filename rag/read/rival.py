"""A CrossEncoder of sentence-transformers in the place of our reader, where the settings name one.

A CrossEncoder only scores whole passages: every word of a passage then has the same share. Its scores are taken as
logits that a passage answers; how much they count was fitted on the packaged reader's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from rag.datatypes import Passage
from rag.read.reader import Reading, about


class Rival:
    """A CrossEncoder in the place of our reader. `predict` turns (question, text) pairs into logits (n,)."""

    def __init__(self, predict: Callable[[list[tuple[str, str]]], Any]) -> None:
        self._predict = predict

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """One reading a passage, in their order."""
        if not passages:
            return []
        logits = self._predict([(question, f"{about(p)}\n{p.text}") for p in passages])
        return [Reading(float(x), *_even(p)) for x, p in zip(np.ravel(logits), passages, strict=True)]


def _even(passage: Passage) -> tuple[Any, Any]:
    """Every sentence of a passage with the same share."""
    places = np.array([(s.start, s.end) for s in passage.sentences], np.int64).reshape(-1, 2)
    return np.full(len(places), 1 / max(len(places), 1), np.float32), places
