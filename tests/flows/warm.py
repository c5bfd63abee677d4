"""`hengxin` as a child process that finds everything imported and makes light work of passphrases.

One process a worker imports what the command imports and forks for each run. A run has a process, an
environment, standard streams and an exit code of its own, and opens its home by itself. Two thirds of the
processor's time of a command are the start of Python and argon2id at the strength of the product; both are
had whole by the demo, the officer of tests/faults and the frozen build.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from tempfile import TemporaryFile
from typing import Any, BinaryIO, NoReturn

from urllib3.util import connection

from app.keys.envelope import Envelope, Strength

PATIENCE_S = 90
_LENGTH = 8
_LATER = (
    "app.assembly", "app.cli.running", "app.keys.secret_service", "app.report.rendering",
    "app.seals.checking", "app.wire.pinned", "argon2.low_level",
    "cryptography.hazmat.backends.openssl", "cryptography.hazmat.primitives.ciphers.aead",
    "joserfc.jws", "keyring", "pyhanko.sign.validation", "requests", "sqlcipher3",
)  # fmt: skip


def lighten() -> None:
    """Let this process make and open envelopes at a strength that costs nothing."""
    Envelope.__init__.__defaults__ = (Strength(t=1, m_kib=64, p=1),)


def run(
    words: Sequence[str], given: str, environment: Mapping[str, str] = os.environ, address: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run `hengxin WORDS` with `given` on its standard input, calling from `address` if there is one.

    Raises:
        subprocess.TimeoutExpired: after a minute and a half; the command was killed.
    """
    order = json.dumps({"words": list(words), "environment": dict(environment), "address": address}).encode()
    with TemporaryFile() as asked, TemporaryFile() as out, TemporaryFile() as err:
        asked.write(given.encode())
        asked.seek(0)
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                streams = [asked.fileno(), out.fileno(), err.fileno(), theirs.fileno()]
                socket.send_fds(_warm(), [len(order).to_bytes(_LENGTH, "big")], streams)
                _warm().sendall(order)
            pid = int(ours.recv(32))
            ours.settimeout(PATIENCE_S)
            try:
                code = int(ours.recv(32))
            except TimeoutError:
                os.kill(pid, signal.SIGKILL)
                raise subprocess.TimeoutExpired(list(words), PATIENCE_S) from None
        return subprocess.CompletedProcess(list(words), code, _text(out), _text(err))


def _text(stream: BinaryIO) -> str:
    stream.seek(0)
    return stream.read().decode("utf-8")


@cache
def _warm() -> socket.socket:
    """The line to this worker's process; it ends when the line does."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(theirs.fileno())], pass_fds=[theirs.fileno()]
        )
    atexit.register(process.wait)
    atexit.register(ours.close)
    return ours


def _import_everything() -> None:
    """What the command imports sooner or later."""
    for name in _LATER:
        importlib.import_module(name)


def _call_from(address: str) -> None:
    """Let this process call from an address of the machine: the server counts askings by it."""

    def create(*given: Any, **named: Any) -> Any:
        return dial(*given, **{**named, "source_address": (address, 0)})

    dial, connection.create_connection = connection.create_connection, create


def _serve(line: socket.socket) -> list[str]:
    """Fork for each order; comes back in the child that is to run the command, with its words."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who wait
    while True:
        head, streams, _, _ = socket.recv_fds(line, _LENGTH, 4)
        if not head:
            os._exit(0)
        order = json.loads(_whole(line, int.from_bytes(head, "big")))
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            line.close()
            child = os.fork()
            if child == 0:
                return _become(order, streams)
            done = socket.socket(fileno=streams[3])
            done.send(str(child).encode())
            _, status = os.waitpid(child, 0)
            done.send(str(os.waitstatus_to_exitcode(status)).encode())
            os._exit(0)
        for stream in streams:
            os.close(stream)


def _whole(line: socket.socket, length: int) -> bytes:
    held = b""
    while len(held) < length:
        held += line.recv(length - len(held))
    return held


def _become(order: dict[str, object], streams: Sequence[int]) -> list[str]:
    for place, stream in enumerate(streams[:3]):
        os.dup2(stream, place)
    for stream in streams:
        os.close(stream)
    os.environ.clear()
    os.environ.update(order["environment"])  # type: ignore[call-overload]
    if order["address"]:
        _call_from(str(order["address"]))
    words: list[str] = order["words"]  # type: ignore[assignment]
    sys.argv = ["hengxin", *words]
    return words


def _end(code: int) -> NoReturn:
    """Do what an interpreter does at its end, but for taking everything imported apart."""
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    _import_everything()
    lighten()
    gc.freeze()  # else each child walks all of it again
    _words = _serve(socket.socket(fileno=int(sys.argv[1])))
    from app.cli import main

    _end(main(_words))
