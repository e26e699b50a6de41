"""`serve` and `mcp` answer others; `password` says who may open the chat."""

from __future__ import annotations

from pathlib import Path

import click

from rag.commands.index import build_index
from rag.commands.terminal import OK, index_option, model_option, say


@click.command()
@click.option("--host", help="Address to serve on; this machine only, unless told otherwise.")
@click.option("--port", type=int, help="Port to serve on; 0 takes a free one.")
@index_option
@model_option
def serve(host: str | None, port: int | None, index: Path | None, model: str | None) -> int:
    """Serve the chat page; build the index first where it is missing or stale."""
    from rag.build import is_stale
    from rag.settings import load_settings

    settings = load_settings(host=host, port=port, index=index, model=model)
    if is_stale(settings):
        build_index(settings)
    from rag.web import run

    run(settings, say)
    return OK


@click.command()
@index_option
@model_option
def mcp(index: Path | None, model: str | None) -> int:
    """Serve assistants by the Model Context Protocol over standard input and output."""
    from rag.mcp import create_server
    from rag.pipeline import Pipeline
    from rag.settings import load_settings

    create_server(Pipeline.open(load_settings(index=index, model=model))).run()
    return OK


@click.command()
@click.argument("name")
def password(name: str) -> int:
    """Ask for a password and print the line that CHIPQUOTE_SIGN_IN takes, so that only NAME may open the chat."""
    from rag.web.sign_in import password_line

    click.echo(password_line(name, click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)))
    return OK
