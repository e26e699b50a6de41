"""The report page and the Markdown scorecard: same figures as the JSON, nothing unescaped, nothing fetched."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from rag.evaluate.headline import chance, every, headline, scorecard_markdown, signed
from rag.evaluate.metrics import Result, Shown
from rag.evaluate.plots import plots
from rag.evaluate.questions import GoldSpan, Question
from rag.evaluate.report import faults, report_html
from rag.evaluate.run import result_from
from rag.evaluate.scorecard import Scorecard, card_json, score
from rag.evaluate.statistics import add_measures

EVIL = '<script>alert("x")</script><img src=x onerror=alert(1)>'
ABOUT = {
    "questions": "made-up.jsonl",
    "corpus": {"documents": 1251, "passages": 2000, "version": "abc"},
    "model": {"name": "a_model", "weights": "def"},
}
RULE = "The rule takes effect on 15 January 2026 for all chips."
GOLD = GoldSpan("a.txt", 0, len(RULE), RULE)


def shown(text: str = RULE, file: str = "a.txt", **more: Any) -> Shown:
    return Shown(document=file, file=file, text=text, published="2025-01-01", title=f"Title of {file}", **more)


def result(question: Question, *quotes: Shown, answered: bool = True, **more: Any) -> Result:
    return Result(
        question,
        answered=answered,
        support=0.9 if answered else 0.2,
        quotes=quotes if answered else (),
        withheld=() if answered else quotes,
        retrieved=("a.txt", "b.txt"),
        files=("a.txt", "b.txt"),
        **{"seconds": 0.04, "embedding": 0.01, **more},
    )


def asked(name: str, **more: Any) -> Question:
    gold: dict[str, Any] = {"spans": (GOLD,)} if more.get("answerable", True) else {}
    return Question(name, **{"question": f"What about {name}?", "type": "plain", **gold, **more})


def cases() -> list[Result]:
    """One question of each kind of failure, and right ones."""
    return [
        result(asked("right", side="us"), shown()),
        result(asked("right-refusal", answerable=False, type="unanswerable"), shown("Other."), answered=False),
        result(asked("missed", side="china", turns=("Before?",)), shown("Something else altogether.", "b.txt")),
        result(asked("answered", answerable=False, type="unanswerable"), shown("Other.", "b.txt")),
        result(asked("refused"), shown(), answered=False),
        result(asked("part", answer_strings=(("15 January 2026",), ("2027", "next year"))), shown()),
        result(asked("date", as_of=date(2024, 5, 1)), shown()),
        result(asked("changed"), shown(exact=False)),
    ]


def card(results: list[Result], name: str = "chipquote") -> Scorecard:
    return score(name, add_measures(results), ABOUT if name == "chipquote" else {})


def as_report(ours: Scorecard, other: Scorecard | None = None) -> dict[str, Any]:
    out = card_json(ours)
    if other is not None:
        out["baseline"] = card_json(other)
        out["comparison"] = {name: asdict(d) for name, d in ours.against(other).items()}
    report: dict[str, Any] = json.loads(json.dumps(out))
    return report


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    theirs = [
        result(r.question, shown("A long piece of text. " + RULE if n % 2 else "Off."), seconds=0.02)
        for n, r in enumerate(cases())
    ]
    return as_report(card(cases()), card(theirs, "langchain"))


@pytest.fixture(scope="module")
def alone() -> dict[str, Any]:
    return as_report(card(cases()))


@pytest.fixture(scope="module")
def html(report: dict[str, Any]) -> str:
    return report_html(report)


class Page(HTMLParser):
    """Every element with its attributes, the words on the page, and the cells of each row by its measure."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.by_measure: dict[str, str] = {}
        self._measure = ""
        self._raw = ""
        self.raw: dict[str, str] = {}
        self.feed(text)
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._raw = tag if tag in ("script", "style") else ""
        if tag == "tr":
            self._measure = dict(attrs).get("data-measure") or ""

    def handle_data(self, data: str) -> None:
        if self._raw:
            self.raw[self._raw] = self.raw.get(self._raw, "") + data
            return
        self.words.append(data)
        if self._measure:
            self.by_measure[self._measure] = f"{self.by_measure.get(self._measure, '')} {data.strip()}"

    def handle_endtag(self, tag: str) -> None:
        self._raw = ""
        if tag == "tr":
            self._measure = ""

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


# --- what is a failure ---


@pytest.mark.parametrize("case", add_measures(cases()), ids=lambda r: r.question.id)
def test_each_kind_of_failure_is_named(case):
    assert faults(case) == (() if case.question.id.startswith("right") else (case.question.id,))


def test_where_only_words_are_expected_none_of_them_is_a_miss_and_some_a_part():
    question = Question("w", "What?", answer_strings=(("15 January",), ("2027",)))
    some, none = add_measures([result(question, shown()), result(question, shown("Nothing."))])
    assert (faults(some), faults(none)) == (("part",), ("missed",))


# --- figures ---


def test_the_page_and_the_scorecard_show_the_figures_of_the_report(report, html):
    cells, markdown = Page(html).by_measure, scorecard_markdown(report)
    assert headline(report)
    for row in every(report):
        for estimate in (report["scores"].get(row.measure.name), report["baseline"]["scores"].get(row.measure.name)):
            if estimate is not None:
                value, low, high = (f"{estimate[key]:.2f}" for key in ("value", "low", "high"))
                assert f"{value} ({low}–{high})" in " ".join(cells[row.measure.name].split())
                assert (f"{value} ({low}–{high})" in markdown) or not row.measure.headline
    for name, difference in report["comparison"].items():
        for text in (difference["verdict"], signed(difference["difference"]), chance(difference["p"])):
            assert text in " ".join(cells[name].split())


def test_the_scorecard_is_a_github_table_with_what_was_asked_above_it(report):
    first, blank, *table, gap, words = scorecard_markdown(report, "my|file").splitlines()
    assert first == r"**my\|file**: 8 questions over 1,251 documents, model a\_model."
    assert (blank, gap) == ("", "")
    assert words == "Words to read in the quotes of an answer (median): ChipQuote 11, LangChain recipe 8."
    assert table[0] == ("| Measure | ChipQuote (95 % interval) | LangChain recipe (95 % interval) | Verdict |")
    assert {line.count("|") for line in table} == {5}
    assert len(table) == len(headline(report)) + 2


def test_the_scorecard_holds_no_timing_and_is_the_same_every_time(report):
    slower = json.loads(json.dumps(report))
    slower["speed"] = {"p50 s": 9.0, "p95 s": 9.0, "ratio to an embedding": 9.0}
    for row in slower["results"]:
        row["seconds"] = 9.0
    assert scorecard_markdown(slower) == scorecard_markdown(report)


def test_the_page_is_the_same_every_time(report, html):
    assert report_html(report) == html


@pytest.mark.parametrize(
    ("value", "text"), [(0.021, "+0.02"), (-0.039, "−0.04"), (0.0, "0.00"), (-0.001, "0.00"), (1.0, "+1.00")]
)
def test_differences_bear_a_sign_unless_they_round_to_nothing(value, text):
    assert signed(value) == text


def test_small_p_values_are_not_shown_as_nought():
    assert (chance(0.0002), chance(0.014), chance(1.0)) == ("p < 0.01", "p = 0.01", "p = 1.00")


def test_a_hurried_reader_gets_whole_sentences(html):
    words = Page(html).text
    assert "ChipQuote was asked 8 questions from the file made-up.jsonl about 1,251 documents" in words.replace(
        " ,", ","
    )
    assert "5 of 6 quotes shown stand word for word" in words
    assert "ChipQuote refused 1 of 2 questions that the documents cannot answer and 1 of 6 that they can." in words


def test_plots_bring_their_figures_as_text(report):
    found = {plot.key: plot for plot in plots({"ours": report, "theirs": report["baseline"]})}
    assert set(found) == {"recall", "risk", "latency", "types"}
    assert found["recall"].rows[0] == ("1", *(f"{c['recall_curve'][0][1]:.2f}" for c in (report, report["baseline"])))
    assert found["latency"].rows[0] == ("half of the questions", "4.0×", "2.0×")
    assert found["risk"].rows[-1][1] == f"{report['risk_coverage'][-1][1]:.2f}"
    assert all(name in plot.svg for plot in found.values() for name in ("ours", "theirs", "aria-label"))


# --- reports that lack something ---


def test_a_report_without_a_baseline_has_no_column_for_one(alone):
    page = Page(report_html(alone))
    assert "LangChain" not in page.text
    assert "Difference" not in page.text
    assert scorecard_markdown(alone).splitlines()[2] == "| Measure | ChipQuote (95 % interval) |"


def test_an_earlier_report_of_our_own_is_called_so(alone):
    assert "Earlier report" in Page(report_html({**alone, "baseline": alone, "comparison": {}})).text


def test_a_comparison_without_a_second_card_is_of_no_column(report):
    page = Page(report_html({k: v for k, v in report.items() if k != "baseline"}))
    assert "LangChain" not in page.text


def test_a_report_without_failures_says_so():
    page = Page(report_html(as_report(card(cases()[:2]))))
    assert "No question went wrong." in page.text
    assert not page.all("form")


def test_measures_that_do_not_apply_are_named_as_not_measured():
    only = [result(Question("w", "What?", answer_strings=(("2026",),)), shown())]
    report = as_report(card(only))
    assert report["results"][0]["measures"]["quote hit@3"] is None
    page = Page(report_html(report))
    assert "quote hit@3" not in page.by_measure
    assert "Not measured here" in page.text
    assert "right quote in the first three" in page.text
    assert not [plot for plot in plots({"ours": report}) if plot.key in ("recall", "types")]


def test_nothing_but_unanswerable_questions_and_no_time_taken():
    report = as_report(card([result(q, answered=False, embedding=0.0) for q in (asked("u", answerable=False),)]))
    report["about"] = {}
    assert "Speed on the machine" not in Page(report_html(report)).text
    assert scorecard_markdown(report).startswith("1 question.")


# --- nothing unescaped, nothing fetched ---


def evil_report() -> dict[str, Any]:
    question = Question(
        EVIL, EVIL, EVIL, EVIL, (EVIL,), quotes=(EVIL,), documents=(EVIL,), answer_strings=((EVIL, "b"),),
        spans=(GoldSpan(EVIL, 0, 5, EVIL),),
    )  # fmt: skip
    quote = Shown(EVIL, EVIL, EVIL, published=EVIL, key=EVIL, title=EVIL)
    rows = [
        result(question, quote),
        result(Question("2", "Plain?", "$x_1$ \x00 & 中文", "s", quotes=("no",)), quote),
        result(Question("3", "Plain?", answerable=True, quotes=("no",)), quote, answered=False),
    ]
    report = as_report(card(rows), card(rows, EVIL))
    report["about"] = {"questions": EVIL, "model": {"name": EVIL}, EVIL: {EVIL: EVIL}}
    report["scores"][EVIL] = report["scores"]["exact-quote"]
    return report


def test_what_comes_from_questions_and_documents_is_text():
    page = Page(report_html(evil_report()))
    assert len(page.all("script")) == 1
    assert not page.all("img")
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    assert page.text.count('alert("x")') > 10
    assert all("alert" not in text for text in page.raw.values())


def test_the_markdown_keeps_markup_from_a_name_as_text():
    text = scorecard_markdown(evil_report(), EVIL)
    assert not re.search(r"(?<!\\)<", text)


def test_the_page_refers_to_nothing_outside(html):
    page = Page(html)
    for tag, attributes in page.elements:
        for name in ("src", "href", "xlink:href", "action", "data", "poster", "srcset", "background", "cite"):
            assert (attributes.get(name) or "#").startswith(("#", "data:,")), (tag, attributes)
        assert tag not in ("iframe", "object", "embed", "base", "img", "audio", "video")
    assert not re.search(r"https?:|//[a-z]|@import|url\((?!#)", html)
    assert html.count("<link") == 1


def test_the_policy_allows_only_the_style_and_script_of_the_page(html):
    page = Page(html)
    policy = next(m["content"] for m in page.all("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    for kind in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256(page.raw[kind].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert not [attributes for _, attributes in page.elements if "style" in attributes]


def test_names_within_the_page_are_there_once_and_lead_somewhere(html):
    page = Page(html)
    names = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(names) == len(set(names))
    links = {(attributes.get("href") or "")[1:] for _, attributes in page.elements if "href" in attributes}
    links |= set(re.findall(r"url\(#([^)]+)\)", html))
    assert links - {"ata:,"} <= set(names)


def test_tables_have_captions_and_every_head_its_scope(html):
    page = Page(html)
    assert len(page.all("caption")) == len(page.all("table"))
    assert all(attributes.get("scope") in ("row", "col") for attributes in page.all("th"))
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_result_is_on_the_page_once(report, html):
    page = Page(html)
    rows = [attributes for attributes in page.all("tr") if "data-kinds" in attributes]
    assert len(rows) == len(report["results"])
    wrong = [row for row in report["results"] if faults(result_from(row))]
    assert len([row for row in rows if row["data-kinds"]]) == len(wrong) == 6


# --- in a browser ---


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Open a report from disk; afterwards nothing may have been asked for, run or complained of."""
    asked_for: list[str] = []
    said: list[str] = []
    contexts = []

    def make(report: dict[str, Any], width: int = 1280, **options: Any) -> Any:
        file = tmp_path / "report.html"
        file.write_text(report_html(report), encoding="utf-8")
        contexts.append(browser.new_context(viewport={"width": width, "height": 800}, **options))
        page = contexts[-1].new_page()
        page.on("request", lambda request: asked_for.append(request.url))
        page.on("console", lambda line: said.append(line.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
        page.goto(file.as_uri())
        return page

    yield make
    for context in contexts:
        context.close()
    assert said == []
    assert [url for url in asked_for if not url.startswith("data:")] == [(tmp_path / "report.html").as_uri()]


def visible(page: Any) -> int:
    return int(page.locator("#wrong tbody tr:visible").count())


def test_the_filter_narrows_the_failures_and_gives_them_back(opened, report):
    page = opened(report)
    assert visible(page) == 6
    page.get_by_label("What went wrong").select_option("missed")
    assert visible(page) == 1
    assert page.locator(".filter output").inner_text() == "1 of 6 shown"
    page.locator("select[name=type]").select_option("unanswerable")
    assert page.locator(".none").is_visible()
    page.get_by_role("button", name="Show all").click()
    page.wait_for_function("document.querySelector('.none').hidden")
    assert visible(page) == 6
    page.get_by_label("Words").fill("ABOUT refused")
    assert visible(page) == 1


def test_without_javascript_the_table_is_whole_and_the_form_hidden(opened, report):
    page = opened(report, java_script_enabled=False)
    assert visible(page) == 6
    assert not page.locator(".filter").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_the_page_without_scrolling_sideways(opened, report, scheme):
    page = opened(report, width=375, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


def test_what_is_written_in_questions_does_not_run(opened):
    page = opened(evil_report(), width=375)
    assert page.title() == "How well does ChipQuote quote? Evaluation report"
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_their_ground(opened, report, scheme):
    """WCAG AA: 4.5 to 1, for each colour of the page on each of its grounds."""
    page = opened(report, color_scheme=scheme)
    ratios = page.evaluate(
        """() => {
          const probe = document.body.appendChild(document.createElement("i"));
          const light = (name) => {
            probe.style.color = `var(--${name})`;
            const rgb = getComputedStyle(probe).color.match(/[\\d.]+/g).map((v) => v / 255);
            const [r, g, b] = rgb.map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
          const words = ["ink", "quiet", "link", "ours", "theirs", "good", "open", "gone"];
          return words.flatMap((w) => ["ground", "paper"].map((g) => [w, g, ratio(light(w), light(g))]));
        }"""
    )
    assert [found for found in ratios if found[2] < 4.5] == []
