"""A question that asks more than once -> what it asks, one by one.

    "What is it, who wrote it and has it passed?"  ->  What is it?  who wrote it?  has it passed?

Left out: relative clauses ("Lutnick, who leads it, …"), asides ("Why, in its own words, did …") and alternatives
("Is it in force or was it lifted?"), which ask nothing more.
"""

from __future__ import annotations

import re

from rag.names import HEADS, atoms, things

WHEN_OR_WHO = r"(?:(?:in|on|by|for|to|from|at|under|since|until) )?(?:when|why|how|what|who|whom|whose|which|where)"
_WHETHER = r"(?:is|are|was|were|does|do|did|has|have|had|can|could|may|must|will|would|should)"
ASKING = re.compile(rf"(?:{WHEN_OR_WHO}|{_WHETHER})\b", re.I)
_POINTED = r"(?:it|they|he|she|this|that|these|those|the|any(?:one|body)?)\b"
_SUBJECT = rf"(?:{_POINTED}|an?\b|[A-Z\d])"
_AMOUNT = r"how (?:much|many|long|far|large|big)\b"
_BOTH_ASKED = re.compile(rf"({WHEN_OR_WHO}),? (?:and|or) ({WHEN_OR_WHO}) (?=\w+ )(.+)", re.I)
_BOTH_AT_THE_END = re.compile(
    r"(?P<told>(?!(?i:who|what|when|where|why|how|which)\b)[^?]{8,}?) (?P<one>(?:which|what) [^?]+?),? and"
    r" (?P<other>(?:which|what) [^?]+)\??"
)
_BEFORE_AND_AFTER = re.compile(
    r"(?i:how (?:did|do|does|was|were|are|is)) (?P<what>.+?) (?:differ(?:ent)?|compared?|changed?) before and after"
    r" (?P<day>.+?)\W*"
)
_BOTH_DO = re.compile(
    r"(?P<asks>(?:What|Which [a-z]+|How) (?:did|does|do|will|would|must)) (?P<one>(?:the )?[A-Z][\w ]*?)"
    r" (?P<verb>[a-z]+(?: to| on| about| for)?),? and (?P<other>(?:the )?[A-Z][\w ]*?) (?P=verb)(?P<rest>\b.*)"
)
_CUTS = re.compile(
    rf"\?\s+(?=\w)|(?i:(?:,|;)? (?:and|but|or) (?:also )?(?=(?:{WHEN_OR_WHO})\b(?!\?|$|ever))(?!whose))"
    rf"|(?i:(?:,|;)? (?:and|but) (?:also )?(?={_WHETHER} {_POINTED}))"
    rf"|,? (?:and|but) (?:also )?(?={_WHETHER} {_SUBJECT})"
    rf"|, (?:and |or )?(?=(?:{WHEN_OR_WHO})(?:\?|,|$| and\b))(?!who,|which,)"  # ", when, and …", ", and since when?"
    rf"|, (?={_WHETHER} {_SUBJECT}|(?:(?:until|since|by) )?(?:when|where|why|how|what) {_WHETHER}\b|{_AMOUNT})"
    rf"|, (?=(?:which|what) (?:\w+ )+?{_WHETHER} (?:{_POINTED}|[A-Z]))"
    rf"|, (?=which (?:{'|'.join(sorted(HEADS))}|firms|countries)\b)"  # ", which firms got them?"
    r"|, (?=(?:on|under|by|for) what\b|who \w+ (?:it|them|this|that)\b)"
    r"|, (?:and|or) (?=(?:in|for|to|against|under|on) (?:\w+\W+){1,5}$)"  # ", and in the other case?"
    r"|(?P<versus> (?:versus|vs\.?|compared (?:to|with)) )(?=(?:the )?[A-Z\d][^,]*$)"  # "… pay versus ZTE?"
)
_VERSUS = (" versus ", " vs ", " vs. ", " compared to ", " compared with ")
_RANK = re.compile(r"(?:^| )(?:phases? )?(?:[IVX]+|\d)\b")
_PLACE = re.compile(r" (?:in|at|under|during|within) (?:the |its )?[^?]+$")
_PREPOSITION = re.compile(r"\b(?:in|at|under|on|of|for|to|by|with|from|about|it|they|this|that)\b", re.I)
_ASIDE = re.compile(r",[^,]{1,60}$")
_RELATIVE = re.compile(r", (?:who|which|whose) \w+")
_NO_QUESTION = re.compile(
    rf"(?:when|where|why)\b(?! {_WHETHER}\b)|while\b|had\b|how (?:it|they|he|she|the|an?)\b", re.I
)
_WITHOUT_VERB = re.compile(
    rf"(?:{WHEN_OR_WHO}) (?:do|does|did|can|could|may|must|will|would|should) (?:the )?(?!it\b|they\b)\w+", re.I
)  # "What must exporters and what must buyers do?"
_TOPIC = r"(?:[^:?,]{3,60}: )?"  # "The Affiliates Rule: is it in force, and since when?"


def both_asked(question: str) -> list[tuple[str, str]]:
    """`When and why was it dropped?` -> what is asked, and the question that asks only this, for each of the two.

    The same of "It led to which listing and which order?" and "What did Lee pay and Xi pay in May?".
    """
    if both := _BOTH_ASKED.fullmatch(question):
        return [(asked.lower(), f"{asked} {both[3]}") for asked in (both[1], both[2])]
    if both := _BOTH_AT_THE_END.fullmatch(question):
        return [(asked, f"{both['told']} {asked}?") for asked in (both["one"], both["other"])]
    if both := _BEFORE_AND_AFTER.fullmatch(question):
        return [(f"{when} {both['day']}", f"{both['what']} {when} {both['day']}?") for when in ("before", "after")]
    if both := _BOTH_DO.fullmatch(question):
        return [(who, f"{both['asks']} {who} {both['verb']}{both['rest']}") for who in both.group("one", "other")]
    return []


def asks_whether(clause: str) -> bool:
    """True for one that wants a yes or no."""
    return bool(re.match(rf"{_TOPIC}{_WHETHER}\b", clause, re.I))


def clauses(question: str) -> list[str]:
    """The questions of a question, without their question marks; only itself where it asks once."""
    named = {n.end for n in (*atoms(question), *things(question))}
    found, start = list[str](), 0
    for cut in _CUTS.finditer(question):
        before = question[start : cut.start()]
        aside = cut[0] == ", " and (_ASIDE.search(before) or _RELATIVE.search(before))
        if not aside and not (cut["versus"] and cut.start() in named):  # "A versus B" is a list
            found.append(before)
            start = cut.end()
    found = [clause.strip(" ?,;") for clause in (*found, question[start:])]
    if len(found) > 1 and question[:start].endswith(_VERSUS):
        found[-1] = _in_place_of_its_like(found[-1], found[-2])
    asks = re.match(rf"{_TOPIC}{ASKING.pattern}", found[0], re.I) and not _NO_QUESTION.match(found[0])
    asks = asks and not re.fullmatch(r"how \w+", found[0], re.I)  # "How soon and for how long must it …?"
    whole = all(re.search(r"\w", clause) and not _WITHOUT_VERB.fullmatch(clause) for clause in found)
    return _with_the_place_of_the_last(found) if asks and whole else [question]


def _in_place_of_its_like(name: str, clause: str) -> str:
    """`H200 sales` in "what is paid on H20 sales": what is paid on H200 sales; itself where nothing is like it."""
    bare, own = re.sub("^the ", "", name), atoms(name)
    phrases = [n for n in things(clause) if " " in bare and n.text.split()[-1] == bare.split()[-1]]
    like = phrases or [n for n in atoms(clause) if own and n.kind == own[0].kind]
    if not like:
        return name
    put = bare if phrases or re.search(r"\bthe $", clause[: like[-1].start]) else name
    rest = clause[like[-1].end :]
    return clause[: like[-1].start] + put + (_RANK.sub("", rest) if _RANK.search(put) else rest)


def _with_the_place_of_the_last(found: list[str]) -> list[str]:
    """`Which firms were added` and "which were removed in the June update": both in the June update."""
    last, tail = found[-1].split(), _PLACE.search(found[-1])
    if not tail or not atoms(tail[0]):
        return found

    def is_open(clause: str) -> bool:
        alike = clause.split()[0].lower() == last[0].lower()
        told = any(n.kind in ("thing", "code", "date", "quote") for n in things(clause))
        return alike and not told and not _PREPOSITION.search(clause)

    return [*(clause + tail[0] if is_open(clause) else clause for clause in found[:-1]), found[-1]]
