"""Results -> Scorecard: what was measured, on what, with what; and its JSON."""

from __future__ import annotations

import importlib.metadata
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rag.errors import EvaluationError
from rag.evaluate import metrics
from rag.evaluate.metrics import Result
from rag.evaluate.questions import Question
from rag.evaluate.run import Answerer, ours, result_from, result_json, run
from rag.evaluate.statistics import Difference, Estimate, compare, estimate
from rag.index.write import Progress
from rag.pipeline import Pipeline

FORMAT = 1
PACKAGES = ("bm25s", "chromadb", "langchain", "numpy", "onnxruntime", "sentence-transformers", "sentencex", "torch")
KS = (1, 2, 3, 5, 10, 20)


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The scores of one answerer on one question file. `about` names corpus, model, settings and packages."""

    name: str
    about: Mapping[str, Any]
    results: tuple[Result, ...]
    scores: Mapping[str, Estimate]
    by_type: Mapping[str, Mapping[str, Estimate]] = field(default_factory=dict)
    by_side: Mapping[str, Mapping[str, Estimate]] = field(default_factory=dict)
    speed: metrics.Measures = field(default_factory=dict)

    def rows(self) -> list[dict[str, Any]]:
        """One flat dict a question, for pandas."""
        return [
            {
                "id": r.question.id,
                "type": r.question.type,
                "side": r.question.side,
                "question": r.question.question,
                "answerable": r.question.answerable,
                "answered": r.answered,
                "support": r.support,
                "first_quote": r.quotes[0].text if r.quotes else "",
                **r.measures,
            }
            for r in self.results
        ]

    def against(self, other: Scorecard) -> dict[str, Difference]:
        """Each measure of ours minus theirs, on the questions that both have."""
        return compare(self.results, other.results)


def evaluate(
    questions: Sequence[Question],
    answerer: Pipeline | Answerer,
    name: str = "chipquote",
    about: Mapping[str, Any] | None = None,
    journal: Path | None = None,
    progress: Progress = lambda *_: None,
) -> Scorecard:
    """Answer and score. With a `journal`, an interrupted run goes on where it stopped."""
    described = dict(about or {})
    if isinstance(answerer, Pipeline):
        described = {**describe(answerer), **described}
        answerer = ours(answerer)
    return score(name, run(questions, answerer, journal, f"answering ({name})", progress), described)


def score(name: str, results: Sequence[Result], about: Mapping[str, Any]) -> Scorecard:
    """The scorecard of measured results."""
    return Scorecard(
        name=name,
        about=about,
        results=tuple(results),
        scores=estimate(results),
        by_type={kind: estimate(group) for kind, group in metrics.groups(results, "type").items()},
        by_side={side: estimate(group) for side, group in metrics.groups(results, "side").items()},
        speed=metrics.speed(results),
    )


def describe(pipeline: Pipeline) -> dict[str, Any]:
    """Corpus, model, settings and package versions: what a score depends on. No clock, no path."""
    manifest = pipeline.index.manifest
    return {
        "corpus": {"documents": manifest.documents, "passages": manifest.passages, "version": manifest.digest[:16]},
        "model": {"name": manifest.model, "weights": pipeline.encoder.recipe.weights},
        "settings": {"quotes": pipeline.settings.quotes, "passages": pipeline.settings.passages},
        "packages": {name: importlib.metadata.version(name) for name in PACKAGES},
    }


def card_json(card: Scorecard) -> dict[str, Any]:
    """The whole scorecard as JSON; `read_card` reads it back."""
    return {
        "format": FORMAT,
        "name": card.name,
        "about": dict(card.about),
        "scores": {name: asdict(e) for name, e in card.scores.items()},
        "by_type": {k: {name: asdict(e) for name, e in g.items()} for k, g in card.by_type.items()},
        "by_side": {k: {name: asdict(e) for name, e in g.items()} for k, g in card.by_side.items()},
        "recall_curve": recall_curve(card.results),
        "risk_coverage": metrics.risk_coverage(card.results),
        "speed": card.speed,
        "results": [result_json(r) for r in card.results],
    }


def recall_curve(results: Sequence[Result]) -> list[tuple[int, float]]:
    """(k, mean recall of the gold documents among the first k)."""
    found = [metrics.gold_documents(r) for r in results]
    known = [(gold, ranked) for gold, ranked in found if gold]
    return [(k, sum(len(g & set(r[:k])) / len(g) for g, r in known) / len(known)) for k in KS] if known else []


def read_card(path: Path) -> Scorecard:
    """Read a report.json back. Raises EvaluationError when it is none of this format."""
    try:
        data = json.loads((path / "report.json" if path.is_dir() else path).read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            raise ValueError("it was written by another version")
        return score(data["name"], [result_from(r) for r in data["results"]], data["about"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EvaluationError(f"{path} is not a report to compare with ({error}).") from error
