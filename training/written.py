"""Questions written over one passage each, near misses beside answered ones -> pairs.

A near miss looks as if its passage answered it, and what it asks for stands in no sentence there: what rules (`spoil`)
cannot make. A passage is named by the head of its sha256, so that public text stays out of this repository.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from rag.datatypes import Passage
from rag.read.reader import about
from rag.split import PASSAGE_CHARACTERS
from training.own import HERE, lines
from training.pairs import TAKEN, WRITTEN, Pair, pair_of, rows_of

Row = dict[str, Any]


def key(passage: str) -> str:
    """What a passage is called in the files of written questions."""
    return hashlib.sha256(passage.encode()).hexdigest()[:16]


def written(name: str) -> dict[str, list[Row]]:
    """The questions over the passages of "public" sets, "documents" or "records", by the key of their passage."""
    found: dict[str, list[Row]] = {}
    for row in lines(HERE / f"written-{name}.jsonl"):
        found.setdefault(row["passage"], []).append(row)
    return found


def over(passages: Iterable[Passage], name: str) -> Iterator[Pair]:
    """The pairs over "documents" or "records", as our own index cuts them."""
    asked = written(name)
    for passage in passages:
        for row in asked.pop(key(passage.text), ()):
            places = ((row["start"], row["end"]),) if row["answerable"] else ()
            group = row.get("record") or row["file"]
            yield _marked(Pair(row["question"], about(passage), passage.text, places, name, group))


def over_public(folder: Path, rng: random.Random) -> Iterator[Pair]:
    """The pairs over the public sets in `folder`, as much of each passage as the product reads at once."""
    asked = written("public")
    for name in TAKEN:
        for row in rows_of(folder, name):
            for ours in asked.pop(key(row["passage"]), ()):
                said = row["passage"][ours["start"] : ours["end"]] if ours["answerable"] else ""
                given = {"question": ours["question"], "answerable": ours["answerable"]}
                answer = {"answer_start": ours.get("start", -1), "answer_text": said}
                pair = pair_of(row | given | answer, name, rng, PASSAGE_CHARACTERS)
                if pair is not None:
                    yield _marked(pair)


def _marked(pair: Pair) -> Pair:
    return replace(pair, source=f"{WRITTEN}{pair.source}" + ("" if pair.answers else ":miss"))
