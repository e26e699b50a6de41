"""Questions written over one passage each, and questions with judged passages -> pairs.

A denied question takes something for granted which the passage rules out (`denied-*.jsonl`). A near miss looks as if
its passage answered it, and what it asks for stands in no sentence there: what rules (`spoil`) cannot make. A judged
question (`judged-*.jsonl`) is one as people type it, and of each of the passages that our search found for it somebody
told, by reading, which words answer it, if any. A passage is named by the head of its sha256, so that public text stays
out of this repository.
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
from training.pairs import DENIED, JUDGED, TAKEN, WRITTEN, Pair, cut, rows_of, uncut

Row = dict[str, Any]


def key(passage: str) -> str:
    """What a passage is called in the files of written questions."""
    return hashlib.sha256(passage.encode()).hexdigest()[:16]


def written(name: str) -> dict[str, list[Row]]:
    """The questions over the passages of "public" sets, "documents" or "records", by the key of their passage."""
    found: dict[str, list[Row]] = {}
    for kind in (WRITTEN, DENIED):
        for row in lines(HERE / f"{kind}{name}.jsonl"):
            found.setdefault(row["passage"], []).append(row | {"kind": kind})
    for row in lines(HERE / f"{JUDGED}{name}.jsonl") if name != "public" else ():
        for told in row["judged"]:
            answered = "start" in told and not told.get("denied")
            one = {"question": row["question"], "answerable": answered, "miss": "found", "kind": JUDGED}
            found.setdefault(told["passage"], []).append(one | told)
    return found


def over(passages: Iterable[Passage], name: str) -> Iterator[Pair]:
    """The pairs over "documents" or "records", as our own index cuts them."""
    asked = written(name)
    for passage in passages:
        for row in asked.pop(key(passage.text), ()):
            group = row.get("record") or row["file"]
            yield _settled(Pair(row["question"], about(passage), passage.text, (), name, group), row)


def over_public(folder: Path, rng: random.Random) -> Iterator[Pair]:
    """The pairs over the public sets in `folder`, as much of each passage as the product reads at once."""
    asked = written("public")
    for name in TAKEN:
        for row in rows_of(folder, name):
            for ours in asked.pop(key(row["passage"]), ()):
                whole = replace(uncut(row, name, rng), question=ours["question"], answers=())
                pair = cut(_settled(whole, ours), rng, PASSAGE_CHARACTERS)
                if pair is not None:
                    yield pair


def _settled(pair: Pair, row: Row) -> Pair:
    """The pair with the places that a row of written questions names: they answer, or deny; or else it is a miss."""
    places = ((row["start"], row["end"]),) if "start" in row else ()
    pair = replace(pair, source=f"{row['kind']}{pair.source}")
    if row["answerable"]:
        return replace(pair, answers=places)
    if places:
        return replace(pair, denials=places)
    return replace(pair, source=f"{pair.source}:{row['miss']}")
