"""The MCP server, asked by the makers' own client: over standard input and output, and over HTTP."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import anyio
import pytest
from material import CHIPS_QUESTION, ROOT, Shelf, environment
from mcp import Client, StdioServerParameters, stdio_client

from rag.mcp import create_server
from rag.pipeline import Pipeline
from rag.present import answer_json

Talk = Callable[[Client], Awaitable[Any]]


def talk(server: Any, what: Talk) -> Any:
    async def whole() -> Any:
        with anyio.fail_after(120):
            async with Client(server) as client:
                return await what(client)

    with ThreadPoolExecutor(1) as thread:  # the browser of other tests keeps a loop in this one
        return thread.submit(anyio.run, whole).result()


def call(server: Any, tool: str, **arguments: Any) -> Any:
    """What a tool gives; raises AssertionError with its words when it says that it failed."""

    async def once(client: Client) -> Any:
        return await client.call_tool(tool, arguments)

    result = talk(server, once)
    assert not result.is_error, result.content[0].text
    return result.structured_content


@pytest.fixture(scope="module")
def server(pipeline: Pipeline) -> Any:
    return create_server(pipeline)


def as_the_readme_says(shelf: Shelf) -> StdioServerParameters:
    """The README's lines for an assistant, with the folder put in, run by this Python over this index."""
    text = re.search(r"```json\n(\{\s*\"mcpServers.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)[1]  # type: ignore[index]
    (lines,) = json.loads(text.replace("/path/to/chipquote", str(ROOT)))["mcpServers"].values()
    assert lines["command"] == f"{ROOT}/.venv/bin/python"
    return StdioServerParameters(command=sys.executable, args=lines["args"], env={**environment(shelf), **lines["env"]})


def test_over_stdio_an_assistant_asks_reads_and_verifies(library: Shelf, pipeline: Pipeline, tmp_path: Path) -> None:
    parameters = as_the_readme_says(library)
    parameters.cwd = tmp_path

    async def whole(client: Client) -> Any:
        tools = await client.list_tools()
        answer = await client.call_tool("ask", {"question": CHIPS_QUESTION})
        quote = answer.structured_content["quotes"][0]
        checked = await client.call_tool("verify_quote", {"key": quote["key"], "text": quote["text"]})
        read = await client.call_tool("get_document", {"document": quote["document"]})
        found = await client.call_tool("search", {"query": CHIPS_QUESTION, "most": 2})
        results = (answer, checked, read, found)
        return tools, [result.structured_content for result in results], json.loads(answer.content[0].text)

    tools, (answer, checked, read, found), text = talk(stdio_client(parameters), whole)
    assert {tool.name for tool in tools.tools} == {"ask", "search", "get_document", "verify_quote"}
    assert all(tool.description and tool.annotations.read_only_hint for tool in tools.tools)
    assert answer == text == json.loads(json.dumps(answer_json(pipeline.ask(CHIPS_QUESTION))))
    quote = answer["quotes"][0]
    assert [check["stands"] for check in checked["checks"]] == [True]
    assert read["text"][quote["start"] : quote["end"]] == quote["text"]
    assert len(found["passages"]) == 2


def test_changed_words_are_told_with_the_difference(server: Any, pipeline: Pipeline) -> None:
    quote = next(q for q in pipeline.ask(CHIPS_QUESTION).quotes if "910B" in q.text)
    (check,) = call(server, "verify_quote", key=quote.key.upper(), text=quote.text.replace("910B", "910E"))["checks"]
    assert not check["stands"]
    assert "[-910E-]{+910B+}" in check["difference"]


def test_what_narrows_a_question_reaches_it_and_a_refusal_is_an_answer(server: Any) -> None:
    narrowed = call(server, "ask", question=CHIPS_QUESTION, as_of="2025-05-12", side="us")
    assert narrowed["as_of"] == "2025-05-12"
    assert "ascend" not in {q["document"] for q in narrowed["quotes"]}
    assert call(server, "ask", question="Who won the 2019 Tour de France?")["outcome"] == "not_found"


def test_a_long_document_is_read_piece_by_piece(
    server: Any, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.mcp._PIECE", 100)
    pieces, start = [], 0
    while start is not None:
        piece = call(server, "get_document", document="ascend", start=start)
        pieces.append(piece["text"])
        start = piece["next"]
    assert len(pieces) > 2
    assert "".join(pieces) == pipeline.index.document("ascend").text


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("ask", {"question": "?"}, "The question has no words"),
        ("ask", {"question": "a", "as_of": "today"}, "as_of is not a day"),
        ("verify_quote", {"key": "ffffffff"}, "No quote of this index"),
        ("get_document", {"document": "nowhere"}, "holds no document"),
        ("ask", {}, "question"),
        ("ask", {"question": "a" * 5000}, "question"),
    ],
)
def test_what_fails_says_why(server: Any, tool: str, arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(AssertionError, match=words):
        call(server, tool, **arguments)


def test_a_bug_tells_an_assistant_nothing_of_the_inside(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("secret path /etc/passwd")

    monkeypatch.setattr(pipeline, "ask", broken)
    with pytest.raises(AssertionError) as raised:
        call(create_server(pipeline), "ask", question="Anything?")
    assert "passwd" not in str(raised.value)


@pytest.mark.parametrize(
    ("tool", "arguments"), [("ask", {"question": CHIPS_QUESTION}), ("search", {"query": CHIPS_QUESTION})]
)
def test_what_takes_too_long_is_not_waited_for(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, tool: str, arguments: dict[str, Any]
) -> None:
    monkeypatch.setattr("rag.mcp._TIME", 0.1)
    monkeypatch.setattr(pipeline, "ask", lambda *_: time.sleep(1))
    with pytest.raises(AssertionError, match=r"took too long\. Please ask again in a moment"):
        call(create_server(pipeline), tool, **arguments)
