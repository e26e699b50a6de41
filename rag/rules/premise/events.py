"""The events that a question can take for granted, and the words that deny each. Tables only.

`asks` are words of questions, `told` words of sentences. Behind "not" these deny the event, elsewhere they affirm it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.dates import MONTHS


@dataclass(frozen=True, slots=True)
class Event:
    """What a question can presuppose. `denials` are (pattern, what it says) beside "not"."""

    asks: re.Pattern[str]
    told: re.Pattern[str]
    denials: tuple[tuple[re.Pattern[str], str], ...] = ()


FAINTLY = "it tells what it would do"  # where nothing says more
_SAYS = {
    "held": "it holds",
    "proposed": "it is only proposed",
    "left_out": "it was left out",
    "nothing": "it came to nothing first",
    "would": FAINTLY,
    "suspended": "it is suspended",
    "over": "it has ended",
}


def event(asks: str, told: str = "", **denials: str) -> Event:
    """An event from patterns; `told` is `asks` where not given."""
    return Event(
        re.compile(rf"\b(?:{asks})\b", re.I),
        re.compile(rf"\b(?:{told or asks})\b", re.I),
        tuple((re.compile(pattern, re.I), _SAYS[name]) for name, pattern in denials.items()),
    )


NOT = r"(?:\b(?:not|never|no(?!\. ?\d)|neither|nor|without)|n['’]t)\b(?:\W+\w+){0,3}?"
# "contains no mention of a 25% fee", "gets no board seat": what comes behind is not there at all.
ABSENT = re.compile(
    r"\b(?:contains?|contained|makes?|made|has|have|had|gets?|got|gives?|gave|sets?|imposes?|carr(?:y|ies)|includes?"
    r"|there (?:is|are|was|were)) no(?! (?:more|less|longer|later|fewer)\b)"
    r" (?:(?:mention|word|provision|sign|trace) (?:of|on|about|for) )?(?:an? |the )?(?P<what>[^.,;:]+)",
    re.I,
)
A_BILL = re.compile(r"\b(?:Act|[Bb]ill)\b")  # of anything else "it would have …" says what would have followed from it
_ITS = r"(?:the|an?|its|their|this|\w+['’]s)"
# Before "withdrawn", a clause and what it is on: "… came after [a posting of May that named Alibaba and was]".
CLAUSE = re.compile(
    rf"\b{_ITS}(?:\s+(?!{_ITS}\s)\S+){{1,8}}?\s+(?:that|which)\b(?!.*\b(?:that|which)\b).*$", re.I | re.S
)
LEAVES_OUT = r"[^.;]{0,60}\b(?:did|does|do) not (?:cover|include|apply|extend|reach)\b"

_ENDS = (
    r"repeal\w*|revo[kc]\w*|resci\w+|lift(?:s|ed|ing)?|withdr[ae]w\w*|cancel\w*|abolish\w*|abolition|scrap\w*"
    r"|drop(?:s|ped)?|overturn\w*|delet\w+|remov\w+|annul\w*|revers\w+|delist\w*|eliminat\w+|nullif\w+|quash\w*"
    r"|terminat\w+|taken off|str(?:uck|ike) down|end(?:s|ed)?(?= (?:the|its|their|this|his)\b)"
)
_PASSES = (
    r"pass(?:es|ed|age)?|enact\w*|adopt\w*|ratif\w+|finali[sz]\w+|sign(?:s|ed)?|bec[oa]me law|approv\w+"
    r"|implement(?:s|ed)?"
    r"|(?:take|takes|took|taking|come|came|comes|go|went|enter|entered|put) (?:in(?:to)? )?(?:effect|force)"
)
_HELD = (
    r"(?<!\bnot )(?<!\bnever )(?<!\blonger )\b(?:is|are|was|were|remain\w*|stay\w*|still|kept|stand\w*)"
    r"(?: (?!(?:no|not|never|longer)\b)\w+){0,2} (?:in force|in place|in effect|operative|binding)\b"
    r"|\bstay(?:s|ed)? operative\b|\bcontinue[sd](?=[.,;])|\bstill (?:required|needed|applies|apply)\b"
    r"|\bcontinu(?:e|es|ing)\b[^.;]{0,40}\b(?:for (?:1|one) year|in effect|in force|beyond)\b"
)
_ONLY_PROPOSED = (
    r"\b(?:still|remain(?:s|ed)?|is|are|was|were) (?:only |still )*(?:a |an )?(?:proposed|proposal|draft|bill)\b"
    r"|\bstatus of proposed\b|\bnot (?:in force|law|enacted|final)\b|\bnever (?:been )?(?:in force|in effect|law)\b"
)
EVENTS = (
    event(rf"{_ENDS}|t(?:ake|ook|aken)(?: [\w’'-]+){{1,4}}? off|c(?:ome|ame) off", _ENDS, held=_HELD),
    event(
        _PASSES,
        rf"{_PASSES}|final rule,? effective (?:(?:on|from|as of) )?(?:\d+|{MONTHS})",
        proposed=_ONLY_PROPOSED,
        left_out=r"\bleft\b[^.;]{0,90}\bout\b|\bomit\w*",
        would=r"\bwould have \w+|\b(?:Act|bill)\b[^.;]{0,60}\bwould (?:also )?[a-z]+",
        nothing=r"\bbefore (?:it|they|the rule) (?:took effect|came into force)\b|\bwithdrawn\b",
    ),
    event(r"suspen[ds]\w*", held=rf"^(?!.*\bsuspen).*(?:{_HELD})"),
    event(r"enforced|in force", r"enforced|in force", suspended=r"\b(?:is|was|are|were|remains?) suspended\b"),
    event(
        r"(?:add(?:ed)?|put|placed?|list(?:ed)?|blacklist(?:ed)?)(?=.* list\b)",
        r"(?:add|plac|list|blacklist)(?:ed|s)|put",
        proposed=rf"{_ONLY_PROPOSED}|\bdraft\w*\b[^.;]{{0,40}}\b(?:addition|listing)",
    ),
    event(
        r"still(?= (?:\w+ )?(?:bar|ban|block|forb|prohib|requir|restrict)\w*| in (?:place|force|effect))",
        r"still|remains?",
        over=r"\b(?:rescinded|lifted|revoked|withdrawn|withdrew|repealed)\b|\bno longer\b",
    ),
    event(
        r"force[sd]?|requir\w*|oblig\w+|compel\w*|ordered|order(?= \w+ to\b)",
        r"forc(?:e|ed|es)|requir\w*|oblig\w+|compel\w*|order(?:ed)?",
    ),
    event(r"ban(?:ned)?|bar(?:red)?|block\w*|prohibit\w*|forb[aie]d\w*|outlaw\w*"),
    event(
        r"let|allow\w*|permit(?:ted)?|ship(?:ped)?|deliver(?:ed)?|sell|sold|export(?:ed)?(?! control)",
        r"allow(?:ed|s)?|permit(?:ted|s)?|let|ship(?:ped)?|deliver(?:ed)?|sold|export(?:ed)?",
    ),
    event(r"name[sd]?|identif\w+|mention\w*"),
    event(r"commit(?:ted)?|promis\w+|pledg\w+|agree[ds]?", r"commit\w*|promis\w+|pledg\w+|agree[ds]?"),
    event(r"explanation|explain\w*|describe[sd]?", r"explanation|explain\w*|describe[sd]?|reasons?|technical detail"),
)
