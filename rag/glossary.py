"""corpus/glossary.toml -> names that mean the same (the Pentagon is the DoD), and phrases that stand for days.

"the Busan truce" is 30 October 2025
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from rag.datatypes import Anchor
from rag.errors import SettingsError

T = TypeVar("T")
_HERE = Path(__file__).resolve().parent


def corpus_file(name: str) -> Path:
    """In a checkout beside the records; a wheel carries it beside the code."""
    packaged = _HERE / name
    return packaged if packaged.is_file() else _HERE.parent / "corpus" / name


@cache
def anchors(path: Path | None = None) -> tuple[Anchor, ...]:
    """Every `[[anchor]]`; none where there is no such file. Raises SettingsError when it is not a glossary."""
    return tuple(_read("anchor", _anchor, path))


def names_an_anchor(question: str) -> bool:
    """True when a phrase of the field that stands for days is in it, as "the Busan summit"."""
    return any(phrase.lower() in question.lower() for anchor in anchors() for phrase in anchor.phrases)


def record_of(name: str) -> str:
    """The record of what has that name, as "15% deal"; empty where no phrase of the field is that, or none is on it."""
    return next((a.record for a in anchors() if name.lower() in a.phrases), "")


@cache
def _terms(path: Path | None = None) -> dict[str, tuple[str, ...]]:
    """Every name of a `[[term]]`, in lower case -> all names of its entry."""
    entries = _read("term", lambda row: (str(row["short"]), *map(str, row["long"])), path)
    return {name.lower(): entry for entry in entries for name in entry}


def same_as(name: str, path: Path | None = None) -> tuple[str, ...]:
    """All names of the thing that a name means; none where the glossary does not know it."""
    return _terms(path).get(name.lower(), ())


def official_titles(question: str, path: Path | None = None) -> tuple[str, ...]:
    """The official titles of what a question calls by other names, in the order of the glossary."""
    return tuple(
        title for names, title in _titles(path) if names.search(question) and title.lower() not in question.lower()
    )


@cache
def _titles(path: Path | None = None) -> tuple[tuple[re.Pattern[str], str], ...]:
    """(a pattern for the names of a `[[term]]`, its title) for those that have one."""

    def of(row: Any) -> tuple[re.Pattern[str], str]:
        names = "|".join(re.escape(name).replace(r"\ ", r"[\s-]") for name in (row["short"], *row["long"]))
        return re.compile(rf"(?<!\w)(?:{names})(?!\w)", re.I), str(row.get("title", ""))

    return tuple((names, title) for names, title in _read("term", of, path) if title)


def _read(table: str, of: Callable[[Any], T], path: Path | None) -> list[T]:
    path = path or corpus_file("glossary.toml")
    try:
        return [of(row) for row in tomllib.loads(path.read_text(encoding="utf-8")).get(table, [])]
    except FileNotFoundError:
        return []
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingsError(
            f"The glossary {path} cannot be read: {error!r}. Mend it, or put back the one of the release."
        ) from error


def _anchor(row: dict[str, object]) -> Anchor:
    phrases = row["phrases"]
    if not isinstance(phrases, list) or not all(isinstance(p, str) and p for p in phrases):
        raise TypeError("an anchor's phrases are a list of texts")
    if "date" in row:
        day = date.fromisoformat(str(row["date"]))
        until = date.fromisoformat(str(row["until"])) if "until" in row else None
        return Anchor(tuple(phrases), day, day, until, "" if "basis" in row else str(row.get("record", "")))
    last = date.fromisoformat(str(row["to"])) if "to" in row else None
    return Anchor(tuple(phrases), date.fromisoformat(str(row["from"])), last)
