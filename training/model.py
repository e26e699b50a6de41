"""The reader as torch trains it: the encoder's own six layers over question and passage, and three heads.

`where` (b, n): how likely each word piece of the body belongs to what settles the question. From the first state, the
mean, and the mean under `where`: whether it answers (`answers`, (b,)), and whether it denies what the question
takes for granted (`denies`, (b,)). A piece knows its part and whether the other side has it too: without that, a
sentence encoder takes many thousand pairs to learn to look across (`LOG.md`). The word table stays frozen, so that the
file that ships need not hold it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from rag.read.pieces import BODY


class Reader(nn.Module):
    """`bert` is the encoder's BertModel; its pooler is not used."""

    def __init__(self, bert: Any) -> None:
        super().__init__()
        self.bert = bert
        self.words = bert.embeddings.word_embeddings
        self.words.weight.requires_grad_(False)
        bert.embeddings.position_embeddings.weight.requires_grad_(False)
        bert.pooler = None
        for module in bert.modules():
            if isinstance(module, nn.Dropout):
                module.p = 0.0  # one or two epochs: nothing is learnt by heart, and dice cost an eighth of the time
        d = bert.config.hidden_size
        self.part, self.share = nn.Embedding(3, d), nn.Embedding(2, d)
        for table in (self.part, self.share):
            nn.init.normal_(table.weight, std=0.02)
        self.where = nn.Linear(d, 1)
        self.answers = nn.Sequential(nn.Linear(3 * d, d // 2), nn.GELU(), nn.Linear(d // 2, 1))
        self.denies = nn.Sequential(nn.Linear(3 * d, d // 2), nn.GELU(), nn.Linear(d // 2, 1))

    def forward(self, words: Tensor, parts: Tensor, shared: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """`words` (b, n, d) are rows of the word table, the rest is (b, n).

        -> logits: answers (b,), denies (b,), where (b, n).
        """
        inputs = words + self.part(parts) + self.share(shared)
        states = self.bert(inputs_embeds=inputs, attention_mask=mask).last_hidden_state.float()
        outside = (parts != BODY) | (mask == 0)
        where = self.where(states)[..., 0].masked_fill(outside, -1e4)
        real = mask.float()[..., None]
        mean = (states * real).sum(1) / real.sum(1)
        told = (torch.softmax(where, 1)[..., None] * states).sum(1)
        whole = torch.cat([states[:, 0], mean, told], 1)
        return self.answers(whole)[:, 0], self.denies(whole)[:, 0], where


def loss(out: Sequence[Tensor], answered: Tensor, denied: Tensor, places: Tensor, locate: bool = True) -> Tensor:
    """Binary cross-entropy of `answers` and `denies`, and of `where` for the settled pairs unless `locate` is off.

    `out` is what `forward` gives; `denied` (b,) is negative where nobody knows. The loss of `where` is minus the log of
    the share that it gives to the places (b, n) that settle the question.
    """
    answers, denies, where = out
    told = nn.functional.binary_cross_entropy_with_logits(answers, answered)
    known = denied >= 0
    if known.any():
        told = told + nn.functional.binary_cross_entropy_with_logits(denies[known], denied[known])
    located = places.any(1)
    if not locate or not located.any():
        return told
    share = torch.log_softmax(where[located], 1).masked_fill(~places[located], -1e4)
    return told - torch.logsumexp(share, 1).mean() * located.float().mean()


def parameters(reader: Reader, rate: float) -> list[dict[str, Any]]:
    """What AdamW trains: the new parts ten times as fast as the old."""
    new = [p for name, p in reader.named_parameters() if p.requires_grad and not name.startswith(("bert", "words"))]
    old = [p for name, p in reader.named_parameters() if p.requires_grad and name.startswith("bert")]
    return [{"params": old, "lr": rate}, {"params": new, "lr": 10 * rate}]


def take_over(reader: Reader, path: Path) -> int:
    """Give the reader the weights of a run, of a checkpoint in it or of a `reader.onnx`. -> its steps, 0 if unknown."""
    if path.suffix == ".onnx":
        found, step = _shipped(path), 0
    else:
        kept = torch.load(path / "best.pt" if path.is_dir() else path, weights_only=True)
        found, step = kept["reader"], int(kept["step"])
    reader.load_state_dict(reader.state_dict() | found)
    return step


def _shipped(path: Path) -> dict[str, Tensor]:
    """The weights of a `reader.onnx` out of int8; the word table is not in it."""
    import onnx
    from onnx.numpy_helper import to_array

    graph = onnx.load(path).graph
    kept = {i.name: torch.from_numpy(to_array(i).copy()) for i in graph.initializer}

    def whole(name: str) -> Tensor:
        scale, zero = kept[f"{name}_scale"].float(), kept[f"{name}_zero_point"].float()
        return (kept[f"{name}_quantized"].float() - zero) * scale  # of a matrix: a scale for each column

    found = {name: tensor for name, tensor in kept.items() if name.endswith((".weight", ".bias"))}
    for node in graph.node:
        table = next((i for i in node.input if i.endswith("_quantized") and i in kept), None)
        if table and node.op_type == "Gather":
            name = table.removesuffix("_quantized")
            found[name] = whole(name)
        elif table and node.op_type == "MatMulInteger":
            layer = re.sub("^(answers|denies)/", "", node.name.strip("/").rpartition("/")[0]).replace("/", ".")
            found[f"{layer}.weight"] = whole(table.removesuffix("_quantized")).T.contiguous()
    return found
