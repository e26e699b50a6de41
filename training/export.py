"""A checkpoint -> `rag/read/reader.onnx`, int8, and the facts about it that are checked at load.

    python -m training.export --run FOLDER [--with OTHER --share 0.4]

`--with` mixes in the weights of the run that the first went on from: their mean found as well as either and told apart
as well as the later one (`LOG.md`).

The weights of matrices become bytes, a scale for each output (dynamic quantisation); the word table stays outside. They
are bytes without a sign: with one, cores without VNNI saturate, and would read otherwise than those that have it.
Left out: what the readings count (`training.judge`).
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import warnings
from copy import deepcopy
from pathlib import Path

import click
import torch

from rag.embed.model import DEFAULT_MODEL, DEFAULT_SHA256, load_sentence_transformer
from rag.read.reader import FACTS, FILE, HERE
from training.model import Reader, take_over

NAMES = ("words", "parts", "shared", "mask")


def load_reader(path: Path) -> tuple[Reader, int]:
    """The reader of a run, of a checkpoint in it, or of a `reader.onnx`; and the step it was at, 0 if unknown."""
    st, _ = load_sentence_transformer(DEFAULT_MODEL)
    reader = Reader(st[0].auto_model)
    step = take_over(reader, path)
    return reader.eval(), step


def mixed(reader: Reader, path: Path, share: float) -> Reader:
    """The reader with its weights moved by `share`, 0 to 1, towards those at `path`; what those lack stays."""
    other = deepcopy(reader)
    take_over(other, path)
    with torch.no_grad():
        for own, others in zip(reader.parameters(), other.parameters(), strict=True):
            own.lerp_(others, share)
    return reader


def write_onnx(reader: Reader, path: Path, whole: bool = False) -> None:
    """Write the reader as int8, or `whole` as float32."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    d = reader.words.weight.shape[1]
    ones = torch.ones((2, 9), dtype=torch.long)
    axes = {name: {0: "b", 1: "n"} for name in (*NAMES, "where")} | {"answers": {0: "b"}, "denies": {0: "b"}}
    with tempfile.TemporaryDirectory() as folder, torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exact = path if whole else Path(folder) / "exact.onnx"
        torch.onnx.export(
            reader, (torch.zeros((2, 9, d)), ones, ones, ones), str(exact), input_names=list(NAMES),
            output_names=["answers", "denies", "where"], dynamic_axes=axes, opset_version=17, dynamo=False,
        )  # fmt: skip
        if not whole:
            quantize_dynamic(exact, path, weight_type=QuantType.QUInt8, per_channel=True)


@click.command()
@click.option("--run", type=Path, required=True, metavar="FOLDER", help="The --out of `python -m training.train`.")
@click.option("--with", "other", type=Path, metavar="PATH", help="Another run or reader.onnx to mix in.")
@click.option("--share", type=click.FloatRange(0, 1), default=0.4, show_default=True, help="Of the other run.")
@click.option("--to", type=Path, default=HERE, metavar="FOLDER", help="Where the reader goes; the package by default.")
def main(run: Path, other: Path | None, share: float, to: Path) -> None:
    """Write the reader that ships."""
    to.mkdir(parents=True, exist_ok=True)
    reader, step = load_reader(run)
    if other is not None:
        reader = mixed(reader, other, share)
    write_onnx(reader, to / FILE)
    content = (to / FILE).read_bytes()
    facts = {
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "base": DEFAULT_MODEL,
        "base_sha256": DEFAULT_SHA256,
        "steps": step,
        "by": "python -m training.train, then python -m training.export",
    }
    (to / FACTS).write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    click.echo(f"{len(content) / 1e6:.1f} MB, after {step:,} steps, in {to}")


if __name__ == "__main__":
    main()
