"""What flows: Document -> Passage -> Evidence -> Quote -> Answer. Frozen values, nothing else.

A quote has no text of its own: it is coordinates into a stored document, and `.text` looks the words up.
Left out here: where the values come from (`load`, `split`, `retrieve`, `quote`) and their JSON shape (`present`).
"""

from __future__ import annotations

import calendar
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property


class Outcome(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    NOT_FOUND = "not_found"
    PREMISE_CONTRADICTED = "premise_contradicted"


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a record of ours took a fact from."""

    title: str = ""
    publisher: str = ""
    url: str = ""
    date: str = ""


ENDED = ("suspended", "rescinded", "superseded")  # statuses of what holds no longer
_MONTHS = tuple(calendar.month_name)  # calendar formats a date at each look


@dataclass(frozen=True)  # without slots, so that `about` is put together once
class Source:
    """Who published a document, when, and what became of it.

    Dates are ISO 8601 and may be partial (`2025`, `2025-05`, `2025-05-13`); empty means not known. `status` was read
    on `status_as_of` and, where it is suspended, rescinded or superseded, began on `status_since`. `unknown` names
    what of title, publisher, date and language its file did not tell: that title is how its text begins.
    """

    title: str
    publisher: str = ""
    actor: str = ""
    speaker: str = ""
    side: str = ""
    kind: str = "document"  # "record": our own words about the `references`
    instrument: str = ""
    citation: str = ""
    url: str = ""
    published: str = ""
    effective: str = ""
    until: str = ""
    status: str = ""
    status_as_of: str = ""
    status_since: str = ""
    supersedes: tuple[str, ...] = ()
    superseded_by: tuple[str, ...] = ()
    language: str = "en"
    licence: str = ""
    confidence: str = ""
    references: tuple[Reference, ...] = ()
    unknown: tuple[str, ...] = ()

    @cached_property
    def about(self) -> str:
        """What the whole document is about and from when, in words: "BIS suspends … BIS 10 November 2025"."""
        year, month, day = [*self.published.split("-"), "", ""][:3]
        named = _MONTHS[int(month)] if month else ""
        return " ".join(x for x in (self.title, self.actor, self.speaker, day.lstrip("0"), named, year) if x)

    def published_by(self, day: date) -> bool:
        """True when this was surely out on `day`; a partial date counts from its last day, none never."""
        return published_by(self.published, day)


def published_by(published: str, day: date) -> bool:
    """True when a partial ISO date surely lies no later than `day`: it counts from its last day; none never does."""
    return bool(published) and last_day(published) <= day


def last_day(partial: str) -> date:
    """The last day that a partial ISO date may mean: `2025-02` -> 2025-02-28.

    Raises ValueError when it is no date.
    """
    year, month, day = ([int(p) for p in partial.split("-")] + [0, 0])[:3]
    month = month or 12
    return date(year, month, day or calendar.monthrange(year, month)[1])


def first_day(partial: str) -> date:
    """The first day that a partial ISO date may mean: `2025-02` -> 2025-02-01. Raises ValueError when it is no date."""
    year, month, day = ([int(p) for p in partial.split("-")] + [1, 1])[:3]
    return date(year, month, day)


@dataclass(frozen=True)
class Document:
    """One source: its normalised text, and where it came from.

    In `text` a newline always ends a block (paragraph, heading, list item, table row). `headings` are the
    (start, end) of heading blocks; `pages` the start offset of each page of a PDF, else empty. `path` is the file
    it was read from.
    """

    id: str
    text: str
    source: Source
    path: str = ""
    headings: tuple[tuple[int, int], ...] = ()
    pages: tuple[int, ...] = ()

    @cached_property
    def version(self) -> str:
        """sha256 of the normalised text, 64 hex characters."""
        return hashlib.sha256(self.text.encode()).hexdigest()


Find = Callable[[str], Document | None]  # the document of an id, None where the index holds none


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` (exclusive) of a document."""

    document: Document
    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= len(self.document.text):
            raise ValueError(
                f"{self.start}:{self.end} is no range of {self.document.id} ({len(self.document.text)} characters)"
            )

    @property
    def text(self) -> str:
        """The words, looked up in the document."""
        return self.document.text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """True when both have a character of one document in common."""
        return self.document.id == other.document.id and self.start < other.end and other.start < self.end


Sentences = Callable[[Document], Iterable[tuple[str, Span]]]  # (heading, sentence) in reading order: `split.sentences`


@dataclass(frozen=True, slots=True)
class Passage(Span):
    """A run of whole sentences, small enough to search; `heading` is the nearest heading above it."""

    sentences: tuple[Span, ...] = ()
    heading: str = ""

    def runs(self, longest: int) -> Iterator[Span]:
        """Every run of 1 to `longest` neighbouring sentences: the coordinates that a quote of this passage can have."""
        for n, first in enumerate(self.sentences):
            for last in self.sentences[n : n + longest]:
                yield Span(self.document, first.start, last.end)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage that a search found: its `number` in the index and its fused score.

    `found_by` maps the search ("meaning", "words") to the rank there, from 1.
    """

    number: int
    passage: Passage
    score: float
    found_by: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Weighed:
    """One sentence (or two) with what speaks for it: `features` by name; `score` in 0 to 1, the best of all has 1."""

    span: Span
    evidence: Evidence
    score: float
    features: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Quote(Span):
    """What is shown: one or more whole sentences. `score` orders quotes; `evidence` is where it was found.

    `fate` is what had become of its source, None where nobody says; `features` are what spoke for it, by name; `part`
    is the part of the question that it answers, as a reader knows it, empty where the question has only one.
    """

    score: float = 0.0
    evidence: Evidence | None = None
    fate: Fate | None = None
    features: Mapping[str, float] = field(default_factory=dict)
    part: str = ""

    @classmethod
    def of(cls, item: Weighed) -> Quote:
        """The quote of one weighed sentence."""
        span = item.span
        return cls(span.document, span.start, span.end, item.score, item.evidence, features=item.features)

    @property
    def key(self) -> str:
        """8 hex characters that name these coordinates everywhere: chat, widget, API, export, permalink."""
        return quote_key(self.document.id, self.document.version, self.start, self.end)


def quote_key(document: str, version: str, start: int, end: int) -> str:
    """The key of a quote: the first 8 hex characters of sha256 over its coordinates."""
    return hashlib.sha256(f"{document}\n{version}\n{start}\n{end}".encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Fate:
    """What a source was on `day`: "in force", "suspended", … or "unknown".

    `since` (partial ISO, may be empty) is when that began, and `note` says all this in one plain line. `later` is True
    when nothing had become of it by `day` and something did after. `replaced_by` quotes what replaced, suspended or
    changed it: only by `day` or, where `later`, after it. `ends` is the sentence that names the day on which the state
    ends, where one does.
    """

    day: date
    state: str
    since: str = ""
    note: str = ""
    later: bool = False
    replaced_by: tuple[Quote, ...] = ()
    ends: Quote | None = None

    @property
    def warns(self) -> bool:
        """True when the words of the source may not hold as they stand: on that day, or since."""
        return self.later or bool(self.replaced_by) or self.state not in ("in force", "standing", "proposed")


@dataclass(frozen=True, slots=True)
class Anchor:
    """Phrases of the field that stand for a day or a stretch of days; `last` is None while it lasts.

    `until` is the last day on which what began on the day was in force, None where it is or nobody says. `record` is
    the record of what has that name, empty where none is on that alone.
    """

    phrases: tuple[str, ...]
    first: date
    last: date | None
    until: date | None = None
    record: str = ""


@dataclass(frozen=True, slots=True)
class When:
    """What a question says about time. Nothing set: it says nothing.

    `as_of` asks for the state on that day and leaves out what was published later; `now` asks for today's state;
    `period` dates an event and only helps to rank. `words` are the question's own that say so, `as_of_words` those of
    the day; `note` tells the reader how they were read.
    """

    as_of: date | None = None
    now: bool = False
    period: tuple[date, date] | None = None
    words: tuple[str, ...] = ()
    as_of_words: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Quotes of one side and speaker, where positions are asked for.

    `speaker` is empty where the quotes only report what the side did. A quote whose document stands on another side
    reports what this one said.
    """

    side: str
    speaker: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the reader gets. `support` (0 to 1) decided between an answer and a refusal: at least `needed` answers.

    `related` are the best quotes of a refusal, which do not answer, and `nearest` the documents that came closest; they
    are shown where they are `near` the question, with what they lack (`lacks`), a line a reason.
    `searched` is the stand-alone question; `when` is what it says about time and `notes` tell the reader how that was
    read, what was in force and who is not heard; `freshness` is one line on how new the sources are. `groups` hold the
    quotes again, by who speaks, where positions are asked.
    """

    question: str
    outcome: Outcome
    quotes: tuple[Quote, ...] = ()
    related: tuple[Quote, ...] = ()
    near: bool = False
    lacks: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    nearest: tuple[Document, ...] = ()
    searched: str = ""
    as_of: date | None = None
    when: When | None = None
    notes: tuple[str, ...] = ()
    support: float = 0.0
    needed: float = 0.0
    freshness: str = ""
    coverage: str = ""
    groups: tuple[Group, ...] = ()
