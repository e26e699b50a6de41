"""How many questions a minute one address, and one other site, may ask. A sliding window in memory, never written down.

Left out: who is asking. Behind a proxy the address is the visitor's only where the proxy is trusted (`proxy`).
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from threading import Lock

from starlette.datastructures import Headers
from starlette.types import Scope

from rag.web.origin import is_own

MINUTE = 60.0
A_SITE_GETS = 10  # times what an address gets: many readers come from one site
_BETWEEN_SWEEPS = 1.0  # seconds
_MOST_KEPT = 10_000  # askers remembered before those that have gone quiet are swept out


class Budget:
    """`budget` questions a minute; 0 sets no limit."""

    def __init__(self, budget: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._budget, self._clock, self._lock = budget, clock, Lock()
        self._spent: dict[str, deque[float]] = {}
        self._swept = -MINUTE

    def wait(self, scope: Scope, times: int = 1) -> float:
        """Count a request, or one of several questions, for its address and for the site of the page that sends it.

        The server's own pages are no such site: all who read the chat would share what one site gets.
        Returns the seconds to wait, 0 when it may go on now. Only what may go on is counted.
        """
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        asking = {f"address {address_of(scope)}": self._budget}
        if origin and not is_own(headers):
            asking[f"site {origin}"] = self._budget * A_SITE_GETS
        return self.spend(asking, times)

    def spend(self, asking: dict[str, int], times: int = 1) -> float:
        """Count `times` for each of those asking, of at most so many a minute; the seconds to wait where that is over.

        Who asks for more at once than a minute holds gets the whole minute.
        """
        if not self._budget:
            return 0.0
        now = self._clock()
        with self._lock:
            self._sweep(now)
            windows = {who: self._window(who, now) for who in asking}
            over = {who: len(windows[who]) + min(times, most) - most for who, most in asking.items()}
            full = [windows[who][n - 1] + MINUTE - now for who, n in over.items() if n > 0]
            if not full:
                for who, window in windows.items():
                    window.extend([now] * min(times, asking[who]))
            return max(full, default=0.0)

    def _sweep(self, now: float) -> None:
        """Forget who has gone quiet, where many are known; not between two windows of one request."""
        if len(self._spent) > _MOST_KEPT and now - self._swept >= _BETWEEN_SWEEPS:
            self._spent = {w: times for w, times in self._spent.items() if times and times[-1] > now - MINUTE}
            self._swept = now

    def _window(self, who: str, now: float) -> deque[float]:
        window = self._spent.setdefault(who, deque())
        while window and window[0] <= now - MINUTE:
            window.popleft()
        return window


def address_of(scope: Scope) -> str:
    """Whose budget a request counts for: an IPv4 address, or the /64 network of an IPv6 one, which one house has."""
    host = scope["client"][0] if scope.get("client") else "unknown"
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return address.exploded[:19] if isinstance(address, IPv6Address) and not address.ipv4_mapped else host
