"""Named values of a file, and the secrets that live inside work.db where there is no keyring."""

from __future__ import annotations

from collections.abc import Mapping

from local_cache.database import Connection, mapped, transaction


def get(connection: Connection, name: str, default: str = "", part: str = "work") -> str:
    """The value, or `default`."""
    with mapped(part):
        row = connection.execute("SELECT value FROM state WHERE name = ?", (name,)).fetchone()
    return str(row[0]) if row else default


def put(connection: Connection, values: Mapping[str, str], part: str = "work") -> None:
    """Set several values at once."""
    with transaction(connection, part):
        connection.executemany(
            "INSERT INTO state VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            sorted(values.items()),
        )


def starting(connection: Connection, start: str, part: str = "work") -> dict[str, str]:
    """The values whose names begin with `start`, by name."""
    sql = "SELECT name, value FROM state WHERE substr(name, 1, ?) = ?"
    with mapped(part):
        return {str(row[0]): str(row[1]) for row in connection.execute(sql, (len(start), start)).fetchall()}


def drop(connection: Connection, start: str, part: str = "work") -> None:
    """Remove the values whose names begin with `start`."""
    with transaction(connection, part):
        connection.execute("DELETE FROM state WHERE substr(name, 1, ?) = ?", (len(start), start))


def get_secret(work: Connection, name: str) -> bytes | None:
    """The secret, None when there is none."""
    with mapped("work"):
        row = work.execute("SELECT value FROM secrets WHERE name = ?", (name,)).fetchone()
    return bytes(row[0]) if row else None


def put_secret(work: Connection, name: str, value: bytes) -> None:
    """Put or replace a secret."""
    with transaction(work, "work"):
        work.execute(
            "INSERT INTO secrets VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )


def drop_secret(work: Connection, name: str) -> None:
    """Remove a secret; its page is overwritten (secure_delete)."""
    with transaction(work, "work"):
        work.execute("DELETE FROM secrets WHERE name = ?", (name,))
