"""The line to a partner: TLS under the partner's own authority, every request signed, nothing followed."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from http.client import HTTPException, HTTPResponse, HTTPSConnection
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from server_stub.exchange.province.credentials import authorisation
from server_stub.exchange.province.models import Partner

TIMEOUT_S = 30.0
MOST = 16 * 1024 * 1024
BASE = "/api/v1/province/"


class PartnerUnreachable(OSError):  # noqa: N818 - says what happened
    """No whole answer came; whether the request arrived is not known."""


class PartnerRefused(Exception):  # noqa: N818 - the partner's Problem
    """The partner answered with a problem."""

    def __init__(self, status: int, code: str, context: Mapping[str, Any]) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code, self.context = status, code, context


class Line:
    """One connection that is opened when it is needed and again after a fault."""

    def __init__(self, partner: Partner) -> None:
        if not partner.url:
            raise PartnerUnreachable("the partner has no address")
        self._partner = partner
        parts = urlsplit(partner.url)
        self._host, self._port = parts.hostname or "", parts.port or 443
        self._trust = ssl.create_default_context(cadata=partner.ca_pem)
        self._open: HTTPSConnection | None = None

    def __enter__(self) -> Line:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, flaw: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    def post(self, path: str, body: Any) -> dict[str, Any]:
        """Send a JSON body; the JSON that comes back.

        Raises:
            PartnerUnreachable: no whole answer. PartnerRefused: a problem.
        """
        answer, content = self._ask("POST", path, json.dumps(body, ensure_ascii=False).encode(), {})
        return self._object(answer, content)

    def get(self, path: str) -> dict[str, Any]:
        """The JSON behind a path; raises like `post`."""
        answer, content = self._ask("GET", path, b"", {})
        return self._object(answer, content)

    def fetch(self, path: str, offset: int, mark: str) -> tuple[int, bytes]:
        """Bytes of a file from `offset` on, if it is still the one of the mark; and where they begin.

        What came before a cut is returned; the caller asks on from there. Raises like `post`.
        """
        headers = {"Range": f"bytes={offset}-", "If-Range": f'"{mark}"'} if offset else {}
        try:
            answer = self._sent("GET", path, b"", headers)
        except (OSError, HTTPException) as flaw:
            self.close()
            raise PartnerUnreachable(f"{type(flaw).__name__}: {flaw}") from flaw
        begins = offset if answer.status == 206 else 0
        got = bytearray()
        try:
            while piece := answer.read1(256 * 1024):
                got += piece
            whole = answer.length in (None, 0)
        except (OSError, HTTPException):
            whole = False
        if not whole:
            self.close()
        if answer.status not in (200, 206):
            raise _refusal(answer.status, bytes(got))
        return begins, bytes(got)

    def _ask(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[HTTPResponse, bytes]:
        try:
            answer = self._sent(method, path, body, headers)
            content = answer.read(MOST + 1)
            if len(content) > MOST:
                raise PartnerUnreachable("the answer is too large")
        except (OSError, HTTPException) as flaw:
            self.close()
            raise PartnerUnreachable(f"{type(flaw).__name__}: {flaw}") from flaw
        if answer.status != 200:
            raise _refusal(answer.status, content)
        return answer, content

    def _sent(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> HTTPResponse:
        if self._open is None:
            self._open = HTTPSConnection(self._host, self._port, timeout=TIMEOUT_S, context=self._trust)
        whole = {
            "HYC-Protocol": "1",
            "Content-Type": "application/json",
            "Authorization": authorisation(self._partner, method, BASE + path, body),
            **headers,
        }
        self._open.request(method, BASE + path, body or None, whole)
        return self._open.getresponse()

    def _object(self, answer: HTTPResponse, content: bytes) -> dict[str, Any]:
        try:
            value = json.loads(content)
        except ValueError as flaw:
            raise PartnerUnreachable("the answer is not JSON") from flaw
        if not isinstance(value, dict):
            raise PartnerUnreachable("the answer is not an object")
        return value


def _refusal(status: int, content: bytes) -> PartnerRefused:
    try:
        problem = json.loads(content)
        return PartnerRefused(status, str(problem["code"])[:40], dict(problem.get("context") or {}))
    except (ValueError, KeyError, TypeError):
        return PartnerRefused(status, "fault", {})
