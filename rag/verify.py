"""Does a quote stand in its source? Re-reads the file itself; trusts neither the index's text nor the answer's.

Answers, single quotes and certificates are checked alike; a certificate is made here too. Left out: whether the quote
answers the question. That is for the reader.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from rag.datatypes import Document, Quote, Span, quote_key
from rag.difference import closest, difference
from rag.errors import ChipQuoteError, QuoteUnknown
from rag.index import Index
from rag.load import reload
from rag.present import citations, quote_json

CERTIFICATE = 1  # the version of a certificate's shape
_CHECKED = "%Y-%m-%dT%H:%M:%SZ"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_SITE = re.compile(r"https?://[\w.:\[\]-]+(?:/[\w.~/-]*)?", re.A)  # where a server is, maybe with the path it is under
# What a claim may say about its source. It must be what the source says of itself today.
_SAID = (
    "title", "publisher", "actor", "speaker", "side", "kind", "language", "url", "sources",
    "published", "effective", "until", "status", "status_as_of", "superseded_by", "confidence", "fragment_url", "file",
)  # fmt: skip
Source = Document | str  # a document read anew, or why it cannot be


@dataclass(frozen=True, slots=True)
class Check:
    """What became of one quote: `stands`, or why not. `text` is what the source says at that place, "" if unknown.

    `difference` marks what differs: [-claimed-]{+there+}.
    """

    key: str
    stands: bool
    reason: str
    document: str = ""
    title: str = ""
    start: int = 0
    end: int = 0
    text: str = ""
    difference: str = ""


def verify_quotes(claims: Any, index: Index) -> Iterator[Check]:
    """Check every quote of an answer's JSON, of several answers, of an export, of one quote, or of a certificate.

    Raises QuoteUnknown when the JSON holds nothing that can be checked.
    """
    quotes = list(_quotes_in(claims))
    if not quotes and not _is_answer(claims):
        raise QuoteUnknown("This JSON holds no quotes: give it what `ask --json` printed.")
    fresh: dict[str, Source] = {}
    for quote, whole in quotes:
        name = str(quote.get("document", ""))
        if name not in fresh:
            fresh[name] = reread(name, index)
        check = _check(quote, fresh[name])
        yield check if whole is None else _certified(check, whole, fresh[name])


def verify_key(key: str, index: Index) -> list[Check]:
    """Find the coordinates that a key names and check them against the source.

    A key is short: in a large index two quotes can have the same one, and then both are checked. Raises QuoteUnknown
    when no quote of this index has that key.
    """
    return [check_place(place, reread(place.document.id, index)) for place in places_of(key, index)]


def places_of(key: str, index: Index) -> list[Span]:
    """Where the quotes with a key stand, as the index has them. Raises QuoteUnknown when there is none."""
    places = index.places(key)
    if not places:
        raise QuoteUnknown(
            f"No quote of this index has the key {key!r}. Its source was changed or removed, or it is mistyped."
        )
    return places


def check_place(place: Span, source: Source) -> Check:
    """Compare what the index has at a place with the source read anew."""
    return _check(quote_json(Quote(place.document, place.start, place.end)), source)


def certificate(place: Span, source: Source, checked: datetime, index: Index, site: str = "") -> dict[str, Any]:
    """All that is needed to check a quote later: words, place, source, and the result of a check at `checked` (UTC).

    `site` is the address of a ChipQuote server, https://host, where the permalinks of the citations lead.
    """
    return _certificate(place, source, checked.strftime(_CHECKED), index.manifest.digest, site)


def _certificate(place: Span, source: Source, checked: str, digest: str, site: str) -> dict[str, Any]:
    quote, check = Quote(place.document, place.start, place.end), check_place(place, source)
    shown = quote_json(quote)
    for name in ("score", "found_by", "fate", "part"):  # these belong to a question and its day
        del shown[name]
    return {
        "certificate": CERTIFICATE,
        "permalink": f"/quote/{quote.key}",
        "checked": checked,
        "result": {"stands": check.stands, "reason": check.reason, "difference": check.difference},
        "index": digest,
        "quote": shown,
        "citations": citations(quote, site),
    }


def _certified(check: Check, claim: dict[str, Any], source: Source) -> Check:
    """The check of a certificate whose quote was checked: it must be the one that is made of that quote today.

    Three things come from elsewhere and need only be such as can be: when it was checked, the state of the index then
    (it changes with every document that is added) and the address of the server.
    """
    if not check.stands or isinstance(source, str):
        return check
    checked, digest = str(claim.get("checked")), str(claim.get("index"))
    site = _site_of(claim.get("citations"), check.key)
    now = _certificate(Span(source, check.start, check.end), source, checked, digest, site)
    differs = [*_differences(claim, now)]
    if not _is_time(checked):
        differs.append(f"checked: {checked!r} is no time like 2026-01-31T12:00:00Z")
    if not _DIGEST.fullmatch(digest):
        differs.append(f"index: {digest!r} is no sha256")
    if not differs:
        return check
    reason = "the words stand, but not all else that the certificate says"
    return replace(check, stands=False, reason=reason, difference="; ".join(differs))


def _differences(claimed: Any, now: Any, name: str = "") -> Iterator[str]:
    """Each thing, by its `name.name`, that is missing in what is claimed, unknown, or another than it is now."""
    if isinstance(claimed, dict) and isinstance(now, dict):
        for key in [*now, *(key for key in claimed if key not in now)]:
            inner = f"{name}.{key}".strip(".")
            if key not in claimed:
                yield f"{inner} is missing"
            elif key not in now:
                yield f"{inner} is unknown"
            else:
                yield from _differences(claimed[key], now[key], inner)
    elif json.dumps(claimed, sort_keys=True) != json.dumps(now, sort_keys=True):  # to Python, True is 1
        both = isinstance(claimed, str) and isinstance(now, str)
        yield f"{name}: {difference(claimed, now) if both else _both(claimed, now)}"


def _site_of(cited: Any, key: str) -> str:
    """The address of the server that the citations of a certificate name, "" where they name none."""
    note = cited.get("chicago") if isinstance(cited, dict) else None
    found = re.search(rf"quoted at (\S+)/quote/{re.escape(key)}[,.]", note) if isinstance(note, str) else None
    return found[1] if found and _SITE.fullmatch(found[1]) else ""


def _is_time(text: str) -> bool:
    try:
        return datetime.strptime(text, _CHECKED).strftime(_CHECKED) == text
    except ValueError:
        return False


def _check(claim: dict[str, Any], source: Source) -> Check:
    key, name = str(claim.get("key", "")), str(claim.get("document", ""))
    start, end, text = claim.get("start"), claim.get("end"), claim.get("text")

    def result(stands: bool, reason: str, title: str = "", there: str = "", differs: str = "") -> Check:
        places = (start, end) if isinstance(start, int) and isinstance(end, int) else (0, 0)
        return Check(key, stands, reason, name, title, *places, there, differs)

    if isinstance(source, str):
        return result(False, source)
    title = source.source.title
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(source.text)):
        return result(False, f"{start}:{end} is no place in this source of {len(source.text)} characters", title)
    there = source.text[start:end]
    words = text if isinstance(text, str) else ""
    if claim.get("version") != source.version:
        now, differs = _since(words, source)
        return result(False, "the source has changed since it was quoted", title, now or there, differs)
    if there != text:
        differs = difference(words, there)
        return result(False, "the words are not those of the source at this place", title, there, differs)
    if key and key != quote_key(name, source.version, start, end):
        return result(False, "the key does not belong to these coordinates", title, there)
    if differs := _said_otherwise(claim, Quote(source, start, end)):
        return result(False, "the words stand, but the source says otherwise about itself", title, there, differs)
    return result(True, "the words stand in the source at this place", title, there)


def _since(words: str, source: Document) -> tuple[str, str]:
    """What a changed source says where it comes closest to the words, and how it differs from them."""
    at = source.text.find(words) if words else -1
    if at >= 0:
        return words, f"the same words now stand at {at}:{at + len(words)}"
    now = closest(words, source.text)
    return now, difference(words, now) if now else "nothing like it stands there any more"


def _said_otherwise(claim: dict[str, Any], quote: Quote) -> str:
    """Each thing that the claim says about its source and the source does not, as `name: [-claimed-]{+there+}`."""
    now = quote_json(quote)
    changed = [name for name in _SAID if name in claim and claim[name] != now[name]]
    return "; ".join(f"{name}: {_both(claim[name], now[name])}" for name in changed)


def _both(claimed: Any, now: Any) -> str:
    return f"[-{_plain(claimed)}-]{{+{_plain(now)}+}}"


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def reread(name: str, index: Index) -> Source:
    """The document read anew from its file, or why it cannot be."""
    try:
        return reload(Path(index.document(name).path), name)
    except ChipQuoteError as error:
        return f"its source cannot be read again: {error}"


def _is_answer(claims: Any) -> bool:
    if isinstance(claims, list):
        return any(map(_is_answer, claims))
    return isinstance(claims, dict) and ("outcome" in claims or _is_answer(claims.get("answers")))


def _quotes_in(claims: Any) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    """Each quote with the certificate that it stands in, if it does."""
    if isinstance(claims, list):
        for item in claims:
            yield from _quotes_in(item)
    elif isinstance(claims, dict):
        if "certificate" in claims or "quote" in claims:
            quote = claims.get("quote")
            yield quote if isinstance(quote, dict) else {}, claims
        elif isinstance(claims.get("answers"), list):  # an exported conversation
            yield from _quotes_in(claims["answers"])
        elif "quotes" in claims:
            shown = (claims["quotes"], claims.get("related") or [])  # a refusal shows what is near
            for quote in (one for some in shown for one in (some if isinstance(some, list) else [some])):
                yield quote if isinstance(quote, dict) else {}, None
                yield from _quotes_of_its_fate(quote)
        elif {"document", "start", "end", "text"} <= claims.keys():
            yield claims, None
            yield from _quotes_of_its_fate(claims)


def _quotes_of_its_fate(quote: Any) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
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
