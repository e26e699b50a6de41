"""Who can speak, and who speaks in a sentence: names from the catalog and from `names`, never guessed.

A sentence is somebody's when a name that is known stands before a verb of speech ("Nvidia said", "China's Ministry of
Commerce (MOFCOM) called …") or behind "according to". Else it is theirs whose turn it is in a transcript, or the
document's speaker's. The words of a record are ours: without any of these they only report what its side did, and
nobody is named.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from rag.datatypes import Source, Span
from rag.names import BODIES, FIRMS, OFFICES, PLACES, any_case, side_name, spellings
from rag.rules.turns import QUESTIONER, in_whose_turn, without_title

SPEECH = (
    r"(?:say|tell|call|warn|urge|argue|claim|criticise|criticize|promise|answer|respond|react|repl(?:y|ie)|object|oppose|"
    r"accuse|den(?:y|ie)|insist|complain|condemn|welcome|stress|comment|remark|predict|judge|conclude|describe|defend|"
    r"justif(?:y|ie)|explain|blame|vow|note|state|testif(?:y|ie)|dispute|reject|ask|clarif(?:y|ie)|speak|protest|"
    r"threaten|demand|favour|favor|support|maintain|admit|acknowledge|concede|disclose|observe|announce|confirm|expect|"
    r"hope|estimate|forecast|pledge|signal)(?:s|d|ed|ing|es)?"
    r"|said|told|spoke|found|add(?:s|ed) (?:that|on \d)|assess(?:es|ed)|made (?:his|her|the|its) (?:remark|case)"
    r"|g(?:ive|ave|iven|ives) (?:no|an?|its|the|little|few) (?:explanation|reason|comment|answer|account|detail)s?"
)
# "the Nexperia dispute" has none
_A_VERB = re.compile(
    r"(?:ed|s|said|told|spoke|found|that|\d|case|explanation|reason|comment|answer|account|detail|(?:not|to) \w+)$"
)
_PAPER = (
    r"(?:(?:['’]s?)?(?: (?:own|press))?"
    r" (?:fact sheet|statement|release|notices?|filing|letter|memo|white paper|report|repl(?:y|ies)|answer|guidance"
    r"|testimony))?"
)
_PAPER_ALONE = (
    r"(?:(?:['’]s?)?(?: own)? (?:fact sheet|statement|press release|notices?)"
    r"|['’]s?(?: [a-z-]+)? (?:reply|answer|guidance|testimony))"
)
_BETWEEN = (
    r"(?: of (?:[A-Z][\w.'’]*|the)(?: (?:[A-Z][\w.'’]*|the|and|for|of))*)?"  # "Eric Xu of Huawei"
    r"(?:,[^,;\n]{1,80},| (?:of|on|in|dated) (?:\d+ )?(?:[A-Z]\w+ )?\d{4}"
    r"| \([^)]{1,40}\)| (?:(?:did|does|do|has|have|would) not|declined to|refused to)"
    r"| (?:also|then|had|has|have|again|first|later|publicly|reportedly|itself|once))*"
)
_OFFICE = (
    r"(?: (?:government|authorities|officials?|regulators?|customs|ministry|ministers?|side|spokes\w+|lawmakers|"
    r"company))?"
)
_FIRST = re.compile(r"\n|(?<=[.!?]) (?=[A-Z“\"])")
_TITLES = re.compile(r"^(?:(?:US|President|Rep\.|Reps\.|Sen\.|Sens\.|Senator|Representative|Minister|Secretary)\s+)+")
_OF_STATES = {body.split("=")[0] for side, bodies in BODIES.items() if side != "industry" for body in bodies.split("|")}
# "… the framework in which China promised so" tells of China; "… which China said would end" are its words all the same
_OF_A_CLAUSE = re.compile(r"\b(?:that|which|whom|whose|who|where|what)\s+(?:the\s+)?$", re.I)
_OF_WHAT_WILL_BE = re.compile(r"(?: on \d+ \w+ \d{4})? (?:would|will)\b")
_LONGEST = 80  # characters of a name of the catalog; longer ones are no names


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who can speak: `name` is empty for a side as a whole; `of` are the bodies a person speaks for."""

    name: str
    side: str
    of: frozenset[str] = field(default_factory=frozenset)

    @property
    def label(self) -> str:
        """What a reader calls it."""
        return self.name or side_name(self.side)

    @property
    def is_of_a_state(self) -> bool:
        """True for a body of a government, beside which others speak for the same side."""
        return self.name in _OF_STATES

    def includes(self, other: Voice) -> bool:
        """True when what `other` says is said by this one: its side, a person of this body, or the same."""
        if not self.name:
            return other.side == self.side
        return self.name == other.name or self.name in other.of


class Voices:
    """The names that are known: places and bodies of `names`, actors and speakers of a catalog."""

    def __init__(self, catalog: Iterable[tuple[str, str, str]]) -> None:
        """`catalog` gives (actor, speaker, side) of the documents."""
        self._by_name: dict[str, Voice] = {}
        self._own = set[str]()  # names that the catalog brings
        for side, row in PLACES.items():
            self._by_name |= {name.lower(): Voice("", side) for name in spellings(row)}
        for side, bodies in BODIES.items():
            for first, *others in (body.split("=") for body in bodies.split("|")):
                self._by_name |= {name.lower(): Voice(first, side) for name in (first, *others)}
        spelled = set(self._spelled())
        self._places = "|".join(re.escape(n) for n in spelled if not self._by_name[n.lower()].name)
        self._body_names = any_case(n for n in spelled if self._by_name[n.lower()].name)
        rows = [*catalog]
        stands = defaultdict(set)  # an actor of the catalog stands where the catalog puts it
        for actor, _, side in rows:
            stands[actor.lower()].add(side)
        for name, (side, *others) in stands.items():
            if name in self._by_name and side and not others:
                self._by_name[name] = replace(self._by_name[name], side=side)
        for text, side in [
            *((speaker, side) for _, speaker, side in rows),
            *((actor, side) for actor, _, side in rows),
        ]:
            self._add(text, side)
        people = sorted(map(re.escape, self._own), key=len, reverse=True)  # only with their capitals
        both = "|".join([*people, any_case(spelled)])
        self.pattern = re.compile(rf"(?<![\w-])(?:{both})(?![\w-])")
        name = rf"(?P<name>{self.pattern.pattern})"
        self._says = re.compile(rf"{name}{_OFFICE}{_PAPER}{_BETWEEN} (?:{SPEECH})\b")
        self._is_to = re.compile(rf"{name} (?:also )?(?:would|will|is to|are to|agreed|undertook)\b")
        self._paper = re.compile(rf"(?:The )?{name}{_PAPER_ALONE}\b")
        self._according = re.compile(rf"\b[Aa]ccording to (?:the )?{name}(?!['’]s)")

    def _spelled(self) -> Iterator[str]:
        for row in PLACES.values():
            yield from spellings(row)
        yield from FIRMS | OFFICES

    def _add(self, text: str, side: str) -> None:
        """A person ("Lin Jian, Foreign Ministry spokesperson") or a body ("Big Fund phase III")."""
        first = text.split(",")[0]
        name = _TITLES.sub("", re.sub(r"\s*\([^)]*\)", "", first)).strip()
        bare = re.sub(
            rf"^(?:{self._places})(?:['’]s?)? ", "", name
        )  # "China's Foreign Ministry" is the Foreign Ministry
        short = re.search(r"\(([A-Z]{2,})\)", first)
        known = [n for n in (bare.lower(), short[1].lower() if short else "") if n in self._by_name]
        if not name or name.lower() in self._by_name or len(text) > _LONGEST or re.search(r"[/;]|\band\b", first):
            return
        if re.fullmatch(_OFFICE, f" {bare}", re.I):  # "Dutch government"
            return
        voice = self._by_name[known[0]] if known else None
        if voice is None or (side and voice.side != side):  # the Dutch ministry is not China's of the same name
            voice = Voice(name, side, self._bodies(text))
        self._take(name, voice)
        surname = name.split()[-1]
        if "," in text and " " in name and len(surname) > 2 and surname.lower() not in self._by_name:
            self._take(surname, voice)

    def _take(self, name: str, voice: Voice) -> None:
        self._by_name[name.lower()] = voice
        self._own.add(name)

    def _bodies(self, text: str) -> frozenset[str]:
        """The bodies that a line of metadata names: "Nvidia CEO" speaks for Nvidia."""
        found = re.finditer(rf"(?<![\w-])(?:{self._body_names})(?![\w-])", text)
        voices = (self.named(m[0], text[: m.start()]) for m in found)
        return frozenset(voice.name for voice in voices if voice.name)

    def named(self, name: str, before: str = "") -> Voice:
        """The voice of a name that `pattern` found behind the words `before`.

        `Japan's Foreign Ministry` is Japan's, although the name alone would be taken for China's.
        """
        voice = self._by_name[name.lower()]
        owner = re.search(r"([\w.]+)(?:['’]s?)?\s+$", before) if "ministry" in name.lower() else None
        whose = self._by_name.get(owner[1].lower()) if owner else None
        return Voice("", whose.side) if whose and not whose.name and whose.side != voice.side else voice

    def has(self, name: str) -> bool:
        """True when a name is known."""
        return name.lower() in self._by_name

    def of_quote(self, span: Span) -> Voice:
        """Who speaks in a quote, or the side that did what it reports."""
        source = span.document.source
        found = self.spoken(span)
        if found is not None:
            return found
        acts = self.pattern.match(span.text.removeprefix("The ")) if source.kind == "record" else None
        if acts and (side := self.named(acts[0]).side) and side != source.side:
            return Voice("", side)  # "BIS issued …" in a record of what China answered
        return Voice("", source.side, self._bodies(source.actor))

    def says(self, voice: Voice, span: Span) -> bool:
        """True when the words are a voice's: by who is named as their speaker, or in another's report of it."""
        speaker = self.spoken(span)
        told = (
            [self.named(m["name"]) for m in self._says.finditer(span.text) if _A_VERB.search(m[0])]
            if voice.name
            else []
        )
        return any(voice.includes(v) for v in (*told, *filter(None, [speaker])))

    def acts(self, voice: Voice, span: Span) -> bool:
        """True when nobody is named as the speaker, and the words tell what its side did, or begin with its name.

        What it is to do counts too: "Under the truce China would hold back its package."
        """
        if any(voice.includes(self.named(m["name"])) for m in self._is_to.finditer(span.text)):
            return True
        if not voice.name:
            return voice.includes(self.of_quote(span))
        head = self.pattern.match(_TITLES.sub("", span.text.removeprefix("The ")))
        return head is not None and voice.includes(self.named(head[0])) and self.spoken(span) is None

    def spoken(self, span: Span) -> Voice | None:
        """Who is named as the speaker of a quote: by its first sentence, else by its document; None when nobody is."""
        quoted = self.quoted(_FIRST.split(span.text, maxsplit=1)[0])
        return quoted or self._speaker_in(span)

    def _speaker_in(self, span: Span) -> Voice | None:
        """Whose turn it is, or else the document's speaker.

        In a record of ours, where not every sentence is his, its speaker only if the words name him.
        """
        if turn := in_whose_turn(span):
            return self._of_a_turn(turn, span.document.source)
        speaker = self._speaker(span.document.source)
        if speaker is None or span.document.source.kind != "record":
            return speaker
        names = re.findall(r"\w{3,}", speaker.name.lower())
        return speaker if set(names) & set(re.findall(r"\w+", span.text.lower())) else None

    def _of_a_turn(self, name: str, source: Source) -> Voice:
        """Who has the floor speaks for the publisher of the transcript; a question from it is nobody's position."""
        if name == QUESTIONER:
            return Voice(QUESTIONER, "")
        known = self._by_name.get(without_title(name).lower())
        return known or Voice(name, source.side, self._bodies(f"{source.actor} {source.publisher}"))

    def quoted(self, text: str) -> Voice | None:
        """Whom a sentence itself names as its speaker, if it does."""
        says = next((m for m in self._says.finditer(text) if not _is_aside(m)), None)
        matches = [m for m in (says, self._according.search(text), self._paper.match(text)) if m]
        if not matches:
            return None
        match = min(matches, key=lambda m: m.start())
        return self.named(match["name"], text[: match.start("name")])

    def _speaker(self, source: Source) -> Voice | None:
        """The speaker a document names; where its words are its own, also its actor or the body that publishes it."""
        own = source.kind != "record"
        if own and not source.speaker and not source.actor:
            bodies = sorted(self._bodies(source.publisher))
            return self._by_name[bodies[0].lower()] if len(bodies) == 1 else None
        text = source.speaker or (source.actor if own else "")
        name = _TITLES.sub("", text.split(",")[0].split(" (")[0]).strip()
        if not name:
            return None
        known = self._by_name.get(name.lower())
        return known if known and (known.name or not source.side) else Voice(name, source.side)


def _is_aside(says: re.Match[str]) -> bool:
    """True where somebody speaks only in a clause that tells what another thing is: "reports that Nvidia had told"."""
    return bool(_OF_A_CLAUSE.search(says.string, 0, says.start())) and not _OF_WHAT_WILL_BE.match(
        says.string, says.end()
    )
