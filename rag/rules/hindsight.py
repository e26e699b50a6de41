"""Does a sentence tell what came only after a day? An answer as of that day must not quote it.

A record of ours is dated by its event and was written later: "BIS suspended the rule from 10 November 2025" stands in
the record of a rule of September. What was announced by then stays, though its day lies ahead: "effective 1 December
2025", "until 9 November 2026". The words of any other document were out when it was published.
Left out: the metadata's own account of what came later (`fate`).
"""

from __future__ import annotations

import re
from datetime import date

from rag.datatypes import Span
from rag.dates import Mention, mentions

# Right before a day: it was set ahead. "From" alone is no such word: "suspended it from 10 November".
_SET_AHEAD = re.compile(
    r"\b(?:until|till|through|by|due(?: on| by| in)?|effective(?: from| on| as of)?|no later than"
    r"|deadline of|expir\w+(?: on| in)?|compliance (?:from|by)|t(?:ake|akes|aking|ook) effect (?:on|from|in)"
    r"|with effect from|ends? (?:on|in))(?: the end of| late| early| mid)?[ -]$",
    re.I,
)
# Anywhere before it, in its clause: what is to come is told.
_TO_COME = re.compile(
    r"\b(?:will|would|shall|(?:is|are|was|were) (?:(?:due|set|expected|planned|scheduled|meant) )?to|plan(?:s|ned) to"
    r"|(?:planned|set) for|scheduled|takes? effect|comes? into|returns?|rises?|aims?)\b[^;]*$",
    re.I,
)
_STAMP = re.compile(r"\bas (?:of|at) $", re.I)  # "in force as of 27 June 2026": written then
# A day that names a thing: "the package of 9 October 2025", "its 31 May 2026 guidance".
_NAMES = re.compile(r"(?:\b(?:of|dated|the|its|their|his|her)|['’]s) $", re.I)
# A month or a year is a time only after these: not in "October 2025 package", "No. 46 of 2024", "Made in China 2025".
_TIMES = re.compile(r"\b(?:in|since|during|until|till|through|by|from|to|end of|early|late|mid)[ -]$", re.I)
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

    `ended_later`: its source was suspended, rescinded or superseded after that day, so that a sentence that says so and
    names no earlier day tells it too.
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
    if any(m.first > day and not _announced(text[: m.start], text) for m in told):
        return True
    if named and all(m.first > day for m in named) and all(m.first > day for m in told):
        return True  # about a thing that did not exist yet
    tells_its_end = source.status in _ENDS and bool(_ENDS[source.status].search(text))
    return ended_later and tells_its_end and not any(m.last <= day for m in told)


def _announced(before: str, text: str) -> bool:
    ahead = _SET_AHEAD.search(before)
    if ahead and ahead[0].lower().startswith("by") and re.search(r"\bhad\b", text):
        return False  # "had been found by 1 November" looks back
    return bool(ahead or _TO_COME.search(before))
