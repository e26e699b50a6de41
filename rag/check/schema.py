"""A record's front matter as a strict model, and a record file as a page with line numbers.

The model is the schema: `rag check` applies it and `corpus/README.md` prints it, so the two cannot drift apart.
Left out: what must hold between a record's text, its front matter and its neighbours (`rules`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from rag.datatypes import Document, Source, Span, last_day
from rag.errors import LoadError
from rag.load.source import front_matter
from rag.split import sentences

Status = Literal["in force", "proposed", "suspended", "rescinded", "superseded", "event", "statement"]
Side = Literal["us", "china", "industry", "netherlands", "japan", "taiwan", "eu", "other"]


def _possible(day: str) -> str:
    if not re.fullmatch(r"\d{4}(-\d\d){0,2}", day) or not 1990 <= last_day(day).year <= 2030:
        raise ValueError("is not a day between 1990 and 2030")
    return day


Text = Annotated[str, StringConstraints(min_length=1)]
Day = Annotated[str, AfterValidator(_possible)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)+$")]


class Strict(BaseModel):
    """Knows its fields and takes no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Cited(Strict):
    """A source that a record rests on."""

    title: Text
    publisher: Text
    url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+\.[^\s/]+")]
    date: Day = ""


class Reviewed(Strict):
    """A finding that a person has looked at and lets stand."""

    about: Text = Field(description="the figure, the code of a rule, or the field that differs from the ledger")
    why: Text


class Record(Strict):
    """The front matter of a record, in the order in which it is written."""

    id: Id = Field(description="equal to the file name; never changes")
    title: Text = Field(description="one line, distinct from every other")
    date: Day = Field(description="the day it happened or was issued; may be partial: 2025-05, 2025")
    effective: Day = Field("", description="the day it took or takes effect, where the sources give one")
    until: Day = Field("", description="the last day it holds, or the day it ended")
    status: Status = Field(description="what it is, or what became of it")
    status_since: Day = Field("", description="the day it was suspended, rescinded or superseded, where known")
    status_as_of: Day = Field(description="the day for which the status was read")
    supersedes: tuple[Id, ...] = Field((), description="records that it replaces or changes; they name it too")
    superseded_by: tuple[Id, ...] = Field((), description="records that replace or change it; they name it too")
    side: Side = Field(description="whose act or words; equal to the folder")
    actor: Text = Field(description="who acts")
    speaker: str = Field("", description="name, office; statements only, never guessed")
    instrument: Text = Field(description="the rule, order, event or occasion by name")
    citation: str = Field("", description="its official citation: 87 FR 62186")
    language: Literal["en"] = Field(description="of the text")
    facts: Annotated[tuple[Id, ...], Field(min_length=1)] = Field(description="the ledger facts that it carries")
    context: tuple[Id, ...] = Field((), description="other ledger facts that a sentence of it leans on")
    figures: tuple[Text, ...] = Field(
        (), description="numbers and dates of its text as the ledger gives them; written by `--write`"
    )
    reviewed: tuple[Reviewed, ...] = Field((), description="findings let stand: `{about: …, why: reason}`")
    disputed: str = Field("", description="what sources disagree on; the text then says who says what")
    confidence: Literal["high", "medium"] = Field(description="medium: the text says whose report it is")
    sources: Annotated[tuple[Cited, ...], Field(min_length=1)] = Field(
        description="`{title, publisher, url, date}` of each page that its facts stand on"
    )


@dataclass(frozen=True)
class Page:
    """A record file: its lines, its front matter as it stands, and its body."""

    path: Path
    text: str
    meta: Mapping[str, Any]
    body: str
    unreadable: str = ""

    @cached_property
    def record(self) -> Record | None:
        """The front matter by the schema; None where it breaks it."""
        try:
            return Record.model_validate(self.meta)
        except ValidationError:
            return None

    def problems(self) -> list[tuple[str, str]]:
        """(field, what is wrong first) for each field that breaks the schema."""
        try:
            Record.model_validate(self.meta)
        except ValidationError as error:
            broken = [(str(e["loc"][0]), f"{'.'.join(map(str, e['loc']))}: {e['msg']}") for e in error.errors()]
            return list(dict(reversed(broken)).items())
        return []

    def sentences(self) -> list[Span]:
        """The sentences of the body, as the product quotes them."""
        document = Document(self.path.stem, self.body, Source(title=self.path.stem))
        return [sentence for _, sentence in sentences(document)]

    def line(self, field: str) -> int:
        """The line of a front-matter field, from 1; the first line when it is not there."""
        found = re.search(rf"^{re.escape(field)}:", self.text, re.M)
        return self.text.count("\n", 0, found.start()) + 1 if found else 1

    def body_line(self, start: int) -> int:
        """The line of a place in the body, from 1."""
        return self.text.count("\n", 0, len(self.text) - len(self.body) + start) + 1


def read_page(path: Path) -> Page:
    """Read a record file; one whose front matter cannot be read becomes a page that says so."""
    text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
    try:
        meta, body = front_matter(text)
    except LoadError as error:
        return Page(path, text, {}, text, unreadable=str(error))
    return Page(path, text, meta, body, "" if meta else "it has no front matter")
