"""What the screening page shows: a file being prepared, or a task: lines, counts, a filter."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

from app.desks.desk import Notice
from app.field.names import normalise
from app.lists.columns import Columns
from app.lists.preparing import Prepared
from app.services.task_reading import Task, TaskCard
from app.services.task_rows import TaskLine
from app.sheets.reading import Sheet, Table

Stage = Literal["start", "map", "task"]
FILTERS = (
    "", "serious", "attention", "honour", "similar", "former", "none", "apart", "withdrawn", "queued",
    "aside", "otherwise", "changed",
)  # fmt: skip
PREVIEW = 5


@dataclass(frozen=True)
class ScreeningView:
    """`cards` are the tasks kept here; `loaded` is False until they were read once. `table` is a file that
    was read, `prepared` what it asks. `running`: parts are being asked; `left_s` seconds until the last one,
    None while that is not known. `only` and `words` narrow the lines, `line` is the selected one (0: none).
    """

    stage: Stage = "start"
    loaded: bool = False
    cards: tuple[TaskCard, ...] = ()
    purposes: tuple[Any, ...] = ()
    purpose: str = ""
    case_no: str = ""
    table: Table | None = None
    sheet: int = 0
    columns: Columns = Columns()
    by_name: bool = False
    prepared: Prepared = Prepared()
    task: Task | None = None
    running: bool = False
    left_s: int | None = None
    only: str = ""
    words: str = ""
    line: int = 0
    why: str = ""
    busy: bool = False
    notice: Notice | None = None
    counts: tuple[tuple[str, int], ...] = ()
    shown: tuple[TaskLine, ...] = ()

    @property
    def sheet_now(self) -> Sheet | None:
        return self.table.sheets[self.sheet] if self.table is not None else None

    @property
    def selected(self) -> TaskLine | None:
        """The selected line of the task."""
        if self.task is None or not self.line:
            return None
        return next((one for one in self.task.lines if one.line == self.line), None)

    @property
    def unfinished(self) -> TaskCard | None:
        """The newest task that was stopped before its end."""
        return next((card for card in self.cards if card.state == "open"), None)

    def count(self, state: str) -> int:
        return dict(self.counts).get(state, 0)

    def purpose_words(self, code: str, english: bool) -> str:
        """What a purpose is called; its code where nobody knows."""
        known = next((one for one in self.purposes if one.code == code), None)
        return code if known is None else str(known.en if english else known.zh)


@dataclass(frozen=True)
class Counted:
    """A task, its lines by state, the first that waits for a person (0: none), and those that a filter shows.

    Counted besides: lines that ask for nothing under `aside`, those unlike before under `changed`, and those
    whose code is registered under another name under `otherwise`.
    """

    task: Task
    counts: tuple[tuple[str, int], ...]
    first_waiting: int
    narrow: tuple[str, str]
    shown: tuple[TaskLine, ...]


def usual_filter(task: Task) -> tuple[str, str]:
    """What of a task is shown first: of one screened again only what is different."""
    return ("changed" if task.before else "", "")


def counted(task: Task, narrow: tuple[str, str] | None = None) -> Counted:
    """Go through a task's lines, for the filter that is usual where none is given."""
    only, words = narrow or usual_filter(task)
    found: Counter[str] = Counter(line.state for line in task.lines)
    found["aside"], found["changed"] = len(task.aside), sum(bool(line.change) for line in task.lines)
    found["otherwise"] = sum(bool(line.otherwise) for line in task.lines)
    waiting = next((one.line for one in task.lines if one.state == "similar"), 0) if found["similar"] else 0
    return Counted(task, tuple(found.items()), waiting, (only, words), narrowed(task, only, words))


def narrowed(task: Task, only: str, words: str) -> tuple[TaskLine, ...]:
    """The lines of a filter that hold the words in name or code. What is queued shows only when asked for."""
    sought = normalise(words)
    return tuple(
        line
        for line in task.lines
        if _of(line, only)
        and (not sought or sought in normalise(line.name) or sought in line.code or _known(line, sought))
    )


def _of(line: TaskLine, only: str) -> bool:
    apart = {"changed": bool(line.change), "otherwise": bool(line.otherwise), "": line.state != "queued"}
    return apart.get(only, line.state == only)


def _known(line: TaskLine, sought: str) -> bool:
    """Whether the unit is registered under such a name or number."""
    subject = line.subject
    return subject is not None and (sought in normalise(subject.name) or sought in subject.code)
