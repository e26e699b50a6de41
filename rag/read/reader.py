"""Serves the reader: (question, passages) -> of each, whether it answers, or denies what is asked, and by which words.

One ONNX session, int8, a pass for each pair: int8 takes its scale from all that one pass reads, so that with others in
it a pair would be read otherwise (by 0.2 of the logit, at times by 1). Passes run side by side, a core each. The file
ships in this package with its card; its sha256 is checked at load. The word table is the encoder's (`rag.embed.words`),
so the file does not hold it. Left out: what readings do to order, quotes and refusal (`judge`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.datatypes import Passage, Span
from rag.errors import ModelError
from rag.read.pieces import Ints, Pieces, Text, batch, pair_up
from rag.session import CORES, open_session

HERE = Path(__file__).parent
FILE, FACTS = "reader.onnx", "reader.json"
LONGEST_READ = 30  # words of a question; of those that it was trained on 995 in 1,000 have at most 27
NEVER = -20.0  # the logit of what is not read for: none
LEAST_SHARE = -5.0  # the log share of a sentence: less is noise, and what was not read has no more

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of one passage.

    `answers` is a logit, above 0 where it rather answers, and `denies` one that it denies what the question takes for
    granted. `shares` (m,) say how likely each word piece belongs to what does so, if anything, and sum to 1; `offsets`
    (m, 2) are their places in the document.
    """

    answers: float
    shares: Floats
    offsets: Ints
    denies: float = NEVER

    def share(self, span: Span) -> float:
        """The log of the share of the answer that lies in `span`."""
        inside = (self.offsets[:, 0] < span.end) & (self.offsets[:, 1] > span.start)
        told = float(self.shares[inside].sum())
        return max(float(np.log(told)), LEAST_SHARE) if told > 0 else LEAST_SHARE


class Reads(Protocol):
    """Anything that reads passages with a question: ours, or a CrossEncoder named in the settings."""

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """One reading a passage, in their order."""


class Reader:
    """The reader that ships. Safe to share between threads."""

    def __init__(self, session: Any, tokenizer: Any, words: Floats) -> None:
        self._session, self._tokenizer, self._words = session, tokenizer, words
        self._side_by_side = ThreadPoolExecutor(CORES, thread_name_prefix="reader")

    @classmethod
    def load(cls, tokenizer: Any, words: Floats, folder: Path = HERE) -> Reader:
        """`words` (30522, 384) is the word table of the encoder that it was trained from.

        Raises ModelError when the file is gone, damaged or not the one that its facts are about.
        """
        file = folder / FILE
        try:
            facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
            with file.open("rb") as opened:
                found = hashlib.file_digest(opened, "sha256").hexdigest()
            if found != facts["sha256"]:
                raise ModelError(
                    f"{file} is not the reader that was published (sha256 {found[:12]}…, not "
                    f"{facts['sha256'][:12]}…). Install ChipQuote again, or set CHIPQUOTE_DEPTH=fast to do without."
                )
            session = open_session(file, threads=1)
        except ModelError:
            raise
        except Exception as error:  # onnxruntime raises bare exception types
            raise ModelError(
                f"The reader cannot be loaded from {file} ({error}). Install ChipQuote again, or set "
                "CHIPQUOTE_DEPTH=fast to do without."
            ) from error
        return cls(session, tokenizer, words)

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """One reading a passage, in their order."""
        asked = Text.of(question, self._tokenizer)
        pairs = [pair_up(asked, Text.of(about(p), self._tokenizer), Text.of(p.text, self._tokenizer)) for p in passages]
        return [*self._side_by_side.map(self._reading, pairs, passages)]

    def _reading(self, pair: Pieces, passage: Passage) -> Reading:
        ids, parts, shared, mask = batch([pair])
        given = {"words": self._words[ids], "parts": parts, "shared": shared, "mask": mask}
        (answers,), (denies,), (where,) = self._session.run(["answers", "denies", "where"], given)
        logits = where[pair.body]
        e = np.exp(logits - logits.max(initial=-np.inf))
        return Reading(float(answers), e / (e.sum() or 1.0), pair.offsets + passage.start, float(denies))


def about(passage: Passage) -> str:
    """What stands before a passage when it is read: title, who, date, and the heading above it."""
    return " ".join(x for x in (passage.document.source.about, passage.heading) if x)
