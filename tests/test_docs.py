"""What the README says is so: its commands exist, its settings are all of them, its files are there."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest

from rag.__main__ import cli
from rag.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
SHELL = "\n".join(re.findall(r"```sh\n(.*?)```", README, re.S))


def test_first_commands_are_run_and_test():
    first = re.search(r"```sh\n(.*?)```", README, re.S)[1]
    assert [line.split("#")[0].strip() for line in first.strip().splitlines()] == ["make run", "make test"]


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\bmake ([a-z]+)", README))))
def test_make_targets_exist(target):
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.M)


@pytest.mark.parametrize("line", re.findall(r"^python -m rag (.*)$", SHELL, re.M))
def test_commands_and_their_flags_exist(line):
    name, *arguments = line.split("#")[0].split()
    command = cli.commands[name]
    known = {flag for p in command.params if isinstance(p, click.Option) for flag in p.opts}
    assert {a for a in arguments if a.startswith("--")} <= known


def test_settings_table_lists_every_setting_and_no_other():
    listed = set(re.findall(r"^\| `CHIPQUOTE_([A-Z_]+)`", README, re.M))
    assert listed == {name.upper() for name in Settings.model_fields}
    assert len(listed) <= 13


@pytest.mark.parametrize("name", ["model", "quotes", "passages", "host", "port", "budget"])
def test_settings_table_gives_the_real_default(name):
    row = re.search(rf"^\| `CHIPQUOTE_{name.upper()}` \| `([^`]*)`", README, re.M)
    assert row[1] == str(Settings.model_fields[name].default)


def test_tree_in_the_readme_is_the_tree_on_disk():
    tree = re.search(r"```\n(app\.py.*?)```", README, re.S)[1]
    folders: list[Path] = [ROOT]  # those that the line stands in, one a step of indentation
    listed: dict[Path, set[str]] = {}
    for line in tree.splitlines():
        depth, name = (len(line) - len(line.lstrip())) // 2, line.split()[0]
        folders[depth + 1 :] = [folders[depth] / name]
        assert folders[-1].exists(), line
        listed.setdefault(folders[depth], set()).add(name.rstrip("/"))
    assert listed.keys() == {ROOT, *(ROOT / name for name in ("rag", "rag/question", "rag/rules"))}
    for folder in listed.keys() - {ROOT}:
        there = {p.name for p in folder.iterdir() if not p.name.startswith("__py") and p.name != "__init__.py"}
        assert listed[folder] == there


@pytest.mark.parametrize("name", re.findall(r"\]\(([\w./-]+\.\w+)\)", README))
def test_links_lead_to_files(name):
    assert (ROOT / name).is_file()


def test_python_example_runs_as_it_stands(pipeline, monkeypatch):
    code = re.search(r"```python\n(.*?)```", README, re.S)[1]
    monkeypatch.setattr("rag.langchain.Pipeline.open", lambda settings: pipeline)
    names: dict[str, object] = {}
    exec(code, names)
    assert isinstance(names["documents"], list)


def test_lock_files_carry_hashes_and_no_index_address():
    for path in ROOT.glob("requirements*.lock"):
        text = path.read_text()
        assert not re.search(r"https?://|--index-url|--find-links", text), path
        for block in re.findall(r"^[a-z].*?(?=^[a-z]|\Z)", text, re.S | re.M):
            assert "--hash=sha256:" in block, block


def test_lock_file_pins_every_dependency_within_its_range():
    from packaging.requirements import Requirement

    locked = dict(re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / "requirements.lock").read_text(), re.M))
    for line in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]:
        requirement = Requirement(line)
        assert requirement.specifier.contains(locked[requirement.name.lower()]), line


def test_help_names_every_command():
    done = subprocess.run([sys.executable, "-m", "rag", "--help"], capture_output=True, text=True, cwd=ROOT, check=True)
    assert all(name in done.stdout for name in cli.commands)
