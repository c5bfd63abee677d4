"""The HTTP session itself. This module is imported with the first line to a server, not at start-up: the
library behind it is the dearest of the client.
"""

from __future__ import annotations

import ssl
from typing import Any

import requests
from requests.adapters import HTTPAdapter


class Pinned(HTTPAdapter):
    """Trusts what the given context trusts and nothing else; environment variables have no say."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__(pool_connections=2, pool_maxsize=4, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._context, **kwargs)

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """No bundle from the disk is added to the pinned authority."""
        conn.cert_reqs = "CERT_REQUIRED"
        conn.ca_certs = None
        conn.ca_cert_dir = None


def pinned_session(context: ssl.SSLContext) -> requests.Session:
    """A session that speaks TLS by `context`; no proxy of the environment, no headers of its own."""
    session = requests.Session()
    session.trust_env = False
    session.proxies = {}
    session.mount("https://", Pinned(context))
    session.headers.clear()
    return session
