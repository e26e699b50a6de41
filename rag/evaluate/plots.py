"""Scorecards -> plots as inline SVG in the page's own colours. matplotlib draws, without a display.

Each plot brings the figures it shows as a table, for those who cannot see it. Left out: the page (`report`).
"""

from __future__ import annotations

import io
import re
import statistics
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Card = Mapping[str, Any]  # a scorecard as JSON
Cards = Mapping[str, Card]  # by the name a reader sees; ours first
Points = list[tuple[float, float]]

TYPE_MEASURE = "citation recall"  # the one that applies to every question, answerable or not
MOST_TYPES = 24
INK, OURS, THEIRS, GRID = "#000001", "#000002", "#000003", "#000004"  # stand for the page's colours
COLOURS = {INK: "currentColor", OURS: "var(--ours)", THEIRS: "var(--theirs)", GRID: "var(--line)"}
SERIES: tuple[dict[str, Any], ...] = (  # told apart by dash and marker too
    {"color": OURS, "linestyle": "-", "marker": "o"},
    {"color": THEIRS, "linestyle": (0, (4, 2)), "marker": "D"},
)
KEPT = ("fill", "stroke", "opacity", "text-anchor", "font-size")  # SVG attributes taken from matplotlib's styles


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing with what it shows in words and in figures: `rows` of texts under `columns`."""

    key: str
    title: str
    caption: str
    svg: Markup
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def plots(cards: Cards) -> list[Plot]:
    """Every plot for which there are figures."""
    return [plot for draw in (_recall, _risk, _latency, _types) if (plot := draw(cards)) is not None]


def _recall(cards: Cards) -> Plot | None:
    series = {name: [(float(k), float(v)) for k, v in card.get("recall_curve") or ()] for name, card in cards.items()}
    series = {name: points for name, points in series.items() if points}
    if not series:
        return None
    ks = sorted({k for points in series.values() for k, _ in points})

    def draw(axes: Axes) -> None:
        for (name, points), style in zip(series.items(), SERIES, strict=False):
            axes.plot(*zip(*points, strict=True), label=_short(name), markersize=4, **style)
        axes.set(ylim=(0, 1.03), xlim=(0, max(ks) * 1.03), xlabel="documents looked at", ylabel="right documents found")
        axes.set_xticks([k for k in ks if k not in (2, 3)])

    title, caption = (
        "Is the right document found?",
        "The share of the right documents that are among the first few found. Higher is better.",
    )
    rows = tuple((f"{k:g}", *(_at(points, k) for points in series.values())) for k in ks)
    return Plot("recall", title, caption, _svg("recall", draw, f"{title} {caption}"), ("First", *series), rows)


def _at(points: Points, x: float) -> str:
    return next((f"{y:.2f}" for at, y in points if at == x), "–")


def _risk(cards: Cards) -> Plot | None:
    series = {name: [(float(c), float(r)) for c, r in card.get("risk_coverage") or ()] for name, card in cards.items()}
    series = {name: points for name, points in series.items() if points}
    if not series:
        return None

    def draw(axes: Axes) -> None:
        for (name, points), style in zip(series.items(), SERIES, strict=False):
            axes.plot(*zip(*points, strict=True), label=_short(name), **{**style, "marker": ""})
        axes.set(ylim=(0, 1.03), xlim=(0, 1.02), xlabel="share of questions answered", ylabel="wrong among these")

    title, caption = (
        "Does it know when it is wrong?",
        "The share of wrong answers when only the surest questions are answered, from few (left) to all (right). "
        "Lower is better, and a line that rises from left to right means that it is surer when it is right.",
    )
    rows = tuple((f"{c / 5:.2f}", *(_reached(points, c / 5) for points in series.values())) for c in range(1, 6))
    return Plot("risk", title, caption, _svg("risk", draw, f"{title} {caption}"), ("Answered", *series), rows)


def _reached(points: Points, x: float) -> str:
    return next((f"{y:.2f}" for at, y in points if at >= x - 1e-9), "–")


def _latency(cards: Cards) -> Plot | None:
    series = {name: ratios for name, card in cards.items() if (ratios := _ratios(card))}
    if not series:
        return None

    def draw(axes: Axes) -> None:
        from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

        far = max(map(max, series.values())) > 60 * min(map(min, series.values()))
        for (name, ratios), style in zip(series.items(), SERIES, strict=False):
            shares = [(n + 1) / len(ratios) for n in range(len(ratios))]
            axes.plot(ratios, shares, drawstyle="steps-post", label=_short(name), **{**style, "marker": ""})
        axes.set(xscale="log", ylim=(0, 1.03), xlabel="times one bare embedding", ylabel="questions answered")
        axes.xaxis.set_major_locator(LogLocator(subs=(1,) if far else (1, 2, 5)))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}×"))
        axes.xaxis.set_minor_locator(NullLocator())

    title, caption = (
        "How long does an answer take?",
        "The share of questions answered within a time, counted in embeddings of the bare question: the step that no "
        "search of this kind can do without. Further left is faster.",
    )
    names = (("half of the questions", 0.5), ("95 in 100", 0.95), ("every question", 1.0))
    rows = tuple((label, *(f"{_quantile(ratios, share):.1f}×" for ratios in series.values())) for label, share in names)
    return Plot("latency", title, caption, _svg("latency", draw, f"{title} {caption}"), ("Within", *series), rows)


def _ratios(card: Card) -> list[float]:
    """Seconds of each question over the median seconds of a bare embedding, in order of size."""
    results = card.get("results") or ()
    bare = [r["embedding"] for r in results]
    if not bare or not all(bare):
        return []
    return sorted(r["seconds"] / statistics.median(bare) for r in results)


def _quantile(ordered: Sequence[float], share: float) -> float:
    import numpy as np

    return float(np.quantile(ordered, share))


def _types(cards: Cards) -> Plot | None:
    tables = {name: _type_scores(card) for name, card in cards.items()}
    types = list(dict.fromkeys(kind for table in tables.values() for kind in table))[:MOST_TYPES]
    if len(types) < 2:
        return None

    def draw(axes: Axes) -> None:
        for n, ((name, table), style) in enumerate(zip(tables.items(), SERIES, strict=False)):
            known = [(place, table[kind]) for place, kind in enumerate(types) if kind in table]
            shift = (n - (len(tables) - 1) / 2) * 0.32
            axes.errorbar(
                [e["value"] for _, e in known],
                [place + shift for place, _ in known],
                xerr=[[max(0.0, abs(e["value"] - e[end])) for _, e in known] for end in ("low", "high")],
                label=_short(name),
                markersize=5,
                capsize=2,
                **{**style, "linestyle": ""},
            )
        axes.set(xlim=(-0.03, 1.03), ylim=(len(types) - 0.5, -0.5), xlabel="share of the right answer held")
        axes.set_yticks(range(len(types)), [_short(kind) for kind in types])

    title, caption = (
        "Which questions are hard?",
        "How much of the right answer the quotes hold, by type of question; a right refusal counts as right. "
        "The line through a dot is its 95 % interval: few questions give a long one. Further right is better.",
    )
    rows = tuple((kind, *(_interval(table.get(kind)) for table in tables.values())) for kind in types)
    svg = _svg("types", draw, f"{title} {caption}", height=1.0 + 0.34 * len(types))
    return Plot("types", title, caption, svg, ("Type", *tables), rows)


def _type_scores(card: Card) -> dict[str, Mapping[str, float]]:
    return {kind: scores[TYPE_MEASURE] for kind, scores in card.get("by_type", {}).items() if TYPE_MEASURE in scores}


def _interval(score: Mapping[str, float] | None) -> str:
    return "–" if score is None else f"{score['value']:.2f} ({score['low']:.2f}–{score['high']:.2f})"


def _short(name: str) -> str:
    name = "".join(c if c.isprintable() else " " for c in name)
    return name if len(name) <= 22 else name[:21] + "…"


def _svg(key: str, draw: Callable[[Axes], None], words: str, height: float = 2.9) -> Markup:
    """Draw on one pair of axes and return the SVG with `words` as its text alternative."""
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    look: dict[Any, Any] = {
        "font.size": 10, "text.color": INK, "axes.labelcolor": INK, "xtick.color": INK, "ytick.color": INK,
        "axes.edgecolor": GRID, "grid.color": GRID, "axes.grid": True, "axes.spines.top": False,
        "axes.spines.right": False, "xtick.major.size": 0, "ytick.major.size": 0, "lines.linewidth": 1.7,
        "legend.frameon": False, "svg.fonttype": "none", "svg.hashsalt": key, "text.parse_math": False,
    }  # fmt: skip
    file = io.StringIO()
    with matplotlib.rc_context(look), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph")  # the reader's browser has the characters
        figure = Figure(figsize=(4.3, height), layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        draw(axes)
        axes.set_axisbelow(True)
        if len(axes.get_legend_handles_labels()[1]) > 1:
            figure.legend(loc="outside upper left", ncols=2, handlelength=2.8, columnspacing=1.2)
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(file, format="svg", transparent=True, metadata=nothing)
    return inlined(file.getvalue(), key, words)


def inlined(drawing: str, key: str, words: str) -> Markup:
    """The drawing as part of a page: no style, no namespace, no size of its own, names that begin with `key`."""
    from xml.etree import ElementTree

    root = ElementTree.fromstring(drawing)  # noqa: S314  our own drawing
    for parent in list(root.iter()):
        for child in [c for c in parent if str(c.tag).endswith(("}style", "}metadata"))]:
            parent.remove(child)
    for element in root.iter():
        element.tag = str(element.tag).rpartition("}")[2]
        element.attrib = dict(_attributes(element.attrib, key))
    view = root.get("viewBox", "0 0 1 1")
    root.attrib = {"viewBox": view, "role": "img", "aria-label": words, "class": "drawing"}
    return Markup(ElementTree.tostring(root, encoding="unicode"))  # noqa: S704  written by ElementTree, which escapes


def _attributes(attributes: Mapping[str, str], key: str) -> Iterator[tuple[str, str]]:
    for full, value in attributes.items():
        name = full.rpartition("}")[2]
        if name == "style":
            for declaration in value.split(";"):
                prop, _, wanted = (part.strip() for part in declaration.partition(":"))
                if prop == "font" and (size := re.search(r"[\d.]+px", wanted)):
                    yield "font-size", size[0]
                elif prop.startswith(KEPT):
                    yield prop, COLOURS.get(wanted, wanted)
        elif name == "id":
            yield name, f"{key}-{value}"
        elif name == "href":
            yield name, value.replace("#", f"#{key}-", 1)
        else:
            yield name, COLOURS.get(value, value).replace("url(#", f"url(#{key}-")
