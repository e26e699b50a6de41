"""Who heads a body, or holds a post: which questions ask it, and which sentences name somebody who does.

    "Who runs BIS?"   "who was Commerce Secretary in 2018"   "Who is Nvidia's CEO?"

"BIS under Jeffrey Kessler, its Under Secretary" tells it; "the list that is run by BIS" does not, nor does a deputy.
Left out: people by what else they do ("Who is Morris Chang?").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from rag.datatypes import Span
from rag.glossary import same_as
from rag.names import place_spellings, places
from rag.text import words

NOT_THE_HOLDER, BEFORE_HIM = 0.5, 0.85  # of its score a sentence keeps that names no holder, or one of an earlier year
_POST = (
    r"CEO|chief executive(?: officer)?|chair(?:man|woman|person)?|(?:prime |foreign |commerce )?minister"
    r"|(?:under |deputy |assistant )?secretary|president|representative|director|commissioner"
    r"|spokes(?:man|woman|person)"
)
_WHEN = r"(?: (?:in|during|back in|of) (?P<year>(?:19|20)\d\d)| (?:now|today|currently|at the moment|these days))?\W*$"
_ASKS = tuple(
    re.compile(rf"(?:and |so )*{form}{_WHEN}", re.I)
    for form in (
        r"who (?:runs|ran|heads|headed|leads|led|directs|directed) (?:the )?(?P<body>[\w.’'& -]{2,50}?)",
        r"who (?:is|was)(?: the)? (?:in charge of|at the (?:head|helm|top) of|(?:the )?(?:head|boss|chief|leader) of)"
        r" (?:the )?(?P<body>[\w.’'& -]{2,50}?)",
        rf"who (?:is|was) (?:the |now )*(?P<of>(?:[\w.’'-]+ ){{0,4}}?)(?P<post>{_POST})"
        r"(?: (?:of|for) (?:the )?(?P<body>[\w.’' -]+?))?",
    )
)
_NAME = r"(?:[A-Z][\w’'-]+ )+[A-Z][\w’'-]+"
_ANY = (
    r"Secretary|[Mm]inister|CEO|[Cc]hief [Ee]xecutive|[Cc]hair(?:man|woman)?|[Pp]resident|[Hh]ead|[Dd]irector"
    r"|Representative|founder"
)
_TELLS = (
    re.compile(
        rf"{_NAME}(?:,| (?:is|was|as|became))(?: the| its)? (?P<office>[^,.;()]{{0,50}}?\b(?:{_ANY})\b[^,.;()]{{0,40}})"
    ),
    re.compile(rf"(?P<office>(?:[\w’'-]+ ){{0,4}}(?:{_ANY})) [A-Z][\w’'-]+"),
)
_BELOW = re.compile(r"\b(?:deputy|under|assistant|vice)\b", re.I)
_COMMON = frozenset(words("bureau office agency us of the and for state national new current"))
_BESIDE = 60  # characters around a holder in which the body is named


@dataclass(frozen=True, slots=True)
class _Told:
    """Somebody with an office in a sentence: the office as it stands, and the words around both."""

    office: str
    around: frozenset[str]


@dataclass(frozen=True)
class Post:
    """What is asked about: its `body`, the `office` as it is asked ("" for its head), and the `year` ("" for now)."""

    body: str
    office: str = ""
    year: str = ""

    @property
    def looked_for(self) -> str:
        """The words that a sentence on its holder would have."""
        return f"{self.body} {self.office or 'Under Secretary head CEO chairman minister'}"

    @cached_property
    def _names(self) -> list[set[str]]:
        """The words that tell the body, by each of its names."""
        body = self.body.removesuffix("’s").removesuffix("'s")
        spelled = [body, *same_as(body), *(place_spellings(body) if body.lower() in places() else ())]
        by_head = [re.sub("ministry", "minister", name, flags=re.I) for name in spelled]
        by_head = [re.sub("department", "secretary", name, flags=re.I) for name in by_head]
        return [set(words(name)) - _COMMON or set(words(name)) for name in by_head]

    def is_held(self, sentence: Span) -> bool:
        """True when the sentence names a person in that post; with a year, one of a source of that year."""
        if self.year and not sentence.document.source.published.startswith(self.year):
            return False
        return any(self._fits(told) for told in _told(sentence.text))

    def _fits(self, told: _Told) -> bool:
        if self.office:
            same = set(words(self.office)) <= set(words(told.office))
            if not same or (_BELOW.search(told.office) and not _BELOW.search(self.office)):
                return False
        elif _BELOW.search(told.office) and "bis" not in {w for name in self._names for w in name}:
            return False  # an Under Secretary is the head of BIS, and of no department
        beside = any if self.office else all  # "the Under Secretary of Commerce for Industry and Security"
        return not self.body or any(beside(word in told.around for word in name) for name in self._names)


def asked_post(question: str) -> Post | None:
    """The post whose holder is asked for; None where none is."""
    for pattern in _ASKS:
        if found := pattern.match(question):
            groups = found.groupdict()
            body = " ".join(filter(None, [groups.get("of"), groups.get("body")])).strip()
            return Post(body, _as_asked(groups.get("post") or ""), found["year"] or "")
    return None


def naming_the_holder(post: Post, sentences: Sequence[Span]) -> Callable[[Span], float]:
    """What share of its score a sentence keeps: less of one that names no holder, or not the latest of `sentences`."""
    days = [s.document.source.published for s in sentences if post.is_held(s)]
    latest = max(days, default="")[:4]

    def share(sentence: Span) -> float:
        if not post.is_held(sentence):
            return NOT_THE_HOLDER
        return 1.0 if sentence.document.source.published[:4] == latest else BEFORE_HIM

    return share


def _told(text: str) -> list[_Told]:
    """`Ann Lee, US Secretary of Lamps`, `Zebra's CEO Ann Lee`: who has which office in a sentence."""
    found = list[_Told]()
    for pattern in _TELLS:
        for m in pattern.finditer(text):
            around = text[max(0, m.start() - _BESIDE) : m.end()]
            found.append(_Told(_as_asked(m["office"]), frozenset(words(around))))
    return found


def _as_asked(office: str) -> str:
    return re.sub("chief executive(?: officer)?", "CEO", office, flags=re.I)
