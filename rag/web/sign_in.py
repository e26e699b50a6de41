"""Who may open the chat: a name and password (HTTP Basic), or whom a trusted proxy names in a header.

The setting holds a slow hash (scrypt), made by `python -m rag password`; passwords are compared in constant time and
never logged. Left out: sessions and accounts; a proxy in front does these better.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field

from starlette.datastructures import Headers

from rag.errors import SettingsError

_COST = {"n": 2**14, "r": 8, "p": 1}  # 16 MB and some 50 ms a try, as OWASP's password cheat sheet has it at the least
_LINE = re.compile(r"(?P<name>[^:\s]+):scrypt:(?P<salt>[0-9a-f]{32}):(?P<hash>[0-9a-f]{64})")
_HEADER = re.compile(r"header:(?P<header>[A-Za-z0-9-]+)")


def password_line(name: str, password: str) -> str:
    """The value of the setting `sign_in` for a name and password. Raises SettingsError when the name cannot be one."""
    salt = secrets.token_bytes(16)
    line = f"{name}:scrypt:{salt.hex()}:{_hash(password, salt).hex()}"
    if not _LINE.fullmatch(line):
        raise SettingsError("A name has no spaces and no colon.")
    return line


@dataclass(slots=True)
class SignIn:
    """Decides by the headers of a request: a `header` that names someone, or the right name and password."""

    name: str = ""
    salt: bytes = b""
    hash: bytes = b""
    header: str = ""
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _known: bytes = b""

    @classmethod
    def of(cls, setting: str) -> SignIn | None:
        """Read the setting; None when everybody may come in. Raises SettingsError, which repeats no part of it."""
        if not setting:
            return None
        if found := _HEADER.fullmatch(setting):
            return cls(header=found["header"].lower())
        if found := _LINE.fullmatch(setting):
            return cls(found["name"], bytes.fromhex(found["salt"]), bytes.fromhex(found["hash"]))
        raise SettingsError(
            "The setting 'sign_in' is neither a line that `python -m rag password NAME` printed nor header:NAME."
        )

    def knows(self, headers: Headers) -> bool:
        """True when the proxy names someone, or for the password that was right before. Quick."""
        if self.header:
            return bool(headers.get(self.header, "").strip())  # `Proxy` has taken it from everyone else's request
        return hmac.compare_digest(self._print(headers), self._known)

    def tries(self, headers: Headers) -> bool:
        """True when a request brings a name and password: a first visit does not, and is no failed try."""
        return not self.header and _credentials(headers) is not None

    def admits(self, headers: Headers) -> bool:
        """True when the password is right. Slow on purpose."""
        name, password = _credentials(headers) or ("", "")
        right = hmac.compare_digest(_hash(password, self.salt), self.hash)  # always, so that time tells nothing
        right &= hmac.compare_digest(name.encode(), self.name.encode())
        if right:
            self._known = self._print(headers)
        return right

    def _print(self, headers: Headers) -> bytes:
        return hmac.digest(self._secret, repr(_credentials(headers)).encode(), "sha256")


def _credentials(headers: Headers) -> tuple[str, str] | None:
    scheme, _, value = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, password = base64.b64decode(value, validate=True).decode().partition(":")
    except ValueError:
        return None
    return (name, password) if colon else None


def _hash(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, dklen=32, **_COST)
