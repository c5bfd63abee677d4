"""Workbooks: judged before anything is unpacked, then read in a limited child process that streams rows."""

from __future__ import annotations

import fcntl
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

import msgspec

from app.field.packages import compound_fault, package_fault
from server_stub.exchange.columns import Chunk, Packed, unpacked
from server_stub.exchange.errors import FileRefused

CHILD_SECONDS = 90  # that the child may keep silent
LONGEST_FRAME = 256 << 20
_PIPE = 1 << 20  # what a pipe may hold for whoever asks; a frame then goes through at once
_HEAD = 5  # tag and length of a frame
_rows_of = msgspec.msgpack.Decoder(tuple[int, list[Packed]]).decode
_place_of = msgspec.msgpack.Decoder(tuple[str, int, int]).decode
_word_of = msgspec.msgpack.Decoder(str).decode


class Part(NamedTuple):
    """A sheet that is being read: the place of its first cell (from 0) and its rows in chunks."""

    name: str
    row: int
    column: int
    chunks: Iterator[Chunk]


@contextmanager
def parts(content: bytes) -> Iterator[Iterator[Part]]:
    """The sheets of a workbook; the child ends with the context, read to its end or not.

    Raises:
        FileRefused: sheet-limit, sheet-broken; also while sheets are taken.
    """
    command = [sys.executable, "-I", "-m", "server_stub.exchange.sheet_child"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:
        try:
            try:
                _give(child, content)
            except BrokenPipeError:
                raise FileRefused("sheet-limit") from None
            yield _sheets(_frames(child))
        finally:
            child.kill()


def _give(child: subprocess.Popen[bytes], content: bytes) -> None:
    if child.stdin is not None:
        child.stdin.write(content)
        child.stdin.close()


def _out(child: subprocess.Popen[bytes]) -> int:
    if child.stdout is None:
        raise FileRefused("sheet-limit")
    return child.stdout.fileno()


def _sheets(frames: Iterator[tuple[bytes, bytearray]]) -> Iterator[Part]:
    waiting: list[bytes | bytearray] = []

    def rows() -> Iterator[Chunk]:
        for tag, body in frames:
            if tag != b"R":
                waiting.append(body if tag == b"S" else b"")
                return
            yield _chunk(body)

    while True:
        if not waiting:
            tag, body = next(frames)
            waiting.append(body if tag == b"S" else b"")
        place = waiting.pop()
        if not place:
            return
        part = Part(*_place_of(place), rows())
        yield part
        for _ in part.chunks:  # what was not taken of this sheet
            pass


def _chunk(body: bytearray) -> Chunk:
    """The rows of a frame.

    Raises:
        FileRefused: when the columns are not of so many rows.
    """
    count, columns = _rows_of(body)
    chunk = Chunk(count, list(map(unpacked, columns)))
    for values, at in chunk.columns:
        if len(values if at is None else at) != count or (at and max(at) >= len(values)):
            raise FileRefused("sheet-broken")
    return chunk


def _frames(child: subprocess.Popen[bytes]) -> Iterator[tuple[bytes, bytearray]]:
    """Tag and body of each frame up to the end.

    Raises:
        FileRefused: when the child names a fault, dies or keeps silent.
    """
    pipe = _out(child)
    with suppress(OSError):  # a system that gives less gives the rows in more pieces
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)
    while True:
        head = _exactly(pipe, _HEAD)
        tag, body = bytes(head[:1]), _exactly(pipe, int.from_bytes(head[1:], "big"))
        if tag == b"F":
            raise FileRefused(_word_of(body))
        yield tag, body
        if tag == b"E":
            return


def _exactly(pipe: int, size: int) -> bytearray:
    """So many bytes of the pipe.

    Raises:
        FileRefused: when it ends before, keeps silent, or more is announced than a frame may hold.
    """
    if size > LONGEST_FRAME:
        raise FileRefused("sheet-limit")
    room = bytearray(size)
    with memoryview(room) as left:
        at = 0
        while at < size:
            ready, _, _ = select.select([pipe], [], [], CHILD_SECONDS)
            came = os.readv(pipe, [left[at:]]) if ready else 0
            if not came:
                raise FileRefused("sheet-limit")
            at += came
    return room


def look_into(content: bytes) -> None:
    """Judge a package before anything is unpacked.

    Raises:
        FileRefused: package-broken, package-limit, format-unsupported, macro.
    """
    _require(package_fault(content))


def look_into_old(content: bytes) -> None:
    """Judge a compound file by the names in its directory.

    Raises:
        FileRefused: encrypted (also a package under a password), macro, format-unsupported.
    """
    _require(compound_fault(content))


def _require(fault: str) -> None:
    if fault:
        raise FileRefused(fault)
