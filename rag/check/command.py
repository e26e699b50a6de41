"""What `rag check` does: find the records, run the rules, compare with a ledger, write what is generated.

Left out: the command line itself (`commands`), the rules (`rules`) and what the ledger asks (`ledger`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from rag.check import ledger as ledgers
from rag.check.readme import readme
from rag.check.rules import Corpus, Finding
from rag.check.schema import read_page
from rag.errors import LoadError


@dataclass(frozen=True, slots=True)
class Order:
    """What to check: `paths` are the records or folders whose findings count."""

    paths: tuple[Path, ...]
    day: date
    ledger: Path | None = None
    write: bool = False
    readme: Path | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What came of it; `covered` of `facts` are counted where a ledger was given."""

    findings: tuple[Finding, ...]
    records: int
    covered: int = 0
    facts: int = 0

    @property
    def errors(self) -> int:
        """Findings that fail a check."""
        return sum(not finding.warning for finding in self.findings)


def carry_out(order: Order) -> Report:
    """Check, and write what is asked for. Raises LoadError where there is nothing to check."""
    corpus, asked = _gather(order.paths)
    found: list[Finding] = []
    covered = facts = 0
    if order.ledger:
        ledger = ledgers.read_ledger(order.ledger)
        if order.write:
            for page, record in corpus.records.values():
                if page.path.resolve() in asked:
                    told = ledgers.rewritten(page, *ledgers.figures_of(page, record, ledger, corpus))
                    page.path.write_text(told, encoding="utf-8")
            corpus, asked = _gather(order.paths)
        found += ledgers.compare(corpus, ledger, order.ledger)
        covered, facts = len(corpus.carried & ledger.facts.keys()), len(ledger.facts)
    found += corpus.findings(order.day)
    if order.readme:
        order.readme.write_text(readme(corpus), encoding="utf-8")
    shown = (f for f in found if f.path.resolve() in asked or f.path == order.ledger)
    return Report(tuple(sorted(map(_seen_from_here, shown), key=_by_place)), len(asked), covered, facts)


def _gather(paths: Sequence[Path]) -> tuple[Corpus, set[Path]]:
    """(every record that may be linked to, the files asked for): links of one file are looked up among its siblings."""
    asked, every = set(), set()
    for path in paths:
        found = [path] if path.is_file() else [*path.rglob("*.md")]
        if not found:
            raise LoadError(f"There is no record in {path}. Name a record, or a folder of .md files.")
        asked |= {file.resolve() for file in found}
        every |= {file.resolve() for file in _home(path).rglob("*.md")}
    return Corpus([read_page(path) for path in sorted(every | asked)]), asked


def _home(path: Path) -> Path:
    """The folder `records` that a path lies in, else the path's own folder."""
    above = [folder for folder in (path, *path.resolve().parents) if folder.name == "records"]
    return above[0] if above else path if path.is_dir() else path.parent


def _seen_from_here(finding: Finding) -> Finding:
    here = Path.cwd()
    return replace(finding, path=finding.path.relative_to(here)) if finding.path.is_relative_to(here) else finding


def _by_place(finding: Finding) -> tuple[str, int, str]:
    return str(finding.path), finding.line, finding.code
