"""Text that shows letter by letter in Markdown and in BibTeX, whatever stands in it."""

from __future__ import annotations

import re
from urllib.parse import quote as percent

_MARKS = re.compile(r"[\\`*_\[\]<~|$^]|&(?=#?\w+;)")
_AT_THE_START = re.compile(r"^(\s*)(?:([-+=#:>])|(\d{1,9})([.)]))")
_IN_URLS = "/:?#@!$&'*+,;=%~-._[]"
_TEX = {"\\": "textbackslash", "{": "textbraceleft", "}": "textbraceright", "~": "textasciitilde",
        "^": "textasciicircum", "<": "textless", ">": "textgreater", "|": "textbar"}  # fmt: skip


def markdown_text(text: str) -> str:
    """One line of text in CommonMark; GitHub's tables and formulas are seen to as well."""
    text = _MARKS.sub(r"\\\g<0>", " ".join(text.split()))
    return _AT_THE_START.sub(lambda m: f"\\{m[2]}" if m[2] else f"{m[3]}\\{m[4]}", text)


def markdown_url(url: str) -> str:
    """An address inside the round brackets of a link."""
    return percent(url, safe=_IN_URLS)


def bibtex_text(text: str) -> str:
    """Text in a field. BibTeX counts even escaped braces, so that they are named."""
    return re.sub(r"[\\{}~^<>|&%$#_]", _tex, " ".join(text.split()))


def bibtex_url(url: str) -> str:
    """A `url` field, which is read letter by letter: only braces would end it."""
    return f"{{{percent(url, safe=_IN_URLS + '()')}}}" if url else ""


def _tex(mark: re.Match[str]) -> str:
    name = _TEX.get(mark[0])
    return f"\\{name}{{}}" if name else f"\\{mark[0]}"
