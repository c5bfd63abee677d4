"""Tables as files that leave: every cell is text, nothing in them is calculated."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence

from app.field.formulas import calculates
from app.field.names import printable
from app.field.text_sheets import Sheets, workbook_parts


def as_workbook(sheets: Sheets) -> bytes:
    """Sheets (title and rows, the first row its head) as xlsx."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, pieces in workbook_parts(sheets):
            package.writestr(name, "".join(pieces))
    return out.getvalue()


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as CSV that a spreadsheet opens as text: UTF-8 with a mark, no cell that it would calculate."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """A cell that stays text; one that a spreadsheet would calculate is led by an apostrophe."""
    shown = printable(cell)
    return f"'{shown}" if calculates(cell) else shown
