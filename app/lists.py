"""Screening lists as files: read from text, and the answer written back as text without any formula.

A list is CSV with a head: a column with the code, one with the name, or both. Workbooks are not read here:
they are taken in only in a limited process of their own, which the client has none of yet.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.field.formulas import calculates
from app.field.identifiers import fold_number, recognise
from app.field.names import printable
from app.trouble import NotRight
from app.typed import require_text

LARGEST = 4 * 1024 * 1024
NAMED_MOST = 5
CODES = frozenset({"code", "uscc", "统一社会信用代码", "统一信用代码", "信用代码", "代码"})
NAMES = frozenset({"name", "企业名称", "单位名称", "主体名称", "名称"})
ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True)
class ListRow:
    """A unit that is asked about; `line` counts from 1, the head included."""

    line: int
    code: str
    name: str


def read_list(path: Path) -> tuple[ListRow, ...]:
    """The units of a list, empty lines left out.

    Raises:
        NotRight: screen.file (not there, too large), screen.kind (no text), screen.head (no such column),
            screen.empty; screen.rows with the lines whose number is no unit's; text-too-long, text-unfit.
    """
    if not path.is_file() or path.stat().st_size > LARGEST:
        raise NotRight("screen.file", context={"file": path.name, "limit": LARGEST // 1024 // 1024})
    lines = list(csv.reader(io.StringIO(_text(path), newline="")))
    head = [cell.strip().casefold() for cell in lines[0]] if lines else []
    code_at, name_at = _column(head, CODES), _column(head, NAMES)
    if code_at is None and name_at is None:
        raise NotRight("screen.head", context={"file": path.name})
    rows = [
        ListRow(line, _cell(cells, code_at), _cell(cells, name_at))
        for line, cells in enumerate(lines[1:], start=2)
        if _cell(cells, code_at) or _cell(cells, name_at)
    ]
    if not rows:
        raise NotRight("screen.empty", context={"file": path.name})
    for row in rows:
        require_text("number", row.code)
        require_text("name", row.name)
    wrong = [row.line for row in rows if not _is_unit(row)]
    if wrong:
        told = ", ".join(map(str, wrong[:NAMED_MOST])) + (" …" if len(wrong) > NAMED_MOST else "")
        raise NotRight("screen.rows", context={"lines": told, "count": len(wrong)})
    return tuple(rows)


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as CSV that a spreadsheet opens as text: UTF-8 with a mark, no cell that it would calculate."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """A cell that stays text; one that a spreadsheet would calculate is led by an apostrophe."""
    shown = printable(cell)
    return f"'{shown}" if calculates(cell) else shown


def _text(path: Path) -> str:
    raw = path.read_bytes()
    if raw.startswith((b"PK", b"\xd0\xcf\x11\xe0")) or b"\0" in raw:
        raise NotRight("screen.kind", context={"file": path.name})
    for encoding in ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotRight("screen.kind", context={"file": path.name})


def _column(head: Sequence[str], titles: frozenset[str]) -> int | None:
    return next((at for at, title in enumerate(head) if title in titles), None)


def _cell(cells: Sequence[str], at: int | None) -> str:
    """A cell without what a spreadsheet puts in front to keep a number a text."""
    return cells[at].strip().lstrip("'").strip() if at is not None and at < len(cells) else ""


def _is_unit(row: ListRow) -> bool:
    """Whether the row can name a unit: a right number of a unit, or no number and a name."""
    number = fold_number(row.code)
    if not number:
        return bool(printable(row.name).strip())
    seen = recognise(number)
    return seen.kind not in ("id_card", "name", "empty") and seen.ok
