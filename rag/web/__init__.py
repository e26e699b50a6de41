"""The chat page and the document pages. Shows answers, decides nothing; Gradio and FastAPI live nowhere else.

`server` puts the app together, `chat` is the page, `sources` lists what there is, `documents` shows one with its quote,
`render` turns an Answer into a message, `widget` is the script for other people's pages, `guard` keeps the door.
Importing this package loads none of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

    from rag.pipeline import Pipeline
    from rag.settings import Settings

__all__ = ["create_app", "run"]


def run(settings: Settings, say: Callable[[str], None]) -> None:
    """Serve the chat page until it is stopped, and `say` its address once it answers.

    Raises SettingsError when the address cannot be served on, IndexMissing, IndexDamaged, IndexMismatch or ModelError.
    """
    from rag.web import server

    server.run(settings, say)


def create_app(pipeline: Pipeline) -> FastAPI:
    """The whole web app over an open pipeline, to be served by any ASGI server."""
    from rag.web import server

    return server.create_app(pipeline)
