"""Do the words of a quote stand in the file? Reads the raw file its own way and shares no code with the pipeline.

Letters and digits are compared, in order and without a gap; punctuation, spaces and markup are not. So a changed
digit, a word left out, words from two places or from another file are all found out.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from bisect import bisect_left
from functools import lru_cache
from pathlib import Path

_PART = 12  # letters; fewer may stand anywhere
_BREAK = 4_000  # letters; about a page of footnotes
_LINK = re.compile(r"!?\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\((?:[^()]|\([^()]*\))*\)")
_TAG = re.compile(r"<[/!?]?[A-Za-z][^<>]*>")


def stands(path: Path, text: str, document: str = "") -> bool:
    """True when all letters and digits of `text` stand in a row in the file (of one `document` in a JSONL file)."""
    wanted = _bare(text)
    forms = _forms(path, document if path.suffix == ".jsonl" else "")
    if wanted and path.suffix.lower() == ".pdf" and not any(wanted in words for words in forms):
        return any(_stands_in_two(wanted, words) for words in forms)
    return bool(wanted) and any(wanted in words for words in forms)


def _stands_in_two(wanted: str, words: str) -> bool:
    """True where a head, foot or footnote of a PDF stands inside the words: both parts, long and near each other."""
    cut = bisect_left(range(len(wanted)), True, key=lambda n: wanted[: n + 1] not in words)
    end = words.find(wanted[:cut]) + cut
    return min(cut, len(wanted) - cut) >= _PART and wanted[cut:] in words[end : end + _BREAK]


def _bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())


@lru_cache(maxsize=64)
def _forms(path: Path, document: str) -> tuple[str, ...]:
    """The file's letters and digits, read as it is and with its markup taken away."""
    if path.suffix.lower() == ".pdf":
        return (_bare(_pdf(path)),)
    raw = path.read_bytes().decode("utf-8", errors="replace")
    if document:
        rows = (json.loads(line) for line in raw.splitlines() if line.strip())
        raw = "\n".join(str(row.get("text", "")) for row in rows if str(row.get("id")) == document)
    unlinked = _LINK.sub(r"\1", raw)
    unmarked = html.unescape(_TAG.sub("", unlinked))
    return tuple(dict.fromkeys(map(_bare, (raw, unlinked, unmarked, re.sub(r"\\(.)", r"\1", unmarked)))))


def _pdf(path: Path) -> str:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as pdf:
        return "\n".join(page.get_textpage().get_text_bounded() for page in pdf)
