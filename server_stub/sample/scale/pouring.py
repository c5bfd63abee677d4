"""Rows into tables as fast as each engine takes them; secondary indexes wait until everything is in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Model

from server_stub.sample.scale.acts import columns


def pour(model: type[Model], rows: Iterable[Sequence[Any]]) -> None:
    """Insert complete rows (server_stub.sample.scale.acts.row_of); call inside a transaction."""
    table, names = model._meta.db_table, ", ".join(f'"{name}"' for name in columns(model))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as stream:
                for row in rows:
                    stream.write_row(row)
        else:
            marks = ", ".join("?" for _ in columns(model))
            # past Django's wrapper, which would look for %s in each row's statement
            cursor.cursor.connection.executemany(
                f'INSERT INTO "{table}" ({names}) VALUES ({marks})',  # noqa: S608 - names of our own models
                rows,
            )


def drop_indexes(models: Sequence[type[Model]], note: Path) -> None:
    """Drop the indexes that are no constraints; how to make them again is noted first, once."""
    if not note.exists():
        half = note.with_suffix(".half")
        half.write_text(json.dumps(_indexes(models), ensure_ascii=False), encoding="utf-8")
        half.replace(note)
    with connection.cursor() as cursor:
        for name in json.loads(note.read_text(encoding="utf-8")):
            cursor.execute(f'DROP INDEX IF EXISTS "{name}"')


def make_indexes(note: Path) -> None:
    """Make again what the note says and is not there."""
    if connection.vendor == "postgresql":
        connection.check_constraints()  # no index is made while references are still to be looked at
    with connection.cursor() as cursor:
        for name, statement in json.loads(note.read_text(encoding="utf-8")).items():
            cursor.execute(f'DROP INDEX IF EXISTS "{name}"')
            cursor.execute(statement)
        cursor.execute("ANALYZE")
    note.unlink()


def _indexes(models: Sequence[type[Model]]) -> dict[str, str]:
    found: dict[str, str] = {}
    with connection.cursor() as cursor:
        for model in models:
            if connection.vendor == "postgresql":
                cursor.execute(
                    "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexname NOT IN "
                    "(SELECT conname FROM pg_constraint)",
                    [model._meta.db_table],
                )
            else:
                cursor.execute(
                    "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s "
                    "AND sql IS NOT NULL",
                    [model._meta.db_table],
                )
            found.update(cursor.fetchall())
    return found
