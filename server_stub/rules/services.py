"""Bringing the tables into force: read, checked, and each new edition put on record once."""

from __future__ import annotations

from django.db import transaction

from server_stub.config import clock
from server_stub.evidence import services as evidence
from server_stub.rules.models import TableEdition
from server_stub.rules.tables_file import Tables, shipped


def load_tables(by: str = "system", tables: Tables | None = None) -> tuple[str, ...]:
    """Record the editions this server runs on; returns the names of tables that are new or changed.

    Running it again changes nothing. A changed table is a leaf of the log (kind `rules`).

    Raises:
        ValueError: when a table does not fit its shape.
    """
    rules = tables or shipped()
    changed = []
    with transaction.atomic():
        for table, digest in sorted(rules.digests.items()):
            _, fresh = TableEdition.objects.get_or_create(
                table=table,
                sha256=digest,
                defaults={"rows": _rows(rules, table), "loaded_at": clock.stamp(), "by": by},
            )
            if fresh:
                changed.append(table)
        for table in changed:
            evidence.append(
                kind="rules",
                source="server",
                user=by,
                organisation="",
                basis_sha256=rules.digests[table],
                outcome=f"loaded:{table}",
            )
    return tuple(changed)


def _rows(rules: Tables, table: str) -> int:
    if table == "calendar":
        return len(rules.calendar.years)
    if table == "disclosure":
        return len(rules.mode) + len(rules.access)
    if table == "repair":
        return len(rules.repair_kind) + len(rules.repair_route)
    return len(getattr(rules, table))
