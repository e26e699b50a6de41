"""How the chat and the widget look and read: headings, steadiness, the same colours for the same things, phones."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import httpx
import pytest
from chatting import CONTRAST, FLUXITE, TIERS, ask  # type: ignore[import-not-found]
from conftest import Site  # type: ignore[import-not-found]

OFF = "Who won the bicycle race in the Alps in 2019?"
NEAR = "Why did Congress lift the fluxite tiers?"
PARTLY = "What is the unobtainium quota for 2024, and who voted on it in Ruritania?"
SHIFTS = """() => new Promise(done => { let sum = 0;
  new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) sum += e.value; })
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 500); })"""
OUTLINE = """() => [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(h => h.checkVisibility())
  .map(h => [+h.tagName[1], h.innerText.trim()])"""


@pytest.mark.parametrize("width", [1280, 375])
def test_nothing_moves_while_the_page_loads(browser: Any, site: Site, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 760})  # nothing is cached
    page = context.new_page()
    page.goto(site.address)
    page.locator(".cq-example").first.wait_for()
    page.locator("#cq-chips").wait_for(state="attached")
    assert page.evaluate(SHIFTS) < 0.05
    page.evaluate("document.querySelector('#ask').style.marginBottom = '200px'")
    assert page.evaluate(SHIFTS) > 0.05, "what moves is noticed"
    context.close()


@pytest.mark.parametrize(("width", "height"), [(1366, 650), (720, 450), (375, 600)])
def test_the_first_screen_can_be_read_from_its_heading_on(
    new_page: Callable[..., Any], width: int, height: int
) -> None:
    page = new_page(width=width, height=height)
    page.locator(".cq-example").first.wait_for()
    page.evaluate("document.querySelector('.cq-themes').style.minHeight = '30rem'")  # more than there is room for
    below = "e => e.getBoundingClientRect().top - document.querySelector('#bar').getBoundingClientRect().bottom"
    assert page.locator(".cq-welcome h2").evaluate(below) >= 0


def test_the_question_box_is_there_from_the_first_and_its_fields_stay_folded(page: Any) -> None:
    assert page.locator("#narrow").is_hidden()
    page.get_by_role("button", name="Date and side").click()
    assert page.locator("#narrow").is_visible()


def test_the_headings_are_an_outline_of_the_conversation(page: Any) -> None:
    page.locator(".cq-example").first.wait_for()
    assert page.evaluate(OUTLINE) == [
        [1, "ChipQuote"],
        [2, "What do the sources say about chip policy?"],
        [3, "Fluxite"],
    ]
    ask(page, TIERS)
    ask(page, OFF, 2)
    outline = page.evaluate(OUTLINE)
    assert [text for level, text in outline if level == 1] == ["ChipQuote"]
    assert [text for level, text in outline if level == 2] == [TIERS, OFF]
    assert [3, "Timeline"] in outline
    assert outline.index([3, "Not in these sources"]) > outline.index([2, OFF])
    levels = [level for level, _ in outline]
    assert all(b <= a + 1 for a, b in pairwise(levels)), "no level is left out"


def test_on_a_phone_no_words_of_the_timeline_are_cut_or_crossed(new_page: Callable[..., Any]) -> None:
    page = new_page(width=375, height=760)
    line = ask(page, TIERS).locator(".cq-chart")
    rows = line.locator("li").evaluate_all(
        """rows => rows.map(row => ({
            words: Math.max(...[...row.querySelectorAll("a, span")].map(e => e.getBoundingClientRect().bottom)),
            cut: [...row.querySelectorAll("a, span")].some(e => e.scrollWidth > e.clientWidth + 1),
            drawn: row.querySelector("svg").getBoundingClientRect().top,
        }))"""
    )
    assert len(rows) == 2
    for row in rows:
        assert row["words"] <= row["drawn"] + 1, "the bar stands below its words"
        assert not row["cut"]
    assert line.locator(".cq-arrow").first.is_hidden()
    then = line.locator(".cq-then")
    assert then.inner_text() == "Superseded 4 July 2024: Fluxite notice of July 2024"
    ticks = line.locator(".cq-tick").evaluate_all("all => all.map(e => e.getBoundingClientRect().toJSON())")
    assert all(tick["left"] >= 0 and tick["right"] <= 375 for tick in ticks)
    assert all(a["right"] < b["left"] for a, b in pairwise(ticks)), "no date over another"


def test_on_a_wide_screen_arrows_pass_beside_the_words(page: Any) -> None:
    line = ask(page, TIERS).locator(".cq-chart")
    words = line.locator("a").evaluate_all("all => Math.max(...all.map(e => e.getBoundingClientRect().right))")
    arrows = line.locator(".cq-arrow").evaluate_all("all => Math.min(...all.map(e => e.getBoundingClientRect().left))")
    assert words < arrows
    assert line.locator(".cq-then").is_hidden()


def test_the_form_for_a_note_comes_into_view_with_its_buttons(new_page: Callable[..., Any]) -> None:
    page = new_page(width=375, height=600)
    answer = ask(page, TIERS)
    answer.get_by_role("button", name="This answer helped").click()
    send = answer.get_by_role("button", name="Send").bounding_box()
    assert send["y"] + send["height"] <= page.locator("#ask").bounding_box()["y"]


LOOK = """([root, selector]) => {
  const element = (root ? document.querySelector(root).shadowRoot : document).querySelector(selector);
  const { backgroundColor, borderTopColor, borderTopStyle, color } = getComputedStyle(element);
  return { backgroundColor, borderTopColor, borderTopStyle, color };
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_no_full_answer_looks_the_same_in_chat_and_widget(
    new_page: Callable[..., Any], site: Site, scheme: str
) -> None:
    page, widget = new_page(scheme=scheme), new_page("/embed", scheme=scheme)
    for number, (question, ours, theirs) in enumerate(
        [(OFF, ".cq-refused", ".refusal"), (NEAR, ".cq-refused", ".refusal"), (PARTLY, ".cq-outcome", ".outcome")], 1
    ):
        answer = ask(page, question, number)
        assert answer.locator(ours).count() == 1
        widget.locator("textarea").fill(question)
        widget.locator("textarea").press("Enter")
        widget.locator(f".turn:nth-of-type({number}) .reply:not([aria-busy]) {theirs}").wait_for()
        here = page.evaluate(LOOK, ["", f".bot-row:nth-of-type({2 * number}) {ours}"])
        there = widget.evaluate(LOOK, ["[data-chipquote]", f".turn:nth-of-type({number}) {theirs}"])
        assert here == there, question
    assert page.evaluate(LOOK, ["", ".cq-refused"]) != page.evaluate(LOOK, ["", ".cq-outcome"]), "they differ"
    page.wait_for_timeout(400)  # an answer that still fades in has less contrast
    for part in (".cq-refused h3", ".cq-refused p", ".cq-refused a", ".cq-outcome h3", ".cq-outcome p"):
        assert min(page.evaluate(CONTRAST, part)) >= 4.5, part


FORCED = """selector => [...document.querySelectorAll(selector)].filter(e => e.checkVisibility()).map(e => {
  const { borderTopColor, borderTopWidth } = getComputedStyle(e);
  const ground = getComputedStyle(document.body).backgroundColor;
  return parseFloat(borderTopWidth) > 0 && borderTopColor !== ground && !/^rgba.*, 0\\)$/.test(borderTopColor);
})"""
ICONS = """selector => [...document.querySelectorAll(selector)].map(e => {
  const drawn = getComputedStyle(e, e.matches("span") ? null : "::before").backgroundColor;
  return drawn !== getComputedStyle(document.body).backgroundColor && !/^rgba.*, 0\\)$/.test(drawn);
})"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_forced_colours_what_has_a_ground_has_an_edge_and_icons_are_seen(
    browser: Any, site: Site, scheme: str
) -> None:
    context = browser.new_context(forced_colors="active", color_scheme=scheme)
    page = context.new_page()
    page.goto(site.address)
    page.locator("#cq-chips").wait_for(state="attached")
    ask(page, TIERS)
    ask(page, OFF, 2)
    for edged in (".cq-quote", ".cq-chip", ".user-row .user.message", "#send", ".cq-refused", ".cq-status.cq-gone"):
        shown = page.evaluate(FORCED, edged)
        assert shown, edged
        assert all(shown), edged
    for icon in (".cq-icon", ".cq-thumb", "#new", ".cq-act"):
        drawn = page.evaluate(ICONS, icon)
        assert drawn, icon
        assert all(drawn), icon
    context.close()


def twice(site: Site, question: str) -> dict[str, Any]:
    """An answer whose first source comes again behind another one, as the API would give it."""
    answer: dict[str, Any] = httpx.post(f"{site.address}/api/v1/ask", json={"question": question}).json()
    other = httpx.post(f"{site.address}/api/v1/ask", json={"question": FLUXITE}).json()["quotes"][0]
    first = answer["quotes"][0]
    answer["quotes"] = [first, other, first | {"key": "0" * 8}]
    return answer


@pytest.mark.parametrize(
    ("lang", "full", "brief", "by"),
    [
        (
            "en",
            "Superseded (source of 4 July 2024).",
            "Superseded from 4 July 2024 (see quote 1)",
            "Replaced by quote 2",
        ),
        ("zh", "2024年7月4日起已被取代", "2024年7月4日起已被取代（见引语 1）", "取代依据 引语 2"),
    ],
)
def test_the_widget_says_a_fate_once_in_full_then_in_brief_in_the_readers_language(
    new_page: Callable[..., Any], site: Site, lang: str, full: str, brief: str, by: str
) -> None:
    told = f"event: answer\ndata: {json.dumps(twice(site, TIERS))}\n\n"
    page = new_page(f"/embed?lang={lang}")
    page.route("**/api/v1/ask", lambda route: route.fulfill(body=told, content_type="text/event-stream"))
    page.locator("textarea").fill(TIERS)
    page.locator("textarea").press("Enter")
    cards = page.locator(".card")
    cards.nth(2).wait_for()
    assert cards.nth(0).locator(".fate .told").inner_text() == full
    assert cards.nth(0).locator(".fate blockquote").count() == 0, "its words are those of quote 2"
    assert cards.nth(0).locator(".fate .by").inner_text().startswith(by)
    assert cards.nth(1).locator(".fate").count() == 0
    assert cards.nth(2).locator(".fate").inner_text() == brief
    assert cards.nth(2).locator(".state").inner_text() == ("Superseded" if lang == "en" else "已被取代")
