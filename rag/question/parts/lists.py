"""A question that asks the same of several names -> the question for each.

    "Compare the May 2022 and May 2023 rules"  ->  What do the May 2022 rules do or require? …
    "When were A, B and C listed?"             ->  When was A listed? …

Left out: what several did together, and names that only say where or with whom.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from rag.names import ADJECTIVES, HEADS, IN_THE_SINGULAR, Named, atoms, things
from rag.question.parts.clauses import ASKING
from rag.question.parts.compared import asked_of, is_name
from rag.question.parts.part import MOST_PARTS, Part

_APART = re.compile(
    r"\b(?:compar\w+|differ(?:s|ence|ences|ent|ed)?|versus|vs\.?|contrast\w*|both|respectively|each|in turn)\b", re.I
)
_BETWEEN_NAMES = re.compile(
    r"(?:,| and|, and| or| versus| vs\.?| with| to| from| differs? from)(?: in| under| of| by)?(?: the| an?)?"
    r"(?: \w+ of(?: the)?)? "
)
_LEADS_UP = re.compile(
    r"^(?:please )?(?:compare|contrast"
    r"|(?:(?:(?:what|which) (?:is|are|was|were)|what['’]?s|explain) )?(?:the )?(?:\w+ )?differences? (?:between|in)"
    r"|how (?:do|does|did)(?=.*\bdiffer|.*\bcompare))\s+",
    re.I,
)  # fmt: skip
_LISTED = re.compile(r", (?:and |or )?(?:the |an? )?| (?:and|or) (?:the |an? )?")
_OF_EACH = re.compile(r"(?:what|when|why|how (?:much|many|large|big|long|do|does|did|was|were))\b", re.I)
_TOGETHER = re.compile(
    r"\b(?:agree\w*|sign\w*|m[ee]e?t|join\w*|share|talks?|negotiat\w+|together|which of|coordinat\w+)\b", re.I
)
_ONLY_WITH = re.compile(r"\b(?:besides|including|except|than|like|as|between|among|from|with) (?:the )?$", re.I)
_WHERE = re.compile(r"\b(?:in|to|from|for|of|at|into|against|on|under|by) (?:the )?$", re.I)
_LAW = re.compile(r"\b(?:Act|bill|Rule|Order)$")
_ONLY_NAMED = re.compile(r"what (?:are|were) (?:the )?\W*$", re.I)
_REPEATED = re.compile(r"(.+?) (about|against|on|with|to|for|of|in|from) (.+?(?:,|,? and|,? or) \2 .+?)\W*$", re.I)
_SHAPED = re.compile(r"\b(?:[a-z]{3,}ed|[a-z]{3,} \d{1,3})\b")  # adopted versus proposed, footnote 1 versus footnote 4


def repeated(question: str) -> list[Part]:
    """A part for each name that has the same preposition: "… about A and about B?"."""
    match = _REPEATED.match(question)
    names = re.split(rf"(?:,|,? and|,? or) {match[2]} ", match[3]) if match else []
    return (
        [Part(f"{match[1]} {match[2]} {name}?", name) for name in names] if match and all(map(is_name, names)) else []
    )


def taken_apart(question: str) -> list[Part]:
    """A part for each name of the longest list, where the question compares or asks the same of all."""
    if re.match(r"why\b.*\bdiffer", question, re.I):
        return []
    return _compared(question) if _APART.search(question) else _listed(question)


def _compared(question: str) -> list[Part]:
    """A part for each name of the longest list of names: without what leads up to it."""
    question = re.sub(r"\s+(?:differ|compare)\s*\??$", "?", _LEADS_UP.sub("", question))
    named = (
        single(question),
        [n for n in atoms(question) if re.fullmatch(r"[A-Z][a-z]+ \d+", n.text)],  # Section 232
        _phrases(question),
        [Named(m[0], "thing", *m.span()) for m in _SHAPED.finditer(question)],
    )
    chain = max((c for names in named for c in _chains(question, names)), key=len, default=[])
    return _parts_of(question, chain) if len(chain) > 1 else []


def _listed(question: str) -> list[Part]:
    """A part for each of three names, or of two laws, of which the same is asked; none of what they did together."""
    if not _OF_EACH.match(question) or _TOGETHER.search(question):
        return []
    for names in (single(question), _phrases(question)):
        for chain in filter(None, _chains(question, names)):
            alike = len({n.kind in ("thing", "code") for n in chain}) == 1
            gaps = [question[a.end : b.start] for a, b in pairwise(chain)]
            rest = question[: chain[0].start] + question[chain[-1].end :]
            laws = len(chain) == 2 and (all(_LAW.search(n.text) for n in chain) or _ONLY_NAMED.match(rest))
            lead = question[: chain[0].start]
            if _ONLY_WITH.search(lead) or (chain[0].kind == "place" and _WHERE.search(lead)):
                continue
            if alike and (len(chain) > 2 or laws) and all(map(_LISTED.fullmatch, gaps)):
                return _parts_of(question, chain)
    return []


def _parts_of(question: str, chain: Sequence[Named]) -> list[Part]:
    """The question with each name in place of all."""
    before, after = question[: chain[0].start], question[chain[-1].end :]
    before, after = (_APART.sub("", text) for text in (before, after))
    labels = _numbered([n.text for n in chain])
    if _OF_EACH.match(before) and not chain[0].text.endswith("s"):  # "What do A, B and C" -> "What does A"
        before = re.sub(r"\b(do|are|were|have)(?= (?:the )?$)", lambda m: IN_THE_SINGULAR[m[1]], before)
        after = re.sub(r"^ (act|bill|rule|list|exception|order)s\b", r" \1", after)
    with_article = [question[: n.start].endswith("the ") for n in chain]
    before = before.removesuffix("the ")
    out = []
    for n, label, article in zip(chain, labels[:MOST_PARTS], with_article, strict=False):
        the = "the " if article or (with_article[0] and (n.kind != "place" or n.text in ADJECTIVES)) else ""
        asked = " ".join(f"{before}{the}{label}{after}".split()).rstrip(" ?.")
        out.append(Part(f"{asked}?" if ASKING.match(asked) else asked_of(asked), label))
    return out


def _numbered(names: list[str]) -> list[str]:
    """`phases I`, `II` -> phase I, phase II."""
    head = re.fullmatch(r"(.+?)s? ([IVX]+|\d+)", names[0])
    if head is None or not all(re.fullmatch(r"[IVX]+|\d+", name) for name in names[1:]):
        return names
    return [f"{head[1]} {number}" for number in (head[2], *names[1:])]


def _chains(question: str, names: Sequence[Named]) -> Iterator[list[Named]]:
    """Runs of names with only "and", "versus" or a comma between them; not what earlier turns lend, in brackets."""
    run = list[Named]()
    for name in [n for n in names if "(" not in question[: n.start]]:
        if run and not _BETWEEN_NAMES.fullmatch(question[run[-1].end : name.start]):
            yield run
            run = []
        run.append(name)
    yield run


def single(question: str) -> list[Named]:
    """Places, bodies, people, days, and names with their number: "Big Fund III"."""
    found = list[Named]()
    for name in atoms(question):
        numbered = re.match(r" (?:phases? )?(?:[IVX]+|\d)\b", question[name.end :])
        end = name.end + (numbered.end() if numbered else 0)
        if numbered or name.kind in ("place", "org", "person", "date"):
            found.append(replace(name, text=question[name.start : end], end=end))
    return found


def _phrases(question: str) -> list[Named]:
    """Noun phrases, and the names outside them."""
    question = re.sub(r"\b(?:versus|vs\.?)(?= )", lambda m: "," * len(m[0]), question)  # no part of a name
    phrases = [_with_percentage(_without_verb(n), question) for n in things(question)]
    alone = [n for n in atoms(question) if not any(p.start <= n.start and n.end <= p.end for p in phrases)]
    found = [
        replace(n, text=f"{n.text} list", end=n.end + 5) if question[n.end :].startswith(" list") else n
        for n in (*phrases, *alone)
    ]
    return sorted({(n.start, n.end): n for n in found}.values(), key=lambda n: n.start)


def _with_percentage(name: Named, question: str) -> Named:
    """`rule` of "the 50% rule" -> 50% rule."""
    share = re.search(r"[\d.]+% $", question[: name.start])
    return replace(name, text=share[0] + name.text, start=share.start()) if share else name


def _without_verb(name: Named) -> Named:
    """A law without the verb behind it: "What does the SAFE Chips bill propose?"."""
    law = re.match(r".*\b(?:Act|bill|Rule|Order)(?= [a-z]+$)", name.text)
    law = None if name.text.split()[-1] in HEADS else law
    return replace(name, text=law[0], end=name.start + law.end()) if law else name
