"""The MCP server at /mcp of the web app, asked by the makers' own client."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import httpx
from conftest import Site  # type: ignore[import-not-found]
from mcp import Client


def test_an_assistant_asks_reads_searches_and_verifies_over_http(site: Site) -> None:
    question = "Which exports are banned from 4 July 2024?"

    async def whole() -> Any:
        with anyio.fail_after(60):
            async with Client(f"{site.address}/mcp") as client:
                names = {tool.name for tool in (await client.list_tools()).tools}
                answer = await client.call_tool("ask", {"question": question})
                quote = answer.structured_content["quotes"][0]
                found = await client.call_tool("search", {"query": question, "most": 1})
                read = await client.call_tool("get_document", {"document": quote["document"]})
                checked = await client.call_tool("verify_quote", {"key": quote["key"]})
                return names, quote, *(r.structured_content for r in (found, read, checked))

    with ThreadPoolExecutor(1) as thread:  # the browser of other tests keeps a loop in this one
        names, quote, found, read, checked = thread.submit(anyio.run, whole).result()
    assert names == {"ask", "search", "get_document", "verify_quote"}
    assert quote["document"] == found["passages"][0]["document"] == "fluxite-notice"
    assert read["text"][quote["start"] : quote["end"]] == quote["text"]
    assert [check["stands"] for check in checked["checks"]] == [True]


def test_a_page_of_another_site_may_not_use_it(site: Site) -> None:
    reply = httpx.post(f"{site.address}/mcp", json={}, headers={"Origin": "https://evil.example"})
    assert reply.status_code == 403
    assert httpx.get(f"{site.address}/mcp").status_code == 405


def test_beyond_the_bound_an_assistant_is_asked_to_come_back(site: Site, monkeypatch: Any) -> None:
    monkeypatch.setattr("rag.web.guard.WAITING", 0)
    reply = httpx.post(f"{site.address}/mcp", json={})
    assert (reply.status_code, reply.headers["retry-after"]) == (503, "5")


def test_who_has_waited_too_long_for_a_turn_is_asked_to_come_back(site: Site, monkeypatch: Any) -> None:
    monkeypatch.setattr("rag.web.guard.TIME", 0.0)
    reply = httpx.post(f"{site.address}/mcp", json={})
    assert (reply.status_code, reply.headers["retry-after"]) == (503, "5")
    assert reply.json()["detail"] == "This server is busy. Please ask again in a moment."
