"""A question of several parts -> its parts, a quote for each, and which of them no quote covers.

    "When and why was it dropped?"         -> When was it dropped?  Why was it dropped?
    "Who sued, and what did China say?"    -> Who sued?             what did China say?
    "Is it in force, and since when?"      -> Is it in force?       since when?
    "Compare the NAC and IEC exceptions"   -> NAC                   IEC exceptions

A list of names is taken apart only where each is asked about on its own: "compare", "both", "versus", "respectively".
Left out: what a later part's "it" stands for (`follow`), and whose position is asked (`sides`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.datatypes import Quote, Span, Weighed
from rag.names import Named, atoms, place_spellings, things
from rag.text import fold, words

MOST_PARTS = 5
AMONG_THE_BEST = 1  # sentences of a part, one of which must be quoted for it to have its quote
WORTH = 0.5  # of a part's best score: what a sentence needs to come first because its document is about the part
NEARLY_THE_SAME = 0.6  # of their words in common: a part gets no quote that repeats another

_ASKED = r"(?:(?:in|on|by|for|to|from|at|under|since|until) )?(?:when|why|how|what|who|whom|whose|which|where)"
_WHETHER = r"(?:is|are|was|were|does|do|did|has|have|had|can|could|may|must|will|would|should)"
_ASKING = re.compile(rf"(?:{_ASKED}|{_WHETHER})\b", re.I)
_BOTH_ASKED = re.compile(rf"^({_ASKED}),? (?:and|or) ({_ASKED}) (?=\w+ )(.+)$", re.I)
_CLAUSES = re.compile(
    rf"\?\s+(?=\w)|(?:,|;)? (?:and|but|or) (?:also )?(?=(?:{_ASKED})\b(?!\?|$|ever))"
    rf"|(?:,|;)? (?:and|but) (?:also )?(?={_WHETHER} (?:it|they|he|she|this|that|these|those|the|any(?:one|body)?)\b)",
    re.I,
)
_APART = re.compile(
    r"\b(?:compar\w+|differ(?:s|ence|ences|ent|ed)?|versus|vs\.?|contrast\w*|both|respectively|each|in turn)\b", re.I
)
_BETWEEN_NAMES = re.compile(
    r"(?:,| and|, and| or| versus| vs\.?| with| to| from| differs? from)(?: in| under| of| by)?(?: the| an?)?"
    r"(?: \w+ of(?: the)?)? "
)
_LEADS_UP = re.compile(
    r"^(?:please )?(?:compare|contrast|(?:what|which) (?:is|are|was|were) the (?:\w+ )?differences? (?:between|in)"
    r"|how (?:do|does|did)(?=.*\bdiffer|.*\bcompare)|explain the differences? between)\s+",
    re.I,
)  # fmt: skip


Names = list[list[set[str]]]  # of each name its spellings, each by its words


@dataclass(frozen=True, slots=True)
class Part:
    """One part: the `question` that is searched for it, and the `label` by which a reader knows it.

    A `clause` of its own may lean on the parts before it: "… and who signed it?"
    """

    question: str
    label: str
    clause: bool = False


def parts(question: str) -> tuple[Part, ...]:
    """The parts of a question, in its order; none where it has only one."""
    if both := _BOTH_ASKED.match(question):
        return tuple(Part(f"{asked} {both[3]}", asked.lower()) for asked in (both[1], both[2]))
    clauses = [c.strip(" ?,;") for c in _CLAUSES.split(question)]
    if len(clauses) > 1 and all(words(c) for c in clauses) and _ASKING.match(clauses[0]):
        return tuple(Part(f"{c}?", c, clause=True) for c in clauses[:MOST_PARTS])
    return _named_apart(question) if _APART.search(question) else ()


def _named_apart(question: str) -> tuple[Part, ...]:
    """A part for each name of the longest list of names: the question with this name in place of the list."""
    question = _LEADS_UP.sub("", question)
    chain = max([*_chains(question, _single(question)), *_chains(question, _phrases(question))], key=len, default=[])
    if len(chain) < 2:
        return ()
    before, after = question[: chain[0].start], question[chain[-1].end :]
    after = re.sub(r"^\s*(?:differ|compare)\w*", "", after)
    before, after = (_APART.sub("", text) for text in (before, after))
    return tuple(
        Part(" ".join(f"{before}{n.text}{after}".split()).rstrip(" ?") + "?", n.text) for n in chain[:MOST_PARTS]
    )


def _chains(question: str, names: Sequence[Named]) -> Iterator[list[Named]]:
    """Runs of names with only "and", "versus" or a comma between them."""
    run = list[Named]()
    for name in names:
        if run and not _BETWEEN_NAMES.fullmatch(question[run[-1].end : name.start]):
            yield run
            run = []
        run.append(name)
    yield run


def _single(question: str) -> list[Named]:
    """Places, bodies, people, days, and names with their number: "Big Fund III"."""
    found = list[Named]()
    for name in atoms(question):
        numbered = re.match(r" (?:phase )?(?:[IVX]+|\d)\b", question[name.end :])
        end = name.end + (numbered.end() if numbered else 0)
        if numbered or name.kind in ("place", "org", "person", "date"):
            found.append(replace(name, text=question[name.start : end], end=end))
    return found


def _phrases(question: str) -> list[Named]:
    """Noun phrases, and the names outside them."""
    phrases = things(question)
    alone = [n for n in atoms(question) if not any(p.start <= n.start and n.end <= p.end for p in phrases)]
    return sorted({(n.start, n.end): n for n in (*phrases, *alone)}.values(), key=lambda n: n.start)


def complete(
    quotes: Sequence[Quote], asked: Sequence[Part], found: Sequence[Sequence[Weighed]], most: int
) -> tuple[Quote, ...]:
    """The quotes with the best sentence of each part among them, none said twice, at most `most`.

    `found` has the weighed sentences of each part; only those that have the part's own names speak for it. The best
    quote of all stays; what answers no part makes room.
    """
    out = list(quotes)
    kept = {out[0].key} if out else set[str]()
    for part, all_weighed in zip(asked, found, strict=True):
        names = _own_names(part, asked)
        weighed = _on(names, all_weighed)[:AMONG_THE_BEST]
        best = [w.span for w in weighed]
        there = next((q for q in out if any(map(q.overlaps, best))), None)
        if there is None:
            new = next((w for w in weighed if not any(_says_the_same(w.span, q) for q in out)), None)
            spare = [q for q in out if q.key not in kept]
            if new is None or (len(out) >= most and not spare):
                continue
            if len(out) >= most:
                out.remove(spare[-1])
            there = Quote.of(new)
            out.append(there)
        kept.add(there.key)
    return tuple(out)


def uncovered(asked: Sequence[Part], found: Sequence[Sequence[Weighed]], quotes: Sequence[Quote]) -> tuple[str, ...]:
    """The labels of the parts for which nothing was found or whose names no quote has, where another part is covered.

    The title of a quote's document counts for its names.
    """
    said = [_said(quote) for quote in quotes]
    missing = [
        part.label
        for part, weighed in zip(asked, found, strict=True)
        if not weighed or not any(_has(_own_names(part, asked), there) for there in said)
    ]
    return tuple(missing) if len(missing) < len(asked) else ()


def _on(names: Names, weighed: Sequence[Weighed]) -> list[Weighed]:
    """The sentences that have the names; before the others those whose document is about what is named, if good."""
    having = [w for w in weighed if _has(names, _said(w.span))]
    least = WORTH * having[0].score if having else 0.0
    return sorted(having, key=lambda w: not (w.score >= least and _has(names, {*words(w.span.document.source.title)})))


def _said(span: Span) -> set[str]:
    """The words of a sentence and of what its document is about."""
    return {*words(span.text), *words(span.document.source.about)}


def _own_names(part: Part, asked: Sequence[Part]) -> Names:
    """The words of the names in a part's label that no other part has; a place in all its spellings."""
    others = {w for other in asked if other != part for w in words(other.label)}
    own: Names = []
    for name in {*atoms(part.label), *_single(part.label)}:
        if name.kind == "place":
            spelled = [{*words(spelling)} for spelling in place_spellings(name.text)]
            own += [spelled] if not any(one <= others for one in spelled) else []
        else:
            own += [[{word}] for word in words(name.text) if word not in others]
    return own


def _has(names: Names, said: set[str]) -> bool:
    """True when each name is among the words, in one of its spellings."""
    return all(any(spelling <= said for spelling in name) for name in names)


def _says_the_same(one: Span, other: Span) -> bool:
    a, b = set(words(one.text)), set(words(other.text))
    return one.overlaps(other) or fold(one.text) == fold(other.text) or len(a & b) >= NEARLY_THE_SAME * len(a | b)
