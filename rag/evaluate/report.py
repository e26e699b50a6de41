"""A saved report -> its page and its scorecard in Markdown. Both take their rows from `headline`.

The page is one file that asks nothing of any host; whatever comes from questions and documents is escaped.
Left out: the drawings (`plots`) and the figures themselves (`scorecard`).
"""

from __future__ import annotations

import base64
import hashlib
import re
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from rag.evaluate.metrics import Result, hits, tokens
from rag.evaluate.plots import plots
from rag.evaluate.run import result_from

Report = Mapping[str, Any]
TEMPLATES = Path(__file__).parent / "templates"
NAMES = {"chipquote": "ChipQuote", "langchain": "LangChain recipe"}
SIGNS = {"better": "▲", "worse": "▼", "cannot tell": "≈"}


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

FAULTS = {
    "missed": ("Missed the answer", "none of the first three quotes is a right one"),
    "answered": ("Answered the unanswerable", "the documents hold no answer, yet it gave one"),
    "refused": ("Refused the answerable", "the documents hold the answer, yet it gave none"),
    "part": ("Part of the answer missing", "some expected name, number or date is not in the first three quotes"),
    "date": ("Outside the date", "a quote was published after the day asked about, or bears no date"),
    "changed": ("Not word for word", "the words of a quote do not stand so in the document"),
}


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


@dataclass(frozen=True, slots=True)
class Case:
    """One question of ours with its faults, and what the other made of it."""

    result: Result
    faults: tuple[str, ...]
    other: tuple[str, ...] | None = None

    @property
    def right(self) -> list[bool]:
        """For each quote shown or withheld, whether it is a right one."""
        shown = self.result.quotes or self.result.withheld
        return [self.result.question.answerable and hits(quote, self.result.question) for quote in shown]


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
    other = _other_name(report)
    head = ["Measure", f"{_plain(_our_name(report))} (95 % interval)"]
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
    cards = {_our_name(report): report, _other_name(report): report.get("baseline") or {"results": ()}}
    counts = {name: _words([result_from(row) for row in card["results"]]) for name, card in cards.items()}
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


def faults(result: Result) -> tuple[str, ...]:
    """What was wrong with an answer, as keys of FAULTS; none when it was right."""
    question, got = result.question, result.measures
    changed = ("changed",) if any(not quote.exact for quote in result.quotes) else ()
    if not question.answerable:
        return (("answered",) if result.answered else ()) + changed
    if not result.answered:
        return ("refused", *changed)
    strings = got.get("answer strings@3")
    found = got.get("quote hit@3")
    if (strings if found is None else found) == 0:
        return ("missed", *changed)
    part = ("part",) if strings is not None and strings < 1 else ()
    return (*part, *(("date",) if got.get("as-of") == 0 else ()), *changed)


def report_html(report: Report) -> str:
    """The report as one HTML page that stands alone."""
    style, script = ((TEMPLATES / f"report.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
    ours, other = _our_name(report), _other_name(report)
    cases, baseline = list(_cases(report)), report.get("baseline")
    cards = {ours: report, other: baseline} if baseline else {ours: report}
    order = list(FAULTS)
    wrong = sorted((c for c in cases if c.faults), key=lambda c: order.index(c.faults[0]))
    page = _environment().get_template("report.html")
    return page.render(
        report=report,
        about=report["about"],
        ours=ours,
        other=other,
        policy=f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; img-src data:; "
        "base-uri 'none'; form-action 'none'",
        style=Markup(style),  # noqa: S704  our own file
        script=Markup(script),  # noqa: S704  our own file
        summary=list(_summary(report, cases)),
        headline=headline(report),
        further=[row for row in every(report) if not row.measure.headline],
        missing=[m for m in MEASURES if m.headline and m.name not in {row.measure.name for row in every(report)}],
        plots=plots(cards),
        speeds=[(name, speed) for name, card in cards.items() if (speed := card.get("speed")) and all(speed.values())],
        tables=[table for by in ("type", "side") if (table := _table(report, by))],
        wrong=wrong,
        others=[case for case in cases if not case.faults],
        kinds={key: n for key in FAULTS if (n := sum(key in case.faults for case in wrong))},
        all_faults=FAULTS,
    )


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(scored=scored, signed=signed, chance=chance, number=number)
    environment.globals["signs"] = SIGNS
    return environment


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _our_name(report: Report) -> str:
    return NAMES.get(report["name"], str(report["name"]))


def _other_name(report: Report) -> str:
    """What the other one is called, or nothing when there is none."""
    other = report.get("baseline")
    if not other:
        return ""
    return "Earlier report" if other["name"] == report["name"] else NAMES.get(other["name"], str(other["name"]))


def _cases(report: Report) -> Iterator[Case]:
    rows = (report.get("baseline") or {}).get("results") or ()
    other = {row["question"]["id"]: faults(result_from(row)) for row in rows}
    for row in report["results"]:
        result = result_from(row)
        yield Case(result, faults(result), other.get(result.question.id))


def _table(report: Report, by: str) -> dict[str, Any] | None:
    """The headline scores of each type or side that has questions, with the other's beside them."""
    groups: Mapping[str, Any] = report.get(f"by_{by}") or {}
    if not groups:
        return None
    theirs = (report.get("baseline") or {}).get(f"by_{by}") or {}
    measures = [row.measure for row in headline(report) if any(row.measure.name in group for group in groups.values())]
    counted = [row["question"][by] for row in report["results"]]
    rows = [
        (kind, counted.count(kind), [(group.get(m.name), theirs.get(kind, {}).get(m.name)) for m in measures])
        for kind, group in groups.items()
    ]
    return {"by": by, "measures": measures, "rows": rows}


def _summary(report: Report, cases: Sequence[Case]) -> Iterator[str]:
    """What a hurried reader takes home: a few whole sentences."""
    ours, other = _our_name(report), _other_name(report)
    results = [case.result for case in cases]
    rest = [result_from(row) for row in (report.get("baseline") or {}).get("results") or ()]
    yield from _found(report, other)
    quotes = [quote for result in results for quote in result.quotes]
    if quotes:
        exact = sum(quote.exact for quote in quotes)
        share = f"All {exact:,}" if exact == len(quotes) else f"{exact:,} of {len(quotes):,}"
        yield f"{share} quotes shown stand word for word in the documents they name."
    yield from _refusals(results, ours)
    if (words := _words(results)) is not None:
        than = f", with the {other} {_words(rest):,}" if other and _words(rest) is not None else ""
        yield f"A reader of {ours} has {words:,} words of quotes to read in the middle case{than}."
    verdicts = [row.verdict for row in every(report) if row.difference]
    if verdicts:
        better, worse, open_ = (verdicts.count(name) for name in SIGNS)
        yield (
            f"Compared with the {other or 'other'} on {len(verdicts)} measures, {ours} is better on {better} and worse "
            f"on {worse}; on {open_} the difference may be chance."
        )


def _found(report: Report, other: str) -> Iterator[str]:
    theirs = (report.get("baseline") or {}).get("scores") or {}
    says: dict[str, Callable[[str], str]] = {
        "quote hit@3": lambda n: f"In {n} of 100 answerable questions one of the first three quotes was right",
        "answer strings@3": lambda n: f"The first three quotes held {n} of 100 expected names, numbers and dates",
    }
    for name, say in says.items():
        if name in report["scores"]:
            than = f"; with the {other} {_hundred(theirs[name])}" if name in theirs else ""
            yield f"{say(_hundred(report['scores'][name]))}{than}."
            return


def _hundred(score: Mapping[str, Any]) -> str:
    return f"{100 * score['value']:.0f}"


def _refusals(results: Sequence[Result], ours: str) -> Iterator[str]:
    refused = {
        answerable: [not r.answered for r in results if r.question.answerable is answerable]
        for answerable in (False, True)
    }
    parts = []
    if refused[False]:
        parts.append(f"{sum(refused[False]):,} of {len(refused[False]):,} questions that the documents cannot answer")
    if refused[True]:
        parts.append(f"{sum(refused[True]):,} of {len(refused[True]):,} that they can")
    if parts:
        yield f"{ours} refused {' and '.join(parts)}."


def _words(results: Sequence[Result]) -> int | None:
    """The median number of words in the quotes of an answer."""
    counts = [sum(len(tokens(quote.text)) for quote in result.quotes) for result in results if result.quotes]
    return round(statistics.median(counts)) if counts else None
