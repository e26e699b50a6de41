"""A question in Chinese -> one in English to search English sources with, by the tables of `corpus/chinese.toml`.

    什么是实体清单？ -> What is the Entity List?
    华为是哪一年被列入实体清单的 -> In what year was Huawei put on the Entity List?
    2024年12月发生了什么？ -> What happened in December 2024?

A whole question of a common form, or a clause put together from its words, or, where it has several clauses, the words
in their order. No translation: too many words that no table has, and nothing is said. Left out: when it is used
(`pipeline`).
"""

from __future__ import annotations

import re
import tomllib
from calendar import month_name
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from rag.dates import CHINESE
from rag.glossary import corpus_file
from rag.names import HEADS

_DATE_IN = (
    rf"(?:在|从|自)?(?P<day>{CHINESE}|\d{{1,2}}\s?月\s?\d{{1,2}}\s?[日号])(?:份)?(?P<side>以前|之前|以后|之后|以来|前|后|起)?"
    r"(?:的时候|期间|里|间|当天)?"
)
_DATE = re.compile(rf"(?>{_DATE_IN})(?!的.)")  # of what the sentence tells, not of a noun
_SIDES = {
    "以前": "before", "之前": "before", "前": "before", "以后": "after", "之后": "after", "后": "after",
    "以来": "since", "起": "since",
}  # fmt: skip
_YEAR_IN_WORDS = re.compile("[〇零一二三四五六七八九]{4}(?=年)")
_MONTH_IN_WORDS = re.compile("(?<=年)(?:十[一二]?|[一二三四五六七八九])(?=月)")
_MONTHS = dict(zip("一 二 三 四 五 六 七 八 九 十 十一 十二".split(), map(str, range(1, 13)), strict=True))
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_LATIN = r"[A-Za-z0-9$%€][A-Za-z0-9$%€.,:/&+-]*"
_OPENS = re.compile(r"^(?:请问|那么|我想知道|想问一下|想问|你知道|告诉我|请告诉我)[，, ]*")
_MARKS = re.compile(r"[“”\"‘’《》「」『』（）() ]+")
_CLAUSES = re.compile("[，,；;：:?？!！。]")
LONGEST = 10  # words of a clause that is put together; those of a longer question come in their order
_DID = {"have": "does"}
KNOWN = 0.7  # share of a question's Chinese letters, small words apart, that have to be known
_TAKES_A_NOUN = re.compile(r"(?:how (?:many|much)|which|what)$")
_WITH_DO = re.compile(r"(?:when|why|how|where|until when|(?:in|on) what \w+|how long|how many times)$")
_OF = {"China": "Chinese", "Netherlands": "Dutch", "Japan": "Japanese"}  # in front of what is theirs
_SPLIT_VERB = re.compile(r"(.+) (on|to|from)")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of a question: what it is (a table, "latin" or "unknown"), its English, and the letters it has."""

    kind: str
    english: str
    text: str


def in_english(question: str) -> str:
    """An English question for a Chinese one; "" where too little of it is known."""
    question = _YEAR_IN_WORDS.sub(lambda year: year[0].translate(_DIGITS), question.translate(_simplified()))
    question = _MONTH_IN_WORDS.sub(lambda month: _MONTHS[month[0]], question)
    question = _OPENS.sub("", question.strip())
    times = list(dict.fromkeys(_time(date) for date in _DATE.finditer(question)))
    rest = re.sub(r"^[，,]+|[，,?？!！。 ]+$", "", _MARKS.sub(" ", _DATE.sub("", question)).strip())
    if not times and _names_only_a_common_thing(_pieces(rest)):
        return ""
    said = _of_a_form("".join(rest.split(" ")) if not re.search(r"[A-Za-z0-9] [A-Za-z0-9]", rest) else rest)
    if not said:
        pieces = _pieces(rest)
        if not _says_enough(pieces, times):
            return ""
        asking = _pieces(_asking(rest))
        said = _clause(asking) if sum(p.kind in _TELLING for p in asking) <= LONGEST else _in_their_order(pieces)
        if not said:
            return ""
    said = " ".join([said.rstrip("?"), *times])
    return f"{said[:1].upper()}{said[1:]}?"


def _asking(question: str) -> str:
    """A question of several clauses up to the first that asks; all of it where none does, or only the first does."""
    clauses = [clause for clause in _CLAUSES.split(question) if clause.strip()]
    asks = [n for n, clause in enumerate(clauses) if any(_is_asking(p) for p in _pieces(clause))]
    return " ".join(clauses[: asks[0] + 1] if len(asks) > 1 else clauses)


def _is_asking(piece: _Piece) -> bool:
    return piece.kind == "asks" or (piece.kind == "grammar" and (piece.english == "whether" or piece.text == "有没有"))


def _of_a_form(question: str) -> str:
    """The English of a whole question of a common form; "" for every other."""
    for form, english in _forms():
        if found := form.fullmatch(question):
            phrases = {name: _phrase(_pieces(text)) for name, text in found.groupdict().items() if text}
            if all(phrases.values()):
                said = english.format(**phrases)
                return said.replace(" is ", " are ", 1) if _is_plural(phrases.get("X", "").split()) else said
    return ""


def _phrase(pieces: Sequence[_Piece]) -> str:
    """The noun phrase of some pieces; "" where they ask or say something of their own, or are not known."""
    if any(_is_asking(p) for p in pieces) or not _says_enough(pieces, ()):
        return ""
    words = [p.english.partition("|")[2] or p.english if p.kind == "verbs" else p.english for p in pieces]
    stays = [p.kind in _TELLING or (p.english == "in" and p is not pieces[-1]) for p in pieces]
    said = [w for w, stay in zip(words, stays, strict=True) if w and stay]
    return _with_the(_once(" ".join(said)))


def _once(phrase: str) -> str:
    """50% rule for "50% 50% rule"."""
    return re.sub(r"\b(\S+(?: \S+)?) (?=\1(?!\S))", "", phrase)


def _with_the(phrase: str) -> str:
    """The Entity List, the US, Chinese chips; but Nvidia, China's export ban."""
    phrase = re.sub(rf"\b({'|'.join(_OF)}) (?=[a-z])(?!and\b)", lambda place: f"{_OF[place[1]]} ", phrase)
    last = re.sub(r" to \w+$", "", phrase).rpartition(" ")[2].lower()
    if last in ("licence", "license") and not phrase.startswith("the "):
        return f"{'an' if phrase[0] in 'aeiou' else 'a'} {phrase}"
    takes = phrase in ("US", "Netherlands", "UAE", "UK", "White House", "Pentagon", "US President") or (
        last in HEADS | {"government"} and not last.endswith("s") and not re.search(r"['’]s ", phrase)
    )
    return f"the {phrase}" if takes and not phrase.startswith("the ") else phrase


def _clause(pieces: Sequence[_Piece]) -> str:
    """An English question from the pieces of one clause."""
    asked = next((n for n, p in enumerate(pieces) if p.kind == "asks"), None)
    does = {p.english for p in pieces if p.kind == "grammar"} | {"whether" for p in pieces if p.text == "有没有"}
    if asked is None and not does & {"whether", "can", "must", "will"}:
        return _in_their_order(pieces)
    verb = _verb(pieces)
    taken: list[int] = []
    lead = ""
    if asked is not None:
        lead = pieces[asked].english
        if _TAKES_A_NOUN.search(lead):
            taken = _nouns_after(pieces, asked + 1, verb)
            lead = " ".join([lead, *(pieces[n].english for n in taken)])
        lead = f"{lead[:1].upper()}{lead[1:]}"
    parts = _Parts.of(pieces, {asked, *taken}, verb)
    before = {p.english for p in pieces[:verb] if p.kind == "grammar"}
    modal = next((word for word in ("can", "must", "will") if word in before), "")
    if verb is None and lead == "How":  # how it is, or how good, no source says
        return ""
    if verb is None:
        return _copula(lead, parts, modal)
    base, _, participle = pieces[verb].english.partition("|")
    still = ["still"] if "still" in does else []
    end = [*parts.ends(base.split()[0])]
    objects = [_with_the(" ".join(parts.after))] if parts.after else []
    parts.passive |= modal == "can" and not (parts.after or parts.object) and asked is None  # "can it be sold"
    if parts.passive or not (parts.subject or _is_subject(lead, asked, verb)):
        subject = parts.subject or parts.object or objects
        subject, rest = (subject, objects) if parts.subject or parts.object else (subject, [])
        be = modal or ("were" if _is_plural(subject) else "was")
        agent = ["by", _with_the(" ".join(parts.agent))] if parts.agent else []
        done = ["be", participle] if modal else [participle or base]
        subject = [] if _is_subject(lead, asked, verb) and not parts.subject else [_with_the(" ".join(subject))]
        return _joined(lead, be, *subject, *parts.negation, *still, *done, *rest, *agent, *end)
    if not parts.subject:
        return _joined(lead, modal, base if modal else participle or base, *objects, *end)
    moved = _SPLIT_VERB.fullmatch(base)
    if parts.object and moved:
        doing = [moved[1], _with_the(" ".join(parts.object)), moved[2]]
    else:
        doing = [base, *([_with_the(" ".join(parts.object))] if parts.object else [])]
    subject = [_with_the(" ".join(parts.subject))]
    return _joined(lead, modal or _DID.get(base, "did"), *subject, *parts.negation, *still, *doing, *objects, *end)


def _is_subject(lead: str, asked: int | None, verb: int) -> bool:
    """True for "who" and "which companies" in front of the verb: nobody else does it."""
    return asked is not None and asked < verb and not _WITH_DO.fullmatch(lead.lower())


def _copula(lead: str, parts: _Parts, modal: str) -> str:
    """A clause without a verb: "How much is the US tariff?"."""
    subject = [*parts.subject, *parts.object, *parts.agent, *parts.after]
    be = "was" if lead.lower() in ("when", "why") or lead.lower().startswith(("in what", "on what")) else "is"
    be = "are" if be == "is" and _is_plural(subject) else be
    return _joined(lead, modal or be, _with_the(" ".join(subject)), *parts.ends(""))


def _joined(*words: str) -> str:
    return re.sub(r"\bto to\b", "to", _once(" ".join(word for word in words if word))) + "?"


_BESIDE = ("on", "about", "to", "in", "from")


@dataclass(slots=True)
class _Parts:
    """The words of a clause by what they do in it."""

    subject: list[str]
    agent: list[str]
    object: list[str]
    after: list[str]
    beside: list[tuple[str, str]]
    passive: bool
    negation: list[str]

    @classmethod
    def of(cls, pieces: Sequence[_Piece], taken: set[int | None], verb: int | None) -> _Parts:
        """Those of the pieces that are not taken already; `verb` is the number of the verb."""
        parts, goes = cls([], [], [], [], [], False, []), "subject"
        for n, piece in enumerate(pieces):
            if n == verb:
                goes = "after"
            if n in taken or n == verb:
                continue
            if piece.kind == "grammar":
                if goes in _BESIDE and piece.text == "的":
                    goes = "subject" if verb is None or n < verb else "after"
                if piece.english == "passive" or (piece.english == "agent" and verb is not None and n < verb):
                    parts.passive, goes = True, "agent"
                elif piece.english == "object":
                    goes = "object"
                elif piece.english in _BESIDE:
                    goes = piece.english
                elif piece.english == "not" and verb is not None and n < verb:
                    parts.negation = ["not"]
                continue
            if not piece.english:
                continue
            word = piece.english.partition("|")
            english = piece.english
            if piece.kind == "verbs":
                says = verb is not None and pieces[verb].english.startswith("say")
                english = f"to {word[0]}" if goes == "after" and not says else word[2] or word[0]
            if goes in _BESIDE:
                parts.beside.append((goes, english))
            else:
                getattr(parts, goes).append(english)
        return parts

    def ends(self, verb: str) -> Iterable[str]:
        """What stands at the end, each with its preposition: "about export controls"."""
        for preposition in dict.fromkeys(p for p, _ in self.beside):
            own = {"say": "about", "respond": "to", "sell": "to"}.get(verb, preposition)
            said = " ".join(word for p, word in self.beside if p == preposition)
            yield f"{own if preposition == 'on' else preposition} {_with_the(said)}"


def _verb(pieces: Sequence[_Piece]) -> int | None:
    """The number of the verb: one that is nothing else, or one that may be a noun where there is no other and no 是."""
    words = _tables()["words"]
    sure = [n for n, p in enumerate(pieces) if p.kind == "verbs" and p.text not in words]
    has = any(p.text == "有没有" for p in pieces)
    sure = [n for n in sure if not _is_attribute(pieces, n)] or ([] if has else sure[-1:])
    if sure:
        return sure[0]
    if any(p.text == "是" for p in pieces[-2:]) or (pieces and pieces[-1].kind == "asks" and _is(pieces[-2:-1], "be")):
        return None
    may = [n for n, p in enumerate(pieces) if p.kind == "verbs" or p.english == "have|had"]
    return may[-1] if may else None


def _is_attribute(pieces: Sequence[_Piece], n: int) -> bool:
    """True for a verb that only tells what a noun is: 牵头的宣言, "the declaration that it leads"."""
    return n + 2 < len(pieces) and pieces[n + 1].text == "的"


def _is(pieces: Sequence[_Piece], does: str) -> bool:
    return any(p.kind == "grammar" and p.english == does for p in pieces)


def _nouns_after(pieces: Sequence[_Piece], start: int, verb: int | None) -> list[int]:
    """The numbers of the nouns that stand together behind "which" or "how many"."""
    found: list[int] = []
    for n in range(start, len(pieces)):
        if pieces[n].kind in ("words", "latin") or (pieces[n].kind == "verbs" and n != verb and found):
            found.append(n)
        elif pieces[n].english or n == verb:
            break
    return found


def _is_plural(words: Sequence[str]) -> bool:
    last = words[-1] if words else ""
    return last.endswith("s") and not last.endswith("ss") and last[:1].islower()


def _in_their_order(pieces: Iterable[_Piece]) -> str:
    """What is asked for, and the words."""
    pieces = [*pieces]
    asked = [p.english for p in pieces if p.kind == "asks"][:1]
    said = [p.english.partition("|")[0] for p in pieces if p.kind in _TELLING]
    return " ".join([*asked, *dict.fromkeys(word for word in said if word)]) + "?"


_TELLING = ("words", "verbs", "latin")


def _says_enough(pieces: Sequence[_Piece], times: Sequence[str]) -> bool:
    """True where something is named, and most letters are of words that are known."""
    telling = [p for p in pieces if p.kind in ("words", "latin") and p.english]
    known = sum(len(p.text) for p in pieces if p.kind in _TELLING)
    unknown = sum(len(p.text) for p in pieces if p.kind == "unknown")
    return bool(telling or times) and known >= KNOWN * (known + unknown)


def _names_only_a_common_thing(pieces: Sequence[_Piece]) -> bool:
    """True for 什么是软件: one word that any field has."""
    telling = [p.english for p in pieces if p.kind in _TELLING]
    return len(telling) == 1 and telling[0].islower() and " " not in telling[0]


def _time(found: re.Match[str]) -> str:
    """2024年12月3日 -> on 3 December 2024."""
    piece = found["day"]
    year, _, rest = piece.partition("年") if "年" in piece else ("", "", piece)
    month, *day = re.findall(r"\d+", rest) or [""]
    name = month_name[int(month)] if month and int(month) <= 12 else ""
    lead = _SIDES.get(found["side"] or "", "on" if day else "in")
    return " ".join(part for part in (lead, *day, name, year.strip()) if part)


def _pieces(text: str) -> list[_Piece]:
    """The pieces of a text, the longest that fits first."""
    found = list[_Piece]()
    for match in _pattern().finditer(text):
        piece = match[0]
        if match["day"]:
            found.append(_Piece("latin", _time(match).partition(" ")[2], piece))
        elif match["latin"]:
            found.append(_Piece("latin", piece, piece))
        elif match["known"]:
            kind, english = _known()[piece]
            found.append(_Piece(kind, english, piece))
        elif piece == "、":
            found.append(_Piece("words", "and", ""))
        elif "\u3400" <= piece <= "\u9fff":
            found.append(_Piece("unknown", "", piece))
    return _nouns_or_verbs(found)


def _nouns_or_verbs(pieces: list[_Piece]) -> list[_Piece]:
    """Words that are verbs and nouns ("制裁") stay verbs only where the clause has no other, and no noun follows 的."""
    words = _tables()["words"]
    sure = any(p.kind == "verbs" and p.text not in words for p in pieces)
    noun = sure or _is(pieces[-2:], "be") or not any(p.kind in ("asks", "grammar") and p.english for p in pieces)
    both = [n for n, p in enumerate(pieces) if p.kind == "verbs" and p.text in words]
    verbs = [n for n in both if not n or pieces[n - 1].text != "的"]  # 镓的出口 is none
    keep = None if noun or not verbs else verbs[-1]
    for n in both:
        if n and pieces[n - 1].text == "才能":  # "a licence to export"
            continue
        if n != keep:
            pieces[n] = _Piece("words", words[pieces[n].text], pieces[n].text)
    return pieces


@cache
def _tables() -> dict[str, dict[str, str]]:
    tables: dict[str, dict[str, str]] = tomllib.loads(corpus_file("chinese.toml").read_text(encoding="utf-8"))
    return tables


@cache
def _known() -> dict[str, tuple[str, str]]:
    """Each listed word -> (its table, its English); a verb that is a noun too is found as a verb."""
    return {w: (kind, e) for kind in ("words", "grammar", "asks", "verbs") for w, e in _tables()[kind].items()}


@cache
def _simplified() -> dict[int, int]:
    return {ord(a): ord(b) for many, few in _tables()["traditional"].items() for a, b in zip(many, few, strict=True)}


@cache
def _forms() -> tuple[tuple[re.Pattern[str], str], ...]:
    slots = re.compile("[XY]")
    forms = _tables()["forms"].items()
    return tuple((re.compile(slots.sub(lambda slot: f"(?P<{slot[0]}>.+?)", form)), english) for form, english in forms)


@cache
def _pattern() -> re.Pattern[str]:
    """The listed words with the longest that fits first, whatever is not Chinese, and single letters."""
    known = sorted(_known(), key=len, reverse=True)
    return re.compile(rf"{_DATE_IN}|(?P<known>{'|'.join(map(re.escape, known))})|(?P<latin>{_LATIN})|[\u3400-\u9fff、]")
