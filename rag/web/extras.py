"""What goes with an answer: next questions, its timeline, a file to keep. The server asks again: no claim is trusted.

Left out: the shapes (`shapes`), and the answer itself (`api`).
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response

from rag.export import FORMATS, export
from rag.suggest import suggest
from rag.timeline import timeline, timeline_json
from rag.web import shapes
from rag.web.api import PREFIXES, TIME, Desk


def extras_router(desk: Desk, prefix: str) -> APIRouter:
    """Everything under one of the `PREFIXES`; only the first is described."""
    router = APIRouter(prefix=prefix, include_in_schema=prefix == PREFIXES[0])
    pipeline = desk.pipeline

    def suggested(asked: shapes.Asked) -> dict[str, Any]:
        answer = pipeline.ask(asked.question, asked.day, asked.side, asked.turns)
        found = suggest(pipeline, answer, asked.turns, asked.day, asked.side)
        return {"suggestions": [{"question": s.question, "document": s.document} for s in found]}

    def dated(asked: shapes.Asked) -> dict[str, Any]:
        answer = pipeline.ask(asked.question, asked.day, asked.side, asked.turns)
        return {"timeline": timeline_json(timeline(answer, pipeline.index.find))}

    @router.post("/suggestions", summary="What to ask next", response_model=shapes.Suggestions)
    async def suggestions(asked: shapes.Asked, request: Request) -> Any:
        """At most three questions behind this one, each of which was tried and is answered from another document."""
        desk.charge(request)
        return await desk.work(partial(suggested, asked), time.monotonic() + TIME)

    @router.post("/timeline", summary="Place an answer in time", response_model=shapes.Timeline)
    async def line(asked: shapes.Asked, request: Request) -> Any:
        """The documents that the answer touches, by date, with what replaced, suspended or changed each."""
        desk.charge(request)
        return await desk.work(partial(dated, asked), time.monotonic() + TIME)

    def exported(told: shapes.Conversation, site: str) -> Response:
        asked = [turn.question for turn in told.turns]
        answers = [pipeline.ask(t.question, t.day, t.side, asked[:n]) for n, t in enumerate(told.turns)]
        now, (kind, ending) = datetime.now(UTC), FORMATS[told.format]
        name = f'attachment; filename="chipquote-{now.date()}{ending}"'
        return Response(export(answers, told.format, now, site), 200, {"Content-Disposition": name}, kind)

    shape = {"json": {"type": "object"}, "markdown": {"type": "string"}, "pdf": {"type": "string", "format": "binary"}}
    files: dict[int | str, dict[str, Any]] = {
        200: {"content": {kind: {"schema": shape[form]} for form, (kind, _) in FORMATS.items()}}
    }

    @router.post("/export", summary="Export a conversation", response_class=Response, responses=files)
    async def conversation(told: shapes.Conversation, request: Request) -> Any:
        """Its questions are asked again, each with those before it; every one counts for the budget. The JSON can be
        checked by `python -m rag verify FILE`.
        """  # noqa: D205
        desk.charge(request, len(told.turns))
        return await desk.work(partial(exported, told, str(request.base_url)), time.monotonic() + TIME)

    return router
