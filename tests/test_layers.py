"""Imports point down only, heavy packages have one home each, and importing does no work."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from material import ROOT, environment

RAG = ROOT / "rag"
FILES = sorted(RAG.rglob("*.py"))

# These only hold modules together: each module inside has its own layer, and the package itself imports nothing.
SHELVES = {"question", "rules"}
# From the bottom up. Modules of one layer may not import one another; files inside a package may.
LAYERS = [
    {"errors", "session", "threads"},
    {"datatypes", "text", "dates", "difference"},
    {"names"},
    {"settings", "glossary"},
    {"rules.hindsight", "rules.hollow", "rules.turns", "rules.kinds", "rules.posts"},
    {
        "question.chinese",
        "question.when",
        "question.follow",
        "question.parts",
        "question.spelling",
        "question.reworded",
        "rules.fate",
        "rules.lack",
        "rules.named",
        "rules.news",
        "rules.defined",
        "rules.provision",
        "rules.premise",
        "rules.sides",
        "load",
        "split",
        "embed",
        "index",
        "retrieve",
        "weigh",
        "read",
        "quote",
        "freshness",
        "answer",
        "present",
        "feedback",
    },
    {"question.asking"},
    {
        "pipeline",
        "build",
        "verify",
        "lines",
        "evaluate",
        "langchain",
        "check",
        "fetch",
        "mcp",
        "remember",
        "suggest",
        "export",
        "timeline",
    },
    {"web"},
    {"commands"},
    {"__main__"},
]
HEIGHT = {name: height for height, layer in enumerate(LAYERS) for name in layer}
# Those that stand on another of their own layer, as the design has it: on top of `pipeline`.
ALLOWED = {
    ("langchain", "pipeline"),
    ("lines", "pipeline"),
    ("evaluate", "pipeline"),
    ("evaluate", "build"),
    ("evaluate", "verify"),
    ("mcp", "pipeline"),
    ("remember", "pipeline"),
    ("mcp", "verify"),
    ("suggest", "pipeline"),
}

HOMES = {
    "chromadb": {"index"},
    "langchain_chroma": {"evaluate"},  # the other way of doing it, to measure against
    "bm25s": {"index"},
    "sentence_transformers": {"embed"},
    "torch": {"embed"},
    "onnxruntime": {"session"},
    "tokenizers": {"embed"},
    "huggingface_hub": {"embed"},
    "gradio": {"web"},
    "fastapi": {"web"},
    "uvicorn": {"web"},
    "mcp": {"mcp"},
    "prometheus_client": {"web"},
    "langchain_core": {"langchain"},
    "langchain": {"langchain"},
    "trafilatura": {"load"},
    "lxml": {"load", "fetch"},  # fetch asks whether XML came whole, and cuts one entry out of a supplement
    "docx": {"load"},
    "pypdfium2": {"load", "evaluate"},  # evaluate reads sources a second time, by its own hand
    "markdown_it": {"load"},
    "yaml": {"load"},
    "httpx": {"fetch"},
    "tenacity": {"fetch"},
    "protego": {"fetch"},
    "sentencex": {"split"},
    "Stemmer": {"text"},
    "dateparser": {"dates"},
    "fpdf": {"export"},
    "click": {"__main__", "commands", "evaluate"},
    "rich": {"commands", "evaluate"},
}


def named(parts: Sequence[str]) -> str:
    """The module that a layer names: load for load, markup; rules.sides for rules, sides, voices."""
    return ".".join(parts[: 2 if parts[0] in SHELVES else 1])


def module_of(path: Path) -> str:
    """`rag/load/markup.py` -> load; `rag/rules/sides/voices.py` -> rules.sides; `rag/rules/__init__.py` -> rules."""
    parts = path.relative_to(RAG).with_suffix("").parts
    return named(parts if len(parts) == 1 else [part for part in parts if part != "__init__"])


def imports(path: Path) -> set[str]:
    """Every module that a file imports anywhere, by its full name."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: relative imports hide the layer"
            names.add(node.module)
            if node.module in {"rag", *(f"rag.{shelf}" for shelf in SHELVES)}:
                names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def up_or_sideways(path: Path) -> list[str]:
    own = module_of(path)
    wrong = []
    for name in imports(path):
        other = named(name.split(".")[1:]) if name.startswith("rag.") else None
        if other is None or other not in HEIGHT or other == own or (own, other) in ALLOWED:
            continue
        if HEIGHT[other] >= HEIGHT[own]:
            wrong.append(f"{own} imports {other}")
    return wrong


def test_every_module_has_its_layer():
    assert {module_of(path) for path in FILES} - {"__init__"} - SHELVES == HEIGHT.keys()


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(RAG)))
def test_imports_point_down_only(path):
    if module_of(path) == "__init__":
        assert {n for n in imports(path) if n.startswith("rag")} <= {"rag.datatypes", "rag.errors"}
        return
    if module_of(path) in SHELVES:
        assert imports(path) == set()
        return
    assert up_or_sideways(path) == []


def test_rules_stand_on_nothing_that_reads_a_question():
    """A question may be read by rules; what is decided by rule may not lean on how a question is read."""
    height = {s: {h for name, h in HEIGHT.items() if name.startswith(f"{s}.")} for s in SHELVES}
    assert max(height["rules"]) <= min(height["question"])  # one layer imports nothing of its own


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(RAG)))
def test_a_heavy_package_is_imported_only_in_its_home(path):
    strangers = {n.split(".")[0] for n in imports(path)} & HOMES.keys()
    assert {name for name in strangers if module_of(path) not in HOMES[name]} == set()


def test_an_import_that_points_up_would_be_seen(tmp_path, monkeypatch):
    """The check itself can fail."""
    monkeypatch.setattr(sys.modules[__name__], "RAG", tmp_path)
    bad = tmp_path / "quote.py"
    for line in ("from rag.pipeline import Pipeline", "import rag.index", "def f():\n    from rag import answer"):
        bad.write_text(line)
        assert up_or_sideways(bad)
    inside = tmp_path / "rules" / "kinds" / "numbers.py"
    inside.parent.mkdir(parents=True)
    for line in ("from rag.rules.sides import grouped", "from rag.rules import turns", "import rag.question.when"):
        inside.write_text(line)
        assert up_or_sideways(inside)
    inside.write_text("from rag.rules.kinds.words import MANY\nfrom rag.names import places")
    assert up_or_sideways(inside) == []


QUIET = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(RAG)))
def test_a_module_only_defines(path):
    """At the top of a module stand definitions; the last lines of __main__ are the one exception."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        typing = isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        start = isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"
        assert docstring or typing or start or isinstance(node, QUIET), f"{path.name}:{node.lineno}"


def test_importing_the_product_loads_nothing_heavy():
    names = [
        ".".join(("rag", *path.relative_to(RAG).with_suffix("").parts)).removesuffix(".__init__") for path in FILES
    ]
    names = [name for name in names if not name.startswith(("rag.web", "rag.langchain", "rag.evaluate", "rag.mcp"))]
    heavy = "torch sentence_transformers transformers chromadb gradio onnxruntime langchain langchain_core trafilatura dateparser"
    code = f"import importlib, sys\nfor name in {names!r}: importlib.import_module(name)\n"
    code += f"print(sorted(set({heavy!r}.split()) & sys.modules.keys()))"
    ran = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"
    assert len(names) > 15
