"""A man in the middle with the server's own certificate: he may lose, repeat or alter what passes."""

from __future__ import annotations

import contextlib
import http.client
import json
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

TRIES = 5
Alter = Callable[[dict[str, Any]], None]


class Proxy:
    """For paths that contain `path`: `alter` edits answers, `lose` cuts so many, `twice` sends twice,
    `alter_problem` edits refusals, `refuse` (status, media type, body) is said and nothing passed on.
    `parts_left`: after so many parts of an upload the line is down, in the middle of the next one; `host`
    is written in the place of the Host that the client named, as gateways do."""

    def __init__(self, upstream: str, home: Path) -> None:
        self.port_up = int(upstream.rpartition(":")[2])
        self.trust = ssl.create_default_context(cafile=str(home / "tls" / "ca.pem"))
        self.path = "/queries"
        self.alter: Alter | None = None
        self.alter_problem: Alter | None = None
        self.refuse: tuple[int, str, bytes] | None = None
        self.lose = 0
        self.host = ""
        self.twice = False
        self.parts_left: int | None = None
        self.passed: list[tuple[str, int]] = []
        self.parts = 0
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(home / "tls" / "server.pem", home / "tls" / "server.key")
        outer = self

        class Page(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _pass(self) -> None:
                if self.command == "PATCH" and outer.parts_left is not None:
                    outer.parts_left -= 1
                if outer.parts_left is not None and outer.parts_left < 0:
                    self.close_connection = True  # from here on nobody gets through
                    return
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                mine = outer.path in self.path.partition("?")[0]
                if mine and outer.refuse is not None:
                    status, media, raw = outer.refuse
                    headers = {"Content-Type": media}
                else:
                    status, headers, raw = outer.upstream(self.command, self.path, dict(self.headers), body)
                if mine and outer.twice and status < 400:
                    status, headers, raw = outer.upstream(self.command, self.path, dict(self.headers), body)
                outer.passed.append((self.path, status))
                outer.parts += self.command == "PATCH" and status == 200
                if mine and outer.lose and status < 300:
                    outer.lose -= 1
                    self.close_connection = True
                    return
                if mine and outer.alter is not None and status < 300:
                    answer = json.loads(raw)
                    outer.alter(answer)
                    raw = json.dumps(answer).encode()
                if outer.alter_problem is not None and status >= 400 and outer.refuse is None:
                    answer = json.loads(raw)
                    outer.alter_problem(answer)
                    raw = json.dumps(answer).encode()
                self.send_response(status)
                for key, value in headers.items():
                    if key.lower() not in ("content-length", "connection", "transfer-encoding"):
                        self.send_header(key, value)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(raw)

            do_GET = do_POST = do_PATCH = do_HEAD = _pass  # noqa: N815

            def log_message(self, *_: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
        self._server.daemon_threads = True
        self._server.socket = context.wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"https://localhost:{self._server.server_address[1]}"

    def upstream(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        kept = {
            key: value
            for key, value in headers.items()
            if key.lower() not in ("connection", "accept-encoding")
        }
        if self.host:
            kept["Host"] = self.host
        left = TRIES
        while True:
            left -= 1
            line = http.client.HTTPSConnection("localhost", self.port_up, timeout=30, context=self.trust)
            with contextlib.closing(line):
                cut = False
                try:
                    line.request(method, path, body or None, kept)
                except OSError:  # a refusal may come before the body was read, and the line end with it
                    cut = True
                try:
                    answer = line.getresponse()
                    raw = answer.read()
                except (OSError, http.client.HTTPException):
                    if not cut or not left:
                        raise
                    continue  # the refusal was lost with the line: it is told again
                found = {
                    key: value for key, value in answer.getheaders() if key.lower() != "content-encoding"
                }
                return answer.status, found, raw

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
