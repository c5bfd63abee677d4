"""The server in this process: what a device says to it, and what comes back, without a socket."""

from __future__ import annotations

import itertools
import json
from typing import Any

from django.test import RequestFactory
from django.test.client import ClientHandler

from server_stub.api.front import Front
from tests.server_stub.knocking import Answer

_COMPUTERS = itertools.count()
django = ClientHandler(enforce_csrf_checks=False)


class InProcess:
    """The real front, middleware, routes and handlers without a socket, on the connection of the test."""

    base = "http://testserver"

    def __init__(self, line: str = "") -> None:
        """`line`: the address it knocks from; one of its own when nothing is said."""
        number = next(_COMPUTERS)
        self.line = line or f"127.1.{number // 250}.{number % 250 + 1}"
        self._front = Front(routes, tend=lambda: None)

    def send(self, method: str, path: str, headers: dict[str, str], content: bytes | None) -> Answer:
        status, names, body = called(self._front, self.environ(method, path, headers, content))
        told = {name.lower(): value for name, value in names}
        return Answer(int(status[:3]), told, json.loads(body or b"null"))

    def environ(
        self, method: str, path: str, headers: dict[str, str], content: bytes | None
    ) -> dict[str, Any]:
        """A request as a server hands it over."""
        media = headers.get("Content-Type", "application/json")
        made = RequestFactory(REMOTE_ADDR=self.line)
        return made.generic(method, path, content or b"", content_type=media, headers=headers).environ


def called(application: Any, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
    """Status line, headers and body of the answer of a WSGI application."""
    began: list[tuple[str, list[tuple[str, str]]]] = []
    body = b"".join(application(environ, lambda status, names: began.append((status, names))))
    return *began[0], body


def routes(environ: dict[str, Any], begin: Any) -> list[bytes]:
    """Django as its test client calls it: the connection of the test stays open and in its transaction."""
    answer = django(environ)
    begin(f"{answer.status_code} {answer.reason_phrase}", [*answer.items()])
    return [b"".join(answer)]
