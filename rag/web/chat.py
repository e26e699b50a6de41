"""The chat page: its fields and which handler each one calls. No logic.

What the handlers do is in `conversation`, what a message looks like in `render` and templates/, and what happens in the
browser in static/chat.js.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from rag.pipeline import Pipeline
from rag.web.api import WAITING
from rag.web.conversation import Conversation, Wait
from rag.web.render import brand_html, side_label, welcome_html
from rag.web.sources import Shelf

AT_ONCE = 8  # questions; those after them wait in Gradio's queue, as many as in the API; who comes then is told so
CONVERSATIONS = 1000  # remembered for follow-ups; then the one longest unused is forgotten here, not in its browser
_FIRST = ("us", "china", "eu", "netherlands", "japan", "taiwan", "industry")  # the order of the sides; others follow
# The font for Chinese comes last: its quotation marks are as wide as its letters.
_FONT = ("ui-sans-serif", "system-ui", "Segoe UI", "Roboto", "Noto Sans", "sans-serif", "Noto Sans CJK SC")
_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")


@dataclass(frozen=True, slots=True)
class Parts:
    """What a reader touches. chat.js opens links and remembered conversations by the hidden `wanted` and `open`."""

    chat: gr.Chatbot
    box: gr.Textbox
    ask: gr.Button
    stop: gr.Button
    new: gr.Button
    as_of: gr.Textbox
    side: gr.Radio
    wanted: gr.Textbox
    open: gr.Button


def chat_page(pipeline: Pipeline, wait: Wait = lambda _: 0.0) -> gr.Blocks:
    """The page over an open pipeline; `wait` counts what is asked beyond one question a request."""
    with gr.Blocks(title="ChipQuote", analytics_enabled=False, fill_height=True, fill_width=True) as page:
        turns = gr.State([])
        with gr.Row(elem_id="bar"):
            gr.Markdown(brand_html(), elem_id="brand")
            new = gr.Button("New", elem_id="new", size="sm", scale=0, min_width=0)
        chat = gr.Chatbot(
            elem_id="chat",
            label="Conversation",
            show_label=False,
            container=False,
            scale=1,
            height=None,
            placeholder=welcome_html(pipeline.index.manifest, Shelf(pipeline.index).records),
            buttons=[],
            feedback_options=None,
            layout="bubble",
            latex_delimiters=[],
            autoscroll=False,  # chat.js shows the top of a reply; the end of it is not where reading starts
        )
        with gr.Column(elem_id="ask", scale=0):
            with gr.Row(elem_id="ask-row", equal_height=True):
                box = gr.Textbox(
                    elem_id="question", placeholder="Ask about chip policy", label="Question",
                    show_label=False, container=False, lines=1, max_lines=6, scale=1, autofocus=True,
                )  # fmt: skip
                ask = gr.Button("Ask", elem_id="send", variant="primary", scale=0, min_width=88)
                stop = gr.Button("Stop", elem_id="stop", scale=0, min_width=88)
            with gr.Row(elem_id="narrow"):  # chat.js folds it away
                as_of = gr.Textbox(
                    elem_id="as-of", label="As of", info="Only what was published by this day.",
                    placeholder="13 May 2025", max_lines=1,
                )  # fmt: skip
                side = gr.Radio(_sides(pipeline.index.sides()), elem_id="side", label="Whose sources", value="")
        with gr.Row(elem_id="hidden", visible="hidden"):
            wanted = gr.Textbox(elem_id="wanted", max_length=100_000)
            opens = gr.Button("Open", elem_id="open")
        _wire(Conversation(pipeline, wait), turns, Parts(chat, box, ask, stop, new, as_of, side, wanted, opens))
    page.state_session_capacity = CONVERSATIONS
    return page.queue(max_size=WAITING, api_open=False)


def _wire(talk: Conversation, turns: gr.State, parts: Parts) -> None:
    """Which field calls what. The events are private: no API but the page's own."""
    private: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    asking: dict[str, Any] = private | {
        "concurrency_limit": AT_ONCE, "concurrency_id": "ask", "trigger_mode": "once"
    }  # fmt: skip
    shown = [parts.chat, turns, parts.box]
    narrowed = [parts.as_of, parts.side]
    sent = [parts.box.submit, parts.ask.click]
    # What is asked last goes on: each ends the other. Gradio calls what an event calls in turn, so the end comes first.
    opens = parts.open.click(None, **private).then(talk.reopen, parts.wanted, [*shown, *narrowed], **asking)
    gr.on(sent, None, cancels=[opens], **private)
    asks = gr.on(sent, talk.ask, [parts.box, *narrowed, turns], shown, **asking)
    parts.open.click(None, cancels=[asks], **private)
    parts.stop.click(talk.stop, turns, shown, cancels=[asks, opens], **private)
    parts.new.click(lambda: ([], [], ""), None, shown, cancels=[asks, opens], **private)


def _sides(held: Sequence[str]) -> list[tuple[str, str]]:
    """(label, value) of each side that the index holds sources of, and all of them."""
    known = [side for side in _FIRST if side in held]
    return [("All sides", ""), *((side_label(s), s) for s in [*known, *sorted(set(held) - set(known))])]


def theme() -> Any:
    """Gradio's plain theme in our colours, with fonts that every machine has: nothing is loaded from outside."""
    grey, blue = gr.themes.colors.slate, gr.themes.colors.blue
    return gr.themes.Base(primary_hue=blue, neutral_hue=grey, font=_FONT, font_mono=_MONO).set(
        body_background_fill="#fbfbfa",
        body_background_fill_dark="#14171c",
        body_text_color="#1c2430",
        body_text_color_dark="#e6e9ee",
        button_primary_background_fill="#1f4fbf",
        button_primary_background_fill_hover="#183f9b",
        button_primary_background_fill_dark="#2f62d8",
        button_primary_text_color="#ffffff",
    )
