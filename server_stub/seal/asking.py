"""The other processes' way to the seal: they ask, and hold no key."""

from __future__ import annotations

import socket
from pathlib import Path

import msgspec

from server_stub.seal.words import Place, Said, SealAway, Wanted, read_line

PATIENCE_S = 10.0


def ask(home: Path, wanted: Wanted, patience_s: float = PATIENCE_S) -> bytes:
    """The signature over `wanted.content` by the process that keeps the seal of this home.

    A use that was asked for and not waited for may stand in the log without a paper.

    Raises:
        SealAway: nobody keeps the seal, it is slow, or it says no.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(patience_s)
        try:
            with Place(home) as place:
                line.connect(place)
            line.sendall(msgspec.json.encode(wanted) + b"\n")
            said = msgspec.json.decode(read_line(line), type=Said)
        except TimeoutError as flaw:
            raise SealAway("slow") from flaw
        except (OSError, msgspec.DecodeError) as flaw:
            raise SealAway("away") from flaw
    if said.why or not said.signature:
        raise SealAway(said.why or "away", said.wait_s)
    return said.signature
