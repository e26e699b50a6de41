"""What the reader costs, in one run: its file, load time, memory, and a question's time by depth beside an embedding.

    python -m benchmarks.reader QUESTIONS.jsonl            with the index that the settings name; prints Markdown
    python -m benchmarks.reader QUESTIONS.jsonl --ways     also other batches and thread counts, read by turns

Load time and memory are measured in a process of their own, before and after the reader is there. Depths and ways take
turns on each question, so that a machine whose speed drifts is as slow for one as for the other. Left out: what the
reader is worth (`benchmarks.levers`).
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from unittest.mock import patch

import click

from rag.datatypes import Passage
from rag.embed import word_pieces
from rag.evaluate.command import put_into
from rag.pipeline import READ, Pipeline
from rag.read import Reader, foremost, reader
from rag.retrieve import retrieve
from rag.settings import load_settings
from rag.weigh import weigh

TOGETHER, THREADS = (2, 4, 8), (1, 2)  # pairs in a pass and threads of it that `--ways` tries
MB = 1e6
LOADING = """
import json, resource, time
from rag.embed import word_pieces
from rag.pipeline import Pipeline
from rag.settings import load_settings
def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()
pipeline = Pipeline.open(load_settings(depth="fast"))
pipeline.ask("Which chips need a licence for China?")
before, began = resident(), time.perf_counter()
pieces = word_pieces()
words = time.perf_counter() - began
from rag.read import Reader
Reader.load(*pieces)
loaded = time.perf_counter() - began
added = resident() - before
pipeline = Pipeline(pipeline.index, pipeline.encoder, load_settings(depth="standard"))
pipeline.ask("Which chips need a licence for China?")
print(json.dumps({"words": words, "loaded": loaded, "added": added, "used": resident() - before, "before": before}))
"""


def loading() -> dict[str, float]:
    """Seconds to load (the word table among them) and bytes of memory added, in a process of its own."""
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    ran = subprocess.run([sys.executable, "-c", LOADING], env=env, capture_output=True, text=True, check=True)  # noqa: S603  our own
    return dict(json.loads(ran.stdout.splitlines()[-1]))


def by_depth(questions: Sequence[str]) -> dict[str, float]:
    """The median seconds of a question at each depth, and of one bare embedding of it."""
    settings = load_settings()
    fast = Pipeline.open(settings)
    pipelines = {
        depth: Pipeline(fast.index, fast.encoder, settings.model_copy(update={"depth": depth})) for depth in READ
    }
    work: dict[str, Callable[[str], object]] = {"embedding": fast.encoder.question}
    work |= {depth: pipeline.ask for depth, pipeline in pipelines.items()}
    return by_turns(work, questions)


def by_turns(work: Mapping[str, Callable[[Any], object]], given: Sequence[Any]) -> dict[str, float]:
    """The median seconds of each piece of work over what is given; each is done once before."""
    for do in work.values():
        do(given[0])
    seconds: dict[str, list[float]] = {name: [] for name in work}
    for n, one in enumerate(given):
        names = [*work]
        for name in names[n % len(names) :] + names[: n % len(names)]:  # another goes first each time
            began = time.perf_counter()
            work[name](one)
            seconds[name].append(time.perf_counter() - began)
    return {name: statistics.median(s) for name, s in seconds.items()}


Asked = tuple[str, list[Passage]]  # a question with the passages that are read with it


def ways(questions: Sequence[str]) -> dict[str, float]:
    """The median seconds of reading the passages of a question, by how many are read together and by threads."""
    pipeline = Pipeline.open(load_settings(depth="standard"))

    def with_passages(question: str) -> Asked:
        read = pipeline.encoder.read(question)
        found = retrieve(question, read.vector, pipeline.index, pipeline.settings.passages)
        return question, foremost(weigh(read, found, pipeline.index), pipeline.reads)

    readers = {threads: Reader(_session(threads), *word_pieces()) for threads in THREADS}
    work: dict[str, Callable[[Asked], object]] = {
        f"{together} together, {threads} thread{'s' * (threads > 1)}": _reading(readers[threads], together)
        for together in TOGETHER
        for threads in THREADS
    }
    work |= {f"{n} together, two passes at once, 1 thread each": _at_once(readers[1], n) for n in TOGETHER}
    return by_turns(work, [*map(with_passages, questions)])


def _session(threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(reader.HERE / reader.FILE, options, providers=["CPUExecutionProvider"])


def _reading(one: Reader, together: int) -> Callable[[Asked], object]:
    def read(asked: Asked) -> object:
        with patch.object(reader, "TOGETHER", together):
            return one.read(*asked)

    return read


def _at_once(one: Reader, together: int) -> Callable[[Asked], object]:
    """Two halves of the passages of like length, each by a thread of its own."""
    pool = ThreadPoolExecutor(2)

    def read(asked: Asked) -> object:
        question, passages = asked
        ordered = sorted(passages, key=lambda p: p.end - p.start)
        with patch.object(reader, "TOGETHER", together):
            return [*pool.map(lambda half: one.read(question, half), (ordered[::2], ordered[1::2]))]

    return read


def costs(questions: Sequence[str]) -> str:
    """The Markdown table of file, loading, memory and time by depth."""
    size, load, seconds = (reader.HERE / reader.FILE).stat().st_size, loading(), by_depth(questions)
    bare = seconds.pop("embedding")
    rows = [
        ("file", f"{size / MB:.1f} MB"),
        ("to load", f"{load['loaded']:.2f} s, of which the word table {load['words']:.2f} s"),
        ("memory it adds", f"{load['added'] / MB:.0f} MB loaded, {load['used'] / MB:.0f} MB after a question"),
        ("a bare embedding of the question", f"{bare * 1e3:.0f} ms"),
        *(
            (f"a question, {depth} ({READ[depth]} passages read)", f"{s * 1e3:.0f} ms, {s / bare:.1f} embeddings")
            for depth, s in seconds.items()
        ),
    ]
    return _table(("the reader", f"medians of {len(questions)} questions"), rows)


def _table(head: tuple[str, str], rows: Sequence[tuple[str, str]]) -> str:
    return "\n".join(f"| {a} | {b} |" for a, b in (head, ("---", "---"), *rows))


@click.command()
@click.argument("questions", type=Path)
@click.option("--most", default=60, help="Questions that are asked.")
@click.option("--ways", "other_ways", is_flag=True, help="Time other batches and threads too.")
@click.option("--into", type=Path, metavar="FILE", help="Put the table between the marks for the reader in FILE.")
def main(questions: Path, most: int, other_ways: bool, into: Path | None) -> None:
    """Measure what the reader costs on the first of QUESTIONS (JSON lines), and print it as Markdown."""
    asked = [json.loads(line)["question"] for line in questions.read_text().splitlines() if line][:most]
    markdown = costs(asked)
    if other_ways:
        found = ways(asked)
        base = found[f"{reader.TOGETHER} together, 2 threads"]
        rows = [(way, f"{s * 1e3:.0f} ms, {s / base:.2f}") for way, s in found.items()]
        markdown += "\n\n" + _table(("read", "a question, and beside the way in use on two cores"), rows)
    click.echo(markdown)
    if into is not None:
        put_into(into, markdown, "reader")


if __name__ == "__main__":
    main()
