"""The server at the city's scale, beside datasette on the same file.

HENGXIN_BENCH_CITY=small|tenth|full chooses the city (small by default; seeding the full one takes a quarter
of an hour, and it stays in bench-out). Server and load have a core each; ours speaks TLS and proves who asks,
datasette does neither.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

import msgspec

from benchmarks import city, serving
from benchmarks.load import Plan, Seen
from benchmarks.measure import ROOT, Figure, figure
from tests.server_stub.knocking import Knocker, OverTls

ROUNDS, CONNECTIONS, EACH, SECONDS = 5, 8, 150, 8.0
_JOIN = (
    "select s.subject_key, s.name, s.code, s.state, r.*, v.payload from subjects_subject s"
    " join records_record r on r.subject_key = s.subject_key"
    " join records_revision v on v.record_id = r.rec_id and v.rev = r.rev where s.code = :code"
)
_SEARCH = (
    "select s.subject_key, s.name, s.code, s.state from subjects_name_fts f"
    " join subjects_indexedname n on n.id = f.rowid join subjects_subject s on s.subject_key = n.subject_id"
    " where subjects_name_fts match :tokens and instr(n.key, :key) > 0 limit 50"
)


def figures() -> Iterator[Figure]:
    """Requests a second of one core: the document and the candidates, ours and datasette's, in turns."""
    place = city.seeded()
    yield figure(
        "server.seed_cpu", [place.cpu_s], "records seeded, in thousands", [place.counts[2] / 1000], "s"
    )
    yield figure(
        "server.disk", [place.megabytes], "records seeded, in thousands", [place.counts[2] / 1000], "MB"
    )
    codes, names = _units(place.home)
    documents: list[tuple[float, float]] = []
    searches: list[tuple[float, float]] = []
    for _ in range(ROUNDS):
        with serving.ours(place.home) as (url, ca_file):
            device = _signed_in(place.home, url, ca_file)
            ours = _load(_document_plan(device, codes, ca_file)), _load(_search_plan(device, names, ca_file))
        with serving.datasette(place.home, {"document": _JOIN, "search": _SEARCH}) as port:
            theirs = _load(_peer_plan(port, "document", codes)), _load(_peer_plan(port, "search", names))
        documents.append((_rate(ours[0]), _rate(theirs[0])))
        searches.append((_rate(ours[1]), _rate(theirs[1])))
    for name, pairs in (("document", documents), ("candidates", searches)):
        mine, other = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        yield figure(
            f"server.{name}", mine, "datasette on the same file, without TLS or sign-in", other, "1/s"
        )


def _units(home: Path) -> tuple[list[str], list[str]]:
    """Codes of units all over the register, and the brands (two characters) of as many."""
    with sqlite3.connect(f"file:{home / 'server.sqlite3'}?mode=ro", uri=True) as there:
        rows = there.execute(
            "SELECT code, substr(name, 3, 2) FROM subjects_subject WHERE kind = 'legal' AND code <> ''"
            " ORDER BY subject_key LIMIT 6000"
        ).fetchall()
    chosen = rows[:: max(len(rows) // 600, 1)]
    return [code for code, _ in chosen], [brand for _, brand in chosen]


def _signed_in(home: Path, url: str, ca_file: str) -> Knocker:
    """A bank officer's device; each round enrols one with a code that the command gives."""
    account = next(
        one
        for one in json.loads((home / "sample.json").read_text())["accounts"]
        if one["role"] == "bank_officer"
    )
    command = [sys.executable, "-m", "server_stub.command", "device", "--home", str(home)]
    listed = subprocess.run([*command, "list", account["user"]], capture_output=True, text=True, check=True)
    for line in listed.stdout.splitlines():
        device = json.loads(line)
        if device["state"] != "revoked":
            subprocess.run([*command, "revoke", device["device_id"]], capture_output=True, check=True)
    code = subprocess.run([*command, "code", account["user"]], capture_output=True, text=True, check=True)
    account = {**account, "enrolment_code": json.loads(code.stdout)["enrolment_code"]}
    device = Knocker(OverTls(url, ca_file))
    step = device.sign_in(account)
    if step.body.get("state") != "active":
        raise RuntimeError(f"not signed in: {step.body}")
    return device


def _document_plan(device: Knocker, codes: Sequence[str], ca_file: str) -> Plan:
    bodies = [json.dumps({"code": code}) for code in codes]
    return _our_plan(device, serving.DOCUMENT, bodies, ca_file)


def _search_plan(device: Knocker, names: Sequence[str], ca_file: str) -> Plan:
    bodies = [json.dumps({"op_id": str(uuid.uuid4()), "text": name, "purpose": "B01"}) for name in names]
    return _our_plan(device, "/api/v1/candidates", bodies, ca_file)


def _our_plan(device: Knocker, path: str, bodies: Sequence[str], ca_file: str) -> Plan:
    """Requests made beforehand, each with a proof of its own."""
    port = int(device.over.base.rpartition(":")[2])
    requests = [
        [_post(device, path, bodies[(at * EACH + number) % len(bodies)]) for number in range(EACH)]
        for at in range(CONNECTIONS)
    ]
    return Plan("localhost", port, requests, 200, SECONDS, ca_file, core=serving.LOAD_CORE)


def _post(device: Knocker, path: str, body: str) -> str:
    raw = body.encode()
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: {device.over.base.removeprefix('https://')}",
        "Content-Type: application/json",
        f"Content-Length: {len(raw)}",
        "HYC-Protocol: 1",
        f"Authorization: DPoP {device.token}",
        f"DPoP: {device.proof('POST', path, device.token)}",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode().decode("latin-1") + raw.decode("latin-1")


def _peer_plan(port: int, query: str, wanted: Sequence[str]) -> Plan:
    paths = [f"/server/{query}.json?_shape=array&{_asked(query, one)}" for one in wanted]
    texts = [f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n" for path in paths]
    per = [[texts[(at * EACH + number) % len(texts)] for number in range(EACH)] for at in range(CONNECTIONS)]
    return Plan("127.0.0.1", port, per, 200, SECONDS, core=serving.LOAD_CORE)


def _asked(query: str, one: str) -> str:
    if query == "document":
        return f"code={one}"
    from app.field.names import pairs, search_key
    from server_stub.subjects.name_index_sqlite import _query

    tokens = _query(list(pairs(one)), "AND")
    return f"tokens={quote(tokens)}&key={quote(search_key(one))}"


def _load(plan: Plan) -> Seen:
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        Path(file.name).write_bytes(msgspec.json.encode(plan))
        command = [sys.executable, "-m", "benchmarks.load", file.name]
        said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    seen = msgspec.json.decode(said, type=Seen)
    if seen.bad or not seen.good:
        raise RuntimeError(f"{seen.bad} answers were not as expected: {seen.first_bad}")
    return seen


def _rate(seen: Seen) -> float:
    return seen.good / seen.seconds
