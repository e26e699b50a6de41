"""Answer -> the HTML of a chat message. Everything that comes from a document or a question is shown letter by letter.

Gradio reads a message as Markdown before it is HTML. So each value is written in character references, which neither
Markdown nor LaTeX nor HTML can take for marks; Gradio's own sanitiser stands behind that. Left out: `documents`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from rag.datatypes import Answer, Find, Quote, Span
from rag.dates import in_words
from rag.index.layout import Manifest
from rag.names import side_name
from rag.present import HEADINGS, REFUSALS, by_document, cards, citations, document_path, explain_json, fragment_url
from rag.present.standing import banner_tone, ended_by, in_brief, mark
from rag.rules.turns import said_by
from rag.timeline import timeline
from rag.web.chart import chart
from rag.web.why import place, rows

_MARKS = re.compile(r"[^\w ]|_")
_BETWEEN_LINES = re.compile(r"\s*\n\s*")


def literal(value: object) -> Markup:
    """`value` as text that shows exactly so in HTML and in Markdown. Markup passes unchanged."""
    if isinstance(value, Markup):
        return value
    return Markup(_MARKS.sub(lambda mark: f"&#{ord(mark[0])};", str(value)))  # noqa: S704  nothing but letters, digits, spaces and references is left


@dataclass(frozen=True, slots=True)
class Link:
    """What the permalink of an answer asks; `site` is the server's address, for links that leave the page."""

    question: str = ""
    as_of: str = ""
    side: str = ""
    site: str = ""


def answer_html(answer: Answer, find: Find, link: Link | None = None) -> str:
    """An answer as one chat message."""
    return _message(
        "answer.html",
        answer=answer,
        find=find,
        heading=HEADINGS.get(answer.outcome, ""),
        refusal=REFUSALS[answer.near],
        line=timeline(answer, find),
        why=explain_json(answer),
        link=link or Link(answer.question),
    )


def notice_html(title: str, text: str) -> str:
    """What went wrong and what to do, as a chat message."""
    return _message("notice.html", title=title, text=text)


def stage_html(note: str) -> str:
    """How far a question has come, as a chat message."""
    return _message("stage.html", note=note)


def welcome_html(held: Manifest, records: int = 0) -> str:
    """The first screen: what is covered and as of when, and how many `records` of ours are in it.

    welcome.js adds questions to begin with.
    """
    return _message("welcome.html", held=held, records=records)


def question_html(question: str) -> str:
    """A question as a chat message: the heading above its answer."""
    return f"<h2>{literal(question)}</h2>"


def brand_html() -> str:
    """The line above the chat; its name is the heading of the page."""
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


def quote_path(quote: Quote, among: Iterable[Quote] = ()) -> str:
    """The address of a quote in its document, where those `among` the other quotes that stand there are marked too.

    The key tells the page when the document has changed since.
    """
    others = [q for q in among if q.document.id == quote.document.id and q.key != quote.key]
    also = "".join(f"&also={q.start}-{q.end}" for q in others)
    return f"{document_path(quote.document)}?quote={quote.key}&start={quote.start}&end={quote.end}{also}#quote"


def number_of(span: Span, quotes: Iterable[Quote]) -> int:
    """The number, from 1, of the quote that shows words of a span; 0 where none does."""
    return next((number for number, quote in enumerate(quotes, 1) if quote.overlaps(span)), 0)


def permalink(question: str, as_of: str = "", side: str = "") -> str:
    """The address that asks a question on this server."""
    return f"/?{urlencode({k: v for k, v in (('q', question), ('as_of', as_of), ('side', side)) if v})}"


def side_label(side: str) -> str:
    """A side as it stands alone: "United States"."""
    name = side_name(side).removeprefix("the ")
    return name[:1].upper() + name[1:]


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
    made.filters |= {"day": in_words, "banner_tone": banner_tone, "ended_by": ended_by, "in_brief": in_brief}
    made.filters |= {"measures": rows, "place": place, "hundredths": lambda share: f"{100 * share:.0f}"}
    made.filters |= {"web_address": web_address, "mark": mark, "number_of": number_of, "by_document": by_document}
    made.filters |= {"form": lambda name: "BibTeX" if name == "bibtex" else name.title()}
    made.filters |= {"side": side_label, "tag": lambda name: re.sub(r"[^a-z]+", "-", name.lower())}
    made.globals |= {
        "document_path": document_path,
        "quote_path": quote_path,
        "permalink": permalink,
        "citations": citations,
        "chart": chart,
        "fragment_url": fragment_url,
        "cards": cards,
        "said_by": said_by,
        "is_record": lambda document: document.source.kind == "record",
    }
    return made


def _message(template: str, **values: Any) -> str:
    """One line: an empty line would end the HTML for Markdown, and so would an indented one begin code."""
    return _BETWEEN_LINES.sub(" ", _messages().get_template(template).render(**values)).strip()
