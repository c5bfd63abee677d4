"""Files that go with an outbox row: kept here until the server has taken it, or the officer has done with a
refused one; then gone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from local_cache.database import Connection, mapped, transaction

ROOM_LEFT = 8 * 1024 * 1024


@dataclass(frozen=True)
class Proof:
    """One file of an outbox row; `upload_op` names its own way to the server, `sent` bytes of it have arrived
    there."""

    op_id: str
    place: int
    name: str
    sha256: str
    upload_op: str
    content: bytes
    sent: int = 0


@dataclass(frozen=True)
class Progress:
    """How far the files of one outbox row have come, in bytes."""

    sent: int
    size: int


@dataclass(frozen=True)
class Named:
    """One file of an outbox row without its bytes; `size` counts them."""

    place: int
    name: str
    size: int
    sha256: str


def add(work: Connection, proofs: Iterable[Proof]) -> None:
    """Put files beside their outbox row.

    Raises:
        Sealed: there is no such row, or the place is taken.
    """
    with transaction(work, "work"):
        work.executemany(
            "INSERT INTO evidence (op_id, place, name, sha256, upload_op, sent, content)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(p.op_id, p.place, p.name, p.sha256, p.upload_op, p.sent, p.content) for p in proofs],
        )


def missing(work: Connection, op_id: str) -> list[int]:
    """The files of a row that have not wholly arrived, in the order they were named."""
    with mapped("work"):
        rows = work.execute(
            "SELECT place FROM evidence WHERE op_id = ? AND sent < length(content) ORDER BY place", (op_id,)
        ).fetchall()
    return [int(row[0]) for row in rows]


def get(work: Connection, op_id: str, place: int) -> Proof | None:
    """One file with its bytes, None when there is none."""
    found = _read(work, "WHERE op_id = ? AND place = ?", op_id, place)
    return found[0] if found else None


def named(work: Connection, op_id: str) -> list[Named]:
    """The files of a row, in their order."""
    with mapped("work"):
        rows = work.execute(
            "SELECT place, name, length(content), sha256 FROM evidence WHERE op_id = ? ORDER BY place",
            (op_id,),
        ).fetchall()
    return [Named(*row) for row in rows]


def of_row(work: Connection, op_id: str) -> list[Proof]:
    """The files of a row with their bytes, in their order."""
    return _read(work, "WHERE op_id = ? ORDER BY place", op_id)


def everything(work: Connection) -> list[Proof]:
    """Every file here, with its bytes."""
    return _read(work, "ORDER BY op_id, place")


def note_sent(work: Connection, op_id: str, place: int, sent: int) -> None:
    """Write down how many bytes of a file the server has."""
    with transaction(work, "work"):
        work.execute("UPDATE evidence SET sent = ? WHERE op_id = ? AND place = ?", (sent, op_id, place))


def begin_anew(work: Connection, op_id: str) -> bool:
    """The server has lost the files of a row. False when there are none here either."""
    with transaction(work, "work"):
        return bool(work.execute("UPDATE evidence SET sent = 0 WHERE op_id = ?", (op_id,)).rowcount)


def progress(work: Connection) -> dict[str, Progress]:
    """How far each outbox row with files has come."""
    with mapped("work"):
        rows = work.execute(
            "SELECT op_id, sum(sent), sum(length(content)) FROM evidence GROUP BY op_id"
        ).fetchall()
    return {str(op_id): Progress(int(sent), int(size)) for op_id, sent, size in rows}


def discard(work: Connection, op_id: str) -> int:
    """Remove the files of a row; their pages are overwritten (secure_delete). Returns how many."""
    with transaction(work, "work"):
        return int(work.execute("DELETE FROM evidence WHERE op_id = ?", (op_id,)).rowcount)


def discard_settled(work: Connection) -> int:
    """Remove files whose row is done, or not there: the program ended before it could. Returns how many."""
    sql = (
        "DELETE FROM evidence WHERE NOT EXISTS"
        " (SELECT 1 FROM outbox WHERE outbox.op_id = evidence.op_id AND state <> 'done')"
    )
    with transaction(work, "work"):
        return int(work.execute(sql).rowcount)


def give_back_room(work: Connection) -> bool:
    """Make work.db small again when much of it is empty: a file that stayed large would no longer be checked
    as a whole when it opens. Not inside a transaction. Returns whether there was anything to do.

    Raises:
        DiskFull, ReadOnly, Busy: nothing is lost, the file only stays large.
    """
    with mapped("work"):
        free = work.execute("PRAGMA freelist_count").fetchone()[0]
        size = work.execute("PRAGMA page_size").fetchone()[0]
        if int(free) * int(size) < ROOM_LEFT:
            return False
        work.execute("VACUUM")
        work.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return True


def _read(work: Connection, where: str, *values: object) -> list[Proof]:
    with mapped("work"):
        rows = work.execute(
            f"SELECT op_id, place, name, sha256, upload_op, content, sent FROM evidence {where}",  # noqa: S608
            values,
        ).fetchall()
    return [Proof(*row) for row in rows]
