"""What the README says of the widget is so: its snippet is put on a page, its table is held to the script's code."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from conftest import Site  # type: ignore[import-not-found]
from lxml import html
from material import ROOT
from neighbour import Neighbour  # type: ignore[import-not-found]
from widgets import FLUXITE, ask, friendly, opened, other, visit  # type: ignore[import-not-found]

from rag.web.widget import script

__all__ = ["friendly", "other", "visit"]  # fixtures

README = (ROOT / "README.md").read_text(encoding="utf-8")
SERVER = "https://chat.example.org"
(SNIPPET,) = re.findall(r"```html\n(.*?)```", README, re.S)
(FRAME,) = re.findall(r"`(<iframe .*?</iframe>)`", README)
ROWS = {
    name: (default, does) for name, default, does in re.findall(r"^\| `data-(\w+)` \| (.+?) \| (.+) \|$", README, re.M)
}
LABELS = json.loads((ROOT / "rag/web/static/widget/labels.json").read_text(encoding="utf-8"))


@pytest.fixture
def stood(friendly: Site, other: Neighbour, visit: Callable[..., Any]) -> Callable[..., Any]:
    """Put the README's snippet on a page, its script with these attributes in place of its own, and visit it."""

    def put(attributes: str | None = None, **context: Any) -> Any:
        text = SNIPPET if attributes is None else re.sub(r'data-starters="[^"]*"', attributes, SNIPPET)
        return visit(other.put(text.replace(SERVER, friendly.address) + "<p id=here></p>"), **context)

    return put


def test_the_snippet_works_as_it_is_copied(stood: Callable[..., Any], friendly: Site) -> None:
    (script_tag,) = html.fragments_fromstring(SNIPPET)[1:]
    page = stood()
    assert page.locator("a[data-chipquote]").count() == 0, "the script takes the place of the link"
    box = opened(page)
    assert box.locator(".intro li").all_inner_texts() == [script_tag.get("data-starters")]
    assert ask(box, FLUXITE).locator(".said").first.inner_text() == friendly.ask(FLUXITE).quotes[0].text


def test_the_table_lists_every_attribute_that_the_script_reads_and_no_other() -> None:
    assert set(re.findall(r"\bgiven\.(\w+)", script())) == set(ROWS)
    assert "starters" in ROWS
    assert set(re.findall(r"data-(\w+)=", SNIPPET)) <= set(ROWS)


def test_without_attributes_it_is_as_the_table_says(stood: Callable[..., Any]) -> None:
    assert [ROWS[name][0] for name in ("mode", "position", "theme", "lang", "title", "starters", "target")] == [
        "`button`", "`right`", "`auto`", "the page's", LABELS["en"]["title"], "none", "where the script stands",
    ]  # fmt: skip
    page = stood("")
    assert page.locator("[data-chipquote]").get_attribute("data-chipquote") == "button"
    assert page.locator(".launch").inner_text() == ROWS["title"][0]
    assert page.locator(".launch").bounding_box()["x"] > 600
    box = opened(page)
    assert box.get_by_role("button", name="Ask", exact=True).count() == 1, "in the language of the page"
    assert box.locator(".intro li").count() == 0
    blue = "e => (([r, g, b]) => b > r && b > g)(getComputedStyle(e).backgroundColor.match(/[\\d.]+/g).map(Number))"
    assert ROWS["accent"][0] == "blue"
    assert stood("", color_scheme="light").locator(".launch").evaluate(blue)


def test_every_value_that_the_table_names_does_what_it_says(stood: Callable[..., Any]) -> None:
    named = {name: re.findall(r"`(\w+)`", does) for name, (_, does) in ROWS.items() if name != "accent"}
    assert named == {
        "mode": ["inline"], "target": [], "position": ["right", "left"], "theme": ["light", "dark"], "lang": ["en", "zh"],
        "title": [], "starters": [],
    }  # fmt: skip
    page = stood(
        'data-mode="inline" data-target="#here" data-lang="zh" data-starters="One | Two" data-accent="rgb(0, 90, 60)"'
    )
    box = page.locator("#here .box")
    assert box.locator(".intro li").all_inner_texts() == ["One", "Two"]
    assert box.get_by_role("heading").inner_text() == LABELS["zh"]["title"]
    assert page.locator("[data-chipquote]").evaluate("e => e.style.getPropertyValue('--accent')") == "rgb(0, 90, 60)"
    page = stood('data-position="left" data-title="Chips?"')
    assert page.locator(".launch").bounding_box()["x"] < 40
    assert page.locator(".launch").inner_text() == "Chips?"


def test_its_theme_is_what_the_readers_system_says_or_what_is_asked_for(stood: Callable[..., Any]) -> None:
    grounds = {
        (theme, scheme): opened(stood(theme and f'data-theme="{theme}"', color_scheme=scheme)).evaluate(
            "e => getComputedStyle(e).backgroundColor"
        )
        for theme in ("", "light", "dark")
        for scheme in ("light", "dark")
    }
    light, dark = grounds["", "light"], grounds["", "dark"]
    assert light != dark
    assert [grounds["light", scheme] for scheme in ("light", "dark")] == [light, light]
    assert [grounds["dark", scheme] for scheme in ("light", "dark")] == [dark, dark]


def test_the_frame_works_as_it_is_copied_and_takes_the_names_of_the_table(
    friendly: Site, other: Neighbour, visit: Callable[..., Any]
) -> None:
    asked = {name: value for name, (value,) in parse_qs(urlsplit(html.fromstring(FRAME).get("src")).query).items()}
    assert set(asked) <= set(ROWS)
    page = visit(other.put(FRAME.replace(SERVER, friendly.address)))
    region = page.frame_locator("iframe").get_by_role("region", name=asked["title"], exact=True)
    region.wait_for()
    assert region.get_attribute("lang") == asked["lang"]
    every = {name: "zh" if name == "lang" else "teal" for name in ROWS}
    (tag,) = html.fromstring(httpx.get(f"{friendly.address}/embed", params=every).text).iter("script")
    taken = {name for name in ROWS if tag.get(f"data-{name}") == every[name]}
    assert taken == set(ROWS) - {"mode", "target", "position"}, "a frame is put where its page wants it"


def test_what_is_said_of_its_size_is_so() -> None:
    (most,) = re.findall(r"one file of\s+less than (\d+) kB", README)
    assert len(script().encode()) < int(most) * 1000
