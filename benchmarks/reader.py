"""What the reader costs, in one run: its file, load time, memory, and a question's time by depth beside an embedding.

    python -m benchmarks.reader QUESTIONS.jsonl            with the index that the settings name; prints Markdown
    python -m benchmarks.reader QUESTIONS.jsonl --threads  also other thread counts, read by turns

Load time and memory are measured in a process of their own, before and after the reader is there. Depths and thread
counts take turns on each question, so that a machine whose speed drifts is as slow for one as for the other. Left out:
what the reader is worth (`benchmarks.levers`).
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from rag.datatypes import Passage
from rag.embed import word_pieces
from rag.evaluate.command import put_into
from rag.pipeline import READ, Pipeline
from rag.read import Reader, foremost, reader
from rag.session import open_session
from rag.settings import load_settings
from rag.weigh import weigh

THREADS = (1, 2)  # of a session, that `--threads` tries
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


def by_threads(questions: Sequence[str]) -> dict[str, float]:
    """The median seconds of reading the passages of a question, by threads of a pass; other cores read beside it."""
    pipeline = Pipeline.open(load_settings(depth="standard"))

    def with_passages(question: str) -> tuple[str, list[Passage]]:
        read = pipeline.encoder.read(question)
        return question, foremost(weigh(read, pipeline.found(question, read), pipeline.index), pipeline.reads)

    readers = {n: Reader(open_session(reader.HERE / reader.FILE, n), *word_pieces()) for n in THREADS}
    work = {str(n): partial(_read, one) for n, one in readers.items()}
    return by_turns(work, [*map(with_passages, questions)])


def _read(one: Reader, asked: tuple[str, list[Passage]]) -> object:
    return one.read(*asked)


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
@click.option("--threads", is_flag=True, help="Time other thread counts too.")
@click.option("--into", type=Path, metavar="FILE", help="Put the table between the marks for the reader in FILE.")
def main(questions: Path, most: int, threads: bool, into: Path | None) -> None:
    """Measure what the reader costs on the first of QUESTIONS (JSON lines), and print it as Markdown."""
    asked = [json.loads(line)["question"] for line in questions.read_text().splitlines() if line][:most]
    markdown = costs(asked)
    if threads:
        found = by_threads(asked)
        base = found[str(max(THREADS))]
        rows = [(n, f"{s * 1e3:.0f} ms, {s / base:.2f}") for n, s in found.items()]
        markdown += "\n\n" + _table(("threads", f"a question, and beside {max(THREADS)} of them"), rows)
    click.echo(markdown)
    if into is not None:
        put_into(into, markdown, "reader")


if __name__ == "__main__":
    main()
