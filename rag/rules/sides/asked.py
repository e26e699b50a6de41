"""Whose position does a question ask for? A name counts where it speaks, not where it is spoken of.

"How did China respond", "Beijing's reaction", "according to Nvidia", "both sides" and "who said" ask; "exports to
China" and "the China rule" do not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.names import CHINESE, CHINESE_OFFICE, FUNCTION
from rag.rules.sides.voices import Voice, Voices
from rag.text import words

_NEAR, _LONGEST_CHAIN = 120, 8  # characters around a name, and names in a row, that are looked at
LONGEST_ITSELF = 25  # words; a longer question asks for more than somebody's position
_POSITION = (
    r"(?:say|saying|tell|respond|react|reply|answer|retaliate|call|argue|claim|criticise|criticize|object|oppose|promise|"
    r"warn|accuse|deny|insist|complain|condemn|welcome|comment|predict|describe|defend|justify|explain|blame|vow|demand|"
    r"threaten|protest|think|believe|view|see|maintain|want|ask|urge|state|feel|reject|support|dispute|testify|"
    r"disagree|talk|expect|hope|admit|concede|acknowledge|recommend)(?:s|d|ed)?|said|told|saw|thinks"
)
_NOUN = (
    r"(?:position|response|reaction|reply|answer|view|account|claim|stance|statement|comment|criticism|objection|opinion|"
    r"promise|warning|complaint|argument|explanation|version(?! of the (?-i:[A-Z]))|remark|word|take|side|perspective|"
    r"rebuttal|denial(?! order)|defence|defense|justification|attitude|line)s?"
)
_OFFICE = (
    r"(?:\s+(?:government|authorities|officials?|regulators?|customs|ministry|foreign ministry|commerce ministry|"
    r"minister|side|spokes\w+|lawmakers|company|industry|chipmakers?|firms?|ceo|chief|leaders?|leadership|president|"
    r"media))*"
)
_THE = r"\s+(?:the\s+)?$"
_AFTER_PREPOSITION = re.compile(
    rf"\b(?:in|to|from|with|for|at|of|against|about|on|into|by|between|inside|towards?|outside){_THE}", re.I
)
_FROM = re.compile(
    rf"\b{_NOUN}\s+(?:\w+\s+){{0,2}}(?:from|of|by|in){_THE}"
    rf"|\b(?:according to|hear from|in the (?:words|eyes|view) of){_THE}"
    rf"|\b(?:said|called|argued|claimed|criticised|described|seen) by{_THE}",
    re.I,
)
_TOLD = re.compile(  # "What does BIS say Huawei did?", "… want Nvidia to explain"
    r"\b(?:say|says|said|claim|claims|think|thinks|believe|believes|argue|argues|insist|insists|want|wants|wanted|ask|"
    r"asked|tell|told|urge|urged|order|ordered|press|pressed|make|made|let)(?: that)?\s+(?:the\s+)?$",
    re.I,
)
_DONE_TO = re.compile(r"\b(?:was|were|is|are|been)\s+(?:the\s+)?$", re.I)  # "was TSMC told"
_OF_ANOTHER = re.compile(  # "Biden's national security adviser"
    r"['’]s? (?:[\w-]+ ){0,3}(?:advis[eo]r|envoy|ambassador|deputy|lawyer|nominee|adviser|rival|party|family)\b", re.I
)
_ITS_MAN = re.compile(r"['’]s [A-Z][a-z]+(?! [A-Z])\b")  # "Intel's Gelsinger", whom his turn names
_ITS = re.compile(
    r"(?:\b(?:its|their|his|her|my|your)|['’]s?) $", re.I
)  # "BIS's Huawei statement" is no word of Huawei's
_OF_A_FIRM = re.compile(rf"\bthe\s+\|(?!{_OFFICE[:-1]}+\b|['’]|\s+{_NOUN}\b)", re.I)
_POSSESSES = re.compile(
    rf"(?:['’]s?)?{_OFFICE}(?:['’]s?)?(?:\s+(?:official|public|first|own|main|and|(?-i:[A-Z])\w+))*\s+{_NOUN}\b"
    r"(?! (?:rule|act|list|letter)\b)",
    re.I,
)
_CHAINED = re.compile(rf"{_OFFICE}\s*(?:,|and|or|&)\s+(?:the\s+)?", re.I)
_HAS_A_WORD = re.compile(
    rf"(?:['’]s?)?{_OFFICE}(?:,[^,]+,)?(?:\s+(?:of\s+\w+|also|still|really|publicly|now|ever|each|both|have|has|had|to))*"
    r"(?:\s*(?:,|and|or)\s+(?:the\s+)?(?-i:[A-Z][\w'’]+(?: [A-Z]\w+)?))?"  # "… and Ren Zhengfei", whom no catalog names
    rf"\s+(?:{_POSITION})\b",
    re.I,
)
_BOTH = re.compile(
    r"\b(?:both|two|each|all|the different) (?:sides?|governments|capitals|parties|countries|accounts)\b", re.I
)
_WHO = re.compile(
    r"\bwho(?:ever)? (?:first |else |publicly |has |had |have )*(?:said|says|say|called|calls|told|claimed|claims|"
    r"argued|argues|warned|warns|promised|criticised|denied|described|accused|predicted|objected|used the (?:phrase|"
    r"words?))\b|\bwhose (?:words?|quote|phrase|claim|remark|statement|position|view|opinion)\b|\bwho says what\b",
    re.I,
)
_CHINESE = re.compile(
    rf"(?P<name>{'|'.join(sorted(CHINESE, key=len, reverse=True))}){CHINESE_OFFICE}(?P<topic>对[^？?，,。]{{1,30}})?"
    r"(?:当时|后来|又|是)?(?:怎么|如何|怎样|有什么|有何|的)?(?:回应|反应|反制|说|表示|评论|表态|看待|看法|立场|态度|回答)"
)
_ABOUT_IT = re.compile(r"\b(?:when|where|which|whose?|until|how (?:many|much|long|often|large|far|big|high))\b", re.I)
_DEEDS = re.compile(
    r"\b(?:respon[ds]\w*|react\w*|retaliat\w*|answer\w*|repl(?:y|ied)|promis\w*|reject\w*|admit\w*|want\w*)\b", re.I
)
_WORDS_OF = re.compile(
    r"\b(?:what|how) (?:did|does|do|has|have|had) .+ (?:say|said|think|describe|respond|react|tell|told|argue|explain"
    r"|put it|characteri[sz]e|view)\b",
    re.I,
)
_GENERIC = frozenset(
    words(re.sub(r"\W+", " ", f"{_POSITION} {_NOUN} {_OFFICE}") + " both sides compare public accord own")
)


@dataclass(frozen=True, slots=True)
class Asked:
    """`voices` whose position is asked for; `open` when the question is who holds one. `topic` are the other tokens.

    `itself` is false where only a thing about the position is asked ("On which date did Nvidia say so?"); `deeds` is
    true where what was done answers too ("How did Nvidia respond?").
    """

    voices: tuple[Voice, ...] = ()
    open: bool = False
    topic: frozenset[str] = frozenset()
    itself: bool = True
    deeds: bool = False

    def __bool__(self) -> bool:
        return bool(self.voices) or self.open

    @property
    def sides(self) -> tuple[str, ...]:
        """The sides asked for, in the order of the question."""
        return tuple(dict.fromkeys(v.side for v in self.voices))


def asks_for_words(question: str) -> bool:
    """True where it is asked what somebody said, known or not: "What did the senior official say about banks?"."""
    return bool(_WORDS_OF.search(question))


def asked_sides(question: str, known: Voices) -> Asked:
    """The sides and speakers that a stand-alone question asks about; none for most questions."""
    found = [*known.pattern.finditer(question)]
    voices = [
        known.named(m[0], question[: m.start()]) for n, m in enumerate(found) if _speaks(question, found, n, known)
    ]
    if _BOTH.search(question):
        governments = [v for m in found if not (v := known.named(m[0])).name]
        voices += governments if len(set(governments)) > 1 else [Voice("", "us"), Voice("", "china")]
    voices += [known.named(name) for m in _CHINESE.finditer(question) if known.has(name := _bare(CHINESE[m["name"]]))]
    voices = _without_repeats(voices)
    rest = _CHINESE.sub(lambda m: f" {m['topic'] or ''} ", question)
    content = " ".join(w for w in re.findall(r"[\w.'’-]+", rest) if w.lower() not in FUNCTION)
    asked = {w for m in found if known.named(m[0]) in voices for w in words(m[0])}
    tokens = set(words(content)) - asked - set(_GENERIC)
    itself = len(question.split()) <= LONGEST_ITSELF and not _ABOUT_IT.search(question)
    deeds = bool(_DEEDS.search(question))
    return Asked(tuple(voices), bool(_WHO.search(question)), frozenset(tokens), itself, deeds)


def _speaks(question: str, found: Sequence[re.Match[str]], n: int, known: Voices) -> bool:
    """True when the `n`-th name is asked for its position, by itself or with those that it is chained to."""
    before = question[max(0, found[n].start() - _NEAR) : found[n].start()]
    behind = _AFTER_PREPOSITION.search(before) or _TOLD.search(before)
    for match, following in zip(found[n : n + _LONGEST_CHAIN], [*found[n + 1 :], None], strict=False):
        after, voice = question[match.end() : match.end() + 2 * _NEAR], known.named(match[0])
        if _OF_ANOTHER.match(after) and voice.name:
            return False
        if voice.side == "industry" and (_OF_A_FIRM.search(f"{before}|{after}") or _ITS_MAN.match(after)):
            return False  # "the Nexperia dispute"
        spoken_of = re.match(r"\s", after) and (behind or _ITS.search(before))
        if _FROM.search(before) or (_POSSESSES.match(after) and not spoken_of):
            return True
        if behind:
            return False
        chain = _CHAINED.match(after)  # "Nvidia and AMD say" -> "AMD say"
        if not (chain and following and following.start() == match.end() + chain.end()):
            return bool(_HAS_A_WORD.match(after)) and not _DONE_TO.search(before)
    return False


def _bare(name: str) -> str:
    return name.removeprefix("the ")


def _without_repeats(voices: list[Voice]) -> list[Voice]:
    """Each voice once; a side as a whole gives way to its own body or person: "Beijing's Ministry of Commerce"."""
    once = list(dict.fromkeys(voices))
    return [v for v in once if v.name or not any(o.name and o.side == v.side for o in once)]
