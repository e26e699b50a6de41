"""Is what came what it should be? A login page in place of a PDF, half an XML file or nothing at all is not kept."""

from __future__ import annotations

import json
import re
from typing import Any

from rag.errors import FetchError
from rag.fetch.visit import Reply

EXTENSIONS = {"html": ".html", "xml": ".xml", "pdf": ".pdf", "txt": ".txt", "md": ".md", "docx": ".docx"}
_PAGE = re.compile(rb"<!doctype\s+html|<html[\s>]", re.I)
_NAMES = {"html": "a web page", "json": "JSON", "xml": "XML", "pdf": "a PDF", "txt": "plain text", "zip": "an archive"}
_TITLE = re.compile(r"<title[^<>]*>([^<]*)", re.I)  # these two read a page once, whatever stands there
_PASSWORD = re.compile(r"<input[^<>]+type\s*=\s*[\"']?password", re.I)
_NO_DOCUMENT = re.compile(
    r"access denied|request access|just a moment|attention required|are you a robot|verify you are|forbidden"
    r"|(?:log|sign) ?in\b|page not found|not found|error\b|40[134]\b|50[0234]\b|service unavailable",
    re.I,
)


def check(reply: Reply, wanted: str = "") -> str:
    """The form of what came, one of EXTENSIONS: `wanted`, where the source says what it is.

    Raises FetchError, saying what came instead.
    """
    if not reply.body.strip():
        raise FetchError(f"{reply.url} answered with nothing")
    found = _form(reply)
    if wanted and found != wanted:
        raise FetchError(f"{reply.url} sent {_described(reply, found)} in place of {wanted.upper()}")
    if found not in EXTENSIONS:
        raise FetchError(f"{reply.url} sent {_described(reply, found)}, which cannot be read here")
    if found == "html":
        _check_page(reply)
    elif found == "xml":
        parse_xml(reply)
    elif found == "pdf" and b"%%EOF" not in reply.body[-2048:]:
        raise FetchError(f"{reply.url} sent a PDF without its end; try again later")
    return found


def parse_xml(reply: Reply) -> Any:
    """The root element. Raises FetchError when it is not whole."""
    from lxml import etree

    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, load_dtd=False)
        return etree.fromstring(reply.body, parser)
    except etree.XMLSyntaxError as error:
        raise FetchError(f"{reply.url} sent XML that is broken or cut off: {error.msg}") from error


def parse_json(reply: Reply) -> Any:
    """The value. Raises FetchError when it is not JSON."""
    try:
        return json.loads(reply.body)
    except ValueError as error:
        form = _described(reply, _form(reply))
        raise FetchError(f"{reply.url} sent {form} in place of JSON") from error


def _form(reply: Reply) -> str:
    """By the first bytes where they tell, else by the content type."""
    body, kind = reply.body, reply.headers.get("content-type", "").split(";")[0].strip().lower()
    if b"%PDF-" in body[:1024]:
        return "pdf"
    if body.startswith(b"PK\x03\x04"):
        return "docx" if b"word/" in body else "zip"
    head = body[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"<"):
        declared = head.startswith(b"<?xml")
        if _PAGE.search(head[:1024]) or (kind == "text/html" and not declared):
            return "html"
        if declared or "xml" in kind:
            return "xml"
    return _by_type(kind)


def _by_type(kind: str) -> str:
    known = {"text/html": "html", "text/plain": "txt", "text/markdown": "md", "application/json": "json"}
    return known.get(kind, kind.split("/")[-1])


def _check_page(reply: Reply) -> None:
    page = reply.body[:200_000].decode("utf-8", "replace")
    title = _title(page)
    if _NO_DOCUMENT.match(title):
        raise FetchError(f"{reply.url} sent a page titled “{title}”, not the document")
    if _PASSWORD.search(page):
        raise FetchError(f"{reply.url} sent a page that asks for a password, not the document")


def _title(page: str) -> str:
    """The first of what the page says in its title, on one line."""
    match = _TITLE.search(page)
    return " ".join(match[1].split())[:80] if match else ""


def _described(reply: Reply, form: str) -> str:
    title = _title(reply.body[:20_000].decode("utf-8", "replace")) if form == "html" else ""
    named = f" titled “{title}”" if title else ""
    return f"{_NAMES.get(form, 'something of the type ' + (form or 'unknown'))}{named}"
