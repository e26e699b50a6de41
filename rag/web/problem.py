"""What went wrong, as `application/problem+json` (RFC 9457). Says how to mend it; repeats nothing that was sent."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from rag.errors import ChipQuoteError, FeedbackError, IndexError, QuestionError, QuoteUnknown

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """Raise it to answer with a problem; `more` are further members of its JSON, `headers` of the response."""

    def __init__(self, status: int, detail: str, headers: dict[str, str] | None = None, **more: Any) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers, self.more = status, detail, headers, more

    def json(self) -> dict[str, Any]:
        """The body."""
        title = HTTPStatus(self.status).phrase
        return {"type": "about:blank", "title": title, "status": self.status, "detail": self.detail, **self.more}

    def response(self) -> JSONResponse:
        """The whole answer."""
        return JSONResponse(self.json(), self.status, self.headers, MEDIA_TYPE)


def too_many(wait: float) -> Problem:
    """The budget is spent for `wait` seconds."""
    seconds = int(wait) + 1
    return Problem(
        429,
        f"That was a lot of questions in one minute. Please ask again in {seconds} seconds.",
        {"Retry-After": str(seconds)},
    )


def busy(seconds: int = 5) -> Problem:
    """More is asked for than can be answered in time."""
    return Problem(503, "This server is busy. Please ask again in a moment.", {"Retry-After": str(seconds)})


def problem_of(error: Exception) -> Problem:
    """The problem that an error is to someone outside. Paths of this machine stay inside."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, QuestionError):
        return Problem(422, str(error))
    if isinstance(error, QuoteUnknown):
        return Problem(404, str(error))
    if isinstance(error, IndexError):
        return Problem(503, "The index cannot be read at the moment. Whoever runs this server can rebuild it.")
    if isinstance(error, FeedbackError):
        return Problem(503, "What you said could not be kept at the moment. Please send it again later.")
    if isinstance(error, TimeoutError):
        return busy()
    return Problem(500, "Something went wrong on the server. Try again.")


def answer_with_problems(app: FastAPI) -> None:
    """Let every error of the app's own routes be answered with a problem."""

    async def told(_: Request, error: Exception) -> JSONResponse:
        return problem_of(error).response()

    async def refused(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)  # noqa: S101  how it is registered
        headers = dict(error.headers) if error.headers else None
        return Problem(error.status_code, str(error.detail), headers).response()

    async def invalid(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        errors = [{"where": ".".join(map(str, e["loc"])), "what": e["msg"]} for e in error.errors()]
        named = "; ".join(f"{e['where']}: {e['what']}" for e in errors[:3])
        return Problem(422, f"The request is not as /api/docs describes it. {named}", errors=errors).response()

    for kind in (ChipQuoteError, Problem, TimeoutError):
        app.add_exception_handler(kind, told)
    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(RequestValidationError, invalid)
