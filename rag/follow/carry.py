"""The topic that earlier turns lend, behind a question: "… about X?", "… (X, Y)?"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.follow.lean import ACTORS
from rag.follow.topic import AFTER_A_THING, PEOPLE, agent, body, topics
from rag.names import HEADS, Named, atoms, nouns
from rag.text import words

_MOST_CARRIED = 4
_MOST_WIDER = 2  # names from turns before the last

# The day of "As of June 2025, …" holds on; not for a question after an event, nor after today.
_AS_OF = re.compile(r"\bas (?:of|at|on) [^,?()]*\d{4}(?:-\d\d)*", re.I)
_AFTER_AN_EVENT = re.compile(
    r"^\W*(?:when|why|how did|what (?:became|has become|happened))\b|\b(?:later|since)\b", re.I
)
_AFTER_TODAY = re.compile(r"\b(?:still|today|now|currently|at present)\b", re.I)
_ABOUT = re.compile(r"say|said|says|think|comment|argue|claim|complain|explain|warn|statement|position|view", re.I)
_TO = re.compile(r"respond|react|reply|response|reaction|object|answer", re.I)
_ANSWERS = re.compile(r"\b(?:do|does|did|will|would|can|could) [^'’]*\w answer$", re.I)  # the verb, which has an object
_PRODUCT = re.compile(
    r"\b(?:(?:chip|tool|machine|model|GPU|server|magnet|mineral|earth)s?|equipment|memory|software|\w*\d\w*)$", re.I
)
_LAW = re.compile(r"^(?!the\b)[A-Z].* (?:Act|Rule|Order|List)$")


def carrying(text: str, thread: Sequence[str], without_agent: bool = False) -> str:
    """The question with what the last topic lends it.

    A date of its own takes the place of the last one, an actor of its own that of who acted there.
    """
    own, last = set(words(text)), thread[-1]
    dated, acted = (any(n.kind in kinds for n in atoms(text)) for kinds in (("date",), ACTORS))
    dated = dated or bool(_AFTER_TODAY.search(text))
    lasting = _AS_OF.search(last)
    day = f"as{lasting[0][2:]}" if lasting and not (dated or _AFTER_AN_EVENT.search(text)) else ""
    topic, said = list[Named](), set(own)
    for name in [*_asked_for(thread), *_topic(last, acted or without_agent)]:
        of_a_day = name.kind == "date" and (dated or lasting or name.start > last.find(" (") > 0)  # lent but once
        if not set(words(name.text)) <= said and not of_a_day:
            topic.append(name)
            said |= set(words(name.text)) if name.kind != "date" else set()
    whole = capital(text.strip().rstrip("?.! "))
    ending = whole.split()[-1] if whole and topic and topic[0].kind not in ("words", "date") else ""
    as_verb = bool(ending and _ANSWERS.search(whole))
    answers = as_verb or bool(_TO.fullmatch(ending))
    if answers:  # to a rule rather than to the chips in it
        topic.sort(
            key=lambda n: (n.kind not in ("thing", "code", "quote"), bool(_PRODUCT.search(n.text)), n.kind == "code")
        )
    link = "" if as_verb else " to" if answers else " about" if _ABOUT.fullmatch(ending) else None
    if link is not None:
        on = topic.pop(0)
        whole += f"{link} {with_article(on, thread)}"
        topic = [n for n in topic if on.kind != "thing" or n.kind != "code"]  # what is said of a rule names no chip
    names = list(dict.fromkeys(with_article(name, thread) for name in topic))[:_MOST_CARRIED] + [day] * bool(day)
    return f"{whole} ({', '.join(names)})?" if names else f"{whole}?"


def _asked_for(thread: Sequence[str]) -> list[Named]:
    """What the last two questions asked after, where it is a rule or the like: "What controls did Japan bring in?"."""
    for turn in reversed(thread[-2:]):
        match = AFTER_A_THING.fullmatch(body(turn))
        noun = match["thing"].split()[-1].lower() if match and match["of"] else ""
        if match and noun in HEADS and noun in thread[-1] and not (PEOPLE.fullmatch(noun) or _PRODUCT.search(noun)):
            return [Named(f"the {match['thing']}", "thing", 0, 0)]
    return []


def widened(searched: str, earlier: Sequence[str]) -> str:
    """The question with names that earlier turns have beside those it has, the latest first; empty if none are left."""
    said, names = set(words(searched)), list[str]()
    for turn in reversed(earlier):
        for name in _topic(turn, without_agent=False):
            if name.kind in ("thing", "code", "org") and not set(words(name.text)) <= said and len(names) < _MOST_WIDER:
                names.append(name.text)
                said |= set(words(name.text))
    bare = searched.rstrip("?")
    rest = ", ".join(names)
    return (f"{bare[:-1]}, {rest})?" if bare.endswith(")") else f"{bare} ({rest})?") if names else ""


def _topic(last: str, without_agent: bool) -> list[Named]:
    """What a question is about, things first; where it names no thing, its other nouns too."""
    actor = agent(last) if without_agent else None
    named = [n for n in topics(last) if n != actor]
    named.sort(key=lambda n: n.kind not in ("thing", "code", "quote"))
    if named and named[0].kind in ("thing", "code", "quote"):
        return named
    taken = {w for n in [*named, actor] if n for w in words(n.text)}
    left = [w for w in nouns(last) if words(w) and not set(words(w)) <= taken]
    return [*named, *(Named(word, "words", 0, 0) for word in left)]


def with_article(name: Named, thread: Sequence[str]) -> str:
    """The name with the article that it was given in the turn where it stood."""
    if _LAW.search(name.text):
        return f"the {name.text}"
    for last in reversed(thread):
        if last[name.start : name.end] == name.text:
            return (
                f"the {name.text}"
                if re.search(r"\b(?:the|an?)\s+(?:[\d.]+%?\s+)?$", last[: name.start], re.I)
                else name.text
            )
    return name.text


def capital(text: str) -> str:
    """`text` with its first letter as a capital."""
    return text[:1].upper() + text[1:]
