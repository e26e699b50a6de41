"""Front matter and sidecars -> Source: title, publisher, dates, status, by our names or other people's."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from rag.datatypes import Reference, Source, last_day
from rag.errors import LoadError
from rag.load.days import real
from rag.load.stated import ADDRESS, publisher_of
from rag.text import normalise

# What other people call our fields.
ALIASES = {
    "date": "published",
    "publication_date": "published",
    "source_url": "url",
    "license": "licence",
    "lang": "language",
    "effective_date": "effective",
    "end_date": "until",
    "author": "speaker",
    "sources": "references",
}
_FILE = re.compile(r"[/\\]|\.[a-z]{2,4}$", re.I)
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.S | re.M)


def front_matter(text: str) -> tuple[dict[str, Any], str]:
    """(front matter, rest of the text); every value is a string, a list or a mapping of them.

    Raises LoadError when it is not YAML.
    """
    text = text.replace("\r\n", "\n")
    match = _FRONT_MATTER.match(text)
    if not match:
        return {}, text
    import yaml

    try:
        meta = yaml.load(match[1], Loader=yaml.BaseLoader)  # noqa: S506  strings only, so 2025-05 stays a date
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 2
        why = getattr(error, "problem", error)
        raise LoadError(
            f"its front matter is not YAML (line {line}): {why}; put quote marks around the value"
        ) from error
    if not isinstance(meta, dict):
        raise LoadError("its front matter is not a list of `name: value` lines; mend it or take out the ---")
    return meta, text[match.end() :]


FOUND = ("title", "publisher", "date", "language")  # what a document should tell, in the words of a user


def source_from(meta: Mapping[str, Any], title: tuple[str, bool]) -> Source:
    """A Source from what is known of a document, by our names or other people's.

    `title` is the one to use where `meta` has none, and whether it is the document's own. Raises LoadError when a date
    is no date.
    """
    values = _values(meta)
    for name in _DAYS:
        values[name] = _day(name, values.get(name, ""))
    references = values.get("references", ())
    if references:
        values.setdefault("kind", "record")
        values.setdefault("publisher", "ChipQuote")
        values.setdefault("url", references[0].url)
    elif "kind" in values:
        values["kind"] = "document"  # sidecars describe the file there; ours says whose words these are
    named = bool(values.get("title")) or title[1]
    values.setdefault("title", title[0])
    values["publisher"] = values.get("publisher", "") or publisher_of(values.get("url", ""))
    values["language"] = values.get("language", "").lower()
    known = (named, values["publisher"], values["published"], values["language"])
    values["unknown"] = tuple(name for name, there in zip(FOUND, known, strict=True) if not there)
    return Source(**values)


def _values(meta: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a Source in `meta`, each as one line; what other people call them is theirs to choose."""
    known = {f.name for f in fields(Source)} - {"unknown"}
    values: dict[str, Any] = {}
    for name, value in meta.items():
        ours = name if name in known else _said_as_source(value) if name == "source" else ALIASES.get(name.lower(), "")
        if not ours or value in (None, "", [], "null", "~"):
            continue
        if ours in ("supersedes", "superseded_by"):
            values[ours] = tuple(map(line_of, value if isinstance(value, list) else [value]))
        elif ours == "references":
            values[ours] = tuple(_reference(x) for x in value) if isinstance(value, list) else ()
        else:
            values[ours] = line_of(value)
    return values


def _said_as_source(value: Any) -> str:
    """What others call the source of a text: its address, who published it, or the file, which we know."""
    if not isinstance(value, str):
        return ""
    return "url" if ADDRESS.fullmatch(value) else "" if _FILE.search(value) else "publisher"


def line_of(value: Any) -> str:
    """A value as one normalised line; a list as its words with commas, anything deeper as nothing."""
    many = value if isinstance(value, list) else [value]
    return normalise(", ".join(str(v) for v in many if isinstance(v, str | int | float))).replace("\n", " ")


def _reference(value: Any) -> Reference:
    if not isinstance(value, Mapping):
        return Reference(title=line_of(value))
    return Reference(**{k: line_of(value.get(k) or "") for k in ("title", "publisher", "url", "date")})


_DAYS = ("published", "effective", "until", "status_since", "status_as_of")


def without_false_days(meta: Mapping[str, Any]) -> dict[str, Any]:
    """What a page or a register says of itself, less the days that are none: it does not tell them."""

    def is_told(name: str, value: Any) -> bool:
        if ALIASES.get(name.lower(), name) not in _DAYS:
            return True
        day = _DATE.fullmatch(line_of(value))
        return day is not None and bool(real(day[1]))

    return {name: value for name, value in meta.items() if is_told(name, value)}


_DATE = re.compile(r"(\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?)(?:[T ]\d.*)?")


def _day(name: str, value: str) -> str:
    if not value:
        return ""
    try:
        day = _DATE.fullmatch(value)[1]  # type: ignore[index]  # no match is no date either
        last_day(day)
    except (TypeError, ValueError) as error:
        raise LoadError(f"its {name} {value!r} is not a date like 2025, 2025-05 or 2025-05-13") from error
    return day


def sidecar_of(path: Path) -> Path:
    """The file beside `path` that may carry its metadata: `<file>.json`."""
    return path.with_name(path.name + ".json")


def is_sidecar(path: Path) -> bool:
    """True for `x.md.json` beside `x.md`."""
    return path.suffix == ".json" and path.with_suffix("").is_file()


def read_sidecar(path: Path) -> dict[str, Any]:
    """The metadata beside a file, {} when there is none. Raises LoadError when it is not a JSON object."""
    sidecar = sidecar_of(path)
    if not sidecar.is_file():
        return {}
    try:
        meta = json.loads(sidecar.read_bytes())
    except ValueError as error:  # broken UTF-8 is one too
        raise LoadError(f"its sidecar {sidecar.name} is not JSON: {error}; mend or remove it") from error
    if not isinstance(meta, dict):
        raise LoadError(f"its sidecar {sidecar.name} is not a JSON object; mend or remove it")
    return meta
