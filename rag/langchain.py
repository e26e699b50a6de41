"""ChipQuote for LangChain: a retriever of quotes, and a runnable that answers.

    from rag.langchain import QuoteRetriever
    documents = QuoteRetriever().invoke("When did the H200 rule take effect?")

Left out: prose. Whatever writes from these quotes should cite their `key` and copy no text but theirs.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any, cast

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from pydantic import ConfigDict

from rag.datatypes import Answer
from rag.pipeline import Pipeline
from rag.present import quote_json
from rag.settings import load_settings


class QuoteRetriever(BaseRetriever):
    """Retrieves quotes: each Document is one, its metadata the quote's coordinates, source, dates and status.

    Nothing comes back where the sources do not answer. Without a `pipeline` the index of the settings is opened at the
    first question. Raises what `rag.errors` lists.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    pipeline: Pipeline | None = None
    as_of: date | None = None
    side: str = ""

    @cached_property
    def _opened(self) -> Pipeline:
        return self.pipeline or Pipeline.open(load_settings())

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002  LangChain's signature
    ) -> list[Document]:
        answer = self._opened.ask(query, self.as_of, self.side)
        found = [quote_json(quote) for quote in answer.quotes]
        return [Document(id=q["key"], page_content=q.pop("text"), metadata=q) for q in found]


def answerer(pipeline: Pipeline | None = None) -> Runnable[str | dict[str, Any], Answer]:
    """A Runnable from a question to an Answer.

    Its input is the question, or a dict with `question` and, as wanted, `as_of` (a date), `side` and `turns`.
    """
    opened = pipeline or Pipeline.open(load_settings())

    def run(asked: str | dict[str, Any]) -> Answer:
        return opened.ask(asked) if isinstance(asked, str) else opened.ask(**asked)

    return cast("Runnable[str | dict[str, Any], Answer]", RunnableLambda(run, name="ChipQuote"))
