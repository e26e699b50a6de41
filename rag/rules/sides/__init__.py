"""Whose position a question asks for, and who says what: sides and speakers, grouped; a missing side is said aloud.

    "How did China respond to the H20 letter?"  -> China's quotes first, then what others say
    "What does Nvidia say about backdoors?"     -> Nvidia's, its people's included

`asked` reads the question, `voices` the quotes. Speakers come from metadata or from the quoted sentence itself.
Left out: whether what they say is so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from rag.datatypes import Answer, Group, Outcome, Quote, Span, Weighed
from rag.rules.sides.asked import Asked, asked_sides, asks_for_words
from rag.rules.sides.voices import Voice, Voices
from rag.text import words

__all__ = [
    "Asked",
    "Voice",
    "Voices",
    "asked_sides",
    "asks_for_words",
    "by_its_actor",
    "grouped",
    "heard",
    "silent",
    "unheard",
]

WORTH_HEARING = 0.4  # of the best score: what the best sentence of an asked side needs to be shown
AS_GOOD = 0.7  # of the first quote's score: what another needs to be on the subject, whatever words it shares
BY_ANOTHER = 0.8  # of its score a sentence of another's record keeps, where it is asked what a government did
ON_TOPIC = 0.3  # of the weight of the words that say what the position is on


_DID = re.compile(r"(?:and |so |but )?(?:what|how|why) (?:else |exactly )?(?:did|has|have|had) (?:the )?", re.I)
_ACTS = re.compile(
    r"(?:['’]s)?(?: (?:government|authorities|officials?|ministry|ministers?|side))*"
    r" (?!(?:say|said|tell|told|respond|react|think|get|got|join|become|been|come|end|break)\b)[a-z]+"
)
Choose = Callable[[Sequence[Weighed], int], tuple[Quote, ...]]


def heard(
    weighed: Sequence[Weighed], choose: Choose, most: int, asked: Asked, voices: Voices, rarity: Callable[[str], float]
) -> tuple[Quote, ...]:
    """The best quotes, each asked voice among them if it has a word on the subject.

    The best of all stays, whoever says it: China's answer may stand in a record of the other side.
    """
    quotes = list(choose(weighed, most))
    topic = {token: rarity(token) for token in asked.topic}
    for voice in asked.voices:
        worth = [w for w in weighed if w.score >= WORTH_HEARING * weighed[0].score and _on_topic(w.span, topic)]
        mine, is_by = [w for w in worth if voices.says(voice, w.span)], voices.says
        if not mine:
            mine, is_by = [w for w in worth if voices.acts(voice, w.span)], voices.acts
        cut = [_before(q, mine[:1], weighed) for q in quotes]
        quotes = [q if is_by(voice, c) else c for q, c in zip(quotes, cut, strict=True)]
        if not mine or any(is_by(voice, q) and _on_topic(q, topic) for q in quotes):
            continue
        if len(quotes) >= max(most, len(asked.voices)):
            spare = _spare(quotes, asked.voices, voices)
            if spare is None and len(asked.voices) == 1:
                continue
            quotes = [q for q in quotes if q != spare]
        quotes += choose(mine, 1)
    return tuple(quotes)


def _spare(quotes: Sequence[Quote], asked: Sequence[Voice], voices: Voices) -> Quote | None:
    """The last quote but the first that is no asked voice's, or else whose voice has another; None where none is."""
    whose = [{v for v in asked if voices.says(v, q) or voices.acts(v, q)} for q in quotes]
    for_others = [set[Voice]().union(*whose[:n], *whose[n + 1 :]) for n in range(len(quotes))]
    spare = [q for q, mine in zip(quotes[1:], whose[1:], strict=True) if not mine]
    spare = spare or [q for n, q in enumerate(quotes) if n and whose[n] <= for_others[n]]
    return spare[-1] if spare else None


def _before(quote: Quote, mine: Sequence[Weighed], weighed: Sequence[Weighed]) -> Quote:
    """The quote without the sentence of another voice that it goes on with, which is to be quoted by itself."""
    inside = [w.span for w in weighed if quote.overlaps(w.span)] if any(quote.overlaps(w.span) for w in mine) else []
    ends = [span.end for span in inside if span.end <= mine[0].span.start]
    return replace(quote, end=max(ends)) if ends else quote


def _on_topic(span: Span, topic: Mapping[str, float]) -> bool:
    said = {*words(span.text), *words(span.document.source.title)}
    whole = sum(topic.values())
    codes = _codes(topic)
    if codes & said:
        return True
    if codes and _codes(said):  # H200 is the subject, whatever is shared with words on the H20
        return False
    return not whole or sum(weight for token, weight in topic.items() if token in said) >= ON_TOPIC * whole


def _codes(tokens: Iterable[str]) -> set[str]:
    return {token for token in tokens if any(map(str.isdigit, token)) and any(map(str.isalpha, token))}


def by_its_actor(question: str, voices: Voices) -> Callable[[Span], float]:
    """What share of its score a sentence of a record keeps where it is asked what a government did: less of others.

    "What did the Netherlands do about Nexperia?" is told by records of Dutch acts before those of what others said of
    them; records of both sides, as of a truce, count too. Of our own such questions nine in ten are answered there.
    """
    asked = _DID.match(question)
    name = voices.pattern.match(question, asked.end()) if asked else None
    if name is None or not _ACTS.match(question, name.end()):
        return lambda _: 1.0
    actor = voices.named(name[0])
    if actor.side in ("", "industry"):
        return lambda _: 1.0

    def share(sentence: Span) -> float:
        source = sentence.document.source
        its_own = source.kind != "record" or source.side in ("", "other", actor.side) or voices.acts(actor, sentence)
        return 1.0 if its_own or voices.says(actor, sentence) else BY_ANOTHER

    return share


def unheard(quotes: Sequence[Quote], asked: Asked, voices: Voices, rarity: Callable[[str], float]) -> tuple[Voice, ...]:
    """The asked voices that none of the quotes is from. What scores like the first is on the subject in other words."""
    topic = {token: rarity(token) for token in asked.topic}
    on_it = [q for q in quotes if q.score >= AS_GOOD * quotes[0].score or _on_topic(q, topic)]
    deeds = asked.deeds or not asked.itself

    def is_from(voice: Voice, quote: Quote) -> bool:
        return voices.says(voice, quote) or ((deeds or not voice.name) and voices.acts(voice, quote))

    return tuple(v for v in asked.voices if not any(is_from(v, q) for q in on_it))


def silent(quotes: Sequence[Quote], asked: Asked, voices: Voices, rarity: Callable[[str], float]) -> bool:
    """True when what somebody by name says is asked for and the quotes are all from others.

    Where a body of a government is asked, another body of the same side will do. Quotes of unknown speakers may be its.
    """
    if not (quotes and asked.itself and asked.voices):
        return False
    if len(unheard(quotes, asked, voices, rarity)) < len(asked.voices):
        return False
    if not all(speaker.side or speaker.name for speaker in map(voices.of_quote, quotes)):
        return False
    houses = " ".join(q.document.source.publisher for q in quotes)
    if any(v.name in houses for v in asked.voices):  # a paper speaks by its authors
        return False
    speaking = {speaker.side for q in quotes if (speaker := voices.spoken(q)) is not None}
    return all(v.name and (not v.is_of_a_state or v.side not in speaking) for v in asked.voices)


def grouped(
    answer: Answer, asked: Asked, voices: Voices, rarity: Callable[[str], float], beside_more: bool = False
) -> Answer:
    """The answer with its quotes by side and speaker, the asked ones first; a note for each voice that is missing.

    Where some of several voices are missing, or one that is asked for `beside_more`, the answer is partial. A quote
    that contradicts what the question takes for granted stays the first.
    """
    if not asked or answer.outcome in (Outcome.NOT_FOUND, Outcome.PREMISE_CONTRADICTED):
        return answer
    speakers = [voices.of_quote(quote) for quote in answer.quotes]
    unknown = [not (s.side or s.name) for s in speakers]
    if all(unknown):  # documents without sides and speakers tell nothing here
        return answer
    found: dict[tuple[str, str], list[Quote]] = {}
    for quote, speaker in zip(answer.quotes, speakers, strict=True):
        found.setdefault((speaker.side, speaker.name), []).append(quote)
    sides = list(dict.fromkeys([v.side for v in asked.voices] + [s.side for s in speakers]))
    order = sorted(found, key=lambda key: (sides.index(key[0]), not key[1]))  # who is not named comes last
    groups = tuple(Group(side, name, tuple(found[side, name])) for side, name in order)
    missing = unheard(answer.quotes, asked, voices, rarity)
    speaks = "is known to speak" if any(unknown) else "speaks"
    notes = tuple(f"No source here {speaks} for {voice.label} on this." for voice in missing)
    some = bool(missing) and (beside_more or len(missing) < len(asked.voices))
    outcome = Outcome.PARTIAL if some else answer.outcome
    return replace(answer, outcome=outcome, groups=groups, notes=(*answer.notes, *notes))
