"""Keeps the door: security headers on every response, only the paths that the pages use, no calls from other sites.

Also takes what Gradio's page carries for other hosts out of it, and lets only its own scripts run there.
"""

from __future__ import annotations

import logging
import re
import secrets
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

_EVERYWHERE = (
    "default-src 'self'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; frame-ancestors 'self'; object-src 'none'; base-uri 'self'"
)
STRICT = f"{_EVERYWHERE}; script-src 'self'; style-src 'self'"

# What Gradio's page calls. The rest of its API (uploads, files, proxy, runs, code editing) serves nobody here.
_GRADIO = re.compile(
    r"/(?:config|theme\.css|favicon\.ico|robots\.txt)?"
    r"|/(?:assets|static)/.+"
    r"|/gradio_api/(?:cancel|queue/(?:join|data)|heartbeat/\w+|app_id)/?"
)
_OURS = re.compile(r"/(?:documents|ui)/.+")
_META = re.compile(rb'<meta\s+(?:property="og:|name="twitter:)[^>]*>|<link rel="manifest"[^>]*>')


class Guard:
    """ASGI middleware. `head` is put into the head of the chat page."""

    def __init__(self, app: ASGIApp, head: str) -> None:
        self.app, self.head = app, head.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path, headers = scope["path"], Headers(scope=scope)
        reply = _Page(send, self.head) if path == "/" else _Reply(send)
        if _is_foreign(headers):
            refusal = PlainTextResponse("Another site may not call this server.", status_code=403)
            await refusal(scope, receive, reply.send)
        elif not (_OURS.fullmatch(path) or _GRADIO.fullmatch(path)):
            await PlainTextResponse("There is no such page. The chat is at /", status_code=404)(
                scope, receive, reply.send
            )
        else:
            try:
                await self.app(scope, receive, reply.send)
            except Exception:
                log.exception("A request for %s failed", path)
                if reply.started:
                    raise
                failure = PlainTextResponse("Something went wrong on the server. Try again.", status_code=500)
                await failure(scope, receive, reply.send)


def _is_foreign(headers: Headers) -> bool:
    """True when a browser says that a page of another origin makes this request."""
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")


class _Reply:
    """Sends a response on, with our headers."""

    def __init__(self, send: Send) -> None:
        self._send, self.started = send, False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            self.protect(message, STRICT)
        await self._send(message)

    def protect(self, start: Message, policy: str) -> None:
        headers = MutableHeaders(raw=start["headers"])
        headers["Content-Security-Policy"] = policy
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "no-referrer"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        for name in [name for name in headers if name.startswith("access-control-")]:
            del headers[name]


class _Page(_Reply):
    """Holds the chat page back until it is whole, then sends it on with our head and a nonce on each of its scripts.

    Scripts without the nonce do not run, inline handlers never. Styles stay open: Gradio writes them in attributes.
    """

    def __init__(self, send: Send, head: bytes) -> None:
        super().__init__(send)
        self._head, self._body = head, b""
        self._start: Message = {}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._finish()

    async def _finish(self) -> None:
        self.started = True
        nonce = secrets.token_urlsafe(16)
        if b"text/html" in dict(self._start["headers"]).get(b"content-type", b""):
            page = _META.sub(b"", self._body).replace(b"</head>", self._head + b"</head>", 1)
            self._body = page.replace(b"<script", b'<script nonce="' + nonce.encode() + b'"')
            MutableHeaders(raw=self._start["headers"])["Content-Length"] = str(len(self._body))
        self.protect(self._start, f"{_EVERYWHERE}; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'")
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": self._body})
