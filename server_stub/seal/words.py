"""What is said over the seal's socket: one line of JSON there, one back."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Literal

import msgspec

SUITE = "pades-rsa2048-sha256"  # what is signed and how; another scheme of seals has another name here
LONGEST = 64 * 1024  # bytes of a line
Why = Literal["", "away", "slow", "over-rate", "token", "pin", "log", "unfit", "number-used", "suite"]


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One use of the seal: for which paper (its number), asked for by whom, over which signed attributes
    (DER of CMS). `v` is the version of this form.
    """

    number: str
    user: str
    content: bytes
    suite: str = SUITE
    v: Literal[1] = 1


class Said(msgspec.Struct, frozen=True):
    """The signature, or why there is none and, where it is known, after how many seconds there may be one."""

    signature: bytes = b""
    why: Why = ""
    wait_s: int = 0


class SealAway(OSError):  # noqa: N818 - the state it tells of
    """The seal was not put. `why` is one of the words above, `wait_s` when to try again; 0 when unknown."""

    def __init__(self, why: Why, wait_s: int = 0) -> None:
        super().__init__(why)
        self.why: Why = why
        self.wait_s = wait_s


class Place:
    """The socket `<home>/seal/socket`, by way of its folder: a socket's path holds 107 bytes."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "seal"

    def __enter__(self) -> str:
        self._held = os.open(self._folder, os.O_PATH | os.O_DIRECTORY)
        return f"/proc/self/fd/{self._held}/socket"

    def __exit__(self, *flaw: object) -> None:
        os.close(self._held)


def read_line(line: socket.socket) -> bytes:
    """What the other side said up to its line feed, without it.

    Raises:
        OSError: it ended before, or says more than LONGEST bytes.
    """
    said = b""
    while not said.endswith(b"\n"):
        part = line.recv(LONGEST)
        said += part
        if not part or len(said) > LONGEST:
            raise OSError("no whole line")
    return said[:-1]
