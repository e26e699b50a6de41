"""The widget: `/widget.js`, one script for any page; `/embed`, the same in a frame; `/demo`, a page that shows both.

The script is put together from the small files of static/widget when it is first asked for. Left out: which sites may
ask or frame (`guard`, `headers`), and the answers, which it gets from the API like any other program.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from rag.web.render import environment

_FOLDER = Path(__file__).with_name("static") / "widget"
_CODE = ("settings.js", "parts.js", "answer.js", "ask.js", "box.js", "start.js")
_HOUR = "public, max-age=3600"

Short = Annotated[str, Query(max_length=100)]
Long = Annotated[str, Query(max_length=1000)]


@cache
def script() -> str:
    """The whole widget: labels, style and code in one function, without comments and spare white space."""
    import rcssmin
    import rjsmin

    labels = json.dumps(json.loads(_read("labels.json")), ensure_ascii=False, separators=(",", ":"))
    labels = re.sub(r'"([a-z_]+)":', r"\1:", labels)
    style = json.dumps(rcssmin.cssmin(_read("style.css")), ensure_ascii=False)
    code = rjsmin.jsmin("\n".join(map(_read, _CODE)))
    return f'(()=>{{"use strict";const LABELS={labels};const STYLE={style};{code}}})();\n'


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def widget_router() -> APIRouter:
    """The three addresses. What `/embed` is asked for in its query stands in the attributes of its script."""
    router = APIRouter(include_in_schema=False)

    @router.get("/widget.js")
    def widget(request: Request) -> Response:
        code = script().encode()
        tag = f'"{hashlib.sha256(code).hexdigest()[:16]}"'
        headers = {"ETag": tag, "Cache-Control": _HOUR, "Cross-Origin-Resource-Policy": "cross-origin"}
        if request.headers.get("if-none-match") == tag:
            return Response(None, 304, headers)
        return Response(code, 200, headers, "text/javascript; charset=utf-8")

    @router.get("/embed", response_class=HTMLResponse)
    def embed(title: Short = "", theme: Short = "", lang: Short = "", accent: Short = "", starters: Long = "") -> str:
        asked = {"title": title, "theme": theme, "lang": lang, "accent": accent, "starters": starters}
        return environment().get_template("embed.html").render(asked=asked)

    @router.get("/demo", response_class=HTMLResponse)
    def demo(request: Request) -> str:
        return environment().get_template("demo.html").render(server=str(request.base_url).rstrip("/"))

    return router
