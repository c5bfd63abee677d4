"""Many rows into one table by one statement: where a row costs little, the object layer would cost most."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Model


def pour(table: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert complete rows in the order of `names`; JSON as text. Call inside a transaction.

    Raises:
        django.db.IntegrityError: as any other way into the table.
    """
    quoted = ", ".join(f'"{name}"' for name in names)
    # past Django's cursor, which would look for %s in each row's statement; its errors are wanted though
    with connection.cursor() as cursor, connection.wrap_database_errors:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({quoted}) FROM STDIN') as stream:
                for row in rows:
                    stream.write_row(row)
        else:
            marks = ", ".join("?" for _ in names)
            cursor.cursor.connection.executemany(
                f'INSERT INTO "{table}" ({quoted}) VALUES ({marks})',  # noqa: S608 - names of our own tables
                rows,
            )


def pour_models(model: type[Model], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows that `row_of` made of unsaved objects of one model."""
    pour(model._meta.db_table, [column for column, _ in _fields(model)], rows)


def row_of(unsaved: Model) -> tuple[Any, ...]:
    """An unsaved object as both engines take it, without a number that the database gives."""
    return tuple([_plain(getattr(unsaved, name)) for _, name in _fields(type(unsaved))])


@cache
def _fields(model: type[Model]) -> tuple[tuple[str, str], ...]:
    given = [
        field for field in model._meta.concrete_fields if not field.db_returning or not field.primary_key
    ]
    return tuple((field.column or field.attname, field.attname) for field in given)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return value
