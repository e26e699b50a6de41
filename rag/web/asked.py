"""What goes into the API, typed; with `shapes`, what comes out, the source of its OpenAPI description.

Whatever is not described here is refused. Left out: the routes (`api`, `extras`).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema

from rag.pipeline import LONGEST_QUESTION

KEY = r"^[0-9a-f]{8}$"
MOST_TURNS = 20


def _is_day(value: str) -> str:
    date.fromisoformat(value)
    return value


OutcomeName = Literal["answered", "partial", "not_found", "premise_contradicted"]
Words = Annotated[str, Field(min_length=1, max_length=LONGEST_QUESTION)]
Day = Annotated[
    str,
    Field(pattern=r"^\d{4}-\d{2}-\d{2}$"),
    AfterValidator(_is_day),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2025-05-13"]}),
]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Told(_In):
    """A question of a conversation that is exported, with what narrowed it."""

    question: Words = Field(examples=["When did the H200 rule take effect?"])
    as_of: Day | None = Field(None, description="Use only what was published by this day.")
    side: str = Field("", max_length=40, description="Use only the sources of one side: us, china, industry, …")

    @property
    def day(self) -> date | None:
        """`as_of` as a date."""
        return date.fromisoformat(self.as_of) if self.as_of else None


class Asked(Told):
    """A question, and what narrows it."""

    turns: list[Words] = Field([], max_length=MOST_TURNS, description="Earlier questions of a talk, oldest first.")


class Conversation(_In):
    """Questions, oldest first, and the format to export their answers in."""

    turns: list[Told] = Field(min_length=1, max_length=MOST_TURNS)
    format: Literal["markdown", "json", "pdf"]


class Said(_In):
    """What a reader says of an answer. Nothing is kept of who says it."""

    question: Words
    as_of: Day | None = None
    side: str = Field("", max_length=40)
    outcome: OutcomeName
    keys: list[Annotated[str, Field(pattern=KEY)]] = Field([], max_length=20, description="The quotes shown.")
    verdict: Literal["up", "down"]
    note: str = Field("", max_length=2000)
