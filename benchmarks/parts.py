"""The full audited query beside the sum of its parts, each part as bare as it can be done, in the same run.

The query goes over TLS, from three officers' devices at once: proof, token, link of the chain, rules,
signed answer, leaf and receipt, all on disk before the answer. The parts are done by drivers and libraries
alone, on the same file and the same answers: `python -m benchmarks.parts PLAN` in a process on the
server's core. Only composing the document has no barer form than the product's own: there is no other way
to know what may be shown. SQLite only: on PostgreSQL most of the cost is another process'.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from benchmarks import asking, city, serving
from benchmarks.measure import Figure, child, figure
from benchmarks.server import ROUNDS, units

OFFICERS = ("bank1", "bank2", "branch1")
EACH = 120
FLOORS = 240
PARTS = (
    "transport", "proof", "token", "parse", "link", "purpose", "subject", "document", "bundle", "leaf",
    "stored_answer", "commit", "receipt", "encode",
)  # fmt: skip
_WRITTEN = (
    "evidence_leaf", "evidence_node", "evidence_deviceentry", "queries_query", "queries_queryrecord",
    "queries_op", "feed_holding",
)  # fmt: skip


class Sample(msgspec.Struct):
    """What the parts are done on: the home, bodies of queries that were answered, and their proofs."""

    home: str
    bodies: list[str]
    proofs: list[str]
    token: str
    user: str
    floors: int = FLOORS


def figures() -> Iterator[Figure]:
    """CPU of a query, of each part and of their sum; answers a second."""
    home = city.seeded().home
    codes, _ = units(home)
    full: list[asking.Cost] = []
    taken: dict[str, list[float]] = {part: [] for part in PARTS}
    for round_no in range(ROUNDS):
        with serving.ours(home) as served:
            cost, bare, sample = _queries(home, served, codes[round_no::ROUNDS])
        full.append(cost)
        taken["transport"].append(bare)
        for part, cpu_ms in _floors(sample).items():
            taken[part].append(cpu_ms)
    whole = [one.cpu_ms for one in full]
    sums = [sum(taken[part][n] for part in PARTS) for n in range(ROUNDS)]
    for part in PARTS:
        yield figure(f"parts.{part}", taken[part], "the whole query", whole, "ms of CPU")
    yield figure("parts.sum", sums, "the whole query", whole, "ms of CPU")
    rates = [1000 / one for one in sums]
    yield figure(
        "parts.query", [one.per_core for one in full], "the sum of its parts", rates, "1/s of one core"
    )
    yield figure("parts.query_at_load", [one.per_second for one in full], "as CPU alone has it", rates, "1/s")


def _queries(home: Path, served: serving.Served, codes: Sequence[str]) -> tuple[asking.Cost, float, Sample]:
    devices = [asking.signed_in(home, served.url, served.ca_file, user) for user in OFFICERS]
    bodies: list[str] = []

    def plan(each: int) -> asking.Plan:
        chosen = [codes[n % len(codes)] for n in range(each)]
        plans = []
        for device in devices:
            made = asking.queries(device, chosen)
            bodies[:] = made
            plans.append(
                asking.our_plan(device, "/api/v1/queries", made, served.ca_file, each=each, connections=1)
            )
        requests = [one.requests[0] for one in plans]
        return msgspec.structs.replace(plans[0], requests=requests)

    cost = asking.measured(served.pid, plan, each=EACH)
    bare = asking.measured(
        served.pid, lambda each: asking.peer_plan(served.port, [serving.BARE], served.ca_file, each=each)
    )
    last = devices[-1]
    proofs = [last.proof("POST", "/api/v1/queries", last.token) for _ in bodies]
    return cost, bare.cpu_ms, Sample(str(home), bodies, proofs, last.token, last.user)


def _floors(sample: Sample) -> dict[str, float]:
    plan = Path(sample.home).parent / "parts.json"
    plan.write_bytes(msgspec.json.encode(sample))
    env = {"HENGXIN_SERVER_HOME": sample.home, "DJANGO_SETTINGS_MODULE": "server_stub.config.settings"}
    try:
        said: dict[str, float] = child("benchmarks.parts", str(plan), env=env).said
    finally:
        plan.unlink()
    return said


def main() -> None:
    os.sched_setaffinity(0, {serving.SERVER_CORE})
    import django

    django.setup()
    sample = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Sample)
    print(json.dumps(_Bare(sample).measured()), flush=True)


class _Bare:
    """Each part by itself; CPU milliseconds a query."""

    def __init__(self, sample: Sample) -> None:
        from joserfc.jwk import ECKey

        from server_stub.jose import taken_apart
        from server_stub.queries.question import read_question

        self.sample, self.home = sample, Path(sample.home)
        self.file = sqlite3.connect(self.home / "server.sqlite3", isolation_level=None)
        self.file.execute("PRAGMA cache_size=-16384")
        self.asked = [json.loads(body) for body in sample.bodies]
        self.codes = [read_question(one["body"]).subject.number for one in self.asked]
        self.jwk = taken_apart(sample.proofs[0]).header["jwk"]
        self.key = ECKey.import_key(self.jwk).get_op_key("verify")
        self.rows = self._rows()

    def measured(self) -> dict[str, float]:
        found = {name: self._cpu(act) for name, act in self._acts().items()}
        return found | self._writes()

    def _cpu(self, act: Callable[[int], Any]) -> float:
        many = len(self.asked)
        act(0)
        began = time.process_time()
        for n in range(self.sample.floors):
            act(n % many)
        return (time.process_time() - began) * 1000 / self.sample.floors

    def _acts(self) -> dict[str, Callable[[int], Any]]:
        from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
        from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
        from cryptography.hazmat.primitives.hashes import SHA256

        from app.field.records import Signed, read_bundle, write_bundle
        from server_stub.accounts.sql import _BEHIND
        from server_stub.catalogue.selectors import current
        from server_stub.config.clock import today
        from server_stub.config.keys import keys
        from server_stub.evidence.sql import _NODES
        from server_stub.records.selectors import shown
        from server_stub.rules.selectors import purpose
        from server_stub.subjects.keying import number_hash
        from server_stub.subjects.selectors import card, find_legal
        from server_stub.subjects.sql import _bearers

        seen: set[bytes] = set()
        verify, sign = ECDSA(SHA256()), keys().answers.sign
        behind, bearers = _BEHIND.replace("%s", "?"), _bearers(False, "sqlite").replace("%s", "?")
        subjects = [find_legal(code) for code in self.codes]
        bundles = [read_bundle(bytes(row["bundle"])) for row in self.rows["queries_query"]]
        payloads = [write_bundle(bundle) for bundle in bundles]
        answers = [
            {"answer": Signed(base64.b64encode(one).decode(), "k" * 24, "s" * 88), "receipts": receipt}
            for one, receipt in zip(payloads, self._receipts(len(payloads)), strict=True)
        ]
        size = self.file.execute("SELECT size FROM evidence_head").fetchone()[0]
        places = [(level, (size >> level) - 1) for level in range(1, size.bit_length()) if size >> level]
        nodes = _NODES.format(marks=", ".join("(?, ?)" for _ in places))
        values = [number for place in places for number in place]
        on, held = today(), current()
        token_hash = hashlib.sha256(self.sample.token.encode()).hexdigest()

        def signature(text: str) -> bytes:
            head, body, mark = text.split(".")
            raw = base64.urlsafe_b64decode(mark + "==")
            whole = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
            self.key.verify(encode_dss_signature(*whole), f"{head}.{body}".encode(), verify)
            msgspec.json.decode(base64.urlsafe_b64decode(head + "=="))
            return base64.urlsafe_b64decode(body + "==")

        def proof(n: int) -> None:
            claims = msgspec.json.decode(signature(self.sample.proofs[n]))
            hashlib.sha256(self.sample.token.encode()).digest()
            seen.add(hashlib.sha256(claims["jti"].encode()).digest())

        def link(n: int) -> None:
            hashlib.sha256(signature(self.asked[n]["entries"][0])).hexdigest()
            msgspec.json.encode(self.asked[n]["body"], order="sorted")

        def document(n: int) -> None:
            subject = subjects[n]
            assert subject is not None
            card(subject)
            shown(subject, role="bank_officer", organisation_kind="bank", on=on, catalogue=held)

        def bundle(n: int) -> None:
            payload = write_bundle(bundles[n])
            hashlib.sha256(payload).hexdigest()
            base64.b64encode(payload), base64.b64encode(sign(payload))

        def receipt(n: int) -> None:
            steps = self.file.execute(nodes, values).fetchall()
            for _, _, step in steps:
                hashlib.sha256(b"\1" + step + step).digest()
            sign(b"checkpoint" * 12)

        return {
            "proof": proof,
            "token": lambda n: self.file.execute(behind, ("2026", token_hash, "access")).fetchone(),
            "parse": lambda n: msgspec.json.decode(self.sample.bodies[n]),
            "link": link,
            "purpose": lambda n: purpose(self.asked[n]["body"]["purpose"], on),
            "subject": lambda n: self.file.execute(
                bearers, (number_hash("legal", self.codes[n]),)
            ).fetchall(),
            "document": document,
            "bundle": bundle,
            "receipt": receipt,
            "encode": lambda n: msgspec.json.encode(answers[n]),
        }

    def _rows(self) -> dict[str, list[dict[str, Any]]]:
        """The rows of the latest answers, by table; several of a table belong to one query."""
        self.file.row_factory = sqlite3.Row
        found: dict[str, list[dict[str, Any]]] = {}
        for table in _WRITTEN:
            rows = self.file.execute(f"SELECT * FROM {table} ORDER BY rowid DESC LIMIT ?", (len(self.asked),))  # noqa: S608
            found[table] = [dict(row) for row in rows]
        self.file.row_factory = None
        return found

    def _receipts(self, many: int) -> list[Any]:
        entries = [msgspec.json.decode(row["entry"]) for row in self.rows["evidence_leaf"]]
        steps = ["0" * 64] * 12
        return [
            {
                "entry": entries[n % len(entries)],
                "blind": "0" * 64,
                "checkpoint": "x" * 260,
                "inclusion": steps,
            }
            for n in range(many)
        ]

    def _writes(self) -> dict[str, float]:
        """The rows of a query in one transaction of an empty file with the same tables, flushed like ours."""
        records = [len(json.loads(row["bundle"])["records"]) for row in self.rows["queries_query"]]
        a_query = max(sum(records) // len(records), 1)
        many = {"queries_queryrecord": a_query, "feed_holding": a_query}
        place = self.home.parent / "parts.sqlite3"
        scratch = sqlite3.connect(place, isolation_level=None)
        try:
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-16384"):
                scratch.execute(f"PRAGMA {pragma}")
            self._make(scratch)
            spent = {"leaf": 0.0, "stored_answer": 0.0, "commit": 0.0}
            for n in range(self.sample.floors):
                scratch.execute("BEGIN IMMEDIATE")
                for table in _WRITTEN:
                    part = "leaf" if table.startswith("evidence_") else "stored_answer"
                    began = time.process_time()
                    for again in range(many.get(table, 1)):
                        self._write(scratch, table, n * 1000 + again)
                    spent[part] += time.process_time() - began
                began = time.process_time()
                scratch.execute("COMMIT")
                spent["commit"] += time.process_time() - began
            return {part: seconds * 1000 / self.sample.floors for part, seconds in spent.items()}
        finally:
            scratch.close()
            for end in ("", "-wal", "-shm"):
                Path(f"{place}{end}").unlink(missing_ok=True)

    def _make(self, scratch: sqlite3.Connection) -> None:
        made = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type IN ('table', 'index') AND sql <> ''"
        for table in _WRITTEN:
            for (sql,) in self.file.execute(made, (table,)).fetchall():
                scratch.execute(re.sub(r" REFERENCES [^,)]*\([^)]*\)[^,)]*", "", sql))

    def _write(self, scratch: sqlite3.Connection, table: str, n: int) -> None:
        """A row of the latest ones under a key of its own."""
        row = dict(self.rows[table][n % len(self.rows[table])])
        for key in ("id", "index", "position", "n"):
            if key in row:
                row[key] = n
        for key in ("query_no", "op_id", "leaf", "entry_sha256"):
            if key in row:
                row[key] = hashlib.sha256(f"{key}{n}".encode()).hexdigest()[: len(str(row[key])) or 1]
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" for _ in row)
        scratch.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(row.values()))  # noqa: S608


if __name__ == "__main__":
    main()
