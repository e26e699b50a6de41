"""A transcript -> whose turn it is at each place: "MR. SULLIVAN: …", "Q  …", 记者问：…, 答：… are its labels.

A briefing is published by one office and has the words of many, questions of the press among them. Who has the floor is
read from the labels that the text itself sets before a turn, where several do; a text without them has no turns.
Left out: people who are named in a sentence (`sides.voices`), and documents that name one speaker for all of it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

from rag.datatypes import Span
from rag.text import words

QUESTIONER = "A questioner"
FEWEST = 4  # labels that make a transcript
ASKING = 0.5  # of its score a sentence keeps in a question from the floor
ANOTHERS = 0.75  # and in the turn of another than the question names, where the one it names has turns
_KEPT = 1024  # texts whose turns are remembered

_TITLE = r"(?:MR|MS|MRS|DR|GEN|SEN|REP|GOV|AMB)\. "
_OFFICE = (  # "GENERAL" and "DIRECTORS" head sections too
    r"(?:(?:THE|DEPUTY|UNDER|ASSISTANT|ACTING|VICE|PRIME) ){0,3}(?:PRESIDENT|SECRETARY|AMBASSADOR|SENATOR|GOVERNOR"
    r"|MAYOR|MINISTER|CONGRESS(?:MAN|WOMAN)|CHAIR(?:MAN|WOMAN)|COMMISSIONER|ADMIRAL|DIRECTOR|MODERATOR|OPERATOR"
    r"|SENIOR ADMINISTRATION OFFICIAL)(?![\w’'-])(?! (?:OF|FOR|AND)\b)"
)
_LABEL = re.compile(
    rf"^(?:(?P<english>(?:{_TITLE})?[A-Z][A-Z.’'-]*(?: [A-Z][A-Z.’'-]*){{0,4}})(?:: |:$)|(?P<q>Q|QUESTION)(?::| (?=\S))"
    r"|(?P<chinese>[\u3400-\u9fff]{1,6})：)",
    re.M,
)
# The same behind a stop, where a transcript came as one line.
_INSIDE = re.compile(rf"(?<=[.!?”\")\]—–-]\s)\s?(?:(?P<english>(?:{_TITLE}|{_OFFICE})[A-Z’' -]*): |(?P<q>Q) (?=[A-Z]))")
# without any there is no need to look
_MARKS = ("MR. ", "MS. ", "OFFICIAL: ", "MODERATOR: ", "SECRETARY ", "PRESIDENT: ", "AMBASSADOR ", "SENATOR ")
_ASKS = re.compile(r"(?:Q|QUESTION|REPORTER|AUDIENCE MEMBER|PARTICIPANT|有?记者(?:提?问)?|问|提问)$")
_ANSWERS = re.compile(r"(?:A|ANSWER|答|回答)$")  # of the one who gives the briefing, as the document says
_SURE = re.compile(rf"{_TITLE}|{_OFFICE}|{_ASKS.pattern}|{_ANSWERS.pattern}")  # no heading
_NO_NAME = re.compile(
    r"\b(?:Mr|Ms|Mrs|Dr|The|Deputy|Under|Assistant|Acting|Vice|Prime|Secretary|President|Minister|Ambassador|Director"
    r"|Senator|General|Governor|Mayor|Congress(?:man|woman)|Chair(?:man|woman)|Commissioner|Admiral)\b\.?"
)


@dataclass(frozen=True, slots=True)
class Turn:
    """From `start` on somebody speaks: `name` as a reader knows him.

    It is empty where only "A" or 答 stands there, or a label that may be a heading.
    """

    start: int
    name: str


@lru_cache(maxsize=_KEPT)
def turns(text: str) -> tuple[Turn, ...]:
    """The turns of a text in reading order; none where it is no transcript.

    A label that stands there once may be a heading ("SUMMARY:"), unless it has a title as people have. It makes no
    transcript, but in one it ends the turn before it.
    """
    return _turns(text, _LABEL) or (_turns(text, _INSIDE) if any(mark in text for mark in _MARKS) else ())


def _turns(text: str, labels: re.Pattern[str]) -> tuple[Turn, ...]:
    found = [(m.start(), m[m.lastgroup or 0].strip()) for m in labels.finditer(text)]
    often = Counter(label for _, label in found)
    sure = {label for label, times in often.items() if times > 1 or _SURE.match(label)}
    kept = [label for _, label in found if label in sure]
    if len(sure) < 2 or len(kept) < (2 if any(not label.isascii() for label in kept) else FEWEST):
        return ()
    return tuple(Turn(at, _name(label) if label in sure else "") for at, label in found)


def _name(label: str) -> str:
    """`SECRETARY RAIMONDO` -> Secretary Raimondo; as it stands, but for its capitals."""
    if _ASKS.match(label):
        return QUESTIONER
    if _ANSWERS.match(label):
        return ""
    return re.sub(r"\bMc([a-z])", lambda m: f"Mc{m[1].upper()}", label.title().replace("’S", "’s"))


def said_by(span: Span) -> str:
    """Who says it: whose turn it is, or QUESTIONER; where no turn is marked, whom the document names as its speaker."""
    return in_whose_turn(span) or span.document.source.speaker


def in_whose_turn(span: Span) -> str:
    """Who has the floor in a transcript, or QUESTIONER; empty where no turn is marked, or none by name."""
    turn = _turn_at(span)
    return turn.name if turn else ""


def turn_begins_in(span: Span) -> bool:
    """True when another takes the floor within some words, behind their start."""
    if span.document.source.kind == "record":
        return False
    return any(span.start < turn.start < span.end for turn in turns(span.document.text))


def is_asked(span: Span) -> bool:
    """True for a question, and for what a questioner says from the floor."""
    return span.text.rstrip("”\"’' ").endswith(("?", "？")) or in_whose_turn(span) == QUESTIONER


def without_title(name: str) -> str:
    """`Mr. Sullivan` -> Sullivan; empty for "The President"."""
    return _NO_NAME.sub("", name).strip()


def in_turn(question: str) -> Callable[[Span], float]:
    """What share of its score a sentence keeps: less of a question from the floor, or of another than asked about."""
    asked = set(words(question))

    @cache
    def named(text: str) -> set[str]:  # whom of those who speak in it
        return {name for name in {turn.name for turn in turns(text)} if _surname(name) & asked}

    def share(sentence: Span) -> float:
        turn = _turn_at(sentence)
        if turn is None:
            return 1.0
        if turn.name == QUESTIONER:
            return ASKING
        whose = named(sentence.document.text)
        return ANOTHERS if whose and turn.name not in whose else 1.0

    return share


def _turn_at(span: Span) -> Turn | None:
    if span.document.source.kind == "record":  # a record of ours has none
        return None
    found = turns(span.document.text)
    n = bisect_right(found, span.start, key=lambda turn: turn.start)
    return found[n - 1] if n else None


def _surname(name: str) -> set[str]:
    """The search tokens that tell a name: none of "The President" or of a questioner."""
    return set() if name == QUESTIONER else set(words(without_title(name)))
