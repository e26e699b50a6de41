"""What a question names: places, organisations, people, codes, dates, and the things that it is about. Pure functions.

    "When did the Netherlands license ASML's tools?"  ->  the Netherlands (place), ASML (org), ASML's tools (thing)

A small table knows the names of this field; the rest goes by form (capitals, digits, nouns that end a noun phrase).
Left out: what follows from it, which is `follow` (earlier turns) and `sides` (who is asked about).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from rag.dates import MONTHS

SIDES = {
    "us": "the United States",
    "china": "China",
    "industry": "Industry",
    "netherlands": "the Netherlands",
    "japan": "Japan",
    "taiwan": "Taiwan",
    "eu": "the European Union",
    "other": "Others",
}
# side -> (the place, its adjective, what else stands for it)
PLACES = {
    "us": ("the United States", "US", "United States|U.S.|USA|America|American|Americans|Washington"),
    "china": ("China", "Chinese", "Beijing|PRC"),
    "netherlands": ("the Netherlands", "Dutch", "Netherlands|The Hague|Hague|Holland"),
    "japan": ("Japan", "Japanese", "Tokyo"),
    "taiwan": ("Taiwan", "Taiwanese", "Taipei"),
    "eu": ("the EU", "European", "EU|European Union|Europe|Europeans|Brussels"),
}
ELSEWHERE = (
    ("South Korea", "Korean", "Korea|South Korean|Seoul"), ("Malaysia", "Malaysian", "Kuala Lumpur"),
    ("Thailand", "Thai", ""), ("Singapore", "Singaporean", ""), ("India", "Indian", ""), ("Russia", "Russian", ""),
    ("Germany", "German", "Berlin"), ("the United Kingdom", "British", "UK|Britain|United Kingdom"),
    ("the UAE", "Emirati", "UAE|United Arab Emirates|Abu Dhabi"), ("Saudi Arabia", "Saudi", ""),
    ("Hong Kong", "Hong Kong", ""), ("Macau", "Macau", "Macao"), ("Israel", "Israeli", ""), ("Iran", "Iranian", ""),
)  # fmt: skip
ADJECTIVES = frozenset({"Asian", "African", *(row[1] for row in (*PLACES.values(), *ELSEWHERE))} - {"Hong Kong"})
# side -> bodies that speak or act for it; "=" parts spellings of one
BODIES = {
    "us": "BIS=Bureau of Industry and Security|Commerce Department=Department of Commerce=US Commerce|White House|"
    "Pentagon=Department of Defense=Defense Department|Treasury=US Treasury|Congress|Senate|House of Representatives|"
    "House Select Committee=Select Committee|House Foreign Affairs Committee|State Department|"
    "USTR=US Trade Representative|Trump administration|Biden administration|Justice Department=Department of Justice",
    "china": "MOFCOM=China's Ministry of Commerce=Ministry of Commerce=commerce ministry|"
    "Foreign Ministry=Ministry of Foreign Affairs|State Council|CAC=Cyberspace Administration of China|"
    "SAMR=State Administration for Market Regulation|CSIA=China Semiconductor Industry Association",
    "japan": "METI=Ministry of Economy, Trade and Industry",
    "netherlands": "Enterprise Chamber",
    "eu": "European Commission|European Parliament",
    "industry": "Nvidia|AMD|Intel|Huawei|SMIC|TSMC|ASML|Samsung|SK hynix|Micron|Qualcomm|OpenAI|DeepSeek|Alibaba|"
    "Tencent|ByteDance|Baidu|BYD|NIO|Nexperia|Wingtech|Cadence|Synopsys|Siemens|Seagate|Applied Materials|"
    "Lam Research|KLA|Tokyo Electron|Microsoft|CoreWeave|Oracle|Super Micro=Supermicro|TechInsights|SemiAnalysis|"
    "Sophgo|Cambricon|Inspur|ZTE|CXMT|YMTC|Fujian Jinhua|HiSilicon|Apple|Arm|Hua Hong|Loongson|Hikvision|SenseTime|"
    "Naura|Moore Threads|Biren|Hygon|Phytium|GlobalFoundries|Microchip Technology|BAE Systems|Texas Instruments|"
    "Wolfspeed|Amkor|Broadcom|Marvell|Google|Amazon|Foxconn|Lenovo|Dell|Infineon|NXP|Kioxia|Renesas|Rapidus",
}
FIRMS = frozenset(re.split(r"[|=]", BODIES["industry"]))
OFFICES = frozenset(name for side, bodies in BODIES.items() if side != "industry" for name in re.split(r"[|=]", bodies))
# Names of the field in Chinese -> as the tables above have them
CHINESE = {
    "中国": "China", "中方": "China", "北京": "Beijing", "美国": "the United States", "美方": "the United States",
    "华盛顿": "Washington", "荷兰": "the Netherlands", "日本": "Japan", "台湾": "Taiwan", "欧盟": "the EU",
    "中国商务部": "MOFCOM", "中国外交部": "China's Foreign Ministry", "美国商务部": "the Commerce Department",
    "韩国": "South Korea", "马来西亚": "Malaysia", "商务部": "MOFCOM", "外交部": "China's Foreign Ministry",
    "国务院": "State Council", "英伟达": "Nvidia", "华为": "Huawei", "台积电": "TSMC", "中芯国际": "SMIC",
    "阿斯麦": "ASML", "三星": "Samsung", "美光": "Micron", "高通": "Qualcomm", "英特尔": "Intel",
    "阿里巴巴": "Alibaba", "腾讯": "Tencent", "字节跳动": "ByteDance", "安世": "Nexperia",
}  # fmt: skip
CHINESE_OFFICE = "(?:政府|方面|官方|官员|发言人|公司|当局|一方)?"
_ENDS_A_FIRM = frozenset("materials technology technologies equipment software semiconductors semiconductor".split())
_TITLES = frozenset({"CEO", "CFO", "CTO"})
_WORDS_TOO = frozenset("us arm apple intel treasury senate congress nio cac".split())
THINGS = "Made in China 2025|CHIPS and Science Act|CHIPS Act|Entity List|Big Fund|Foreign Direct Product Rule"
_MONTHS_ALONE = f"(?i:{re.sub('(?:March|May)[|]', '', MONTHS)})|March"  # "may" and "march" are verbs too
_DATE = re.compile(
    rf"\b(?:(?:\d{{1,2}} )?(?i:{MONTHS}) (?:\d{{1,2}},? )?\d{{4}}"
    rf"|\d{{1,2}} (?:{_MONTHS_ALONE}|May)|(?:{_MONTHS_ALONE}|May) \d{{1,2}}\b"
    rf"|(?<=in )(?i:{MONTHS})\b|(?:{_MONTHS_ALONE})\b|\d{{4}}-\d\d(?:-\d\d)?|(?:19|20)\d\d)\b"
)  # fmt: skip
_QUOTED = re.compile(r"[“\"]([^”\"]{3,60})[”\"]|(?<!\w)['‘]([^'’\n]{3,60})['’](?!\w)")
_WORD = re.compile(r"[Pp]hase [IVX]+\b|No\. ?\d+|\b\w+n['’]t\b|(?<!['’])[^\W_]+(?:[-./:&][^\W_]+)*")
_NUMBER = re.compile(r"No\. ?\d+|\d+(?:/\d+)?")

# Nouns that end a noun phrase of this field: what "it" and "that rule" stand for.
HEADS = frozenset(
    """act rule rules law laws ban bans order orders list lists listing listings licence licences license licenses
    licensing requirement requirements guidance letter letters deal deals agreement truce suspension package control
    controls curbs restriction restrictions limits tariff tariffs duty duties charge penalty fine settlement chip chips
    tool tools sales export exports import imports probe investigation inquiry case stake plan plans summit bill
    memorandum statement statements remark remarks speech interview testimony report reports declaration framework
    program programme fund funds threshold thresholds tier tiers cap caps exemption exemptions exception exceptions
    guardrails permit permits regulation regulations measure measures dispute complaint ruling decision revocation
    rescission proposal draft announcement notice proclamation roadmap supernode model models subsidy subsidies grants
    investment yuan share revenue equipment machines machine technology software materials minerals magnets earths
    semiconductors wafers memory entities entity companies company indictment smuggling vote hearing phase round post
    arrangement mechanism conditions terms tariffs clause consensus talks meeting review centre centres center
    centers campus fab fabs plant plants paper subsidiary subsidiaries affiliate affiliates server servers""".split()
)
IN_THE_SINGULAR = {"do": "does", "are": "is", "were": "was", "have": "has"}
FUNCTION = frozenset(
    """a an the of to in on at by for from with as and or but nor is are was were be been being do does did has have
    had can could may might must shall should will would it its this that these those there they them their he she him
    his her i we you my our your us which who whom whose what when where how why if then than so such not no any some
    all both each every either neither into onto about over under after before since until till during between against
    through without within via per also still yet ever never now today currently already again too else more most less
    much many few long far often only just really actually exactly first last next new old other another same one ones
    up down out off ahead please tell me give name explain list show according because while whether although though
    ago later earlier first apart regarding concerning anything something nothing everything anyone someone
    everyone nobody anybody somebody everybody even enough quite maybe perhaps others itself themselves himself
    herself among amongst isn't aren't wasn't weren't don't doesn't didn't hasn't haven't hadn't can't couldn't
    won't wouldn't mustn't shouldn't""".split()
)
_VERBS = frozenset(
    """say says said tell told call calls ask asks answer answers respond responds react reacts reply replies think
    argue claim claims warn warns object agree agrees admit deny denies promise demand demands want wants plan take
    takes took taken make makes made come comes came go goes went get gets got give gives gave given put puts set sets
    apply applies cover covers cost costs end ends begin begins began begun start starts expire expires last lasts hold
    holds held pay pays paid buy buys sell sells sold ship ships build builds built run runs ran issue issues lift lifts
    ban restrict restricts license licence block blocks stop stops halt halts allow allows require requires need needs
    change changes happen happens affect affects mean means meant matter justify differ become becomes became do work
    works reach reaches introduce publish adopt sign signs drop drops rescind revoke suspend replace extend expand add
    adds remove find finds found keep keeps kept fall fell rise rose grow exist include includes own owns use uses
    raise raises react retaliate protest criticise criticize defend describe describes see saw know vote pass passes
    receive win lose lost catch caught hit supply join lead led bring brought step cut hand travel control order plead
    threaten complain accuse look turn open owe seek save teach try test""".split()
)
_AUXILIARY = frozenset("do does did can could may might must shall should will would don't doesn't didn't".split())
# Between an auxiliary and its verb: "did the Dutch government step in"
_OF_A_SUBJECT = frozenset(
    """the a an and government ministry committee house court officials authorities regulator regulators spokesman
    spokeswoman minister company firm firms companies administration""".split()
)


@dataclass(frozen=True, slots=True)
class Named:
    """Characters `start` to `end` of a question; `kind` is place, org, person, code, date, quote or thing."""

    text: str
    kind: str
    start: int
    end: int


def side_name(side: str) -> str:
    """What a reader calls a side: its place, its industry, or the word that an index uses."""
    return SIDES.get(side, side.title())


def spellings(row: tuple[str, str, str]) -> list[str]:
    """Every way to write a place of the tables."""
    name, adjective, more = row
    return [s for s in (name.removeprefix("the "), adjective, *more.split("|")) if s]


def place_spellings(name: str) -> list[str]:
    """Every way to write the place that a name is one of; the name alone where no table has it."""
    rows = (row for row in (*PLACES.values(), *ELSEWHERE) if name.lower() in map(str.lower, spellings(row)))
    return next((spellings(row) for row in rows), [name])


@cache
def places() -> dict[str, str]:
    """Lower-case spelling of a place -> the place."""
    return {s.lower(): row[0] for row in (*PLACES.values(), *ELSEWHERE) for s in spellings(row)}


@cache
def _known() -> re.Pattern[str]:
    names = [
        *(s for row in (*PLACES.values(), *ELSEWHERE) for s in spellings(row)),
        *(b for bodies in BODIES.values() for b in re.split("[|=]", bodies)),
    ]
    return re.compile(rf"\b(?:{any_case(names)})(?!\w)")


def any_case(names: Iterable[str]) -> str:
    """A pattern for names however they are written; those that are words too ("us", "arm") only with their capitals."""
    ordered = sorted(set(names), key=lambda n: (-len(n), n))
    capital = [re.escape(n) for n in ordered if n.lower() in _WORDS_TOO]
    rest = [re.escape(n) for n in ordered if n.lower() not in _WORDS_TOO]
    return "|".join([f"(?i:{'|'.join(rest)})", *capital])


@cache
def _instruments() -> re.Pattern[str]:
    return re.compile(rf"\b(?i:{THINGS})\b")


@lru_cache(maxsize=64)  # several stages ask for those of one question
def atoms(question: str) -> tuple[Named, ...]:
    """The single names, codes, quoted words and dates, in order; none overlaps another."""
    taken = [Named(m[0], "thing", *m.span()) for m in _instruments().finditer(question)]
    for pattern, kind in ((_DATE, "date"), (_QUOTED, "quote"), (_known(), "")):
        for m in pattern.finditer(question):
            if not _overlaps(m, taken):
                own = kind or ("place" if m[0].lower() in places() else "org")
                taken.append(Named(m[m.lastindex or 0], own, *m.span(m.lastindex or 0)))
    run: list[re.Match[str]] = []
    for word in [*(m for m in _WORD.finditer(question) if m[0] not in ("of", "for")), None]:
        joins = run and word and re.fullmatch(r"\s+| (?:of|for) ", question[run[-1].end() : word.start()])
        counts = word and _NUMBER.fullmatch(word[0]) and question[word.end() : word.end() + 1] != "%"
        inside = word and _is_name(word, question) and not _overlaps(word, taken)
        if run and not (joins and (inside or (counts and word and not _overlaps(word, taken)))):
            taken.append(_named(question, run))
            run = []
        if word and (inside or (run and counts)):
            run.append(word)
    return tuple(sorted(taken, key=lambda n: n.start))


def is_only(text: str, name: str) -> bool:
    """True when a text names this and nothing else."""
    return [n.text for n in atoms(f"so {text}")] == [name]


def _overlaps(match: re.Match[str], taken: Sequence[Named]) -> bool:
    return any(match.start() < n.end and n.start < match.end() for n in taken)


def _is_name(word: re.Match[str], question: str) -> bool:
    """True for a capital that does not merely begin a sentence, and for a code such as H20, 3A090 or GP10."""
    text = word[0]
    if re.search(r"\d", text) and re.search(r"[A-Za-z]", text) and not re.fullmatch(r"\d+(?:st|nd|rd|th|nm|s)", text):
        return True
    if not text[0].isupper() or text.rstrip("s") in _TITLES:
        return False
    begins = not re.search(r"[^\W_]", question[: word.start()]) or question[: word.start()].rstrip()[-1:] in "?!.:"
    return _plain(text) not in (FUNCTION | _VERBS | HEADS if begins else FUNCTION)


def _plain(word: str) -> str:
    return word.lower().replace("’", "'")


def _named(question: str, run: Sequence[re.Match[str]]) -> Named:
    start, end = run[0].start(), run[-1].end()
    text = question[start:end]
    heads = [word[0].lower().split()[0] in HEADS for word in run]
    if len(run) > 1 and run[-1][0].lower() in _ENDS_A_FIRM and text[0].isupper() and run[-1][0][0].isupper():
        kind = "org"
    elif heads[-1] or (len(run) > 1 and (text[-1].isdigit() or any(heads))):
        kind = "thing"
    elif re.search(r"\d", text):
        kind = "code"
    else:
        kind = "org" if text.isupper() or len(run) > 3 else "person"
    return Named(text, kind, start, end)


@lru_cache(maxsize=64)  # as those
def things(question: str) -> tuple[Named, ...]:
    """What the question is about: its noun phrases that hold a name or end in a noun of this field, in order."""
    single = atoms(question)
    plain = [Named(m[0], "", *m.span()) for m in _WORD.finditer(question) if not _overlaps(m, single)]
    parts = sorted([*single, *plain], key=lambda part: part.start)
    found, run = list[Named](), list[Named]()
    verb_due = False  # after "does" and its subject
    asked_for = False  # after "does", until a verb has come
    for n, part in enumerate(parts):
        word = _plain(part.text)
        following = _plain(parts[n + 1].text) if n + 1 < len(parts) else ""
        owned = bool(re.search(r"['’]s?\s+$", question[: part.start]))  # "did Nvidia's share fall"
        due = (verb_due and bool(run) and word not in _OF_A_SUBJECT and not owned) or (not following and asked_for)
        due = due and not (word not in _VERBS and _verb_follows(parts[n + 1 :]))
        who = part.kind in ("org", "place", "person")
        begins = who and following not in ("", *HEADS) and not (run and run[-1].kind)  # "the penalty BIS imposed"
        begins = begins or (part.kind == "place" and bool(run) and _plain(run[-1].text) in HEADS)  # "tin rules china"
        if run and (begins or not re.fullmatch(r"(?:['’]s?)?\s+", question[run[-1].end : part.start])):
            found, run = found + _phrase(question, run), []
        due = due or (n == 1 and _plain(parts[0].text) == "who" and bool(parts[n + 1 :]))  # "who opposes …"
        if part.kind or not (word in FUNCTION or _is_verb(word, following, due)):
            run.append(part)
        else:
            found, run = found + _phrase(question, run), []
        asked_for = (asked_for or word in _AUXILIARY) and not (word in _VERBS and not part.kind)
        goes_on = bool(part.kind) or word in _OF_A_SUBJECT or (word in HEADS and word.endswith("s"))
        verb_due = word in _AUXILIARY or (verb_due and goes_on)
    return tuple(found + _phrase(question, run))


def nouns(question: str) -> list[str]:
    """The words that may name something where no phrase does: neither function words nor verbs."""
    found = [m[0] for m in _WORD.finditer(re.sub(r"\b([Hh]ow) \w+", r"\1", question))]  # "how large" names nothing
    return [w for w in found if w.lower() not in FUNCTION and not _is_verb(w.lower(), "", False)]


def _verb_follows(parts: Sequence[Named]) -> bool:
    """True where the verb comes later: "did the Treasury outbound investment rule take effect", "will the site be"."""
    if parts and not parts[-1].kind and parts[-1].text.lower() in ("be", *(_VERBS - HEADS)) and len(parts) > 1:
        return parts[-2].text.lower() != "to"
    after = next((n for n, part in enumerate(parts) if part.kind or part.text.lower() not in HEADS), len(parts))
    return 0 < after < len(parts) and not parts[after].kind and parts[after].text.lower() in _VERBS


def _is_verb(word: str, following: str, due: bool) -> bool:
    if word.split()[0] in HEADS:
        return due and (word in _VERBS or word == "controls") and following not in HEADS
    return due or word in _VERBS or (len(word) > 4 and bool(re.search(r"(?:ed|[^iopb]ly)$", word)))


def _phrase(question: str, run: Sequence[Named]) -> list[Named]:
    """The noun phrase of a run of words, or nothing where it names nothing."""
    if len(run) == 1 and run[0].kind:
        return [*run]
    if not any(part.kind for part in run) and not (run and run[-1].text.lower().split()[0] in HEADS):
        return []
    start, end = run[0].start, run[-1].end
    return [Named(question[start:end], "thing", start, end)]
