"""A pipeline that remembers: a question that was asked before is answered at once, for as long as the answer is right.

A page asks the same question several times: for the answer, for what to ask next, for an export. An answer is taken
from memory only for the very same words, day, side and earlier questions, from the same index, on the same day; so
none is older than midnight, and a new index is never answered from an old one. Nothing is written down. Left out: the
command line and `evaluate`, which ask each question once.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from datetime import date
from threading import Lock
from typing import Any

from rag.datatypes import Answer
from rag.pipeline import Pipeline, Stage

MOST = 256  # answers, of some tens of kilobytes each; the one that was not asked for longest goes first


class Remembering(Pipeline):
    """A pipeline that keeps its last answers in memory. Safe to share between threads."""

    def __init__(self, *parts: Any, **more: Any) -> None:
        super().__init__(*parts, **more)
        self._answers: OrderedDict[tuple[object, ...], Answer] = OrderedDict()
        self._lock = Lock()

    def stages(
        self, question: str, as_of: date | None = None, side: str = "", turns: Sequence[str] = ()
    ) -> Iterator[Stage]:
        """As those of a pipeline, or only the last one where the answer is known."""
        asked = (question, as_of, side, tuple(turns), self.today(), self.index.manifest.digest)
        if known := self._known(asked):
            yield Stage("answer", answer=known)
            return
        for stage in super().stages(question, as_of, side, turns):
            if stage.answer:
                self._keep(asked, stage.answer)
            yield stage

    def _known(self, asked: tuple[object, ...]) -> Answer | None:
        with self._lock:
            if asked in self._answers:
                self._answers.move_to_end(asked)
            return self._answers.get(asked)

    def _keep(self, asked: tuple[object, ...], answer: Answer) -> None:
        with self._lock:
            self._answers[asked] = answer
            while len(self._answers) > MOST:
                self._answers.popitem(last=False)
