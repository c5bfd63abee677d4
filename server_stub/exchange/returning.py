"""The rows that go back to a department: its own columns, and beside them where and why."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from app.field.formulas import as_text
from server_stub.exchange.mapping import Mapping, mappings
from server_stub.exchange.models import Batch
from server_stub.exchange.reasons import reason
from server_stub.exchange.writing import column, write

_JOINT = "\n"


class Delivered(Protocol):
    """A batch of rows, of departments' files or of the register of persons."""

    rows: Any
    columns: dict[str, int]


def write_refused(batch: Batch, path: Path) -> int:
    """As `write_rows` for a department's file."""
    return write_rows(batch, mappings()[batch.mapping], path)


def write_rows(batch: Delivered, form: Mapping, path: Path) -> int:
    """Write the refused rows of a batch to a workbook, or for `.csv` to UTF-8 text; returns how many.

    Persons' numbers are masked as they are kept. No cell is a formula; in text a cell that would become one
    is led by an apostrophe. The head can be read again when the mended rows are sent back.

    Raises:
        OSError: when it cannot be written; nothing of it is left then.
    """
    count: int = batch.rows.filter(state="refused").count()
    lines = _lines(batch, form)
    if path.suffix.lower() == ".csv":
        _write_text(path, lines)
    else:
        write(path, reason("returned", "sheet"), lines)
    return count


def _lines(batch: Delivered, form: Mapping) -> Iterator[list[str]]:
    rows = batch.rows.filter(state="refused").order_by("number")
    width = max((len(_cells(row)) for row in rows.iterator()), default=0)
    width = max(width, *(at + 1 for at in batch.columns.values()))
    yield [*_head(batch, form, width), *(reason("returned", name) for name in ("row", "cells", "reasons"))]
    for row in rows.iterator():
        cells = _cells(row)
        where = [fault["cell"] for fault in row.faults if fault["cell"]]
        why = [fault["reason"] for fault in row.faults]
        yield [*cells, *[""] * (width - len(cells)), str(row.number), _JOINT.join(where), _JOINT.join(why)]


def _cells(row: Any) -> list[str]:
    """The row as it is kept: a person's that was refused at the entering has no cells any more."""
    cells: list[str] = json.loads(row.raw or "[]")
    return cells


def _head(batch: Delivered, form: Mapping, width: int) -> list[str]:
    titles = {field.code: field.titles[min(1, len(field.titles) - 1)] for field in form.field}
    names = {at: titles.get(code, code) for code, at in batch.columns.items()}
    return [names.get(at, column(at)) for at in range(width)]


def _write_text(path: Path, lines: Iterator[list[str]]) -> None:
    with tempfile.NamedTemporaryFile(
        "w", dir=path.parent, prefix=f".{path.name}-", delete=False, encoding="utf-8-sig", newline=""
    ) as file:
        half = Path(file.name)
        try:
            csv.writer(file).writerows([as_text(cell) for cell in cells] for cells in lines)
            file.flush()
            half.replace(path)
        except BaseException:
            half.unlink(missing_ok=True)
            raise
