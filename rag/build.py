"""Corpus files -> index: what belongs in, whether it is stale, and the steps that rebuild it.

Left out: reading a file (`load`), cutting it (`split`), writing a generation (`index.write`).
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rag.datatypes import Document
from rag.embed import Encoder, encoder_folder, export, load_encoder, on_gpu
from rag.errors import IndexError, LoadError, ModelError
from rag.index import Generation, Index, remembered, writing
from rag.index.layout import Manifest
from rag.index.write import Progress
from rag.load import Loaded, discover, load_all, sidecar_of
from rag.quote import MOST_SENTENCES
from rag.settings import Settings
from rag.split import split

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did. `embedded` of the `passages` were new; `seconds` is the time for all of it."""

    documents: int
    passages: int
    sentences: int
    embedded: int
    seconds: float
    embedding_seconds: float
    changed: bool
    failures: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    unknown: dict[str, int] = field(default_factory=dict)  # documents that do not tell their title, date, …
    missing: list[Path] = field(default_factory=list)  # paths added by hand that are gone, and so forgotten


@dataclass(frozen=True, slots=True)
class _Roots:
    """What belongs in: the corpus of the settings and the paths `added` by hand, with their `files` before the read.

    `missing` were added once and are no longer there.
    """

    corpus: tuple[Path, ...]
    added: list[Path]
    missing: list[Path]
    files: dict[str, list[int]] = field(default_factory=dict)

    @property
    def paths(self) -> list[Path]:
        return [*self.corpus, *self.added]


def build(
    settings: Settings,
    add: Sequence[Path] = (),
    progress: Progress = lambda *_: None,
    forget: Sequence[Path] = (),
) -> Report:
    """Bring the index up to date with the corpus, the paths added before and those in `add`, less those in `forget`.

    Raises LoadError when nothing can be indexed or a path to forget was never added, IndexBusy when another process
    builds, IndexNotWritable, ModelError.
    """
    began = time.perf_counter()
    with writing(settings.index):
        old = _current(settings.index)
        try:
            roots = _roots(settings, old, add, forget)
            loaded = load_all(roots.paths, lambda done, total: progress("loading", done, total))
            if not loaded.documents:
                raise LoadError(_nothing(roots.paths, loaded))
            encoder = _encoder(settings, progress)
            report = _write(settings, loaded, encoder, old, roots, progress)
        finally:
            if old is not None:
                old.close()
    return Report(**{**asdict(report), "seconds": time.perf_counter() - began})


def is_stale(settings: Settings) -> bool:
    """True when there is no index, or its files, settings or model are not those of today. Loads nothing heavy."""
    index = _current(settings.index)
    if index is None:
        return True
    try:
        roots = _roots(settings, index)
        manifest = index.manifest
        same = (manifest.model, manifest.recipe) == (settings.model, _recipe())
        same = same and encoder_folder(settings.index, settings.model).is_dir()
        return not same or manifest.files != roots.files
    finally:
        index.close()


def _write(
    settings: Settings, loaded: Loaded, encoder: Encoder, old: Index | None, roots: _Roots, progress: Progress
) -> Report:
    documents = loaded.documents
    fingerprint = encoder.recipe.fingerprint
    digest = _digest(documents, fingerprint)
    usable = old if old is not None and old.manifest.fingerprint == fingerprint and old.is_sound() else None
    passages = [p for d in documents for p in split(d)]
    sentences = sum(len(p.sentences) for p in passages)
    dates = sorted(d.source.published for d in documents if d.source.published)
    manifest = Manifest(
        fingerprint=fingerprint,
        model=settings.model,
        recipe=_recipe(),
        digest=digest,
        documents=len(documents),
        passages=len(passages),
        sentences=sentences,
        oldest=dates[0] if dates else "",
        newest=dates[-1] if dates else "",
        checked=max((d.source.status_as_of for d in documents), default=""),
        files=roots.files,
        added=[str(p) for p in roots.added],
        failures=loaded.failures,
    )
    embedded, embedding = 0, 0.0
    changed = usable is None or usable.manifest.digest != digest
    if changed:
        generation = Generation(settings.index, digest)
        try:
            began = time.perf_counter()
            embedded = generation.write(documents, passages, encoder, usable, progress)
            generation.write_keys(documents, passages, MOST_SENTENCES)
            embedding = time.perf_counter() - began
            generation.switch(manifest)
        except BaseException:
            generation.discard()
            raise
    elif usable is not None and usable.manifest != manifest:
        manifest.save(usable.path)
    counts = (len(documents), len(passages), sentences, embedded)
    return Report(*counts, 0.0, embedding, changed, loaded.failures, loaded.skipped, loaded.unknown(), roots.missing)


def _encoder(settings: Settings, progress: Progress) -> Encoder:
    folder = encoder_folder(settings.index, settings.model)
    with suppress(ModelError):  # missing or damaged: made anew
        return on_gpu(load_encoder(folder, settings.model))
    progress("preparing the model", 0, 1)
    export(settings.model, folder)
    progress("preparing the model", 1, 1)
    return on_gpu(load_encoder(folder, settings.model))


def _current(folder: Path) -> Index | None:
    with suppress(IndexError):
        return Index.open(folder)
    return None


def _roots(settings: Settings, old: Index | None, add: Iterable[Path] = (), forget: Iterable[Path] = ()) -> _Roots:
    """What was added by hand before and now; what is gone from the disk since is forgotten like what is to be."""
    before = [Path(p) for p in (old.manifest.added if old is not None else remembered(settings.index))]
    gone = [p.resolve() for p in forget]
    for path in gone:
        if path not in before:
            known = "".join(f"\n  {p}" for p in before) or " nothing"
            raise LoadError(f"{path} was not added to this index. Added were:{known}")
    wanted = [p for p in before if p not in gone]
    kept = [p for p in wanted if p.exists()]
    added = list(dict.fromkeys([*kept, *(p.resolve() for p in add)]))
    missing = [p for p in wanted if p not in kept]
    return _Roots(settings.corpus, added, missing, _stamps([*settings.corpus, *added]))


def _stamps(roots: Iterable[Path]) -> dict[str, list[int]]:
    """[size, mtime in ns] of each file that may be a document, and of its sidecar."""
    stamps: dict[str, list[int]] = {}
    with suppress(LoadError):
        for path in discover(roots):
            for file in (path, sidecar_of(path)):
                with suppress(FileNotFoundError):
                    stat = file.stat()
                    stamps[str(file)] = [stat.st_size, stat.st_mtime_ns]
    return stamps


def _recipe() -> str:
    """Names the code that shapes an index: a new way to cut or count words makes the old index stale."""
    others = ("text.py", "split.py", "quote.py", "datatypes.py", "embed/encoder.py")
    folders = [path for name in ("load", "index") for path in sorted((_HERE / name).glob("*.py"))]
    shaping = [*folders, *map(_HERE.joinpath, others)]
    return hashlib.sha256(b"".join(path.read_bytes() for path in shaping)).hexdigest()[:16]


def _digest(documents: Iterable[Document], fingerprint: str) -> str:
    digest = hashlib.sha256(f"{fingerprint} {_recipe()}".encode())
    for d in documents:
        digest.update(json.dumps([d.id, d.version, d.path, asdict(d.source), d.headings, d.pages]).encode())
    return digest.hexdigest()


def _nothing(roots: Iterable[Path], loaded: Loaded) -> str:
    named = ", ".join(map(str, roots))
    why = "".join(f"\n  {path}: {reason}" for path, reason in list(loaded.failures.items())[:10])
    return f"Nothing to index in {named}. Put Markdown, text, HTML, DOCX or PDF files there.{why}"
