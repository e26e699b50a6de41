"""`rag check`: one bad record for each rule, figures in one form, the ledger, and the corpus's own page."""

from __future__ import annotations

import json
import random
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from material import ROOT

from rag.check.command import Order, carry_out
from rag.check.figures import figures, is_backed
from rag.check.readme import readme
from rag.check.rules import CODES, Corpus, backing
from rag.check.schema import read_page
from rag.errors import LoadError

DAY = date(2026, 6, 27)
HEAD = """id: us-2025-05-13-rule
title: The rule of May 2025
date: '2025-05-13'
effective: '2025-05-15'
status: in force
status_as_of: '2026-06-27'
side: us
actor: Bureau of Examples
instrument: The rule
language: en
facts:
- us-rule
figures: ["50%"]
confidence: high
sources:
- title: The rule explained
  publisher: A law firm
  url: https://example.org/rule
  date: 2025-05
"""
BODY = "The Bureau of Examples issued the rule on 13 May 2025, and the rule limits sales to 50%. " + " ".join(
    f"The Bureau of Examples says that the rule covers sales of the kind called {name} without any exception."
    for name in ("alpha", "beta", "gamma", "delta")
)
OTHER_HEAD = HEAD.replace("2025-05-13-rule", "2024-05-13-old").replace("us-rule", "us-old").replace(
    "title: The rule of May 2025", "title: The old rule"
).replace("2025-05-13'", "2024-05-13'").replace("'2025-05-15'", "'2024-05-15'")  # fmt: skip
OTHER_BODY = BODY.replace("the rule", "the old rule").replace("2025", "2024")


def put(folder: Path, head: str = HEAD, body: str = BODY, name: str = "", side: str = "us") -> Path:
    """Write a record where its id and side belong, unless told otherwise."""
    name = name or head.split("id: ", 1)[-1].split("\n", 1)[0]
    path = folder / "records" / side / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\n{head}---\n\n{body}\n", encoding="utf-8")
    return path


def put_other(folder: Path, head: str = OTHER_HEAD, body: str = OTHER_BODY) -> Path:
    return put(folder, head, body)


def check(folder: Path, day: date = DAY, **order) -> list:
    return list(carry_out(Order((folder / "records",), day, **order)).findings)


def test_two_good_records_are_clean(tmp_path):
    put(tmp_path)
    put_other(tmp_path)
    assert check(tmp_path) == []


SUPERSEDES, SUPERSEDED = "supersedes:\n- us-2024-05-13-old\n", "superseded_by:\n- us-2025-05-13-rule\n"

# What each rule is to find: changes to the front matter and the body of a good record.
BAD = {
    "C001 not YAML": {"head": HEAD.replace("title: The", "title: 'The")},
    "C002 a field is missing": {"head": HEAD.replace("actor: Bureau of Examples\n", "")},
    "C002 a field is unknown": {"head": HEAD + "colour: red\n"},
    "C002 a day that is none": {"head": HEAD.replace("effective: '2025-05-15'", "effective: '2025-02-30'")},
    "C002 a year that cannot be meant": {"head": HEAD.replace("date: '2025-05-13'", "date: '1925-05-13'")},
    "C002 a status that is none": {"head": HEAD.replace("in force", "alive")},
    "C002 no source": {"head": HEAD.split("sources:")[0] + "sources: []\n"},
    "C002 a source without an address": {"head": HEAD.replace("https://example.org/rule", "the web")},
    "C003 named otherwise": {"name": "us-2025-05-13-other"},
    "C004 in the wrong folder": {"side": "china"},
    "C101 ends before it begins": {"head": HEAD.replace("status:", "until: '2025-05-14'\nstatus:", 1)},
    "C102 read too early": {"head": HEAD.replace("status_as_of: '2026-06-27'", "status_as_of: '2025-05-12'")},
    "C201 a link to nothing": {"head": HEAD.replace("side:", "supersedes:\n- us-2020-none\nside:")},
    "C201 a fact that none carries": {"head": HEAD.replace("figures:", 'context: ["us-none"]\nfigures:')},
    "C202 a link not returned": {"head": HEAD.replace("side:", SUPERSEDES + "side:")},
    "C301 a number changed": {"body": BODY + " The Bureau of Examples then limits sales to 40%."},
    "C301 a day changed": {"body": BODY.replace("13 May", "12 May")},
    "C301 a number changed in the title": {"head": HEAD.replace("The rule of May 2025", "The rule of May 2024")},
    "C302 a figure left over": {"head": HEAD.replace('["50%"]', '["50%", "910B"]')},
    "C303 nothing to let stand": {"head": HEAD.replace("confidence:", "reviewed:\n- {about: C501, why: x}\nconfidence:")},
    "C401 a title twice": {"head": HEAD.replace("The rule of May 2025", "The old rule")},
    "C401 a sentence twice": {"body": BODY + " " + OTHER_BODY.rsplit(". ", 1)[-1]},
    "C401 a fact twice": {"head": HEAD.replace("us-rule", "us-old")},
    "C501 too short": {"body": BODY[:120]},
    "C501 too long": {"body": BODY + " and so on" * 100},
    "C502 leans on the one before": {"body": BODY + " It also covers presents."},
    "C601 a day that has passed": {"head": HEAD.replace("status:", "until: '2026-06-27'\nstatus:", 1)},
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_each_rule_finds_its_own_bad_record_and_nothing_else(case, tmp_path):
    path = put(tmp_path, **BAD[case])
    put_other(tmp_path)
    found = check(tmp_path, date(2026, 6, 28))
    assert [finding.code for finding in found] == [case[:4]], found
    assert found[0].path.resolve() == path
    assert found[0].mend


def test_a_record_that_supersedes_a_younger_one_is_found(tmp_path):
    put(tmp_path, HEAD.replace("side:", SUPERSEDED.replace("2025-05-13-rule", "2024-05-13-old") + "side:"))
    put_other(tmp_path, OTHER_HEAD.replace("side:", SUPERSEDES.replace("2024-05-13-old", "2025-05-13-rule") + "side:"))
    assert [finding.code for finding in check(tmp_path)] == ["C203"]


def test_every_rule_has_its_bad_record():
    assert {case[:4] for case in BAD} | {"C203"} == set(CODES)


def test_a_reviewed_figure_stands_and_a_link_backs_figures_both_ways(tmp_path):
    reviewed = "reviewed:\n- {about: 60%, why: the source rounds it}\nconfidence:"
    head = HEAD.replace("side:", SUPERSEDES + "side:").replace("confidence:", reviewed)
    put(tmp_path, head, BODY.replace("50%", "50%, or 60% by another count, where it was free before 13 May 2024"))
    put_other(tmp_path, OTHER_HEAD.replace("side:", SUPERSEDED + "side:"))
    assert check(tmp_path) == []


def test_a_finding_names_the_line_of_the_field_or_of_the_text(tmp_path):
    put(tmp_path, HEAD.replace("in force", "alive"))
    path = put_other(tmp_path, body=OTHER_BODY.replace("The Bureau of Examples says", "\n\nThe Bureau of 7 says", 1))
    by_code = {finding.code: finding.line for finding in check(tmp_path)}
    assert by_code["C002"] == 6  # the mark of the front matter is line 1
    assert "Bureau of 7" in path.read_text().splitlines()[by_code["C301"] - 1]


def test_the_command_prints_as_linters_do_and_exits_1_on_errors_only(tmp_path, here):
    path = put(
        tmp_path, HEAD.replace("status:", "until: '2025-12-31'\nstatus:", 1).replace("'2026-06-27'", "'2025-06-27'")
    )
    ran = here("check", str(path), "--day", "2026-01-01")
    assert ran.code == 0
    assert ran.out.startswith(
        f"records/us/{path.name}:6: C601 ended on 2025-12-31; whether it was extended is not known here — "
    )
    assert "0 errors, 1 warnings" in ran.err
    assert here("check", str(path), "--day", "2025-12-31").out == ""
    put(tmp_path, body=BODY + " The Bureau of Examples then limits sales to 5%.")
    ran = here("check", str(tmp_path), "--json", "--day", "2026-01-01")
    assert ran.code == 1
    row = json.loads(ran.out)
    assert (row["code"], row["about"], row["warning"]) == ("C301", "5%", False)
    ran = here("check", str(tmp_path / "nowhere"))
    assert (ran.code, "no record in" in ran.err) == (1, True)


def test_one_file_is_checked_against_its_siblings(tmp_path, here):
    path = put(tmp_path, HEAD.replace("side:", SUPERSEDES + "side:"))
    put_other(tmp_path, OTHER_HEAD.replace("side:", SUPERSEDED + "side:"), OTHER_BODY.replace("50%", "70%"))
    ran = here("check", str(path), "--day", "2026-01-01")
    assert (ran.code, ran.out) == (0, "")


FIGURES = {
    "on 13 May 2025": ["2025-05-13"],
    "on 13-15 May 2026, or 9 or 10 June 2025": ["2026-05-13", "2026-05-15", "2025-06-09", "2025-06-10"],
    "from 8 November, announced in October": ["2025-11-08", "2025-10"],
    "in May 2025 and may 2025 bring more": ["2025-05", "2025-05"],
    "about $4.5 billion, 15 percent and 2.4%": ["$4.5 billion", "15%", "2.4%"],
    "20-40 billion yuan": ["20 billion", "40 billion"],
    "a TPP of 4,800 and 6,500 GB/s at 7 nm": ["4800", "6500 GB/s", "7 nm"],
    "ten years, by 42-0": ["10", "42", "0"],
    "Q4 2026, the first quarter of fiscal 2027": ["2026 Q4", "fiscal 2027 Q1"],
    "in 2015-2020": ["2015", "2020"],
    "H200s, the 910B, ECCN 3A090.a, N+3 and NXT:1980i": ["H200", "910B", "3A090.a", "N+3", "1980i"],
    "90 FR 4544, FR Doc. 2025-00636, H.R. 3447": ["90 FR 4544", "FR Doc. 2025-00636", "H.R. 3447"],
    "General Prohibition 10 (GP10)": ["GP10", "GP10"],
    "one of the second kind": [],
}  # fmt: skip


@pytest.mark.parametrize("text", FIGURES)
def test_figures_come_in_one_form(text):
    assert [figure.value for figure in figures(text, "2025")] == FIGURES[text]


def test_a_shorter_date_rests_on_a_longer_one_and_not_the_other_way():
    assert is_backed("2025-05", {"2025-05-13"})
    assert not is_backed("2025-05-13", {"2025-05"})
    assert not is_backed("2025-0", {"2025-05"})


FACT = {
    "id": "us-rule",
    "date": "2025-05-13",
    "effective_date": "2025-05-15",
    "status": "in force",
    "confidence": "high",
    "actor": "Bureau of Examples",
    "instrument": "The rule",
    "what": "The bureau's rule of 13 May 2025 limits sales to 50%.",
    "sources": [{"title": "The rule explained", "publisher": "A law firm", "url": "https://example.org/rule"}],
}


def put_ledger(folder: Path, *facts: dict) -> Path:
    path = folder / "ledger.jsonl"
    path.write_text("".join(json.dumps(fact) + "\n" for fact in facts), encoding="utf-8")
    return path


def test_a_fact_without_a_record_and_a_record_unlike_its_fact_are_found(tmp_path):
    put(tmp_path)
    assert check(tmp_path, ledger=put_ledger(tmp_path, FACT)) == []
    cases = {
        "no record carries the fact us-more": [FACT, FACT | {"id": "us-more"}],
        "the ledger has no fact us-rule": [FACT | {"id": "us-more"}],
        "date is '2025-05-13'; the ledger has ['2025-05-14']": [FACT | {"date": "2025-05-14"}],
        "until is ''; the ledger has ['2026-01-01']": [FACT | {"end_date": "2026-01-01"}],
        "status is 'in force'; the ledger has ['suspended']": [FACT | {"status": "suspended"}],
        "confidence is high; by its facts it is medium": [FACT | {"confidence": "medium"}],
        "us-rule says '910B'; the text does not": [FACT | {"what": FACT["what"] + " It names the 910B."}],
        "sources lacks ['https://example.org/more']": [FACT | {"sources": [{"url": "https://example.org/more"}]}],
    }
    for message, facts in cases.items():
        assert message in [finding.message for finding in check(tmp_path, ledger=put_ledger(tmp_path, *facts))]


def test_links_and_since_when_are_those_of_the_ledger(tmp_path):
    old = FACT | {"id": "us-old", "date": "2024-05-13", "effective_date": "2024-05-15", "status": "superseded"}
    old |= {"what": "The old rule of 13 May 2024 limits sales to 50%.", "superseded_by": ["us-rule"]}
    ledger = put_ledger(tmp_path, FACT, old)
    put(tmp_path)
    put_other(tmp_path, OTHER_HEAD.replace("in force", "superseded"))
    assert {finding.message.split(" is ")[0] for finding in check(tmp_path, ledger=ledger)} == {
        "supersedes", "superseded_by", "status_since",
    }  # fmt: skip
    put(tmp_path, HEAD.replace("side:", SUPERSEDES + "side:"))
    since = "status: superseded\nstatus_since: '2025-05-15'"
    put_other(tmp_path, OTHER_HEAD.replace("status: in force", since).replace("side:", SUPERSEDED + "side:"))
    assert check(tmp_path, ledger=ledger) == []


def test_figures_and_context_are_written_from_the_ledger(tmp_path):
    more = FACT | {
        "id": "us-old",
        "date": "2024-05-13",
        "what": "The old rule on sales of the Bureau covers 910B chips.",
    }
    more.pop("effective_date")
    path = put(
        tmp_path, HEAD.replace('["50%"]', '["stale"]'), BODY + " The old rule of the Bureau covers sales of the 910B."
    )
    put_other(tmp_path, OTHER_HEAD.replace("effective: '2024-05-15'\n", ""), OTHER_BODY.replace("50%", "910B chips"))
    ledger = put_ledger(tmp_path, FACT, more)
    assert {finding.code for finding in check(tmp_path, ledger=ledger)} >= {"C301", "C302", "C904"}
    assert not {f.code for f in check(tmp_path, ledger=ledger, write=True)} & {"C301", "C302", "C904"}
    assert 'context: ["us-old"]\nfigures: ["50%", "910B"]\n' in path.read_text(encoding="utf-8")


def test_a_ledger_that_is_none_says_so(tmp_path):
    put(tmp_path)
    (tmp_path / "ledger.jsonl").write_text("not JSON\n", encoding="utf-8")
    with pytest.raises(LoadError, match="is not a ledger"):
        check(tmp_path, ledger=tmp_path / "ledger.jsonl")


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return Corpus([read_page(path) for path in sorted((ROOT / "corpus" / "records").rglob("*.md"))])


def test_the_corpus_is_clean(corpus):
    assert [finding for finding in corpus.findings(DAY) if not finding.warning] == []


def test_what_had_ended_by_a_day_is_shown_and_does_not_fail(corpus):
    ended = Counter(finding.code for finding in corpus.findings(date(2026, 11, 28)))
    assert ended == {"C601": 3}
    assert [*corpus.findings(date(2026, 11, 9))] == []


def test_hardly_a_changed_digit_in_the_corpus_goes_unseen(corpus):
    """The rest turn one true figure of a record into another."""
    dice, tried, seen = random.Random(1), 0, 0
    for page, record in corpus.records.values():
        vouched = backing(record, corpus)
        for figure in figures(page.body, record.date[:4]):
            places = [n for n, character in enumerate(figure.said) if character.isdigit()]
            if places:
                n = dice.choice(places)
                digit = dice.choice([d for d in "0123456789" if d != figure.said[n]])
                changed = figure.said[:n] + digit + figure.said[n + 1 :]
                body = page.body[: figure.start] + page.body[figure.start :].replace(figure.said, changed, 1)
                tried += 1
                seen += not all(is_backed(f.value, vouched) for f in figures(body, record.date[:4]))
    assert tried > 1000
    assert seen / tried > 0.98


def test_the_page_of_the_corpus_is_up_to_date(corpus):
    """Mend: python -m rag check --readme corpus/README.md."""
    assert (ROOT / "corpus" / "README.md").read_text(encoding="utf-8") == readme(corpus)


LEDGER = ROOT.parent / "shared" / "facts" / "ledger.jsonl"


@pytest.mark.skipif(not LEDGER.is_file(), reason="the ledger of facts is not part of this repository")
def test_every_fact_of_the_ledger_stands_in_a_record_as_the_ledger_has_it():
    report = carry_out(Order((ROOT / "corpus" / "records",), DAY, ledger=LEDGER))
    assert (report.covered, report.facts, report.findings) == (285, 285, ())
