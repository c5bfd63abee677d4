"""Every query pays for each index of its tables: only what a statement looks by is there."""

from __future__ import annotations

import pytest
from django.db import connection


@pytest.mark.django_db
def test_migrated_tables_have_the_indexes_that_are_looked_by_and_no_others() -> None:
    indexed: dict[str, set[tuple[str, ...]]] = {}
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        for table in ("queries_query", "evidence_leaf"):
            found = connection.introspection.get_constraints(cursor, table).values()
            indexed[table] = {tuple(one["columns"]) for one in found if one["index"]}
    assert "queries_queryrecord" not in tables
    queries, leaves = indexed["queries_query"], indexed["evidence_leaf"]
    assert ("subject_key",) in queries  # the control: one that is looked by
    assert not queries & {("user",), ("device_id", "query_no")}
    assert ("entry_sha256",) in leaves
    assert ("op_id",) not in leaves
