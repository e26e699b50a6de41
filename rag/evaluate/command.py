"""What `python -m rag evaluate` does, step by step: questions, corpus, answers, baseline, comparison, report, gate."""

from __future__ import annotations

import hashlib
import json
import random
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rag.build import build, is_stale
from rag.errors import EvaluationError
from rag.evaluate.baseline import langchain_recipe
from rag.evaluate.headline import scorecard_markdown
from rag.evaluate.questions import Question, read_questions
from rag.evaluate.report import report_html
from rag.evaluate.scorecard import Scorecard, card_json, evaluate, read_card
from rag.glossary import corpus_file
from rag.index.layout import replace as write_whole
from rag.index.write import Progress
from rag.pipeline import Pipeline
from rag.settings import Settings

SEED = 20260627
MARKS = "<!-- {} -->", "<!-- /{} -->"


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for on the command line."""

    questions: Path
    corpus: Path | None = None
    earlier: Path | None = None
    baseline: str | None = None
    sample: int | None = None
    out: Path | None = None
    into: Path | None = None
    gate: Path | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """The scorecard as Markdown, and what fell below its floor."""

    card: Scorecard
    markdown: str
    fallen: tuple[str, ...] = ()


def carry_out(order: Order, settings: Settings, progress: Progress) -> Done:
    """Evaluate, compare and write. Raises EvaluationError and what building an index raises."""
    folder = order.corpus if order.corpus is not None else settings.corpus[0]
    questions = sampled(read_questions(order.questions, folder), order.sample)
    with ExitStack() as stack:
        pipeline = stack.enter_context(_opened(order, settings, progress))
        about = {"questions": order.questions.name, "asked": len(questions)}
        card = evaluate(questions, pipeline, about=about, journal=_journal(order, pipeline, "ours"), progress=progress)
        other = _other(order, questions, pipeline, progress)
    report: dict[str, Any] = card_json(card)
    if other is not None:
        report["comparison"] = {name: asdict(d) for name, d in card.against(other).items()}
        report["baseline"] = card_json(other)
    markdown = scorecard_markdown(report, title=f"{order.questions.resolve().parent.name}/{order.questions.name}")
    if order.out is not None:
        _write(order.out, report, markdown)
    if order.into is not None:
        put_into(order.into, markdown)
    return Done(card, markdown, tuple(fallen(card, floors(order.gate))) if order.gate else ())


def sampled(questions: Sequence[Question], most: int | None) -> list[Question]:
    """`most` of the questions by a fixed seed, in their own order; all of them without a number."""
    if most is None or most >= len(questions):
        return list(questions)
    chosen = set(random.Random(SEED).sample(range(len(questions)), most))  # noqa: S311  a sample, not a secret
    return [q for n, q in enumerate(questions) if n in chosen]


def floors(path: Path) -> dict[str, float]:
    """The floors of a gate file: `[floors]` with a measure a line. Raises EvaluationError when it is none."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))["floors"]
        return {name: float(value) for name, value in table.items()}
    except (OSError, KeyError, ValueError, AttributeError, TypeError) as error:
        raise EvaluationError(f"{path} is not a gate file with a [floors] table: {error}") from error


def fallen(card: Scorecard, least: Mapping[str, float]) -> Iterator[str]:
    """A line for each measure whose whole interval lies below its floor, or that was not measured at all.

    A floor of 1 leaves nothing to chance: one wrong quote is one too many.
    """
    for name, floor in least.items():
        score = card.scores.get(name)
        if score is None:
            yield f"gate: {name} was not measured"
        elif score.high < floor or (floor >= 1 > score.value):
            yield f"gate: {name} is {score.value:.3f} (at most {score.high:.3f}), below its floor of {floor:.3f}"


def put_into(path: Path, markdown: str, what: str = "scorecard") -> None:
    """Replace what stands between the marks for it in a file. Raises EvaluationError when it has none."""
    first, last = (mark.format(what) for mark in MARKS)
    try:
        before, rest = path.read_text(encoding="utf-8").split(first)
        _, after = rest.split(last)
    except (OSError, ValueError) as error:
        raise EvaluationError(f"{path} has no lines {first} and {last} to put the {what} between.") from error
    write_whole(path, f"{before}{first}\n{markdown.strip()}\n{last}{after}")


@contextmanager
def _opened(order: Order, settings: Settings, progress: Progress) -> Iterator[Pipeline]:
    """The pipeline over the corpus asked for; its index is kept in the out folder, else thrown away."""
    with ExitStack() as stack:
        if order.corpus is not None:
            home = order.out or Path(stack.enter_context(tempfile.TemporaryDirectory()))
            settings = settings.model_copy(update={"corpus": (order.corpus,), "index": home / "index"})
        if is_stale(settings):
            build(settings, progress=progress)
        pipeline = Pipeline.open(settings)
        stack.callback(pipeline.index.close)
        yield pipeline


def _other(order: Order, questions: Sequence[Question], pipeline: Pipeline, progress: Progress) -> Scorecard | None:
    if order.earlier is not None and order.baseline is not None:
        raise EvaluationError("Compare with one thing at a time: --compare or --baseline.")
    if order.earlier is not None:
        return read_card(order.earlier)
    if order.baseline is None:
        return None
    recipe = langchain_recipe(list(pipeline.index.documents()), pipeline.settings.model, progress)
    journal = _journal(order, pipeline, order.baseline)
    return evaluate(questions, recipe, order.baseline, {}, journal, progress)


def _journal(order: Order, pipeline: Pipeline, name: str) -> Path | None:
    """Where answers are kept as they come. Another corpus, code, fit, reader or dial gives another journal."""
    if order.out is None:
        return None
    order.out.mkdir(parents=True, exist_ok=True)
    version = code_version(pipeline.settings.model_dump_json(include={"depth", "quotes", "passages", "reader"}))
    return order.out / f"answers-{name}-{pipeline.index.manifest.digest[:12]}-{version}.jsonl"


def code_version(dials: str) -> str:
    """Names the code of this package, what is fitted, and the dials: older answers are not taken for today's."""
    here = Path(__file__).parent.parent
    files = {file for kind in ("py", "json", "toml") for file in here.rglob(f"*.{kind}") if "web" not in file.parts}
    files |= {corpus_file(name) for name in ("glossary.toml", "chinese.toml")}
    content = b"".join(file.read_bytes() for file in sorted(files))
    return hashlib.sha256(content + dials.encode()).hexdigest()[:12]


def _write(out: Path, report: Mapping[str, Any], markdown: str) -> None:
    out.mkdir(parents=True, exist_ok=True)
    write_whole(out / "report.json", json.dumps(report, ensure_ascii=False, separators=(",", ":")))
    write_whole(out / "report.html", report_html(report))
    write_whole(out / "scorecard.md", markdown)
