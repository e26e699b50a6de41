"""What this machine holds of one source: every text that was fetched, with a sidecar each, and one state file.

    <data>/sources/<id>/<first 12 of its sha256>.<ext>   a text, as it came
                        <the same>.json                  its title, dates, source: what the loaders read
                        .state.json                      what was seen when

The newest text is the document `<id>`; older ones are `<id>@<the day it begins>`, with the day it ended and what
replaced it. Every file is written whole or not at all, a sidecar before its text, the state last: a run that is killed
at any point leaves whole files, and the next one completes them.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from rag.errors import FetchError
from rag.fetch.same import say_the_same
from rag.fetch.sources import Entry
from rag.load import sidecar_of

STATE = ".state.json"
_OURS = re.compile(r"[0-9a-f]{12}(-[\d-]+)?\.[a-z]+(\.json)?|\..+\.part")


@dataclass(frozen=True, slots=True)
class Found:
    """One text of a source as it came: published or in force from `start` to `end`.

    An empty `start` is for `take_in` to fill; an empty `end` means still, or not known. `facts` are what the publisher
    says of it, by the names of a sidecar. `received` is the sha256 of the whole answer where a text was cut out of it.
    """

    body: bytes
    extension: str
    url: str
    start: str = ""
    end: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    received: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """A text that is held: its file, and all that its sidecar says beyond the list of sources."""

    file: str
    sha256: str
    received: str
    url: str
    fetched: str
    start: str = ""
    end: str = ""
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Holding:
    """The texts of one source, oldest first, and what its addresses said last.

    `days` are beginnings of texts that were looked at, so that they need not be asked for again.
    """

    folder: Path
    checked: str = ""
    seen: dict[str, dict[str, str]] = field(default_factory=dict)
    days: list[str] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)
    _bodies: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def open(cls, folder: Path) -> Holding:
        """What is held there. A text whose file is gone is forgotten, so that it is fetched again."""
        try:
            state = json.loads((folder / STATE).read_bytes())
            versions = [Version(**v) for v in state["versions"]]
            held = [v for v in versions if (folder / v.file).is_file()]
            if len(held) == len(versions):
                return cls(folder, state["checked"], state["seen"], state["days"], held)
            return cls(folder, versions=held)
        except (OSError, ValueError, KeyError, TypeError):  # none, or not ours: as if nothing had been fetched
            return cls(folder)

    def take_in(self, entry: Entry, found: Sequence[Found], now: datetime, replaced_by: Sequence[str] = ()) -> bool:
        """Add what was found and write it all down; True when any of it is new.

        The first text of a page is of the day it was published; another one of the day it was first seen. The one
        before it stood until it was last seen, and no more is known. Raises FetchError when it cannot be written.
        """
        changed = False
        for text in found:
            before = self.versions[-1] if self.versions else None
            dated = replace(text, start=text.start or (entry.published if before is None else _day(now)))
            added = self._add(dated, now)
            if added and before is not None and entry.kind != "ecfr":
                self.versions[self.versions.index(before)] = replace(before, end=before.end or self.checked[:10])
            changed = added or changed
        self._save(entry, now, replaced_by)
        return changed

    def _add(self, found: Found, now: datetime) -> bool:
        """Put a text in its place by its day; False when its neighbour says the same: then it is that one."""
        sha = hashlib.sha256(found.body).hexdigest()
        at = sum(v.start <= found.start for v in self.versions)
        if at > 0 and self._says(self.versions[at - 1], found, sha):
            same = self.versions[at - 1]
            etag = {n: v for n, v in same.facts.items() if n == "etag"}  # it is of the bytes, and those held stay
            self.versions[at - 1] = replace(same, end=found.end, facts=dict(found.facts) | etag)
            return False
        if at < len(self.versions) and self._says(self.versions[at], found, sha):
            self.versions[at] = replace(self.versions[at], start=found.start)
            return False
        file = sha[:12] + found.extension
        if any(v.file == file for v in self.versions):  # a page that went back to an earlier text
            file = f"{sha[:12]}-{found.start}{found.extension}"
        fetched = now.isoformat(timespec="seconds")
        received = found.received or sha
        new = Version(file, sha, received, found.url, fetched, found.start, found.end, dict(found.facts))
        self.versions.insert(at, new)
        self._bodies[file] = found.body
        return True

    def _says(self, version: Version, found: Found, sha: str) -> bool:
        """True where a text that is held says what was found."""
        if version.sha256 == sha:
            return True
        try:
            held = self._bodies.get(version.file) or (self.folder / version.file).read_bytes()
        except OSError:
            return False
        return say_the_same(held, found.body, (Path(version.file).suffix, found.extension))

    def _save(self, entry: Entry, now: datetime, replaced_by: Sequence[str]) -> None:
        """Write what is new, in the order that leaves it whole wherever it stops."""
        self.checked = now.isoformat(timespec="seconds")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for version in self.versions:  # older ones first: two documents never have one id
                text = self.folder / version.file
                write_whole(sidecar_of(text), _json(sidecar(entry, self, version, replaced_by)))
                if version.file in self._bodies:
                    write_whole(text, self._bodies[version.file])
            state = {"checked": self.checked, "seen": self.seen, "days": sorted(set(self.days))}
            write_whole(self.folder / STATE, _json(state | {"versions": [asdict(v) for v in self.versions]}))
            self._clear_away()
        except OSError as error:
            raise FetchError(
                f"{self.folder} cannot be written ({error.strerror}); free some space, or set CHIPQUOTE_DATA to "
                "another folder"
            ) from error

    def _clear_away(self) -> None:
        """Files of a run that was killed before it wrote its state."""
        kept = {STATE} | {v.file for v in self.versions} | {f"{v.file}.json" for v in self.versions}
        for path in self.folder.iterdir():
            if path.name not in kept and _OURS.fullmatch(path.name):
                path.unlink()


def sidecar(entry: Entry, holding: Holding, version: Version, replaced_by: Sequence[str] = ()) -> dict[str, Any]:
    """What the loaders are told of a text: the list of sources, corrected by what the publisher says."""
    number = holding.versions.index(version)
    current = number == len(holding.versions) - 1
    listed: dict[str, Any] = {
        "id": entry.id if current else _older_id(entry, holding.versions[: number + 1]),
        "title": entry.title,
        "publisher": entry.publisher,
        "side": entry.side,
        "language": entry.language,
        "licence": entry.licence,
        "citation": entry.citation,
        "source_url": version.url,
        "date": entry.published if number == 0 and entry.kind == "page" else version.start,
        "effective": entry.effective,
        "until": entry.until if current else version.end,
        "status": entry.status if current else "superseded",
        "status_as_of": entry.status_as_of if current else holding.checked[:10],
        "supersedes": list(entry.supersedes),
        "superseded_by": list(replaced_by) if current else [entry.id],
    }
    ours = {"sha256": version.sha256, "received_sha256": version.received, "fetched": version.fetched}
    in_force = {"effective": version.start} if entry.kind == "ecfr" else {}
    told = listed | version.facts | in_force | ours
    return {name: value for name, value in told.items() if value}  # an empty value would hide what the text itself says


def _older_id(entry: Entry, versions: Sequence[Version]) -> str:
    """`<id>@<day>` of the last of these; with a number where a page changed more than once in a day."""
    day = versions[-1].start or versions[-1].sha256[:8]
    before = sum(v.start == versions[-1].start for v in versions[:-1])
    return f"{entry.id}@{day}" + (f".{before + 1}" if before else "")


def write_whole(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; one that says the same is left alone, so that the index stays fresh."""
    if path.is_file() and path.read_bytes() == data:
        return
    temporary = path.with_name(f".{path.name}.part")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _day(now: datetime) -> str:
    return now.date().isoformat()


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()
