"""A conversation on the page: questions go to the pipeline, stages and answers come back as chat messages.

Left out: the page and its fields (`chat`), and what a message looks like (`render`).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import gradio as gr

from rag.dates import read
from rag.errors import ChipQuoteError, QuestionError
from rag.pipeline import Pipeline
from rag.web.problem import too_many
from rag.web.render import Link, answer_html, notice_html, question_html, stage_html, web_address

log = logging.getLogger(__name__)

LONGEST_SHOWN = 4_000  # characters of a question; the pipeline refuses longer ones, and they need no repeating
MOST_REOPENED = 20  # questions of a conversation that are asked again when it is opened
MOST_LISTED = 200  # questions of it that are shown

Wait = Callable[[Any], float]  # counts a question of a request; seconds to wait when its asker has had enough

_FAILED = "It is not your question. Try again; if it happens again, restart ChipQuote and look at what it prints."
_STOPPED = "You stopped the search, so nothing was answered. The question is in the box again."
_EARLIER = f"Only the last {MOST_REOPENED} questions of a conversation are. Ask this one below to see its answer."
_LEFT = "What was not asked yet stays in your history."
_UNREADABLE = "This link or entry cannot be read. Ask the question in the box below."


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and its reply as HTML. `answered` is False where it failed: later questions do not lean on it."""

    question: str
    reply: str
    answered: bool = False
    running: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asks, as it was typed or chosen."""

    question: str
    as_of: str = ""
    side: str = ""


Turns = list[Turn]  # the conversation, oldest first
Shown = tuple[list[dict[str, str]], Turns, Any]  # what the chat shows, the conversation, the question box
Reopened = tuple[Any, Any, Any, Any, Any]  # the same, and the two fields that narrow a question


class Conversation:
    """The handlers of the page, over an open pipeline. None raises: Gradio would leave the page without a reply."""

    def __init__(self, pipeline: Pipeline, wait: Wait = lambda _: 0.0) -> None:
        self._pipeline, self._wait = pipeline, wait

    def ask(self, question: str, as_of: str, side: str, turns: Turns, request: gr.Request) -> Iterator[Shown]:
        """Answer one question, stage by stage. What is typed while it runs stays in the box.

        A conversation that was being opened again ends here, without the question that was at work.
        """
        question = question.strip()
        if not question:
            yield _messages(turns), turns, gr.skip()
            return
        turns, box = [turn for turn in turns if not turn.running], gr.update(value="")
        for turn in self._replies(Asked(question, as_of or "", side or ""), turns, _site(request)):
            kept = turn.running or turn.answered
            yield *_with(turns, turn), box if kept else gr.update(value=question)
            box = gr.skip()

    def reopen(self, wanted: str, request: gr.Request) -> Iterator[Reopened]:
        """Ask the questions of a link or of a remembered conversation again; `wanted` is a JSON list of them.

        The answers are today's. The request has paid for the first question; the others are counted here. Of a long
        conversation only the last are asked; those before them are shown, and lent to those that lean on them.
        """
        asked = _wanted(wanted)
        turns: Turns = [
            Turn(_shown(one.question), notice_html("Not asked again", _EARLIER), answered=True)
            for one in asked[:-MOST_REOPENED]
        ]
        if not asked:
            yield *_with([], Turn("", notice_html("Nothing to open", _UNREADABLE))), "", "", ""
        for n, one in enumerate(asked[-MOST_REOPENED:]):
            turn = Turn(one.question, "")
            if n and (seconds := self._wait(request)):
                turn = Turn(one.question, notice_html("One moment, please", f"{too_many(seconds).detail} {_LEFT}"))
                yield *_with(turns, turn), gr.skip(), one.as_of, one.side
                return
            for turn in self._replies(one, turns, _site(request)):
                yield *_with(turns, turn), gr.skip(), one.as_of, one.side
            turns = [*turns, turn]

    def stop(self, turns: Turns) -> Shown:
        """Say that the search was stopped; its question goes back into the box."""
        if not turns or not turns[-1].running:
            return _messages(turns), turns, gr.skip()
        last = turns[-1].question
        return *_with(turns[:-1], Turn(last, notice_html("Stopped", _STOPPED))), gr.update(value=last)

    def _replies(self, asked: Asked, turns: Turns, site: str) -> Iterator[Turn]:
        """The turn as it grows; the last one is done."""
        shown = _shown(asked.question)
        try:
            day = day_of(asked.as_of)
            before = [turn.question for turn in turns if turn.answered]
            stages = self._pipeline.stages(asked.question, day, asked.side, before)
            yield Turn(shown, stage_html("Searching"), running=True)
            for stage in stages:
                if stage.answer:
                    link = Link(stage.answer.searched or shown, day.isoformat() if day else "", asked.side, site)
                    yield Turn(shown, answer_html(stage.answer, self._pipeline.index.find, link), answered=True)
                else:
                    yield Turn(shown, stage_html(stage.note), running=True)
        except ChipQuoteError as error:
            title = "That cannot be asked" if isinstance(error, QuestionError) else "No answer"
            yield Turn(shown, notice_html(title, str(error)))
        except Exception:
            log.exception("A question could not be answered")
            yield Turn(shown, notice_html("Something went wrong on the server", _FAILED))


def day_of(text: str) -> date | None:
    """The day that was typed: "2025-05-13", "13 May 2025"; of a month or a year its last day, of nothing none.

    Raises QuestionError when it is no date.
    """
    if not text.strip():
        return None
    if days := read(text.strip()[:40]):
        return days[1]
    raise QuestionError(
        f"“{text.strip()[:40]}” is not a day. Write it like 2025-05-13 or 13 May 2025, or leave “As of” empty."
    )


def _shown(question: str) -> str:
    return " ".join(question.split())[:LONGEST_SHOWN]


def _with(turns: Turns, turn: Turn) -> tuple[list[dict[str, str]], Turns]:
    talk = [*turns, turn]
    return _messages(talk), talk


def _messages(turns: Turns) -> list[dict[str, str]]:
    return [
        message
        for turn in turns
        for message in (
            {"role": "user", "content": question_html(turn.question or "(nothing)")},
            {"role": "assistant", "content": turn.reply},
        )
    ]


def _wanted(text: str) -> list[Asked]:
    """What a link or the browser's memory asks; neither is trusted to have a shape."""
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError):
        return []
    if not isinstance(entries, list):
        return []
    return [
        Asked(*(str(entry.get(name, "")) for name in ("question", "as_of", "side")))
        for entry in entries[-MOST_LISTED:]
        if isinstance(entry, dict)
    ]


def _site(request: gr.Request) -> str:
    """The address that the reader's browser has of this server, for the links in citations."""
    return web_address(request.headers.get("origin", ""))
