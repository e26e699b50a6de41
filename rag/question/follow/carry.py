"""The topic that earlier turns lend, behind a question: "… about X?", "… (X, Y)?"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.names import HEADS, Named, atoms, nouns
from rag.question.follow.forms import ACTORS, AUXILIARY
from rag.question.follow.own import is_own_topic
from rag.question.follow.topic import AFTER_A_THING, PEOPLE, agent, body, spoken_of, topics
from rag.text import words

_MOST_CARRIED = 4
_BACK = 3  # turns that are looked through for what a question is about
_MOST_WIDER = 2  # names from turns before the last

# The day of "As of June 2025, …" holds on; not for a question after an event, nor after today.
_AS_OF = re.compile(r"\bas (?:of|at|on) [^,?()]*\d{4}(?:-\d\d)*", re.I)
_AFTER_AN_EVENT = re.compile(
    r"^\W*(?:when|why|how did|what (?:became|has become|happened)|who (?:\w+ )?(?:first|announced|broke|reported))\b"
    r"|\b(?:later|since|newer|newest|latest|recent(?:ly)?|afterwards|first)\b",
    re.I,
)
_AFTER_TODAY = re.compile(r"\b(?:still|today|now|currently|at present)\b", re.I)
_ABOUT = re.compile(r"say|said|says|think|comment|argue|claim|complain|explain|warn|statement|position|view", re.I)
_TO = re.compile(r"respond|react|reply|response|reaction|object|answer", re.I)
_ANSWERS = re.compile(r"\b(?:do|does|did|will|would|can|could) [^'’]*\w answer$", re.I)  # the verb, which has an object
_PRODUCT = re.compile(
    r"\b(?:(?:chip|tool|machine|model|GPU|server|magnet|mineral|earth)s?|equipment|memory|software|\w*\d\w*)$", re.I
)
_CRITICS_SAY = re.compile(rf"\b(?:do|did|will|would) (?:the |some )?[a-z]+s (?:{_ABOUT.pattern}|{_TO.pattern})\W*$")
_COMPARES = re.compile(rf"(?:which|who)(?: one)? (?:{AUXILIARY}) (?:\w+er|more \w+|less \w+)\W*$", re.I)
_OTHERS = re.compile(r"\bother (?P<noun>[a-z]+)\b", re.I)
_COUNT = re.compile(
    rf"\b(?:how many|any|enough)(?=\W*$| (?:{AUXILIARY}|in|actually|really|ever|already|yet|been|left)\b)", re.I
)
_LAWS = frozenset({"act", "bill", "law"})
_LAW = re.compile(r"^(?!the\b)[A-Z].* (?:Act|Rule|Order|List)$")


def carrying(text: str, thread: Sequence[str]) -> str:
    """The question with what the last topic lends it.

    A date of its own takes the place of the last one, an actor of its own that of who acted there.
    """
    last = thread[-1]
    dated, acted = (any(n.kind in kinds for n in atoms(text)) for kinds in (("date",), ACTORS))
    dated = dated or bool(_AFTER_TODAY.search(text))
    acted = acted or bool(_CRITICS_SAY.search(text))
    lasting = _AS_OF.search(last)
    topic = _lent(text, thread, dated or bool(lasting), acted)
    whole = capital(text.strip().rstrip("?.! "))
    counted = next((n for n in topic if n.kind == "code" or (n.kind == "thing" and n.text.endswith("s"))), None)
    if counted and (count := _COUNT.search(whole)):  # "Has Beijing approved any?"
        whole = f"{whole[: count.end()]} {counted.text}{whole[count.end() :]}"
        topic.remove(counted)
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
        topic = [n for n in topic if on.kind != "thing" or n.kind == "date"]  # what is said of a rule names no chip
    names = list(dict.fromkeys(with_article(name, thread) for name in topic))[:_MOST_CARRIED]
    if len(names) == 2 and _COMPARES.match(text):
        return f"{whole}, {' or '.join(names)}?"
    return with_its_day(f"{whole} ({', '.join(names)})?" if names else f"{whole}?", text, thread)


def with_its_day(whole: str, text: str, thread: Sequence[str]) -> str:
    """The question with the day of the last, "as of June 2025", where `text` asks for no other and for no event."""
    lasting = _AS_OF.search(thread[-1])
    dated = any(n.kind == "date" for n in atoms(text)) or _AFTER_TODAY.search(text)
    if not lasting or dated or _AFTER_AN_EVENT.search(text) or lasting[0].lower() in whole.lower():
        return whole
    day, bare = f"as{lasting[0][2:]}", whole.rstrip("?")
    return f"{bare[:-1]}, {day})?" if bare.endswith(")") else f"{bare} ({day})?"


def _lent(text: str, thread: Sequence[str], dated: bool, without_agent: bool) -> list[Named]:
    """What the last turn that says what it is about lends, without what is said already.

    "Which was bigger?" compares what the last turns asked of one name after another.
    """
    lent, said, turns = list[Named](), set(words(text)), list(reversed(thread))[:_BACK]
    if compares := _COMPARES.match(text):
        turns = [turn for turn in turns if _without_names(turn) == _without_names(turns[0])]
    for turn in turns:
        for name in [*_asked_for(thread), *_topic(turn, without_agent)]:
            of_a_day = name.kind == "date" and (dated or name.start > turn.find(" (") > 0 or turn != thread[-1])
            if not set(words(name.text)) <= said and not of_a_day:  # a day is lent but once
                lent.append(name)
                said |= set(words(name.text)) if name.kind != "date" else set()
        if not compares and any(n.kind in ("thing", "code", "quote") for n in _topic(turn, without_agent)):
            break
    others = _OTHERS.search(text)
    lent = [n for n in lent if not (others and _is_one_of(others["noun"], n))]
    lent = [n for n in lent if n.kind != "words" or not any(set(words(n.text)) < set(words(o.text)) for o in lent)]
    lent.sort(key=lambda n: not is_own_topic(n))
    if not (lent or atoms(thread[-1])):  # "Who spoke of a low wall?"
        return [Named(w, "words", 0, 0) for w in nouns(thread[-1]) if words(w) and not set(words(w)) <= said]
    return lent


def _without_names(turn: str) -> str:
    """What a turn asks, whatever it names."""
    for name in reversed(atoms(body(turn))):
        turn = turn[: name.start] + turn[name.end :]
    return " ".join(words(body(turn)))


def _is_one_of(noun: str, name: Named) -> bool:
    """True for what "other bills", "other countries", "other firms" leaves out: the bill, country, firm spoken of."""
    noun, last = noun.lower(), name.text.split()[-1].lower()
    if PEOPLE.fullmatch(noun):
        return name.kind == ("place" if noun.startswith("countr") else "org")
    law = noun.rstrip("s") in _LAWS and last not in HEADS - _LAWS and name.kind in ("thing", "org", "person")
    return law or (bool(atoms(name.text)) and noun.rstrip("s") == last.rstrip("s"))


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
    told = [replace(n, kind="words") for n in spoken_of(last)]
    told = [n for n in told if not PEOPLE.fullmatch(n.text.split()[-1])]
    taken |= {w for n in told for w in words(n.text)}
    left = [w for w in nouns(last) if w.lower() in HEADS and not set(words(w)) <= taken]
    return [*named, *told, *(Named(word, "words", 0, 0) for word in left)]


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
