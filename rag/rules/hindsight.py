"""Does a sentence tell what came only after a day? An answer as of that day must not quote it.

A record of ours is dated by its event and was written later: "BIS suspended the rule from 10 November 2025" stands in
the record of a rule of September. What was announced by then stays, though its day lies ahead: "effective 1 December
2025", "until 9 November 2026"; so does what was only taken from a later paper: "according to an article of June 2026".
The words of any other document were out when it was published.
Left out: the metadata's own account of what came later (`fate`), and what came later without a day or a word for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

from rag.datatypes import Sentences, Source, Span, first_day, published_by
from rag.dates import Mention, mentions

# Right before a day: it was set ahead. "From" alone is no such word: "suspended it from 10 November".
_SET_AHEAD = re.compile(
    r"\b(?:until|till|through|by|due(?: on| by| in)?|effective(?: from| on| as of)?|no later than"
    r"|(?:deadline|date) of|expir\w+(?: on| in)?|compliance (?:from|by)|t(?:ake|akes|aking|ook) effect (?:on|from|in)"
    r"|with effect from|ends? (?:on|in))(?: the end of| late| early| mid)?[ -]$",
    re.I,
)
# Anywhere before it, in its clause: what is to come is told.
_TO_COME = re.compile(
    r"\b(?:will|would|shall|(?:is|are|was|were) (?:(?:due|set|expected|planned|scheduled|meant) )?to|plan(?:s|ned) to"
    r"|(?:planned|set) for|scheduled|takes? effect|comes? into|returns?|rises?|aims?)\b[^;]*$",
    re.I,
)
# "By June 2026 they were described as months away" looks back; what had to be done by then, or is aimed at, lies ahead.
_LOOKS_BACK = re.compile(r"\bhad\b(?! to\b)", re.I)
_TOLD_AS_PAST = re.compile(r"\b(?:was|were)\b(?! (?:\w+ )?to\b)", re.I)
_AIMS = re.compile(
    r"\b(?:will|would|shall|must|should|may|might|can|could|goal|target|aim|plan|deadline|due)(?:s|ned|ed)?\b", re.I
)
_AND_THEN = re.compile(r",? (?:and|but) (?:was|were|had)\b", re.I)  # "due on 14 April 2026 and was filed"
_CHANGED = re.compile(r"\b(?:amended|corrected|revised|replaced|widened|extended)\b", re.I)
# Where we took it from, which may have come out after what it tells.
_CITED = re.compile(r"(?:\baccording to|, as (?:the|an?)) [^,;]*$", re.I)
_PAST = (
    r"(?:\w+ed|was|were|had|did|said|told|put|went|came|became|made|took|found|gave|held|led|left|lost|won|sold|sent"
    r"|built|brought|withdrew|rose|fell|began|struck)"
)
# "the White House later clarified", "followed with graphite later in 2023"; not "dropping later rounds".
_LATER = re.compile(
    rf"(?<!\bbe )\blater {_PAST}\b|\b{_PAST}\b[^,;]*(?<!\bno )\blater(?= (?:in|on|that|this)\b|\W*$|[,;])", re.I
)
_STAMP = re.compile(r"\bas (?:of|at) $", re.I)  # "in force as of 27 June 2026": written then
# A day that names a thing: "the package of 9 October 2025", "its 31 May 2026 guidance".
_NAMES = re.compile(r"(?:\b(?:of|dated|the|its|their|his|her)|['’]s) $", re.I)
# A month or a year is a time only after these: not in "October 2025 package", "No. 46 of 2024", "Made in China 2025".
_TIMES = re.compile(r"\b(?:in|since|after|during|until|till|through|by|from|to|end of|early|late|mid)[ -]$", re.I)
# How a document tells that it ended another, or that it was ended itself, by the status that this left.
ENDS = {
    "suspended": r"\bsuspen|暂停|中止",
    "rescinded": r"\bresci|\bwithdr|\brevok|\blift|\brepeal|撤销|废止",
    "superseded": r"\bsupersed|\breplac|取代|代替",
}
_NO_LONGER = r"|\bno longer\b|\b(?:not|out of) (?:in )?force\b|\blaps|\bexpire|\bended\b"
_ENDS = {status: re.compile(tells + _NO_LONGER, re.I) for status, tells in ENDS.items()} | {
    "proposed": re.compile(r"\bomit|\bleft out\b|\bdropped\b|\bwithdr", re.I)
}


def tells_later(sentence: Span, day: date, ended_later: bool = False) -> bool:
    """True when a sentence of a record tells what came only after `day`.

    `ended_later`: its source was suspended, rescinded, superseded or changed after that day, so that a sentence that
    says so and names no earlier day tells it too, and one that changed it was not set ahead.
    """
    source = sentence.document.source
    if source.kind != "record":
        return False
    text = sentence.text
    named, told = list[Mention](), list[Mention]()
    for mention in mentions(text):
        before = text[: mention.start]
        if _STAMP.search(before) and mention.first > day:
            return True
        names = _NAMES.search(before) if mention.first == mention.last else not _TIMES.search(before)
        if not names:
            told.append(mention)
        elif (mention.last - mention.first).days < 31:
            named.append(mention)
    ahead, dated = [m for m in told if m.first > day], any(m.last <= day for m in told)
    changed_later = ended_later and not dated and source.status == "in force" and bool(_CHANGED.search(text))
    if any(changed_later or _AND_THEN.match(text, m.end) or not _announced(text[: m.start], text) for m in ahead):
        return True
    if _of_a_later_thing(text, day, source, named, told) or _later_in_so_many_words(text, day, source, told):
        return True
    tells_its_end = source.status in _ENDS and bool(_ENDS[source.status].search(text))
    return ended_later and tells_its_end and not dated


def told_by(day: date, sentences: Sentences, later: Callable[[Span, date], bool] = tells_later) -> Sentences:
    """The same sentences of a document without those that tell what came after `day`, by `later`."""
    return lambda document: (row for row in sentences(document) if not later(row[1], day))


def _of_a_later_thing(text: str, day: date, source: Source, named: Sequence[Mention], told: Sequence[Mention]) -> bool:
    """True when it is about a thing of a later day: one that was not announced, or nothing of an earlier day beside it.

    The thing that the record itself is about, by the day on which it was published or takes effect, is none.
    """
    own = [first_day(d) for d in (source.published, source.effective) if d]
    later = [m for m in named if m.first > day and not any(m.first <= d <= m.last for d in own)]
    heads = [text[: m.start] for m in later]
    if not all(_CITED.search(before) or _announced(before, text) for before in heads):
        return True
    return bool(later) and all(m.first > day for m in (*named, *told))


def _later_in_so_many_words(text: str, day: date, source: Source, told: Sequence[Mention]) -> bool:
    """True when it says "later" of what was done, unless by `day`: a day beside it says so, or all sources were out."""
    for found in _LATER.finditer(text):
        beside = re.split(r"[,;]", text[found.end() :])[0]
        days = [m for m in told if found.end() <= m.start < found.end() + len(beside)]
        known = all(m.last <= day for m in days) if days else _all_out(source, day)
        if not known and not _TO_COME.search(re.split(r"[,;]", text[: found.end()])[-1]):
            return True
    return False


def _all_out(source: Source, day: date) -> bool:
    """True when all that a record was taken from was surely out by `day`, or it was checked by then."""
    out = bool(source.references) and all(published_by(r.date, day) for r in source.references)
    return out or published_by(source.status_as_of, day)


def _announced(before: str, text: str) -> bool:
    ahead = _SET_AHEAD.search(before)
    if ahead and ahead[0].lower().startswith("by") and _looks_back(text):
        return False  # "had been found by 1 November"
    return bool(ahead or _TO_COME.search(before))


def _looks_back(text: str) -> bool:
    return bool(_LOOKS_BACK.search(text) or (_TOLD_AS_PAST.search(text) and not _AIMS.search(text)))
