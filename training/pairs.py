"""Public rows and questions of our own -> pairs of question and passage, each knowing whether and where it is answered.

What each public set is, its licence and where it comes from is in `README.md`; none of its text is in this repository.
Left out: making near misses (`spoil`), finding passages for our own questions (`mine`), and word pieces (`pieces`).
"""

from __future__ import annotations

import gzip
import json
import random
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rag.datatypes import Document, Source
from rag.split import PASSAGE_CHARACTERS, sentences
from rag.text import normalise

# How many pairs of each public set are read in an epoch: broad, with no set drowning the others. `negatives` of a set
# are passages that a search found and that do not hold the answer.
TAKEN = {
    "squad_partial": 15_000, "squad_partial_negatives": 1_500, "squadshifts": 5_000, "hotpot_dev": 5_000,
    "timeqa": 2_500, "nq_oracle": 2_500, "nq_oracle_negatives": 500, "selqa": 2_300, "qed": 1_300, "quotesum": 270,
    "cuad": 1_000, "qamr": 2_500, "qamr_negatives": 400, "conditionalqa": 1_100, "fairytaleqa": 1_200,
    "covidqa": 1_100, "abgcoqa": 500, "tatqa": 600,
}  # fmt: skip
TITLED = frozenset({"squad_partial", "squad_partial_negatives", "nq_oracle", "nq_oracle_negatives", "qed", "selqa"})
AGAIN = 4  # times that an unanswerable question of squad_partial is read: people wrote these few on purpose
SHORTEST = 250  # characters
# These begin the source of a pair whose question was written over its passage (`written`), or whose passage somebody
# judged beside others that our search found for its question, and the name of its file.
WRITTEN, DENIED, JUDGED = "written-", "denied-", "judged-"
# Near misses whose passage says nothing against them; one of another name or number may well be denied by its passage.
SILENT = frozenset({"other-kind", "later", "not-said", "condition", "other_kind", "without", "found"})
HELD_OUT = 20  # one document in so many is for validation

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a passage. `answers` are the places (start, end) in it that answer; none where it does not.

    `denials` are those that deny what the question takes for granted.

    `about` names the document and its date; no answer is sought there. `group` is the document; sets are split by it.
    """

    question: str
    about: str
    passage: str
    answers: tuple[Place, ...]
    source: str
    group: str
    denials: tuple[Place, ...] = ()

    @property
    def held_out(self) -> bool:
        """True for validation: no question about this document is trained on."""
        return zlib.crc32(self.group.encode()) % HELD_OUT == 0

    @property
    def written(self) -> bool:
        """True where somebody wrote the question over this passage alone, or judged the passage for it (`written`)."""
        return self.source.startswith((WRITTEN, DENIED, JUDGED))

    @property
    def denied(self) -> bool | None:
        """True where the passage denies what the question takes for granted; None where nobody knows."""
        if self.denials or self.answers:
            return bool(self.denials)
        origin, _, miss = self.source.partition(":")
        silent = miss in SILENT or miss.startswith("silent-")
        found = not miss and (origin.endswith("negatives") or origin.startswith("ours"))  # by a search, elsewhere
        return False if silent or found else None

    def sentences(self) -> list[Place]:
        """Where the sentences of the passage are, as the product cuts them."""
        document = Document("pair", self.passage, Source(title=""))
        return [(span.start, span.end) for _, span in sentences(document)]


def public(folder: Path, rng: random.Random) -> Iterator[Pair]:
    """Pairs of the public sets in `folder`, cut to passages of the length that the product reads."""
    for name, most in TAKEN.items():
        rows = rows_of(folder, name)
        rng.shuffle(rows)
        rows = rows[:most]
        if name == "squad_partial":
            rows += [row for row in rows if not row["answerable"]] * (AGAIN - 1)
        for row in rows:
            pair = cut(uncut(row, name, rng), rng)
            if pair is not None:
                yield pair


def rows_of(folder: Path, name: str) -> list[dict[str, Any]]:
    """The rows of a public set that have a passage."""
    with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [row for row in map(json.loads, lines) if row.get("passage")]


def uncut(row: dict[str, Any], name: str, rng: random.Random) -> Pair:
    """The pair of a row with the whole passage."""
    place = (row["answer_start"], row["answer_start"] + len(row["answer_text"]))
    document = str(row.get("doc") or row["passage"][:60])
    about = document.replace("_", " ") if name in TITLED and rng.random() < 0.5 else ""
    return Pair(
        question=" ".join(normalise(row["question"]).split()),
        about=about,
        passage=row["passage"],
        answers=(place,) if row["answerable"] else (),
        source=name,
        group=str(row.get("gold_doc") or document),
    )


def cut(pair: Pair, rng: random.Random, least: int = SHORTEST) -> Pair | None:
    """The pair with a run of whole sentences about what settles it, of the length of a record up to PASSAGE_CHARACTERS.

    None where no sentence is found.
    """
    most = rng.randint(least, PASSAGE_CHARACTERS)
    places, settled = pair.sentences(), pair.answers + pair.denials
    if not places:
        return None
    holds = [n for n, (a, b) in enumerate(places) if any(x < b and a < y for x, y in settled)]
    if settled and not holds:
        return None
    first = last = rng.choice(holds) if holds else rng.randrange(len(places))
    while True:
        grown = [
            (a, b)
            for a, b in ((first - 1, last), (first, last + 1))
            if a >= 0 and b < len(places) and places[b][1] - places[a][0] <= most
        ]
        if not grown:
            break
        first, last = rng.choice(grown)
    start, end = places[first][0], places[last][1]
    answers, denials = (
        tuple((max(a, start) - start, min(b, end) - start) for a, b in some if a < end and start < b)
        for some in (pair.answers, pair.denials)
    )
    passage = pair.passage[start : min(end, start + 2 * PASSAGE_CHARACTERS)]
    return replace(pair, passage=passage, answers=answers, denials=denials)


def read_pairs(path: Path) -> list[Pair]:
    """The pairs of a file that `write_pairs` wrote."""
    with path.open(encoding="utf-8") as lines:
        rows = map(json.loads, lines)
        return [Pair(**row | {name: tuple(map(tuple, row[name])) for name in ("answers", "denials")}) for row in rows]


def write_pairs(path: Path, pairs: list[Pair]) -> None:
    """One JSON object a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = ({name: getattr(pair, name) for name in Pair.__slots__} for pair in pairs)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
