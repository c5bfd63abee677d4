"""Made-up cities at a size, seeded once and kept in bench-out: every figure about the server needs one."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measure import ROOT

# enterprises, persons, records; `full` is what the city's platform held
SIZES = {
    "small": (2_000, 10_000, 30_000),
    "tenth": (35_000, 167_300, 536_000),
    "full": (350_000, 1_673_000, 5_360_000),
}
SIZE = os.environ.get("HENGXIN_BENCH_CITY", "small")
HOME = "HENGXIN_BENCH_SEEDED"


_COUNTS = (
    "SELECT count(*) FROM subjects_subject WHERE kind = 'legal'",
    "SELECT count(*) FROM subjects_subject WHERE kind = 'person'",
    "SELECT count(*) FROM records_record",
)


@dataclass(frozen=True)
class Seeded:
    """A home that was seeded, what that cost, and how large it is."""

    home: Path
    seconds: float
    cpu_s: float
    megabytes: float
    counts: tuple[int, int, int]


def at(home: Path) -> Seeded:
    """A home that somebody seeded elsewhere, with its counts; what it cost is unknown."""
    with opened(home) as there:
        counts = [next(iter(there(sql)))[0] for sql in _COUNTS]
    return Seeded(home, 0.0, 0.0, _megabytes(home), (counts[0], counts[1], counts[2]))


@contextlib.contextmanager
def opened(home: Path) -> Iterator[Callable[[str], Iterable[tuple[Any, ...]]]]:
    """Statements on the database of a home, read only, past the server."""
    if os.environ.get("DATABASE_URL"):
        import psycopg

        with psycopg.connect(os.environ["DATABASE_URL"]) as server:
            yield lambda sql: server.execute(sql.encode()).fetchall()
        return
    file = sqlite3.connect(f"file:{home / 'server.sqlite3'}?mode=ro", uri=True)
    try:
        yield lambda sql: file.execute(sql).fetchall()
    finally:
        file.close()


def seeded(size: str = SIZE) -> Seeded:
    """The home that HENGXIN_BENCH_SEEDED names; else the city of a size on the engine that DATABASE_URL
    names, made when it is not there yet.

    Raises:
        RuntimeError: when seeding fails; carries what it said.
    """
    if os.environ.get(HOME):
        return at(Path(os.environ[HOME]).resolve())
    engine = "postgresql" if os.environ.get("DATABASE_URL") else "sqlite"
    home = ROOT / "bench-out" / f"city-{engine}-{size}"
    card = home.with_suffix(".json")
    if not card.exists():
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        card.write_text(json.dumps(_seed(home, SIZES[size])), encoding="utf-8")
    told: dict[str, Any] = json.loads(card.read_text(encoding="utf-8"))
    return Seeded(home, told["seconds"], told["cpu_s"], told["megabytes"], SIZES[size])


def _seed(home: Path, counts: tuple[int, int, int]) -> dict[str, float]:
    names = ("--enterprises", "--persons", "--records")
    words = [word for name, count in zip(names, counts, strict=True) for word in (name, str(count))]
    command = [sys.executable, "-m", "server_stub.command", "seed", "--home", str(home), *words]
    before = os.times()
    made = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    after = os.times()
    if made.returncode:
        raise RuntimeError(f"the city was not seeded: {made.returncode}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return {
        "seconds": json.loads(made.stdout)["seconds"],
        "cpu_s": round(cpu, 1),
        "megabytes": _megabytes(home),
    }


def _megabytes(home: Path) -> float:
    if not os.environ.get("DATABASE_URL"):
        return round((home / "server.sqlite3").stat().st_size / 1e6, 1)
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"]) as there:
        row = there.execute("SELECT pg_database_size(current_database())").fetchone()
    assert row is not None
    return round(row[0] / 1e6, 1)
