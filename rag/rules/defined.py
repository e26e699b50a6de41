"""Does a question ask what a term means? Then the sentence that defines it comes before those that only use it.

Laws and rules use a term dozens of times and define it once: `the term “X” means`, `X is defined as`, `X. Any natural
person who …`. Left out: whether the definition is the one of the law asked about, which search and the reader weigh.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag.datatypes import Source, Span
from rag.glossary import record_of, same_as
from rag.names import FUNCTION, HEADS, atoms, things
from rag.text import words

USES_IT = 0.75  # of its score a sentence keeps that only uses the term

_THING = r"(?:an? |the |its |their )*(?:terms? |phrase |word |concept )?(?P<term>[^“”\"‘?,;:()]{2,60}?)"
_END = r"(?=\s*(?:[?.,;:(]|$|\b(?:in|under|for|by|within|according|as (?:used|defined)|mean|defined)\b))"
_ASKS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"\b(?:define[sd]?|defining|definitions? (?:of|for)|meant by|meanings? of)\s+{_THING}{_END}",
        rf"\bwhat (?:does|do|did)\s+{_THING}\s+mean\b(?! for\b)",
        rf"\bhow (?:is|are|was|were)\s+{_THING}\s+(?:\w+ly )?defined\b",
        rf"\b(?:counts?|counted|qualif\w+) as\s+{_THING}{_END}",
        r"^(?:who|what) (?:is|are) (?:an? |the term )(?P<term>[^“”\"‘?,;:()]{2,60}?)"
        r"(?= (?:in|under|for|according to) (?:the|an?|its|[A-Z\d]|section|part)\b)",
    )
)
_QUOTED = re.compile(r"(?:(?<=\s)|^)[“\"‘'](?P<term>[^“”\"‘’'?]{2,60})[”\"’'](?=[\s?.,]|$)")
_OF_A_QUOTED = re.compile(
    r"\b(?:defin\w+|mean(?:s|t|ing|ings)?|(?:what|who) (?:is|are)|(?:count\w*|qualif\w+|regarded|treated) as)\b", re.I
)
_LEAD = r"(?:^|[“\"'‘`(—]|\b(?:terms?|phrase|word|an?|the|of)\s+|\)\s*|\.\s+)"
_CLOSE = r"[,”\"'’]*(?:\s*\([^)]{1,40}\))?"
_SAYS = (
    rf"{_CLOSE},?(?:\s+(?:or|and) [“\"‘']?[^”\"’'.;]{{1,40}}[”\"’']*)?"
    r"(?:,? (?:as used|for (?:the )?purposes|with respect|when used|in this)[^,.;]{0,80},?)?"
    r"\s+(?:means?\b(?! (?:of|to|by|for|that)\b)|shall mean|(?:is|are) (?:hereby )?defined (?:as|to|in|by)|refers? to"
    r"|(?:has|have|shall have) the meanings?)"
)
_IN_QUOTES_IS = r"[”\"'’]+(?:\s*\([^)]{1,40}\))*\s+(?:is|are|includes?)\s"


OPENS, MENTIONS = 0.85, 0.6  # where a thing is to be introduced: one that opens a document on it, and any other
OPENING = 10  # characters of a document, in which its first sentence begins
_INTRODUCE = re.compile(
    r"(?:so |and |please |can you )*(?:what(?:['’]?s| is| are| was| were)|explain|describe|define"
    r"|tell me (?:what|about)"
    r"|(?:an? )?(?:overview|summary|introduction|background) (?:of|on|to)|how do(?:es)?(?= .* work\W*$)"
    r"|what (?:do(?:es)?|would)(?= .* (?:do|propose|contain|aim at)\W*$))"
    r"(?: exactly| actually)? (?:(?:the|an?) )?(?P<thing>[^?,;:]{2,50}?)"
    r"(?: (?:is|about|exactly|all about|again|works?|do|propose|contain|aim at|in short|briefly|please|to me"
    r"|in (?:simple|plain|easy) (?:words|terms|english)|for (?:dummies|beginners)))*\W*$",
    re.I,
)
_A_NOTION = re.compile(r"(?:so |and )*what(?:['’]?s| is) an? ", re.I)
_BARE = re.compile(r"(?:the )?(?P<thing>[\w%.’'-]+(?: [\w%.’'-]+){0,4})\W*", re.I)
_COMMON = frozenset("policy strategy approach doctrine system scheme concept".split())  # beside the heads of names
_OF_A_THING = re.compile(
    r"\b(?:of|for|in|on|to|from|with|by|at|about|under|between|behind|against|doing|going|like|status|now|still|new|happening"
    r"|said|latest|current)\b",
    re.I,
)
_ASIDE = (
    r"(?: (?-i:[A-Z][a-z]+))?[”\"'’]*"
    r"(?:,? \([^)]{1,60}\)|, [^,;.]{3,100},| of (?:\d+ )?(?:[A-Z]\w+ )?\d{4}|['’]s [\w-]+)*"
)
_BEHIND = re.compile(
    r"\b(?:in|of|under|by|from|to|on|with|for|against|about)(?: the| an?)? $", re.I
)  # then it is no subject
_ALSO = r"(?: (?:also|would|will|can|may|does|do|had|has|have|is|was|are|were|first|published|then))* "
# "What was the first lamp called?", "What is Lee's nationality?": a name is asked for, or something of the thing.
_NO_NAME = re.compile(
    r"['’]s\b|['’] |\b(?:that|which|who|first|last|most|best|main|only|other|same|term|name|called|named)\b|\b\w+est\b"
    r"|\w+ed$|(?:\S+ ){5}",
    re.I,
)
_DOES = (
    r"(?!additions?\b)(?:extend|appl|requir|cover|bar|ban|set|let|allow|make|oblig|name|restrict|control|prohibit|give|creat|impos|add"
    r"|treat|judge|join|concern|prevent|tak|widen|tighten|limit|divid|put|list|gave|mean|regulat|aim|link|deliver"
    r"|consist|includ|identif|provid|authori[sz]|establish|enabl|expand|seek|support|direct|invest|fund)\w*\b"
)


def asked_term(question: str) -> str:
    """The term whose meaning is asked for; empty where none is."""
    quoted = _QUOTED.search(question)
    if quoted and _OF_A_QUOTED.search(question):
        return quoted["term"].strip()
    for pattern in _ASKS:
        found = pattern.search(question)
        if found and set(re.findall(r"[a-z]+", found["term"].lower())) - FUNCTION:
            return found["term"].strip()
    return ""


def defining(term: str) -> Callable[[Span], float]:
    """What share of its score a sentence keeps: all where it defines the term."""
    name = r"[\s-]+".join(re.escape(w) + "(?:s|es)?" for w in re.findall(r"[\w.’'/-]+", _singular(term)))
    says = re.compile(rf"{_LEAD}[“\"'‘`]*{name}(?:{_SAYS})|[“\"‘'`]{name}{_IN_QUOTES_IS}", re.I)
    entry = re.compile(rf"[*_“\"]*{name}[*_”\"]*(?: \([^)]{{1,40}}\))?[.:—][*_]* +(?=[A-Z(“])", re.I)

    def share(sentence: Span) -> float:
        return 1.0 if says.search(sentence.text) or entry.match(sentence.text) else USES_IT

    return share


def asked_thing(question: str) -> str:
    """The thing that a question wants introduced, "What is the 50% rule?"; empty where it wants more or another thing.

    A bare name wants that too ("50% rule"). A person is not meant ("Who is …?"), nor a thing of a thing ("What is the
    price of the H20?").
    """
    found = _INTRODUCE.match(question)
    if found is None and (bare := _BARE.fullmatch(question)) and _is_a_name(bare["thing"]):
        found = bare
    thing = found["thing"].strip(" ?.!\"“”'") if found else ""
    return "" if _OF_A_THING.search(thing) or _NO_NAME.search(thing) else thing


def _is_a_name(text: str) -> bool:
    """True for a few search words that name one thing, and ask nothing of it: "50% rule", "nexperia"."""
    single = [n.text for n in atoms(text)]
    return bool(
        same_as(text)
        or record_of(text)
        or single == [text]
        or (not single and [n.text for n in things(text)] == [text])
    )


def with_the(thing: str) -> str:
    """The thing as a question has it: the Busan truce, but Nexperia."""
    return f"the {thing}" if thing.rpartition(" ")[2].lower() in HEADS else thing


def introducing(thing: str) -> Callable[[Span], float]:
    """What share of its score a sentence keeps: all where it says what the thing is or does, most where it opens on it.

    A record of what somebody said about it does not open on it; the record of what has that name opens on it.
    """
    own_record = record_of(thing)
    spelled = _names(thing)
    says = _says_what_it_is(spelled)
    tokens = [set(words(spelling)) for spelling in spelled]

    def share(sentence: Span) -> float:
        told, source = set(words(sentence.text)), sentence.document.source
        named = any(own <= told for own in tokens)
        if named and any(_is_subject(sentence.text, m.start()) for m in says.finditer(sentence.text)):
            return 1.0
        if sentence.document.id == own_record:
            return 1.0 if sentence.start < OPENING else USES_IT
        if not named:
            return USES_IT * MENTIONS
        if sentence.start >= OPENING:
            return MENTIONS
        return OPENS if any(own <= _subject(source) for own in tokens) else USES_IT * MENTIONS

    return share


def _says_what_it_is(spelled: set[str]) -> re.Pattern[str]:
    name = rf"(?:{'|'.join(re.escape(n) for n in sorted(spelled, key=len, reverse=True))})"
    return re.compile(
        rf"\b{name}{_ASIDE}(?:,? (?:is|are|was|were) (?:an?|the|one|any|those|non-)\b"
        rf"|, (?:an?|the|also|formally|short)\b|{_ALSO}{_DOES})|\b(?:known as|called|dubbed) (?:the )?[“\"'‘]?{name}\b",
        re.I,
    )


def _is_subject(text: str, start: int) -> bool:
    """True for a name that is not behind a preposition, nor the end of a longer one: "the Unreliable Entity List"."""
    before = re.search(r"\b([A-Z][a-z]+) $", text[:start])
    longer = before and before[1].lower() not in FUNCTION and all(n.kind == "person" for n in atoms(f"so {before[1]}"))
    return not longer and not _BEHIND.search(text, 0, start)


def _subject(source: Source) -> set[str]:
    """The words for what a record is on; of other documents, which open on their title, and of what was said, none."""
    if source.kind != "record" or source.status == "statement":
        return set()
    return set(words(source.title)) | (set(words(source.instrument)) if source.status != "event" else set())


def is_told_of(question: str, thing: str, texts: Sequence[str]) -> bool:
    """True when one of the texts has the name of the thing, or another name for it; "policy" and "rule" need not be.

    What is written without a capital or a number may be told in other words. But of a common notion, "What is a
    transistor?", a text has to say what it is: that many use the word is no answer.
    """
    if not re.search(r"[A-Z\d]", thing):
        notion = _A_NOTION.match(question) and not same_as(thing)
        return not notion or any(_says_what_it_is(_names(thing)).search(text) for text in texts)
    common = {token for head in HEADS | _COMMON for token in words(head)}
    names = [set(words(name)) - common or set(words(name)) for name in _names(thing)]
    return any(name <= set(words(text)) for text in texts for name in names)


def _names(thing: str) -> set[str]:
    """The thing as it is asked about, in the singular, and by the names of the glossary."""
    return {thing, _singular(thing), *same_as(thing)}


def looked_for(term: str) -> str:
    """The words that a definition of the term would have."""
    return f"the term {term} means"


def _singular(term: str) -> str:
    return re.sub(r"(?<=[a-z]{3})(?<!s)s$", "", term)
