"""After a migration, foreign keys are looked at where it wrote, not in the whole file.

Django has SQLite look through every table after each migration, whatever that touched: gigabytes were read
once for every new small table of a release, while the service stood still.
"""

from __future__ import annotations

import sqlite3
from types import TracebackType
from typing import Any

from django.db.backends.sqlite3.schema import DatabaseSchemaEditor

# an INSERT may replace a row, and with it the end that somebody refers to
_ROWS = {sqlite3.SQLITE_INSERT, sqlite3.SQLITE_DELETE, sqlite3.SQLITE_DROP_TABLE}
_REFERRING = (
    'SELECT lower(m.name), lower(f."from"), lower(f."table"), lower(f."to")'
    " FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'"
)
_TABLES = "SELECT lower(name) FROM sqlite_master WHERE type = 'table'"


class SchemaEditor(DatabaseSchemaEditor):
    """As Django's. The engine itself tells of each statement, of triggers too, which tables it writes; looked
    at are those and the ones that refer to them. A column that is no end of a key may change freely."""

    def __enter__(self) -> Any:
        entered = super().__enter__()
        self.rows: set[str] = set()
        self.values: set[tuple[str, str]] = set()
        self.altered: set[str] = set()
        self.before = set(self._tables())
        self.connection.connection.set_authorizer(self._told)
        return entered

    def __exit__(
        self, kind: type[BaseException] | None, flaw: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.connection.set_authorizer(None)
        self.connection.only = self.written()  # type: ignore[attr-defined]  # our own wrapper
        try:
            super().__exit__(kind, flaw, trace)
        finally:
            self.connection.only = None  # type: ignore[attr-defined]

    def written(self) -> list[str]:
        """The tables whose rows may refer to nothing now."""
        there = self._tables()
        ends = self.rows | (self.altered - set(there))  # renamed: who referred to the name
        wrong = self.rows | self.altered | (set(there) - self.before)
        with self.connection.cursor() as cursor:
            keys = cursor.execute(_REFERRING).fetchall()
        for name, column, to, end in keys:
            changed = {(name, column), (to, end), (name, "rowid"), (to, "rowid")} & self.values
            unnamed = end is None and any(table == to for table, _ in self.values)
            if to in ends or changed or unnamed:
                wrong.add(name)
        return [name for name in there if name in wrong]

    def _tables(self) -> list[str]:
        with self.connection.cursor() as cursor:
            return [name for (name,) in cursor.execute(_TABLES).fetchall()]

    def _told(
        self, action: int, first: str | None, second: str | None, schema: str | None, by: str | None
    ) -> int:
        if action in _ROWS:
            self.rows.add(str(first).lower())
        elif action == sqlite3.SQLITE_UPDATE:
            self.values.add((str(first).lower(), str(second).lower()))
        elif action == sqlite3.SQLITE_ALTER_TABLE:  # `first` is the database here
            self.altered.add(str(second).lower())
        return sqlite3.SQLITE_OK
