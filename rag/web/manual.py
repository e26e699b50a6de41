"""The API's description: OpenAPI for programs at `/api/openapi.json`, a plain page for people at `/api/docs`.

FastAPI's own pages load scripts from another host; this one is made here and has none.
"""

from __future__ import annotations

import re
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse
from markupsafe import Markup, escape

from rag.web import shapes
from rag.web.problem import MEDIA_TYPE
from rag.web.render import environment

OPENAPI = "/api/openapi.json"
VERSION = "1.0"
_ABOUT = (
    "Verbatim quotes, each with its source and exact place. `/api/v1/…` is the same as `/api/…` and keeps its "
    "shapes, to which names may be added. Errors are application/problem+json (RFC 9457)."
)
_MEANS = {
    400: "The body is not UTF-8.",
    403: "A page of a site that is not listed asks.",
    404: "There is no such thing here.",
    408: "The request took too long to arrive.",
    409: "Several quotes have this key: say which.",
    413: "The request is larger than 64,000 bytes.",
    421: "This server is not known by the name that it was called by.",
    422: "The request is not as described, or the question cannot be asked.",
    429: "Too many questions in one minute.",
    500: "A fault of ours.",
    503: "The server is busy, its index is gone, or feedback cannot be kept.",
}
_EVERYWHERE = (403, 421, 500)
_ASKED = (400, 408, 413, 422, 429, 503)
_PROBLEMS = {
    "/api/ask": _ASKED,
    "/api/examples": (422, 503),
    "/api/suggestions": _ASKED,
    "/api/timeline": _ASKED,
    "/api/export": _ASKED,
    "/api/feedback": _ASKED,
    "/api/coverage": (),
    "/api/documents": (422,),
    "/api/documents/{document}": (404, 503),
    "/api/quotes/{key}": (404, 409, 422, 429, 503),
    "/api/quotes/{key}/citation": (404, 409, 422, 429, 503),
    "/healthz": (503,),
    "/metrics": (),
}


def describe(app: FastAPI) -> None:
    """Give the app its OpenAPI description and the page of it."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _schema(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign] # as FastAPI's documentation has it

    @app.get("/api/docs", response_class=HTMLResponse, include_in_schema=False)
    def docs() -> HTMLResponse:
        return HTMLResponse(environment().get_template("api.html").render(api=openapi(), prose=_prose))


def _prose(text: str) -> Markup:
    """A description with what stands between backticks as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704  escaped before


def _schema(app: FastAPI) -> dict[str, Any]:
    """FastAPI's description with the errors as they are, in place of those that it supposes."""
    schema = get_openapi(title="ChipQuote", version=VERSION, description=_ABOUT, routes=app.routes)
    problem = shapes.ProblemShape.model_json_schema(ref_template="#/components/schemas/{model}")
    components = schema["components"]["schemas"]
    components |= problem.pop("$defs") | {"Problem": problem}
    for name in ("HTTPValidationError", "ValidationError"):
        components.pop(name, None)
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path, operations in schema["paths"].items():
        for operation in operations.values():
            answers = operation["responses"]
            answers.pop("422", None)
            for status in sorted((*_PROBLEMS[path], *_EVERYWHERE)):
                answers[str(status)] = {"description": _MEANS[status], "content": content}
                if status == 429:
                    answers["429"]["headers"] = {
                        "Retry-After": {"schema": {"type": "integer"}, "description": "Seconds"}
                    }
    events = {"schema": {"type": "string"}, "example": 'event: stage\ndata: {"name": "searching", "note": "…"}\n\n'}
    schema["paths"]["/api/ask"]["post"]["responses"]["200"]["content"]["text/event-stream"] = events
    schema["paths"]["/metrics"]["get"]["responses"]["200"]["content"] = {"text/plain": {"schema": {"type": "string"}}}
    return schema
