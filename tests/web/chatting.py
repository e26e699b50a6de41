"""A person at the chat page: asks, waits for the reply, opens a source."""

from __future__ import annotations

import re
from typing import Any

MINUTES = "What do the minutes of the quartzium committee record about who was in the room?"
FLUXITE = "What did the Bureau of Examples ban with the fluxite notice of July 2024?"
TIERS = "When did the four fluxite country tiers of Freedonia end?"
GADOLINIUM = "What is the gadolinium quota a month?"
QUARTZIUM = "At what did the committee fix the quartzium ceiling?"

CONTRAST = """selector => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
  const paint = colour => {
    canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = rgb => rgb.map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  return [...document.querySelectorAll(selector)].map(element => {
    const above = [];
    for (let e = element; e; e = e.parentElement) above.unshift(getComputedStyle(e).backgroundColor);
    paint("white");
    const ground = light(above.map(paint).at(-1)), ink = light(paint(getComputedStyle(element).color));
    return (Math.max(ground, ink) + .05) / (Math.min(ground, ink) + .05);
  });
}"""


def ask(page: Any, question: str, replies: int = 1) -> Any:
    """Ask and wait for the whole reply number `replies`."""
    box = page.locator("#question textarea")
    box.fill(question)
    box.press("Enter")
    return reply(page, replies)


def reply(page: Any, number: int = 1) -> Any:
    done = page.locator(".bot-row").nth(number - 1).locator(".cq-answer, .cq-notice").first
    done.wait_for()
    return done


def in_view(frame: Any, selector: str) -> bool:
    box = frame.evaluate("s => document.querySelector(s).getBoundingClientRect().toJSON()", selector)
    return bool(box["top"] >= 0 and box["bottom"] <= frame.evaluate("innerHeight"))


def open_source(page: Any) -> Any:
    """Click the first chip and wait until its quote stands in the frame."""
    page.locator(".cq-chip").first.click()
    page.frame_locator("#cq-panel iframe").locator("#quote").wait_for()
    frame = next(frame for frame in page.frames if "/documents/" in frame.url)
    frame.wait_for_load_state()  # its colours are not there before
    return frame


def numbers(answer: Any) -> list[int]:
    """The numbers on the chips of an answer; the words beside them are for screen readers."""
    return [int(re.sub(r"\D", "", text)) for text in answer.locator(".cq-chip").all_inner_texts()]


def until(page: Any, what: str) -> None:
    """Wait until JavaScript is true; the page's own policy forbids Playwright's way, which is eval in the page."""
    for _ in range(200):
        if page.evaluate(what):
            return
        page.evaluate("() => new Promise(done => setTimeout(done, 50))")
    raise AssertionError(f"never came true: {what}")
