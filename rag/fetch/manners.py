"""How a guest behaves: limits and pauses, robots.txt, and addresses that are nobody's business.

Left out: the requests themselves (`visit`).
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from rag import __version__
from rag.errors import FetchError

LONGEST_PAUSE = 60.0  # seconds that a server's Retry-After or Crawl-delay may ask for; more counts as a refusal
_UNICAST = ipaddress.IPv6Network("2000::/3")  # all of IPv6 that the public internet is made of
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: how a network without IPv4 writes an IPv4 address


@dataclass(frozen=True, slots=True)
class Manners:
    """Seconds, bytes and tries. `private` admits addresses of this machine and its network."""

    delay: float = 1.0  # between two requests to one host
    backoff: float = 2.0  # before the second try; doubles each time
    tries: int = 4
    timeout: float = 30.0  # without a byte
    patience: float = 180.0  # for a whole body, however it trickles
    limit: int = 64 * 2**20  # what the loaders read at most
    redirects: int = 5
    private: bool = False
    contact: str = ""

    @property
    def product(self) -> str:
        """What a robots.txt calls us, whatever else the User-Agent says."""
        return "ChipQuote"

    @property
    def agent(self) -> str:
        """The User-Agent: who asks, and where a webmaster can complain when the user gave an address."""
        return f"{self.product}/{__version__} (reads public documents{'; ' + self.contact if self.contact else ''})"


def origin(url: str) -> str:
    """`https://example.org/a?b` -> `https://example.org`."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def check_address(url: str, private: bool) -> None:
    """Raise FetchError unless `url` is http(s) and, unless `private` is set, its host is of the public internet."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise FetchError(f"{url} is no address: {error}.") from error
    if parts.scheme not in ("http", "https") or not host:
        raise FetchError(f"{url} is not an http or https address.")
    if private:
        return
    try:
        found = socket.getaddrinfo(host, port or 80, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return  # no such name, or none without the proxy: the request itself will say so
    for *_, address in found:
        check_peer(str(address[0]), url)


def check_peer(address: str, url: str) -> None:
    """Raise FetchError when an IP address is not of the public internet."""
    if not _public(ipaddress.ip_address(address.split("%")[0])):
        raise FetchError(
            f"{url} leads to {address}, an address of this machine or its own network. "
            "If that is what you want, say --private."
        )


def _public(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """False also for IPv6 outside 2000::/3 (RFC 4291), and for a private IPv4 address inside an IPv6 one."""
    if isinstance(ip, ipaddress.IPv6Address):
        translated = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None
        inner = ip.ipv4_mapped or ip.sixtofour or translated
        if inner is not None:
            return _public(inner)
        if ip not in _UNICAST:
            return False
    return ip.is_global and not ip.is_multicast


def pause_asked(value: str) -> float | None:
    """Seconds that a Retry-After header asks for, as a number or as a date; None when it says nothing."""
    value = value.strip()
    if value.isdigit():
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    return max(0.0, (until.astimezone(UTC) - datetime.now(UTC)).total_seconds())
