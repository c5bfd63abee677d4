"""Transactions that wait for the write lock without long sleeps, and migrations that look where they wrote.

SQLite's own waiter sleeps longer each time, up to 100 ms: who missed two short gaps of an import waits for
many more. Here a transaction looks again every few milliseconds: it waits about as long as the lock is held.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from server_stub.config.sqlite.schema import SchemaEditor

FIRST_S, LONGEST_S = 0.001, 0.004  # between two looks


class DatabaseWrapper(base.DatabaseWrapper):
    """As Django's; who waits longer than `timeout` seconds gets an OperationalError."""

    SchemaEditorClass = SchemaEditor
    only: list[str] | None = None  # the tables to look at where nobody names any

    def check_constraints(self, table_names: Iterable[str] | None = None) -> None:
        super().check_constraints(self.only if table_names is None else table_names)

    def _start_transaction_under_autocommit(self) -> None:
        patience = float(self.settings_dict["OPTIONS"].get("timeout", 5.0))
        began, pause = time.monotonic(), FIRST_S
        with self.wrap_database_errors:
            self.connection.execute("PRAGMA busy_timeout = 0")
        try:
            while True:
                try:
                    self._begin()
                except OperationalError as flaw:
                    code = getattr(flaw.__cause__, "sqlite_errorname", "")
                    if not code.startswith("SQLITE_BUSY") or time.monotonic() - began > patience:
                        raise
                    time.sleep(pause)
                    pause = min(pause * 2, LONGEST_S)
                else:
                    return
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {int(patience * 1000)}")

    def _begin(self) -> None:
        """By the driver itself, unless somebody counts or wraps statements."""
        mode = self.settings_dict["OPTIONS"].get("transaction_mode")
        if self.execute_wrappers or self.force_debug_cursor or not mode:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # not in the stubs
            return
        with self.wrap_database_errors:
            self.connection.execute(f"BEGIN {mode}")
