"""Our own questions -> pairs with the passages that our own search finds: right ones, and the nearest wrong ones.

Those that were written over one passage come with that one.

    python -m training.mine --documents FOLDER --out FILE

Left out: the public sets (`pairs`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from rag.datatypes import Passage
from rag.pipeline import Pipeline
from rag.read.reader import about
from training.own import Gold, Question, answers, gold_of, group_of, opened, questions, weighed_for
from training.pairs import Pair, Place, write_pairs
from training.written import over

NEAREST = 6  # passages of a question, best first, among which are both right and wrong ones


def mined(pipeline: Pipeline, asked: Question, corpus: Path | None) -> Iterator[Pair]:
    """The pairs of one question. A passage beside the right one is left out when it stands in the same document."""
    weighed = weighed_for(asked["question"], pipeline)
    passages = list({w.evidence.number: w.evidence.passage for w in weighed}.values())
    gold = gold_of(asked, corpus)
    found = [_answers(p, gold) for p in passages]
    right = {p.document.id for p, places in zip(passages, found, strict=True) if places}
    for n, (passage, places) in enumerate(zip(passages, found, strict=True)):
        wrong = n < NEAREST and passage.document.id not in right
        if places or wrong:
            source = f"ours-{'documents' if corpus else 'records'}"
            yield Pair(asked["question"], about(passage), passage.text, places, source, group_of(asked))


def _answers(passage: Passage, gold: Gold) -> tuple[Place, ...]:
    start, path = passage.start, passage.document.path
    return tuple((s.start - start, s.end - start) for s in passage.sentences if answers(path, s.text, gold))


@click.command()
@click.option("--documents", type=Path, metavar="FOLDER", help="The public documents that documents.jsonl is about.")
@click.option("--index", type=Path, metavar="FOLDER", help="Keep the indexes there, for the next run.")
@click.option("--out", type=Path, required=True, metavar="FILE", help="Where the pairs go.")
def main(documents: Path | None, index: Path | None, out: Path) -> None:
    """Pair our own questions with what our own search finds."""
    pairs: list[Pair] = []
    for name, corpus, pipeline in opened(documents, index):
        for asked in questions(name):
            pairs += mined(pipeline, asked, corpus)
        pairs += over(map(pipeline.index.passage, range(len(pipeline.index))), name)
        click.echo(f"{name}: {len(pairs)} pairs, {sum(bool(p.answers) for p in pairs)} answered", err=True)
    write_pairs(out, pairs)


if __name__ == "__main__":
    main()
