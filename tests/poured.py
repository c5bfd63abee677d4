"""The made-up city in a test's database: loaded once by a worker, afterwards poured in from memory."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import connection

from app.field.names import pairs
from server_stub.config.clock import now, today
from server_stub.config.keys import keys
from server_stub.sample import Sample, load
from server_stub.statements import every
from server_stub.subjects.name_index import tokens_of_engine
from tests import engines

INDEX = "subjects_name_fts"  # written by its own words, never row by row
_kept: dict[Any, tuple[Sample, dict[str, list[tuple[Any, ...]]]]] = {}


def poured() -> Sample:
    """What `load("small")` gives, from the second time on out of memory. On PostgreSQL it is loaded each
    time, for rows put in by number leave the sequences behind."""
    if engines.on_postgres():
        return load("small")
    asked = (keys().route, settings.HENGXIN_ARGON2, _moment())
    if asked not in _kept:
        empty = rows()
        sample = load("small")
        new = {
            table: [row for row in held if row not in empty.get(table, ())] for table, held in rows().items()
        }
        _kept[asked] = copy.deepcopy(sample), {table: held for table, held in new.items() if held}
        return sample
    sample, tables = _kept[asked]
    with connection.cursor() as cursor:
        for table, held in tables.items():
            places = ", ".join(["%s"] * len(held[0]))
            cursor.executemany(f'INSERT OR REPLACE INTO "{table}" VALUES ({places})', held)
    names = every("SELECT id, key FROM subjects_indexedname")
    tokens_of_engine().write((number, pairs(key)) for number, key in names)
    return copy.deepcopy(sample)


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that has any; the name index apart."""
    found = every("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    names = [name for (name,) in found if not name.startswith((INDEX, "sqlite_", "django_"))]
    tables = {name: every(f'SELECT * FROM "{name}" ORDER BY 1') for name in names}
    return {name: held for name, held in tables.items() if held}


def _moment() -> datetime | Any:
    """Under the real clock a city of the same day will do; a clock of a test's own means its moment."""
    real = abs((now() - datetime.now(UTC)).total_seconds()) < 60
    return today() if real else now()
