"""Where to refuse: the least support for an answer, set on one half of the questions and scored on the other.

    python -m benchmarks.support QUESTIONS.jsonl...      with the index that the settings name

Each line has `id`, `question`, and `answerable` or `type: unanswerable`; as it has them, `turns` and `as_of`. Questions
on other subjects, which must always be refused, are listed below. Halves are split by the hash of the id.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import click
import numpy as np

from rag import answer
from rag.pipeline import Pipeline
from rag.settings import load_settings

OTHER_SUBJECTS = """
Who won the 2019 Tour de France?|What is the capital of Australia?|How do I bake sourdough bread?
What is the boiling point of water?|Who painted the Mona Lisa?|How tall is Mount Everest?|When did the Titanic sink?
What is the best pizza in Naples?|Who is the goalkeeper of Real Madrid?|How many legs does a spider have?
What does photosynthesis produce?|Which language is spoken in Brazil?|Who wrote Pride and Prejudice?
How do I reset my email password?|What is the population of Lagos?|When does the next train to Oxford leave?
What is the recommended dose of ibuprofen?|Who directed Jaws?|How far away is the Moon?
What year did the Beatles split up?|How do I knit a scarf?|What is the tallest waterfall?|Who discovered penicillin?
What is a good name for a cat?|Which vitamins are in spinach?|How do vaccines work?|What time zone is Peru in?
Who won the 2022 World Cup final?|What is the plot of Hamlet?|How do I remove a wine stain?
What is the fastest land animal?|How do bees make honey?
""".replace("\n", "|").split("|")


def half(identity: str) -> int:
    """0 or 1, by the hash of an id."""
    return hashlib.sha256(identity.encode()).digest()[0] % 2


@click.command()
@click.argument("questions", nargs=-1, type=Path, required=True)
def main(questions: tuple[Path, ...]) -> None:
    """Print the support of answerable, unanswerable and foreign questions, and what a threshold does to each."""
    pipeline = Pipeline.open(load_settings())

    def support(asked: dict[str, Any]) -> float:
        day = date.fromisoformat(asked["as_of"]) if asked.get("as_of") else None
        return pipeline.ask(asked["question"], day, turns=asked.get("turns") or ()).support

    lines = [json.loads(line) for path in questions for line in path.read_text().splitlines() if line]
    groups: dict[str, list[tuple[int, float]]] = {"answerable": [], "unanswerable": [], "other subjects": []}
    for asked in lines:
        answerable = asked.get("answerable", asked.get("type") != "unanswerable")
        groups["answerable" if answerable else "unanswerable"].append((half(asked["id"]), support(asked)))
    for question in filter(None, OTHER_SUBJECTS):
        groups["other subjects"].append((half(question), support({"question": question})))
    known, other = ([s for h, s in groups[name] if h == 0] for name in ("answerable", "other subjects"))
    chosen = (float(np.percentile(known, 2)) + max(other)) / 2
    click.echo(f"half way between the others' best and the 2nd percentile of the answerable (first half): {chosen:.3f}")
    click.echo(f"in force: {answer.LEAST_SUPPORT}")
    for threshold in (chosen, answer.LEAST_SUPPORT):
        shares = []
        for name, group in groups.items():
            scores = [s for h, s in group if h == 1]
            if scores:
                shares.append(f"{np.mean([s < threshold for s in scores]):.2f} of {len(scores)} {name}")
        click.echo(f"second half, refused below {threshold:.3f}: {', '.join(shares)}")


if __name__ == "__main__":
    main()
