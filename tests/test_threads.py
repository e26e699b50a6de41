"""Work in threads: what runs out of time keeps its place until it ends, so that no more run than there are places."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import anyio
import pytest
from anyio import CapacityLimiter

from rag.threads import in_a_thread


def run(what):
    with ThreadPoolExecutor(1) as thread:  # the browser of other tests keeps a loop in this one
        thread.submit(anyio.run, what).result()


def test_what_ran_out_of_time_keeps_its_place_until_it_ends():
    let_go, running, most = threading.Event(), 0, 0

    def slow():
        nonlocal running, most
        running += 1
        most = max(most, running)
        let_go.wait(20)
        running -= 1

    async def whole():
        places = CapacityLimiter(2)
        for _ in range(5):
            with pytest.raises(TimeoutError):
                await in_a_thread(slow, places, 0.1)
        assert places.borrowed_tokens == 2
        let_go.set()
        while places.borrowed_tokens:
            await anyio.sleep(0.01)
        assert await in_a_thread(lambda: "done", places, 5) == "done"
        assert places.borrowed_tokens == 0

    run(whole)
    assert most == 2


def test_an_error_is_raised_and_frees_the_place():
    async def whole():
        places = CapacityLimiter(1)
        with pytest.raises(ZeroDivisionError):
            await in_a_thread(lambda: 1 // 0, places, 5)
        await anyio.sleep(0.05)
        assert places.borrowed_tokens == 0

    run(whole)
