"""Reads a workbook from standard input in a process of its own; run as a module, never imported.

Limits are set before the reader is loaded: memory, processor time, no file written, no core dumped.
Answers one JSON document on standard output: {"sheets": [{name, row, column, rows}]} or {"fault": code}.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

MEMORY = 1 << 30
SECONDS = 60
CELLS = 8_000_000
SHEETS = 20


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer = _read(sys.stdin.buffer.read())
    except MemoryError:
        answer = {"fault": "sheet-limit"}
    except BaseException as flaw:  # noqa: BLE001 - the reader's panic is no Exception; the parent gets its name
        answer = {"fault": "sheet-broken", "flaw": type(flaw).__name__}
    json.dump(answer, sys.stdout, ensure_ascii=True)
    return 0 if "sheets" in answer else 3


def _read(content: bytes) -> dict[str, Any]:
    import python_calamine  # noqa: PLC0415 - after the limits are set

    workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets = []
    for name in workbook.sheet_names[:SHEETS]:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.start is None:
            continue
        if sheet.height * sheet.width > CELLS:
            return {"fault": "sheet-limit"}
        rows = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=True)]
        sheets.append({"name": name, "row": sheet.start[0], "column": sheet.start[1], "rows": rows})
    return {"sheets": sheets}


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
    sys.exit(main())
