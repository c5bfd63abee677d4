"""Reads a workbook from standard input in a process of its own; run as a module, imported by nobody else.

Limits are set before the reader is loaded: memory, processor time, no file written, no core dumped. One
answer on standard output, as MessagePack: the sheets, or the code of a fault.
"""

from __future__ import annotations

import io
import resource
import sys
from datetime import date, datetime, time, timedelta

import msgspec

MEMORY = 1 << 30
SECONDS = 30
CELLS = 2_000_000
SHEETS = 20


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        said = msgspec.msgpack.encode({"sheets": _read(sys.stdin.buffer.read())})
    except MemoryError:
        said = msgspec.msgpack.encode({"fault": "sheet-limit"})
    except BaseException:  # noqa: BLE001 - the reader's panic is no Exception; the parent gets a word
        said = msgspec.msgpack.encode({"fault": "sheet-broken"})
    sys.stdout.buffer.write(said)
    sys.stdout.buffer.flush()
    return 0


def _read(content: bytes) -> list[tuple[str, int, list[list[str]]]]:
    """Name, row of the first cell (from 0) and rows of each sheet that holds anything; rows begin at column
    A, so that places are those a spreadsheet shows. A workbook with more sheets is beyond the limit: none is
    left out silently."""
    import python_calamine  # noqa: PLC0415 - after the limits are set

    workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    found = []
    cells = 0
    if len(workbook.sheet_names) > SHEETS:
        raise MemoryError
    for name in workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.start is None:
            continue
        before = int(sheet.start[1])
        cells += sheet.height * (before + sheet.width)
        if cells > CELLS:
            raise MemoryError
        rows = sheet.to_python(skip_empty_area=True)
        found.append(
            (name, int(sheet.start[0]), [[""] * before + [_text(cell) for cell in row] for row in rows])
        )
    return found


def _text(cell: object) -> str:
    """The cell as text: whole numbers without a fraction, days as ISO text, times of day as they are. Numbers
    of more than 15 digits stay in the power of ten they were kept in: their last digits are lost."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell).upper()
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell) if not isinstance(cell, timedelta) else str(cell.total_seconds())


if __name__ == "__main__":
    sys.exit(main())
