"""The keeper of the seal: takes requests one at a time over a socket that only its own user may reach."""

from __future__ import annotations

import logging
import socket
import socketserver
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from app.field.report_numbers import day_of
from server_stub.config.clock import today
from server_stub.seal.content import file_digest, fits
from server_stub.seal.providers import SealProvider
from server_stub.seal.uses import SEALED, Uses
from server_stub.seal.words import Place, Said, SealAway, Wanted, Why, read_line

SILENT_S = 5.0  # a caller that says nothing so long is hung up on
LOOK_S = 0.1
log = logging.getLogger(__name__)


class Keeper:
    """Judges one request after another: fit, first of its number, within the bound, logged; then the key."""

    def __init__(self, provider: SealProvider, certificate: Callable[[], str], uses: Uses) -> None:
        self._provider, self._certificate, self._uses = provider, certificate, uses
        self._one = threading.Lock()

    def answer(self, wanted: Wanted, asker: int = 0) -> Said:
        """What becomes of a request. Whatever was decided is in the log before it is said; a signature that
        cannot be logged is thrown away.
        """
        with self._one:
            said, digest = self._decide(wanted)
            try:
                self._uses.note(wanted.number[:64], wanted.user[:64], digest, said.why or SEALED, asker)
            except OSError:
                log.exception("the use of the seal cannot be logged, so it is not put")
                return Said(why="log")
        if said.why:
            log.warning("the seal was not put on %s: %s", wanted.number[:64], said.why)
        return said

    def _decide(self, wanted: Wanted) -> tuple[Said, str]:
        try:
            certificate = self._certificate()
            digest = file_digest(wanted.content, certificate)
        except OSError:
            return Said(why="token"), ""
        except (ValueError, TypeError):
            return Said(why="unfit"), ""
        why, wait_s = self._bar(wanted)
        if why:
            return Said(why=why, wait_s=wait_s), digest
        try:
            signature = self._provider.sign(wanted.content)
        except SealAway as flaw:
            return Said(why=flaw.why, wait_s=flaw.wait_s), digest
        if not fits(signature, wanted.content, certificate):
            return Said(why="token"), digest  # another key than the certificate's
        return Said(signature), digest

    def _bar(self, wanted: Wanted) -> tuple[Why, int]:
        if wanted.suite != self._provider.suite:
            return "suite", 0
        day = day_of(wanted.number)
        if not wanted.user or day is None or not 0 <= (today() - day).days <= 1:
            return "unfit", 0
        try:
            if self._uses.used(wanted.number):
                return "number-used", 0
            wait_s = self._uses.wait_s(wanted.user[:64])
        except (OSError, LookupError):
            log.exception("how often the seal was used is not known, so it is not put")
            return "log", 0
        return ("over-rate", wait_s) if wait_s else ("", 0)


class _Line(socketserver.BaseRequestHandler):
    server: Listener

    def handle(self) -> None:
        line: socket.socket = self.request
        line.settimeout(SILENT_S)
        try:
            wanted = msgspec.json.decode(read_line(line), type=Wanted)
            said = self.server.keeper.answer(wanted, _asker(line))
        except msgspec.DecodeError:
            said = Said(why="unfit")
        except OSError:
            return  # it hung up or said nothing
        try:
            line.sendall(msgspec.json.encode(said) + b"\n")
        except OSError:
            log.warning("who asked for the seal did not wait for it")


class Listener(socketserver.ThreadingUnixStreamServer):
    """The socket of a home, mode 0600; one that was left behind is taken away first."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, home: Path, keeper: Keeper) -> None:
        self.keeper = keeper
        self._path = home / "seal" / "socket"
        self._path.unlink(missing_ok=True)
        with Place(home) as place:
            super().__init__(place, _Line)
        self._path.chmod(0o600)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Take requests inside the block, in a thread."""
        thread = threading.Thread(target=self.serve_forever, args=(LOOK_S,), name="seal", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self.shutdown()
            thread.join()
            self._path.unlink(missing_ok=True)

    def handle_error(self, request: Any, client_address: Any) -> None:
        log.exception("a request for the seal failed")


def _asker(line: socket.socket) -> int:
    """Number of the process at the other end."""
    raw = line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return int(struct.unpack("3i", raw)[0])
