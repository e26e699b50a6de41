"""Three ratios, each measured in one run, because the machine's own speed drifts.

    python -m benchmarks.speed start                   ask, from the shell, against importing chromadb and onnxruntime
    python -m benchmarks.speed index FOLDER            building an index against the bare encoder on the same passages
    python -m benchmarks.speed ask QUESTIONS.jsonl...  a question against one bare embedding; verifies every quote

`start` and `ask` use the index that the settings name; `index` builds in a temporary folder.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import click

from rag.build import build
from rag.embed import encoder_folder, load_encoder
from rag.index import Index
from rag.index.write import searched_text
from rag.pipeline import Pipeline
from rag.present import answer_json
from rag.settings import load_settings
from rag.verify import verify_quotes

QUESTION = "What did BIS say about Huawei Ascend chips in May 2025?"


@click.group()
def cli() -> None:
    """Measure speed."""


@cli.command()
@click.option("--runs", default=7)
def start(runs: int) -> None:
    """Time `ask` from the shell against importing chromadb and onnxruntime, by turns."""
    imports = [sys.executable, "-c", "import chromadb, onnxruntime"]
    ask = [sys.executable, "-m", "rag", "ask", QUESTION]
    pairs = [(_wall(imports), _wall(ask)) for _ in range(runs + 1)][1:]  # the first run fills the file cache
    base, asked = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(b / a for a, b in pairs)
    click.echo(f"imports {base:.2f} s, ask {asked:.2f} s, ratio {ratio:.2f} (median of {runs})")


@cli.command()
@click.argument("folder", type=Path)
def index(folder: Path) -> None:
    """Build an index of FOLDER, then embed the same passages with the bare encoder."""
    with tempfile.TemporaryDirectory() as temporary:
        settings = load_settings(corpus=(folder,), index=Path(temporary))
        report = build(settings)
        encoder = load_encoder(encoder_folder(settings.index, settings.model), settings.model)
        opened = Index.open(settings.index)
        texts = [searched_text(opened.passage(n))[0] for n in range(len(opened))]
        began = time.perf_counter()
        encoder.documents(texts)
        bare = len(texts) / (time.perf_counter() - began)
        opened.close()
    built, whole = report.passages / report.embedding_seconds, report.passages / report.seconds
    click.echo(f"{report.documents} documents, {report.passages} passages, {report.seconds:.1f} s in all")
    click.echo(f"bare encoder {bare:.1f} passages/s")
    click.echo(f"embedding and storing {built:.1f} passages/s, ratio {built / bare:.2f}")
    click.echo(f"everything, from files to a served index {whole:.1f} passages/s, ratio {whole / bare:.2f}")


@cli.command()
@click.argument("questions", nargs=-1, type=Path, required=True)
@click.option("--most", default=500)
def ask(questions: tuple[Path, ...], most: int) -> None:
    """Ask the questions in QUESTIONS (JSON lines), each beside one bare embedding of it."""
    pipeline = Pipeline.open(load_settings())
    lines = (json.loads(line)["question"] for path in questions for line in path.read_text().splitlines() if line)
    asked = list(islice(lines, most))
    pipeline.ask(QUESTION)
    bare, full, answers = [], [], []
    for question in asked:
        bare.append(_timed(lambda q=question: pipeline.encoder.question(q)))  # type: ignore[misc]
        full.append(_timed(lambda q=question: answers.append(answer_json(pipeline.ask(q)))))  # type: ignore[misc]
    checks = list(verify_quotes(answers, pipeline.index))
    one, whole = statistics.median(bare), statistics.median(full)
    ranked = sorted(full)
    answered = sum(a["outcome"] == "answered" for a in answers)
    p95 = ranked[int(len(ranked) * 0.95)]
    stand = sum(c.stands for c in checks)
    click.echo(f"{len(asked)} questions, {answered} answered; {stand} of {len(checks)} quotes verified")
    click.echo(f"bare embedding {one * 1e3:.1f} ms, question {whole * 1e3:.1f} ms (p95 {p95 * 1e3:.1f} ms)")
    click.echo(f"ratio {whole / one:.2f} (of medians)")


def _wall(command: list[str]) -> float:
    return _timed(lambda: subprocess.run(command, capture_output=True, check=False))  # noqa: S603  our own


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    cli()
