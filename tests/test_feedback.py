"""What readers say is kept, by many at once, and read by a command; where it cannot be, nothing is lost and it is said."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime

import pytest
from material import assert_mendable, environment

from rag.errors import FeedbackError
from rag.feedback import FILE, Feedback, keep, kept, now

SAID = Feedback(
    now(datetime(2026, 11, 24, 9, 30, tzinfo=UTC)), "down", "是否许可镓出口？", "2024-12-03", "answered", ("0a1b2c3d",), "Not that one.", "digest", "china",
)  # fmt: skip


@pytest.fixture
def file(tmp_path):
    return tmp_path / "data" / FILE


def test_what_is_kept_is_read_as_it_was_said_in_order(file):
    assert list(kept(file)) == []
    assert not file.exists(), "reading makes no file"
    second = Feedback("2026-11-25T00:00:00Z", "up", "Second?")
    keep(SAID, file)
    keep(second, file)
    assert list(kept(file)) == [SAID, second]
    assert SAID.at == "2026-11-24T09:30:00Z"


def test_the_file_is_its_owner_s_alone(file):
    keep(SAID, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_many_at_once_are_all_kept(file):
    """From several threads here and several processes beside."""
    code = f"from pathlib import Path\nfrom rag.feedback import *\nfor n in range(20): keep(Feedback('', 'up', str(n)), Path({str(file)!r}))"
    beside = [subprocess.Popen([sys.executable, "-c", code], env=environment()) for _ in range(2)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda n: keep(Feedback("", "down", str(n)), file), range(40)))
    assert [process.wait() for process in beside] == [0, 0]
    said = list(kept(file))
    assert sorted(s.question for s in said if s.verdict == "up") == sorted([str(n) for n in range(20)] * 2)
    assert sorted(s.question for s in said if s.verdict == "down") == sorted(str(n) for n in range(40))


def test_a_file_from_before_sides_were_kept_is_read_and_goes_on(file):
    file.parent.mkdir()
    with closing(sqlite3.connect(file)) as old, old:
        old.execute(
            "CREATE TABLE feedback (at TEXT NOT NULL, verdict TEXT NOT NULL, question TEXT NOT NULL, as_of TEXT NOT NULL,"
            " outcome TEXT NOT NULL, keys TEXT NOT NULL, note TEXT NOT NULL, digest TEXT NOT NULL)"
        )
        old.execute(
            "INSERT INTO feedback VALUES ('2026-11-01T00:00:00Z', 'up', 'First?', '', 'answered', '[]', '', 'd')"
        )
    first = Feedback("2026-11-01T00:00:00Z", "up", "First?", outcome="answered", digest="d")
    assert list(kept(file)) == [first], "reading changes nothing"
    keep(SAID, file)
    keep(SAID, file)
    assert list(kept(file)) == [first, SAID, SAID]


def test_it_can_be_read_while_another_writes(file):
    keep(SAID, file)
    with sqlite3.connect(file, isolation_level=None) as writer:
        writer.execute("BEGIN IMMEDIATE")
        assert list(kept(file)) == [SAID]


def test_a_locked_file_is_said_and_loses_nothing(file, monkeypatch):
    monkeypatch.setattr("rag.feedback._WAIT", 0.1)
    keep(SAID, file)
    writer = sqlite3.connect(file, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    with pytest.raises(FeedbackError, match=r"locked.*nothing else holds it"):
        keep(SAID, file)
    writer.execute("ROLLBACK")
    writer.close()
    keep(SAID, file)
    assert list(kept(file)) == [SAID, SAID]


def test_a_full_disk_is_said_and_loses_nothing(file):
    """The system refuses to let the files grow, as a full disk does."""
    keep(SAID, file)
    code = f"""
import resource
from pathlib import Path
from rag.errors import FeedbackError
from rag.feedback import *
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
done = 0
try:
    while done < 1000:
        keep(Feedback("", "up", str(done), note="x" * 2000), Path({str(file)!r}))
        done += 1
except FeedbackError as error:
    print(done, error)
"""
    ran = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True)
    done, message = ran.stdout.split(" ", 1)
    assert "See that the disk has room" in message
    assert int(done) > 5
    assert [s.question for s in kept(file)] == [SAID.question, *map(str, range(int(done)))]
    keep(SAID, file)
    assert list(kept(file))[-1] == SAID


@pytest.mark.parametrize("spoil", ["folder", "rubbish"])
def test_a_file_that_is_none_is_said(file, spoil):
    if spoil == "folder":
        file.mkdir(parents=True)
    else:
        file.parent.mkdir(parents=True)
        file.write_bytes(b"no database, but long enough to look like one" * 100)
    with pytest.raises(FeedbackError, match="could not be kept"):
        keep(SAID, file)
    with pytest.raises(FeedbackError, match="could not be read"):
        list(kept(file))


def test_the_command_prints_it_and_steers_no_terminal(here, file):
    data = {"CHIPQUOTE_DATA": str(file.parent)}
    ran = here("feedback", env=data)
    assert (ran.code, ran.out) == (0, "")
    assert "0 up, 0 down" in ran.err
    keep(SAID, file)
    keep(Feedback("2026-11-25T00:00:00Z", "up", "Red?\x1b[31m\u202e\x9b1m", note="a\nb\rc", side="us\x1b[31m"), file)
    ran = here("feedback", env=data)
    assert "2026-11-24T09:30:00Z  down  answered   是否许可镓出口？ as of 2024-12-03, side china" in ran.out
    assert "    shown: 0a1b2c3d\n    Not that one." in ran.out
    assert all(letter.isprintable() or letter == "\n" for letter in ran.out)
    assert "    a b c\n" in ran.out
    assert "1 up, 1 down" in ran.err
    rows = [json.loads(line) for line in here("feedback", "--json", env=data).out.splitlines()]
    assert rows[0] == {"at": SAID.at, "verdict": "down", "question": SAID.question, "as_of": SAID.as_of,
                       "outcome": "answered", "keys": ["0a1b2c3d"], "note": SAID.note, "digest": "digest", "side": "china"}  # fmt: skip
    assert rows[1]["question"].startswith("Red?\x1b")
    assert here("feedback", "--json", env=data).out.isascii()


@pytest.mark.skipif(os.name == "nt", reason="no such folders there")
def test_a_folder_that_cannot_be_is_said_by_the_command(here, tmp_path):
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(FeedbackError, match="could not be kept"):
        keep(SAID, tmp_path / "data" / FILE)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / FILE).write_bytes(b"rubbish" * 1000)
    assert_mendable(here("feedback", env={"CHIPQUOTE_DATA": str(tmp_path / "other")}), "could not be read")
