"""From a sheet to what is asked: each line judged, each unit asked about once, nothing left out silently."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from app.field.names import normalise
from app.lists.codes import Judged, judge
from app.lists.columns import Columns, cell_of, guess
from app.sheets.reading import Sheet, read_table
from app.trouble import NotRight

ROWS_MOST = 20_000
NAMED_MOST = 5


@dataclass(frozen=True)
class ListRow:
    """A unit that is asked about; `line` counts from 1, the head included."""

    line: int
    code: str
    name: str


@dataclass(frozen=True)
class Told:
    """A line whose number was mended, or that asks for nothing, with what was written there."""

    line: int
    written: str
    judged: Judged


@dataclass(frozen=True)
class Prepared:
    """`rows` are all usable lines; `asked` those that are asked about, each number with a name once: the
    answer is about both, and a number copied down a column shows only so. `place_of` says for each of `rows`
    where in `asked` its answer will stand."""

    rows: tuple[ListRow, ...] = ()
    asked: tuple[ListRow, ...] = ()
    place_of: tuple[int, ...] = ()
    mended: tuple[Told, ...] = ()
    flawed: tuple[Told, ...] = ()

    @property
    def read(self) -> int:
        return len(self.rows) + len(self.flawed)

    @property
    def repeated(self) -> int:
        return len(self.rows) - len(self.asked)


def prepare(sheet: Sheet, columns: Columns, by_name: bool = False) -> Prepared:
    """Judge every line below the head. `by_name`: a line whose number is spoiled or wrong asks by its name
    instead; a person's number never does.

    Raises:
        NotRight: screen.many beyond ROWS_MOST lines.
    """
    body = columns.body(sheet)
    if len(body) > ROWS_MOST:
        raise NotRight("screen.many", context={"limit": ROWS_MOST, "rows": len(body)})
    rows: list[ListRow] = []
    asked: list[ListRow] = []
    known: dict[tuple[str, str], int] = {}
    place_of: list[int] = []
    mended: list[Told] = []
    flawed: list[Told] = []
    for line in body:
        written, name = cell_of(line.cells, columns.code), cell_of(line.cells, columns.name)
        seen = judge(written, name)
        if seen.why and by_name and seen.why not in ("person-number", "text", "nothing"):
            seen = judge("", name)
        if seen.why:
            flawed.append(Told(line.number, written, seen))
            continue
        if seen.mended:
            mended.append(Told(line.number, written, seen))
        row = ListRow(line.number, seen.code, seen.name)
        place = known.setdefault((seen.code, normalise(seen.name)), len(asked))
        if place == len(asked):
            asked.append(row)
        rows.append(row)
        place_of.append(place)
    return Prepared(tuple(rows), tuple(asked), tuple(place_of), tuple(mended), tuple(flawed))


def read_list(path: Path) -> Prepared:
    """The units of the first sheet of a file by its head; lines without number and name are no lines.

    Raises:
        NotRight: as `read_table` and `prepare`; screen.head (no such column), screen.empty; screen.rows with
            the lines when none of them asks for anything.
    """
    sheet = read_table(path).sheets[0]
    columns = guess(sheet)
    if columns.head < 0:
        raise NotRight("screen.head", context={"file": path.name})
    prepared = prepare(sheet, columns)
    flawed = tuple(told for told in prepared.flawed if told.judged.why != "nothing")
    if prepared.rows:
        return replace(prepared, flawed=flawed)
    if flawed:
        named = ", ".join(str(told.line) for told in flawed[:NAMED_MOST])
        told = named + (" …" if len(flawed) > NAMED_MOST else "")
        raise NotRight("screen.rows", context={"lines": told, "count": len(flawed)})
    raise NotRight("screen.empty", context={"file": path.name})
