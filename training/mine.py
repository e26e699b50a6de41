"""Our own questions -> pairs with the passages that our own search finds: right ones, and the nearest wrong ones.

    python -m training.mine --documents FOLDER --out FILE

Left out: the public sets (`pairs`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from rag.build import build
from rag.datatypes import Passage
from rag.evaluate.metrics import overlaps
from rag.pipeline import Pipeline
from rag.read.reader import about
from rag.retrieve import retrieve
from rag.settings import load_settings
from rag.weigh import weigh
from training.pairs import Pair, Place, write_pairs
from training.rank import gold_of, questions

NEAREST = 6  # passages of a question, best first, among which are both right and wrong ones


def mined(pipeline: Pipeline, asked: dict[str, Any], corpus: Path | None) -> Iterator[Pair]:
    """The pairs of one question. A passage beside the right one is left out when it stands in the same document."""
    read = pipeline.encoder.read(asked["question"])
    evidence = retrieve(asked["question"], read.vector, pipeline.index, pipeline.settings.passages)
    weighed = weigh(read, evidence, pipeline.index)
    passages = list({w.evidence.number: w.evidence.passage for w in weighed}.values())
    gold = gold_of(asked, corpus) if asked["answerable"] else []
    answers = [_answers(p, gold) for p in passages]
    right = {p.document.id for p, places in zip(passages, answers, strict=True) if places}
    group = asked.get("record") or asked.get("near") or asked["gold"][0]["file"]
    for n, (passage, places) in enumerate(zip(passages, answers, strict=True)):
        wrong = n < NEAREST and passage.document.id not in right
        if places or wrong:
            source = f"ours-{'documents' if corpus else 'records'}"
            yield Pair(asked["question"], about(passage), passage.text, places, source, group)


def _answers(passage: Passage, gold: list[tuple[str | None, str]]) -> tuple[Place, ...]:
    name = Path(passage.document.path).name
    return tuple(
        (s.start - passage.start, s.end - passage.start)
        for s in passage.sentences
        if any((not file or file == name) and overlaps(s.text, text) for file, text in gold)
    )


@click.command()
@click.option("--documents", type=Path, metavar="FOLDER", help="The public documents that documents.jsonl is about.")
@click.option("--index", type=Path, metavar="FOLDER", help="Keep the indexes there, for the next run.")
@click.option("--out", type=Path, required=True, metavar="FILE", help="Where the pairs go.")
def main(documents: Path | None, index: Path | None, out: Path) -> None:
    """Pair our own questions with what our own search finds."""
    pairs: list[Pair] = []
    with tempfile.TemporaryDirectory() as temporary:
        for corpus in [None, documents] if documents else [None]:
            name = "documents" if corpus else "records"
            settings = load_settings(corpus=(corpus,) if corpus else None, index=(index or Path(temporary)) / name)
            build(settings)
            pipeline = Pipeline.open(settings)
            for asked in questions(name):
                pairs += mined(pipeline, asked, corpus)
            click.echo(f"{name}: {len(pairs)} pairs, {sum(bool(p.answers) for p in pairs)} answered", err=True)
    write_pairs(out, pairs)


if __name__ == "__main__":
    main()
