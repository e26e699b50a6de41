"""The two lines that a LangChain user needs, and the conventions they rely on."""

from datetime import date

import pytest
from langchain_core.runnables import RunnableParallel, RunnablePassthrough

from rag.datatypes import Outcome
from rag.langchain import QuoteRetriever, answerer


@pytest.fixture
def retriever(pipeline):
    return QuoteRetriever(pipeline=pipeline)


def test_retriever_gives_quotes_with_their_coordinates(retriever, pipeline):
    documents = retriever.invoke("Which three Huawei chips does the guidance of 13 May 2025 name?")
    assert documents
    for document in documents:
        source = pipeline.index.document(document.metadata["document"])
        assert source.text[document.metadata["start"] : document.metadata["end"]] == document.page_content
        assert document.id == document.metadata["key"]


def test_retriever_gives_nothing_where_the_sources_do_not_answer(retriever):
    assert retriever.invoke("Who won the 2019 Tour de France?") == []


def test_retriever_keeps_to_its_date(pipeline):
    assert (
        QuoteRetriever(pipeline=pipeline, as_of=date(1999, 1, 1)).invoke(
            "Which three Huawei chips does the guidance of 13 May 2025 name?"
        )
        == []
    )


def test_runnable_answers_text_and_dict(pipeline):
    chain = answerer(pipeline)
    assert chain.invoke("Which three Huawei chips does the guidance of 13 May 2025 name?").outcome is Outcome.ANSWERED
    asked = {"question": "Which three Huawei chips does the guidance of 13 May 2025 name?", "as_of": date(1999, 1, 1)}
    assert chain.invoke(asked).outcome is Outcome.NOT_FOUND


def test_retriever_composes_in_a_chain(retriever):
    chain = RunnableParallel(context=retriever, question=RunnablePassthrough())
    result = chain.invoke("Which three Huawei chips does the guidance of 13 May 2025 name?")
    assert result["context"]
    assert result["question"].startswith("Which three")
