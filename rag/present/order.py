"""The order in which quotes are read: by rank, or by side and speaker."""

from __future__ import annotations

from dataclasses import dataclass

from rag.datatypes import Answer, Quote
from rag.names import side_name


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
