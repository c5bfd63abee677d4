"""What was asked of the server and is not answered yet. A row leaves only as done or refused, never in
silence; a refused one stands before the officer until he dismisses it."""

from __future__ import annotations

from dataclasses import astuple, dataclass

from local_cache.database import Connection, mapped, transaction
from local_cache.faults import Missing

OPEN = ("waiting", "sending", "unknown")
QUESTIONS = ("query", "screen")
SPENT = b"{}"
"""What is left of a question's body once it is settled: it names whom was asked about, and the row outlives
every copy. Its digest stays in the row and in the chain."""
_COLUMNS = (
    "op_id, kind, made_at, body, body_sha256, jws, base_rev, entry_n, state, why, attempts, next_try, result,"
    " dismissed, tried_at, heard"
)


@dataclass(frozen=True)
class OutboxItem:
    """One intent. `body` is the canonical JSON that is sent; `next_try` in milliseconds since 1970;
    `result` is the server's answer as JSON. `unknown`: sent, and no answer came back. `dismissed`: refused,
    and the officer has done with it. `tried_at`: when it was last offered, as `next_try`; 0 for never.
    `heard`: who waited for it was told of the refusal."""

    op_id: str
    kind: str
    made_at: str
    body: bytes
    body_sha256: str
    jws: str = ""
    base_rev: int | None = None
    entry_n: int | None = None
    state: str = "waiting"
    why: str = ""
    attempts: int = 0
    next_try: int = 0
    result: bytes | None = None
    dismissed: int = 0
    tried_at: int = 0
    heard: int = 0


def add(work: Connection, item: OutboxItem) -> None:
    """Put a new row.

    Raises:
        Sealed: the op_id is taken.
    """
    with transaction(work, "work"):
        marks = ",".join("?" * len(_COLUMNS.split(",")))
        work.execute(f"INSERT INTO outbox ({_COLUMNS}) VALUES ({marks})", astuple(item))  # noqa: S608


def get(work: Connection, op_id: str) -> OutboxItem | None:
    """The row, None when there is none."""
    found = _read(work, "WHERE op_id = ?", op_id)
    return found[0] if found else None


def all_items(work: Connection, only_open: bool = False) -> list[OutboxItem]:
    """Rows in the order they were made."""
    if only_open:
        return _read(work, "WHERE state IN (?, ?, ?) ORDER BY made_at, op_id", *OPEN)
    return _read(work, "ORDER BY made_at, op_id")


def unsettled(work: Connection) -> list[OutboxItem]:
    """Rows that are not done and that nobody has dismissed, in the order they were made."""
    return _read(work, "WHERE state <> 'done' AND dismissed = 0 ORDER BY made_at, op_id")


def states(work: Connection) -> dict[str, str]:
    """The state of every row by its op_id."""
    with mapped("work"):
        return dict(work.execute("SELECT op_id, state FROM outbox").fetchall())


def refused(work: Connection, kind: str) -> list[OutboxItem]:
    """Rows of a kind that were refused and that nobody has dismissed."""
    return _read(work, "WHERE state = 'refused' AND kind = ? AND dismissed = 0 ORDER BY made_at, op_id", kind)


def dismiss(work: Connection, op_id: str, body: bytes) -> bool:
    """The officer has done with a refused row; `body` is what may be left of the one that was sent. False
    when there is no refused row of that name."""
    with transaction(work, "work"):
        moved = work.execute(
            "UPDATE outbox SET dismissed = 1, body = ?"
            " WHERE op_id = ? AND state = 'refused' AND dismissed = 0",
            (body, op_id),
        )
        return bool(moved.rowcount)


def due(work: Connection, now_ms: int, limit: int = 50, kinds: tuple[str, ...] = ()) -> list[OutboxItem]:
    """Open rows whose time has come, oldest first."""
    marks = ",".join("?" * len(kinds))
    only = f"AND kind IN ({marks})" if kinds else ""
    where = f"WHERE state IN (?, ?, ?) AND next_try <= ? {only} ORDER BY made_at, op_id LIMIT ?"
    return _read(work, where, *OPEN, now_ms, *kinds, limit)


def set_state(
    work: Connection,
    op_id: str,
    state: str,
    why: str = "",
    next_try: int = 0,
    result: bytes | None = None,
    tried_at: int = 0,
) -> None:
    """Move a row on. `tried_at` (not 0) counts an attempt; a `result` once stored stays when None is given.
    Of a question that is settled, done or refused, only the digest is left.

    Raises:
        Missing: no such row.
        Sealed: no such state.
    """
    with transaction(work, "work"):
        moved = work.execute(
            "UPDATE outbox SET state = ?, why = ?, next_try = ?, attempts = attempts + ?,"
            " tried_at = max(tried_at, ?), result = coalesce(?, result),"
            " body = CASE WHEN ? AND kind IN (?, ?) THEN ? ELSE body END WHERE op_id = ?",
            (
                state,
                why,
                next_try,
                int(tried_at > 0),
                tried_at,
                result,
                state not in OPEN,
                *QUESTIONS,
                SPENT,
                op_id,
            ),
        )
        if moved.rowcount != 1:
            raise Missing("work")


def note_heard(work: Connection, op_id: str) -> None:
    """Whoever waited for a row is being told that it was refused; nothing happens to a row that was not."""
    with transaction(work, "work"):
        work.execute("UPDATE outbox SET heard = 1 WHERE op_id = ? AND state = 'refused'", (op_id,))


def awaken(work: Connection) -> int:
    """After a start: what was being sent when the last run ended has an unknown fate. Returns how many."""
    with transaction(work, "work"):
        moved = work.execute("UPDATE outbox SET state = 'unknown' WHERE state = 'sending'")
        return int(moved.rowcount)


def retry_now(work: Connection, op_id: str = "") -> int:
    """Make one open row (or all) due at once. Returns how many."""
    with transaction(work, "work"):
        moved = work.execute(
            "UPDATE outbox SET next_try = 0 WHERE state IN ('waiting', 'unknown') AND (? = '' OR op_id = ?)",
            (op_id, op_id),
        )
        return int(moved.rowcount)


def count_open(work: Connection) -> int:
    """Rows that the server has not settled."""
    with mapped("work"):
        row = work.execute("SELECT count(*) FROM outbox WHERE state IN (?, ?, ?)", OPEN).fetchone()
    return int(row[0])


def _read(work: Connection, where: str, *values: object) -> list[OutboxItem]:
    with mapped("work"):
        rows = work.execute(f"SELECT {_COLUMNS} FROM outbox {where}", values).fetchall()  # noqa: S608
    return [OutboxItem(*row) for row in rows]
