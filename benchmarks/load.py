"""Many people at once through the API of a server on this machine, beside the bare encoder's limit in the same run.

    python -m benchmarks.load QUESTIONS.jsonl...      with the index that the settings name
    python -m benchmarks.load QUESTIONS.jsonl --into benchmarks/README.md

Starts its own server on a free loopback port, without a budget, and stops it. Nothing else is asked. No answer is
remembered, though the questions come round again: this is the worst case, everybody asking what nobody asked before.
The encoder's limit is what threads get done that only embed the same questions, measured before and after; the
pipeline's is what they get done that answer them without HTTP.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path

import click
import httpx

from rag.evaluate.command import put_into
from rag.pipeline import Pipeline
from rag.settings import load_settings
from rag.web.api import AT_ONCE

FORGETFUL = """
import sys
from rag.pipeline import Pipeline
from rag.settings import load_settings
from rag.web.server import run
run(load_settings(host="127.0.0.1", port=0), lambda line: print(line, file=sys.stderr, flush=True), Pipeline.open)
"""
LONGEST, MOST = 60.0, 100  # seconds and people: this is a measurement, not an attack


@click.command()
@click.argument("questions", nargs=-1, type=Path, required=True)
@click.option("--people", default=50, type=click.IntRange(1, MOST))
@click.option("--seconds", default=LONGEST, type=click.FloatRange(1, LONGEST))
@click.option("--into", type=Path, metavar="FILE", help="Put the figures between the marks for the load in FILE.")
def main(questions: tuple[Path, ...], people: int, seconds: float, into: Path | None) -> None:
    """Ask for some seconds, each of the people one question after the other, and print what became of it."""
    lines = (json.loads(line)["question"] for path in questions for line in path.read_text().splitlines() if line)
    asked = list(islice(lines, 500))
    settings = load_settings()
    pipeline = Pipeline.open(settings)
    pipeline.ask(asked[0])  # the reader is loaded
    before, own = a_second(pipeline.encoder.question, asked), a_second(pipeline.ask, asked)
    with serving() as address:
        times, errors, took = asyncio.run(crowd(address, asked, people, seconds))
    after = a_second(pipeline.encoder.question, asked)
    limit, ranked = (before + after) / 2, sorted(times)
    wrong = ", ".join(sorted(set(errors)))
    said = [f"{people} people, {took:.0f} s: {len(times)} answers, {len(errors)} errors {wrong}"]
    if times:
        p95, rate = ranked[int(len(ranked) * 0.95)], len(times) / took
        said += [
            f"p50 {statistics.median(times):.2f} s, p95 {p95:.2f} s, slowest {ranked[-1]:.2f} s",
            f"{rate:.1f} answers/s; bare encoder {before:.1f} and {after:.1f}, pipeline without HTTP {own:.1f}",
            f"ratio {rate / limit:.2f} of the encoder's limit, {rate / own:.2f} of the pipeline's",
        ]
    tell(said, "load", into)
    sys.exit(1 if errors else 0)


def tell(lines: Sequence[str], what: str, into: Path | None) -> None:
    """Print the figures and, where a file is named, put them there as a list between the marks for them."""
    listed = "\n".join(f"- {line.strip()}" for line in lines)
    click.echo(listed)
    if into is not None:
        put_into(into, listed, what)


@contextmanager
def serving() -> Iterator[str]:
    """The address of a server that runs as long as the block."""
    env = dict(os.environ) | {"CHIPQUOTE_BUDGET": "0"}
    command = [sys.executable, "-c", FORGETFUL]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=env) as server:  # noqa: S603  our own
        try:
            found = (re.search(r"is at (http://127\.0\.0\.1:\d+)", line) for line in server.stderr or ())
            yield next(match[1] for match in found if match)
        finally:
            server.terminate()


def a_second(work: Callable[[str], object], asked: list[str], seconds: float = 5.0) -> float:
    """What threads that do only this get done."""
    until, texts = time.perf_counter() + seconds, cycle(asked)
    began = time.perf_counter()

    def go_on() -> int:
        done = 0
        while time.perf_counter() < until:
            work(next(texts))
            done += 1
        return done

    with ThreadPoolExecutor(AT_ONCE) as threads:
        done = sum(future.result() for future in [threads.submit(go_on) for _ in range(AT_ONCE)])
    return done / (time.perf_counter() - began)


async def crowd(address: str, asked: list[str], people: int, seconds: float) -> tuple[list[float], list[str], float]:
    """The time of each answer, what went wrong, and the whole time."""
    times, errors, texts = list[float](), list[str](), cycle(asked)
    limits = httpx.Limits(max_connections=people, max_keepalive_connections=people)
    async with httpx.AsyncClient(base_url=address, timeout=60, limits=limits) as client:
        began = time.perf_counter()

        async def person() -> None:
            while time.perf_counter() - began < seconds:
                start = time.perf_counter()
                try:
                    reply = await client.post("/api/ask", json={"question": next(texts)})
                except httpx.HTTPError as error:
                    errors.append(type(error).__name__)
                    continue
                if reply.status_code == 200 and reply.json()["outcome"]:
                    times.append(time.perf_counter() - start)
                else:
                    errors.append(str(reply.status_code))

        await asyncio.gather(*(person() for _ in range(people)))
        return times, errors, time.perf_counter() - began


if __name__ == "__main__":
    main()
