"""Screening tasks: what was asked, what somebody chose, the answers to its parts. Bodies are opaque."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from local_cache.database import Connection, mapped, transaction

TaskState = Literal["open", "cancelled"]


@dataclass(frozen=True)
class TaskRow:
    """A task. `expires_ms`: milliseconds since 1970 at which it is erased with all its answers."""

    task_no: str
    choices: bytes
    state: TaskState
    made_at: str
    expires_ms: int


@dataclass(frozen=True)
class PartHead:
    """Which answer to a part is here, without what it says."""

    part: int
    op_id: str
    screening_no: str
    leaf_index: int


@dataclass(frozen=True)
class PartRow:
    """The signed answer to one part of a task, verbatim, and its place in the log."""

    task_no: str
    part: int
    op_id: str
    screening_no: str
    payload: bytes
    key_id: str
    sig_b64: str
    leaf_index: int


def add(cache: Connection, task: TaskRow, body: bytes) -> None:
    """A new task, and what it is about."""
    values = (task.task_no, body, task.choices, task.state, task.made_at, task.expires_ms)
    with transaction(cache, "cache"):
        cache.execute("INSERT INTO screening_tasks VALUES (?, ?, ?, ?, ?, ?)", values)


def get(cache: Connection, task_no: str) -> TaskRow | None:
    """The task without its body, None when there is none."""
    sql = "SELECT task_no, choices, state, made_at, expires_ms FROM screening_tasks WHERE task_no = ?"
    with mapped("cache"):
        row = cache.execute(sql, (task_no,)).fetchone()
    return TaskRow(*row) if row else None


def body(cache: Connection, task_no: str) -> bytes:
    """What a task that is here is about; it never changes."""
    with mapped("cache"):
        row = cache.execute("SELECT body FROM screening_tasks WHERE task_no = ?", (task_no,)).fetchone()
    return bytes(row[0])


def numbers(cache: Connection) -> list[str]:
    """Every task, the newest first."""
    with mapped("cache"):
        rows = cache.execute("SELECT task_no FROM screening_tasks ORDER BY made_at DESC, task_no DESC")
        return [row[0] for row in rows.fetchall()]


def choose(cache: Connection, task_no: str, choices: bytes) -> None:
    """Replace what somebody chose about its rows."""
    with transaction(cache, "cache"):
        cache.execute("UPDATE screening_tasks SET choices = ? WHERE task_no = ?", (choices, task_no))


def set_state(cache: Connection, task_no: str, state: TaskState) -> None:
    """Open it or call it off; its answers stay."""
    with transaction(cache, "cache"):
        cache.execute("UPDATE screening_tasks SET state = ? WHERE task_no = ?", (state, task_no))


def put_part(cache: Connection, part: PartRow) -> None:
    """Keep the answer to a part; the same part again replaces it."""
    with transaction(cache, "cache"):
        cache.execute("DELETE FROM screening_parts WHERE task_no = ? AND part = ?", (part.task_no, part.part))
        cache.execute(
            "INSERT INTO screening_parts VALUES (?, ?, ?, ?, ?, ?, ?, ?)", tuple(vars(part).values())
        )


def part_heads(cache: Connection, task_no: str) -> list[PartHead]:
    """Which answers are here, in the order of the parts."""
    sql = "SELECT part, op_id, screening_no, leaf_index FROM screening_parts WHERE task_no = ? ORDER BY part"
    with mapped("cache"):
        return [PartHead(*row) for row in cache.execute(sql, (task_no,)).fetchall()]


def part(cache: Connection, task_no: str, number: int) -> PartRow:
    """An answer that is here."""
    with mapped("cache"):
        sql = "SELECT * FROM screening_parts WHERE task_no = ? AND part = ?"
        return PartRow(*cache.execute(sql, (task_no, number)).fetchone())


def part_of(cache: Connection, screening_no: str) -> PartRow | None:
    """The answer with this number, None when it is not here."""
    with mapped("cache"):
        sql = "SELECT * FROM screening_parts WHERE screening_no = ?"
        row = cache.execute(sql, (screening_no,)).fetchone()
    return PartRow(*row) if row is not None else None


def erase_parts(cache: Connection, screening_nos: Iterable[str]) -> int:
    """Remove single answers by their number; the task stays. Returns how many."""
    gone = 0
    with transaction(cache, "cache"):
        for number in screening_nos:
            sql = "DELETE FROM screening_parts WHERE screening_no = ?"
            gone += int(cache.execute(sql, (number,)).rowcount)
    return gone


def erase(cache: Connection, task_nos: Iterable[str]) -> int:
    """Remove tasks with their answers; pages are overwritten. Returns how many."""
    gone = 0
    with transaction(cache, "cache"):
        for task_no in task_nos:
            gone += int(cache.execute("DELETE FROM screening_tasks WHERE task_no = ?", (task_no,)).rowcount)
    return gone


def expired(cache: Connection, now_ms: int) -> list[str]:
    """The tasks that have reached their end."""
    with mapped("cache"):
        rows = cache.execute("SELECT task_no FROM screening_tasks WHERE expires_ms <= ?", (now_ms,))
        return [row[0] for row in rows.fetchall()]
