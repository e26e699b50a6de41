"""The headers of every response: what a page may load and run, who may frame it, which listed site may read it.

Left out: which requests are answered at all (`guard`).
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import Message, Send

_META = re.compile(rb'<meta\s+(?:property="og:|name="twitter:)[^>]*>|<link rel="manifest"[^>]*>')


@dataclass(frozen=True, slots=True)
class Policy:
    """`origins` may frame our pages; `reader` is the one of them that makes this request of the API, if one does."""

    origins: tuple[str, ...] = ()
    reader: str | None = None

    def content(self, scripts: str = "'self'", styles: str = "'self'") -> str:
        """The Content-Security-Policy. Nothing inline runs; nothing is loaded from another host."""
        ancestors = " ".join(("'self'", *self.origins))
        return (
            "default-src 'self'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; frame-src 'self'; "
            f"form-action 'self'; frame-ancestors {ancestors}; object-src 'none'; base-uri 'self'; "
            f"script-src {scripts}; style-src {styles}"
        )


def preflight(headers: Headers) -> Response | None:
    """The answer to a browser that asks, for a listed origin, whether it may send JSON; None for another request."""
    if "access-control-request-method" not in headers:
        return None
    allowed = {"Allow-Methods": "GET, POST", "Allow-Headers": "content-type, accept", "Max-Age": "600"}
    return Response(None, 204, {f"Access-Control-{name}": value for name, value in allowed.items()})


def without_body(send: Send) -> Send:
    """Sends a response on as HEAD has it: its headers, which tell the length of what is left out."""

    async def bare(message: Message) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return bare


class Reply:
    """Sends a response on, with our headers. `status` is 0 until it has `started`."""

    def __init__(self, send: Send, policy: Policy) -> None:
        self._send, self._policy, self.status = send, policy, 0

    @property
    def started(self) -> bool:
        """True when it is too late to answer something else."""
        return self.status > 0

    async def send(self, message: Message) -> None:
        """Send a part of the response."""
        if message["type"] == "http.response.start":
            self.protect(message, self._policy.content())
        await self._send(message)

    def protect(self, start: Message, policy: str) -> None:
        """Put our headers on. Cookies are never read across origins: no credentials are allowed."""
        self.status = start["status"]
        headers = MutableHeaders(raw=start["headers"])
        headers["Content-Security-Policy"] = policy
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "no-referrer"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        for name in [name for name in headers if name.startswith("access-control-")]:
            if self._policy.reader is None or name in (
                "access-control-allow-origin",
                "access-control-allow-credentials",
            ):
                del headers[name]
        if self._policy.origins:
            headers.add_vary_header("Origin")
        if self._policy.reader is not None:
            headers["Access-Control-Allow-Origin"] = self._policy.reader
            headers["Access-Control-Expose-Headers"] = "Retry-After"


class PageReply(Reply):
    """Holds the chat page back until it is whole, then sends it on with our head and a nonce on each of its scripts.

    Scripts without the nonce do not run, inline handlers never. Styles stay open: Gradio writes them in attributes.
    """

    def __init__(self, send: Send, policy: Policy, head: bytes) -> None:
        super().__init__(send, policy)
        self._head, self._body = head, b""
        self._start: Message = {}

    async def send(self, message: Message) -> None:
        """Send a part of the response."""
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._finish()

    async def _finish(self) -> None:
        nonce = secrets.token_urlsafe(16)
        if b"text/html" in dict(self._start["headers"]).get(b"content-type", b""):
            page = _META.sub(b"", self._body).replace(b"</head>", self._head + b"</head>", 1)
            self._body = page.replace(b"<script", b'<script nonce="' + nonce.encode() + b'"')
            MutableHeaders(raw=self._start["headers"])["Content-Length"] = str(len(self._body))
        self.protect(self._start, self._policy.content(f"'self' 'nonce-{nonce}'", "'self' 'unsafe-inline'"))
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": self._body})
