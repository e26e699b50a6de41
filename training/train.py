"""Trains the reader: from a seed and the data to a checkpoint, its curves, and a plot of them.

    python -m training.train --data FOLDER --ours FILE --out FOLDER [--seed 1]

Stopped at any point it goes on where it was when called again with the same --out. No set that the product is measured
on is read: held-out documents of the training data tell how far it has come, `best.pt` is where their loss was least,
and it stops early where that has not fallen for long. `--start` goes on from another run's checkpoint; `--without`
leaves a lever off, to see what it does. Left out: ONNX (`training.export`).
"""

from __future__ import annotations

import json
import math
import os
import random
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
import torch
from torch import Tensor

from rag.embed.encoder import whole_texts
from rag.embed.model import DEFAULT_MODEL, load_sentence_transformer, tokenizer_of
from rag.evaluate.metrics import auroc
from rag.read.pieces import Pieces, Text, batch, pair_up
from training import plot
from training.model import Reader, loss, parameters, take_over
from training.pairs import Pair, public, read_pairs
from training.spoil import spoil
from training.written import over_public

RATE, WARM_UP, DECAY = 1e-4, 0.05, 0.01
BATCH = 32
SHORT = torch.ops.mkldnn._is_mkldnn_bf16_supported()  # bfloat16: twice as fast where the cores have it, else far slower
POOL = 40  # batches among which pairs of like length are put together
SPOILT = 0.7  # of the public answered pairs get a near miss beside them, and of our own all that can
OURS = 2  # times that a pair of our own is read in an epoch
WRITTEN = 2  # times that a question written over one passage is read in an epoch
DENIED = 6  # the same of those written over a passage that denies what some take for granted
JUDGED = 20  # the same of a passage that was judged to settle its question; of one found beside it a third as often
WRONG = 3  # wrong passages of a question of our own that are read in an epoch
EVERY = 500  # steps between looks at the held-out pairs
HELD = 1_200  # of them, and all of DENIED and JUDGED
PATIENCE = 4  # looks without a lower held-out loss before it stops
# What `--without` can leave off.
LEVERS = ("public", "ours", "written", "denied", "judged", "near-misses", "retrieved", "where")


@dataclass(frozen=True, slots=True)
class Run:
    """What tells one run from another. `pairs`: at most so many are read; `start`: a checkpoint or reader.onnx.

    `written`, `judged`: so many times a question written over one passage, or a judged passage that settles its
    question, is read in an epoch.
    """

    seed: int
    epochs: float
    rate: float = RATE
    pairs: int | None = None
    written: int = WRITTEN
    judged: int = JUDGED
    without: tuple[str, ...] = ()
    start: Path | None = None


def mixture(run: Run, data: Path, ours: Path, seed: int) -> tuple[list[Pair], list[Pair]]:
    """(pairs of one epoch in the order they are read, held-out pairs)."""
    rng = random.Random(seed)  # noqa: S311  no secret
    pairs = list(public(data, rng))
    spoilt = [spoil(p, rng, rng.choice(pairs)) for p in pairs if p.answers and rng.random() < SPOILT]
    kept = read_pairs(ours)
    over_one = [p for p in kept if p.written] + list(over_public(data, rng))
    own = [p for p in kept if not p.written]
    wrong: dict[str, list[Pair]] = {}
    for pair in own:
        if not pair.answers:
            wrong.setdefault(pair.question, []).append(pair)
    right = [p for p in own if p.answers]
    near = [p for group in wrong.values() for p in rng.sample(group, min(WRONG, len(group)))]
    misses = [spoil(p, rng, rng.choice(right)) for p in right]
    over_one = [p for p in over_one for _ in range(_times(p, run))]
    every = [*pairs, *(p for p in spoilt if p), *(right * OURS), *near, *(p for p in misses if p), *over_one]
    held = [p for p in dict.fromkeys(every) if p.held_out]
    read = [p for p in every if not p.held_out]
    rng.shuffle(read)
    random.Random(0).shuffle(held)  # noqa: S311
    return read, held[:HELD] + [p for p in held[HELD:] if origin(p) in ("denied", "judged")]


def _times(pair: Pair, run: Run) -> int:
    judged = run.judged if pair.answers or pair.denials else run.judged // 3
    return {"denied": DENIED, "judged": judged}.get(origin(pair), run.written)


def origin(pair: Pair) -> str:
    """How the source of a pair begins: "ours", "written", "denied", "judged", or the name of a public set."""
    return pair.source.split("-")[0]


def kinds(pair: Pair) -> set[str]:
    """Which levers a pair belongs to; passages that answer belong to the public sets or to ours only."""
    found = {origin(pair) if pair.written or origin(pair) == "ours" else "public"}
    if not pair.answers and not pair.denials:
        found.add("near-misses" if ":" in pair.source else "retrieved")
    return found


def chosen(run: Run, data: Path, ours: Path) -> tuple[list[Pair], list[Pair]]:
    """(the pairs of a run in the order they are read, held-out pairs). Held out are the same whatever is left off."""
    read: list[Pair] = []
    held: list[Pair] = []
    for epoch in range(math.ceil(run.epochs)):  # other cuts, other near misses each time
        more, held = mixture(run, data, ours, 1_000 * run.seed + epoch)
        read += more
    read = read[: int(len(read) * run.epochs / math.ceil(run.epochs))]
    return [p for p in read if not kinds(p) & set(run.without)][: run.pairs], held


class Feed:
    """Turns pairs into batches of tensors."""

    def __init__(self, tokenizer: Any, words: Tensor) -> None:
        self.tokenizer, self.words = tokenizer, words

    def pieces(self, pair: Pair) -> tuple[Pieces, np.ndarray[Any, Any]]:
        """The pieces of a pair, and which of the body's settle it."""
        texts = [Text.of(text, self.tokenizer) for text in (pair.question, pair.about, pair.passage)]
        pieces = pair_up(*texts)
        start, end = pieces.offsets[:, 0], pieces.offsets[:, 1]
        inside = np.zeros(len(pieces.offsets), bool)
        for a, b in pair.answers + pair.denials:
            inside |= (start < b) & (end > a)
        return pieces, inside

    def batches(self, pairs: Sequence[Pair], skip: int = 0) -> Iterator[tuple[list[Pair], list[Tensor]]]:
        """Batches of like length; the first `skip` are passed over."""
        for first in range(0, len(pairs), BATCH * POOL):
            some = pairs[first : first + BATCH * POOL]
            order = sorted(range(len(some)), key=lambda n: len(some[n].passage) + len(some[n].question))
            groups = [order[n : n + BATCH] for n in range(0, len(order), BATCH)]
            random.Random(first).shuffle(groups)  # noqa: S311
            for group in groups:
                if skip > 0:
                    skip -= 1
                    continue
                chosen = [some[n] for n in group]
                yield chosen, self.tensors(chosen)

    def tensors(self, pairs: Sequence[Pair]) -> list[Tensor]:
        """(words, parts, shared, mask, answered, denied, places); `denied` is -1 where nobody knows."""
        read = [self.pieces(p) for p in pairs]
        ids, parts, shared, mask = (torch.from_numpy(a) for a in batch([p for p, _ in read]))
        places = torch.zeros(ids.shape, dtype=torch.bool)
        for row, (pieces, inside) in enumerate(read):
            places[row, pieces.body] = torch.from_numpy(inside)
        answered = torch.tensor([float(bool(p.answers)) for p in pairs])
        denied = torch.tensor([-1.0 if p.denied is None else float(p.denied) for p in pairs])
        return [self.words[ids], parts, shared, mask, answered, denied, places]


def look(reader: Reader, feed: Feed, held: Sequence[Pair]) -> dict[str, float]:
    """Held-out loss, AUROC by kind of set, and how often the likeliest word lies in the answer."""
    reader.eval()
    scores, denying, losses, located = dict[Pair, float](), dict[Pair, float](), list[float](), list[float]()
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=SHORT):
        for pairs, (*inputs, answered, denied, places) in feed.batches(held):
            answers, denies, where = out = reader(*inputs)
            losses.append(float(loss(out, answered, denied, places)))
            scores |= dict(zip(pairs, answers.tolist(), strict=True))
            denying |= dict(zip(pairs, denies.tolist(), strict=True))
            told = places.gather(1, where.argmax(1, keepdim=True))[:, 0]
            located += told[places.any(1)].float().tolist()
    reader.train()
    seen = {"loss": float(np.mean(losses)), "located": float(np.mean(located))}
    apart = auroc(*([denying[p] for p in denying if "denied" in kinds(p) and p.denied is yes] for yes in (True, False)))
    if apart is not None:
        seen["auroc of denied"] = apart
    for kind in ("", "squad", "ours", "hotpot", "cuad", "written", "judged"):
        some = [p for p in scores if p.source.startswith(kind)]
        apart = auroc(*([scores[p] for p in some if bool(p.answers) is answered] for answered in (True, False)))
        if apart is not None:
            seen[f"auroc {kind}".strip()] = apart
    return seen


def train(run: Run, data: Path, ours: Path, out: Path) -> None:
    """Train to the end, until it stops getting better, or on from where it stopped."""
    torch.manual_seed(run.seed)
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    reader, feed = _opened(run.start)
    read, held = chosen(run, data, ours)
    steps = math.ceil(len(read) / BATCH)
    optimiser = torch.optim.AdamW(parameters(reader, run.rate), weight_decay=DECAY, betas=(0.9, 0.98), fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda n: min((n + 1) / (WARM_UP * steps), max(0.0, (steps - n) / (steps * (1 - WARM_UP))), 1.0)
    )
    out.mkdir(parents=True, exist_ok=True)
    last = out / "last.pt"
    step = 0
    if last.is_file():
        kept = torch.load(last, weights_only=True)
        reader.load_state_dict(kept["reader"])
        optimiser.load_state_dict(kept["optimiser"])
        schedule.load_state_dict(kept["schedule"])
        step = kept["step"]
    click.echo(
        f"{len(read):,} pairs, {sum(bool(p.answers) for p in read):,} answered; {len(held)} held out; from {step}"
    )
    reader.train()
    running: list[float] = []
    for _, (*inputs, answered, denied, places) in feed.batches(read, skip=step):
        with torch.autocast("cpu", torch.bfloat16, enabled=SHORT):
            said = reader(*inputs)
        wrong = loss(said, answered, denied, places, "where" not in run.without)
        optimiser.zero_grad(set_to_none=True)
        wrong.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_((p for p in reader.parameters() if p.requires_grad), 1.0)
        optimiser.step()
        schedule.step()
        step += 1
        running.append(float(wrong.detach()))
        if step % EVERY == 0 or step == steps:
            seen = {"step": step, "pairs": step * BATCH, "train": float(np.mean(running)), **look(reader, feed, held)}
            running.clear()
            losses = _noted(seen, out / "curve.jsonl")
            _save(reader, optimiser, schedule, step, last)
            if losses[-1] == min(losses):
                shutil.copyfile(last, out / "best.pt")
            if min(losses) not in losses[-PATIENCE:]:
                click.echo(f"No better for {PATIENCE} looks: stopped.")
                return


def _opened(start: Path | None) -> tuple[Reader, Feed]:
    st, _ = load_sentence_transformer(DEFAULT_MODEL)
    reader = Reader(st[0].auto_model)
    if start is not None:
        take_over(reader, start)
    tokenizer = tokenizer_of(st)
    whole_texts(tokenizer)
    return reader, Feed(tokenizer, reader.words.weight.detach())


def _noted(seen: dict[str, float], curve: Path) -> list[float]:
    """Write down what was seen. -> the held-out losses so far, oldest first."""
    click.echo(json.dumps({k: round(v, 4) for k, v in seen.items()}))
    with curve.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(seen) + "\n")
    return [json.loads(line)["loss"] for line in curve.read_text(encoding="utf-8").splitlines()]


def _save(reader: Reader, optimiser: Any, schedule: Any, step: int, path: Path) -> None:
    state = {
        "reader": reader.state_dict(),
        "optimiser": optimiser.state_dict(),
        "schedule": schedule.state_dict(),
        "step": step,
    }
    torch.save(state, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


@click.command()
@click.option("--data", type=Path, required=True, metavar="FOLDER", help="The public sets (training/README.md).")
@click.option("--ours", type=Path, required=True, metavar="FILE", help="What `python -m training.mine` wrote.")
@click.option("--out", type=Path, required=True, metavar="FOLDER", help="Where checkpoints and curves go.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--epochs", type=float, default=1.0, show_default=True)
@click.option("--rate", type=float, default=RATE, show_default=True, help="The highest learning rate.")
@click.option("--pairs", type=int, metavar="N", help="Read at most so many.")
@click.option("--written", type=int, default=WRITTEN, show_default=True, help="Times to read what is over one passage.")
@click.option("--judged", type=int, default=JUDGED, show_default=True, help="Times to read what was judged to answer.")
@click.option("--without", multiple=True, type=click.Choice(LEVERS), help="Leave a lever off; may be repeated.")
@click.option("--start", type=Path, metavar="FILE", help="Go on from a checkpoint, or from a reader.onnx.")
def main(data: Path, ours: Path, out: Path, **run: Any) -> None:
    """Train the reader."""
    train(Run(**run), data, ours, out)
    plot.curves(out, run["seed"])


if __name__ == "__main__":
    main()
