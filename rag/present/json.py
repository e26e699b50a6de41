"""Answers, quotes and documents as JSON. Dates are ISO 8601; offsets count characters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import PurePath
from typing import Any

from rag.datatypes import Answer, Document, Fate, Quote, Source, When
from rag.present.links import fragment_url
from rag.present.order import parted
from rag.present.standing import unknown_since
from rag.rules.turns import said_by


def quote_json(quote: Quote) -> dict[str, Any]:
    """One quote with all that a reader needs to check it. Dates are ISO 8601; offsets count characters."""
    source = quote.document.source
    return {
        "key": quote.key,
        "text": quote.text,
        "document": quote.document.id,
        "start": quote.start,
        "end": quote.end,
        "version": quote.document.version,
        "title": source.title,
        "publisher": source.publisher,
        "actor": source.actor,
        "speaker": said_by(quote),
        "side": source.side,
        "published": source.published,
        "effective": source.effective,
        "until": source.until,
        "status": source.status,
        "status_as_of": source.status_as_of,
        "superseded_by": list(source.superseded_by),
        "language": source.language,
        "confidence": source.confidence,
        "kind": source.kind,
        "url": source.url,
        "fragment_url": fragment_url(quote),
        "file": PurePath(quote.document.path).name,
        "sources": [
            {"title": r.title, "publisher": r.publisher, "url": r.url, "date": r.date} for r in source.references
        ],
        "score": round(quote.score, 4),
        "found_by": dict(quote.evidence.found_by) if quote.evidence else {},
        "fate": fate_json(quote.fate, source) if quote.fate else None,
        "part": quote.part,
    }


def fate_json(fate: Fate, source: Source) -> dict[str, Any]:
    """What a source was on `day`, since when, and the quotes that tell of its end or change."""
    return {
        "day": fate.day.isoformat(),
        "state": fate.state,
        "since": fate.since,
        "note": fate.note,
        "later": fate.later,
        "warns": fate.warns,
        "lapsed": unknown_since(fate, source),
        "replaced_by": [quote_json(quote) for quote in fate.replaced_by],
    }


def when_json(when: When) -> dict[str, Any]:
    """How the question's words about time were read; an open end of `period` is None."""
    first, last = when.period or (date.min, date.max)
    return {
        "as_of": when.as_of.isoformat() if when.as_of else None,
        "now": when.now,
        "from": None if first == date.min else first.isoformat(),
        "to": None if last == date.max else last.isoformat(),
        "words": list(when.words),
    }


def document_json(document: Document) -> dict[str, Any]:
    """A document by name, without its text."""
    s = document.source
    return {
        "document": document.id,
        "title": s.title,
        "publisher": s.publisher,
        "side": s.side,
        "published": s.published,
        "status": s.status,
        "url": s.url,
        "file": PurePath(document.path).name,
        "unknown": list(s.unknown),
    }


def answer_json(answer: Answer) -> dict[str, Any]:
    """The whole answer, as `ask --json` and the API give it."""
    return {
        "outcome": answer.outcome.value,
        "question": answer.question,
        "searched": answer.searched,
        "as_of": answer.as_of.isoformat() if answer.as_of else None,
        "when": when_json(answer.when) if answer.when else None,
        "notes": list(answer.notes),
        "quotes": [quote_json(q) for q in answer.quotes],
        "related": [quote_json(q) for q in answer.related] if answer.near else [],
        "lacks": list(answer.lacks),
        "nearest": [document_json(d) for d in answer.nearest],
        "groups": _groups(answer),
        "support": round(answer.support, 4),
        "freshness": answer.freshness,
        "coverage": answer.coverage,
    }


def _groups(answer: Answer) -> list[dict[str, Any]]:
    """The quotes, by key, under each side and speaker where positions are asked for, or under each part."""
    sides = [{"side": g.side, "speaker": g.speaker, "part": None, "quotes": _keys(g.quotes)} for g in answer.groups]
    parts = [{"side": None, "speaker": None, "part": part, "quotes": _keys(own)} for part, own in parted(answer)]
    return sides or parts


def _keys(quotes: Sequence[Quote]) -> list[str]:
    return [quote.key for quote in quotes]


def explain_json(answer: Answer) -> dict[str, Any]:
    """Why it was answered or refused, and of each quote, or of each that was held back: where found, and by what."""
    return {
        "support": round(answer.support, 4),
        "needed": answer.needed,
        "passages": len(answer.evidence),
        "quotes": [
            {
                "key": q.key,
                "score": round(q.score, 4),
                "found_by": dict(q.evidence.found_by) if q.evidence else {},
                "features": {name: round(value, 3) for name, value in q.features.items()},
            }
            for q in (answer.quotes or answer.related)
        ],
    }
