"""A screening task as it is kept, and what its answers say of each line. It reads what it is given."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

import msgspec

from app.field.records import RegisterCard
from app.field.screening import ListEntry, ScreenedRow, Screening, registered_otherwise
from app.lists.codes import Judged
from app.lists.preparing import ListRow, Told

RowState = Literal[
    "queued", "serious", "attention", "honour", "former", "none", "similar", "apart", "withdrawn"
]
Change = Literal["", "more", "less", "other"]
TaskState = Literal["open", "cancelled", "done"]
WORST = ("serious", "abnormal", "honour")


class AskedLine(msgspec.Struct, frozen=True, array_like=True):
    """A usable line of the file: where its answer stands, its cells as they were, and its name."""

    line: int
    place: int
    cells: tuple[str, ...]
    name: str = ""


class SetAside(msgspec.Struct, frozen=True, array_like=True):
    """A line that asks for nothing, with why."""

    line: int
    written: str
    name: str
    why: str
    position: int
    sign: str
    hint: str
    cells: tuple[str, ...]


class TaskBody(msgspec.Struct, frozen=True):
    """What a task is about; never changed. `part` is the number of units asked about at once. `marks` are
    digests of what was found of each place in the task that this one repeats (`before`), `apart` the
    namesakes that were told apart there."""

    file: str
    purpose: str
    case_no: str
    titles: tuple[str, ...]
    asked: tuple[tuple[str, str], ...]
    lines: tuple[AskedLine, ...]
    aside: tuple[SetAside, ...]
    part: int
    before: str = ""
    marks: dict[str, list[str]] = {}
    apart: dict[str, list[str]] = {}

    def parts(self) -> int:
        return -(-len(self.asked) // self.part)

    def rows_of(self, part: int) -> tuple[ListRow, ...]:
        """What a part asks; one beyond the last is about a single place that somebody resolved."""
        start = part * self.part
        return tuple(
            ListRow(start + at + 1, code, name)
            for at, (code, name) in enumerate(self.asked[start : start + self.part])
        )


class Pick(msgspec.Struct, frozen=True):
    """How somebody resolved a place: the code of the unit meant, or none of those shown; and why."""

    code: str
    why: str
    at: str


Picks = dict[str, Pick]


@dataclass(frozen=True)
class TaskLine:
    """One line of the file and what is known of it. `found` is its row of the answer, as of `as_of`."""

    line: int
    place: int
    code: str
    name: str
    state: RowState
    found: ScreenedRow | None = None
    as_of: str = ""
    pick: Pick | None = None
    change: Change = ""

    @property
    def entries(self) -> tuple[ListEntry, ...]:
        """What may be told of the unit itself: what holds before what has ended, the worst kind first, and of
        each kind the newest."""
        if self.found is None or self.state == "withdrawn":
            return ()
        newest = sorted(self.found.entries, key=lambda one: one.standing.listed_on, reverse=True)
        return tuple(sorted(newest, key=lambda one: (one.former, WORST.index(one.standing.kind))))

    @property
    def subject(self) -> RegisterCard | None:
        return self.found.subject if self.found is not None else None

    @property
    def otherwise(self) -> str:
        """The registered name, where the line names the unit of its code otherwise; else nothing."""
        return registered_otherwise(self.found, self.name) if self.found is not None else ""

    def candidates(self) -> tuple[RegisterCard, ...]:
        """Who the name may mean: register identity only, the bearer of the number first."""
        if self.found is None:
            return ()
        own = (self.found.subject,) if self.found.subject is not None else ()
        return (*own, *(one.subject for one in self.found.namesakes))


def asked_lines(
    rows: Sequence[ListRow], places: Sequence[int], cells: Mapping[int, tuple[str, ...]]
) -> tuple[AskedLine, ...]:
    """The usable lines as they are kept."""
    return tuple(
        AskedLine(row.line, place, cells.get(row.line, ()), row.name)
        for row, place in zip(rows, places, strict=True)
    )


def set_aside(told: Sequence[Told], cells: Mapping[int, tuple[str, ...]]) -> tuple[SetAside, ...]:
    """The lines that ask for nothing as they are kept."""

    def one(line: Told) -> SetAside:
        seen: Judged = line.judged
        return SetAside(
            line.line, line.written, seen.name, seen.why, seen.position, seen.sign, seen.hint,
            cells.get(line.line, ()),
        )  # fmt: skip

    return tuple(one(line) for line in told)


Answers = Mapping[int, tuple[ScreenedRow, Screening]]


def places_of(body: TaskBody, part: int, said: Screening) -> tuple[int, ...]:
    """The places that the rows of a part's answer are about, in the order of the rows."""
    if part < body.parts():
        return tuple(part * body.part + row.place for row in said.rows)
    return (part - body.parts(),)


def answers_of(body: TaskBody, parts: Mapping[int, Screening]) -> dict[int, tuple[ScreenedRow, Screening]]:
    """The row of each place with the answer it stands in; a resolved place's own answer wins."""
    found: dict[int, tuple[ScreenedRow, Screening]] = {}
    for part, said in sorted(parts.items()):
        found |= {
            place: (row, said) for place, row in zip(places_of(body, part, said), said.rows, strict=False)
        }
    return found


def lines_of(
    body: TaskBody,
    answers: Answers,
    picks: Picks,
    withdrawn: frozenset[int] = frozenset(),
    before: Sequence[TaskLine] = (),
) -> Iterator[TaskLine]:
    """Every usable line with its state. `before` are the lines as they were made last: one with nothing
    different in it stays the same line."""
    known: dict[int, tuple[RowState, Change]] = {}
    for line, was in zip_longest(body.lines, before[: len(body.lines)]):
        row, said = answers.get(line.place, (None, None))
        pick = picks.get(str(line.place))
        gone = line.place in withdrawn
        if was is not None and was.found is row and was.pick == pick and (was.state == "withdrawn") == gone:
            yield was
            continue
        code, name = body.asked[line.place]
        as_of = said.as_of if said is not None else ""
        if line.place not in known:
            now: RowState = "withdrawn" if gone else state_of(body, line.place, row, pick)
            known[line.place] = (now, change_of(body, line.place, row))
        state, change = known[line.place]
        yield TaskLine(line.line, line.place, code, line.name or name, state, row, as_of, pick, change)


def state_of(body: TaskBody, place: int, row: ScreenedRow | None, pick: Pick | None) -> RowState:
    """The worst that is said of the unit itself; a name alone says nothing of anybody."""
    if row is None:
        return "queued"
    if not row.entries and row.state != "similar":
        return "none"
    kinds = {entry.standing.kind for entry in row.entries if not entry.former}
    if "serious" in kinds:
        return "serious"
    if "abnormal" in kinds:
        return "attention"
    if kinds:
        return "honour"
    if row.state == "similar":
        told = body.apart.get(str(place), [])
        if (pick is not None and not pick.code) or {one.subject.subject_key for one in row.namesakes} <= set(
            told
        ):
            return "apart"
        return "similar"
    return "former" if row.entries else "none"


def marks_of(row: ScreenedRow, task_no: str) -> list[str]:
    """What of a row counts as the same when it is asked again: digests that compare within one task only. The
    words themselves would outlive an entry that is repaired and taken back."""

    def mark(one: ListEntry) -> str:
        told = [one.list_code, one.standing.document_no, one.standing.listed_on, one.former]
        return hmac.new(task_no.encode(), msgspec.json.encode(told), hashlib.sha256).hexdigest()

    return sorted(map(mark, row.entries))


def change_of(body: TaskBody, place: int, row: ScreenedRow | None) -> Change:
    """What is different from the task before; nothing where there was none."""
    if not body.before or row is None or str(place) not in body.marks:
        return ""
    old, new = set(body.marks[str(place)]), set(marks_of(row, body.before))
    if old == new:
        return ""
    return "more" if old < new else "less" if new < old else "other"


def again(body: TaskBody, task_no: str, answers: Answers, picks: Picks) -> TaskBody:
    """The same units once more: who was resolved is asked about by number, who was told apart stays so."""
    asked = tuple(
        (picks[str(place)].code, "") if str(place) in picks and picks[str(place)].code else pair
        for place, pair in enumerate(body.asked)
    )
    apart = dict(body.apart)
    for place, pick in picks.items():
        row = answers.get(int(place), (None, None))[0]
        if not pick.code and row is not None:
            apart[place] = [one.subject.subject_key for one in row.namesakes]
    marks = {str(place): marks_of(row, task_no) for place, (row, _) in answers.items()}
    return msgspec.structs.replace(body, asked=asked, before=task_no, marks=marks, apart=apart)
