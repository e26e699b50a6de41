"""What the tests read and stand on: a small invented library, PDFs made by hand, a corpus beside its index.

Nothing here is a real document. Names of agencies are invented; chips and codes are real words so that the real model
has something to understand.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest

from rag.build import Report, build
from rag.datatypes import Document, Evidence, Source, Weighed
from rag.embed.encoder import Reading
from rag.index import Index
from rag.index.tokens import Pieces
from rag.pipeline import Pipeline
from rag.settings import Settings
from rag.split import split
from rag.text import words
from rag.weigh import weigh

ROOT = Path(__file__).resolve().parent.parent
MODEL = "all-MiniLM-L6-v2"

CHIPS_QUESTION = "Which three Huawei chips does the guidance of 13 May 2025 name?"

ASCEND = """---
id: ascend
title: Guidance on Ascend chips
date: 2025-05-13
side: us
publisher: Bureau of Examples
url: https://example.org/ascend
status: in force
status_as_of: 2026-01-31
---
# Guidance on Ascend chips

The guidance of 13 May 2025 names three Huawei chips: the Ascend 910B, the Ascend 910C and the Ascend 910D. Using one \
of them anywhere in the world without a licence risks a violation.

## Who must check

A company that stores chips for others must ask where they were made. It has thirty days to answer.
"""

THRESHOLD = """---
title: Threshold rule
date: 2023-10-25
side: us
publisher: Bureau of Examples
url: https://example.org/threshold
---
An item under ECCN 3A090 needs a licence when its total processing performance is 4,800 or more. Exporters keep their \
records for five years. The presumption of denial applies to Country Group D:5.
"""

TIERS = """---
id: tiers
title: Framework of three tiers
date: 2025-01-15
effective: 2025-05-15
until: 2025-05-13
side: us
publisher: Bureau of Examples
url: https://example.org/tiers
status: rescinded
superseded_by: [ascend]
---
The framework sorted the countries of the world into three tiers of access to advanced chips. The second tier had a cap \
on computing power.
"""

REMARKS = """---
title: Remarks at a trade fair
date: 2025-05-21
side: industry
speaker: Chen Example
publisher: Fair Daily
url: https://example.org/remarks
---
Our share of the market in that country fell from ninety-five per cent to fifty per cent in four years. The export \
controls were a failure, the chief executive said.
"""

GALLIUM = """---
title: 关于镓和锗的公告
date: 2024-12-03
side: china
language: zh
publisher: 示例部
url: https://example.org/gallium
---
原则上不许可镓、锗和锑对该国出口。本公告自公布之日起实施。
"""

UNDATED = """---
title: Leaflet on wafers
side: us
publisher: Bureau of Examples
---
A wafer fabrication plant of the invented company Siliconia makes chips in the town of Waferburg.
"""

NOTICE = """<!doctype html><html><head><meta charset="utf-8"><title>Notice on memory</title></head><body>
<h1>Notice on memory</h1>
<p>High bandwidth memory stacks need a licence from 2 December 2024.</p>
<script>document.title = "stolen"</script>
<p>A stack counts when its density exceeds two gigabytes per second per square millimetre.</p>
</body></html>
"""

LETTER = """Letter to the makers of lithography machines

The makers of immersion lithography machines were told on 6 September 2024
that every shipment of spare parts needs a licence of its own. Servicing of a
machine that is already installed stays free until the end of the year.
"""

LIBRARY = {
    "us/ascend.md": ASCEND,
    "us/threshold.md": THRESHOLD,
    "us/tiers.md": TIERS,
    "us/undated.md": UNDATED,
    "us/notice.html": NOTICE,
    "us/letter.txt": LETTER,
    "industry/remarks.md": REMARKS,
    "china/gallium.md": GALLIUM,
}


def write_files(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write files under a folder and return it."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def document(text: str, **fields: object) -> Document:
    """A Document with this text; its headings are its lines that start with '# '."""
    headings, at = [], 0
    for line in text.split("\n"):
        if line.startswith("# "):
            headings.append((at, at + len(line)))
        at += len(line) + 1
    identity = str(fields.pop("id", "doc"))
    return Document(identity, text, Source(**{"title": "A title", **fields}), headings=tuple(headings))  # type: ignore[arg-type]


def pdf(*pages: str, title: str = "") -> bytes:
    """A PDF made by hand, one string a page; an empty page shows a grey square and has no text."""
    objects: list[bytes] = []

    def add(body: bytes) -> int:
        objects.append(body)
        return len(objects)

    font = add(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    tree = len(objects) + 2 * len(pages) + 1
    kids = []
    for text in pages:
        lines = "".join(f"({line}) Tj T* " for line in text.split("\n"))
        drawn = f"BT /F1 12 Tf 14 TL 72 720 Td {lines}ET" if text else "0.5 g 72 600 200 100 re f"
        stream = add(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn.encode()))
        kids.append(
            add(
                b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 612 792] /Contents %d 0 R "
                b"/Resources << /Font << /F1 %d 0 R >> >> >>" % (tree, stream, font)
            )
        )
    add(b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(b"%d 0 R" % k for k in kids)))
    root = add(b"<< /Type /Catalog /Pages %d 0 R >>" % tree)
    info = add(b"<< /Title (%s) >>" % title.encode())
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root %d 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, table, len(objects) + 1, root, info, len(out))
    )


@dataclass
class Shelf:
    """A corpus folder and an index folder of one test."""

    corpus: Path
    index: Path

    @property
    def settings(self) -> Settings:
        return Settings(corpus=(self.corpus,), index=self.index)

    def write(self, **files: str | bytes) -> None:
        """Write files; the name's last underscore is its dot: `a_md` -> a.md."""
        write_files(self.corpus, {".".join(name.rsplit("_", 1)): text for name, text in files.items()})

    def build(self, *add: Path) -> Report:
        return build(self.settings, add)

    def open(self) -> Index:
        return Index.open(self.index)

    def pipeline(self) -> Pipeline:
        return Pipeline.open(self.settings)

    def generations(self) -> list[str]:
        return sorted(path.name for path in self.index.glob("gen-*"))

    def current(self) -> Path:
        return self.index / (self.index / "current").read_text()


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str


def environment(shelf: Shelf | None = None) -> dict[str, str]:
    """The environment of a command that runs from anywhere."""
    env = dict(os.environ) | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
    if shelf is not None:
        env |= {"CHIPQUOTE_CORPUS": str(shelf.corpus), "CHIPQUOTE_INDEX": str(shelf.index)}
    return env


def assert_mendable(ran: Ran, *words: str) -> None:
    """An error as a user should meet it: exit 1, nothing on stdout, one message without a traceback."""
    assert ran.code == 1, ran
    assert ran.out == "", ran
    assert "Traceback" not in ran.err, ran.err
    for word in words:
        assert word in ran.err, ran.err


class Desk:
    """Stands for an index whose sentences have the cosines given by hand, 0.5 where none is given."""

    def __init__(self, evidence: list[Evidence], cosines: dict[str, float]) -> None:
        self.held = {e.number: [cosines.get(s.text, 0.5) for s in e.passage.sentences] for e in evidence}
        self.said = {e.number: [words(s.text) for s in e.passage.sentences] for e in evidence}
        self.known = {word: n for n, word in enumerate({w for own in self.said.values() for w in chain(*own)})}
        self.tokens = self

    def nearness(self, numbers: list[int], vector: np.ndarray) -> np.ndarray:
        return np.array([max(self.held[n]) for n in numbers], np.float32) * vector[0]

    def words_of(self, number: int) -> tuple[np.ndarray, np.ndarray]:
        said = self.said[number]
        return np.array([self.known[w] for w in chain(*said)], np.int32), np.array([*map(len, said)], np.int64)

    def word_numbers(self, tokens: list[str]) -> np.ndarray:
        return np.array([self.known.get(word, -1) for word in tokens], np.int32)

    def turned(self, states: np.ndarray) -> np.ndarray:
        return states

    def pieces(self, number: int) -> Pieces:
        """One word piece a sentence."""
        nearness = np.array(self.held[number])
        return Pieces(np.round(nearness[:, None] * 127).astype(np.int8), np.arange(len(nearness), dtype=np.int16))

    def rarity(self, token: str) -> float:
        return 1.0


def weighed(question: str, *papers: Document, cosines: dict[str, float] | None = None) -> list[Weighed]:
    """The sentences of the papers, weighed with cosines given by hand and every word equally rare."""
    passages = [p for paper in papers for p in split(paper)]
    evidence = [Evidence(n, p, 1 / (60 + n)) for n, p in enumerate(passages)]
    one = np.ones((1, 1), np.float32)
    return weigh(Reading(question, one[0], one, np.array([[0, 5]])), evidence, Desk(evidence, cosines or {}))


def whole_sentence(paper: Document) -> Weighed:
    """A document of one sentence as that sentence, with score 1."""
    (passage,) = split(paper)
    return Weighed(passage.sentences[0], Evidence(0, passage, 1.0), 1.0)


def find_browser(surroundings: Mapping[str, str]) -> str:
    """Where the browser is: what the variable CHROMIUM names, else what is on the PATH.

    Skips what needs one where there is none; fails where CHROMIUM names none, and in CI (the variable `CI`), which
    must not be green without it.
    """
    named = surroundings.get("CHROMIUM", "")
    names = [named] if named else ["chromium", "chromium-browser", "google-chrome"]
    if found := next(filter(None, map(shutil.which, names)), None):
        return found
    if named:
        pytest.fail(f"CHROMIUM={named} is no program that can be run: set it to the path of the browser, or not at all")
    return lacking(
        "no chromium on the PATH: install it, or set CHROMIUM to its path, to run the browser tests", surroundings
    )


def lacking(what: str, surroundings: Mapping[str, str]) -> NoReturn:
    """Skip for want of something, or fail in CI."""
    (pytest.fail if surroundings.get("CI") else pytest.skip)(what)
