"""The MCP server at /mcp of the web app, asked by the makers' own client."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import httpx
from conftest import Site  # type: ignore[import-not-found]
from mcp import Client


def test_an_assistant_asks_over_http(site: Site) -> None:
    async def whole() -> Any:
        with anyio.fail_after(60):
            async with Client(f"{site.address}/mcp") as client:
                return (
                    await client.call_tool("ask", {"question": "Which exports are banned from 4 July 2024?"})
                ).structured_content

    with ThreadPoolExecutor(1) as thread:  # the browser of other tests keeps a loop in this one
        answer = thread.submit(anyio.run, whole).result()
    assert answer["quotes"][0]["document"] == "fluxite-notice"


def test_a_page_of_another_site_may_not_use_it(site: Site) -> None:
    reply = httpx.post(f"{site.address}/mcp", json={}, headers={"Origin": "https://evil.example"})
    assert reply.status_code == 403
    assert httpx.get(f"{site.address}/mcp").status_code == 405
