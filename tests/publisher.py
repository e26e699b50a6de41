"""A real HTTP server on this machine that plays the publishers: the shapes of their APIs, and their bad days.

Documents are invented. `Publisher.answers` maps a path (with its query, where that matters) to what it answers: one
Answer for ever, or a list that is used up from the front until its last.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass
class Answer:
    """`cut` sends only so many bytes of what was promised; `endless` never stops."""

    body: bytes = b""
    type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    endless: bool = False
    drip: float = 0.0


def page(text: str, title: str = "A page") -> Answer:
    return Answer(
        f"<!doctype html><html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>".encode()
    )


def to(where: str, status: int = 302) -> Answer:
    return Answer(status=status, headers={"Location": where})


@dataclass
class Publisher:
    """What the server answers, and what it was asked."""

    answers: dict[str, Answer | list[Answer]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str], float]] = field(default_factory=list)
    url: str = ""
    texts: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def paths(self) -> list[str]:
        return [path for path, _, _ in self.asked if path != "/robots.txt"]

    def answer(self, path: str) -> Answer:
        found = self.answers.get(path) or self.answers.get(urlsplit(path).path)
        if isinstance(found, list):
            return found.pop(0) if len(found) > 1 else found[0]
        return found or Answer(b"nothing here", status=404)

    # The two APIs

    def register(self, number: str, text: str, **about: object) -> None:
        """A Federal Register document, as its API gives it."""
        day = str(about.setdefault("publication_date", "2025-01-15")).replace("-", "/")
        xml = f"/documents/full_text/xml/{day}/{number}.xml"
        body = {
            "document_number": number,
            "title": f"Rule {number}",
            "type": "Rule",
            "action": "Interim final rule.",
            "citation": "90 FR 4544",
            "effective_on": "2025-01-13",
            "html_url": f"https://www.federalregister.gov/documents/{day}/{number}/a-rule",
            "full_text_xml_url": self.url + xml,
            "agencies": [{"name": "Commerce Department"}, {"name": "Bureau of Examples"}],
            **about,
        }
        self.answers[f"/api/v1/documents/{number}.json"] = Answer(json.dumps(body).encode(), "application/json")
        self.answers[xml] = self.rule(text)

    @staticmethod
    def rule(text: str) -> Answer:
        body = f'<?xml version="1.0"?>\n<RULE><PREAMB><SUBJECT>A rule</SUBJECT></PREAMB><SUPLINF><P>{text}</P></SUPLINF></RULE>'
        return Answer(body.encode(), "application/xml", headers={"ETag": f'"{hash(text)}"'})

    def code(self, identifier: str, texts: dict[str, str], until: str, **row: object) -> None:
        """An eCFR section or supplement: its text from each day on; the title is up to date as of `until`."""
        rows = [
            {"date": day, "amendment_date": day, "issue_date": day, "identifier": identifier, "name": identifier,
             "part": "744", "substantive": True, "removed": False, "title": "15", "type": "section", **row}
            for day in texts
        ]  # fmt: skip
        titles = {"titles": [{"number": 1, "up_to_date_as_of": until}, {"number": 15, "up_to_date_as_of": until}]}
        self.answers["/api/versioner/v1/titles.json"] = Answer(json.dumps(titles).encode(), "application/json")
        self.answers[f"versions {identifier}"] = Answer(
            json.dumps({"content_versions": rows, "meta": {"title": "15"}}).encode(), "application/json"
        )
        for day, text in texts.items():
            self.answers[f"full {identifier} {day}"] = Answer(text.encode(), "application/xml")
        self.texts[identifier] = texts

    def ecfr(self, path: str) -> Answer | None:
        """Answers the versioner as the real one does: by day, part, and section or appendix."""
        parts = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        identifier = query.get("section") or query.get("appendix")
        if not parts.path.startswith("/api/versioner/v1/") or not identifier:
            return None
        if parts.path.endswith("/versions/title-15.json"):
            return self.answer(f"versions {identifier}")
        day = unquote(parts.path).split("/")[5]
        starts = [start for start in self.texts.get(identifier, {}) if start <= day]
        return self.answer(f"full {identifier} {max(starts)}") if starts else None


def handler(publisher: Publisher) -> type[BaseHTTPRequestHandler]:
    class Desk(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            publisher.asked.append((self.path, dict(self.headers), time.monotonic()))
            found = publisher.ecfr(self.path) or publisher.answer(self.path)
            etag, asked = found.headers.get("ETag"), self.headers.get("If-None-Match")
            modified, since = found.headers.get("Last-Modified"), self.headers.get("If-Modified-Since")
            if found.status == 200 and ((etag and etag == asked) or (modified and modified == since and not asked)):
                found = Answer(status=304)
            self.send_response(found.status)
            for name, value in found.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", found.type)
            if found.endless:
                self.send_header("Connection", "close")
            elif found.status != 304:
                self.send_header("Content-Length", str(len(found.body)))
            self.end_headers()
            with suppress(BrokenPipeError, ConnectionResetError):
                self.send(found)

        def send(self, found: Answer) -> None:
            while found.endless:
                self.wfile.write(b"<p>and on it goes</p>\n" * (1 if found.drip else 3000))
                self.wfile.flush()
                time.sleep(found.drip)
            self.wfile.write(found.body[: found.cut])
            if found.cut is not None:
                self.wfile.flush()
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    return Desk


class Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """A client that hangs up is no trouble here, and its traceback none of the command's words."""


@contextmanager
def opened() -> Iterator[Publisher]:
    """The server, running."""
    publisher = Publisher()
    server = Server(("127.0.0.1", 0), handler(publisher))
    server.daemon_threads = True
    publisher.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield publisher
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
