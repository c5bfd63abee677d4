"""A line between two platforms that breaks: bytes pass as they are until the connection is cut."""

from __future__ import annotations

import contextlib
import random
import socket
import threading


class Cutter:
    """Listens on loopback and passes bytes on; the next `left` connections end at a random byte each.

    The place counts bytes of both directions together, uniform below `span`. Which connection is cut where
    follows from `seed`.
    """

    def __init__(self, port: int, seed: int, span: int) -> None:
        self._to = ("127.0.0.1", port)
        self._draw = random.Random(seed)
        self._lock = threading.Lock()
        self.left, self.span = 0, span
        self.made: list[int] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                with self._lock:
                    budget = self._draw.randrange(self.span) if self.left > 0 else None
                _Passage(self, near, budget).start(self._to)

    def cut(self, at: int) -> None:
        with self._lock:
            self.left -= 1
            self.made.append(at)


class _Passage:
    def __init__(self, cutter: Cutter, near: socket.socket, budget: int | None) -> None:
        self._cutter, self._near, self._budget = cutter, near, budget
        self._passed = 0
        self._ended = False
        self._lock = threading.Lock()

    def start(self, to: tuple[str, int]) -> None:
        try:
            far = socket.create_connection(to, timeout=20)
        except OSError:
            self._near.close()
            return
        self._far = far
        for source, sink in ((self._near, far), (far, self._near)):
            threading.Thread(target=self._pass, args=(source, sink), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(16 * 1024):
                allowed, over = self._allowed(len(piece))
                sink.sendall(piece[:allowed])
                if over:
                    break
        self._end()

    def _allowed(self, size: int) -> tuple[int, bool]:
        with self._lock:
            room = size if self._budget is None else min(size, self._budget - self._passed)
            self._passed += room
            over = self._budget is not None and self._passed >= self._budget
            if over and not self._ended:
                self._ended = True
                self._cutter.cut(self._passed)
            return room, over

    def _end(self) -> None:
        for end in (self._near, self._far):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
