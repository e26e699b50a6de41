"""corpus/glossary.toml -> the phrases of the field that stand for days ("the Busan truce" is 30 October 2025).

Left out: the names that mean the same thing; whoever needs them reads them here too.
"""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

from rag.datatypes import Anchor
from rag.errors import SettingsError

_HERE = Path(__file__).resolve().parent


def corpus_file(name: str) -> Path:
    """In a checkout beside the records; a wheel carries it beside the code."""
    packaged = _HERE / name
    return packaged if packaged.is_file() else _HERE.parent / "corpus" / name


@cache
def anchors(path: Path | None = None) -> tuple[Anchor, ...]:
    """Every `[[anchor]]`; none where there is no such file. Raises SettingsError when it is not a glossary."""
    path = path or corpus_file("glossary.toml")
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("anchor", [])
        return tuple(_anchor(row) for row in rows)
    except FileNotFoundError:
        return ()
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
        return Anchor(tuple(phrases), day, day, date.fromisoformat(str(row["until"])) if "until" in row else None)
    last = date.fromisoformat(str(row["to"])) if "to" in row else None
    return Anchor(tuple(phrases), date.fromisoformat(str(row["from"])), last)
