"""Whose page makes a request, as its browser says. Left out: who may (`guard`), and how often (`budget`)."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers


def is_own(headers: Headers) -> bool:
    """True when a page of this server makes the request, under the name that the server is called by."""
    origin = headers.get("origin")
    return origin is not None and parts_of(origin).netloc == headers.get("host")


def parts_of(address: str) -> SplitResult:
    """The parts of an address as a browser or anyone else sent it; of what is none ("http://[") all are empty."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")
