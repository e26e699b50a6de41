"""Keeps the door: only the paths that the pages use, no calls from sites that are not listed, bodies of a bounded size.

Every response gets the security headers; Gradio's page loses what it carries for other hosts, and only its own scripts
run. Left out: the budget of the API's own routes (`api`), who may sign in (`sign_in`).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import anyio
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.settings import Settings
from rag.web.api import AT_ONCE, TIME, WAITING
from rag.web.budget import Budget, address_of
from rag.web.headers import PageReply, Policy, Reply, preflight, without_body
from rag.web.origin import is_own, parts_of
from rag.web.problem import Problem, busy, too_many
from rag.web.render import environment
from rag.web.sign_in import SignIn

if TYPE_CHECKING:
    from rag.web.metrics import Metrics

log = logging.getLogger(__name__)

# What Gradio's page calls. The rest of its API (uploads, files, proxy, runs, code editing) serves nobody here.
_GRADIO = re.compile(
    r"/(?:config|theme\.css|favicon\.ico|robots\.txt)?"
    r"|/(?:assets|static)/.+"
    r"|/gradio_api/(?:cancel|reset|queue/(?:join|data)|heartbeat/\w+|app_id)/?"
)
_PAGES = re.compile(r"/(?:documents|ui|quote)/.+|/healthz|/metrics|/sources|/widget\.js|/embed|/demo", re.S)
_API = re.compile(r"/api/.+|/mcp", re.S)
_ASKS = re.compile(r"/gradio_api/queue/join/?|/mcp")  # each a question; the API counts its own
_ANYWHERE = re.compile(r"/widget\.js|/healthz")  # what the widget loads before its site is known
_LISTED = "Its owner can list it in CHIPQUOTE_ORIGINS."  # the API's callers
_OWN = "If this is your own site, let its proxy pass the Host header on."

API_BODY, PAGE_BODY = 64_000, 1_000_000  # bytes; a question has at most 4,000 characters
_BODY_TIME = 10.0  # seconds that a body may take to arrive
_TRIES = 10  # wrong passwords a minute from one address


@dataclass(frozen=True, slots=True)
class Door:
    """Who may come in. `host` is the address served on: on loopback, a foreign Host name is a rebinding attack."""

    origins: tuple[str, ...]
    host: str
    sign_in: SignIn | None
    budget: Budget
    tries: Budget = field(default_factory=lambda: Budget(_TRIES))

    @classmethod
    def of(cls, settings: Settings) -> Door:
        """The door that the settings describe. Raises SettingsError."""
        sign_in = SignIn.of(settings.sign_in.get_secret_value())
        return cls(settings.origins, settings.host, sign_in, Budget(settings.budget))

    def knows_host(self, headers: Headers) -> bool:
        """True unless this machine alone is served and a page got here by a name that is not its own."""
        name = parts_of(f"//{headers.get('host', '')}").hostname or ""
        named = {"localhost", self.host, *(urlsplit(origin).hostname for origin in self.origins)}
        return not _is_loopback(self.host) or name in named or _is_address(name)

    def is_foreign(self, headers: Headers, path: str, api: bool) -> bool:
        """True when a browser says that a page of another origin makes this request, and it may not.

        Links and frames from other sites lead here; whom a frame is shown to is the policy's matter (`headers`). Images
        and the like carry no Origin, so that no site can be listed for them: they would spend their reader's budget.
        """
        origin = headers.get("origin")
        if origin is None:
            elsewhere = headers.get("sec-fetch-site") in ("cross-site", "same-site")
            part = headers.get("sec-fetch-dest", "document") not in ("document", "iframe")
            return elsewhere and part and not _ANYWHERE.fullmatch(path)
        return not (is_own(headers) or (api and origin in self.origins))


class Guard:
    """ASGI middleware. `head` is put into the head of the chat page."""

    def __init__(self, app: ASGIApp, door: Door, head: str, metrics: Metrics) -> None:
        self.app, self.door, self.head, self.metrics = app, door, head.encode(), metrics
        self.assistants = anyio.CapacityLimiter(AT_ONCE)  # their calls, which no route of the API counts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "websocket":  # no page here opens one
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["method"] == "HEAD" and not _GRADIO.fullmatch(scope["path"]):  # Gradio, which streams, has its own
            scope, send = {**scope, "method": "GET"}, without_body(send)
        headers, path = Headers(scope=scope), scope["path"]
        api = bool(_API.fullmatch(path))
        origin = headers.get("origin") if api and headers.get("origin") in self.door.origins else None
        policy = Policy(self.door.origins, origin)
        reply = PageReply(send, policy, self.head) if path == "/" else Reply(send, policy)
        with self.metrics.timed(scope, reply):
            refusal = await self._refuse(scope, headers, api) or (preflight(headers) if origin else None)
            if refusal is not None:
                await refusal(scope, receive, reply.send)
                return
            try:
                body = await _read(receive, API_BODY if api else PAGE_BODY)
            except (Problem, TimeoutError) as error:
                problem = error if isinstance(error, Problem) else Problem(408, "The request took too long to arrive.")
                await _say(problem, path)(scope, receive, reply.send)
                return
            await self._pass_on(scope, _again(body, receive), reply)

    async def _pass_on(self, scope: Scope, receive: Receive, reply: Reply) -> None:
        try:
            app = self._in_turn if scope["path"] == "/mcp" else self.app
            await app(scope, receive, reply.send)
        except Exception:
            log.exception("A request for /%s… failed", scope["path"].split("/")[1])  # the rest may name a quote
            if reply.started:
                raise
            problem = Problem(500, "Something went wrong on the server. Try again.")
            await _say(problem, scope["path"])(scope, receive, reply.send)

    async def _in_turn(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass an assistant's call on when fewer than AT_ONCE are at work; who waits for TIME may come back."""
        try:
            with anyio.fail_after(TIME):
                await self.assistants.acquire()
        except TimeoutError:
            await busy().response()(scope, receive, send)
            return
        try:
            await self.app(scope, receive, send)
        finally:
            self.assistants.release()

    async def _refuse(self, scope: Scope, headers: Headers, api: bool) -> Response | None:
        """Why a request may not come in, or None."""
        path, door, say = scope["path"], self.door, partial(_say, path=scope["path"])
        if not (api or _PAGES.fullmatch(path) or _GRADIO.fullmatch(path)):
            shown = "text/html" in headers.get("accept", "")
            return _nowhere() if shown else say(Problem(404, "There is no such page. The chat is at /"))
        if not door.knows_host(headers):
            return say(
                Problem(421, "This server is not known by that name. Its owner can add it to CHIPQUOTE_ORIGINS.")
            )
        if door.is_foreign(headers, path, api):
            return say(Problem(403, f"Another site may not call this server. {_LISTED if api else _OWN}"))
        if door.sign_in and _GRADIO.fullmatch(path) and (refusal := await self._sign_in(scope, headers)):
            return say(refusal)
        if path == "/mcp" and scope["method"] != "POST":  # it keeps no sessions, so there is no stream to wait on
            return say(Problem(405, "Use POST here.", {"Allow": "POST"}))
        if path == "/mcp" and self.assistants.statistics().tasks_waiting >= WAITING:
            return say(busy())
        if scope["method"] == "POST" and _ASKS.fullmatch(path) and (wait := door.budget.wait(scope)):
            return say(too_many(wait))
        return None

    async def _sign_in(self, scope: Scope, headers: Headers) -> Problem | None:
        sign_in = self.door.sign_in
        if sign_in is None or sign_in.knows(headers):
            return None
        if sign_in.header:
            return Problem(401, "Sign in where this server is published; it is not open directly.")
        if sign_in.tries(headers):
            if wait := self.door.tries.spend({address_of(scope): _TRIES}):
                return Problem(429, "Too many passwords in one minute.", {"Retry-After": str(int(wait) + 1)})
            if await anyio.to_thread.run_sync(sign_in.admits, headers):
                return None
        return Problem(
            401, "Sign in to open the chat.", {"WWW-Authenticate": 'Basic realm="ChipQuote", charset="UTF-8"'}
        )


def _say(problem: Problem, path: str) -> Response:
    """JSON for programs and for Gradio's page, which shows its `detail`; one line of text for people."""
    if _API.fullmatch(path) or path.startswith("/gradio_api/") or problem.status == 429:
        return problem.response()
    return PlainTextResponse(problem.detail, problem.status, problem.headers)


def _nowhere() -> HTMLResponse:
    told = {
        "title": "No such page",
        "text": "There is nothing at this address. The link may be mistyped.",
        "places": [],
    }
    return HTMLResponse(environment().get_template("unissued.html").render(told), 404)


async def _read(receive: Receive, most: int) -> bytes:
    """The whole body. Raises Problem when it is too large, TimeoutError when it does not come."""
    body, more = bytearray(), True
    with anyio.fail_after(_BODY_TIME):
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                break
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > most:
                raise Problem(413, f"The request is larger than {most:,} bytes.")
    return bytes(body)


def _again(body: bytes, receive: Receive) -> Callable[[], Awaitable[Message]]:
    """Give the body once more, then whatever comes after it."""
    first: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return first.pop() if first else await receive()

    return again


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_address(host) and ip_address(host).is_loopback)
