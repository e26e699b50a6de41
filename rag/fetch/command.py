"""What `python -m rag fetch` does: read the list, choose, visit, and tell what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.fetch.hold import Holding
from rag.fetch.manners import Manners
from rag.fetch.run import Outcome, Places, fetch
from rag.fetch.sources import Entry, choose, default_list, read_list, successors
from rag.settings import Settings


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for on the command line."""

    ids: tuple[str, ...] = ()
    side: str = ""
    sources: Path | None = None
    contact: str = ""
    private: bool = False
    delay: float = 1.0
    federal_register: str | None = None
    ecfr: str | None = None

    def known(self) -> list[Entry]:
        """Every source of the list. Raises FetchError."""
        return read_list(self.sources or default_list())


def carry_out(order: Order, settings: Settings, progress: Callable[[str, int, int], None]) -> list[Outcome]:
    """Fetch what was asked for, and say what became of each source. Raises FetchError, NoNetwork, FetchBusy."""
    manners = Manners(delay=order.delay, backoff=2 * order.delay, private=order.private, contact=order.contact)
    usual = Places()
    places = Places(order.federal_register or usual.federal_register, order.ecfr or usual.ecfr)
    known = order.known()
    asked = choose(known, order.ids, order.side)
    outcomes = list[Outcome]()
    for outcome in fetch(asked, settings.sources, manners, places, successors(known)):
        outcomes.append(outcome)
        progress("fetching", len(outcomes), len(asked))
    return outcomes


def listed(order: Order, settings: Settings) -> Iterator[dict[str, str]]:
    """Each source asked for, and when what is held of it was last checked."""
    for entry in choose(order.known(), order.ids, order.side):
        holding = Holding.open(settings.sources / entry.id)
        yield {
            "id": entry.id,
            "side": entry.side,
            "published": entry.published,
            "checked": holding.checked[:10],
            "texts": str(len(holding.versions)),
            "confirmed": "yes" if entry.confirmed else "no",
            "title": entry.title,
            "url": entry.url,
        }


def summary(outcomes: Sequence[Outcome]) -> Iterable[str]:
    """What changed since last time, a line each, and the count."""
    for outcome in outcomes:
        if outcome.what != "unchanged" or outcome.note:
            yield f"{outcome.what:9}  {outcome.id}{': ' + outcome.note if outcome.note else ''}"
    counts = Counter(outcome.what for outcome in outcomes)
    yield ", ".join(f"{counts[what]} {what}" for what in ("new", "changed", "unchanged", "failed")) + "."
    if counts["failed"]:
        yield "Failed ones are tried again first by the next `python -m rag fetch`; the rest is kept."
