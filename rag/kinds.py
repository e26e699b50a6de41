"""The kind of answer that a question asks for, and what a sentence must have to give it.

KINDS weigh sentences, on a hint in the question. DEMANDED are fewer and asked for in so many words: quotes without one
are no answer, whatever else they say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from rag.datatypes import Span
from rag.dates import MONTHS
from rag.glossary import same_as
from rag.names import FIRMS, OFFICES, atoms
from rag.text import words


@dataclass(frozen=True, slots=True)
class Kind:
    """`name` as a reader knows it, the questions that ask for it, and what a sentence that gives it has."""

    name: str
    asks: re.Pattern[str]
    has: re.Pattern[str]


_NUMBER = (
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand|million|billion|half"
    r"|third|percent)\b"
)
KINDS = (
    Kind(
        "a date",
        re.compile(
            r"(?:^|[,;:?] |\b(?:and|or|but|since|until|exactly) )when\b|\b(?:what|which) (?:date|day|year|month|time)\b"
            r"|\buntil\b.*\?$|deadline",
            re.I,
        ),
        re.compile(rf"\b(?:1[89]|20)\d\d\b|\b(?:{MONTHS})\b"),
    ),
    Kind(
        "a length of time",
        re.compile(r"\bhow long\b", re.I),
        re.compile(rf"(?:\d|{_NUMBER}|\ban?)[ -](?:\w+ )?(?:day|week|month|year)s?\b|\b(?:1[89]|20)\d\d\b", re.I),
    ),
    Kind(
        "a number",
        re.compile(
            r"\bhow (?:many|much|large|big|high|old|far|tall|fast)\b|\b(?:what|which) (?:percent|percentage|share"
            r"|number|amount|size|rate|price|cost|fraction|figure|ceiling|threshold|limit)\b",
            re.I,
        ),
        re.compile(rf"\d|{_NUMBER}", re.I),
    ),
    Kind(
        "a name",
        re.compile(
            r"\bwho(?:m|se)?\b|\bwhich (?:official|company|agency|firm|person|country|spokes\w+|minister|senator)\b",
            re.I,
        ),
        re.compile(r"(?<!^)(?<![.!?“\"] )\b[A-Z][A-Za-z]+"),
    ),
    Kind(
        "a reason",
        re.compile(r"\bwhy\b|\breason\b", re.I),
        re.compile(
            r"\b(?:because|due to|since|so that|in order to|to (?:prevent|protect|ensure|avoid|limit|stop)|reason"
            r"|therefore|as a result|owing)\b",
            re.I,
        ),
    ),
)

# Words that tell how a thing stands, or what became of it.
TELLS_A_STATE = re.compile(
    r"\b(?:in (?:force|effect|place)|suspen\w+|resci\w+|revo[kc]\w+|withdr[ae]w\w*|repeal\w*|supersed\w*|replac\w+"
    r"|laps\w+|expir\w+|lift(?:s|ed)?|(?:remain|stay)(?:s|ed)? (?:in|on|suspended|operative)|still|no longer|proposed"
    r"|pending|t(?:ook|akes) effect|until|end(?:s|ed)|not yet|never|operative|binding)\b",
    re.I,
)
_BY_STATUS = {
    status: re.compile(rf"\b(?:{told})\b", re.I)
    for status, told in {
        "in force": r"in (?:force|effect|place)|still|(?:remain|stay)\w*|appl(?:y|ies)|operative|binding"
        r"|t(?:ook|akes) effect",
        "suspended": r"suspen\w+|pause[sd]?|on hold",
        "superseded": r"supersed\w*|replac\w+|t(?:ook|aken?) the place|laps\w+|expir\w+|end(?:s|ed)|lifted",
        "rescinded": r"resci\w+|revo[kc]\w+|withdr[ae]w\w*|repeal\w*|not (?:enforc\w+|in force)|no longer|lifted",
        "proposed": r"propos\w+|draft\w*|pending|not (?:in force|law|yet)|bill|never",
    }.items()
}
# How things stood
_ENDED = re.compile(r"\b(?:stayed|remained|was|were|had been)\b[^.;]*\buntil\b(?!.*\bas of\b)", re.I)
_AS_OF = re.compile(r"\bas of (?:\d{1,2} )?[A-Z][a-z]+ (?:\d{1,2}, )?\d{4}")
# Of its score a sentence keeps that tells no state, one without the day it was known, that of another thing.
UNTOLD, UNDATED, OF_ANOTHER = 0.8, 0.95, 0.75
_WHO_HOLDS = re.compile(
    r"(?:and )?who (?:is|was) (?:the |now )*(?P<of>(?:[\w.’'-]+ ){0,4}?)"
    r"(?P<post>CEO|chief executive(?: officer)?|(?:prime )?minister|secretary|president|chair(?:man|woman)?"
    r"|spokesperson)(?: (?:of|for) (?P<body>[\w.’' -]+?))?\W*$",
    re.I,
)
_HEAD = re.compile(r"([^,:;]+?) (?:in|of|to|on|under|about|against|for) (?:the )?(?=[A-Z\d])")
_SUM = r"(?:price|fine|cost|fee)"
# What is measured, as questions have it, and as sentences that give it have it.
_MEASURES = {
    "a price": (
        r"prices?",
        r"pric(?:e|es|ed|ing)|costs?|each|apiece|per (?:chip|unit|card|server|gpu|module)"
        r"|s(?:ell|ells|elling|old) (?:\w+ ){0,3}(?:for|at)",
    ),
    "a profit": (r"profits?|net income|earnings", r"profit\w*|net income|earn\w*|margins?|loss(?:es)?"),
    "revenue": (r"revenues?|turnover", r"revenues?|turnover|sales|sold|takings|earn\w*|income"),
    "a budget": (r"budget", r"budgets?|appropriat\w+|fund\w*|spend\w*|spent"),
    "a market share": (r"market share", r"share|per ?cent|[\d.]+ ?%|dominat\w+|hal(?:f|ves)"),
    "a headcount": (
        r"(?:people|staff|employees|workers)(?= (?:work|are employed|does|do|did))",
        r"staff\w*|employ\w+|personnel|workforce|people work\w*|jobs?",
    ),
    "a stake": (r"stake|shareholding", r"stakes?|shareholdings?|shares?|equity|owns?|owned|ownership"),
    "a yield": (r"yields?", r"yield\w*|defect\w*|(?:good|working|usable) (?:chips|dies|wafers)"),
}
_VOTERS = r"(?:members|senators|representatives|lawmakers|congressmen|were|are)"
# "What did he say about prices?" wants none.
_SAYS_ON = (
    r"\b(?:say|said|says|tell|told|argue|claim|think|announce|propose|write|warn|explain|promise|plan|want)[a-z]*\b.*"
    r"\b(?:about|on|over|regarding|for)\b"
)
_WEEKDAYS = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
# What was said or published that day has the day beside it, as the date of its source.
_DATED_BY_ITSELF = r"\b(?:announce|publish|issue|release|sa(?:y|id)|state|speak|testif|sign|propos)"


def _measure(name: str, asked: str, told: str) -> Kind:
    """A number of that measure: profit is no revenue, nor is a charge on a chip its price."""
    return Kind(
        name,
        re.compile(
            rf"^(?!.*{_SAYS_ON}).*?(?:\b(?:how (?:much|many|large|big|high)"
            r"|what(?:['’]s| is| was| were| does| did| do| would| will))\b"
            rf"(?:(?! (?:when|after|because|if|that|before) ).)* (?:{asked})\b"
            rf"|\b(?:what|which)(?: \w+)? (?:{asked})\b)",
            re.I,
        ),
        re.compile(rf"(?=.*(?<!\w)(?:{told})(?!\w))(?=.*(?:\d|{_NUMBER}))", re.I | re.S),
    )


DEMANDED = (
    Kind(
        "a sum of money",
        re.compile(
            rf"\b(?:what|which|how (?:big|large|high) an?) {_SUM} (?:did|does|do|must|will|would|has|have|had)\b"
            rf"|\bwhat (?:is|was) the (?:\w+ ){{0,2}}{_SUM} (?:of|for|on|per)\b"
            r"|\bwhat (?:does|did|do|would|will) .*\bcost\?$|\bhow much money\b",
            re.I,
        ),
        re.compile(
            r"[$€¥£]\s?\d|\d ?%|\b(?:m|b|tr)illion\b|\d(?:bn|m)\b|\bper ?cent|\b(?:free|cents|dollars|pounds)\b"
            r"|\d\s(?:US )?(?:yuan|euros?|won|yen|RMB|USD)\b",
            re.I,
        ),
    ),
    *(_measure(name, asked, told) for name, (asked, told) in _MEASURES.items()),
    Kind(
        "a count of votes",
        re.compile(
            rf"\bhow many (?:{_VOTERS} )?(?:vot(?:ed|es) )?(?:for|against|in favou?r|yes|no)\b"
            r"|\bby (?:how many votes|what (?:vote|margin))\b",
            re.I,
        ),
        re.compile(r"\b\d+ ?(?:-|–|to) ?\d+\b|\bunanim|\bvoice vote\b|\b(?:yeas|nays)\b", re.I),
    ),
    Kind(
        "a vote",
        re.compile(r"\bhow did .*\bvote\b|\bwho voted\b|\bhow many .*\bvot(?:ed|es)\b", re.I),
        re.compile(r"\bvot(?:e|es|ed|ing)\b|\bunanim|\b\d+(?:-|–| to )\d+\b", re.I),
    ),
    Kind(
        "an age, a birth or a marriage",
        re.compile(r"\b(?:born|birthday|birthplace|how old (?:is|was)|wife|husband|married)\b", re.I),
        re.compile(
            r"\b(?:born|birth\w*|aged?|years old|wife|husband|spouse|marr\w+)\b|\((?:c\. ?)?\d{3,4} ?[–-] ?\d{3,4}\)",
            re.I,
        ),
    ),
    Kind(
        "a signature",
        # Who issues an order signs it.
        re.compile(r"^(?:and )?who signed\b(?!.*\b(?:order|EO|proclamation|memo\w*)\b)", re.I),
        re.compile(r"\bsign(?:s|ed|ing|ature|atory|atories)?\b", re.I),
    ),
    Kind(
        "a day",
        re.compile(rf"^(?!.*{_DATED_BY_ITSELF}).*\b(?:what|which) (?:exact )?(?:date|day)\b", re.I),
        re.compile(rf"\b(?:{MONTHS}|{_WEEKDAYS})s?\b|\b\d{{4}}-\d\d-\d\d\b|\bDay\b|\bBCE?\b"),
    ),
)


def kind_of(question: str) -> Kind | None:
    """The first kind that fits; None where a question asks for no kind that is known."""
    return next((kind for kind in KINDS if kind.asks.search(question)), None)


def telling_a_state(question: str, now: bool = False) -> Callable[[Span], float]:
    """What share of its score a sentence keeps where a state is asked for: all where it tells one, and as of when.

    The day on which it was known is worth something only where no other day is asked for ("… and until when?"). Less is
    kept by what is on the state of another thing: one that has not the name of what is asked about, or a document on
    something in, of or about it ("Exceptions to the Zebra Rule"). Where it is asked how things stand `now`, a sentence
    tells it by the status of its source: one that "ended an earlier practice" tells nothing of a suspended rule.
    """
    undated, asked = 1.0 if kind_of(question) else UNDATED, {*words(question)}
    names = [
        [_in_a_row(name) for name in (n.text, n.text.removesuffix("s"), *same_as(n.text))]
        for n in atoms(question)
        if n.kind == "code"
        or (n.kind == "thing" and " " in n.text)
        or (same_as(n.text) and n.text not in FIRMS | OFFICES)
    ]
    on_another = cache(lambda title: _is_on_another(title, asked))

    def share(sentence: Span) -> float:
        text, title = sentence.text, sentence.document.source.title
        said = _in_a_row(f"{title} {text}")
        its_own = all(any(name in said for name in spellings) for spellings in names) and not on_another(title)
        kept = 1.0 if its_own else OF_ANOTHER
        tells = _BY_STATUS.get(sentence.document.source.status, TELLS_A_STATE) if now else TELLS_A_STATE
        if not tells.search(text) or (now and _ENDED.search(text)):
            return UNTOLD * kept
        return kept * (1.0 if _AS_OF.search(text) else undated)

    return share


def _in_a_row(text: str) -> str:
    """Its words between blanks; `Announcement No. 46` is told as Announcement 46 too."""
    return f" {' '.join(word for word in words(text) if word != 'no')} "


def _is_on_another(title: str, asked: set[str]) -> bool:
    """True for the title of something in, of or about what is asked, which is not itself asked about."""
    head = _HEAD.match(title)
    if head is None or TELLS_A_STATE.search(head[1]):
        return False
    return not {*words(head[1])} & asked and bool({*words(title[head.end() :])} & asked)


def _post(question: str) -> Kind | None:
    """Who holds a post: an answer names the very post, and no deputy's, beside what it is a post of."""
    asked = _WHO_HOLDS.match(question)
    if asked is None:
        return None
    post = "CEO|chief executive" if re.match("CEO|chief exec", asked["post"], re.I) else re.escape(asked["post"])
    own = rf"(?<!Deputy )(?<!Under )(?<!Assistant )\b(?:{post})\b"
    names = [re.escape(word) for word in re.findall(r"[A-Z][\w.]+", f"{asked['of']} {asked['body'] or ''}")]
    beside = "".join(rf"(?=.*\b{name}\b)" for name in names)
    return Kind("the holder of that post", _WHO_HOLDS, re.compile(f"{beside}.*{own}"))


def ungiven(question: str, texts: Sequence[str]) -> Kind | None:
    """The kind that a question demands and that none of the texts gives; None where nothing is amiss."""
    demanded = [*(kind for kind in DEMANDED if kind.asks.search(question)), *filter(None, [_post(question)])]
    return next((kind for kind in demanded if not any(map(kind.has.search, texts))), None)
