"""What is new, and what happened when -> the records of that time, each by its opening sentence, in order of date.

    "What happened in December 2024?"  "What has China done in 2026?"  "chronology of the H20"     oldest first
    "What's new?"  "What is the latest on the H200?"  "most recent BIS guidance"                   newest first

Words find little for these: they ask for a time, with or without a topic. Only our records are gathered, which open on
what happened; of more than can be shown those come first that have a name in the field, then rules, events and words.
Left out: what became of one thing ("What happened to the rule?"), and the latest product of a firm.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from rag.datatypes import ENDED, Document, Quote, Sentences, Source, When, first_day, last_day
from rag.dates import PIECE, Stretch, in_words, read, stretch_in_words
from rag.glossary import anchors, record_of
from rag.names import FUNCTION, PLACES, atoms, spellings
from rag.text import words

ENOUGH = 0.6  # of the weight of the topic's words a record has in its title, or in whose it is
_NEWS = r"(?:news|developments?|changes?|updates?|events?|moves?|steps?|things?|happenings?|headlines?)"
_ON = r"(?: (?:on|about|in|with|regarding|for|to|from|concerning|around|of|by) (?P<about>.+?))?"
_UP_TO_FIVE = r"(?:[\w%’'.-]+ ){0,5}?"
_DONE = (
    r"(?:rule|guidance|regulation|control|measure|restriction|sanction|tariff|round|addition|listing|action|announcement"
    r"|ban|curb|law|bill|policy|policie|statement)s?"
)
_IS = r"(?:what(?:['’]?s| is| are| was| were) )?(?:the )?"
_LATEST = tuple(
    re.compile(rf"(?:so |and |ok,? )*{form}\W*", re.I)
    for form in (
        rf"what(?:['’]?s| is) new{_ON}",
        rf"(?:is there |are there |do you have |have you )?any(?:thing)? (?:(?:recent|new) )?(?:{_NEWS}|new){_ON}",
        rf"{_IS}(?:latest|newest|most recent|recent)(?: {_NEWS})?{_ON}",
        rf"(?P<about>(?:[\w%’'.-]+ ){{1,4}}?)(?:(?:latest|newest|recent)(?: {_NEWS})?|news|updates?)",
        rf"{_IS}(?:latest|newest|most recent) (?P<about>{_UP_TO_FIVE}{_DONE}(?: (?:on|about|for|by|from) .+?)?)",
    )
)
_OF_A_TIME = (
    re.compile(
        r"(?:so |and )?what(?:['’]?s| else| exactly| was| is| has| have| had)* (?:happened|happen|changed|took place"
        r"|occurred|went on|new|going on|came out)\b(?P<about>.*)",
        re.I,
    ),
    re.compile(
        r"(?:so |and )?what (?:did|has|have|had) (?P<about>(?!(?:it|they|he|she|you) )[\w.’' -]{2,40}?) (?:do|done)\b"
        r"(?P<more>.*)",
        re.I,
    ),
)
_CHRONOLOGY = (
    re.compile(
        r"(?:(?:give me|show(?: me)?|what is|list) )?(?:an?|the)?\s*(?:short |brief )?"
        rf"(?:timeline|chronology|history|(?:key|main|major|important) (?:events|dates|developments|steps)){_ON}\W*",
        re.I,
    ),
    re.compile(
        r"(?:(?:give me|show(?: me)?|what is|explain|tell me(?: about)?) )?(?:the )?(?P<about>.{2,40}?)"
        r" (?:timeline|chronology|story|saga)\W*",
        re.I,
    ),
)
# "Which bills are pending?": the status that each of these words asks for.
_STATUS = {
    "proposed": r"pending|proposed|before congress|in congress|under consideration|in the works|in draft|not yet law",
    "suspended": r"suspended|paused|on hold",
    "rescinded": r"rescinded|revoked|withdrawn|repealed|scrapped",
    "superseded": r"superseded|replaced",
}
_OF_A_STATUS = re.compile(
    r"(?:so |and )?(?:which|what|list(?: all| the)?) (?P<about>(?:[\w%’'.-]+ ){0,4}?"
    r"(?:bill|act|rule|law|control|measure|restriction|tariff|regulation|instrument)s?\b.*?)"
    rf" (?:(?:is|are|were|was|has been|have been|that are) )?(?:currently |now |still |presently )*"
    rf"(?P<status>{'|'.join(_STATUS.values())})\b(?P<more>.*)",
    re.I,
)
_A_BILL = re.compile(r"\b(?:bills?|Acts?)\b", re.I)
# Nouns that say no more than that something happened, in the field that all this is about.
_GENERIC = frozenset(
    words(
        "news development change update event thing happening policy field chip semiconductor addition round listing"
        " action measure announcement statement move step"
    )
)
_INSTRUMENTS = frozenset(words("bill act rule law control measure restriction tariff regulation instrument congress"))
_DEEDS, _WORDS = frozenset({"in force", "proposed", *ENDED}), "statement"


@dataclass(frozen=True, slots=True)
class News:
    """What is asked about, by its search tokens (none for all), whose (a side, or ""), when, and in which order.

    `status` is the one asked for (or ""); `bills` leaves out what is none.
    """

    about: frozenset[str] = frozenset()
    side: str = ""
    period: Stretch | None = None
    newest_first: bool = False
    status: str = ""
    bills: bool = False


@dataclass(frozen=True, slots=True)
class Gathered:
    """The quotes that tell it, and a line on how they were chosen."""

    quotes: tuple[Quote, ...]
    note: str


def asked_news(question: str, when: When) -> News | None:
    """What is asked of a time, or for the latest; None for every other question."""
    for said in when.words:
        question = " ".join(question.replace(said, " ").split())
    bare = question.strip(" ?.!")
    if any(n.text == bare and n.kind in ("org", "code") for n in atoms(bare)) and not record_of(bare):
        return _news(bare, when, newest_first=True)  # "nvidia", "H20"
    for pattern in _LATEST:
        if found := pattern.fullmatch(question):
            return _news(found["about"] or "", when, newest_first=True)
    if found := next((found for pattern in _CHRONOLOGY if (found := pattern.fullmatch(question))), None):
        return _news(found["about"] or "", when)
    if when.as_of is None and (found := _OF_A_STATUS.fullmatch(question)):
        status = next(name for name, said in _STATUS.items() if re.fullmatch(said, found["status"], re.I))
        bills = bool(_A_BILL.search(found["about"]))
        asked = _news(f"{found['about']} {found['more']}", when, newest_first=True)
        return replace(asked, about=asked.about - _INSTRUMENTS, status=status, bills=bills)
    if when.period is None or when.period[1] == date.max:
        return None
    found = next((found for pattern in _OF_A_TIME if (found := pattern.fullmatch(question))), None)
    return _news(" ".join(found.groupdict().values()), when) if found else None


def _news(about: str, when: When, newest_first: bool = False) -> News:
    dated = None if when.period else re.search(PIECE, about, re.I)  # "key events of 2025"
    about = about.replace(dated[0], " ") if dated else about
    sides = {name.lower(): side for side, row in PLACES.items() for name in spellings(row)}
    telling = [w for w in re.findall(r"[\w%.’'-]+", about) if w.lower() not in FUNCTION or w == "US"]
    place = next((sides[w.lower()] for w in telling if w.lower() in sides), "")
    topic = " ".join(w for w in telling if not place or sides.get(w.lower()) != place)
    # "What is new with Nvidia and China?" is on Nvidia, whoever acted.
    side = "" if any(n.kind in ("org", "code") for n in atoms(topic)) else place
    return News(frozenset(words(topic)) - _GENERIC, side, when.period or (dated and read(dated[0])), newest_first)


def gathered(
    asked: News, index: Any, sentences: Sentences, most: int, as_of: date | None = None, side: str = ""
) -> Gathered | None:
    """The `most` records that tell it, as quotes; None where no record does.

    `index` offers `listed`, `find` and `rarity` as `rag.index.Index` does; `sentences` gives of a record only what was
    known by the day asked about.
    """
    known = [d for d in index.listed() if d.source.kind == "record" and d.source.published_by(as_of or date.max)]
    fitting = [d for d in known if side in ("", d.source.side) and _fits(d.source, asked, index.rarity)]
    chosen = sorted(fitting, key=lambda d: d.source.published, reverse=True)
    if not asked.newest_first:
        named = {anchor.record for anchor in anchors()}
        chosen = sorted(sorted(chosen, key=lambda d: _rank(d, named))[:most], key=lambda d: d.source.published)
    quotes = tuple(q for d in chosen[:most] if (q := _opening(index.find(d.id), sentences)))
    return Gathered(quotes, _note(asked, fitting, quotes)) if quotes else None


def _fits(source: Source, asked: News, rarity: Callable[[str], float]) -> bool:
    if not source.published or asked.side not in ("", source.side) or asked.status not in ("", source.status):
        return False
    if asked.bills and not _A_BILL.search(f"{source.title} {source.instrument}"):
        return False
    if asked.period:
        first, last = asked.period
        if not (first <= first_day(source.published) and last_day(source.published) <= last):
            return False
    told = set(words(source.about))
    weight = {token: rarity(token) for token in asked.about}
    codes = {token for token in asked.about if any(map(str.isdigit, token))}
    has = sum(w for token, w in weight.items() if token in told)
    return codes <= told and has >= ENOUGH * sum(weight.values())


def _rank(document: Document, named: set[str]) -> tuple[bool, int]:
    status = document.source.status
    return document.id not in named, 0 if status in _DEEDS else 2 if status == _WORDS else 1


def _opening(document: Document | None, sentences: Sentences) -> Quote | None:
    first = next(iter(sentences(document)), None) if document else None
    return Quote(document, first[1].start, first[1].end, 1.0) if document and first else None


def _note(asked: News, fitting: Sequence[Document], quotes: Sequence[Quote]) -> str:
    of = f" dated {stretch_in_words(asked.period)}" if asked.period else ""
    of += " on this" if asked.about else " of this side" if asked.side else ""
    many = f"{len(fitting):,} records{of}" if len(fitting) > 1 else f"One record{of}"
    shown = f"; {len(quotes)} are quoted" if len(fitting) > len(quotes) else ""
    order = "" if len(quotes) < 2 else ", newest first" if asked.newest_first else ", in order of date"
    newest = f" The newest is of {in_words(max(d.source.published for d in fitting))}." if asked.newest_first else ""
    return f"{many}{shown}{order}.{newest}"
