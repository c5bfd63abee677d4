"""The index of names over 350,000 made-up units on both engines: making it, its size, what a search costs.

Costs are CPU: of this process, and on PostgreSQL of the process that serves its connection too. Each kind of
search stands beside a scan of the same names on the same engine.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.measure import Figure, child, figure
from tests.own_postgres import cluster

UNITS = 350_000
SEARCHES = 300
SCANS = 9
MOST_S = 1800.0
ENGINES = ("sqlite", "postgresql")
KINDS = ("two", "three_to_six", "one_wrong")


def figures() -> Iterator[Figure]:
    """Build, size, and median and 95th percentile of three kinds of search: SQLite, then PostgreSQL."""
    for engine in ENGINES:
        said = _measured(engine)
        name = f"name_search.{engine}"
        yield figure(
            f"{name}.build", [said["build_s"]], "writing the register alone", [said["register_s"]], "s"
        )
        yield figure(f"{name}.size", [said["index_mb"]], "the names as text", [said["names_mb"]], "MB")
        for kind in KINDS:
            samples, scans = said[f"{kind}_ms"], said[f"{kind}_scan_ms"]
            yield figure(f"{name}.{kind}.p50", samples, "a scan of all names", scans, "ms")
            tail = [statistics.quantiles(samples, n=20)[-1]]
            yield figure(f"{name}.{kind}.p95", tail, "its median", [statistics.median(samples)], "ms")
            refused = said[f"{kind}_refused"]
            yield figure(
                f"{name}.{kind}.refused", [refused], "searches tried", [said[f"{kind}_tried"]], "searches"
            )


def _measured(engine: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as home:
        env = {"HENGXIN_SERVER_HOME": home, "DJANGO_SETTINGS_MODULE": "server_stub.config.settings"}
        if engine == "sqlite":
            return child(
                "benchmarks.name_search", str(UNITS), env=env | {"DATABASE_URL": ""}, most_s=MOST_S
            ).said
        with cluster("fsync=on", "synchronous_commit=on", "autovacuum=on") as url:
            return child(
                "benchmarks.name_search", str(UNITS), env=env | {"DATABASE_URL": url}, most_s=MOST_S
            ).said


def measure(units: int) -> dict[str, Any]:
    """Fill this process' database and search in it."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction

    from app.field.names import normalise, search_key
    from server_stub.subjects.errors import NameTooCommon
    from server_stub.subjects.models import Subject
    from server_stub.subjects.name_index import NameIndex
    from tests.made_names import common_characters, made_names

    call_command("migrate", verbosity=0)
    cpu = _clock(connection)
    names = list(made_names(units))
    keys = [search_key(name) for name in names]
    said: dict[str, Any] = {"names_mb": sum(len(name.encode()) for name in names) / 1e6}
    began = cpu()
    rows = (
        Subject(subject_key=f"{number:026d}", kind="legal", name=name, name_folded=normalise(name))
        for number, name in enumerate(names)
    )
    with transaction.atomic():
        Subject.objects.bulk_create(rows, batch_size=2000)
    said["register_s"] = cpu() - began
    index, before = NameIndex(), _size(connection)
    began = cpu()
    with transaction.atomic():
        index.add({f"{number:026d}": [name] for number, name in enumerate(names)})
    said["build_s"] = cpu() - began
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")
    said["index_mb"] = (_size(connection) - before) / 1e6

    draw = random.Random(5)
    signs = common_characters()[:800]

    def part(low: int, high: int) -> str:
        """A part of a name as an officer types it: it begins in the brand, or in the place before it."""
        key = draw.choice(keys)
        length = draw.randint(low, high)
        place = key.index("示例")
        start = max(0, draw.randint(place - 4, place - 2))
        return key[start : start + length]

    def wrong() -> str:
        key = draw.choice(keys)
        at = draw.randrange(len(key))
        return key[:at] + draw.choice(signs) + key[at + 1 :]

    asked: dict[str, tuple[Callable[[], str], Callable[[str], Any]]] = {
        "two": (lambda: part(2, 2), lambda text: index.find(text, 51)),
        "three_to_six": (lambda: part(3, 6), lambda text: index.find(text, 51)),
        "one_wrong": (wrong, lambda text: index.find(text, 51) or index.alike(text, 51)),
    }
    for kind, (text_of, search) in asked.items():
        texts = [text_of() for _ in range(SEARCHES)]
        taken: list[float] = []
        refused = 0
        for text in texts:
            began = cpu()
            try:
                search(text)
            except NameTooCommon:
                refused += 1
            taken.append((cpu() - began) * 1000)
        scans = []
        for text in texts[:SCANS]:
            began = cpu()
            pattern = text if kind != "one_wrong" else text[: len(text) // 2]
            list(Subject.objects.filter(name__contains=pattern).values_list("pk", "name")[:51])
            Subject.objects.filter(name__contains=pattern).count()
            scans.append((cpu() - began) * 1000)
        said |= {
            f"{kind}_ms": taken,
            f"{kind}_scan_ms": scans,
            f"{kind}_refused": refused,
            f"{kind}_tried": len(texts),
        }
    return said


def _clock(connection: Any) -> Callable[[], float]:
    """CPU seconds so far of all that this process' searches cost."""
    if connection.vendor != "postgresql":
        return time.process_time
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        served = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    return lambda: time.process_time() + int(served.read_text().split()[0]) / 1e9


def _size(connection: Any) -> int:
    """Bytes of the whole database."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
        cursor.execute("PRAGMA page_count")
        pages = int(cursor.fetchone()[0])
        cursor.execute("PRAGMA page_size")
        return pages * int(cursor.fetchone()[0])


if __name__ == "__main__":
    os.umask(0o077)
    print(json.dumps(measure(int(sys.argv[1]))), flush=True)
