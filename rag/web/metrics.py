"""Counts for Prometheus. No question, address or key is in any label: only routes as they are written in the code."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import Scope

from rag.index.layout import Manifest
from rag.web.headers import Reply

_METHODS = frozenset(("GET", "HEAD", "POST", "OPTIONS"))
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

CONTENT_TYPE = CONTENT_TYPE_LATEST


class Metrics:
    """The counts of one app, with a registry of its own."""

    def __init__(self, manifest: Manifest) -> None:
        self._registry = CollectorRegistry()
        labels = ("route", "method", "status")
        self._requests = Counter("chipquote_requests", "Requests answered.", labels, registry=self._registry)
        self._seconds = Histogram(
            "chipquote_request_seconds", "Time to the end of the answer.", ("route",),
            buckets=_SECONDS, registry=self._registry,
        )  # fmt: skip
        self._answers = Counter(
            "chipquote_answers", "Questions answered by the API.", ("outcome",), registry=self._registry
        )
        for name, value in (("documents", manifest.documents), ("passages", manifest.passages)):
            Gauge(f"chipquote_index_{name}", f"{name.capitalize()} served.", registry=self._registry).set(value)

    def answered(self, outcome: str) -> None:
        """Count an answer of the API by what became of the question."""
        self._answers.labels(outcome).inc()

    @contextmanager
    def timed(self, scope: Scope, reply: Reply) -> Iterator[None]:
        """Count the request that is answered inside, and the time it takes."""
        began = time.perf_counter()
        try:
            yield
        finally:
            route = _route(scope)
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self._requests.labels(route, method, str(reply.status)).inc()
            self._seconds.labels(route).observe(time.perf_counter() - began)

    def text(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self._registry)


def _route(scope: Scope) -> str:
    """`/api/quotes/{key}` for an API route; the chat page's own calls are one; what was refused at the door another."""
    path = getattr(scope.get("route"), "path", "")
    if path:
        return str(path)
    return "chat" if "endpoint" in scope else "refused"
