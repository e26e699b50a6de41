"""Using the widget: by keyboard, with a screen reader, on a phone, in the dark; stopping; and all that can go wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe import grave  # type: ignore[import-not-found]
from conftest import Site  # type: ignore[import-not-found]
from neighbour import Neighbour  # type: ignore[import-not-found]
from widgets import (  # type: ignore[import-not-found]
    FLUXITE,
    OFF,
    TIERS,
    Lingering,
    ask,
    friendly,
    opened,
    other,
    served,
    snippet,
    visit,
)

__all__ = ["friendly", "other", "visit"]  # fixtures

SHORTCUTS = "<script>addEventListener('keydown', event => { window.keys = (window.keys || '') + event.key; })</script>"
WITHIN = "document.activeElement && document.activeElement.matches('[data-chipquote]')"


@pytest.fixture
def lingering() -> Any:
    """Questions that say so wait for their answer as long as the test lasts."""
    Lingering.go.clear()
    yield Lingering.go
    Lingering.go.set()


def begin(box: Any, question: str) -> Any:
    """Ask and do not wait."""
    box.locator("textarea").fill(question)
    box.locator("textarea").press("Enter")
    turn = box.locator(".turn").last
    turn.get_by_text("Reading").wait_for()
    return turn


def test_the_keyboard_is_enough_and_stays_inside_until_escape(
    friendly: Site, other: Neighbour, visit: Callable[..., Any]
) -> None:
    page = visit(other.put(f"{SHORTCUTS}{snippet(friendly)}<button>After</button>"))
    page.get_by_role("button", name="After").focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Ask the sources")
    assert dialog.locator("textarea").evaluate("e => e.getRootNode().activeElement === e")
    page.keyboard.type("When did the four fluxite tiers")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("of Freedonia end?")
    page.keyboard.press("Enter")
    dialog.locator(".reply:not([aria-busy])").wait_for()
    assert page.evaluate("window.keys") == "ShiftTab", "the page's own shortcuts hear nothing of the rest"
    for key in ["Tab"] * 25 + ["Shift+Tab"] * 25:
        page.keyboard.press(key)
        assert page.evaluate(WITHIN)
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    launch = page.locator(".launch")
    assert launch.evaluate("e => e.getRootNode().activeElement === e")
    page.keyboard.press("Enter")
    assert dialog.locator(".turn").count() == 1, "the conversation is still there"


def test_enter_that_chooses_a_chinese_word_asks_nothing(
    friendly: Site, other: Neighbour, visit: Callable[..., Any]
) -> None:
    box = opened(visit(other.put(snippet(friendly))))
    box.locator("textarea").fill("镓")
    for key in ("Enter", "Escape"):
        for sign in ({"isComposing": True}, {"keyCode": 229}):  # Safari gives the second alone
            box.locator("textarea").evaluate(
                "(field, init) => field.dispatchEvent(new KeyboardEvent('keydown', init))",
                {"key": key, "bubbles": True, "composed": True, **sign},
            )
    assert box.locator(".turn").count() == 0
    assert box.is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier_in_any_state(
    site: Site, friendly: Site, other: Neighbour, visit: Callable[..., Any], scheme: str, lingering: Any
) -> None:
    main = f"<main><h1>News</h1>{snippet(friendly, starters='One|Two')}</main>"
    page = visit(other.put(main), color_scheme=scheme, reduced_motion="reduce")  # no colour is half way to another
    assert grave(page) == []
    box = opened(page)
    box.get_by_text("6 documents").wait_for()
    assert grave(page) == []
    for question in (TIERS, OFF, "What did they explode?"):
        ask(box, question)
        assert grave(page) == [], question
    begin(box, f"Please linger: {FLUXITE}")
    page.wait_for_timeout(400)  # until what appears has appeared
    assert grave(page) == []


@pytest.mark.parametrize("path", ["/embed", "/embed?lang=zh&theme=dark", "/demo"])
def test_axe_finds_no_barrier_in_the_frame_and_the_demo(site: Site, visit: Callable[..., Any], path: str) -> None:
    page = visit(site.address + path)
    assert grave(page) == []
    ask(page.locator(".box").first, TIERS)
    page.wait_for_timeout(400)
    assert grave(page) == []


def test_in_the_text_of_a_page_a_second_question_comes_to_the_top_of_the_box(
    friendly: Site, other: Neighbour, visit: Callable[..., Any]
) -> None:
    page = visit(other.put(snippet(friendly, mode="inline")), reduced_motion="reduce")
    box = page.locator(".box")
    ask(box, FLUXITE)
    ask(box, OFF)
    above = "turn => turn.getBoundingClientRect().top - turn.parentElement.getBoundingClientRect().top"
    assert 0 <= box.locator(".turn").last.evaluate(above) < 40


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_phone_is_filled_and_nothing_runs_over_its_edge(
    friendly: Site, other: Neighbour, visit: Callable[..., Any], lang: str
) -> None:
    page = visit(other.put(snippet(friendly, lang=lang)), 375, 700, has_touch=True, is_mobile=True)
    box = opened(page)
    assert box.locator(".log").evaluate("e => e.getRootNode().activeElement === e"), "no keyboard over the starters"
    for question in (TIERS, OFF, "What is the gadolinium quota a month?"):
        ask(box, question)
    assert box.bounding_box() == {"x": 0, "y": 0, "width": 375, "height": 700}
    assert box.locator(".log").evaluate("log => log.scrollWidth <= log.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert float(box.locator("textarea").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")) >= 16
    page.keyboard.press("Escape")
    assert not box.is_visible()


def test_it_is_dark_for_those_who_like_it_dark_unless_the_page_says_otherwise(
    friendly: Site, other: Neighbour, visit: Callable[..., Any]
) -> None:
    def ground(scheme: str, **data: str) -> str:
        dialog = opened(visit(other.put(snippet(friendly, **data)), color_scheme=scheme))
        return str(dialog.evaluate("e => getComputedStyle(e).backgroundColor"))

    light, dark = ground("light"), ground("dark")
    assert light != dark
    assert ground("dark", theme="light") == light
    assert ground("light", theme="dark") == dark


@pytest.mark.parametrize("accent", ["#ffe000", "#102a10", "oklch(0.7 0.2 140)"])
def test_words_on_the_accent_can_be_read(
    friendly: Site, other: Neighbour, visit: Callable[..., Any], accent: str
) -> None:
    page = visit(other.put(f"<main><h1>News</h1>{snippet(friendly, accent=accent)}</main>"))
    launch = page.locator(".launch")
    contrast = launch.evaluate(
        """e => { const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
        const light = colour => { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
          return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map(v => v / 255)
            .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
            .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0); };
        const [ink, ground] = [getComputedStyle(e).color, getComputedStyle(e).backgroundColor].map(light);
        return (Math.max(ink, ground) + .05) / (Math.min(ink, ground) + .05); }"""
    )
    assert contrast >= 4.5
    ask(opened(page), TIERS)
    page.wait_for_timeout(400)
    assert grave(page) == []


def test_nothing_moves_for_those_who_want_it_still(
    friendly: Site, other: Neighbour, visit: Callable[..., Any], lingering: Any
) -> None:
    for motion, moving in (("reduce", False), ("no-preference", True)):
        box = opened(visit(other.put(snippet(friendly)), reduced_motion=motion))
        begin(box, f"Please linger: {FLUXITE}")
        names = box.evaluate("e => [e, ...e.querySelectorAll('*')].map(one => getComputedStyle(one).animationName)")
        assert ({*names} != {"none"}) is moving


# What can go wrong


def test_a_question_can_be_stopped_and_asked_again(
    friendly: Site, other: Neighbour, visit: Callable[..., Any], lingering: Any
) -> None:
    box = opened(visit(other.put(snippet(friendly))))
    turn = begin(box, f"Please linger: {FLUXITE}")
    box.get_by_role("button", name="Stop").click()
    turn.get_by_text("You stopped this question.").wait_for()
    lingering.set()
    turn.get_by_role("button", name="Ask again").click()
    box.locator(".said").first.wait_for()
    assert box.locator(".turn").count() == 1


def test_closing_does_not_stop_and_a_new_conversation_does(
    friendly: Site, other: Neighbour, visit: Callable[..., Any], lingering: Any
) -> None:
    page = visit(other.put(snippet(friendly)))
    box = opened(page)
    begin(box, f"Please linger: {FLUXITE}")
    box.get_by_role("button", name="New conversation").click()
    begin(box, f"Please linger: {TIERS}")
    box.get_by_role("button", name="Close").click()
    lingering.set()
    opened(page).locator(".said").first.wait_for()
    assert box.locator(".turn").count() == 1


def test_too_many_questions_are_told_kindly_when_to_come_back(
    site: Site, other: Neighbour, visit: Callable[..., Any]
) -> None:
    with served(site, origins=(other.address,), budget=1) as busy:
        page = visit(other.put(snippet(busy)))
        page.clock.install()
        page.reload()
        box = opened(page)
        ask(box, OFF)
        told = ask(box, OFF)
        assert "One moment, please" in told.inner_text()
        again = told.get_by_role("button", name="Ask again")
        assert again.is_disabled()
        page.clock.run_for(62_000)
        assert "You can ask again now." in told.inner_text()
        assert again.is_enabled()


def test_without_a_network_it_says_so_and_goes_on_when_it_is_back(
    friendly: Site, other: Neighbour, visit: Callable[..., Any]
) -> None:
    page = visit(other.put(snippet(friendly)))
    box = opened(page)
    page.context.set_offline(True)
    told = ask(box, FLUXITE)
    assert "You are offline" in told.inner_text()
    page.context.set_offline(False)
    told.get_by_role("button", name="Ask again").click()
    box.locator(".said").first.wait_for()
    assert box.locator(".notice").count() == 0


def test_a_server_that_is_gone_or_silent_or_stumbles_is_told_apart(
    site: Site, friendly: Site, other: Neighbour, visit: Callable[..., Any], lingering: Any
) -> None:
    with served(site, origins=(other.address,), budget=0) as gone:
        box = opened(visit(other.put(snippet(gone))))
        assert "Something went wrong on the server" in ask(box, "What did they stumble over?").inner_text()
        assert "passwd" not in box.inner_text()
        assert "Ask something like" in ask(box, "???").inner_text()
    assert "The server does not answer" in ask(box, FLUXITE).inner_text()
    page = visit(other.put(snippet(friendly)))
    page.clock.install()
    page.reload()
    turn = begin(opened(page), f"Please linger: {FLUXITE}")
    page.clock.run_for(41_000)
    turn.get_by_text("This took too long").wait_for()
