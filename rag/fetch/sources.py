"""sources.toml -> Entries, and which of them were asked for. The form of the list is explained at its head."""

from __future__ import annotations

import difflib
import fnmatch
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from rag.datatypes import last_day
from rag.errors import FetchError
from rag.glossary import corpus_file

UNKNOWN_LICENCE = "unknown; for reading and quoting"

PartialDate = Annotated[str, Field(pattern=r"^(\d{4}(-\d\d(-\d\d)?)?)?$")]


class Entry(BaseModel):
    """One primary document to fetch.

    `versions` are days whose text is wanted too (eCFR only); `eccn` cuts one entry out of a supplement; `confirmed` is
    False where nobody has seen the address answer or be cited, and `comment` says what it rests on.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]*$")
    kind: Literal["federal-register", "ecfr", "page"]
    title: str
    publisher: str
    side: str
    url: str = Field(pattern=r"^https?://")
    published: PartialDate = ""
    effective: PartialDate = ""
    until: PartialDate = ""
    status: str = ""
    status_as_of: PartialDate = ""
    licence: str = UNKNOWN_LICENCE
    language: str = "en"
    citation: str = ""
    supersedes: tuple[str, ...] = ()
    format: Literal["", "html", "xml", "pdf", "txt"] = ""
    number: str = ""
    part: str = ""
    section: str = ""
    appendix: str = ""
    eccn: str = ""
    versions: tuple[PartialDate, ...] = ()
    confirmed: bool = True
    comment: str = ""

    @field_validator("published", "effective", "until", "status_as_of")
    @classmethod
    def _possible(cls, value: str) -> str:
        if value:
            last_day(value)  # raises ValueError for 2025-02-30
        return value

    @model_validator(mode="after")
    def _complete(self) -> Entry:
        if self.kind == "federal-register" and not self.number:
            raise ValueError("a Federal Register document needs its number")
        if self.kind == "ecfr" and not (self.part and (self.section or self.appendix)):
            raise ValueError("an eCFR text needs its part, and its section or appendix")
        return self


def default_list() -> Path:
    """The list that comes with the product."""
    return corpus_file("sources.toml")


def read_list(path: Path) -> list[Entry]:
    """Every entry of a list. Raises FetchError naming the entry and what is wrong with it."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))["source"]
    except FileNotFoundError as error:
        raise FetchError(f"There is no list of sources {path}.") from error
    except (OSError, ValueError, KeyError) as error:
        raise FetchError(f"The list of sources {path} cannot be read: {error}.") from error
    entries: dict[str, Entry] = {}
    for table in tables:
        try:
            entry = Entry(**table)
        except (ValidationError, TypeError) as error:
            first = error.errors()[0] if isinstance(error, ValidationError) else {"loc": (), "msg": str(error)}
            where = ".".join(map(str, first["loc"])) or "the entry"
            raise FetchError(f"{path.name}: {table.get('id', table)!r}: {where}: {first['msg']}.") from error
        if entry.id in entries:
            raise FetchError(f"{path.name}: the id {entry.id!r} is used twice; give one another.")
        entries[entry.id] = entry
    return list(entries.values())


def choose(entries: Sequence[Entry], patterns: Iterable[str], side: str = "") -> list[Entry]:
    """The entries whose id matches one of the patterns (`fr-*`), of one side; all of them when none is given.

    Raises FetchError for a pattern that matches nothing.
    """
    patterns = list(patterns)
    for pattern in patterns:
        if not any(fnmatch.fnmatchcase(entry.id, pattern) for entry in entries):
            near = difflib.get_close_matches(pattern, [entry.id for entry in entries], n=3)
            hint = f" Did you mean {', '.join(near)}?" if near else ""
            raise FetchError(f"No source is called {pattern!r}.{hint} `fetch --list` shows them all.")
    chosen = [e for e in entries if not patterns or any(fnmatch.fnmatchcase(e.id, p) for p in patterns)]
    chosen = [e for e in chosen if not side or e.side == side]
    if not chosen:
        sides = ", ".join(sorted({e.side for e in entries}))
        raise FetchError(f"No source is of the side {side!r}. There are: {sides}.")
    return chosen


def successors(entries: Iterable[Entry]) -> dict[str, list[str]]:
    """Which sources replace a source: the other end of each `supersedes`."""
    after: dict[str, list[str]] = {}
    for entry in entries:
        for older in entry.supersedes:
            after.setdefault(older, []).append(entry.id)
    return after
