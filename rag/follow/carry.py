"""What earlier turns lend: the name for a pronoun, and the topic behind a question: "… about X?", "… (X, Y)?"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.follow.lean import ACTORS, AUXILIARY, actor_words, is_stance, is_topic
from rag.names import FUNCTION, HEADS, Named, atoms, nouns, things
from rag.text import words

_MOST_CARRIED = 4
_MOST_WIDER = 2  # names from turns before the last
_BACK = 3  # turns that are looked through for what a pronoun stands for

_PRONOUN = re.compile(r"it|its|they|them|their|he|him|his|she|her|this|that|these|those|there", re.I)
_SAID = re.compile(r"\b(?:say|said|says|claim|claimed) $", re.I)
_STANDS_ALONE = re.compile(
    rf"\s*(?:[^\sa-z]|$|(?:{AUXILIARY}|apply|happen|mean|matter|change|cover|work|still|so|too|true|now|last|take|end|start|"
    r"affect|also)\b)"
)
_ACTS = re.compile(
    r" (?:want|plan|pay|say|intend|hope|buy|sell|build|own|employ|think|need|earn|make|expect|forecast)\b", re.I
)
_MEETING = re.compile(r"\b(?:summit|talks|meeting|hearing|conference|forum|speech|court)$", re.I)
# A question after a thing that is told by what it does: "Which bill would keep tools out of China?"
_AFTER_A_THING = re.compile(
    r"(?:which|what) (?P<thing>[a-z][\w-]*(?: [\w-]+)?) (?:(?P<of>do|does|did) .*"
    r"|(?P<does>(?:would|could|will|can|must|may|is|are|was|were|has|have|had) (?P<verb>[a-z]+)\b[^?()]*))\??",
    re.I,
)
# The day of "As of June 2025, …" holds on; not for a question after an event, nor after today.
_AS_OF = re.compile(r"\bas (?:of|at|on) [^,?()]*\d{4}(?:-\d\d)*", re.I)
_AFTER_AN_EVENT = re.compile(
    r"^\W*(?:when|why|how did|what (?:became|has become|happened))\b|\b(?:later|since)\b", re.I
)
_AFTER_TODAY = re.compile(r"\b(?:still|today|now|currently|at present)\b", re.I)
_ABOUT = re.compile(r"say|said|says|think|comment|argue|claim|complain|explain|warn|statement|position|view", re.I)
_TO = re.compile(r"respond|react|reply|response|reaction|object|answer", re.I)


def replaced(text: str, pointer: re.Match[str], thread: Sequence[str]) -> str:
    """The question with a name where `pointer` stands, as far as it is plain which; the topic follows in any case."""
    word, end = pointer[0].lower(), pointer.end()
    if (thing := _thing_asked_after(word, thread[-1])) and (word not in ("this", "that") or _is_pronoun(text, pointer)):
        put = text[: pointer.start()] + thing + text[end:]
        return f"{capital(put).rstrip('?.! ')}?" if " that " in thing else carrying(put, thread)
    name = _antecedent(word, bool(_ACTS.match(text[end:])), actor_words(text), thread)
    if name is None:
        return carrying(text, thread)
    noun = re.match(r"(?:this|that|these|those)(?: (\w+))?$", text[pointer.start() : end] + _next_word(text, end), re.I)
    if noun and noun[1] and noun[1].lower() in name.text.lower().split():  # "this rule" is the Affiliates Rule
        end = text.index(noun[1], pointer.start()) + len(noun[1])
    elif not _PRONOUN.fullmatch(word) or (noun and not _is_pronoun(text, pointer)):
        return carrying(text, thread)
    put = text[: pointer.start()] + _in_the_form_of(word, name, text[end:], thread) + text[end:]
    return carrying(put, thread, without_agent=name.kind in ("thing", "code"))


def _thing_asked_after(word: str, last: str) -> str:
    """What was asked after, where the pronoun agrees with it: "the bill that would keep tools out", "the chips"."""
    match = _AFTER_A_THING.fullmatch(last)
    several = {"it": False, "this": False, "that": False, "they": True, "them": True}
    if not match or word not in several or (match["verb"] or "be").lower() in FUNCTION - {"been", "be"}:
        return ""
    noun = match["thing"].split()[-1].lower()
    if noun not in HEADS or several[word] != noun.endswith("s"):
        return ""
    return f"the {match['thing']}" if match["of"] else f"the {match['thing']} that {match['does']}"


def _is_pronoun(text: str, pointer: re.Match[str]) -> bool:
    """True where "this" or "that" stands for a thing, and neither for a noun to come nor for what was said."""
    return bool(_STANDS_ALONE.match(text[pointer.end() :])) and not _SAID.search(text[: pointer.start()])


def _next_word(text: str, end: int) -> str:
    match = re.match(r" \w+", text[end:])
    return match[0] if match else ""


def _in_the_form_of(word: str, name: Named, following: str, thread: Sequence[str]) -> str:
    """The name as possessive or with its preposition, where the pronoun was one."""
    full = _with_article(name, thread)
    if word in ("its", "their", "his") or (word == "her" and re.match(r" [a-z]", following)):
        return full + ("’" if full.endswith("s") else "’s")
    if word == "there":
        return f"{'in' if name.kind == 'place' else 'at'} {full}"
    return full


def _antecedent(word: str, acts: bool, own: set[str], thread: Sequence[str]) -> Named | None:
    """The most recent name of a kind that the pronoun can stand for.

    `acts` when it wants, pays or says something; `own` are the actors that the question names beside it.
    """
    for last in [part for turn in list(reversed(thread))[:_BACK] for part in _parts(turn)]:
        named = [n for n in [*things(last), *atoms(last)] if n.kind != "thing" or is_topic(n.text)]
        named = [n for n in named if not own & set(words(n.text))]
        if word == "there" and (meetings := [n for n in named if _MEETING.search(n.text)]):
            return meetings[0]
        if word in ("they", "them", "their") and (
            several := [n for n in named if n.kind == "thing" and n.text.endswith("s")]
        ):
            return several[0]
        for kinds in _kinds(word, acts, last):
            if found := [n for n in named if n.kind in kinds]:
                return found[0]
    return None


def _parts(turn: str) -> list[str]:
    """A stand-alone question without what it carries in brackets, and then that."""
    match = re.fullmatch(r"(.*?)( \([^()]+\))\?", turn)
    return [f"{match[1]}?", " " * len(match[1]) + match[2]] if match else [turn]


def _kinds(word: str, acts: bool, last: str) -> tuple[tuple[str, ...], ...]:
    """Kinds of name that a pronoun can stand for, the likeliest first."""
    if re.fullmatch("he|him|his|she|her|hers", word):
        return (("person",),)
    if re.fullmatch("they|them|theirs?", word):
        return ("org", "place"), ("thing", "person", "code")
    if word == "there":
        return (("place",),)
    if acts:
        return ("org",), ("person",)
    if re.match(r"(?:\w+ )?(?:is|was|are|were)\b", last, re.I):  # "is" speaks of its subject, "did" of its object
        return ("thing", "code", "org"), ("quote",), ("person",)
    return ("thing", "code"), ("org",), ("quote",)


def carrying(text: str, thread: Sequence[str], without_agent: bool = False) -> str:
    """The question with what the last topic lends it.

    A date of its own takes the place of the last one, an actor of its own that of who acted there.
    """
    own = set(words(text))
    dated, acted = (any(n.kind in kinds for n in atoms(text)) for kinds in (("date",), ACTORS))
    dated = dated or bool(_AFTER_TODAY.search(text))
    lasting = _AS_OF.search(thread[-1])
    day = f"as{lasting[0][2:]}" if lasting and not (dated or _AFTER_AN_EVENT.search(text)) else ""
    topic = [
        name
        for name in _topic(thread[-1], acted or without_agent)
        if not set(words(name.text)) <= own and not ((dated or lasting) and name.kind == "date")
    ]
    names = list(dict.fromkeys(_with_article(name, thread) for name in topic))[:_MOST_CARRIED] + [day] * bool(day)
    body = capital(text.strip().rstrip("?.! "))
    ending = body.split()[-1] if body and topic and topic[0].kind not in ("words", "date") else ""
    link = " about" if _ABOUT.fullmatch(ending) else " to" if _TO.fullmatch(ending) else ""
    if link:
        body += f"{link} {names.pop(0)}"
    return f"{body} ({', '.join(names)})?" if names else f"{body}?"


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
    agent = _agent(last) if without_agent else None
    named = [n for n in things(last) if n != agent and (n.kind != "thing" or is_topic(n.text))]
    named.sort(key=lambda n: n.kind not in ("thing", "code", "quote"))
    if named and named[0].kind in ("thing", "code", "quote"):
        return named
    taken = {w for n in [*named, agent] if n for w in words(n.text)}
    left = [w for w in nouns(last) if words(w) and not set(words(w)) <= taken]
    return [*named, *(Named(word, "words", 0, 0) for word in left)]


def _agent(last: str) -> Named | None:
    """Who acts in a question: the name behind "did" or "does"."""
    match = re.search(r"\b(?:do|does|did|has|have|had|can|could|will|would|may|must)\s+(?:the\s+)?", last, re.I)
    named = next((n for n in things(last) if match and n.start == match.end()), None)
    return named if named and (named.kind in ACTORS or is_stance(named.text)) else None


def _with_article(name: Named, thread: Sequence[str]) -> str:
    """The name with the article that it was given in the turn where it stood."""
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
