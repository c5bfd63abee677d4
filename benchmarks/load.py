"""A load of prepared requests over keep-alive connections, counted by status; one thread a connection.

The requests are bytes made beforehand, so that the loader costs little; it runs in a process and on a core of
its own: python -m benchmarks.load PLAN, a JSON file of the shape of `Plan`; prints one JSON line.
"""

from __future__ import annotations

import json
import socket
import ssl
import sys
import threading
import time
from pathlib import Path

import msgspec


class Plan(msgspec.Struct):
    """Where to send what. Each connection sends its own requests in order, and `again` from the start."""

    host: str
    port: int
    requests: list[list[str]]
    expected: int
    seconds: float
    ca_file: str = ""
    again: bool = False
    core: int | None = None


class Seen(msgspec.Struct):
    """What came back: answers of the expected status, others, seconds it took, latencies in milliseconds."""

    good: int
    bad: int
    seconds: float
    latencies: list[float]
    first_bad: str = ""


def main() -> None:
    import os

    plan = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Plan)
    if plan.core is not None:
        os.sched_setaffinity(0, {plan.core})
    print(json.dumps(msgspec.to_builtins(run(plan))), flush=True)


def run(plan: Plan) -> Seen:
    """Load until the time is over or every connection has sent all it has."""
    connections = [_Connection(plan, requests) for requests in plan.requests]
    threads = [threading.Thread(target=one.work) for one in connections]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    latencies = sorted(ms for one in connections for ms in one.latencies)
    bad = [text for one in connections for text in one.bad]
    return Seen(len(latencies), len(bad), took, latencies, bad[0] if bad else "")


class _Connection:
    def __init__(self, plan: Plan, requests: list[str]) -> None:
        self._plan = plan
        self._requests = [text.encode("latin-1") for text in requests]
        self.latencies: list[float] = []
        self.bad: list[str] = []
        raw = socket.create_connection((plan.host, plan.port), timeout=30)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if plan.ca_file:
            self._socket: socket.socket = ssl.create_default_context(cafile=plan.ca_file).wrap_socket(
                raw, server_hostname="localhost"
            )
        else:
            self._socket = raw
        self._rest = b""

    def work(self) -> None:
        until = time.perf_counter() + self._plan.seconds
        good = f" {self._plan.expected} ".encode()
        while True:
            for request in self._requests:
                began = time.perf_counter()
                if began >= until:
                    return
                self._socket.sendall(request)
                head, body = self._answer()
                if good in head.partition(b"\r\n")[0]:
                    self.latencies.append((time.perf_counter() - began) * 1000)
                else:
                    self.bad.append((head[:200] + body[:400]).decode("latin-1"))
            if not self._plan.again:
                return

    def _answer(self) -> tuple[bytes, bytes]:
        """Head and body of one answer with a length or in chunks."""
        data = self._rest
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _, body = data.partition(b"\r\n\r\n")
        lower = head.lower()
        if b"content-length:" in lower:
            length = int(lower.split(b"content-length:")[1].split(b"\r\n")[0])
            while len(body) < length:
                body += self._more()
            self._rest = body[length:]
            return head, body[:length]
        while not body.endswith(b"0\r\n\r\n"):
            body += self._more()
        self._rest = b""
        return head, body

    def _more(self) -> bytes:
        part = self._socket.recv(1 << 18)
        if not part:
            raise ConnectionError("the server hung up")
        return part


if __name__ == "__main__":
    main()
