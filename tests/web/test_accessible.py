"""axe-core finds nothing serious or critical on the plain pages of the server, nor on a report of an evaluation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe import grave  # type: ignore[import-not-found]
from conftest import Site  # type: ignore[import-not-found]
from test_evaluate_report import as_report, card, cases  # type: ignore[import-not-found]

from rag.evaluate.report import report_html

TIERS = "When did the four fluxite country tiers of Freedonia end?"


def test_what_is_wrong_is_found(new_page: Callable[..., Any]) -> None:
    """The check itself can fail, also inside a shadow root."""
    page = new_page("/api/docs")
    page.evaluate(
        """() => { const host = document.body.appendChild(document.createElement("div"));
        host.attachShadow({mode: "open"}).appendChild(document.createElement("button")); }"""
    )
    assert [line.split()[0] for line in grave(page)] == ["button-name"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_plain_pages_are_accessible(new_page: Callable[..., Any], site: Site, scheme: str) -> None:
    quote = site.ask(TIERS).quotes[0]
    assert quote.fate is not None
    name = quote.document.id
    for path in (
        f"/quote/{quote.key}",
        "/quote/ffffffff",
        f"/documents/{name}",
        f"/documents/{name}?quote={quote.key}",
        f"/documents/{name}?quote=ffffffff",
        "/documents/attack",
        "/documents/gallium",
        "/documents/none",
        "/sources",
        "/sources?as_of=abc",
        "/api/docs",
    ):
        assert grave(new_page(path, scheme=scheme)) == [], path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_of_an_evaluation_is_accessible(window: Callable[[str], Any], tmp_path: Path, scheme: str) -> None:
    file = tmp_path / "report.html"
    file.write_text(report_html(as_report(card(cases()), card(cases()[1:], "langchain"))), encoding="utf-8")
    page = window(scheme).new_page()
    page.goto(file.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    assert grave(page) == []
    page.close()
