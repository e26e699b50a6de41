"""What readers say of answers, kept in one SQLite file in the data folder: up or down, and a note.

Kept are the question, the day and side that narrowed it, the keys shown, the outcome and the state of the index, so
that the answer can be given again; not who said it. The index is disposable, this is not, so it does not lie there.
Many servers may write at once: each waits for the others. Left out: what is made of it; nothing is learnt from it by
itself.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rag.errors import FeedbackError

FILE = "feedback.sqlite3"  # in the data folder
_WAIT = 10.0  # seconds for others to finish writing
_TABLE = """
CREATE TABLE IF NOT EXISTS feedback (
  at TEXT NOT NULL, verdict TEXT NOT NULL, question TEXT NOT NULL, as_of TEXT NOT NULL, outcome TEXT NOT NULL,
  keys TEXT NOT NULL, note TEXT NOT NULL, digest TEXT NOT NULL, side TEXT NOT NULL DEFAULT ''
)"""
_ADD = """
INSERT INTO feedback (at, verdict, question, as_of, outcome, keys, note, digest, side)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_SIDE = "ALTER TABLE feedback ADD COLUMN side TEXT NOT NULL DEFAULT ''"  # files made before it was kept have none


@dataclass(frozen=True, slots=True)
class Feedback:
    """`verdict` is "up" or "down"; `at` is UTC, ISO 8601; `digest` names the state of the index that answered."""

    at: str
    verdict: str
    question: str
    as_of: str = ""
    outcome: str = ""
    keys: tuple[str, ...] = ()
    note: str = ""
    digest: str = ""
    side: str = ""


def now(moment: datetime) -> str:
    """A moment as `Feedback.at` has it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def keep(said: Feedback, file: Path) -> None:
    """Add one to the file, which is made where there is none. It is on disk when this returns.

    Raises FeedbackError when the disk is full, the file is locked or may not be written; what was there stays.
    """
    with _told(file, "kept"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)  # what people ask is theirs
        with closing(sqlite3.connect(file, timeout=_WAIT, isolation_level=None)) as db, db:
            db.execute("BEGIN IMMEDIATE")  # waits its turn; a change of the journal's mode would not
            db.execute(_TABLE)
            if "side" not in [column for _, column, *_ in db.execute("PRAGMA table_info(feedback)")]:
                db.execute(_SIDE)
            row = (said.at, said.verdict, said.question, said.as_of, said.outcome, json.dumps(said.keys))
            db.execute(_ADD, (*row, said.note, said.digest, said.side))


def kept(file: Path) -> Iterator[Feedback]:
    """All that was said, oldest first; nothing where there is no file. Raises FeedbackError when it cannot be read."""
    if not file.exists():
        return
    with (
        _told(file, "read"),
        closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=_WAIT)) as db,
    ):
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'feedback'").fetchone():
            return
        db.row_factory = sqlite3.Row
        for row in db.execute("SELECT * FROM feedback ORDER BY rowid"):
            yield Feedback(**{**row, "keys": tuple(json.loads(row["keys"]))})


@contextmanager
def _told(file: Path, what: str) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        why = str(error) if isinstance(error, sqlite3.Error) else error.strerror or str(error)
        raise FeedbackError(
            f"Feedback could not be {what} in {file}: {why}. See that the disk has room, that the file may be written, "
            "and that nothing else holds it; CHIPQUOTE_DATA names another folder."
        ) from error
