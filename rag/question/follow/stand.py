"""A question with a pronoun, or with "the rule" -> the same with the name that this stands for.

Where the name says what the question is about, nothing else is lent to it; a firm or a person does not: the topic
follows in brackets, unless the question names one itself.
Left out: which name that is (`meant`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.names import HEADS, IN_THE_SINGULAR, OFFICES, Named, atoms
from rag.question.follow.carry import capital, carrying, with_article, with_its_day
from rag.question.follow.meant import antecedent, is_several
from rag.question.follow.own import is_own_topic, names_its_topic
from rag.question.follow.points import pointer
from rag.question.follow.rank import ranked
from rag.question.follow.topic import body, topics
from rag.question.follow.verbs import Pronoun
from rag.text import words

_BACK = 3  # turns that are looked through for the name of "the rule"

_PRONOUN = re.compile(r"it|its|they|them|their|he|him|his|she|her|this|that|these|those|there", re.I)
_ITS_OWN = re.compile(r"(?:its|their|his|her)(?: [\w-]+){1,3}\W*$", re.I)
# "it" that is not the thing itself: "Was it a final decision?", "What deal was it about?", "Is it still so?"
_NOT_THE_THING = re.compile(
    r"\b(?:is|was|are|were) (?:it|they) (?:an?|about|the same)\b|\bit (?:still |now )*so\b|\bit cost\b"
    r"|^how much (?:is|was|are|were) (?:it|they)\b|^which .*\b(?:is|was|are|were) (?:it|they)\W*$",
    re.I,
)
_BARE_NOUN = re.compile(
    rf"\b(?:the|that|this|those|these) (?P<noun>{'|'.join(sorted(HEADS))})\b(?! (?:of|on|for|that|to|in)\b)", re.I
)


def replaced(text: str, pointing: re.Match[str], thread: Sequence[str]) -> str:
    """The question with a name where `pointing` stands, as far as it is plain which; else with the topic behind it."""
    if full := ranked(text, thread):
        return f"{capital(full).rstrip('?.! ')}?"
    end = pointing.end()
    pronoun = Pronoun(pointing[0].lower(), text[: pointing.start()], text[end:])
    name = None if _NOT_THE_THING.search(text) else antecedent(pronoun, thread)
    if name is None:
        return carrying(text, thread)
    if said := set(words(name.text.split()[-1])) & set(words(pronoun.after)):  # "Is the Zebra ban still banned?"
        name = next((n for n in atoms(name.text) if not said & set(words(n.text))), name)
    noun = re.fullmatch(r"(?:this|that|these|those)(?: (\w+))?", pointing[0] + _next_word(pronoun.after), re.I)
    if noun and noun[1] and noun[1].lower() in name.text.lower().split():  # "this rule" is the Affiliates Rule
        end = text.index(noun[1], pointing.start()) + len(noun[1])
    elif not _PRONOUN.fullmatch(pronoun.word) or not pronoun.stands_alone:
        return carrying(text, thread)
    before = pronoun.before
    if pronoun.word == "they" and not is_several(name.text):  # "Do they pay?" -> "Does AMD pay?"
        before = re.sub(r"(\w+) $", lambda m: f"{IN_THE_SINGULAR.get(m[1].lower(), m[1])} ", before)
    put = before + _in_the_form_of(pronoun, name, thread) + text[end:]
    whole = f"{capital(put).rstrip('?.! ')}?"
    if _says_on_what(name, pronoun) or _ITS_OWN.match(text):  # "And its price?"
        return with_its_day(whole, text, thread)
    return whole if names_its_topic(before + text[end:]) else carrying(put, thread)


def noun_in_full(text: str, thread: Sequence[str]) -> str:
    """`the rule` and "that list" by the name that a turn before gave them: the Lion Rule, the Zebra list."""
    match, pointing = _BARE_NOUN.search(text), pointer(text)
    if match is None or (pointing and pointing.start() < match.start()):
        return text
    noun = match["noun"].lower()
    for turn in list(reversed(thread))[:_BACK]:
        for name in topics(body(turn)):
            firm = noun in ("company", "firm") and name.kind == "org" and name.text not in OFFICES
            if firm or (name.kind == "thing" and name.text.split()[-1].lower() == noun and atoms(name.text)):
                return text[: match.start()] + with_article(name, thread) + text[match.end() :]
    return text


def _says_on_what(name: Named, pronoun: Pronoun) -> bool:
    """True for a name that is a topic by itself: the Lion Act, "the bill that would …"; not for a firm."""
    if name.kind == "person":  # what is "it" is no person, whatever its name looks like
        return pronoun.word in ("it", "its")
    phrase = replace(name, kind="thing") if name.kind in ("asked", "told") else name
    return is_own_topic(phrase) or " that " in name.text


def _next_word(text: str) -> str:
    match = re.match(r" \w+", text)
    return match[0] if match else ""


def _in_the_form_of(pronoun: Pronoun, name: Named, thread: Sequence[str]) -> str:
    """The name as possessive or with its preposition, where the pronoun was one."""
    full = f"the {name.text}" if name.kind == "told" else with_article(name, thread)
    if pronoun.word in ("its", "their", "his") or (pronoun.word == "her" and re.match(r" [a-z]", pronoun.after)):
        return full + ("’" if full.endswith("s") else "’s")
    if pronoun.word == "there":
        return f"{'at' if name.kind == 'thing' else 'in'} {full}"
    return full
