"""A question and a passage -> what the reader reads: word pieces, which part each is of, and which are shared.

`[CLS] question [SEP] title and date [SEP] passage [SEP]`, at most LONGEST pieces. The same code feeds training and
serving, so that a model never meets another form than the one it learned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.text import carries_meaning

LONGEST = 224  # word pieces of a pair; a passage is about 160
OF_QUESTION, OF_ABOUT = 48, 40  # what of these is read at most
QUESTION, ABOUT, BODY = 0, 1, 2  # the part that a piece is of; marks belong to the part before them
CLS, SEP = 101, 102  # the marks of the BERT vocabulary

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Text:
    """A text in word pieces: their ids (k,), where each stands (k, 2), and which carry meaning (k,)."""

    ids: Ints
    offsets: Ints
    telling: NDArray[np.bool_]

    @classmethod
    def of(cls, text: str, tokenizer: Any) -> Text:
        """`tokenizer` is a `tokenizers.Tokenizer` without padding and truncation."""
        encoded = tokenizer.encode(text, add_special_tokens=False)
        telling = np.array([carries_meaning(text[a:b]) for a, b in encoded.offsets], bool)
        return cls(np.array(encoded.ids, np.int64), np.array(encoded.offsets, np.int64).reshape(-1, 2), telling)


@dataclass(frozen=True, slots=True)
class Pieces:
    """What is read of one pair: ids, parts and shared (n,) each, and where the body's pieces stand in it (m, 2)."""

    ids: Ints
    parts: Ints
    shared: Ints
    offsets: Ints

    @property
    def body(self) -> slice:
        """Where the body's pieces are among all."""
        return slice(len(self.ids) - 1 - len(self.offsets), len(self.ids) - 1)


def pair_up(question: Text, about: Text, body: Text) -> Pieces:
    """The pieces of a question and a passage; what is too long is cut at the end."""
    q, a = question.ids[:OF_QUESTION], about.ids[:OF_ABOUT]
    b = body.ids[: LONGEST - 4 - len(q) - len(a)]
    ids = np.concatenate([[CLS], q, [SEP], a, [SEP], b, [SEP]])
    parts = np.repeat([QUESTION, ABOUT, BODY], [len(q) + 2, len(a) + 1, len(b) + 1])
    asked = q[question.telling[: len(q)]]
    there = np.concatenate([a[about.telling[: len(a)]], b[body.telling[: len(b)]]])
    common = np.intersect1d(asked, there)
    return Pieces(ids, parts, np.isin(ids, common).astype(np.int64), body.offsets[: len(b)])


def batch(pairs: Sequence[Pieces]) -> tuple[Ints, Ints, Ints, Ints]:
    """(ids, parts, shared, mask), each (b, n), padded with zeros."""
    longest = max(len(p.ids) for p in pairs)
    out = np.zeros((4, len(pairs), longest), np.int64)
    for row, p in enumerate(pairs):
        n = len(p.ids)
        out[0, row, :n], out[1, row, :n], out[2, row, :n], out[3, row, :n] = p.ids, p.parts, p.shared, 1
    return out[0], out[1], out[2], out[3]
