"""Where the widget may stand: sites that are listed and not, strict pages, beside another one, in a frame, without script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from chatting import QUARTZIUM, in_view, until  # type: ignore[import-not-found]
from conftest import ATTACK, Site  # type: ignore[import-not-found]
from lxml import html
from neighbour import Neighbour  # type: ignore[import-not-found]
from widgets import FLUXITE, OFF, ask, friendly, opened, other, snippet, visit  # type: ignore[import-not-found]

from rag.web.render import quote_path

__all__ = ["friendly", "other", "visit"]  # fixtures


def test_on_a_site_that_is_not_listed_it_says_so_at_once_and_leads_to_the_full_page(
    site: Site, other: Neighbour, visit: Callable[..., Any]
) -> None:
    box = opened(visit(other.put(snippet(site))))
    notice = box.locator(".notice")
    notice.wait_for()
    for words in ("This site is not on the list", other.address, "CHIPQUOTE_ORIGINS"):
        assert words in notice.inner_text()
    reply = ask(box, FLUXITE)
    assert "This site is not on the list" in reply.inner_text()
    assert reply.locator("blockquote").count() == 0
    with box.page.context.expect_page() as tab:
        reply.get_by_role("link", name="Open the full page").click()
    page = tab.value.get_by_role("region", name="Ask the sources")
    assert ask(page, FLUXITE).locator(".said").first.inner_text() == site.ask(FLUXITE).quotes[0].text


def test_it_works_under_the_strictest_policy_that_lets_it_in(
    friendly: Site, other: Neighbour, visit: Callable[..., Any]
) -> None:
    policy = (
        f"default-src 'none'; script-src {friendly.address}/widget.js; connect-src {friendly.address}; base-uri 'none'"
    )
    policy += "; require-trusted-types-for 'script'; trusted-types 'none'"
    page = visit(other.put(snippet(friendly, accent="#0a7"), policy))
    ask(opened(page), FLUXITE)
    assert page.get_by_role("dialog").evaluate("box => getComputedStyle(box).position") == "fixed"
    send = page.get_by_role("button", name="Ask", exact=True)
    assert send.evaluate("e => getComputedStyle(e.parentElement).borderRadius") != "0px"


def test_a_policy_that_keeps_the_question_in_is_named(
    friendly: Site, other: Neighbour, visit: Callable[..., Any], browser: Any
) -> None:
    address = other.put(snippet(friendly), f"default-src 'none'; script-src {friendly.address}")
    context = browser.new_context()  # not `visit`: here the page's policy is meant to be hit
    page = context.new_page()
    page.goto(address)
    notice = opened(page).locator(".notice")
    notice.wait_for()
    for words in ("This page does not let the question out", f"{friendly.address} under connect-src"):
        assert words in notice.inner_text()
    context.close()


def test_two_on_one_page_keep_apart(friendly: Site, other: Neighbour, visit: Callable[..., Any]) -> None:
    body = f"<h1>News</h1>{snippet(friendly, mode='inline', lang='zh', title='问')}<p>Below</p>{snippet(friendly, lang='en')}"
    page = visit(other.put(body))
    inline = page.get_by_role("region", name="问", exact=True)
    assert inline.bounding_box()["y"] < page.get_by_text("Below").bounding_box()["y"]
    assert page.locator("a[data-chipquote]").count() == 0
    reply = ask(inline, OFF)
    assert "这些来源中没有答案" in reply.inner_text()
    dialog = opened(page)
    assert dialog.locator(".turn").count() == 0
    assert "Certificate" in ask(dialog, FLUXITE).inner_text()
    assert "凭证" in ask(inline, FLUXITE).inner_text()
    assert "2024年7月4日" in inline.inner_text()


def test_buttons_in_one_corner_stand_one_above_the_other(
    friendly: Site, other: Neighbour, visit: Callable[..., Any]
) -> None:
    page = visit(other.put(snippet(friendly) + snippet(friendly) + snippet(friendly, position="left")))
    first, second, left = (button.bounding_box() for button in page.locator(".launch").all())
    assert second["y"] + second["height"] < first["y"]
    assert left["y"] == first["y"]
    assert left["x"] < 40


def test_the_page_around_cannot_change_how_it_looks(
    friendly: Site, other: Neighbour, visit: Callable[..., Any]
) -> None:
    rude = "<base href='https://example.org/'><style nonce=n>* { font: 40px serif !important; color: red !important; visibility: hidden !important }</style>"
    plain, rough = (other.put(snippet(friendly), path=f"/{n}", head=head) for n, head in enumerate(("", rude)))
    sizes = []
    for address in (plain, rough):
        launch = visit(address).locator(".launch")
        sizes.append((launch.bounding_box(), launch.evaluate("e => getComputedStyle(e).color")))
    assert sizes[0] == sizes[1]


@pytest.mark.parametrize("why", ["no scripts", "policy", "an old browser"])
def test_where_the_script_cannot_run_a_plain_link_stays(
    friendly: Site, other: Neighbour, browser: Any, why: str
) -> None:
    address = other.put(snippet(friendly), "script-src 'none'" if why == "policy" else "")
    context = browser.new_context(java_script_enabled=why != "no scripts")
    context.add_init_script("CSS.supports = () => false")
    page = context.new_page()
    page.goto(address)
    assert page.locator("a[data-chipquote]").get_attribute("href") == f"{friendly.address}/embed"
    assert page.locator("a[data-chipquote]").is_visible()
    context.close()


def test_a_place_of_its_own_and_a_script_in_the_head(
    friendly: Site, other: Neighbour, visit: Callable[..., Any]
) -> None:
    head = f"<script src='{friendly.address}/widget.js' data-mode='inline' data-target='#here'></script>"
    page = visit(other.put("<div id=here></div><p>Below</p>", head=head))
    assert page.locator("#here .box").is_visible()


def test_a_frame_works_where_it_is_listed_and_shows_nothing_elsewhere(
    friendly: Site, site: Site, other: Neighbour, visit: Callable[..., Any], browser: Any
) -> None:
    frame = "<iframe src='{}/embed?title=Chips&amp;lang=en' title='Ask' width=400 height=600></iframe>"
    page = visit(other.put(frame.format(friendly.address)))
    inside = page.frame_locator("iframe").get_by_role("region", name="Chips")
    assert ask(inside, FLUXITE).locator(".said").count() >= 1
    context = browser.new_context()
    refused = context.new_page()
    refused.goto(other.put(frame.format(site.address)))
    assert refused.frame_locator("iframe").locator("body").inner_text().find("Ask") == -1
    assert refused.frames[1].url.startswith("chrome-error://")
    context.close()


def test_a_source_that_a_listed_site_frames_shows_its_quote_and_leads_on(
    friendly: Site, other: Neighbour, visit: Callable[..., Any]
) -> None:
    place = quote_path(friendly.ask(QUARTZIUM).quotes[0]).partition("#")[0]  # so that the page itself has to find it
    page = visit(other.put(f"<iframe src='{friendly.address}{place}' title='Source' width=500 height=400></iframe>"))
    page.frame_locator("iframe").locator("#quote").wait_for()
    frame = page.frames[1]
    until(frame, "scrollY > 0")
    assert in_view(frame, "#quote")
    assert frame.locator(".up").first.is_visible(), "no bar of the chat's stands above it"


def test_what_a_frame_is_asked_for_stands_in_the_attributes_of_its_script(site: Site) -> None:
    asked = {"title": ATTACK[:100], "lang": "zh", "theme": "dark", "accent": "teal", "starters": "One|Two"}
    page = html.fromstring(httpx.get(f"{site.address}/embed", params=asked).text)
    assert page.get("lang") == "zh"
    (script,) = page.iter("script")
    assert {name: script.get(f"data-{name}") for name in asked} == asked
    assert script.get("data-mode") == "page"
    assert page.find(".//meta[@name='color-scheme']").get("content") == "dark"
    assert httpx.get(f"{site.address}/embed", params={"title": "x" * 101}).status_code == 422


def test_the_demo_shows_the_snippet_at_work(site: Site, visit: Callable[..., Any]) -> None:
    page = visit(f"{site.address}/demo")
    inline = page.locator("#box .box")
    inline.get_by_role("button", name="Does the Affiliates Rule apply today?").click()
    inline.locator(".reply:not([aria-busy])").wait_for()
    assert ask(opened(page), FLUXITE).locator(".said").count() >= 1
    assert f'src="{site.address}/widget.js"' in page.locator("pre").first.inner_text()


def test_a_page_of_its_own_offers_what_this_index_answers(site: Site, visit: Callable[..., Any]) -> None:
    told = httpx.get(f"{site.address}/api/examples", timeout=60).json()["examples"]
    page = visit(f"{site.address}/embed")
    page.locator(".covers").get_by_text("documents").wait_for()
    page.wait_for_load_state("networkidle")
    assert page.locator(".intro li").all_inner_texts() == [theme["questions"][0] for theme in told[:3]]
