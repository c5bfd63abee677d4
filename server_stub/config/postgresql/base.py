"""Transactions that say at once that they will write, as they do on SQLite (docs/adr/021-two-engines.md).

Rooms look before they write (is this operation done, has this officer two devices, which number is next) and
lock several rows on the way. SQLite lets one such transaction in at a time; PostgreSQL would let all of them
look at the same past and then lock one another out. Every transaction therefore takes one lock of the
database when it begins; single statements outside a transaction do not.
"""

from __future__ import annotations

from django.db.backends.postgresql import base
from django.db.utils import DatabaseError

WRITING = 0x48585F57524954  # any number that no other program uses in this database


class DatabaseWrapper(base.DatabaseWrapper):
    """One transaction at a time; who waits longer than `lock_timeout` gets an OperationalError."""

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]  # the stubs leave it out
        if autocommit:
            return
        try:
            with self.wrap_database_errors:
                self.connection.execute("SELECT pg_advisory_xact_lock(%s)", [WRITING])
        except DatabaseError:
            self.connection.rollback()
            super()._set_autocommit(True)  # type: ignore[misc]
            raise
