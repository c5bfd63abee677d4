"""A migration is held against its foreign keys where it wrote, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connections

from server_stub.config.sqlite.base import DatabaseWrapper
from tests.server_stub.config.test_waiting import settings

_MADE = (
    "CREATE TABLE unit (id integer PRIMARY KEY, name text)",
    "CREATE TABLE act (id integer PRIMARY KEY, unit integer REFERENCES unit (id))",
    "CREATE TABLE apart (id integer PRIMARY KEY, act integer REFERENCES act (id))",
    "INSERT INTO unit VALUES (1, 'a'), (2, 'b')",
    "INSERT INTO act VALUES (1, 1), (2, 2)",
    "INSERT INTO apart VALUES (1, 1)",
)


@pytest.fixture
def wrapper(tmp_path: Path, django_db_blocker: Any) -> Iterator[DatabaseWrapper]:
    with django_db_blocker.unblock():  # a file of its own, not the tests' database
        one = DatabaseWrapper(settings(tmp_path / "f.sqlite3", 5.0), "other")
        with one.cursor() as cursor:
            for sql in _MADE:
                cursor.execute(sql)
        connections["other"] = one
        yield one
        one.close()
        del connections["other"]


def _looked_at(wrapper: DatabaseWrapper, *statements: str) -> set[str]:
    looked: set[str] = set()

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith("PRAGMA foreign_key_check"):
            looked.add(sql.partition("(")[2].strip('")') or "the whole file")
        return execute(sql, *rest)

    with wrapper.execute_wrapper(note), wrapper.schema_editor() as editor:
        for sql in statements:
            editor.execute(sql)
    return looked


@pytest.mark.parametrize(
    ("statements", "tables"),
    [
        (("CREATE TABLE fresh (id integer PRIMARY KEY)",), {"fresh"}),
        (("ALTER TABLE act ADD COLUMN said text",), {"act"}),
        (("INSERT INTO apart VALUES (3, 1)",), {"apart"}),
        (("INSERT OR REPLACE INTO act VALUES (2, 1)",), {"act", "apart"}),
        (("UPDATE unit SET name = 'c' WHERE id = 1",), set()),
        (("UPDATE unit SET id = 1 WHERE id = 1",), {"act"}),
        (("UPDATE act SET unit = 1 WHERE id = 2",), {"act"}),
        (("DELETE FROM apart",), {"apart"}),
        (("ALTER TABLE act RENAME TO deed",), {"deed"}),  # who referred to it refers to the new name
        (
            (
                "CREATE TABLE new__unit (id integer PRIMARY KEY)",
                "INSERT INTO new__unit SELECT id FROM unit",
                "DROP TABLE unit",
                "ALTER TABLE new__unit RENAME TO unit",
            ),
            {"unit", "act"},
        ),
        (
            (
                "CREATE TRIGGER t AFTER INSERT ON apart BEGIN DELETE FROM unit WHERE id = 99; END",
                "INSERT INTO apart VALUES (2, 2)",
            ),
            {"apart", "unit", "act"},
        ),
    ],
)
def test_what_was_written_is_looked_at(
    statements: tuple[str, ...], tables: set[str], wrapper: DatabaseWrapper
) -> None:
    assert _looked_at(wrapper, *statements) == tables
    assert wrapper.only is None


@pytest.mark.parametrize(
    "wrong",
    [
        "INSERT INTO act VALUES (9, 99)",
        "UPDATE act SET unit = 99 WHERE id = 1",
        "DELETE FROM unit WHERE id = 1",
        "UPDATE unit SET id = 99 WHERE id = 2",
    ],
)
def test_a_row_that_refers_to_nothing_ends_the_migration(wrong: str, wrapper: DatabaseWrapper) -> None:
    with pytest.raises(IntegrityError, match="invalid foreign key"), wrapper.schema_editor() as editor:
        editor.execute(wrong)


def test_control_elsewhere_it_is_not_looked_for_and_outside_of_migrations_it_is(
    wrapper: DatabaseWrapper,
) -> None:
    wrapper.disable_constraint_checking()
    with wrapper.cursor() as cursor:
        cursor.execute("INSERT INTO act VALUES (9, 99)")
    with wrapper.schema_editor() as editor:
        editor.execute("DELETE FROM apart")  # its own tables are whole
    with pytest.raises(IntegrityError, match="invalid foreign key"):
        wrapper.check_constraints()
