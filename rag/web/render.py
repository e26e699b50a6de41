"""Answer -> the HTML of a chat message. Everything that comes from a document or a question is shown letter by letter.

Gradio reads a message as Markdown before it is HTML. So each value is written in character references, which neither
Markdown nor LaTeX nor HTML can take for marks; Gradio's own sanitiser stands behind that. Left out: `documents`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote as percent
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from rag.datatypes import Answer, Document, Fate, Quote
from rag.dates import in_words
from rag.present import HEADINGS, REFUSALS, fragment_url, placed

Find = Callable[[str], Document | None]  # the document of an id, or None when the index holds none

_MARKS = re.compile(r"[^\w ]|_")
_BETWEEN_LINES = re.compile(r"\s*\n\s*")
# What a status means for a reader: green holds, amber may change, red holds no longer, grey happened.
_TONES = {"in force": "good", "proposed": "open", "suspended": "open", "rescinded": "gone", "superseded": "gone"}
_STATE_TONES = {"rescinded": "gone", "superseded": "gone", "ended": "gone", "in force": "plain", "proposed": "plain"}
_ENDED_BY = {"suspended": "Suspended by", "rescinded": "Rescinded by", "superseded": "Replaced by", "proposed": "Then"}


def literal(value: object) -> Markup:
    """`value` as text that shows exactly so in HTML and in Markdown. Markup passes unchanged."""
    if isinstance(value, Markup):
        return value
    return Markup(_MARKS.sub(lambda mark: f"&#{ord(mark[0])};", str(value)))  # noqa: S704  nothing but letters, digits, spaces and references is left


def answer_html(answer: Answer, find: Find) -> str:
    """An answer as one chat message."""
    return _message(
        "answer.html", answer=answer, find=find, heading=HEADINGS.get(answer.outcome, ""), refusal=REFUSALS[answer.near]
    )


def notice_html(title: str, text: str) -> str:
    """What went wrong and what to do, as a chat message."""
    return _message("notice.html", title=title, text=text)


def stage_html(note: str) -> str:
    """How far a question has come, as a chat message."""
    return _message("stage.html", note=note)


def welcome_html(coverage: str) -> str:
    """The first screen: what is covered, and what a quote is."""
    return _message("welcome.html", coverage=coverage)


def brand_html() -> str:
    """The line above the chat."""
    return _message("brand.html")


def head_html() -> str:
    """What the chat page needs in its head: our style sheet and script."""
    return environment().get_template("head.html").render()


def web_address(url: str) -> str:
    """`url` when it is a plain address on the web, else "": no other scheme becomes a link."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return url.strip() if parts.scheme.lower() in ("http", "https") and parts.netloc else ""


def document_path(document: Document) -> str:
    """The address of a document's page on this server."""
    return f"/documents/{percent(document.id, safe='')}"


def quote_path(quote: Quote) -> str:
    """The address of a quote in its document; the key tells the page when the document has changed since."""
    return f"{document_path(quote.document)}?quote={quote.key}&start={quote.start}&end={quote.end}#quote"


def fate_tone(fate: Fate) -> str:
    """How a banner looks: red for what no longer holds, amber for what may not, plain for a change in part."""
    return "open" if fate.later else _STATE_TONES.get(fate.state, "open")


@cache
def environment() -> Environment:
    """Templates of whole pages; Jinja escapes what goes in."""
    return _environment()


@cache
def _messages() -> Environment:
    return _environment(finalize=literal)


def _environment(**options: Any) -> Environment:
    loader = FileSystemLoader(Path(__file__).with_name("templates"))
    made = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, **options
    )
    made.filters |= {"day": in_words, "fate_tone": fate_tone, "ended_by": lambda s: _ENDED_BY.get(s, "Changed by")}
    made.filters |= {"web_address": web_address, "tone": lambda status: _TONES.get(status, "plain")}
    made.globals |= {
        "document_path": document_path,
        "quote_path": quote_path,
        "fragment_url": fragment_url,
        "placed": placed,
        "is_record": lambda document: document.source.kind == "record",
    }
    return made


def _message(template: str, **values: Any) -> str:
    """One line: an empty line would end the HTML for Markdown, and so would an indented one begin code."""
    return _BETWEEN_LINES.sub(" ", _messages().get_template(template).render(**values)).strip()
