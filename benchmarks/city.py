"""Made-up cities at a size, seeded once and kept in bench-out: every figure about the server needs one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
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


@dataclass(frozen=True)
class Seeded:
    """A home that was seeded, what that cost, and how large it is."""

    home: Path
    seconds: float
    cpu_s: float
    megabytes: float
    counts: tuple[int, int, int]


def seeded(size: str = SIZE) -> Seeded:
    """The city of a size on the engine that DATABASE_URL names; made when it is not there yet.

    Raises:
        RuntimeError: when seeding fails; carries what it said.
    """
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
