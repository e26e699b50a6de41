"""How a question opens: courtesies, "and …", "no, I meant …", "what about …", "X, what does it do?". Pure functions.

A courtesy ("Thanks a lot!") asks nothing, and is no turn of the conversation.

    "No, I meant the Lion Act"          -> the Lion Act, asked for as by "What about the Lion Act?"
    "And the Lion Act, is it law?"      -> is the Lion Act law?
    "for small orders, any exception?"  -> any exception for small orders?
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.names import atoms, things
from rag.question.follow.forms import ASKED, AUXILIARY, PREPOSITION

_THAT_IS_FINE = (
    r"(?:and )?that(?:['’]s| is| was) (?:all|it|great|good|helpful|useful|interesting|enough)"
    r"|for (?:now|that|(?:your|the) help)|(?:very )?helpful|(?:and )?all"
)
LONGEST_COURTESY = 100  # characters
_COURTESY = re.compile(
    r"(?:(?:ok(?:ay)?|(?:many )?thank(?:s| you)|thx|cheers|great|good|nice|perfect|excellent|cool|fine|sure|right|yes"
    r"|alright|yep|no|nope|hello|hi|hey|bye|goodbye|welcome|please|got it|i see|i understand|understood|interesting"
    rf"|wow|well|really|very (?:much|good|interesting)|so much|a lot|again|{_THAT_IS_FINE}|never mind|are you sure"
    r"|how are you|good (?:morning|afternoon|evening|day|job)|谢谢(?:你|您)?|多谢|好的?|明白了|你好|再见)"
    r"(?:\b|(?<=[\u4e00-\u9fff]))[\s,.!?:;()\u3002\uff0c\uff01\uff1f-]*)+",
    re.I,
)
_OPENS = re.compile(
    r"(?:(?:(?:and|but|so|or|then|also|again|ok|okay|well|thanks|thank you|fine|by the way|btw)\b"
    r"|(?:great|good|nice|right|sure|interesting|got it|i see|understood)(?=\s*[,.!;]))[\s,.!;]*)+",
    re.I,
)
_ASKS_FOR = re.compile(r"(?:what about|how about|what of)\s+", re.I)
_CORRECTS = re.compile(
    r"(?:(?:no|nope)(?:\s*[,;:!\u2013\u2014]+\s*|\s+(?=wait\b|sorry\b|i mean|not\b|the one\b))"
    r"|(?:sorry|wait|hold on|pardon|oh|actually|rather|i mean)\b[\s,;:!\u2013\u2014-]*)*"
    r"(?:(?:what )?i (?:really |actually )?(?:meant?\b|(?:was|am) asking (?:about|for))\s*(?:is |was )?)?",
    re.I,
)
_NOT_THAT = (
    re.compile(r"not (?P<old>(?:about |for )?[^,;]+?)(?:\s*[,;\u2013\u2014]\s*(?:but )?| but )(?P<new>\S[^,;]*)", re.I),
    re.compile(r"(?P<new>[^,;]*\S)\s*[,;\u2013\u2014] ?(?:and )?not (?P<old>[^,;]+)", re.I),
)
_TAG = re.compile(rf",\s*(?:{AUXILIARY})(?:n['’]t)? (?:it|they|he|she|that)\W*$|,\s*(?:right|correct)\W*$", re.I)
_ENDS = re.compile(r"[\s,]+(?:by the way|btw|please|though)(?=\W*$)", re.I)
_SUBORDINATE = "if|when|while|since|after|before|although|because|as|given|once|according|that"
_FRONTED = re.compile(
    rf"(?P<prep>(?:for|in|under|with|on|at|to|about) )?(?P<topic>(?!(?:{_SUBORDINATE}|{ASKED}|{AUXILIARY})\b)"
    rf"[^,?]{{2,60}}), (?P<asked>(?:{ASKED}|{AUXILIARY}|any)\b.*)",
    re.I,
)
_FOR_IT = re.compile(
    rf"\b(?:it|its|they|them|their)\b|\b(?P<before>(?:{AUXILIARY}|{PREPOSITION}) )(?:this|that|these|those)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A question without how it opens; `follows` behind "and", `asks_for` what is named, `instead_of` something.

    `corrects` behind "no, I meant": what is named is not asked for beside the last topic.
    """

    text: str
    follows: bool = False
    asks_for: bool = False
    instead_of: str = ""
    corrects: bool = False


def is_courtesy(question: str) -> bool:
    """True for "Thanks!", "ok, got it", "hello": nothing is asked."""
    said = question.strip()
    return len(said) <= LONGEST_COURTESY and bool(_COURTESY.fullmatch(said))


def without_opener(question: str) -> Opened:
    """The question without "And …", "What about …" and "No, I meant …"."""
    opener = _OPENS.match(question)
    rest = question[opener.end() :] if opener else question
    corrects = _CORRECTS.match(rest)
    corrected = bool(corrects and corrects[0])
    rest = rest[corrects.end() :] if corrects else rest
    if not any(c.isalnum() for c in rest):
        return Opened(question)
    asked = _ASKS_FOR.match(rest)
    rest = _TAG.sub("?", _ENDS.sub("", rest[asked.end() :] if asked else rest))
    for form in _NOT_THAT:
        if (match := form.fullmatch(rest.rstrip("?.! "))) and not re.search(rf"\b(?:{AUXILIARY})\b", match[0]):
            return Opened(match["new"], bool(opener), True, re.sub(r"^(?:about|for) ", "", match["old"]))
    whole = re.match(rf"(?:{ASKED}|{AUXILIARY})\b", rest, re.I)
    named = corrected and not (whole or _FRONTED.match(rest))
    return Opened(rest, bool(opener), bool(asked) or named, corrects=named)


def unfronted(text: str) -> tuple[str, bool]:
    """(`is the Lion Act law?` for "the Lion Act, is it law?", if a topic stood in front); any other text unchanged."""
    match = _FRONTED.fullmatch(text)
    if not match or any(n.kind == "date" for n in atoms(match["topic"])):
        return text, False
    asked, topic = match["asked"], match["topic"]
    if match["prep"]:
        put = match["prep"].lower() + topic
        there = re.search(r"\bthere\b", asked)
        whole = f"{asked[: there.start()]}{put}{asked[there.end() :]}" if there else f"{asked.rstrip('?.! ')} {put}?"
        return whole, False
    pronoun = _FOR_IT.search(asked) if things(topic) else None
    if pronoun is None:
        return text, False
    start = pronoun.end("before") if pronoun["before"] else pronoun.start()
    own = "’s" if pronoun[0].lower() in ("its", "their") else ""
    return f"{asked[:start]}{topic}{own}{asked[pronoun.end() :]}", True
