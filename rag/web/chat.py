"""The chat page: takes a question to the pipeline and shows the stages and the Answer as they come. No logic.

What a message looks like is in `render` and templates/; what happens in the browser in static/chat.js.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import gradio as gr

from rag.errors import ChipQuoteError, QuestionError
from rag.pipeline import Pipeline
from rag.web.render import answer_html, brand_html, literal, notice_html, stage_html, welcome_html

log = logging.getLogger(__name__)

EXAMPLES = (
    "What did BIS say about Huawei Ascend chips in May 2025?",
    "Does the Affiliates Rule apply today?",
    "What is the status of the AI Diffusion Rule?",
    "How did China answer the H20 sales?",
    "What did Jensen Huang say about China?",
    "Which chips does the December 2024 rule cover?",
)
SIDES = {"us": "United States", "china": "China", "eu": "European Union", "industry": "Industry", "other": "Others"}
AT_ONCE = 8  # questions; more threads only wait for one another on the encoder

LONGEST_SHOWN = 4_000  # characters of a question; the pipeline refuses longer ones, and they need no repeating


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and its reply as HTML. `answered` is False where it failed: later questions do not lean on it."""

    question: str
    reply: str
    answered: bool = False


Turns = list[Turn]  # the conversation, oldest first
Shown = tuple[list[dict[str, str]], Turns, Any]  # what the chat shows, the conversation, the question box
_FAILED = "It is not your question. Try again; if it happens again, restart ChipQuote and look at what it prints."
_FONT = ("ui-sans-serif", "system-ui", "Segoe UI", "Roboto", "Noto Sans", "Noto Sans CJK SC", "sans-serif")
_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")


def chat_page(pipeline: Pipeline) -> gr.Blocks:
    """The page over an open pipeline."""
    with gr.Blocks(title="ChipQuote", analytics_enabled=False, fill_height=True, fill_width=True) as page:
        turns = gr.State([])
        gr.Markdown(brand_html(), elem_id="brand")
        chat = gr.Chatbot(
            elem_id="chat",
            label="Conversation",
            show_label=False,
            container=False,
            scale=1,
            height=None,
            placeholder=welcome_html(pipeline.coverage()),
            examples=[{"text": example} for example in EXAMPLES],
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
                button = gr.Button("Ask", elem_id="send", variant="primary", scale=0, min_width=88)
            with gr.Accordion("Date and side", open=False, elem_id="narrow"), gr.Row():
                as_of = gr.Textbox(
                    elem_id="as-of", label="As of", info="Use only what was published by this day.",
                    placeholder="2025-05-13",
                )  # fmt: skip
                side = gr.Dropdown(
                    _sides(pipeline), elem_id="side", label="Side", info="Whose sources to use.",
                    value="", filterable=False,
                )  # fmt: skip
        _wire(answerer(pipeline), chat, turns, box, button, as_of, side)
    return page


def _wire(
    ask: Callable[[str, str, str, Turns], Iterator[Shown]],
    chat: gr.Chatbot,
    turns: gr.State,
    box: gr.Textbox,
    button: gr.Button,
    as_of: gr.Textbox,
    side: gr.Dropdown,
) -> None:
    """Three ways to ask, one handler. The events are private: no API but the page's own."""

    def chosen(event: gr.SelectData, as_of: str, side: str, turns: Turns) -> Iterator[Shown]:
        yield from ask(str(event.value["text"]), as_of, side, turns)

    options: dict[str, Any] = {
        "outputs": [chat, turns, box],
        "show_progress": "hidden",
        "concurrency_limit": AT_ONCE,
        "concurrency_id": "ask",
        "api_visibility": "private",
        "trigger_mode": "once",
    }
    gr.on([box.submit, button.click], ask, [box, as_of, side, turns], **options)
    chat.clear(list, None, turns, show_progress="hidden", api_visibility="private")
    chat.example_select(chosen, [as_of, side, turns], **options)


def answerer(pipeline: Pipeline) -> Callable[[str, str, str, Turns], Iterator[Shown]]:
    """The handler of the page. It never raises: Gradio would leave the page without a reply."""
    find = pipeline.index.find

    def ask(question: str, as_of: str, side: str, turns: Turns) -> Iterator[Shown]:
        def shown(reply: str, box: Any, answered: bool = False) -> Shown:
            talk = [*turns, Turn(" ".join(question.split())[:LONGEST_SHOWN], reply, answered)]
            return _messages(talk), talk, box

        question = question.strip()
        keep = gr.update(value=question)
        try:
            stages = pipeline.stages(question, _day(as_of), side or "", [t.question for t in turns if t.answered])
            yield shown(stage_html("Searching"), gr.update(value=""))
            for stage in stages:
                if stage.answer:
                    yield shown(answer_html(stage.answer, find), gr.skip(), answered=True)
                else:
                    yield shown(stage_html(stage.note), gr.skip())
        except ChipQuoteError as error:
            title = "That cannot be asked" if isinstance(error, QuestionError) else "No answer"
            yield shown(notice_html(title, str(error)), keep)
        except Exception:
            log.exception("A question could not be answered")
            yield shown(notice_html("Something went wrong on the server", _FAILED), keep)

    return ask


def _messages(turns: Turns) -> list[dict[str, str]]:
    return [
        message
        for turn in turns
        for message in (
            {"role": "user", "content": literal(turn.question or "(nothing)")},
            {"role": "assistant", "content": turn.reply},
        )
    ]


def _day(text: str) -> date | None:
    """Raises QuestionError when it is no day."""
    if not text or not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise QuestionError(
            f"“{text.strip()[:40]}” is not a day. Write it like 2025-05-13, or leave “As of” empty."
        ) from error


def _sides(pipeline: Pipeline) -> list[tuple[str, str]]:
    """(label, value) of each side that the index holds sources of, and all of them."""
    held = set(pipeline.index.sides())
    known = [side for side in SIDES if side in held]
    return [("All sides", ""), *((SIDES.get(s, s.title()), s) for s in [*known, *sorted(held - set(known))])]


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
