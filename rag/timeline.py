"""Answer -> the documents that it touches, in the order of their dates, and what became of each by which other.

An answer touches what it quotes, and what replaced, suspended or changed that, or was so by it. Dates are ISO 8601 and
may be partial. Left out: how a chart of it looks; here are its values, as JSON and as a table for a terminal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rag.datatypes import ENDED, Answer, Document, Find, published_by
from rag.present import document_path

# What a status says that another document did; of what holds or only happened, another is a change or comes after it.
_BECAME = {"suspended": "suspended", "rescinded": "rescinded", "superseded": "superseded", "in force": "changed"}

HAPPENED = ("event", "statement", "")  # statuses of what was on a day and does not last


@dataclass(frozen=True, slots=True)
class Turn:
    """`what` became of a document ("suspended", "changed", "followed", …) by another; `since` when, where known."""

    what: str
    by: Document
    since: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A document on the line: the keys of the quotes from it, and what became of it by others on the line.

    `later` is True where the answer is as of a day on which it was not yet out.
    """

    document: Document
    quotes: tuple[str, ...] = ()
    turns: tuple[Turn, ...] = ()
    later: bool = False

    @property
    def end(self) -> str:
        """When the document stopped to hold or will (partial ISO); "" where that is not known, or it only happened."""
        source = self.document.source
        if source.status in HAPPENED:
            return ""
        if source.status not in ENDED or (source.until and not source.superseded_by):
            return source.until
        return source.status_since or next((turn.since for turn in self.turns), "") or source.until


def timeline(answer: Answer, find: Find) -> tuple[Entry, ...]:
    """What an answer touches, oldest first; what has no date stands last. Empty where nothing is quoted."""
    keys: dict[str, list[str]] = {}
    for quote in answer.quotes:
        keys.setdefault(quote.document.id, []).append(quote.key)
    touched = {quote.document.id: quote.document for quote in answer.quotes}
    for document in tuple(touched.values()):
        linked = map(find, (*document.source.supersedes, *document.source.superseded_by))
        touched |= {other.id: other for other in linked if other}
    entries = [Entry(d, tuple(keys.get(d.id, ())), _turns(d, touched), _is_later(d, answer)) for d in touched.values()]
    return tuple(sorted(entries, key=lambda entry: _when(entry.document)))


def timeline_json(entries: tuple[Entry, ...]) -> list[dict[str, Any]]:
    """The line as the API gives it; `page` is the document's page on this server."""
    return [
        {
            "document": entry.document.id,
            "title": entry.document.source.title,
            "instrument": entry.document.source.instrument,
            "side": entry.document.source.side,
            "published": entry.document.source.published,
            "effective": entry.document.source.effective,
            "until": entry.document.source.until,
            "status": entry.document.source.status,
            "status_since": entry.document.source.status_since,
            "status_as_of": entry.document.source.status_as_of,
            "url": entry.document.source.url,
            "page": document_path(entry.document),
            "quotes": list(entry.quotes),
            "turns": [{"what": turn.what, "by": turn.by.id, "since": turn.since} for turn in entry.turns],
            "later": entry.later,
        }
        for entry in entries
    ]


def timeline_text(entries: tuple[Entry, ...]) -> str:
    """The line as a table for a terminal; what is quoted has a star, and below each stands what became of it."""
    if not entries:
        return "Nothing is quoted that could be placed in time."
    rows = [("  published", "in effect", "until", "status", "")]
    for entry in entries:
        s = entry.document.source
        mark = "*" if entry.quotes else " "
        rows.append((f"{mark} {s.published or 'no date'}", s.effective, entry.end, s.status, s.title))
        for turn in entry.turns:
            rows.append(
                ("", "", "", "", f"{turn.what}{f' {turn.since}' if turn.since else ''} by: {turn.by.source.title}")
            )
        if entry.later:
            rows.append(("", "", "", "", "came after the day asked about"))
    return "\n".join("  ".join((f"{a:12}", f"{b:10}", f"{c:10}", f"{d:10}", e)).rstrip() for a, b, c, d, e in rows)


def _turns(document: Document, touched: dict[str, Document]) -> tuple[Turn, ...]:
    source = document.source
    what = _BECAME.get(source.status, "followed")
    ended = what not in ("changed", "followed")
    others = [touched[name] for name in source.superseded_by if name in touched and name != document.id]
    others.sort(key=_when)
    return tuple(
        Turn(what, other, (ended and source.status_since) or other.source.effective or other.source.published)
        for other in others
    )


def _is_later(document: Document, answer: Answer) -> bool:
    return answer.as_of is not None and not published_by(document.source.published, answer.as_of)


def _when(document: Document) -> tuple[str, str, str]:
    """A partial date stands before the days in it; no date after all."""
    source = document.source
    return source.published or "9999", source.effective, document.id
