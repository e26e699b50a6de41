"""LangChain's usual recipe, to compare with: recursive character chunks, the same embedding model, Chroma, top k.

Its first three chunks stand for its quotes. It has no way to refuse; its best similarity counts as support.
Needs the packages of the `dev` group: langchain-text-splitters, langchain-huggingface and langchain-chroma.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import Any
from uuid import uuid4

from rag.datatypes import Document
from rag.embed import model_folder
from rag.errors import EvaluationError
from rag.evaluate.metrics import Result, Shown
from rag.evaluate.questions import Question
from rag.evaluate.reread import stands
from rag.evaluate.run import Answerer
from rag.index.write import Progress

CHUNK, OVERLAP, K = 1000, 200, 20  # the splitter's defaults in LangChain's tutorials


def langchain_recipe(documents: Sequence[Document], model: str, progress: Progress = lambda *_: None) -> Answerer:
    """Index `documents` the usual way, in memory. Raises EvaluationError when its packages are not installed."""
    try:
        from langchain_chroma import Chroma
        from langchain_huggingface import HuggingFaceEmbeddings
        from langchain_text_splitters import RecursiveCharacterTextSplitter
    except ImportError as error:
        raise EvaluationError(f"The LangChain baseline needs {error.name}: install requirements-dev.lock.") from error
    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP)
    embeddings = HuggingFaceEmbeddings(model_name=str(model_folder(model) or model))
    store = Chroma(f"baseline-{uuid4().hex}", embeddings)  # of one process all share what is in memory
    chunks = [(c, d) for d in documents for c in splitter.split_text(d.text)]
    for start in range(0, len(chunks), 500):
        some = chunks[start : start + 500]
        store.add_texts([c for c, _ in some], [_metadata(d) for _, d in some])
        progress("baseline index", start + len(some), len(chunks))

    def answer(question: Question) -> Result:
        began = time.perf_counter()
        embeddings.embed_query(question.question)
        embedded = time.perf_counter()
        found = store.similarity_search_with_score(question.question, k=K)
        ended = time.perf_counter()
        return Result(
            question,
            answered=True,
            support=-float(found[0][1]) if found else 0.0,
            quotes=tuple(_shown(chunk) for chunk, _ in found[:3]),
            retrieved=tuple(dict.fromkeys(c.metadata["document"] for c, _ in found)),
            files=tuple(dict.fromkeys(c.metadata["file"] for c, _ in found)),
            seconds=ended - embedded,
            embedding=embedded - began,
        )

    return answer


def _metadata(document: Document) -> dict[str, str]:
    source = document.source
    return {
        "document": document.id,
        "path": document.path,
        "file": PurePath(document.path).name,
        "published": source.published,
        "title": source.title,
    }


def _shown(chunk: Any) -> Shown:
    meta = chunk.metadata
    exact = stands(Path(meta["path"]), chunk.page_content, meta["document"])
    return Shown(meta["document"], meta["file"], chunk.page_content, exact, meta["published"], title=meta["title"])
