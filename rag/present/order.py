"""The order in which quotes are read, by rank or by side and speaker, and which of them stand together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.datatypes import Answer, Quote
from rag.names import side_name
from rag.present.standing import told_at

_NO_VOICE = "Reported, without a speaker"
_OTHERS = "Also"  # the heading of what answers no part by itself


@dataclass(frozen=True, slots=True)
class Placed:
    """A quote in the order of reading. `side` and `speaker` are headings, empty where the one before goes on.

    `reported_in` names the side of the document where it is another's.
    """

    quote: Quote
    side: str = ""
    speaker: str = ""
    reported_in: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """Neighbouring quotes of one document under one heading. `number` is that of the first in the whole answer.

    `told` is the number of the quote at which what became of the document is told in full, maybe this one.
    """

    at: Placed
    quotes: tuple[Quote, ...]
    number: int
    told: int


def placed(answer: Answer) -> list[Placed]:
    """The quotes as they are read: by side and speaker where positions are asked for, by part, or by rank.

    Where nobody speaks, who acted is the voice.
    """
    if not answer.groups:
        return _by_part(answer)
    out, side_before, voice_before = list[Placed](), "", ""
    for group in answer.groups:
        side = side_name(group.side) if group.side else "No side named"
        alone = sum(other.side == group.side for other in answer.groups) == 1
        for quote in group.quotes:
            voice = group.speaker or ("" if alone else quote.document.source.actor or _NO_VOICE)
            other = quote.document.source.side
            reported = side_name(other) if other not in ("", group.side) else ""
            new = side != side_before
            heading = side[:1].upper() + side[1:] if new else ""
            out.append(Placed(quote, heading, voice if new or voice != voice_before else "", reported))
            side_before, voice_before = side, voice
    return out


def _by_part(answer: Answer) -> list[Placed]:
    parts = parted(answer) or [("", answer.quotes)]
    return [Placed(quote, "" if n else heading) for heading, own in parts for n, quote in enumerate(own)]


def parted(answer: Answer) -> list[tuple[str, Sequence[Quote]]]:
    """The parts in order, each a heading and its quotes, where at least two have some; what serves none is last."""
    labels = {quote.part for quote in answer.quotes} - {""}
    if len(labels) < 2:
        return []
    asked = answer.searched.lower()
    order = sorted(labels, key=lambda label: (asked.find(_bare(label)) % (len(asked) + 1), label))
    found = [(_heading(label), [q for q in answer.quotes if q.part == label]) for label in (*order, "")]
    return [(heading, own) for heading, own in found if own]


def _bare(label: str) -> str:
    return label.lower().rstrip(" ?.!")


def _heading(label: str) -> str:
    return f"{label[:1].upper()}{label[1:]}".rstrip(" ?.!") if label else _OTHERS


def cards(answer: Answer) -> list[Card]:
    """The quotes as they are read, those of one document that follow one another together."""
    out = list[Card]()
    order = placed(answer)
    for number, (at, told) in enumerate(zip(order, told_at([at.quote for at in order]), strict=True), 1):
        last = out[-1] if out else None
        if last and last.quotes[0].document.id == at.quote.document.id and not (at.side or at.speaker):
            out[-1] = Card(last.at, (*last.quotes, at.quote), last.number, last.told)
        else:
            out.append(Card(at, (at.quote,), number, told))
    return out


def by_document(quotes: Iterable[Quote]) -> list[list[Quote]]:
    """The quotes of each document together, in the order in which the documents first come."""
    found: dict[str, list[Quote]] = {}
    for quote in quotes:
        found.setdefault(quote.document.id, []).append(quote)
    return list(found.values())
