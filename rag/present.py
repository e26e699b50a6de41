"""How an Answer looks outside: its JSON shape, its links, and plain text for a terminal. Decides nothing."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Any
from urllib.parse import quote as percent

from rag.datatypes import Answer, Document, Fate, Outcome, Quote, When
from rag.names import side_name

_EXACT = 300  # a fragment longer than this names the first and last words only
_ENDS = 6  # words at each end of such a fragment, or so many
_CLAUSE = 8  # Chinese characters
_CHINESE = re.compile(r"[\u3400-\u9fff]")


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
        "fate": fate_json(quote.fate) if quote.fate else None,
    }


def fate_json(fate: Fate) -> dict[str, Any]:
    """What a source was on `day`, since when, and the quotes that tell of its end or change."""
    return {
        "day": fate.day.isoformat(),
        "state": fate.state,
        "since": fate.since,
        "note": fate.note,
        "later": fate.later,
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
        "groups": [
            {"side": g.side, "speaker": g.speaker, "quotes": [quote.key for quote in g.quotes]} for g in answer.groups
        ],
        "support": round(answer.support, 4),
        "freshness": answer.freshness,
        "coverage": answer.coverage,
    }


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


def explain_text(answer: Answer) -> str:
    """The same for a terminal, with the words of what was held back."""
    enough = answer.support >= answer.needed
    lines = [
        f"Why: support {answer.support:.2f}, {'at least' if enough else 'below'} the {answer.needed:.2f} that an "
        f"answer needs; {len(answer.evidence)} passages read."
    ]
    for number, quote in enumerate(answer.quotes or answer.related, 1):
        found = quote.evidence.found_by if quote.evidence else {}
        ranks = ", ".join(f"{search} #{rank}" for search, rank in found.items())
        lines.append(f"  {f'[{number}]' if answer.quotes else 'held back'} score {quote.score:.2f}; found by {ranks}")
        lines += [] if answer.quotes else [f"      “{quote.text}”"]
        lines.append("      " + "; ".join(f"{name} {value:.2f}" for name, value in quote.features.items()))
    return "\n".join(lines)


def fragment_url(quote: Quote) -> str:
    """A link to the exact words.

    On the web it is the source's address with a text fragment (WICG Scroll to Text Fragment), for a PDF with its page.
    Where the words are ours or have no address, it is the document's page on this server.
    """
    source = quote.document.source
    if source.kind == "record" or not source.url.startswith(("http://", "https://")):
        return f"/documents/{percent(quote.document.id, safe='')}?quote={quote.key}#:~:{_fragment(quote)}"
    address = source.url.split("#")[0]
    if quote.document.pages:
        return f"{address}#page={bisect_right(quote.document.pages, quote.start)}:~:{_fragment(quote)}"
    return f"{address}#:~:{_fragment(quote)}"


def _fragment(quote: Quote) -> str:
    """`text=…` for one block of words, `text=first,last` for long ones and those that run over blocks.

    Both ends grow until they lead to this place and no earlier one. A browser finds whole words only, and sees words
    in Chinese where we see characters, so that a Chinese end is one at a mark of punctuation.
    """
    text = quote.text
    weight = len(text) + 2 * len(_CHINESE.findall(text))  # percent signs and digits make an address long
    if weight <= _EXACT and "\n" not in text:
        return f"text={_before(quote, text)}{_escape(text)}"
    blocks = text.split("\n")
    first = next(f for f in _starts(blocks[0]) if _leads_to(quote, f) or f == blocks[0])
    last = next(e for e in _ends(blocks[-1]) if text.find(e, len(first)) + len(e) == len(text) or e == blocks[-1])
    return f"text={_before(quote, first)}{_escape(first)},{_escape(last)}"


def _before(quote: Quote, first: str) -> str:
    """`prefix-,` of the words before a quote where its own stand elsewhere before it, else nothing."""
    text = quote.document.text
    above = text[: quote.start].rstrip()
    if _leads_to(quote, first) or not above:
        return ""
    block = above.rsplit("\n", 1)[-1]
    between = text[len(above) : quote.start]
    alone = (e for e in _ends(block) if text.find(e + between + first) == len(above) - len(e))
    return f"{_escape(next(alone, block))}-,"


def _leads_to(quote: Quote, first: str) -> bool:
    return quote.document.text.find(first) == quote.start


def _starts(block: str) -> Iterator[str]:
    """Beginnings of a block, from _ENDS words or clauses of _CLAUSE Chinese characters on, up to all of it."""
    for end in _places(block):
        head = block[:end].strip()
        if len(head.split()) >= _ENDS or len(_CHINESE.findall(head)) >= _CLAUSE:
            yield head
    yield block


def _ends(block: str) -> Iterator[str]:
    """Ends of a block, likewise."""
    for start in reversed(_places(block)):
        tail = block[start:].strip()
        if len(tail.split()) >= _ENDS or len(_CHINESE.findall(tail)) >= _CLAUSE:
            yield tail
    yield block


def _places(block: str) -> list[int]:
    """Where a block can be cut: between words, and in Chinese at punctuation."""
    return [m.end() for m in re.finditer(r"[，、；：。！？…]+|(?<=\S)\s(?=\S)", block)]


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


REFUSALS = {
    True: "This is related, and does not answer:",
    False: "Nothing here is near this question.",
}  # what a refusal says, by whether something is near
HEADINGS = {
    Outcome.PARTIAL: "The sources answer a part of this",
    Outcome.PREMISE_CONTRADICTED: "The sources say otherwise",
}  # above the quotes of an outcome that needs words


def answer_text(answer: Answer) -> str:
    """The answer for a terminal."""
    lines: list[str] = []
    if answer.searched != answer.question:
        lines.append(f"Searched: {answer.searched}")
    lines += answer.notes
    if answer.outcome is Outcome.NOT_FOUND:
        lines.append(f"Not in these sources ({answer.coverage}). {REFUSALS[answer.near]}")
        for quote in answer.related if answer.near else ():
            lines += [f"  “{quote.text}”", f"      {cite(quote)}, key {quote.key}"]
        lines += answer.lacks
        lines += ["Nearest documents:"] if answer.nearest else []
        lines += [f"  - {d.source.title} ({d.source.published or 'no date'}) {d.source.url}" for d in answer.nearest]
        return "\n".join(lines)
    if heading := HEADINGS.get(answer.outcome):
        lines.append(f"{heading}:")
    told: set[str] = set()
    for number, at in enumerate(placed(answer), 1):
        lines += [heading for heading in (at.side and at.side.upper(), at.speaker and f"{at.speaker}:") if heading]
        lines += [f"    reported in a source filed under {at.reported_in}"] if at.reported_in else []
        quote, source = at.quote, at.quote.document.source
        origin = source.references[0] if source.references else None
        link = f"fact from {origin.publisher}, {origin.date}: {origin.url}" if origin else source.url
        lines += [f"[{number}] “{quote.text}”", f"    {cite(quote)}", f"    {link}", f"    key {quote.key}"]
        if quote.fate and quote.fate.warns:
            lines += _fate_lines(quote.fate, again=quote.document.id in told)
            told.add(quote.document.id)
        lines.append("")
    return "\n".join([*lines, answer.freshness])


def _fate_lines(fate: Fate, again: bool) -> list[str]:
    """What became of a source; whose words say so stands at its first quote only."""
    lines = [f"    ! {fate.note}"]
    for quote in () if again else fate.replaced_by:
        lines += [f"      “{quote.text}”", f"      {cite(quote)}, key {quote.key}"]
    return lines
