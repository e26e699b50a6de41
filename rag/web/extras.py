"""What goes with an answer: first and next questions, its timeline, a file to keep, feedback.

The server asks again, so that no client's word is taken for an answer. Left out: the shapes (`asked`, `shapes`), and
the answer itself (`api`).
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import partial
from typing import Any, Literal

from fastapi import APIRouter, Request, Response

from rag.export import FORMATS, export
from rag.feedback import FILE, Feedback, keep, now
from rag.pipeline import Pipeline
from rag.suggest import suggest
from rag.timeline import timeline, timeline_json
from rag.web import shapes
from rag.web.api import PREFIXES, TIME, Desk
from rag.web.asked import Asked, Conversation, Said

_SHAPES = {"json": {"type": "object"}, "markdown": {"type": "string"}, "pdf": {"type": "string", "format": "binary"}}


def extras_router(desk: Desk, prefix: str) -> APIRouter:
    """Everything under one of the `PREFIXES`; only the first is described."""
    router = APIRouter(prefix=prefix, include_in_schema=prefix == PREFIXES[0])
    pipeline = desk.pipeline
    files: dict[int | str, dict[str, Any]] = {
        200: {"content": {kind: {"schema": _SHAPES[form]} for form, (kind, _) in FORMATS.items()}}
    }

    @router.get("/examples", summary="What to ask first", response_model=shapes.Examples)
    async def examples(lang: Literal["en", "zh"] = "en") -> Any:
        """Questions by theme, each of which was tried and is answered. The first call may take seconds."""
        if lang not in desk.tried:
            await desk.work(partial(desk.examples, lang), time.monotonic() + TIME, aside=True)
        return {"examples": desk.examples(lang)}

    @router.post("/suggestions", summary="What to ask next", response_model=shapes.Suggestions)
    async def suggestions(asked: Asked, request: Request) -> Any:
        """At most three questions behind this one, each of which was tried and is answered from another document."""
        desk.charge(request)
        return await desk.work(partial(_suggested, pipeline, asked), time.monotonic() + TIME, aside=True)

    @router.post("/timeline", summary="Place an answer in time", response_model=shapes.Timeline)
    async def line(asked: Asked, request: Request) -> Any:
        """The documents that the answer touches, by date, with what replaced, suspended or changed each."""
        desk.charge(request)
        return await desk.work(partial(_placed, pipeline, asked), time.monotonic() + TIME)

    @router.post("/export", summary="Export a conversation", response_class=Response, responses=files)
    async def conversation(told: Conversation, request: Request) -> Any:
        """Its questions are asked again, each with those before it; every one counts for the budget. The JSON can be
        checked by `python -m rag verify FILE`.
        """  # noqa: D205
        desk.charge(request, len(told.turns))
        return await desk.work(partial(_exported, pipeline, told, str(request.base_url)), time.monotonic() + TIME)

    @router.post("/feedback", summary="Say whether an answer helped", status_code=201, response_model=shapes.Kept)
    async def feedback(said: Said, request: Request) -> Any:
        """Up or down, with a note if you like. 503 means that it could not be kept: send it again later."""
        desk.charge(request)
        return await desk.work(partial(_kept, pipeline, said), time.monotonic() + TIME)

    return router


def _suggested(pipeline: Pipeline, asked: Asked) -> dict[str, Any]:
    answer = pipeline.ask(asked.question, asked.day, asked.side, asked.turns)
    found = suggest(pipeline, answer, asked.turns, asked.day, asked.side)
    return {"suggestions": [{"question": s.question, "document": s.document} for s in found]}


def _placed(pipeline: Pipeline, asked: Asked) -> dict[str, Any]:
    answer = pipeline.ask(asked.question, asked.day, asked.side, asked.turns)
    return {"timeline": timeline_json(timeline(answer, pipeline.index.find))}


def _exported(pipeline: Pipeline, told: Conversation, site: str) -> Response:
    asked = [turn.question for turn in told.turns]
    answers = [pipeline.ask(t.question, t.day, t.side, asked[:n]) for n, t in enumerate(told.turns)]
    made, (kind, ending) = datetime.now(UTC), FORMATS[told.format]
    name = f'attachment; filename="chipquote-{made.date()}{ending}"'
    return Response(export(answers, told.format, made, site), 200, {"Content-Disposition": name}, kind)


def _kept(pipeline: Pipeline, said: Said) -> dict[str, bool]:
    told = said.model_dump() | {"as_of": said.as_of or "", "keys": tuple(said.keys)}
    digest = pipeline.index.manifest.digest
    keep(Feedback(now(datetime.now(UTC)), **told, digest=digest), pipeline.settings.data / FILE)
    return {"kept": True}
