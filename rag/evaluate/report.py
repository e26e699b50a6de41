"""A saved report -> its page and its scorecard in Markdown. Both take their rows from `headline`.

The page is one file that asks nothing of any host; whatever comes from questions and documents is escaped.
Left out: the drawings (`plots`) and the figures themselves (`scorecard`).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from rag.evaluate.headline import (
    MEASURES,
    Report,
    chance,
    every,
    headline,
    number,
    other_name,
    our_name,
    scored,
    signed,
    words_shown,
)
from rag.evaluate.metrics import Result, hits
from rag.evaluate.plots import plots
from rag.evaluate.run import result_from

TEMPLATES = Path(__file__).parent / "templates"

SIGNS = {"better": "▲", "worse": "▼", "cannot tell": "≈"}


FAULTS = {
    "missed": ("Missed the answer", "none of the first three quotes is a right one"),
    "answered": ("Answered the unanswerable", "the documents hold no answer, yet it gave one"),
    "refused": ("Refused the answerable", "the documents hold the answer, yet it gave none"),
    "part": ("Part of the answer missing", "some expected name, number or date is not in the first three quotes"),
    "date": ("Outside the date", "a quote was published after the day asked about, or bears no date"),
    "changed": ("Not word for word", "the words of a quote do not stand so in the document"),
}


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
    ours, other = our_name(report), other_name(report)
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
    ours, other = our_name(report), other_name(report)
    results = [case.result for case in cases]
    rest = [result_from(row) for row in (report.get("baseline") or {}).get("results") or ()]
    yield from _found(report, other)
    quotes = [quote for result in results for quote in result.quotes]
    if quotes:
        exact = sum(quote.exact for quote in quotes)
        share = f"All {exact:,}" if exact == len(quotes) else f"{exact:,} of {len(quotes):,}"
        yield f"{share} quotes shown stand word for word in the documents they name."
    yield from _refusals(results, ours)
    if (words := words_shown(results)) is not None:
        than = f", with the {other} {words_shown(rest):,}" if other and words_shown(rest) is not None else ""
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
