"""The widget in a real browser over loopback: bytes, click to ready, question to first quote. Medians of some rounds.

    python -m benchmarks.widget QUESTIONS.jsonl     with the index that the settings name
    python -m benchmarks.widget QUESTIONS.jsonl --into benchmarks/README.md

Starts its own server on a free port and stops it; the page is the server's own /demo. "Ready" is when the question box
has the focus and a frame with it is painted. The answer of the bare pipeline, in a process of its own beforehand, tells
how much of the way to the first quote is the answering itself.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import sys
import time
from itertools import islice
from pathlib import Path
from typing import Any

import click

from benchmarks.load import serving, tell
from rag.pipeline import Pipeline
from rag.settings import load_settings
from rag.web.widget import script

# Both run in the page; each gives milliseconds. A frame is painted once the second callback is called.
READY = """() => new Promise((done, fail) => {
  const root = document.querySelector("[data-chipquote=button]").shadowRoot, began = performance.now();
  const end = () => root.activeElement.matches("textarea") ? done(performance.now() - began) : fail("no focus");
  root.querySelector(".launch").click();
  requestAnimationFrame(() => requestAnimationFrame(end));
})"""
QUOTED = """question => new Promise(done => {
  const root = document.querySelector("[data-chipquote=button]").shadowRoot, field = root.querySelector("textarea");
  const began = performance.now();
  new MutationObserver((_, watch) => {
    if (!root.querySelector(".said, .refusal, .notice")) return;
    watch.disconnect();
    const end = () => done([!!root.querySelector(".said"), performance.now() - began]);
    requestAnimationFrame(() => requestAnimationFrame(end));
  }).observe(root, {childList: true, subtree: true});
  field.value = question;
  field.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", bubbles: true}));
})"""


@click.command()
@click.argument("questions", type=Path)
@click.option("--rounds", default=15, type=click.IntRange(1, 50))
@click.option("--into", type=Path, metavar="FILE", help="Put the figures between the marks for the widget in FILE.")
def main(questions: Path, rounds: int, into: Path | None) -> None:
    """Open the widget and ask it some questions, and print what it took."""
    lines = questions.read_text(encoding="utf-8").splitlines()
    asked = [json.loads(line)["question"] for line in islice(filter(None, lines), rounds)]
    bare = _bare(asked)
    with serving() as address:
        ready, quoted, refused = _in_a_browser(address, asked)
    said = [
        f"widget.js: {len(script().encode()):,} bytes",
        f"click to ready: median {statistics.median(ready):.0f} ms, slowest {max(ready):.0f} ms",
    ]
    if quoted:
        said.append(
            f"question to first quote: median {statistics.median(quoted):.0f} ms, slowest {max(quoted):.0f} ms "
            f"({len(quoted)} answered, {refused} refused); bare pipeline {bare:.0f} ms"
        )
    tell(said, "widget", into)


def _bare(asked: list[str]) -> float:
    """Milliseconds that the pipeline alone takes, the median; the first question only warms it."""
    pipeline, times = Pipeline.open(load_settings()), list[float]()
    for question in [asked[0], *asked]:
        began = time.perf_counter()
        pipeline.ask(question)
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times[1:])


def _in_a_browser(address: str, asked: list[str]) -> tuple[list[float], list[float], int]:
    """The times of opening, on a fresh page each, and of the quotes; and how many questions were refused."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which(os.environ.get("CHROMIUM") or "chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("This needs chromium on the PATH, or its path in CHROMIUM.")
    ready, quoted, refused = list[float](), list[float](), 0
    with sync_playwright() as playwright:
        page: Any = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"]).new_page()
        for question in asked:
            page.goto(f"{address}/demo")
            page.locator(".launch").wait_for()
            ready.append(float(page.evaluate(READY)))
            found, took = page.evaluate(QUOTED, question)
            refused += not found
            quoted += [took] if found else []
    return ready, quoted, refused


if __name__ == "__main__":
    main()
