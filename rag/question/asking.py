"""A question, as it was put -> Asking: all that is read from its words before anything is searched.

    the turns before it -> a question that stands alone -> its day, whose position it asks for, the term it wants
    defined, the provisions it names -> the words to search with

Left out: the parts of a question (`parts`), each of which is read like a question, and slips of the keyboard.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from rag.datatypes import When
from rag.glossary import anchors, official_titles
from rag.question.follow import Followed, follow
from rag.question.when import OTHERS_TOO, read_when, with_its_day, without_happening, without_its_day, without_its_state
from rag.rules.defined import asked_term, asked_thing, with_the
from rag.rules.news import News, asked_news
from rag.rules.posts import Post, asked_post
from rag.rules.provision import Home, homes, provisions
from rag.rules.sides import Asked, Voices, asked_sides


@dataclass(frozen=True, slots=True)
class Asking:
    """A question as it is searched: `text` is without its day, `on` also without the words of a state.

    `titles` are official ones in brackets, of what it calls by another name, where the index has such a document.
    `sides` are those whose position is asked for, `term` is what is to be defined, `thing` what is to be introduced,
    `post` is the one whose holder is asked for, `provisions` are those named by number, `only` is the one side that is
    allowed (or ""), `day` the day whose state is told; `news` is what is asked of a time, whatever happened.
    """

    followed: Followed
    when: When
    text: str
    on: str
    titles: str
    sides: Asked
    term: str
    thing: str
    post: Post | None
    provisions: tuple[Home, ...]
    only: str
    day: date
    news: News | None

    @property
    def searched(self) -> str:
        """The words to search with."""
        return self.on + self.titles

    @property
    def read(self) -> str:
        """The words that passages are read with: "50% rule" and "Explain the 50% rule" as "What is the 50% rule?"."""
        other = self.thing and not self.text.lower().startswith("what")
        return (f"What is {with_the(self.thing)}?" if other else self.text) + self.titles

    @property
    def of_a_state(self) -> bool:
        """True when it is asked how things stood on a day, or stand now."""
        return bool(self.when.as_of or self.when.now)


def understood(
    question: str, turns: Sequence[str], as_of: date | None, side: str, today: date, index: Any, voices: Voices
) -> Asking:
    """What is asked. `index` finds the provisions; a day given as `as_of` wins over one in the question's words."""
    followed = follow(question, [with_its_day(t, read_when(t, today, anchors())) for t in turns])
    when = _when(followed.own, followed.searched, today, as_of)
    text = without_its_day(followed.searched, when)
    news = asked_news(text, when)
    if news:  # no other day is quoted
        when = replace(when, note=when.note.replace(OTHERS_TOO, ""))
    on = without_its_state(text) if when.as_of or when.now else without_happening(text)
    titles = [title for title in official_titles(text) if index.has_titled(title)]
    return Asking(
        followed,
        when,
        text,
        on,
        titles=f" ({'; '.join(titles)})" if titles else "",
        sides=Asked() if news else asked_sides(followed.searched, voices),
        term=asked_term(text),
        thing=asked_thing(text),
        post=asked_post(text),
        provisions=homes(provisions(text), index, when.as_of, side),
        only=side,
        day=when.as_of or today,
        news=news,
    )


def _when(question: str, searched: str, today: date, as_of: date | None) -> When:
    """What the question says about time; where it asks for no state, a follow-up takes that from the one before."""
    alone = read_when(searched, today, anchors(), as_of)
    when = alone if searched == question else read_when(question, today, anchors(), as_of)
    return alone if when == When() or (alone.as_of and not (when.as_of or when.now)) else when
