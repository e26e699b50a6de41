"""One polite HTTP client: conditional requests, pauses between them, tries again, and a limit on what it takes.

Every redirect is looked at like a new address. Left out: what a body must be (`body`), and where it goes (`hold`).
"""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import httpx
import tenacity
from protego import Protego

from rag.errors import FetchError, Unreachable
from rag.fetch.manners import LONGEST_PAUSE, Manners, check_address, check_peer, origin, pause_asked

Seen = dict[str, dict[str, str]]  # address -> the validators (`etag`, `last-modified`) of what it last gave
_PASSING = {408, 425, 429, 500, 502, 503, 504}
_ROBOTS_LIMIT = 512 * 2**10  # what Google reads of a robots.txt


@dataclass(frozen=True, slots=True)
class Reply:
    """What came. `body` is empty when the server said that nothing changed."""

    url: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    changed: bool = True
    redirect: str = ""
    status: int = 200


class _Again(Exception):
    """It may work on another try, after so many seconds where the server named them."""

    def __init__(self, why: str, after: float | None = None, unreachable: bool = False) -> None:
        super().__init__(why)
        self.after, self.unreachable = after, unreachable


class Visitor:
    """Use as a context manager. `get` is all that recipes need."""

    def __init__(self, manners: Manners) -> None:
        self.manners = manners
        self._client = httpx.Client(
            headers={"User-Agent": manners.agent, "Accept-Language": "en, *;q=0.5"},
            timeout=httpx.Timeout(manners.timeout, connect=min(10.0, manners.timeout)),
        )
        self._direct = not urllib.request.getproxies()  # behind a proxy the peer is the proxy
        self._last: dict[str, float] = {}
        self._robots: dict[str, Protego] = {}
        self._dead: dict[str, str] = {}

    def __enter__(self) -> Visitor:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.close()

    def get(self, url: str, seen: Seen | None = None, robots: bool = True) -> Reply:
        """What stands at `url` now, through redirects. `seen` makes the request conditional and is brought up to date.

        `robots=False` is for the published APIs, which are made for programs, and the links that they hand out.
        Raises FetchError, or Unreachable when its host does not answer.
        """
        at, known = url, (seen or {}).get(url, {})
        for _ in range(self.manners.redirects + 1):
            check_address(at, self.manners.private)
            if robots:
                self._ask_robots(at)
            reply = self._try(at, known, self.manners.limit)
            if not reply.redirect:
                if reply.status != 200 and reply.changed:
                    raise FetchError(f"{at} answered {_named(reply.status)}")
                if seen is not None and reply.changed:
                    named = {name: reply.headers[name] for name in ("etag", "last-modified") if name in reply.headers}
                    seen[url] = named
                return reply
            at, robots = _joined(at, reply.redirect), True
        raise FetchError(f"{url} redirects more than {self.manners.redirects} times")

    def anyone_there(self, urls: Iterable[str]) -> bool:
        """False when none of the first three hosts can be reached: this machine has no network."""
        hosts = list(dict.fromkeys(map(origin, urls)))[:3]
        return any(map(self._answers, hosts)) or not hosts

    def _answers(self, host: str) -> bool:
        try:
            check_address(host, self.manners.private)
            with self._client.stream("GET", f"{host}/robots.txt", timeout=5.0):
                return True
        except httpx.TransportError as error:
            return not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.ProxyError)
        except FetchError:
            return True  # refused by us, which is for the source to say

    def _ask_robots(self, url: str) -> None:
        host = origin(url)
        rules = self._robots.get(host)
        if rules is None:
            try:
                rules = self._robots[host] = self._read_robots(host)
            except Unreachable:
                raise
            except FetchError as error:  # RFC 9309: while the rules cannot be read, nothing is allowed
                self._dead[host] = f"{host} was left alone, since its robots.txt cannot be read: {error}"
                raise FetchError(self._dead[host]) from error
        if not rules.can_fetch(url, self.manners.product):
            raise FetchError(f"{host}/robots.txt asks programs not to fetch {url}; open it in a browser")

    def _read_robots(self, host: str) -> Protego:
        at = f"{host}/robots.txt"
        for _ in range(self.manners.redirects + 1):
            check_address(at, self.manners.private)
            reply = self._try(at, {}, _ROBOTS_LIMIT)
            if not reply.redirect:
                break
            at = _joined(at, reply.redirect)
        missing = reply.redirect or reply.status != 200  # RFC 9309: no robots.txt, no rules
        return Protego.parse("" if missing else reply.body.decode("utf-8-sig", "replace"))

    def _try(self, url: str, known: Mapping[str, str], limit: int) -> Reply:
        host = origin(url)
        if host in self._dead:
            raise Unreachable(self._dead[host])
        retry = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(self.manners.tries),
            wait=self._pause,
            retry=tenacity.retry_if_exception_type(_Again),
            reraise=True,
        )
        try:
            return retry(self._once, url, known, limit)
        except _Again as error:
            if error.unreachable:
                self._dead[host] = f"{host} cannot be reached: {error}"
                raise Unreachable(self._dead[host]) from error
            raise FetchError(f"{url}: {error}, {self.manners.tries} times; try again later") from error

    def _pause(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.after if isinstance(error, _Again) else None
        return float(self.manners.backoff * 2 ** (state.attempt_number - 1) if asked is None else asked)

    def _once(self, url: str, known: Mapping[str, str], limit: int) -> Reply:
        self._take_turn(origin(url))
        headers = {ask: known[has] for ask, has in _CONDITIONS.items() if has in known}
        try:
            with self._client.stream("GET", url, headers=headers) as response:
                self._check_peer(response, url)
                if response.status_code in _PASSING:
                    raise self._refused(response)
                if response.has_redirect_location:
                    return Reply(url, redirect=response.headers["location"])
                unchanged = response.status_code == httpx.codes.NOT_MODIFIED
                body = self._read(response, limit) if response.status_code == httpx.codes.OK else b""
                return Reply(url, body, response.headers, not unchanged, status=response.status_code)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
            raise _Again(str(error) or type(error).__name__, unreachable=True) from error
        except httpx.RequestError as error:  # cut off, timed out, or not decodable
            raise _Again(f"the answer did not come whole ({error or type(error).__name__})") from error
        except (httpx.InvalidURL, UnicodeError) as error:
            raise FetchError(f"{url} is no address: {error}") from error

    def _refused(self, response: httpx.Response) -> Exception:
        after = pause_asked(response.headers.get("retry-after", ""))
        if after is not None and after > LONGEST_PAUSE:
            return FetchError(f"{response.url} asks to come back in {after:,.0f} seconds; run fetch again then")
        return _Again(f"answered {_named(response.status_code)}", after)

    def _check_peer(self, response: httpx.Response, url: str) -> None:
        """What the name said a moment ago may have changed since; what we are connected to has not."""
        stream: Any = response.extensions.get("network_stream")
        if self._direct and not self.manners.private and stream is not None:
            check_peer(str(stream.get_extra_info("server_addr")[0]), url)

    def _read(self, response: httpx.Response, limit: int) -> bytes:
        began, chunks, size = time.monotonic(), list[bytes](), 0
        for chunk in response.iter_bytes():
            size += len(chunk)
            if size > limit:
                raise FetchError(f"{response.url} is larger than {limit / 2**20:,.1f} MB; nothing was kept of it")
            if time.monotonic() - began > self.manners.patience:
                raise FetchError(f"{response.url} took longer than {self.manners.patience:.0f} s; try again later")
            chunks.append(chunk)
        return b"".join(chunks)

    def _take_turn(self, host: str) -> None:
        delay = self.manners.delay
        rules = self._robots.get(host)
        if rules is not None:
            delay = max(delay, min(float(rules.crawl_delay(self.manners.product) or 0), LONGEST_PAUSE))
        wait = self._last.get(host, -delay) + delay - time.monotonic()
        if host in self._last and wait > 0:
            time.sleep(wait)
        self._last[host] = time.monotonic()


_CONDITIONS = {"If-None-Match": "etag", "If-Modified-Since": "last-modified"}


def _joined(url: str, to: str) -> str:
    try:
        return str(httpx.URL(url).join(to))
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError(f"{url} redirects to {to!r}, which is no address") from error


def _named(status: int) -> str:
    phrase = httpx.codes.get_reason_phrase(status)
    return f"{status} {phrase}".strip()
