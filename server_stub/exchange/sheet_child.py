"""Reads a workbook from standard input in a process of its own; run as a module, never imported.

Limits are set before the reader is loaded: memory, processor time, no file written, no core dumped.
Answers frames on standard output, each a tag, a length of four bytes and a body: `S` a sheet begins (name,
row and column of its first cell), `R` some of its rows as text (how many, and their columns as `columns`
packs them), `E` the end, `F` a fault's code. Bodies are msgpack, written here: to load the library that the
other side reads them by costs as much as the rest of this process's start.
"""

from __future__ import annotations

import gc
import io
import os
import resource
import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from server_stub.exchange.columns import Packed, coded, packed

MEMORY = 1 << 30
SECONDS = 60
CELLS = 8_000_000
SHEETS = 20
ROWS = 1000  # rows of one frame,
AT_ONCE = 250_000  # and its cells


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.disable()  # rows are no circles; looking for some costs as much as handing them on
    try:
        for tag, body in _read(sys.stdin.buffer.read()):
            _say(tag, body)
    except MemoryError:
        _say(b"F", "sheet-limit")
        return 3
    except BrokenPipeError:  # the reader has what it wanted
        return 0
    except BaseException:  # noqa: BLE001 - the reader's panic is no Exception; the parent gets a word
        _say(b"F", "sheet-broken")
        return 3
    _say(b"E", "")
    return 0


def _say(tag: bytes, body: object) -> None:
    pieces = list(_msgpack(body))
    size = sum(map(len, pieces))
    sys.stdout.buffer.write(b"".join([tag, size.to_bytes(4, "big"), *pieces]))
    sys.stdout.buffer.flush()


def _msgpack(body: object) -> Iterator[bytes]:
    """Texts, bytes, counts, nothing, and lists of such, each with its length in four bytes.

    Raises:
        TypeError: for anything else.
    """
    if isinstance(body, str):
        text = body.encode()
        yield b"\xdb" + len(text).to_bytes(4, "big")
        yield text
    elif isinstance(body, bytes):
        yield b"\xc6" + len(body).to_bytes(4, "big")
        yield body
    elif isinstance(body, list | tuple):
        yield b"\xdd" + len(body).to_bytes(4, "big")
        for one in body:
            yield from _msgpack(one)
    elif body is None:
        yield b"\xc0"
    elif type(body) is int:
        yield b"\xce" + body.to_bytes(4, "big")
    else:
        raise TypeError(f"no {type(body).__name__} goes to the other side")


def _read(content: bytes) -> Iterator[tuple[bytes, Any]]:
    import python_calamine  # noqa: PLC0415 - after the limits are set

    workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    for name in workbook.sheet_names[:SHEETS]:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.start is None:
            continue
        if sheet.height * sheet.width > CELLS:
            raise MemoryError
        yield b"S", (name, *sheet.start)
        rows = sheet.to_python(skip_empty_area=True)
        many = max(1, min(ROWS, AT_ONCE // sheet.width))
        for at in range(0, len(rows), many):
            chunk = rows[at : at + many]
            yield b"R", (len(chunk), [_column(cells) for cells in zip(*chunk, strict=True)])


def _column(cells: Sequence[Any]) -> Packed:
    try:
        return packed(coded(cells))
    except TypeError:  # not all of them are texts
        return packed(coded([cell if type(cell) is str else _text(cell) for cell in cells]))


def _text(cell: object) -> str:
    """The cell as text: whole numbers without a fraction, days as ISO text, times of day as they are."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell) if not isinstance(cell, timedelta) else str(cell.total_seconds())


if __name__ == "__main__":
    done = main()
    os._exit(done)  # nothing is open; putting away millions of cells one by one is left to the system
