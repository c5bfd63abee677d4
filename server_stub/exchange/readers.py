"""From a file to rows of text, streamed in chunks: encodings of CSV files; workbooks are read next door."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import msgspec

from app.field import decoding
from server_stub.exchange.columns import Chunk
from server_stub.exchange.errors import FileRefused
from server_stub.exchange.workbooks import Part, look_into, look_into_old, parts

FILE_MB = 64
ROWS = 1000  # rows of one chunk
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


class Sheet(msgspec.Struct, frozen=True):
    """Rows of text with the place of the first cell (from 0): addresses count from the file's own corner."""

    name: str
    row: int
    column: int
    rows: list[list[str]]


class Table(msgspec.Struct, frozen=True):
    """A file that was read: its bytes' encoding (or xlsx, xls) and its sheets."""

    encoding: str
    sheets: list[Sheet]


class Source(NamedTuple):
    """A file that is being read: its encoding (or xlsx, xls), its sheets, one after the other, and the very
    bytes that they are read from.
    """

    encoding: str
    parts: Iterator[Part]
    content: bytes


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """A department's file, read as far as its sheets are taken; faults come up while they are taken.

    Raises:
        FileRefused: for a file that is too large, broken, of an unknown kind or encoding, or holds a macro.
    """
    if path.stat().st_size > FILE_MB << 20:
        raise FileRefused("too-large", limit=FILE_MB)
    content = path.read_bytes()
    if content.startswith((_ZIP, _OLE)):
        old = content.startswith(_OLE)
        (look_into_old if old else look_into)(content)
        with parts(content) as sheets:
            yield Source("xls" if old else "xlsx", sheets, content)
        return
    text, encoding = decode(content)
    yield Source(encoding, iter([Part("", 0, 0, _csv_rows(text))]), content)


def read(path: Path) -> Table:
    """A whole file at once.

    Raises:
        FileRefused: as `opened`.
    """
    with opened(path) as source:
        sheets = [
            Sheet(part.name, part.row, part.column, [row for chunk in part.chunks for row in chunk.rows()])
            for part in source.parts
        ]
        return Table(source.encoding, sheets)


def decode(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding (see `app.field.decoding`).

    Raises:
        FileRefused: when the bytes are no text of UTF-8, of marked UTF-16 or of GB 18030, or of two at once.
    """
    try:
        return decoding.decode(content)
    except decoding.Undecodable as flaw:
        values = {"line": flaw.line} if flaw.line else {}
        raise FileRefused(flaw.why, **values) from None


def _csv_rows(text: str) -> Iterator[Chunk]:
    first = text.partition("\n")[0]
    delimiter = max(",\t;", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        while chunk := list(islice(reader, ROWS)):
            yield Chunk.of(chunk)
    except csv.Error as flaw:
        raise FileRefused("csv-broken", line=reader.line_num) from flaw
