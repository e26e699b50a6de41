"""The word pieces of the packaged model: its tokenizer, and the table of their vectors, which the reader reads with.

Left out: the model itself (`model`, `encoder`). No torch here.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from rag.embed.encoder import Vectors, whole_texts
from rag.embed.model import DEFAULT_MODEL, model_folder


@cache
def word_pieces() -> tuple[Any, Vectors]:
    """(tokenizer without padding and truncation, table (30522, 384)). Raises ModelError when the model is gone."""
    from safetensors import safe_open
    from tokenizers import Tokenizer

    folder = model_folder(DEFAULT_MODEL)
    assert folder is not None  # noqa: S101  the default is a folder or an error
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    whole_texts(tokenizer)
    with safe_open(folder / "model.safetensors", "np") as weights:
        return tokenizer, weights.get_tensor("embeddings.word_embeddings.weight")
