"""Headers, closed doors and foreign callers, over the real server."""

from __future__ import annotations

import re
import socket

import httpx
import pytest
from conftest import Site  # type: ignore[import-not-found]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/documents/fluxite-notice",
        "/documents/none",
        "/ui/chat.js",
        "/assets/none.js",
        "/nowhere",
        "/config",
        "/api/docs",
        "/api/documents",
        "/api/none",
        "/quote/none",
        "/healthz",
        "/widget.js",
        "/embed",
        "/demo",
        "/metrics",
        "/mcp",
    ],
)
def test_every_response_carries_the_headers(site: Site, path: str) -> None:
    headers = httpx.get(site.address + path).headers
    policy = headers["content-security-policy"]
    for rule in (
        "default-src 'self'", "img-src 'self' data:", "connect-src 'self'", "form-action 'self'",
        "frame-ancestors 'self'", "object-src 'none'", "base-uri 'self'",
    ):  # fmt: skip
        assert rule in policy
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.split("style-src")[0]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    if path != "/":
        assert "unsafe-inline" not in policy


def test_each_visit_has_its_own_nonce_on_every_script(site: Site) -> None:
    first, second = httpx.get(site.address), httpx.get(site.address)
    nonces = [re.search(r"'nonce-([^']+)'", r.headers["content-security-policy"])[1] for r in (first, second)]  # type: ignore[index]
    assert nonces[0] != nonces[1]
    assert set(re.findall(r"<script(?: nonce=\"([^\"]*)\")?", first.text)) == {nonces[0]}


def test_the_chat_page_names_no_other_host_in_its_head(site: Site) -> None:
    page = httpx.get(site.address).text
    head = re.sub(r"<script.*?</script>", "", page, flags=re.S)
    assert "og:image" not in head
    assert not re.findall(r"https?://(?!127\.0\.0\.1)[\w.]+", head)


@pytest.mark.parametrize(
    "path",
    [
        "/docs", "/openapi.json", "/gradio_api/openapi.json", "/gradio_api/info", "/gradio_api/runs", "/monitoring",
        "/gradio_api/file=/etc/passwd", "/gradio_api/upload_progress", "/gradio_api/proxy=http://example.org",
        "/manifest.json", "/documents", "/ui/../server.py", "/ui/%2e%2e/server.py",
    ],
)  # fmt: skip
def test_what_the_pages_do_not_need_is_closed(site: Site, path: str) -> None:
    assert httpx.get(site.address + path).status_code == 404


@pytest.mark.parametrize("path", ["/gradio_api/upload", "/gradio_api/call/ask", "/gradio_api/run/ask", "/login"])
def test_nothing_can_be_uploaded_or_called(site: Site, path: str) -> None:
    assert httpx.post(site.address + path, json={"data": []}).status_code == 404


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
def test_a_page_of_another_site_may_not_call(site: Site, origin: str) -> None:
    reply = httpx.post(site.address + "/gradio_api/queue/join", json={}, headers={"Origin": origin})
    assert reply.status_code == 403
    assert not [name for name in reply.headers if name.startswith("access-control")]


def test_a_refusal_says_what_helps_where_it_was_called(site: Site) -> None:
    """Behind a proxy that keeps the Host header to itself the chat's own page looks like another site's."""
    page, api = (
        httpx.post(site.address + path, json={}, headers={"Origin": "https://chat.example"})
        for path in ("/gradio_api/queue/join", "/api/ask")
    )
    assert (page.status_code, api.status_code) == (403, 403)
    assert "let its proxy pass the Host header on" in page.json()["detail"], (
        "as JSON, of which Gradio's page shows this"
    )
    assert "CHIPQUOTE_ORIGINS" not in page.text, "a listed site may call the API only"
    assert "CHIPQUOTE_ORIGINS" in api.json()["detail"]


def test_our_own_pages_may_call(site: Site) -> None:
    reply = httpx.post(site.address + "/gradio_api/queue/join", json={}, headers={"Origin": site.address})
    assert reply.status_code != 403


def test_a_body_that_does_not_come_is_not_waited_for(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.web.guard._BODY_TIME", 0.2)
    host, port = site.address.removeprefix("http://").split(":")
    told = {"/api/ask": "application/problem+json", "/gradio_api/queue/join": "application/problem+json"}
    for path, kind in (told | {"/sources": "text/plain"}).items():
        with socket.create_connection((host, int(port)), timeout=5) as line:
            head = f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: 100\r\nConnection: close\r\n\r\n"
            line.sendall(f'{head}{{"question": "'.encode())
            reply = b"".join(iter(lambda: line.recv(65_536), b"")).decode()
        assert reply.startswith("HTTP/1.1 408 ")
        assert f"content-type: {kind}" in reply
        assert "The request took too long to arrive." in reply


@pytest.mark.parametrize(
    "path",
    ["/healthz", "/sources", "/documents/orders", "/documents/none", "/api/coverage", "/api/none", "/api/ask",
     "/quote/ffffffff", "/widget.js", "/embed", "/demo", "/ui/chat.js", "/api/docs", "/nowhere", "/mcp", "/"],
)  # fmt: skip
def test_head_is_answered_as_get_without_the_body(site: Site, path: str) -> None:
    got, head = httpx.get(site.address + path), httpx.head(site.address + path)
    assert (head.status_code, head.content) == (got.status_code, b"")
    for name in ("content-type", "x-content-type-options", "etag", "allow"):
        assert head.headers.get(name) == got.headers.get(name)
    if path != "/":  # Gradio's own
        assert head.headers["content-length"] == str(len(got.content))


def test_a_host_that_is_no_name_is_refused(site: Site) -> None:
    assert httpx.get(site.address, headers={"Host": "["}).status_code in (400, 421)


def test_a_reader_at_no_page_is_led_back_and_a_program_gets_text(site: Site) -> None:
    page, text = (httpx.get(f"{site.address}/nowhere", headers={"Accept": kind}) for kind in ("text/html", "*/*"))
    assert (page.status_code, text.status_code) == (404, 404)
    assert "<title>No such page · ChipQuote</title>" in page.text
    assert 'href="/"' in page.text
    assert text.text == "There is no such page. The chat is at /"
