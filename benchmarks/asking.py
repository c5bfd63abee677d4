"""What a load asks: requests of a signed-in officer made beforehand, each with a proof of its own, and the
same questions to a peer."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from benchmarks import serving
from benchmarks.load import Plan, Seen
from benchmarks.measure import ROOT, cpu_of_tree
from tests.server_stub.knocking import Knocker, OverTls, Transport, query_body

CONNECTIONS, EACH, WARM, SECONDS = 8, 150, 12, 60.0


@dataclass(frozen=True)
class Cost:
    """What answering one request cost: CPU of the serving processes in ms, answers a second under load."""

    cpu_ms: float
    per_second: float

    @property
    def per_core(self) -> float:
        """Answers a second of one core that does nothing else."""
        return 1000 / self.cpu_ms


def signed_in(home: Path, url: str, ca_file: str, user: str = "bank1", *, beside: bool = False) -> Knocker:
    """A device of a bank officer, enrolled with a code that the command gives; his others are revoked unless
    this one is to stand `beside` them.

    Raises:
        RuntimeError: when he is not let in.
    """
    return signed_in_over(OverTls(url, ca_file), home, user, beside=beside)


def signed_in_over(over: Transport, home: Path, user: str = "bank1", *, beside: bool = False) -> Knocker:
    """The same over any line."""
    accounts = json.loads((home / "sample.json").read_text())["accounts"]
    account = next(one for one in accounts if one["user"] == user)
    command = [sys.executable, "-m", "server_stub.command", "device", "--home", str(home)]
    listed = subprocess.run([*command, "list", account["user"]], capture_output=True, text=True, check=True)
    for line in listed.stdout.splitlines():
        device = json.loads(line)
        if device["state"] != "revoked" and not beside:
            subprocess.run([*command, "revoke", device["device_id"]], capture_output=True, check=True)
    code = subprocess.run([*command, "code", account["user"]], capture_output=True, text=True, check=True)
    account = {**account, "enrolment_code": json.loads(code.stdout)["enrolment_code"]}
    device = Knocker(over)
    step = device.sign_in(account)
    if step.code == "code-wrong":  # one code opens once, and a round may be shorter than its half minute
        time.sleep(31 - time.time() % 30)
        step = device.sign_in(account)
    if step.body.get("state") != "active":
        raise RuntimeError(f"not signed in: {step.body}")
    return device


def measured(
    pid: int,
    plan_of: Callable[[int], Plan],
    each: int = EACH,
    beside: Callable[[], float] = lambda: 0.0,
) -> Cost:
    """Load a server with `plan_of(requests a connection)`, after a short load that is thrown away. `beside`:
    milliseconds of CPU so far of processes that work for it.

    Raises:
        RuntimeError: when an answer was not as expected.
    """
    _load(plan_of(WARM))
    plan = plan_of(each)
    before = cpu_of_tree(pid) + beside()
    seen = _load(plan)
    return Cost((cpu_of_tree(pid) + beside() - before) / seen.good, seen.good / seen.seconds)


def documents(codes: Sequence[str]) -> list[str]:
    """Bodies for the benchmark's own door: the whole document of a unit."""
    return [json.dumps({"code": code}) for code in codes]


def searches(names: Sequence[str]) -> list[str]:
    """Bodies of /candidates."""
    return [_written({"op_id": str(uuid.uuid4()), "text": name, "purpose": "B01"}) for name in names]


def queries(device: Knocker, codes: Iterable[str]) -> list[str]:
    """Bodies of /queries: each carries the next link of the device's chain, so they hold in this order."""
    bodies = []
    for code in codes:
        asked = query_body(subject={"kind": "legal", "number": code})
        op_id = str(uuid.uuid4())
        link = device.link("query", op_id, asked, purpose=asked["purpose"])
        bodies.append(_written({"entries": [link], "op_id": op_id, "body": asked, "tree_size": 0}))
    return bodies


def _written(body: dict[str, Any]) -> str:
    """A body as the client writes it: no character escaped that need not be."""
    return msgspec.json.encode(body).decode()


def our_plan(
    device: Knocker,
    path: str,
    bodies: Sequence[str],
    ca_file: str,
    *,
    each: int,
    connections: int = CONNECTIONS,
) -> Plan:
    """`each` requests for each of the connections, going round the bodies."""
    port = int(device.over.base.rpartition(":")[2])
    per = [
        [_post(device, path, bodies[(at * each + number) % len(bodies)]) for number in range(each)]
        for at in range(connections)
    ]
    expected = 201 if path == "/api/v1/queries" else 200
    return Plan("localhost", port, per, expected, SECONDS, ca_file, core=serving.LOAD_CORE)


def peer_plan(port: int, paths: Sequence[str], ca_file: str, *, each: int) -> Plan:
    """The same for a peer that is asked by address."""
    texts = [f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n" for path in paths]
    per = [[texts[(at * each + number) % len(texts)] for number in range(each)] for at in range(CONNECTIONS)]
    return Plan("localhost", port, per, 200, SECONDS, ca_file, core=serving.LOAD_CORE)


def _post(device: Knocker, path: str, body: str) -> str:
    raw = body.encode()
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: {device.over.base.removeprefix('https://')}",
        "Content-Type: application/json",
        f"Content-Length: {len(raw)}",
        "HYC-Protocol: 1",
        f"X-Request-ID: {uuid.uuid4()}",
        f"Authorization: DPoP {device.token}",
        f"DPoP: {device.proof('POST', path, device.token)}",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode().decode("latin-1") + raw.decode("latin-1")


def _load(plan: Plan) -> Seen:
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        Path(file.name).write_bytes(msgspec.json.encode(plan))
        command = [sys.executable, "-m", "benchmarks.load", file.name]
        said: Any = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    seen = msgspec.json.decode(said, type=Seen)
    if seen.bad or not seen.good:
        raise RuntimeError(f"{seen.bad} answers were not as expected: {seen.first_bad}")
    return seen
