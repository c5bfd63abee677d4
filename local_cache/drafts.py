"""Texts being written, and what the server said that is worth keeping. Bodies are opaque bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from local_cache.database import Connection, mapped, transaction

Table = Literal["drafts", "kept"]
_TIME = {"drafts": "changed_at", "kept": "at"}


@dataclass(frozen=True)
class Body:
    """A stored body with its time (wire text)."""

    kind: str
    key: str
    body: bytes
    at: str


def save(work: Connection, table: Table, item: Body) -> None:
    """Put or replace a body."""
    with transaction(work, "work"):
        work.execute(
            f"INSERT INTO {table} VALUES (?, ?, ?, ?) ON CONFLICT (kind, key)"  # noqa: S608
            f" DO UPDATE SET body = excluded.body, {_TIME[table]} = excluded.{_TIME[table]}",
            (item.kind, item.key, item.body, item.at),
        )


def load(work: Connection, table: Table, kind: str, key: str) -> Body | None:
    """The body, None when there is none."""
    found = _read(work, table, "WHERE kind = ? AND key = ?", kind, key)
    return found[0] if found else None


def listed(work: Connection, table: Table, kind: str = "") -> list[Body]:
    """All bodies of a kind (of every kind when empty), newest first."""
    return _read(work, table, f"WHERE ?1 = '' OR kind = ?1 ORDER BY {_TIME[table]} DESC, key", kind)


def discard(work: Connection, table: Table, kind: str, key: str) -> bool:
    """Remove a body; its page is overwritten (secure_delete). False when there was none."""
    with transaction(work, "work"):
        gone = work.execute(f"DELETE FROM {table} WHERE kind = ? AND key = ?", (kind, key))  # noqa: S608
        return bool(gone.rowcount)


def count(work: Connection, table: Table) -> int:
    """How many bodies there are."""
    with mapped("work"):
        return int(work.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608


def _read(work: Connection, table: Table, where: str, *values: str) -> list[Body]:
    with mapped("work"):
        rows = work.execute(
            f"SELECT kind, key, body, {_TIME[table]} FROM {table} {where}",  # noqa: S608
            values,
        ).fetchall()
    return [Body(*row) for row in rows]
