"""The widget: `/widget.js`, one script for any page; `/embed`, the same in a frame; `/demo`, a page that shows both.

The script is put together from the small files of static/widget when it is first asked for. Left out: which sites may
ask or frame (`guard`, `headers`), and the answers, which it gets from the API like any other program.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from string import ascii_lowercase
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from rag.web.render import environment

_FOLDER = Path(__file__).with_name("static") / "widget"
_CODE = ("settings.js", "parts.js", "answer.js", "ask.js", "box.js", "start.js")
_ASKED_BY_NAME = ("partial", "premise_contradicted")  # labels that the code finds by what the server says
_HOUR = "public, max-age=3600"

Short = Annotated[str, Query(max_length=100)]
Long = Annotated[str, Query(max_length=1000)]


@cache
def script() -> str:
    """The whole widget: labels, style and code in one function, without comments, spare white space and semicolons."""
    import rcssmin
    import rjsmin

    held = json.loads(_read("labels.json"))
    short = _letters(name for name in held["en"] if name not in _ASKED_BY_NAME)
    held = {lang: {short.get(name, name): words for name, words in said.items()} for lang, said in held.items()}
    labels = json.dumps(held, ensure_ascii=False, separators=(",", ":"))
    labels = re.sub(r'"([a-z_]+)":', r"\1:", labels)
    style = json.dumps(_shortened(rcssmin.cssmin(_read("style.css"))), ensure_ascii=False)
    code = rjsmin.jsmin("\n".join(map(_read, _CODE))).replace(";}", "}")
    code = re.sub(r"\bwords\.(\w+)", lambda found: f"words.{short.get(found[1], found[1])}", code)
    return f'(()=>{{"use strict";const LABELS={labels};const STYLE={style};{code}}})();\n'


def _letters(names: Iterable[str]) -> dict[str, str]:
    """A letter or two for each name."""
    return dict(zip(names, (a + b for a in ("", *ascii_lowercase) for b in ascii_lowercase), strict=False))


def _shortened(style: str) -> str:
    """A style with a letter for each property of its own; what the code sets keeps its name."""
    short = _letters(sorted({*re.findall(r"--([a-z]+)", style)} - {"accent", "nth"}))
    return re.sub(r"--([a-z]+)", lambda found: f"--{short.get(found[1], found[1])}", style)


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
