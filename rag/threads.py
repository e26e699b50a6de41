"""Work in threads, a few at a time: the place of a task is free when the task ends, not when nobody waits for it.

A task that ran out of time goes on, since no thread can be stopped. If its place were given away at once, as anyio does
with a task that may be abandoned, slow tasks would pile up without end.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import TypeVar, cast

import anyio
from anyio import CapacityLimiter, to_thread

T = TypeVar("T")


async def in_a_thread(task: Callable[[], T], places: CapacityLimiter, seconds: float) -> T:
    """Wait for one of the `places`, then for the task. Raises TimeoutError when that takes longer than `seconds`."""
    loop, place, lock = asyncio.get_running_loop(), object(), Lock()
    began = given_up = False

    def held() -> T | None:
        nonlocal began
        with lock:
            began = not given_up
        if not began:
            return None
        try:
            return task()
        finally:
            with suppress(RuntimeError):  # the loop has ended, and with it the places
                loop.call_soon_threadsafe(places.release_on_behalf_of, place)

    with anyio.fail_after(seconds):
        await places.acquire_on_behalf_of(place)
        try:
            return cast(T, await to_thread.run_sync(held, limiter=CapacityLimiter(1), abandon_on_cancel=True))
        finally:
            with lock:
                given_up = not began
            if given_up:
                places.release_on_behalf_of(place)
