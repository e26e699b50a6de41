"""Whose position a question asks for, and who says what: sides and speakers, grouped; a missing side is said aloud.

    "How did China respond to the H20 letter?"  -> China's quotes first, then what others say
    "What does Nvidia say about backdoors?"     -> Nvidia's, its people's included

`asked` reads the question, `voices` the quotes. Speakers come from metadata or from the quoted sentence itself.
Left out: whether what they say is so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from rag.datatypes import Answer, Group, Outcome, Quote, Span, Weighed
from rag.sides.asked import Asked, asked_sides
from rag.sides.voices import Voice, Voices
from rag.text import words

__all__ = ["Asked", "Voice", "Voices", "asked_sides", "grouped", "heard"]

WORTH_HEARING = 0.4  # of the best score: what the best sentence of an asked side needs to be shown
ON_TOPIC = 0.3  # of the weight of the words that say what the position is on


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
        speak = voices.spoken if any(_is_by(voice, voices.spoken(w.span)) for w in worth) else voices.of_quote
        mine = [w for w in worth if _is_by(voice, speak(w.span))]
        quotes = [_before(q, mine[:1], weighed) for q in quotes]
        if not mine or any(_is_by(voice, speak(q)) and _on_topic(q, topic) for q in quotes):
            continue
        if len(quotes) >= max(most, len(asked.voices)):
            spare = [q for q in quotes[1:] if not any(v.includes(voices.of_quote(q)) for v in asked.voices)]
            if not spare:
                continue
            quotes.remove(spare[-1])
        quotes += choose(mine, 1)
    return tuple(quotes)


def _before(quote: Quote, mine: Sequence[Weighed], weighed: Sequence[Weighed]) -> Quote:
    """The quote without the sentence of another voice that it goes on with, which is to be quoted by itself."""
    inside = [w.span for w in weighed if quote.overlaps(w.span)] if any(quote.overlaps(w.span) for w in mine) else []
    ends = [span.end for span in inside if span.end <= mine[0].span.start]
    return replace(quote, end=max(ends)) if ends else quote


def _is_by(voice: Voice, other: Voice | None) -> bool:
    return other is not None and voice.includes(other)


def _on_topic(span: Span, topic: Mapping[str, float]) -> bool:
    said = {*words(span.text), *words(span.document.source.title)}
    whole = sum(topic.values())
    codes = {token for token in topic if any(map(str.isdigit, token)) and any(map(str.isalpha, token))}
    if codes:  # H200 is the subject, whatever else is shared
        return bool(codes & said)
    return not whole or sum(weight for token, weight in topic.items() if token in said) >= ON_TOPIC * whole


def grouped(answer: Answer, asked: Asked, voices: Voices, rarity: Callable[[str], float]) -> Answer:
    """The answer with its quotes by side and speaker, the asked ones first; a note for each voice that is missing.

    Where some of several voices are missing, the answer is partial. A quote that contradicts what the
    question takes for granted stays the first.
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
    topic = {token: rarity(token) for token in asked.topic}
    # The first quote answers, in whatever words: whose it is has spoken on this.
    spoken = [s for n, (q, s) in enumerate(zip(answer.quotes, speakers, strict=True)) if n == 0 or _on_topic(q, topic)]
    missing = [v for v in asked.voices if not any(v.includes(s) for s in spoken)]
    speaks = "is known to speak" if any(unknown) else "speaks"
    notes = tuple(f"No source here {speaks} for {voice.label} on this." for voice in missing)
    some = 0 < len(missing) < len(asked.voices)
    outcome = Outcome.PARTIAL if some else answer.outcome
    return replace(answer, outcome=outcome, groups=groups, notes=(*answer.notes, *notes))
