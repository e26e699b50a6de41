"""Puts the web app together and serves it. Left out: what the pages look like (`chat`, `documents`, `certificate`)."""

from __future__ import annotations

import errno
import logging
import os
import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rag.errors import SettingsError
from rag.pipeline import Pipeline
from rag.remember import Remembering
from rag.settings import Settings
from rag.web.api import PREFIXES, Desk, Nothing, api_router, service_router
from rag.web.certificate import Certificates, certificate_router
from rag.web.documents import documents_router
from rag.web.extras import extras_router
from rag.web.guard import Door, Guard
from rag.web.manual import OPENAPI, describe
from rag.web.metrics import Metrics
from rag.web.problem import answer_with_problems
from rag.web.proxy import Proxy, trusted_proxies
from rag.web.render import head_html
from rag.web.sources import sources_router
from rag.web.widget import widget_router

STATIC = Path(__file__).with_name("static")
# Where Gradio, which stands behind our routes, may answer nothing.
_OURS = ("/api/{rest:path}", "/healthz", "/metrics", "/quote/{rest:path}", "/sources", "/widget.js", "/embed", "/demo")
_FAREWELL = 1  # second that open streams get when the server stops


def create_app(pipeline: Pipeline) -> FastAPI:
    """The chat at `/`, the rest as `_routes` has it, all behind the guard. Importing Gradio takes seconds.

    Raises SettingsError when the door cannot be kept as the settings say.
    """
    os.environ["GRADIO_ANALYTICS_ENABLED"] = (
        "False"  # read when gradio is imported; without it the launch looks up hosts
    )
    import gradio

    from rag.web.chat import chat_page, theme

    door, metrics = Door.of(pipeline.settings), Metrics(pipeline.index.manifest)
    app = _routes(Desk(pipeline, door.budget, metrics, Certificates(pipeline.index)))
    app.add_middleware(Guard, door=door, head=head_html(), metrics=metrics)
    app.add_middleware(Proxy, trusted=trusted_proxies(door.sign_in), header=door.sign_in.header if door.sign_in else "")
    gradio.mount_gradio_app(  # mounts on `app` itself
        app,
        chat_page(pipeline, lambda request: door.budget.wait(request.request.scope)),
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,  # a message of an exception may name files of the server
        max_file_size=0,
        favicon_path=str(STATIC / "icon.svg"),
        theme=theme(),
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
    )
    return app


def _routes(desk: Desk) -> FastAPI:
    """Sources, certificates, the widget, the API, MCP at `/mcp`, our own files at `/ui/…`."""
    from rag.mcp import create_server, http_app

    mcp = http_app(create_server(desk.pipeline))
    app = FastAPI(
        docs_url=None, redoc_url=None, openapi_url=OPENAPI, redirect_slashes=False, lifespan=mcp.router.lifespan_context
    )
    answer_with_problems(app)
    describe(app)
    routers = [router(desk, prefix) for prefix in PREFIXES for router in (api_router, extras_router)]
    routers.append(service_router(desk))
    routers += [
        documents_router(desk.pipeline.index),
        sources_router(desk.pipeline.index, desk.budget),
        certificate_router(desk.certificates, desk.budget, desk.pipeline.fate_today),
        widget_router(),
    ]
    for router in routers:
        app.include_router(router)
    app.mount("/ui", StaticFiles(directory=STATIC), name="ui")
    app.router.routes += mcp.routes
    app.router.routes.append(Route("/gradio_api/heartbeat/{session}", _beat_once))
    nothing = Nothing([route for router in routers for route in router.routes])
    app.router.routes += [Route(path, nothing) for path in _OURS]
    return app


async def _beat_once(_: Request) -> Response:
    """In place of Gradio's stream, which each open page holds: of six that a browser has, so a seventh tab waits."""
    return Response("data: ALIVE\n\n", media_type="text/event-stream")


def run(
    settings: Settings, say: Callable[[str], None], open_pipeline: Callable[[Settings], Pipeline] = Remembering.open
) -> None:
    """Take the address, open the index, serve until stopped. See `rag.web.run`."""
    with _listen(settings.host, settings.port) as listener:
        pipeline = open_pipeline(settings)
        _try(pipeline)
        port = listener.getsockname()[1]
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        config = uvicorn.Config(
            create_app(pipeline),
            log_level="warning",
            access_log=False,
            proxy_headers=False,  # `Proxy` sees to them
            timeout_graceful_shutdown=_FAREWELL,
        )
        _Server(config, lambda: say(f"ChipQuote is at http://{host}:{port}")).run(sockets=[listener])


def _try(pipeline: Pipeline) -> None:
    """Ask once and load the reader: what is damaged shows before anyone asks, and the first who asks does not wait."""
    pipeline.ask("What does the corpus cover?")
    if pipeline.reads:
        assert pipeline.reader  # noqa: S101  being asked for loads it


class _Server(uvicorn.Server):
    """Calls `ready` once connections are answered."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Every open page has a stream that is now cut off; uvicorn would print a traceback for each.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)


def _listen(host: str, port: int) -> socket.socket:
    """Take the port now, so that a taken one is said before seconds go into loading; 0 takes a free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            why = f"Port {port} on {host} is in use. Stop what runs there, or take another port"
        elif error.errno in (errno.EACCES, errno.EPERM):
            why = f"Port {port} on {host} may not be used by this account. Take one above 1023"
        else:
            raise SettingsError(
                f"Cannot serve on {host}: {error.strerror or error}. "
                "Set --host or CHIPQUOTE_HOST to an address of this machine; 127.0.0.1 always is."
            ) from error
        raise SettingsError(
            f"{why}: --port {port + 1 if 1023 < port < 65535 else 7861}, or CHIPQUOTE_PORT; 0 takes a free one."
        ) from error
