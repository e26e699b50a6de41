"""The HTTP API: questions, documents, quotes, health and counts. `/api/v1/…` is the same as `/api/…`, and stays so.

Answers come whole as JSON, or stage by stage and quote by quote as server-sent events. Left out: the shapes (`asked`,
`shapes`), what goes with an answer (`extras`), the certificates (`certificate`), the description of it all (`manual`).
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Annotated, Any, Literal, TypeVar

import anyio
from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import PlainTextResponse, StreamingResponse
from fastapi.sse import format_sse_event
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send

from rag.datatypes import Quote
from rag.pipeline import Pipeline, Stage
from rag.present import answer_json, citation, document_json, quote_json
from rag.threads import in_a_thread
from rag.web import shapes
from rag.web.asked import KEY, Asked
from rag.web.budget import Budget
from rag.web.certificate import Certificates, only
from rag.web.examples import FIRST, answered
from rag.web.metrics import CONTENT_TYPE, Metrics
from rag.web.problem import Problem, busy, problem_of, too_many

log = logging.getLogger(__name__)

PREFIXES = ("/api", "/api/v1")
TIME = 30.0  # seconds for an answer, the wait for a free thread among them
AT_ONCE = 4  # questions; more would only share the same few cores
WAITING = 100  # questions that may wait for their turn; more could not all be answered in TIME by two cores

T = TypeVar("T")
Key = Annotated[str, Path(pattern=KEY, description="8 hex characters, as beside each quote.")]
Name = Annotated[str, Path(description="The id of a document; it may hold slashes.")]
Side = Annotated[str, Query(max_length=40, description="Only the documents of one side.")]
Most = Annotated[int, Query(ge=1, le=1000, description="Most documents in the reply.")]
Skip = Annotated[int, Query(ge=0, le=10**9, description="Documents to pass over.")]
Which = Annotated[str, Query(max_length=500, description="The document, where several quotes have the key.")]
Format = Annotated[Literal["markdown", "chicago", "bluebook", "bibtex"], Query(description="How to cite.")]
Start = Annotated[int | None, Query(ge=0, le=10**9, description="The start, where several quotes have the key.")]


@dataclass
class Desk:
    """What the routes share: one open pipeline and what is counted and kept beside it."""

    pipeline: Pipeline
    budget: Budget
    metrics: Metrics
    certificates: Certificates
    threads: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(AT_ONCE))
    aside: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(1))
    tried: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # first questions, by language

    @cached_property
    def lines(self) -> list[dict[str, Any]]:
        """Every document by name; an open index never changes."""
        return [document_json(document) for document in self.pipeline.index.documents()]

    @cached_property
    def records(self) -> int:
        """How many documents are summaries of our own."""
        return sum(document.source.kind == "record" for document in self.pipeline.index.listed())

    def examples(self, lang: str) -> list[dict[str, Any]]:
        """Questions to begin with. Tries them when it is first asked for, which takes seconds."""
        if lang not in self.tried:
            self.tried[lang] = answered(self.pipeline, FIRST[lang])
        return self.tried[lang]

    async def work(self, task: Callable[[], T], until: float, aside: bool = False) -> T:
        """Run a task in a thread, `aside` where no question may wait for it: one such task runs at a time.

        Raises TimeoutError when it is not done at `until` (monotonic time).
        """
        return await in_a_thread(task, self.aside if aside else self.threads, until - time.monotonic())

    def charge(self, request: Request, times: int = 1) -> None:
        """Count a question or several.

        Raises Problem 429 when their asker has had enough for this minute, 503 when too many wait already.
        """
        if self.threads.statistics().tasks_waiting >= WAITING:
            raise busy(int(TIME / 2))
        if wait := self.budget.wait(request.scope, times):
            raise too_many(wait)


def api_router(desk: Desk, prefix: str) -> APIRouter:
    """Everything under one of the `PREFIXES`; only the first is described."""
    router = APIRouter(prefix=prefix, include_in_schema=prefix == PREFIXES[0])
    index = desk.pipeline.index

    @router.post("/ask", summary="Ask a question", response_model=shapes.Answer)
    async def ask(asked: Asked, request: Request) -> Any:
        """Quotes that answer, word for word, or none. With `Accept: text/event-stream` the events are `stage` (name,
        note), `quote` (one each), `answer` (the whole, as the JSON has it) and, if it comes to that, `error`.
        """  # noqa: D205
        desk.charge(request)
        until = time.monotonic() + TIME
        stages = desk.pipeline.stages(asked.question, asked.day, asked.side, asked.turns)
        if "text/event-stream" not in request.headers.get("accept", ""):
            return _counted(desk, (await desk.work(partial(list[Stage], stages), until))[-1])
        first = await desk.work(partial(next, stages), until)  # a question that cannot be asked fails here, with a 422
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(_events(desk, first, stages, until), 200, headers, "text/event-stream")

    @router.get("/coverage", summary="What is covered?", response_model=shapes.Coverage)
    def coverage() -> Any:
        """How many documents there are, how many of them in our own words, of when, and how far they reach."""
        m = index.manifest
        reach = {"oldest": m.oldest, "newest": m.newest, "reaches": m.checked or m.newest}
        return {"documents": m.documents, "records": desk.records} | reach

    @router.get("/documents", summary="List the documents", response_model=shapes.Documents)
    def documents(side: Side = "", limit: Most = 100, offset: Skip = 0) -> Any:
        """By name, in the order of indexing."""
        chosen = [line for line in desk.lines if side in ("", line["side"])]
        return {"total": len(chosen), "documents": chosen[offset : offset + limit]}

    @router.get("/documents/{document:path}", summary="Read a document", response_model=shapes.Document)
    def document(document: Name) -> Any:
        """Its whole text, which the offsets of quotes count into."""
        found = index.document(document)
        return document_json(found) | {"version": found.version, "text": found.text}

    @router.get("/quotes/{key}", summary="Check a quote", response_model=shapes.Certificate)
    async def quote(request: Request, key: Key, document: Which = "", start: Start = None) -> Any:
        """The certificate of a quote, and how to cite it. Its source is read again and compared, at most once a minute
        a document.
        """  # noqa: D205
        desk.charge(request)
        place = only(desk.certificates.places(key, document, start))
        task = partial(desk.certificates.certificate, place, str(request.base_url))
        return await desk.work(task, time.monotonic() + TIME)

    @router.get("/quotes/{key}/citation", summary="Cite a quote", response_class=PlainTextResponse)
    async def cited(request: Request, key: Key, format: Format, document: Which = "", start: Start = None) -> Any:  # noqa: A002
        """The words with their citation, and the permalink here. Of a record, ChipQuote's summary is cited."""
        desk.charge(request)
        place = only(desk.certificates.places(key, document, start))
        quote = Quote(place.document, place.start, place.end)
        return PlainTextResponse(citation(quote, format, str(request.base_url)))

    return router


def service_router(desk: Desk) -> APIRouter:
    """What whoever runs the server looks at."""
    router, manifest = APIRouter(), desk.pipeline.index.manifest

    @router.get("/healthz", summary="Is it well?", response_model=shapes.Health)
    def healthz() -> Any:
        """503 while there is no index to answer from."""
        if not (desk.pipeline.index.path / "manifest.json").is_file():
            raise Problem(503, "The index that is being served is gone. Build it and start the server again.")
        return {
            "status": "ok",
            "index": manifest.digest,
            "documents": manifest.documents,
            "passages": manifest.passages,
            "model": manifest.model,
            "newest": manifest.newest,
        }

    @router.get("/metrics", summary="Counts for Prometheus", response_class=Response)
    def metrics() -> Response:
        """Without questions, addresses or keys."""
        return Response(desk.metrics.text(), media_type=CONTENT_TYPE)

    return router


class Nothing:
    """The end of the road for what no route of ours answers, by any method; behind it Gradio would."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self._routes = list(routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """405 where the path exists with another method, else 404."""
        near = [r for r in self._routes if isinstance(r, Route) and r.matches(scope)[0] is Match.PARTIAL]
        allow = ", ".join(sorted({method for r in near for method in r.methods or ()}))
        problem = (
            Problem(405, f"Use {allow} here.", {"Allow": allow})
            if near
            else Problem(404, "There is no such page. What there is stands at /api/docs")
        )
        await problem.response()(scope, receive, send)


async def _events(desk: Desk, first: Stage, stages: Iterator[Stage], until: float) -> AsyncIterator[bytes]:
    stage = first
    try:
        while stage.answer is None:
            yield _event("stage", {"name": stage.name, "note": stage.note})
            stage = await desk.work(partial(next, stages), until)
        for quote in stage.answer.quotes:
            yield _event("quote", quote_json(quote))
        yield _event("answer", _counted(desk, stage))
    except Exception as error:
        problem = problem_of(error)
        yield _event("error", problem.json())
        if problem.status == 500:
            log.exception("An answer broke off")


def _counted(desk: Desk, stage: Stage) -> dict[str, Any]:
    if stage.answer is None:
        raise RuntimeError("the last stage of a question has no answer")
    desk.metrics.answered(stage.answer.outcome.value)
    return answer_json(stage.answer)


def _event(name: str, data: dict[str, Any]) -> bytes:
    return format_sse_event(event=name, data_str=json.dumps(data, ensure_ascii=False))
