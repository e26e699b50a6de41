"""Somebody else's web server: pages of any content and policy, at an origin that is not ours."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Neighbour:
    """`put` a page there before visiting it."""

    address: str
    pages: dict[str, tuple[str, str]] = field(default_factory=dict)

    def put(self, body: str, policy: str = "", path: str = "/page", head: str = "") -> str:
        """Publish a page with a Content-Security-Policy and return its address."""
        page = (
            f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>A page</title>"
            f"<meta name='viewport' content='width=device-width, initial-scale=1'>{head}</head><body>{body}</body></html>"
        )
        self.pages[path] = page, policy
        return self.address + path


@contextmanager
def neighbour() -> Iterator[Neighbour]:
    """A server on a free loopback port, as long as the block lasts."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page, policy = place.pages.get(self.path, ("", ""))
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            if policy:
                self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    place = Neighbour(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield place
    server.shutdown()
    server.server_close()
