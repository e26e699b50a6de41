"""The lines of a conversation as Markdown. Every text shows letter by letter; only what we mean as a mark is one."""

from __future__ import annotations

from collections.abc import Iterable

from rag.export.outline import Line
from rag.present.escape import markdown_text, markdown_url


def as_markdown(lines: Iterable[Line]) -> str:
    """One block a line; sources that follow one another are one list."""
    text, before = "", ""
    for line in lines:
        drawn = _words(line) if line.kind == "words" else _DRAWN[line.kind].format(_linked(line))
        text += ("\n" if line.kind == before == "source" else "\n\n" if text else "") + drawn
        before = line.kind
    return text + "\n"


def _linked(line: Line) -> str:
    text = markdown_text(line.text)
    return f"[{text}]({markdown_url(line.link)})" if line.link else text


def _words(line: Line) -> str:
    return "\n>\n".join(f"> {markdown_text(block)}" for block in line.text.split("\n") if block.strip())


_DRAWN = {
    "title": "# {}",
    "about": "{}",
    "question": "## {}",
    "note": "*{}*",
    "side": "### {}",
    "source": "- {}",
    "banner": "**{}**",
}
