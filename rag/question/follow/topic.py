"""What a question of the conversation is about: its things, who acts in it, what it asks after. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.names import FUNCTION, HEADS, Named, atoms, things
from rag.question.follow.forms import ACTORS, AUXILIARY, NUMBERED, THIS_YEAR
from rag.question.follow.own import is_stance, is_topic
from rag.question.follow.points import pointer

PEOPLE = re.compile(
    r"(?:compan|countr|entit|agenc|part|subsidiar)(?:y|ies)|(?:firm|buyer|maker|chipmaker|ally|allie|official|senator|"
    r"bank|owner|parent|affiliate|supplier|customer)s?",
    re.I,
)
_WHAT_IS = re.compile(r"(?:what|who|which) (?:is|was|are|were)\b", re.I)
_INVERTED = re.compile(rf"\b(?:{AUXILIARY}) (?:the )?$", re.I)
# A question after a thing, which may be told by what it does: "Which bill would keep tools out of China?"
AFTER_A_THING = re.compile(
    rf"(?:which|what|how many) (?!(?:{AUXILIARY})\b)(?P<thing>[a-z][\w-]*(?: [\w-]+){{0,2}}?) "
    r"(?:(?P<of>do|does|did|(?:can|may|must|will|would|has|have|had)(?= (?:the )?(?-i:[A-Z]))) .*"
    r"|(?P<does>(?:would|could|will|can|must|may|is|are|was|were|has|have|had) (?P<verb>[a-z]+)\b[^?()]*))\??",
    re.I,
)
# "its order on Nexperia", "a WTO dispute", "the restrictions": what is told of for the first time, or known to both
_DETERMINED = re.compile(r"\b(?:the|an?|its|their|his|her) $", re.I)
_WHOSE = re.compile(r" (?:on|against|of|for|over|in|with) (?:the )?$", re.I)


def body(turn: str) -> str:
    """A stand-alone question without what it carries in brackets."""
    return re.sub(r" \([^()]+\)\?$", "?", turn)


def topics(last: str) -> list[Named]:
    """The things of a question that say which one, without a verb behind a subject: "Was TSMC behind it?"."""
    single = {n.text: n for n in atoms(last)}
    out = [Named(m[0], "thing", *m.span()) for m in NUMBERED.finditer(last)]
    numbers = {n.start for n in out}
    for name in [n for n in things(last) if n.start not in numbers]:
        bare = single.get(name.text.rpartition(" ")[0])
        goes_on = re.match(r" ([a-z]+)", last[name.end :])
        if bare and name.text not in single and _INVERTED.search(last[: name.start]) and not _WHAT_IS.match(last):
            verb = name.text.split()[-1]
            ends = verb.islower() and verb not in HEADS - {"law"} and (not goes_on or goes_on[1] in FUNCTION)
            name = bare if ends else name
        if name.kind != "thing" or is_topic(name.text):
            out.append(name)
    return sorted(out, key=lambda n: n.start)


def single(text: str) -> list[Named]:
    """The single names, "this year" among them."""
    return sorted(
        [*atoms(text), *(Named(m[0], "date", *m.span()) for m in THIS_YEAR.finditer(text))], key=lambda n: n.start
    )


def spoken_of(last: str) -> list[Named]:
    """Noun phrases with an article and no name of their own, as far as they say which one: "its order on Nexperia"."""
    found = list[Named]()
    for noun in things(last):
        article = _DETERMINED.search(last[: noun.start])
        if noun.kind != "thing" or atoms(noun.text) or not article:
            continue
        rest = [n for n in things(last) if n.start > noun.end and _WHOSE.fullmatch(last[noun.end : n.start])]
        end = rest[0].end if rest else noun.end
        found.append(replace(noun, text=last[noun.start : end], end=end))
    return found


def subject(last: str) -> Named | None:
    """The name behind "did" or "does", whatever its kind."""
    match = re.search(r"\b(?:do|does|did|has|have|had|can|could|will|would|may|must)\s+(?:the\s+)?", last, re.I)
    return next((n for n in things(last) if match and n.start == match.end()), None)


def agent(last: str) -> Named | None:
    """Who acts in a question: its subject, where that is a place, a body or a person."""
    named = subject(last)
    return named if named and (named.kind in ACTORS or is_stance(named.text)) else None


def frames(thread: Sequence[str]) -> list[str]:
    """The turns without a pronoun, in which a fragment may take its place, the last first; never none."""
    whole = [turn for turn in reversed(thread) if pointer(body(turn)) is None]
    return whole or [thread[-1]]
