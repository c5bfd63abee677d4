"""A screening reads by index whatever the size of the city."""

from __future__ import annotations

import pytest
from django.db import connection

from server_stub.lists import sql

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]
LARGE = (
    ("subjects_identifier", "subjects_identifier_value_hash_6b266760", "2400000 1"),
    ("subjects_subject", "sqlite_autoindex_subjects_subject_1", "2000000 1"),
    ("records_record", "records_rec_subject_0ef439_idx", "5360000 3 2 1"),
)


def plan(statement: str) -> list[str]:
    """How SQLite would go about it in a large city."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("DELETE FROM sqlite_stat1")
        for row in LARGE:
            cursor.execute("INSERT INTO sqlite_stat1 VALUES (%s, %s, %s)", row)
        cursor.execute("ANALYZE sqlite_schema")
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}", ["[]"])
        return [str(row[3]) for row in cursor.fetchall()]


def test_no_table_is_read_whole() -> None:
    if connection.vendor != "sqlite":
        return
    for statement in (
        sql._statement(sql.columns("sqlite"), sql._NEWEST),
        sql._statement("r.rec_id, r.rev", ""),
    ):
        steps = plan(statement)
        assert any(step.startswith("SEARCH r USING INDEX") for step in steps)
        whole = ("BLOOM", "SCAN i", "SCAN s", "SCAN r", "SCAN u")
        assert not [step for step in steps if step.startswith(whole)]


def test_control_without_its_limits_whole_tables_would_be_read() -> None:
    if connection.vendor != "sqlite":
        return
    statement = sql._statement(sql.columns("sqlite"), sql._NEWEST)
    unlimited = statement.replace(" LIMIT 4096", "").replace("LIMIT 100000", "")
    assert any(step.startswith("BLOOM") for step in plan(unlimited))
