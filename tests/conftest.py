"""Real parts for every test: the real model, exported once a session; real Chroma on disk; the real command line.

A new index folder gets the exported encoder as hard links, so that no test waits for a second export.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from filelock import FileLock
from material import LIBRARY, MODEL, ROOT, Ran, Shelf, environment, find_browser, lacking, write_files

from rag.embed import Encoder, encoder_folder, export, load_encoder
from rag.pipeline import Pipeline

Once = Callable[[str, Callable[[Path], object]], Path]

hypothesis.settings.register_profile("chipquote", deadline=None, max_examples=60, print_blob=True)
hypothesis.settings.load_profile("chipquote")


@pytest.fixture(autouse=True)
def plain_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting leaks in from the machine, and no test finds a chipquote.toml that it did not write."""
    for name in [name for name in os.environ if name.startswith("CHIPQUOTE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("CHIPQUOTE_DATA", str(tmp_path / "data"))  # never the user's own
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Make a folder for all processes of this run: the first that asks makes it, the others wait and only read it."""
    home = tmp_path_factory.getbasetemp()
    home = home.parent if "PYTEST_XDIST_WORKER" in os.environ else home

    def give(name: str, make: Callable[[Path], object]) -> Path:
        folder, made = home / name, home / f"{name}.made"
        with FileLock(home / f"{name}.lock"):
            if not made.exists():
                make(folder)
                made.touch()
        return folder

    return give


@pytest.fixture(scope="session")
def exported(once: Once) -> Path:
    """The folder of the exported encoder."""
    return encoder_folder(once("encoder", lambda home: export(MODEL, encoder_folder(home, MODEL))), MODEL)


@pytest.fixture(scope="session")
def encoder(exported: Path) -> Encoder:
    return load_encoder(exported, MODEL)


@pytest.fixture(scope="session")
def new_index(exported: Path) -> Callable[[Path], Path]:
    """Make an index folder that has its encoder and nothing else."""

    def make(folder: Path) -> Path:
        target = encoder_folder(folder, MODEL)
        target.mkdir(parents=True)
        for file in exported.iterdir():
            os.link(file, target / file.name)
        return folder

    return make


@pytest.fixture
def shelf(tmp_path: Path, new_index: Callable[[Path], Path]) -> Shelf:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    return Shelf(corpus, new_index(tmp_path / "index"))


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory, new_index: Callable[[Path], Path]) -> Shelf:
    """The invented library, indexed once. Tests only read it."""
    home = tmp_path_factory.mktemp("library")
    shelf = Shelf(write_files(home / "corpus", dict(LIBRARY)), new_index(home / "index"))
    shelf.build()
    return shelf


@pytest.fixture(scope="session")
def pipeline(library: Shelf) -> Iterator[Pipeline]:
    opened = library.pipeline()
    yield opened
    opened.index.close()


@pytest.fixture(scope="session")
def records(once: Once, new_index: Callable[[Path], Path]) -> Iterator[Pipeline]:
    """The records of this project, indexed for real (some twenty seconds)."""
    corpus = ROOT / "corpus/records"
    opened = Shelf(corpus, once("records", lambda index: Shelf(corpus, new_index(index)).build())).pipeline()
    yield opened
    opened.index.close()


@pytest.fixture
def copied(library: Shelf, tmp_path: Path) -> Shelf:
    """A copy of the built library to spoil; the encoder stays hard links."""
    shelf = Shelf(tmp_path / "corpus", tmp_path / "index")
    shutil.copytree(library.corpus, shelf.corpus)
    shutil.copytree(library.index, shelf.index, copy_function=_copy)
    return shelf


def _copy(source: str, target: str) -> None:
    (os.link if "encoder-" in source else shutil.copy2)(source, target)


@pytest.fixture
def cli(tmp_path: Path) -> Callable[..., Ran]:
    """Run `python -m rag …` as a person does. Keywords: `shelf`, `stdin`, and anything for subprocess.run."""

    def run(*arguments: str | Path, shelf: Shelf | None = None, stdin: str | bytes = "", **more: Any) -> Ran:
        env = environment(shelf) | more.pop("env", {})
        data = stdin.encode() if isinstance(stdin, str) else stdin
        command = [sys.executable, "-m", "rag", *map(str, arguments)]
        ran = subprocess.run(
            command, input=data, capture_output=True, env=env, cwd=tmp_path, timeout=300, check=False, **more
        )
        return Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode())

    return run


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """The same command line run inside this process: for its messages, where a process of its own shows nothing more."""
    from rag.__main__ import main

    def run(
        *arguments: str | Path,
        shelf: Shelf | None = None,
        stdin: str | bytes = "",
        env: dict[str, str] | None = None,
    ) -> Ran:
        with monkeypatch.context() as patch:
            for name, value in (environment(shelf) | (env or {})).items():
                patch.setenv(name, value)
            data = stdin.encode() if isinstance(stdin, str) else stdin
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
            capfd.readouterr()
            with pytest.raises(SystemExit) as ended:
                main(list(map(str, arguments)))
        out, err = capfd.readouterr()
        return Ran(ended.value.code or 0, out, err)  # type: ignore[arg-type]

    return run


@pytest.fixture(scope="session")
def chromium() -> str:
    return find_browser(os.environ)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Any]:
    """Once: it runs a loop of its own, beside which no second one starts."""
    try:
        from playwright import sync_api
    except ImportError:
        lacking("playwright is not installed", os.environ)
    with sync_api.sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Any, chromium: str) -> Iterator[Any]:
    quiet = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
    opened = playwright.chromium.launch(executable_path=chromium, args=quiet)
    yield opened
    opened.close()
