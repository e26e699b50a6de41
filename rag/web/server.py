"""Puts the web app together and serves it. Left out: what the pages look like (`chat`, `documents`)."""

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

from rag.errors import SettingsError
from rag.pipeline import Pipeline
from rag.settings import Settings
from rag.web.documents import documents_router
from rag.web.guard import Guard
from rag.web.render import head_html

STATIC = Path(__file__).with_name("static")
_FAREWELL = 1  # second that open streams get when the server stops; a page's heartbeat would hold it for ever


def create_app(pipeline: Pipeline) -> FastAPI:
    """The chat at `/`, the sources at `/documents/…`, our own files at `/ui/…`. Importing Gradio takes seconds."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = (
        "False"  # read when gradio is imported; without it the launch looks up hosts
    )
    import gradio

    from rag.web.chat import chat_page, theme

    app = FastAPI(title="ChipQuote", docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(documents_router(pipeline.index))
    app.mount("/ui", StaticFiles(directory=STATIC), name="ui")
    app.add_middleware(Guard, head=head_html())
    gradio.mount_gradio_app(  # mounts on `app` itself
        app,
        chat_page(pipeline),
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


def run(settings: Settings, say: Callable[[str], None]) -> None:
    """Open the index, take the address, serve until stopped. See `rag.web.run`."""
    with _listen(settings.host, settings.port) as listener:
        pipeline = Pipeline.open(settings)
        pipeline.ask(
            "What does the corpus cover?"
        )  # damage shows before anyone asks, and the first reader does not wait
        port = listener.getsockname()[1]
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        config = uvicorn.Config(
            create_app(pipeline), log_level="warning", access_log=False, timeout_graceful_shutdown=_FAREWELL
        )
        _Server(config, lambda: say(f"ChipQuote is at http://{host}:{port}")).run(sockets=[listener])


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
