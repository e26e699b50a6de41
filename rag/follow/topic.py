"""What a question of the conversation is about: its things, who acts in it, what it asks after. Pure functions."""

from __future__ import annotations

import re

from rag.follow.lean import ACTORS, AUXILIARY, is_stance, is_topic
from rag.names import FUNCTION, HEADS, Named, atoms, things

PEOPLE = re.compile(
    r"(?:compan|countr|entit|agenc|part)ies|(?:firm|buyer|maker|chipmaker|ally|allie|official|senator|bank)s", re.I
)
_NUMBERED = re.compile(r"\b(?:\d+%|[A-Z]*\d\w*) (?:rule|list|tariff|duty|cap|stake)\b")  # the 50% rule, the 1260H list
_WHAT_IS = re.compile(r"(?:what|who|which) (?:is|was|are|were)\b", re.I)
_INVERTED = re.compile(rf"\b(?:{AUXILIARY}) (?:the )?$", re.I)
# A question after a thing, which may be told by what it does: "Which bill would keep tools out of China?"
AFTER_A_THING = re.compile(
    rf"(?:which|what|how many) (?!(?:{AUXILIARY})\b)(?P<thing>[a-z][\w-]*(?: [\w-]+)?) "
    r"(?:(?P<of>do|does|did|(?:can|may|must|will|would|has|have|had)(?= (?:the )?(?-i:[A-Z]))) .*"
    r"|(?P<does>(?:would|could|will|can|must|may|is|are|was|were|has|have|had) (?P<verb>[a-z]+)\b[^?()]*))\??",
    re.I,
)


def body(turn: str) -> str:
    """A stand-alone question without what it carries in brackets."""
    return re.sub(r" \([^()]+\)\?$", "?", turn)


def topics(last: str) -> list[Named]:
    """The things of a question that say which one, without a verb behind a subject: "Was TSMC behind it?"."""
    single = {n.text: n for n in atoms(last)}
    out = [Named(m[0], "thing", *m.span()) for m in _NUMBERED.finditer(last)]
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


def subject(last: str) -> Named | None:
    """The name behind "did" or "does", whatever its kind."""
    match = re.search(r"\b(?:do|does|did|has|have|had|can|could|will|would|may|must)\s+(?:the\s+)?", last, re.I)
    return next((n for n in things(last) if match and n.start == match.end()), None)


def agent(last: str) -> Named | None:
    """Who acts in a question: its subject, where that is a place, a body or a person."""
    named = subject(last)
    return named if named and (named.kind in ACTORS or is_stance(named.text)) else None
