"""Question -> Answer. Read this file first: it is the whole path of a question.

    resolve a follow-up -> embed -> retrieve passages -> weigh their sentences -> choose quotes -> answer, by side

Left out: how an index comes to be (`rag.build`), and how an answer looks (`rag.present`, `rag.web`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NoReturn, cast

from rag.answer import answer
from rag.datatypes import Answer
from rag.embed import Encoder, encoder_folder, load_encoder
from rag.errors import IndexDamaged, IndexMismatch, QuestionError
from rag.follow import follow
from rag.index import Index
from rag.quote import choose, support, weigh
from rag.retrieve import beside, retrieve
from rag.settings import Settings
from rag.sides import Voices, asked_sides, grouped, heard
from rag.text import normalise

OF_AN_ASKED_SIDE = 4  # passages of each side whose position is asked for, beside those found anyway
LONGEST_QUESTION = 4_000  # characters; about 700 words


@dataclass(frozen=True, slots=True)
class Stage:
    """How far a question has come: "searching", "reading", "answer" (only then is there an `answer`)."""

    name: str
    note: str = ""
    answer: Answer | None = None


class Pipeline:
    """An open index and its encoder. Safe to share between threads."""

    def __init__(self, index: Index, encoder: Encoder, settings: Settings) -> None:
        self.index, self.encoder, self.settings = index, encoder, settings

    @classmethod
    def open(cls, settings: Settings) -> Pipeline:
        """Open the index that `settings` names, with the encoder it was made with.

        Raises IndexMissing, IndexDamaged, IndexMismatch or ModelError, each saying what to do.
        """
        folder = encoder_folder(settings.index, settings.model)
        if not folder.is_dir():
            _say_why_there_is_no_encoder(settings)
        encoder = load_encoder(folder, settings.model)
        return cls(Index.open(settings.index, encoder.recipe.fingerprint), encoder, settings)

    def ask(self, question: str, as_of: date | None = None, side: str = "", turns: Sequence[str] = ()) -> Answer:
        """Answer a question by quotes.

        `as_of` leaves out what was not yet published that day, `side` all but one side's sources; `turns` are the
        earlier questions of a conversation, oldest first. Raises QuestionError when there is nothing to ask.
        """
        *_, last = self.stages(question, as_of, side, turns)
        return cast(Answer, last.answer)

    def stages(
        self, question: str, as_of: date | None = None, side: str = "", turns: Sequence[str] = ()
    ) -> Iterator[Stage]:
        """The same, one stage at a time, for a page that shows how far it has come."""
        question = _checked(question)
        followed = follow(question, turns)
        searched = followed.searched
        yield Stage("searching", f"Searching {self.index.manifest.documents:,} documents")
        vector = self.encoder.question(searched)
        evidence = retrieve(searched, vector, self.index, self.settings.passages, as_of, side)
        asked = asked_sides(searched, self.voices)
        for asked_side in () if side else asked.sides:
            evidence = beside(evidence, retrieve(searched, vector, self.index, OF_AN_ASKED_SIDE, as_of, asked_side))
        yield Stage("reading", f"Reading {len(evidence)} passages")
        weighed = weigh(searched, vector, evidence, self.index.sentence_vectors, followed.weighing(self.index.rarity))
        quotes = heard(weighed, choose, self.settings.quotes, asked, self.voices, self.index.rarity)
        done = answer(question, searched, quotes, evidence, support(weighed), as_of, self.coverage())
        yield Stage("answer", answer=grouped(done, asked, self.voices, self.index.rarity))

    @cached_property
    def voices(self) -> Voices:
        """Who can speak, by the names in the catalog."""
        return Voices(self.index.voices())

    def coverage(self) -> str:
        """One line on what can be answered at all."""
        m = self.index.manifest
        dates = f", dated {m.oldest} to {m.newest}" if m.oldest else ""
        return f"{m.documents:,} documents{dates}"


def _say_why_there_is_no_encoder(settings: Settings) -> NoReturn:
    """Raise IndexMissing, IndexDamaged or IndexMismatch: whichever is the reason."""
    index = Index.open(settings.index)
    index.close()
    if index.manifest.model != settings.model:
        raise IndexMismatch(
            f"The index in {settings.index} was made with the model {index.manifest.model!r}, not {settings.model!r}. "
            "Run `python -m rag index` to rebuild it, or set CHIPQUOTE_MODEL back."
        )
    raise IndexDamaged(f"The encoder of the index in {settings.index} is gone. Rebuild it: python -m rag index")


def _checked(question: str) -> str:
    if not any(c.isalnum() for c in question):
        raise QuestionError("The question is empty. Ask something like: When did the H200 rule take effect?")
    if len(question) > LONGEST_QUESTION:
        raise QuestionError(
            f"The question has {len(question):,} characters; the limit is {LONGEST_QUESTION:,}. "
            "Ask for one thing at a time."
        )
    return " ".join(normalise(question).split())
