"""How many signed and logged answers the server gives to one client over TLS, beside plain answers."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.measure import Figure, child, cpu_of_group, figure, idle_ms
from tests.officer.city import serve

BATCHES = 7
BATCH = 8


def figures() -> Iterator[Figure]:
    """Server CPU for one answer and for one plain GET; the same as answers per second of one core; wall."""
    said = child("benchmarks.answers", str(BATCHES)).said
    floor = "GET /api/ on the same TLS session"
    yield figure("answers.server_cpu", said["query_cpu"], floor, said["get_cpu"], "ms per answer")
    per_core = [[1000 / each for each in said[name]] for name in ("query_cpu", "get_cpu")]
    yield figure("answers.per_second_of_one_core", per_core[0], floor, per_core[1], "1/s")
    yield figure("answers.one_client_wall", said["query_ms"], floor, said["get_ms"], "ms per answer")
    yield figure("answers.idle_control", said["idle_ms"], floor, said["get_ms"], "ms")


def measure(batches: int, home: Path) -> dict[str, list[float]]:
    """Batches of queries and of GETs in turns. A query is as the wire wants it: device proof and an entry of
    the chain go in, a signed bundle and a receipt come out, and all is durable before the answer."""
    from tests.server_stub.knocking import Knocker, OverTls

    served = serve(home)
    assert served.process is not None
    group = served.process.pid
    try:
        device = Knocker(OverTls(served.url, str(served.ca_file)))
        step = device.sign_in(served.account("bank_officer"))
        assert step.body.get("state") == "active", step.body
        rich = next(one for one in served.card["subjects"] if one["why"] == "rich")
        subject = {"kind": "legal", "number": rich["code"]}

        def query() -> None:
            answer = device.query(subject=subject)
            assert answer.status == 201, answer.body

        def get() -> None:
            assert device.over.send("GET", "/api/", {"HYC-Protocol": "1"}, None).status == 200

        taken: dict[str, list[float]] = {"idle_ms": []}
        for name, act in (("query", query), ("get", get)):
            _batch(act, group)
            taken[f"{name}_cpu"], taken[f"{name}_ms"] = [], []
        for _ in range(batches):
            for name, act in (("query", query), ("get", get)):
                wall, cpu = _batch(act, group)
                taken[f"{name}_ms"].append(wall)
                taken[f"{name}_cpu"].append(cpu)
            taken["idle_ms"].append(idle_ms())
        return taken
    finally:
        served.kill()


def _batch(act: Callable[[], None], group: int) -> tuple[float, float]:
    """Wall and server CPU of one of BATCH acts."""
    cpu, began = cpu_of_group(group), time.perf_counter()
    for _ in range(BATCH):
        act()
    wall = (time.perf_counter() - began) * 1000
    return wall / BATCH, (cpu_of_group(group) - cpu) / BATCH


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        print(json.dumps(measure(int(sys.argv[1]), Path(place) / "server")), flush=True)
