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
# What tells a reason, or may: few sentences say "because".
_REASON = re.compile(
    r"\b(?:because|due to|since (?![\dA-Z])|so (?:that|as to)|in order to|therefore|hence|thereby|owing|lest"
    r"|otherwise|instead"
    r"|to (?:prevent|protect|ensure|avoid|limit|stop|keep|close|curb|safeguard|defend|deny|counter|help|reduce|cut)"
    r"|reasons?|as a result|result(?:ed|s)? (?:of|in|from)|grounds?|after|follow(?:ing|ed|s) (?!\d)"
    r"|over (?!\d|\$|about|time|an?\b)|in (?:response|reply|return|answer|retaliation|exchange|support|light|view)"
    r"|answer to|retaliat\w+|for (?!the |example|instance)\w+ing|by \w+ing|implement\w*|tied|linked|cit(?:ed|es|ing)"
    r"|expla(?:in\w*|nation)|aim\w*|meant to|intended|le[ad]d? to|prompted|driven|motivat\w+|concern\w*|fear\w*|worr\w+"
    r"|risks?|threat\w*|fail(?:ed|ure|s)|justif\w+|accus\w+|alleg\w+|would have|under which|under the [\w-]+"
    r" (?:framework|deal|truce)|enable[sd]?|goals?|purpose|breach\w*|violat\w+|need(?:s|ed)?)\b",
    re.I,
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
    Kind("a reason", re.compile(r"\bwhy\b|\breason\b|\bon what grounds?\b", re.I), _REASON),
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
UNGIVEN = 0.8  # where an assessment is asked for, one without
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
    "a market share": (r"market share", r"share|per ?cent|\d[\d.]* ?%|dominat\w+|hal(?:f|ves)"),
    "a headcount": (
        r"(?:people|staff|employees|workers)(?= (?:work|are employed|does|do|did))",
        r"staff\w*|employ\w+|personnel|workforce|people work\w*|jobs?",
    ),
    "a stake": (r"stake|shareholding", r"stakes?|shareholdings?|shares?|equity|owns?|owned|ownership"),
    "a prison term": (
        r"(?:prison|jail) (?:term|sentence)|sentence|years (?:in (?:prison|jail)|behind bars)",
        r"sentenc\w+|prison|jail\w*|imprison\w*|behind bars",
    ),
    "power drawn": (
        r"electricity|(?:electric )?power (?:draw|consumption)|watts|power(?= (?:does|do|did|will|would|is) .*"
        r"(?:use|need|draw|consume))|energy",
        r"electricity|power|energy|(?:giga|mega|kilo)?watts?|[GMk]W",
    ),
    "a clock speed": (r"clock (?:speed|rate|frequency)", r"[GM]Hz|clock\w*"),
    "a yield": (r"yields?", r"yield\w*|defect\w*|(?:good|working|usable) (?:chips|dies|wafers)"),
}
# A price in other words: "What does one cost?", "what did they sell for", "How much is an H20?"
_COSTS = re.compile(
    r"\bwhat (?:does|did|do|would|will|can) .*\b(?:costs?|sell for|go for|fetch)\W*$"
    r"|\bwhat(?:['’]s| is| was) (?:an?|one|each) .*\bworth\W*$"
    r"|\bhow much (?:does|did|do|is|are|was|would|will) (?:an?|one|each|a single)\b(?!.*\b(?:of|pay|owe|own|hold)\b)",
    re.I,
)
_VOTERS = r"(?:members|senators|representatives|lawmakers|congressmen|were|are)"
# "What did he say about prices?" wants none.
_SAYS_ON = (
    r"\b(?:say|said|says|tell|told|argue|claim|think|announce|propose|write|warn|explain|promise|plan|want)[a-z]*\b.*"
    r"\b(?:about|on|over|regarding|for)\b"
)
_WEEKDAYS = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
# What was said or published that day has the day beside it, as the date of its source.
_DATED_BY_ITSELF = r"\b(?:announce|publish|issue|release|sa(?:y|id)|state|speak|testif|sign|propos)"
_CURBS = r"(?:controls?|curbs?|bans?|restrictions?|sanctions?|rules?|limits|tariffs?|polic(?:y|ies)|measures?)"


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
        _with_a_number(told),
    )


def _with_a_number(told: str) -> re.Pattern[str]:
    return re.compile(rf"\A(?=.*(?<!\w)(?:{told})(?!\w))(?=.*(?:\d|{_NUMBER}))", re.I | re.S)


# What somebody thinks of it, or what it did: their words are so plain that a sentence with them comes first.
ASSESSED = (
    Kind(
        "a view for or against it",
        re.compile(
            r"^(?:(?:and|but|so) )?who(?: else| all)? (?:(?:is|are|was|were) (?:against|opposed to|in favou?r of)\b"
            r"|(?:(?:has|have|had) )?(?:oppos|object|criti|condemn|denounc|support|favou?r|endors|welcom|prais)\w*\b"
            r"|back(?:s|ed)?\b)",
            re.I,
        ),
        re.compile(
            r"\b(?:oppos|object(?:s|ed|ion)|criti[cq]|condemn|denounc|support|favou?r|endors|welcom|prais|protest|reject|urg"
            r"|warn|argu|defend(?:s|ed)|resist|advocat|sponsor|lobb|questioned|attack|complain|disagree|voted)\w*"
            r"|\bback(?:s|ed|ing)\b|\b(?:is|are|was|were|vote[ds]?|came out|speaks?|spoke) against\b"
            r"|\bconcerns? (?:about|over)\b|\bcall(?:s|ed)? (?:on|for)\b|\b(?:should|mistake|wrong|danger|threat)\b"
            r"|\b(?:fund|introduc)ed\b|\b(?:clear|pass|advanc)ed the (?:\w+ ){0,4}(?:act|bill)\b"
            r"|['’]s (?:\w+ ){0,3}(?:act|bill)\b",  # whose bill it is, is for it
            re.I,
        ),
    ),
    Kind(
        "what came of it",
        re.compile(
            rf"^(?:(?:and|but|so) )?(?:how (?:effective|successful) (?:is|are|was|were|has|have|had)\b"
            rf"|(?:did|do|does|are|have|has|is|will) [^?]*\b{_CURBS}(?: \w+){{0,4}}"
            r" (?:work(?:ed|ing)?|succeed(?:ed|ing)?|fail(?:ed|ing)?|backfir(?:e|ed|ing))"
            r"(?: so far| yet| at all| or not| as intended| well)?\W*$)",
            re.I,
        ),
        re.compile(
            r"\b(?:effective(?:ly|ness)?|fail\w*|succe(?:ss|ed)\w*|slow(?:s|ed|ing)?|backfir\w+|hurt\w*|harm\w*|delay\w*"
            r"|set ?back|catch\w* up|caught up|loopholes?|spur\w*|smuggl\w*|circumvent\w*|evad\w*|impacts?|achiev\w*"
            r"|work(?:s|ed|ing)|(?:no|an?|little) effect|resulted)\b",
            re.I,
        ),
    ),
)
DEMANDED = (
    Kind(
        "a sum of money",
        re.compile(
            rf"\b(?:what|which|how (?:big|large|high) an?) {_SUM} (?:did|does|do|must|will|would|has|have|had)\b"
            rf"|\bwhat (?:is|was) the (?:\w+ ){{0,2}}{_SUM} (?:of|for|on|per)\b"
            r"|\bhow much money\b",
            re.I,
        ),
        re.compile(
            r"[$€¥£]\s?\d|\d ?%|\b(?:m|b|tr)illion\b|\d(?:bn|m)\b|\bper ?cent|\b(?:free|cents|dollars|pounds)\b"
            r"|\d\s(?:US )?(?:yuan|euros?|won|yen|RMB|USD)\b",
            re.I,
        ),
    ),
    *(_measure(name, asked, told) for name, (asked, told) in _MEASURES.items()),
    Kind("a price", _COSTS, _with_a_number(_MEASURES["a price"][1])),
    Kind(
        "a number sold",
        re.compile(
            r"\bhow many\b(?!.*\b(?:firms|companies|people|countries|entities|licen[cs]es)\b)"
            r".*\b(?:sold|sell|shipped|ship|bought|buy|delivered|deliver)\b",
            re.I,
        ),
        re.compile(
            r"\A(?=.*\b(?:sold|sales?|sell\w*|ship\w*|bought|buy\w*|purchas\w*|order\w*|deliver\w*|receiv\w*)\b)"
            rf"(?=.*(?:(?<![$€£¥.,\d])\b(?!(?:19|20)\d\d\b)\d[\d,]*\b(?![%.\w-]| (?:{MONTHS}))"
            r"|(?<![$€£¥\d.,])\d[\d.,]* [mb]illion|\bno\b|\bnone\b))",
            re.I | re.S,
        ),
    ),
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
    *ASSESSED,
    Kind(
        "a day",
        re.compile(rf"^(?!.*{_DATED_BY_ITSELF}).*\b(?:what|which) (?:exact )?(?:date|day)\b", re.I),
        re.compile(rf"\b(?:{MONTHS}|{_WEEKDAYS})s?\b|\b\d{{4}}-\d\d-\d\d\b|\bDay\b|\bBCE?\b"),
    ),
)


# What it adds to the log odds that a question for a reason is answered, and what its lack takes: of 25 whose answer no
# "because" tells, 24 are answered (21), and of 25 near misses 11 (13).
TELLS_WHY, TELLS_NO_WHY = 0.5, -0.6


def odds_of_a_reason(question: str, sentence: str) -> float:
    """What the words of the best sentence say, in log odds, of whether a question for a reason is answered."""
    kind = kind_of(question)
    if kind is None or kind.name != "a reason":
        return 0.0
    return TELLS_WHY if kind.has.search(sentence) else TELLS_NO_WHY


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


def assessing(question: str) -> Callable[[Span], float]:
    """What share of its score a sentence keeps where an assessment is asked for: all where it gives one."""
    asked = [kind.has for kind in ASSESSED if kind.asks.search(question)]

    def share(sentence: Span) -> float:
        return 1.0 if all(has.search(sentence.text) for has in asked) else UNGIVEN

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


def ungiven(question: str, texts: Sequence[str]) -> Kind | None:
    """The kind that a question demands and that none of the texts gives; None where nothing is amiss."""
    demanded = (kind for kind in DEMANDED if kind.asks.search(question))
    return next((kind for kind in demanded if not any(map(kind.has.search, texts))), None)
