"""What comes out of the API, typed; with `asked`, what goes in, the source of its OpenAPI description.

`rag.present` and `rag.verify` make the values; a test holds the names here to theirs. Left out: the routes (`api`).
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from rag.web.asked import KEY, OutcomeName


class _Out(BaseModel):
    """May grow: a reader should pass over names it does not know."""

    model_config = ConfigDict(extra="allow")


class Reference(_Out):
    """Where a record of ours took a fact from."""

    title: str
    publisher: str
    url: str
    date: str


class Citations(_Out):
    """The words with their citation in each format, for a paper or a page, and the permalink here."""

    markdown: str
    chicago: str = Field(description="A note by the Chicago Manual of Style.")
    bluebook: str
    bibtex: str


class Quoted(_Out):
    """Exact words of a source, where they stand, and what the source is. Dates are ISO 8601, maybe partial."""

    key: str = Field(pattern=KEY)
    text: str
    document: str
    start: int = Field(description="Offset in characters of the document's text.")
    end: int
    version: str = Field(description="sha256 of the document's text.")
    title: str
    publisher: str
    actor: str
    speaker: str = Field(description="Who says it: of a transcript whose turn it is, else whom the document names.")
    side: str
    published: str
    effective: str
    until: str
    status: str
    status_as_of: str
    superseded_by: list[str]
    language: str
    confidence: str
    kind: str
    url: str
    fragment_url: str = Field(
        description="A link to the words in their source; a path on this server where it has none."
    )
    file: str
    sources: list[Reference]


class Fate(_Out):
    """What the source was on `day`, since when, in one line, and the quotes that tell of its end or change."""

    day: str
    state: str
    since: str
    note: str
    later: bool = Field(description="Something else became of it after `day`.")
    warns: bool = Field(description="The words may not hold as they stand: on `day`, or since.")
    lapsed: str = Field(description="The day that was to end a state and has passed; what came then is not known.")
    replaced_by: list[Quote]


class Quote(Quoted):
    """A quote of an answer."""

    score: float
    found_by: dict[str, int]
    fate: Fate | None
    part: str = Field(description="The part of the question that it answers; empty where the question has only one.")


class DocumentLine(_Out):
    """A document by name."""

    document: str
    title: str
    publisher: str
    side: str
    published: str
    status: str
    url: str
    file: str
    unknown: list[str] = Field(description="What could not be read from the file: its date, say.")


class Document(DocumentLine):
    """A document with its text. A quote is `text[start:end]`, counted in characters (Unicode code points)."""

    version: str
    text: str


class Documents(_Out):
    """A page of the list."""

    total: int
    documents: list[DocumentLine]


class Coverage(_Out):
    """What can be answered at all. Dates are ISO 8601, maybe partial or empty."""

    documents: int
    records: int = Field(description="How many of the documents are ChipQuote's own summaries.")
    oldest: str
    newest: str
    reaches: str = Field(description="The day up to which the sources know anything.")


class When(_Out):
    """How the question's `words` about time were read. An open end of a stretch is null."""

    as_of: str | None
    now: bool
    first: str | None = Field(alias="from")
    last: str | None = Field(alias="to")
    words: list[str]


class Group(_Out):
    """The quotes, by key, that tell the position of one side and speaker, or that answer one part of the question."""

    side: str | None = Field(description="Null where the quotes are of a part.")
    speaker: str | None = Field(description="Null where the quotes are of a part.")
    part: str | None = Field(description="The part, as a heading; null where the quotes are of a side.")
    quotes: list[str]


class Answer(_Out):
    """What became of a question. `quotes` is empty where the sources do not answer.

    Then `related` are quotes that are near and do not answer, `lacks` says why, and both are empty where nothing is.
    """

    outcome: OutcomeName
    question: str
    searched: str
    as_of: str | None
    when: When | None
    notes: list[str]
    quotes: list[Quote]
    related: list[Quote]
    lacks: list[str]
    groups: list[Group]
    nearest: list[DocumentLine]
    support: float
    freshness: str
    coverage: str


class Theme(_Out):
    """Questions on one subject, each of which is answered."""

    theme: str
    questions: list[str]


class Examples(_Out):
    """What can be asked first; maybe nothing."""

    examples: list[Theme]


class Suggestion(_Out):
    """A question that is answered, and the document that it leads to."""

    question: str
    document: str


class Suggestions(_Out):
    """What can be asked next; maybe nothing."""

    suggestions: list[Suggestion]


class Turn(_Out):
    """What became of a document, by which other, and since when."""

    what: str = Field(examples=["suspended", "rescinded", "superseded", "changed", "followed"])
    by: str
    since: str


class Entry(_Out):
    """A document on the line. `quotes` are the keys of those from it; none where it is only linked to one quoted."""

    document: str
    title: str
    instrument: str
    side: str
    published: str
    effective: str
    until: str
    status: str
    status_since: str
    status_as_of: str
    url: str
    page: str = Field(description="The path of its page on this server.")
    quotes: list[str]
    turns: list[Turn]
    later: bool = Field(description="It came out after the day asked about.")


class Timeline(_Out):
    """Oldest first. Empty where nothing is quoted."""

    timeline: list[Entry]


class Kept(_Out):
    """It is on disk."""

    kept: Literal[True]


class Result(_Out):
    """Do the words stand in the source as it is today? `difference` marks [-claimed-]{+there+}."""

    stands: bool
    reason: str
    difference: str


class Certificate(_Out):
    """A quote, and what became of a check of it at `checked` (UTC). `python -m rag verify FILE` checks it again."""

    certificate: Literal[1]
    permalink: str
    checked: str
    result: Result
    index: str = Field(description="sha256 that names the state of the index.")
    quote: Quoted
    citations: Citations


class Health(_Out):
    """What is being served."""

    status: Literal["ok"]
    index: str
    documents: int
    passages: int
    model: str
    newest: str


class Invalid(_Out):
    """One thing that is wrong with a request."""

    where: str
    what: str


class ProblemShape(_Out):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Invalid] | None = None
    places: list[dict[str, Any]] | None = Field(None, description="With 409: the quotes that have the same key.")
