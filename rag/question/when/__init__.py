"""A question -> When: which day's state it asks for, when the event was that it asks about, or nothing.

    "As of March 2024, …"  "Could … on 1 June 2025?"  "… by the end of 2024?"      as_of, a filter
    "… needed before the May 2025 guidance?"  "… a year ago, did … apply?"        as_of too: the day before, that day
    "… today?"  "Is … still …?"                                                   now
    "… in late 2023?"  "… since …"  "What came out before …?"                     period, a hint for the ranking

`phrases` finds the dates; what the question wants with one is told by the words that lead up to it and by whether it
asks for a state or an event. A date that only names a thing ("the October 2022 rule", "Act of 2022") is no time, and
one without its year is not guessed at. Left out: applying it (`pipeline`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from rag.datatypes import Anchor, When
from rag.dates import DAY, MONTH, Stretch, in_words, stretch_in_words
from rag.question.when.phrases import AFTER, BEFORE, Found, found_in

# The state of things is asked for. "Come into force", "put in place" and "apply for" are events.
_STATE = re.compile(
    r"(?<!put )(?<!brought )\bin (?:force|effect|place)\b(?! of\b)|\bst(?:ands?|ood)\b(?! for)|\bon the books\b"
    r"|\b(?:binding|valid|applicable|legal|lawful|allowed|permitted|prohibited|licensable|enforced|operative|still)\b"
    r"|\bactive(?= (?:in|on|as|at)\b|\W*$)|^\W*(?:is|are)\b.*\b(?:law|closed|over|open|pending|final)(?= yet\b|\W*$)"
    r"|\bappl(?:y|ies|ied)\b(?! for| to (?:bis|the|commerce)| materials)"
    r"|\bstatus\b|\bstate of play\b|(?<!became )(?<!become )\beffective\b(?! date)",
    re.I,
)
# What is given and taken is no state: "Which fabs lost validated end-user status in August?"
_A_STATUS = re.compile(
    r"\b(?:los[et]|g[eo]t|gain(?:ed)?|w[io]n|giv(?:e|en)|gave|grant(?:ed)?|receiv(?:e|ed)|revok(?:e|ed)|strip(?:ped)?"
    r"|remov(?:e|ed)|withdr[ae]wn?)\b[^?;]{0,60}?\bstatus\b",
    re.I,
)
# "Has the bill passed?", "Did it become law?"; not "Has the House passed it?", which asks for that vote.
_IS_IT_LAW = re.compile(
    r"^\W*(?:has|have|did|was|were)\b(?!.*\b(?:House|Senate|committee|chamber)\b).*?"
    r"\b(?:(?:become|became) (?:a )?law|enacted|(?:signed|passed|written) into law|t(?:ake|aken|ook) effect"
    r"|(?:come|came|enter(?:ed)?) into (?:force|effect)|(?<=\s)passed(?= yet\b|\W*$)|finali[sz]ed(?= yet\b|\W*$))"
    r"|^\W*(?:has|did) (?:the )?(?:US )?Congress (?:ever |already )?(?:pass|enact|adopt|approve)(?:e?d)?\b.*"
    r"\b(?:Act|bill|law)\b",
    re.I,
)
_RESTRAINT = r"(?:rule|restriction|limit|control|curb|ban|licen[cs]e|permit|exemption|exception|dut(?:y|ies)|tariff)s?"
# With a past day these ask for a state too; without one they say nothing of time: "What does an exporter need?"
_STATE_THEN = re.compile(
    r"\b(?:could|able to|free to|ha(?:d|ve) to(?! say)|need(?:s|ed)?|(?<!put )on hold|paused|bind|bound|govern(?:s|ed)?"
    r"|subject to|covered|faced?|known|exist(?:s|ed)?|look(?:ed)? like|as (?:it|they) w(?:as|ere)"
    r"|(?:was|were|be) required)\b"
    rf"|\bw(?:as|ere) there (?:\w+ ){{0,3}}{_RESTRAINT}|\b{_RESTRAINT} (?:was|were) there\b"
    r"|有效|生效|适用|需要|必须|允许|禁止|可以|能否|能不能|受(?:到)?(?:限|管制|控制)",
    re.I,
)
_STATE_BEFORE = re.compile(r"\b(?:demand|require|cover|restrict|control|allow|permit|forbid)(?:s|ed)?\b", re.I)
_SAYS = re.compile(
    r"\b(?:say|said|saying|tell|told|claims?|claimed|clarif\w+|writes?|wrote|announced?|reported|warn(?:s|ed)?|admit\w*)\b",
    re.I,
)
# What was done to a thing and lasts: whether it was so on a day asks for the state, of an event one asks "when".
_LASTS = re.compile(
    r"(?:^|[,;] )(?:was|were)\b.*"
    r"\b(?:suspended|banned|barred|blocked|restricted|licensed|exempt\w*|frozen|paused|already)\b",
    re.I,
)
# Without a word for now these ask what a rule is on: "To whom does it apply?", "Does it apply to joint ventures?"; or
# whether something is right or binds: "Is the cut legal?"; or for a length: "How long is it valid?"
_NO_STATE = re.compile(
    r"\bappl(?:y|ies) (?:(?:only )?to|everywhere|worldwide)\b|\blegally binding\b"
    r"|\bto (?:whom|what|which)\b.*\bappl(?:y|ies)\b|^\W*(?:who|what|where)\b.*\bappl(?:y|ies)\b"
    r"|\b(?:legal|lawful)\b|\bhow long\b.*\bvalid\b",
    re.I,
)
# A figure of that day is asked for, which those of other days are not.
_FIGURE = re.compile(
    r"\bhow (?:much|many|high|large)\b|\bwhat\b.* (?:rate|price|amount|number|share|figure|sum)\b", re.I
)
_PRESENT = re.compile(
    r"\b(?:is|are|does|do)\b|^\W*(?:the )?(?:[\w-]+ )?status of\b", re.I
)  # "Is it in force?" asks for today, with no word for it
_EVENT = re.compile(r"^\W*(?:when|why|how (?:did|could|come)|since when)\b", re.I)
_YES_NO = re.compile(r"(?:^|, |; )(?:was|were|did|could|had)\b", re.I)
_WHETHER = re.compile(r"\W*(?:is|are|was|were|do|does|did|can|could|has|have|had|may|must)\b", re.I)
_HOLDS = re.compile(r"\W*(?:is|are|do|does|can|may|must)\b", re.I)
_WHAT_BECAME = re.compile(
    r"\bwhat(?: ha[sd])?(?: \w+ly)? (?:became of|become of|(?:happened|happen) (?:to|with)|c[ao]me (?:out )?of"
    r"|replaced|superseded|succeeded|(?:took|taken) the place of|followed)\b|\bwhat did .* lead to\b"
    r"|\b(?:which|what) [\w -]{3,40} (?:replaced|superseded|succeeded)\b|\bby what was .* (?:replaced|superseded)\b",
    re.I,
)
_HAPPENED = re.compile(
    r"\W*what (?:else |exactly )?(?:has |have |had )?(?:happened|took place|occurred|went on) (?:at|in|on|during) "
    r"(?=[^?]*\w)",
    re.I,
)
_DUTY = re.compile(
    r"\b(?:must|should|will|shall|due|deadline|ha(?:ve|s|d) to|needs? to|compl\w+|target\w*|plan\w*|aims?)\b", re.I
)
_PAST = re.compile(r"\b(?:had|was|were|did|has|have|how (?:many|much))\b", re.I)
_NOW = re.compile(
    r"\b(?:as of (?:today|now)|right now|at the moment|at present|presently|currently|current|nowadays|these days"
    r"|to date|so far|to this day|as things stand|any ?more|any longer|today|still"
    r"|(?<!\bthe )(?<!\ba )now(?! (?:that|something|another|let|turn|on to|to|about|for)\b)(?!-))\b"
    r"|现在|目前|如今|今天|当前|至今|仍|还(?=有效|适用|生效|需要|禁止|在执行)",
    re.I,
)
_STILL = (
    r"(?:still|currently|now|legally|formally|actually|already|yet|today|right now|at the moment|at present|presently"
    r"|any ?more|any longer)"
)
_ITS_STATE = re.compile(
    rf"\b(?:{_STILL} )*(?:in (?:force|effect|place)(?! of\b)|on (?:hold|the books)|valid|active|effective|binding"
    r"|applicable|operative|enforced|suspended|paused|law(?= yet|\W*$)|appl(?:y|ies|ied)(?! (?:to|for|materials))"
    rf"|(?:current |present )?status|stand(?:s|ing)?(?=\W*$))(?: {_STILL})*\b|\b{_STILL}\b",
    re.I,
)
_ASKING = re.compile(
    r"^\W*(?:(?:and|so|but),? )?(?:what(?:['’]s| is| was) the (?:current |present |latest )?(?:status|state) of"
    r"|until when (?:is|are)|is|are|was|were|do|does|did|has|have|had|what(?:['’]s| is| was)) ",
    re.I,
)
_YEARLESS = re.compile(
    rf"\bas (?:of|at) (?:(?:early|mid|late|the end of)[ -])?(?:{DAY} )?{MONTH}(?: {DAY})?(?![\w.]|,? \d)", re.I
)
OTHERS_TOO = "; other days are not left out"  # in the note on a date that only helps to rank
_UNTIL, _SINCE = ("until", "till", "up to", "up until", "through"), ("since", "from")
_AT = ("in", "on", "at", "during", "within", "around", "throughout", "over", "back in", "")


def read_when(question: str, today: date, anchors: Sequence[Anchor] = (), given: date | None = None) -> When:
    """What a question says about time. A `given` as-of day, from a date field say, wins over the words."""
    found = found_in(question, today, anchors)
    as_of, day = next(((f, d) for f in found if (d := _day_asked(f, question, today))), (None, None))
    dated = next(((f, p) for f in found if f is not as_of and (p := _period(f))), None)
    now = None if as_of or given or _YEARLESS.search(question) else _NOW.search(question)
    words = [f.words for f in (as_of, dated and dated[0]) if f] + ([now[0]] if now else [])
    lasts = dated is not None and dated[1][0] <= today <= dated[1][1] < date.max  # "this year"
    present = _PRESENT.search(question) and _STATE.search(_A_STATUS.sub(" ", _NO_STATE.sub(" ", question)))
    asked_now = (lasts or not words) and not given and (present or _IS_IT_LAW.search(question))
    when = When(given or day, bool(now or asked_now), dated and dated[1], tuple(words))
    said = _said_as_of(as_of.words if as_of else "", day, given, question)
    said += [f"Read “{now[0]}” as {in_words(today)}."] if now else []
    said += [f"Read “{dated[0].words}” as {stretch_in_words(dated[1])}{OTHERS_TOO}."] if dated else []
    return replace(when, as_of_words=as_of.words if as_of and not as_of.subject else "", note=" ".join(said))


def without_its_day(question: str, when: When) -> str:
    """What to search for: the words that set the as-of day have done their work, and would find that day's events."""
    rest = " ".join(question.replace(when.as_of_words, " ", 1).split()) if when.as_of_words else question
    rest = rest.replace(", )", ")").replace(" ( )", "")
    return rest.lstrip(",; ") if any(map(str.isalnum, rest)) else question


def without_its_state(question: str) -> str:
    """What a question for a state is on, to search for: `Is the 50% rule still in force?` would find all in force.

    What may have been done to it ("lifted", "extended") stays.
    """
    rest = " ".join(_ITS_STATE.sub(" ", _ASKING.sub(" ", question)).split()).strip(" ?.,;:-–")
    return rest if any(map(str.isalnum, rest)) else question


def without_happening(question: str) -> str:
    """`What happened at the Busan summit?` is on the Busan summit: no source says that it happened."""
    return _HAPPENED.sub("", question).strip(" ?") if _HAPPENED.match(question) else question


def with_its_day(question: str, when: When) -> str:
    """The same question with its as-of day said in so many words, so that one that follows it can take it over."""
    if when.as_of is None or not when.as_of_words or when.as_of_words.lower().startswith("as of "):
        return question
    rest = without_its_day(question, when).rstrip("?.! ")
    return f"{rest[:1].upper()}{rest[1:]} as of {in_words(when.as_of)}?"


def asks_whether(question: str) -> bool:
    """True for a question that wants a yes or no: "Does the rule still apply?"."""
    return bool(_WHETHER.match(question))


def holds_now(question: str) -> bool:
    """True for a question whether something is so, not whether it was: "Does EDA software need a licence?"."""
    return bool(_HOLDS.match(question))


def asks_what_became(question: str) -> bool:
    """True for "What became of the rule?" and "What replaced it?"."""
    return bool(_WHAT_BECAME.search(question))


def _day_asked(found: Found, question: str, today: date) -> date | None:
    """The day on which the state of things is asked for; None where it is asked what happened then."""
    lead, day = found.lead, found.on
    if lead in ("as of", "as at", "as on"):
        return day
    if found.named or day > today:
        return None
    if lead == "by":
        return day if _PAST.search(question) and not _DUTY.search(question) else None
    if lead == "back in" and _YES_NO.search(question):
        return day
    told = _SAYS.search(question) or _FIGURE.search(question)
    asks = _STATE.search(_A_STATUS.sub(" ", question)) or (not told and _STATE_THEN.search(question))
    if _EVENT.search(question):
        return None
    if lead in BEFORE:
        return found.days[0] - timedelta(1) if asks or _STATE_BEFORE.search(question) else None
    return day if lead in _AT and lead and (asks or _LASTS.search(question)) else None


def _period(found: Found) -> Stretch | None:
    first, last = found.days
    if found.lead in BEFORE:
        return date.min, first - timedelta(1)
    if found.lead in AFTER:
        return (last + timedelta(1), date.max) if last < date.max else None
    if found.lead in _SINCE:
        return first, date.max
    if found.lead in _UNTIL:
        return date.min, last
    return found.days if found.lead in _AT and not found.named else None


def _said_as_of(words: str, day: date | None, given: date | None, question: str) -> list[str]:
    """How the day was read, for the reader; `day` is the one of the question's own `words`."""
    if not (day or given):
        yearless = _YEARLESS.search(question)
        return [f"“{yearless[0]}” names no year, so no day was taken from it. Add the year."] if yearless else []
    if given:
        said = [f"As of {in_words(given)}: only what was published by then."]
        other = f"The question says “{words}” ({in_words(day)}); the day set beside it is used." if day else ""
        return [*said, other] if day and day != given else said
    named = day and in_words(day)
    read_as = f"As of {named}" if str(named) in words else f"Read “{words}” as {named}"
    return [f"{read_as}: only what was published by then."]
