"""Many people at once: everyone is answered, what can wait gives way, and beyond a stated bound it is said kindly."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from conftest import Fragile, Site, serving  # type: ignore[import-not-found]
from material import Shelf

from rag.web.api import AT_ONCE

FLUXITE = "Which exports does the Bureau of Examples ban from 4 July 2024?"


def post(site: Site, path: str = "ask", question: str = FLUXITE) -> httpx.Response:
    return httpx.post(f"{site.address}/api/{path}", json={"question": question}, timeout=60)


@contextmanager
def alone(shelf: Shelf) -> Iterator[Site]:
    """A server that no other test asks, and that answers fast, so that a busy machine is in time too."""
    opened = shelf.pipeline()
    settings = opened.settings.model_copy(update={"budget": 0, "depth": "fast"})
    with serving(Fragile(opened.index, opened.encoder, settings)) as site:
        yield site
    opened.index.close()


def test_fifty_people_who_ask_at_once_are_all_answered_and_alike(site_shelf: Shelf) -> None:
    with alone(site_shelf) as site, ThreadPoolExecutor(50) as people:
        replies = list(people.map(lambda _: post(site), range(50)))
    assert {reply.status_code for reply in replies} == {200}
    assert len({reply.text for reply in replies}) == 1
    assert replies[0].json()["quotes"]


def test_no_question_waits_for_what_could_be_asked_next(site_shelf: Shelf) -> None:
    with alone(site_shelf) as site, ThreadPoolExecutor(AT_ONCE + 2) as people:
        slow = [people.submit(post, site, "suggestions", f"linger {FLUXITE}") for _ in range(AT_ONCE + 1)]
        time.sleep(0.5)  # they have come in
        asked = people.submit(post, site)
        done, _ = wait([asked, *slow], return_when=FIRST_COMPLETED)
        assert done == {asked}
        assert asked.result().status_code == 200


def test_first_questions_that_are_known_wait_for_nobody(site_shelf: Shelf) -> None:
    with alone(site_shelf) as site, ThreadPoolExecutor(2) as people:
        known = httpx.get(f"{site.address}/api/examples", timeout=60).json()
        slow = [people.submit(post, site, "suggestions", f"linger {FLUXITE}") for _ in range(2)]
        time.sleep(0.5)  # they have come in
        assert httpx.get(f"{site.address}/api/examples", timeout=60).json() == known
        assert not any(one.done() for one in slow)


@pytest.mark.parametrize("path", ["ask", "suggestions", "timeline"])
def test_beyond_the_bound_one_is_asked_to_come_back(site: Site, path: str, monkeypatch: Any) -> None:
    monkeypatch.setattr("rag.web.api.WAITING", 0)
    reply = post(site, path)
    assert (reply.status_code, reply.headers["retry-after"]) == (503, "15")
    assert "ask again in a moment" in reply.json()["detail"]
