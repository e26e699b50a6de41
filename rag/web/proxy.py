"""Behind a proxy: whose word on the visitor's address and name is taken. Nobody's, unless FORWARDED_ALLOW_IPS is set.

That variable is uvicorn's own: addresses or networks of proxies, separated by commas.
"""

from __future__ import annotations

import os
from typing import Any

from starlette.types import ASGIApp, Scope
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from rag.errors import SettingsError
from rag.web.sign_in import SignIn


def trusted_proxies(sign_in: SignIn | None) -> str:
    """The proxies that are trusted. Raises SettingsError when a proxy should name readers and none is."""
    trusted = os.environ.get("FORWARDED_ALLOW_IPS", "")
    if sign_in is not None and sign_in.header and not trusted.strip():
        raise SettingsError(
            "The setting 'sign_in' names a header, which anyone could send. Set FORWARDED_ALLOW_IPS to the address of "
            "your proxy, 127.0.0.1 for one on this machine, and let it overwrite that header."
        )
    return trusted


class Proxy(ProxyHeadersMiddleware):
    """ASGI middleware: the visitor's address as a trusted proxy has it; `header` counts from nobody else."""

    def __init__(self, app: ASGIApp, trusted: str, header: str) -> None:
        super().__init__(app, trusted)  # type: ignore[arg-type] # uvicorn has ASGI types of its own
        self._header = header.encode()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        if scope["type"] == "http" and self._header and not self._is_trusted(scope):
            kept = [(name, value) for name, value in scope["headers"] if name.lower() != self._header]
            scope = {**scope, "headers": kept}
        await super().__call__(scope, receive, send)

    def _is_trusted(self, scope: Scope) -> bool:
        return bool(scope.get("client")) and scope["client"][0] in self.trusted_hosts
