"""The encoder that serves: token ids in, unit vectors out, by onnxruntime or by torch.

A sentence's vector is the mean of its token states inside the passage ("late chunking", Günther et al. 2024,
arXiv 2409.04701): half the work of a second pass, and it knows what "the rule" refers to.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelError
from rag.session import open_session

Vectors = NDArray[np.float32]
# One forward pass over a padded batch of ids and mask (b, n): -> (text vectors (b, d), token states (b, n, d)).
Forward = Callable[[NDArray[np.int64], NDArray[np.int64]], tuple[Vectors, Vectors]]

BATCH = 8  # small batches of equal length stay in the processor's cache: 1.3 times the speed of 64


@dataclass(frozen=True, slots=True)
class Recipe:
    """What makes two encoders the same.

    `late`: token states average to the text's vector, so that sentences may be pooled from them.
    """

    model: str
    weights: str  # sha256
    dimensions: int
    max_tokens: int
    late: bool
    query_prefix: str = ""
    document_prefix: str = ""
    backend: str = "onnx"

    @property
    def fingerprint(self) -> str:
        """16 hex characters; an index made under another fingerprint cannot be searched with this encoder."""
        return hashlib.sha256(json.dumps([self.weights, self.max_tokens, self.late, 1]).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as one forward pass saw it: its vector (d,), and the state (k, d) and place (k, 2) of each piece."""

    text: str
    vector: Vectors
    states: Vectors
    offsets: NDArray[np.int64]


# Called with a text's number, the (start, end) of some of its word pieces (k, 2) and their states (k, d).
Sink = Callable[[int, NDArray[np.int64], Vectors], None]


class Encoder:
    """Turns texts into unit vectors. Made by `load_encoder`."""

    def __init__(self, recipe: Recipe, tokenizer: Any, forward: Forward) -> None:
        self.recipe = recipe
        self._tokenizer = tokenizer
        self._forward = forward

    def question(self, text: str) -> Vectors:
        """The vector (d,) of a question. Only its first `max_tokens` tokens are read: one pass, whatever its length."""
        return self.read(text).vector

    def read(self, text: str) -> Reading:
        """The same, with the states of its word pieces from the same pass; pieces without width are left out."""
        prefix = self.recipe.query_prefix
        encoded = self._tokens(prefix + text[:20_000])
        limit = self.recipe.max_tokens
        vectors, states = self._forward(*self._batch([encoded.ids[:limit]]))
        offsets = np.array(encoded.offsets[:limit], np.int64).reshape(-1, 2) - len(prefix)
        real = (offsets[:, 1] > offsets[:, 0]) & (offsets[:, 0] >= 0)
        return Reading(text, unit(vectors)[0], states[0][: len(offsets)][real], offsets[real])

    def documents(self, texts: Sequence[str]) -> Vectors:
        """The vectors (n, d) of texts of any length."""
        return self.with_sentences(texts, [[] for _ in texts])[0]

    def with_sentences(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[tuple[int, int]]],
        progress: Callable[[int], None] = lambda _: None,
        sink: Sink | None = None,
    ) -> tuple[Vectors, list[Vectors]]:
        """Vectors (n, d) of the texts and, a text, vectors (m, d) of its spans (character offsets into it).

        `progress` is called with the number of texts done since the last call, `sink` with the states of word pieces.
        """
        if not self.recipe.late and any(spans):
            flat = [text[a:b] for text, own in zip(texts, spans, strict=True) for a, b in own]
            vectors, ends = self.documents(flat), np.cumsum([len(own) for own in spans])
            return self.with_sentences(texts, [[] for _ in texts], progress, sink)[0], np.split(vectors, ends[:-1])
        prefix = self.recipe.document_prefix
        encoded = [self._tokens(prefix + text) for text in texts]
        whole = np.zeros((len(texts), self.recipe.dimensions), np.float32)
        parts = [np.zeros((len(own), self.recipe.dimensions), np.float32) for own in spans]
        for batch in self._batches(encoded):
            ids, mask = self._batch([encoded[n].ids[a:b] for n, a, b in batch])
            vectors, states = self._forward(ids, mask)
            for row, (n, a, b) in enumerate(batch):
                whole[n] += vectors[row] * (b - a)
                offsets = np.array(encoded[n].offsets[a:b], np.int64) - len(prefix)
                if spans[n]:
                    _pool(parts[n], states[row], offsets, np.array(spans[n]))
                if sink is not None:
                    real = (offsets[:, 1] > offsets[:, 0]) & (offsets[:, 0] >= 0)
                    sink(n, offsets[real], states[row, : b - a][real])
            progress(sum(b == len(encoded[n].ids) for n, _, b in batch))
        for own, vector in zip(parts, whole, strict=True):
            own[~own.any(axis=1)] = vector  # a span without a token of its own
        return unit(whole), [unit(own) for own in parts]

    def _tokens(self, text: str) -> Any:
        return self._tokenizer.encode(text)

    def _batches(self, encoded: Sequence[Any]) -> Iterator[list[tuple[int, int, int]]]:
        """Windows (text, first token, end) of at most `max_tokens`, of about equal length in a batch."""
        limit = self.recipe.max_tokens
        windows = [
            (n, a, min(a + limit, len(e.ids))) for n, e in enumerate(encoded) for a in range(0, len(e.ids), limit)
        ]
        windows.sort(key=lambda w: w[2] - w[1])
        for start in range(0, len(windows), BATCH):
            yield windows[start : start + BATCH]

    @staticmethod
    def _batch(rows: Sequence[Sequence[int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        ids = np.zeros((len(rows), max(map(len, rows))), np.int64)
        mask = np.zeros_like(ids)
        for n, row in enumerate(rows):
            ids[n, : len(row)] = row
            mask[n, : len(row)] = 1
        return ids, mask


def _pool(into: Vectors, states: Vectors, offsets: NDArray[Any], spans: NDArray[Any]) -> None:
    """Add to each span the states of the tokens that start in it; special tokens have no width."""
    real = offsets[:, 1] > offsets[:, 0]
    inside = (offsets[None, :, 0] >= spans[:, :1]) & (offsets[None, :, 0] < spans[:, 1:]) & real[None]
    into += inside.astype(np.float32) @ states[: len(offsets)]


def unit(vectors: Vectors) -> Vectors:
    """Rows scaled to length 1; a zero row stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), np.float32)


def encoder_folder(index: Path, model: str) -> Path:
    """Where the ONNX form of `model` lives inside an index folder."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", model).strip("-")[-40:]
    return index / f"encoder-{name}-{hashlib.sha256(model.encode()).hexdigest()[:6]}"


def load_encoder(folder: Path, model: str) -> Encoder:
    """The encoder that `export` wrote to `folder`, without importing torch.

    Raises ModelError when the files are gone, unreadable or of another model.
    """
    try:
        recipe = Recipe(**json.loads((folder / "encoder.json").read_text()))
        if recipe.backend != "onnx":
            return _torch_encoder(model, recipe)
        from tokenizers import Tokenizer

        session = open_session(folder / "model.onnx")
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(
            f"The encoder in {folder} cannot be read ({error}). Run `python -m rag index` to make it anew."
        ) from error
    except Exception as error:  # onnxruntime and tokenizers raise bare or private exception types
        raise ModelError(
            f"The encoder in {folder} is damaged ({error}). Run `python -m rag index` to make it anew."
        ) from error
    whole_texts(tokenizer)

    def forward(ids: NDArray[np.int64], mask: NDArray[np.int64]) -> tuple[Vectors, Vectors]:
        vectors, states = session.run(None, {"input_ids": ids, "attention_mask": mask})
        return vectors, states

    return Encoder(recipe, tokenizer, forward)


def on_gpu(encoder: Encoder) -> Encoder:
    """The same encoder run by sentence-transformers on an NVIDIA card, where there is one; else the one given."""
    if shutil.which("nvidia-smi") is None:
        return encoder
    import torch

    return _torch_encoder(encoder.recipe.model, encoder.recipe, "cuda") if torch.cuda.is_available() else encoder


def _torch_encoder(model: str, recipe: Recipe, device: str = "cpu") -> Encoder:
    import torch

    from rag.embed.model import load_sentence_transformer, tokenizer_of

    st, _ = load_sentence_transformer(model, device)
    tokenizer = tokenizer_of(st)
    whole_texts(tokenizer)

    def forward(ids: NDArray[np.int64], mask: NDArray[np.int64]) -> tuple[Vectors, Vectors]:
        features = {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}
        with torch.inference_mode():
            out = st({name: tensor.to(st.device) for name, tensor in features.items()})
        return out["sentence_embedding"].float().cpu().numpy(), out["token_embeddings"].float().cpu().numpy()

    return Encoder(recipe, tokenizer, forward)


def whole_texts(tokenizer: Any) -> None:
    """Set a tokenizer to neither pad nor cut."""
    tokenizer.no_padding()
    tokenizer.no_truncation()
