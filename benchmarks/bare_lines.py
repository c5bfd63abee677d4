"""A database by its bare driver, for floors: statements as the product writes them, the latest rows of a
table, and an empty copy of tables to write into. One variant an engine."""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from benchmarks.measure import cpu_of_tree

Row = tuple[Any, ...]


class Line(Protocol):
    """A connection; statements have %s for values."""

    def run(self, sql: str, values: Sequence[Any] = ()) -> None:
        """Do it."""

    def many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Do it for each of these rows of values."""

    def every(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """All rows."""

    def latest(self, table: str, many: int) -> list[dict[str, Any]]:
        """The rows that were written last, by column."""

    def copies(self, tables: Sequence[str]) -> contextlib.AbstractContextManager[Line]:
        """A connection to empty tables like these with the same indexes, gone afterwards."""

    def beside_ms(self) -> float:
        """CPU so far of processes that do this database's work beside ours."""


def line(home: Path) -> Line:
    """The database of a home, or the one that DATABASE_URL names."""
    url = os.environ.get("DATABASE_URL", "")
    return _Cluster(url) if url else _File(home / "server.sqlite3")


class _File:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-16384"):
            self._file.execute(f"PRAGMA {pragma}")

    def run(self, sql: str, values: Sequence[Any] = ()) -> None:
        self._file.execute(sql.replace("%s", "?"), values)

    def many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        self._file.executemany(sql.replace("%s", "?"), rows)

    def every(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        return self._file.execute(sql.replace("%s", "?"), values).fetchall()

    def latest(self, table: str, many: int) -> list[dict[str, Any]]:
        found = self._file.execute(f"SELECT * FROM {table} ORDER BY rowid DESC LIMIT ?", (many,))  # noqa: S608
        names = [one[0] for one in found.description]
        return [dict(zip(names, row, strict=True)) for row in found]

    @contextlib.contextmanager
    def copies(self, tables: Sequence[str]) -> Iterator[Line]:
        place = self._path.parent.parent / "parts.sqlite3"
        there = _File(place)
        made = (
            "SELECT sql FROM sqlite_master WHERE tbl_name = %s AND type IN ('table', 'index') AND sql <> ''"
        )
        try:
            for table in tables:
                for (sql,) in self.every(made, (table,)):
                    there.run(re.sub(r" REFERENCES [^,)]*\([^)]*\)[^,)]*", "", sql))
            yield there
        finally:
            there._file.close()
            for end in ("", "-wal", "-shm"):
                Path(f"{place}{end}").unlink(missing_ok=True)

    def beside_ms(self) -> float:
        return 0.0


class _Cluster:
    def __init__(self, url: str) -> None:
        import psycopg
        from psycopg.types.string import TextLoader

        self._url = url
        self._line = psycopg.connect(url, autocommit=True)
        for kind in ("json", "jsonb"):
            self._line.adapters.register_loader(kind, TextLoader)
        own = self._line.info.backend_pid
        self._all = int(Path(f"/proc/{own}/stat").read_text().rpartition(")")[2].split()[1])

    def run(self, sql: str, values: Sequence[Any] = ()) -> None:
        self._line.execute(sql.encode(), values or None)

    def many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        with self._line.cursor() as cursor:
            cursor.executemany(sql.encode(), rows)

    def every(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        return self._line.execute(sql.encode(), values or None).fetchall()

    def latest(self, table: str, many: int) -> list[dict[str, Any]]:
        sql = f"SELECT * FROM {table} ORDER BY ctid DESC LIMIT %s"  # noqa: S608
        found = self._line.execute(sql.encode(), (many,))
        names = [one.name for one in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found]

    @contextlib.contextmanager
    def copies(self, tables: Sequence[str]) -> Iterator[Line]:
        there = _Cluster(self._url)
        self.run("DROP SCHEMA IF EXISTS bare CASCADE")
        self.run("CREATE SCHEMA bare")
        try:
            for table in tables:
                self.run(f"CREATE TABLE bare.{table} (LIKE {table} INCLUDING INDEXES)")
            there.run("SET search_path = bare")
            yield there
        finally:
            there._line.close()
            self.run("DROP SCHEMA bare CASCADE")

    def beside_ms(self) -> float:
        """Every process of the cluster: it may have its own that write behind."""
        return cpu_of_tree(self._all)
