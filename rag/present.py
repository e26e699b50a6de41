"""How an Answer looks outside: its JSON shape, its links, and plain text for a terminal. Decides nothing."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any
from urllib.parse import quote as percent

from rag.datatypes import Answer, Document, Outcome, Quote
from rag.names import side_name

_EXACT = 300  # a fragment longer than this names the first and last words only
_ENDS = 6  # words at each end of such a fragment


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
        "speaker": source.speaker,
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
    }


def answer_json(answer: Answer) -> dict[str, Any]:
    """The whole answer, as `ask --json` and the API give it."""
    return {
        "outcome": answer.outcome.value,
        "question": answer.question,
        "searched": answer.searched,
        "as_of": answer.as_of.isoformat() if answer.as_of else None,
        "quotes": [quote_json(q) for q in answer.quotes],
        "nearest": [document_json(d) for d in answer.nearest],
        "notes": list(answer.notes),
        "groups": [
            {"side": g.side, "speaker": g.speaker, "quotes": [quote.key for quote in g.quotes]} for g in answer.groups
        ],
        "support": round(answer.support, 4),
        "freshness": answer.freshness,
        "coverage": answer.coverage,
    }


def fragment_url(quote: Quote) -> str:
    """A link to the exact words.

    On the web it is the source's address with a text fragment (WICG Scroll to Text Fragment), for a PDF with its page.
    Where the words are ours or have no address, it is the document's page on this server.
    """
    source = quote.document.source
    if source.kind == "record" or not source.url.startswith(("http://", "https://")):
        return f"/documents/{percent(quote.document.id, safe='')}?quote={quote.key}#:~:{_fragment(quote.text)}"
    address = source.url.split("#")[0]
    if quote.document.pages:
        return f"{address}#page={bisect_right(quote.document.pages, quote.start)}:~:{_fragment(quote.text)}"
    return f"{address}#:~:{_fragment(quote.text)}"


def _fragment(text: str) -> str:
    """`text=…` for one block of words, `text=first,last` for long ones and those that run over blocks."""
    if len(text) <= _EXACT and "\n" not in text:
        return f"text={_escape(text)}"
    blocks = text.split("\n")
    first, last = _words(blocks[0])[:_ENDS], _words(blocks[-1])[-_ENDS:]
    return f"text={_escape(''.join(first))},{_escape(''.join(last))}"


def _words(text: str) -> list[str]:
    """Words with the spaces before them; a Chinese character counts as a word."""
    return re.findall(r"\s*(?:[\u3400-\u9fff]|[^\s\u3400-\u9fff]+)", text)


def _escape(words: str) -> str:
    return percent(words.strip(), safe="").replace("-", "%2D")


def cite(quote: Quote) -> str:
    """Whose words these are, from what and when, and what became of it: one line.

    The words of a record are ours, whoever it is about; only a document's own words are put in its speaker's mouth.
    """
    s = quote.document.source
    dated = s.published or "no date"
    if s.kind == "record":
        line = f"ChipQuote record “{s.title}”, {dated}"
    else:
        line = ", ".join(dict.fromkeys(p for p in (s.speaker or s.actor, s.title, s.publisher, dated) if p))
    if s.status and s.status not in ("event", "statement"):
        line += f" [{s.status}" + (f", as of {s.status_as_of}" if s.status_as_of else "") + "]"
    return line


@dataclass(frozen=True, slots=True)
class Placed:
    """A quote in the order of reading. `side` and `speaker` are headings, empty where the one before goes on.

    `reported_in` names the side of the document where it is another's.
    """

    quote: Quote
    side: str = ""
    speaker: str = ""
    reported_in: str = ""


def placed(answer: Answer) -> list[Placed]:
    """The quotes as they are read: by side and speaker where positions are asked for, else by rank."""
    if not answer.groups:
        return [Placed(quote) for quote in answer.quotes]
    out, before = list[Placed](), ""
    for group in answer.groups:
        side = side_name(group.side) if group.side else "No side named"
        alone = sum(other.side == group.side for other in answer.groups) == 1
        speaker = group.speaker or ("" if alone else "No speaker named")
        for quote in group.quotes:
            other = quote.document.source.side
            reported = side_name(other) if other not in ("", group.side) else ""
            out.append(Placed(quote, side[:1].upper() + side[1:] if side != before else "", speaker, reported))
            before, speaker = side, ""
    return out


def answer_text(answer: Answer) -> str:
    """The answer for a terminal."""
    lines: list[str] = []
    if answer.searched != answer.question:
        lines.append(f"Searched: {answer.searched}")
    if answer.as_of:
        lines.append(f"As of {answer.as_of}: only what was published by then.")
    lines += answer.notes
    if answer.outcome is Outcome.NOT_FOUND:
        lines.append(f"Not in these sources ({answer.coverage}).")
        lines += ["Nearest documents:"] if answer.nearest else []
        lines += [f"  - {d.source.title} ({d.source.published or 'no date'}) {d.source.url}" for d in answer.nearest]
        return "\n".join(lines)
    for number, at in enumerate(placed(answer), 1):
        lines += [heading for heading in (at.side and at.side.upper(), at.speaker and f"{at.speaker}:") if heading]
        lines += [f"    reported in a source filed under {at.reported_in}"] if at.reported_in else []
        quote, source = at.quote, at.quote.document.source
        origin = source.references[0] if source.references else None
        link = f"fact from {origin.publisher}, {origin.date}: {origin.url}" if origin else source.url
        lines += [f"[{number}] “{quote.text}”", f"    {cite(quote)}", f"    {link}", f"    key {quote.key}", ""]
    return "\n".join([*lines, answer.freshness])
