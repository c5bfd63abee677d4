"""From a file to rows of text with their lines, whatever the file is."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from app.field.decoding import Undecodable, decode
from app.sheets.workbooks import sheets_of
from app.trouble import NotRight

LARGEST_MB = 16
LARGEST = LARGEST_MB << 20
LONGEST_CELL = 32_767
SUFFIXES = (".xlsx", ".xls", ".csv", ".txt")
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True)
class Line:
    """A row with the number of its line in the file, counted from 1: the row of a spreadsheet, the line of a
    text on which it begins."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """Rows that hold anything; `name` is empty for a text file."""

    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Table:
    """A file that was read: `encoding` is that of a text file, xlsx or xls of a workbook."""

    name: str
    encoding: str
    sheets: tuple[Sheet, ...]


def read_table(path: Path) -> Table:
    """The rows of a file; nothing of the file is changed.

    Raises:
        NotRight: screen.file (not there, too large), screen.empty, sheet.encoding-unknown;
            sheet.encoding-mixed and sheet.csv-broken with the line; and as `sheets_of`.
    """
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            raise NotRight("screen.file", context={"file": path.name, "limit": LARGEST_MB})
        content = path.read_bytes()
    except OSError as flaw:
        raise NotRight("screen.file", context={"file": path.name, "limit": LARGEST_MB}) from flaw
    if content.startswith(_WORKBOOKS):
        encoding = "xlsx" if content.startswith(b"PK") else "xls"
        sheets = [_sheet(name, enumerate(rows, first + 1)) for name, first, rows in sheets_of(content)]
    else:
        text, encoding = _decoded(content)
        sheets = [_sheet("", _csv_rows(text))]
    kept = tuple(sheet for sheet in sheets if sheet.lines)
    if not kept:
        raise NotRight("screen.empty", context={"file": path.name})
    return Table(path.name, encoding, kept)


def _sheet(name: str, rows: Iterable[tuple[int, list[str]]]) -> Sheet:
    lines = (
        Line(number, tuple(cell.strip()[:LONGEST_CELL] for cell in cells))
        for number, cells in rows
        if any(cell.strip() for cell in cells)
    )
    return Sheet(name, tuple(lines))


def _decoded(content: bytes) -> tuple[str, str]:
    try:
        return decode(content)
    except Undecodable as flaw:
        raise NotRight(f"sheet.{flaw.why}", context={"line": flaw.line}) from flaw


def _csv_rows(text: str) -> list[tuple[int, list[str]]]:
    """Each row with the line of the file that it begins on: a quoted cell may go over several lines. Comma,
    tab and semicolon are told apart by the first line."""
    first = text.partition("\n")[0]
    delimiter = max(",\t;", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows, begins = [], 1
    try:
        for cells in reader:
            rows.append((begins, cells))
            begins = reader.line_num + 1
        return rows
    except csv.Error as flaw:
        raise NotRight("sheet.csv-broken", context={"line": reader.line_num}) from flaw
