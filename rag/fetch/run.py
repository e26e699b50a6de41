"""One run over the list: each source is visited, one failure never stops the rest, and the outcome is told.

    for each entry, those never fetched first:  look -> take in

A run that was cut off goes on with what is missing. Left out: how a source is asked (`federal_register`, `ecfr`,
`page`), and the index.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from rag.errors import FetchBusy, FetchError, NoNetwork
from rag.fetch import ecfr, federal_register, page
from rag.fetch.hold import Found, Holding
from rag.fetch.manners import Manners
from rag.fetch.sources import Entry
from rag.fetch.visit import Visitor

What = Literal["new", "changed", "unchanged", "failed"]
OFFLINE = "No network: nothing was fetched; answers rest on the records and what was fetched before."


@dataclass(frozen=True, slots=True)
class Places:
    """Where the two public APIs are."""

    federal_register: str = federal_register.API
    ecfr: str = ecfr.API


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one source; `note` says why, or what else is worth knowing."""

    id: str
    what: What
    note: str = ""


@dataclass(frozen=True, slots=True)
class Trip:
    """What all visits of a run share."""

    visitor: Visitor
    places: Places
    ecfr: ecfr.Ecfr
    now: datetime

    def look(self, entry: Entry, holding: Holding) -> list[Found]:
        """Ask a source the way its kind is asked."""
        if entry.kind == "federal-register":
            return federal_register.look(entry, self.places.federal_register, self.visitor, holding)
        if entry.kind == "ecfr":
            return self.ecfr.look(entry, holding)
        return page.look(entry, self.visitor, holding)


def fetch(
    entries: Sequence[Entry],
    folder: Path,
    manners: Manners = Manners(),  # noqa: B008  frozen
    places: Places = Places(),
    replaced_by: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Iterator[Outcome]:
    """Bring every entry up to date in `folder`, one outcome each as it comes.

    `replaced_by` tells which sources replace a source (`successors` of the whole list). Raises NoNetwork when no host
    answers, FetchBusy when another process is at it.
    """
    with _alone(folder), Visitor(manners) as visitor:
        asked = [_address(entry, places) for entry in entries]
        if not visitor.anyone_there([asked[0], places.federal_register, places.ecfr, *asked]):
            raise NoNetwork(OFFLINE)
        trip = Trip(visitor, places, ecfr.Ecfr(places.ecfr, visitor), _now())
        held = [(entry, Holding.open(folder / entry.id)) for entry in entries]
        held.sort(key=lambda pair: pair[1].checked)
        for entry, holding in held:
            yield _visit(trip, entry, holding, replaced_by.get(entry.id, ()))


def _visit(trip: Trip, entry: Entry, holding: Holding, replaced_by: Sequence[str]) -> Outcome:
    known = bool(holding.versions)
    try:
        found = trip.look(entry, holding)
        changed = holding.take_in(entry, found, trip.now, replaced_by)
    except FetchError as error:
        return Outcome(entry.id, "failed", str(error))
    except (KeyError, TypeError, ValueError, AttributeError, StopIteration) as error:
        why = f"the answer has a shape that this version does not know ({error!r}); please report it"
        return Outcome(entry.id, "failed", why)
    what: What = "unchanged" if not changed else "changed" if known else "new"
    return Outcome(entry.id, what, _difference(entry, holding))


def _difference(entry: Entry, holding: Holding) -> str:
    """Where the publisher names another day than our list: the publisher is right, and the list should be mended."""
    said = holding.versions[0].start if entry.kind == "federal-register" and holding.versions else ""
    return "" if said.startswith(entry.published) or not said else f"published {said}; the list says {entry.published}"


def _now() -> datetime:
    return datetime.now(UTC)


def _address(entry: Entry, places: Places) -> str:
    return {"federal-register": places.federal_register, "ecfr": places.ecfr}.get(entry.kind, entry.url)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the one fetcher's place; the operating system frees it when the process dies."""
    import portalocker

    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = portalocker.Lock(folder / ".lock", "a", timeout=0, flags=portalocker.LOCK_EX | portalocker.LOCK_NB)
        lock.acquire()
    except portalocker.AlreadyLocked as error:
        raise FetchBusy(f"Another process is fetching into {folder}. Wait until it has finished.") from error
    except OSError as error:
        raise FetchError(
            f"{folder} cannot be written ({error.strerror}); set CHIPQUOTE_DATA to another folder."
        ) from error
    try:
        yield
    finally:
        lock.release()
