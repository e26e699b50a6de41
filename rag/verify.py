"""Does a quote stand in its source? Re-reads the file itself; trusts neither the index's text nor the answer's.

Left out: whether the quote answers the question. That is for the reader.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.datatypes import Document, quote_key
from rag.errors import ChipQuoteError, QuoteUnknown
from rag.index import Index
from rag.load import reload
from rag.quote import MOST_SENTENCES


@dataclass(frozen=True, slots=True)
class Check:
    """What became of one quote: `stands`, or why not. `text` is what the source says at that place, "" if unknown."""

    key: str
    stands: bool
    reason: str
    document: str = ""
    title: str = ""
    start: int = 0
    end: int = 0
    text: str = ""


def verify_quotes(claims: Any, index: Index) -> Iterator[Check]:
    """Check every quote of an answer's JSON, of a list of answers, or of one quote.

    Raises QuoteUnknown when the JSON holds nothing that can be checked.
    """
    quotes = list(_quotes_in(claims))
    if not quotes and not _is_answer(claims):
        raise QuoteUnknown("This JSON holds no quotes: give it what `ask --json` printed.")
    fresh: dict[str, Document | str] = {}
    for quote in quotes:
        yield _check(quote, index, fresh)


def verify_key(key: str, index: Index) -> Check:
    """Find the coordinates that a key names and check them against the source.

    Raises QuoteUnknown when no quote of this index has that key.
    """
    for document, start, end in index.runs(MOST_SENTENCES):
        if quote_key(document.id, document.version, start, end) == key:
            claim = {"key": key, "document": document.id, "version": document.version, "start": start, "end": end}
            return _check({**claim, "text": document.text[start:end]}, index, {})
    raise QuoteUnknown(
        f"No quote of this index has the key {key!r}. Its source was changed or removed, or it is mistyped."
    )


def _check(claim: dict[str, Any], index: Index, fresh: dict[str, Document | str]) -> Check:
    key, name = str(claim.get("key", "")), str(claim.get("document", ""))
    start, end, text = claim.get("start"), claim.get("end"), claim.get("text")

    def result(stands: bool, reason: str, title: str = "", there: str = "") -> Check:
        places = (start, end) if isinstance(start, int) and isinstance(end, int) else (0, 0)
        return Check(key, stands, reason, name, title, *places, there)

    if name not in fresh:
        fresh[name] = _reread(name, index)
    source = fresh[name]
    if isinstance(source, str):
        return result(False, source)
    title = source.source.title
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(source.text)):
        return result(False, f"{start}:{end} is no place in this source of {len(source.text)} characters", title)
    there = source.text[start:end]
    if claim.get("version") != source.version:
        return result(False, "the source has changed since it was quoted", title, there)
    if there != text:
        return result(False, "the words are not those of the source at this place", title, there)
    if key and key != quote_key(name, source.version, start, end):
        return result(False, "the key does not belong to these coordinates", title, there)
    return result(True, "the words stand in the source at this place", title, there)


def _reread(name: str, index: Index) -> Document | str:
    """The document read anew from its file, or why it cannot be."""
    try:
        return reload(Path(index.document(name).path), name)
    except ChipQuoteError as error:
        return f"its source cannot be read again: {error}"


def _is_answer(claims: Any) -> bool:
    if isinstance(claims, list):
        return any(map(_is_answer, claims))
    return isinstance(claims, dict) and "outcome" in claims


def _quotes_in(claims: Any) -> Iterator[dict[str, Any]]:
    if isinstance(claims, list):
        for item in claims:
            yield from _quotes_in(item)
    elif isinstance(claims, dict):
        if "quotes" in claims:
            quotes = claims["quotes"] if isinstance(claims["quotes"], list) else [claims["quotes"]]
            for quote in quotes:
                yield quote if isinstance(quote, dict) else {}
                yield from _quotes_of_its_fate(quote)
        elif {"document", "start", "end", "text"} <= claims.keys():
            yield claims
            yield from _quotes_of_its_fate(claims)


def _quotes_of_its_fate(quote: Any) -> Iterator[dict[str, Any]]:
    """What replaced, suspended or rescinded the source of a quote is quoted too."""
    fate = quote.get("fate") if isinstance(quote, dict) else None
    if isinstance(fate, dict) and "replaced_by" in fate:
        yield from _quotes_in({"quotes": fate["replaced_by"]})


def read_claims(data: bytes) -> Any:
    """One JSON value, or several, one a line. Raises QuoteUnknown when it is neither."""
    with suppress(ValueError, RecursionError):
        return json.loads(data)
    try:
        return [json.loads(line) for line in data.splitlines() if line.strip()]
    except (ValueError, RecursionError) as error:
        raise QuoteUnknown(f"This is not JSON: {error}. Give it what `ask --json` printed.") from error
