"""The headline measures and their plain names, and the scorecard as Markdown: one definition for page and README."""

from __future__ import annotations

import re
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rag.evaluate.metrics import Result, tokens
from rag.evaluate.run import result_from

Report = Mapping[str, Any]

NAMES = {"chipquote": "ChipQuote", "langchain": "LangChain recipe"}


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure as a reader meets it: its `name` in report.json, its name in plain `words`, and what it means."""

    name: str
    words: str
    meaning: str
    headline: bool = False


MEASURES = (
    Measure("quote hit@1", "First quote is right", "The first quote shown is a passage that answers.", True),
    Measure(
        "quote hit@3",
        "Right quote in the first three",
        "At least one of the first three quotes is a passage that answers.",
        True,
    ),
    Measure(
        "answer strings@3",
        "Answer stands in the quotes",
        "Share of the expected names, numbers and dates that stand in the first three quotes.",
        True,
    ),
    Measure(
        "recall@5",
        "Right documents in the first five",
        "Share of the documents that hold the answer that are among the first five found.",
        True,
    ),
    Measure(
        "citation precision",
        "Quotes that count",
        "Share of the quotes shown that are word for word and to the point. A right refusal counts as right.",
        True,
    ),
    Measure(
        "citation recall",
        "Answer covered by quotes that count",
        "Share of the right answer that such quotes hold. A right refusal counts as right.",
        True,
    ),
    Measure(
        "exact-quote",
        "Word for word",
        "Share of the quotes whose words stand in the named document, read again by a separate program.",
        True,
    ),
    Measure(
        "as-of",
        "Right for the date asked about",
        "Questions about a certain day: a right quote, and nothing published after that day.",
        True,
    ),
    Measure(
        "refused rightly",
        "Right choice to answer or refuse",
        "Answered when the documents hold an answer, refused when they do not.",
        True,
    ),
    Measure(
        "refusal F1",
        "Refusals, on balance",
        "Balance of refusing only the unanswerable (precision) and refusing all of it (recall).",
        True,
    ),
    Measure("refusal precision", "Refusals that were right", "Of the questions refused, the share to be refused."),
    Measure("refusal recall", "Unanswerable questions refused", "Of the unanswerable, the share that was refused."),
    Measure(
        "refusal AUROC",
        "Surer of what it can answer",
        "Chance that an answerable question has more support than an unanswerable one; 0.50 is guessing.",
    ),
    Measure(
        "risk–coverage area",
        "Errors among the surest answers",
        "Average share of wrong answers from the surest question to all of them. Here less is better.",
    ),
    Measure("token F1", "Quote as long as the answer", "Words that the first quote and the right passage share."),
    Measure("recall@10", "Right documents in the first ten", "As above, among the first ten found."),
    Measure("hit@1", "First document is right", "The first document found holds the answer."),
    Measure("hit@5", "A right document in the first five", "At least one of the first five holds the answer."),
    Measure("MRR@10", "How high the first right document stands", "1 in first place, 1/2 in second, and so on."),
    Measure("nDCG@10", "How high all right documents stand", "1 when they lead the list; less the lower they stand."),
)


KNOWN = {measure.name: measure for measure in MEASURES}


@dataclass(frozen=True, slots=True)
class Row:
    """A measure with our score, the other's and the difference, each as in report.json or None."""

    measure: Measure
    ours: Mapping[str, Any] | None
    theirs: Mapping[str, Any] | None = None
    difference: Mapping[str, Any] | None = None

    @property
    def verdict(self) -> str:
        """better, worse, cannot tell, or not compared."""
        return str(self.difference["verdict"]) if self.difference else "not compared"


def headline(report: Report) -> list[Row]:
    """The headline measures that this report has."""
    return [row for row in every(report) if row.measure.headline]


def every(report: Report) -> list[Row]:
    """Every measure that ours or the other has, the headline ones first, then those without a plain name."""
    ours, difference = report["scores"], report.get("comparison") or {}
    theirs = (report.get("baseline") or {}).get("scores") or {}
    found = [*ours, *(name for name in theirs if name not in ours)]
    names = [*(name for name in KNOWN if name in found), *(name for name in found if name not in KNOWN)]
    return [
        Row(KNOWN.get(name, Measure(name, name, "")), ours.get(name), theirs.get(name), difference.get(name))
        for name in names
    ]


def scorecard_markdown(report: Report, title: str = "") -> str:
    """The headline measures as a GitHub Markdown table; the same report gives the same text. No timing in it."""
    other = other_name(report)
    head = ["Measure", f"{_plain(our_name(report))} (95 % interval)"]
    head += [f"{_plain(other)} (95 % interval)", "Verdict"] if other else []
    lines = [head, ["---"] * len(head)]
    for row in headline(report):
        cells = [f"{row.measure.words} (`{row.measure.name}`)", scored(row.ours)]
        lines.append([*cells, scored(row.theirs), _verdict(row)] if other else cells)
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    return f"{_counted(report, title)}\n\n{table}\n{_length(report)}"


def _counted(report: Report, title: str) -> str:
    about = report["about"]
    documents = (about.get("corpus") or {}).get("documents")
    model = (about.get("model") or {}).get("name")
    text = number(len(report["results"]), "question")
    text += f" over {number(documents, 'document')}" if documents is not None else ""
    text += f", model {_plain(model)}" if model else ""
    return (f"**{_plain(title)}**: " if title else "") + text + "."


def _length(report: Report) -> str:
    """How much there is to read, in a line; longer quotes hold more by chance."""
    cards = {our_name(report): report, other_name(report): report.get("baseline") or {"results": ()}}
    counts = {name: words_shown([result_from(row) for row in card["results"]]) for name, card in cards.items()}
    told = ", ".join(f"{_plain(name)} {count:,}" for name, count in counts.items() if count is not None)
    return f"\nWords to read in the quotes of an answer (median): {told}.\n" if told else ""


def _plain(text: str) -> str:
    """`text` as Markdown that shows exactly so."""
    return re.sub(r"([\\`*_{}\[\]<>|#!~&])", r"\\\1", " ".join(text.split()))


def _verdict(row: Row) -> str:
    if row.difference is None:
        return row.verdict
    return f"{row.verdict} ({signed(row.difference['difference'])}, {chance(row.difference['p'])})"


def number(count: int, thing: str) -> str:
    """`1 question`, `1,250 questions`."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def scored(score: Mapping[str, Any] | None) -> str:
    """`0.78 (0.67–0.89)`, or a dash."""
    return "–" if score is None else f"{score['value']:.2f} ({score['low']:.2f}–{score['high']:.2f})"


def signed(value: float) -> str:
    """`+0.02`, `−0.04` or `0.00`."""
    text = f"{abs(value):.2f}"
    return text if float(text) == 0 else ("+" if value > 0 else "−") + text


def chance(p: float) -> str:
    """`p = 0.68` or `p < 0.01`."""
    return "p < 0.01" if p < 0.005 else f"p = {p:.2f}"


def our_name(report: Report) -> str:
    """What the report calls the one measured."""
    return NAMES.get(report["name"], str(report["name"]))


def other_name(report: Report) -> str:
    """What the other one is called, or nothing when there is none."""
    other = report.get("baseline")
    if not other:
        return ""
    return "Earlier report" if other["name"] == report["name"] else NAMES.get(other["name"], str(other["name"]))


def words_shown(results: Sequence[Result]) -> int | None:
    """The median number of words in the quotes of an answer."""
    counts = [sum(len(tokens(quote.text)) for quote in result.quotes) for result in results if result.quotes]
    return round(statistics.median(counts)) if counts else None
