"""The full audited query beside the sum of its parts, each part as bare as it can be done, in the same run.

The query goes over TLS, from six devices at once, two of each of three officers: proof, token, link of the
chain, rules, signed answer, leaf and receipt, all on disk before the answer. The parts are done by drivers
and libraries alone, on the same file and the same answers, in a process on the server's core: `python -m
benchmarks.parts PLAN`. They are measured twice: each by itself, over and over (`parts.X`), and as they stand
in a query, one after the other with the flush of each query waited for (`parts.X.in_turn`). Only composing
the document has no barer form than the product's own: there is no other way to know what may be shown. On
PostgreSQL the CPU of the cluster's processes counts on both sides.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from benchmarks import asking, bare_lines, city, serving
from benchmarks.measure import Figure, child, figure
from benchmarks.server import ROUNDS, units

OFFICERS = ("bank1", "bank2", "branch1")
EACH = 60
FLOORS = 240
PARTS = (
    "transport", "proof", "token", "parse", "link", "purpose", "subject", "document", "bundle", "leaf",
    "stored_answer", "commit", "receipt", "encode",
)  # fmt: skip
_WRITTEN = (
    "evidence_leaf", "evidence_node", "evidence_deviceentry", "queries_query",
    "queries_op", "feed_holding",
)  # fmt: skip

_A_RECORD = ("feed_holding",)  # a row for each record of the answer


def _in_turn(part: str) -> str:
    return f"{part}.in_turn"


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
    taken: dict[str, list[float]] = {part: [] for part in (*PARTS, *map(_in_turn, PARTS))}
    for round_no in range(ROUNDS):
        with serving.ours(home) as served:
            cost, bare, sample = _queries(home, served, codes[round_no::ROUNDS])
        full.append(cost)
        for part in ("transport", _in_turn("transport")):
            taken[part].append(bare)
        for part, cpu_ms in _floors(sample).items():
            taken[part].append(cpu_ms)
    whole = [one.cpu_ms for one in full]
    sums, turns = (
        [sum(taken[part][n] for part in parts) for n in range(ROUNDS)]
        for parts in (PARTS, [*map(_in_turn, PARTS)])
    )
    for part in taken:
        yield figure(f"parts.{part}", taken[part], "the whole query", whole, "ms of CPU")
    yield figure("parts.sum", sums, "the whole query", whole, "ms of CPU")
    yield figure("parts.sum.in_turn", turns, "the whole query", whole, "ms of CPU")
    rates = [1000 / one for one in sums]
    yield figure(
        "parts.query", [one.per_core for one in full], "the sum of its parts", rates, "1/s of one core"
    )
    yield figure(
        "parts.query_in_turn",
        [one.per_core for one in full],
        "its parts in turn, each query's flush waited for",
        [1000 / one for one in turns],
        "1/s of one core",
    )
    yield figure("parts.query_at_load", [one.per_second for one in full], "as CPU alone has it", rates, "1/s")


def _queries(home: Path, served: serving.Served, codes: Sequence[str]) -> tuple[asking.Cost, float, Sample]:
    devices = [
        asking.signed_in(home, served.url, served.ca_file, user, beside=beside)
        for beside in (False, True)
        for user in OFFICERS
    ]
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

    beside = bare_lines.line(home).beside_ms
    cost = asking.measured(served.pid, plan, each=EACH, beside=beside)
    bare = asking.measured(
        served.pid, lambda each: asking.peer_plan(served.port, [serving.BARE], served.ca_file, each=each)
    )  # asks no database
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

        from server_stub.jose import proven
        from server_stub.queries.question import read_question

        self.sample, self.home = sample, Path(sample.home)
        self.line = bare_lines.line(self.home)
        self.asked = [json.loads(body) for body in sample.bodies]
        self.codes = [read_question(one["body"]).subject.number for one in self.asked]
        self.jwk = proven(sample.proofs[0], "dpop+jwt")[0].plain()
        self.key = ECKey.import_key(self.jwk).get_op_key("verify")
        # of the latest answers, by table; several rows of a table belong to one query
        self.rows = {table: self.line.latest(table, len(self.asked)) for table in _WRITTEN}
        records = [len(json.loads(row["bundle"])["records"]) for row in self.rows["queries_query"]]
        self.shown = max(sum(records) // len(records), 1)

    def measured(self) -> dict[str, float]:
        acts = self._acts()
        found = {name: self._cpu(act) for name, act in acts.items()}
        return found | self._writes() | {_in_turn(part): cost for part, cost in self._turns(acts).items()}

    def _turns(self, acts: dict[str, Callable[[int], Any]]) -> dict[str, float]:
        """All parts of a query one after the other, its flush at their end, and then the next query: after
        the wait for the disk the processor's caches are another's, for each query as it is served."""
        many, spent = len(self.asked), dict.fromkeys([*acts, "leaf", "stored_answer", "commit"], 0.0)
        with self.line.copies(_WRITTEN) as copies:
            for n in range(self.sample.floors):
                began = self._spent()
                for part, act in acts.items():
                    act(n % many)
                    began = self._noted(spent, part, began)
                copies.run("BEGIN")
                for table in _WRITTEN:
                    self._write(copies, table, self._numbers(table, n))
                    began = self._noted(spent, _part(table), began)
                copies.run("COMMIT")
                self._noted(spent, "commit", began)
        return {part: each / self.sample.floors for part, each in spent.items()}

    def _noted(self, spent: dict[str, float], part: str, began: float) -> float:
        now = self._spent()
        spent[part] += now - began
        return now

    def _cpu(self, act: Callable[[int], Any]) -> float:
        many = len(self.asked)
        act(0)
        began = self._spent()
        for n in range(self.sample.floors):
            act(n % many)
        return (self._spent() - began) / self.sample.floors

    def _spent(self) -> float:
        return time.process_time() * 1000 + self.line.beside_ms()

    def _acts(self) -> dict[str, Callable[[int], Any]]:
        from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
        from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
        from cryptography.hazmat.primitives.hashes import SHA256

        from app.field.records import Signed, read_bundle, write_bundle
        from server_stub import statements
        from server_stub.accounts.sql import _BEHIND
        from server_stub.catalogue.selectors import current
        from server_stub.config.clock import today
        from server_stub.config.keys import keys
        from server_stub.evidence.sql import _NODES, _WANTED
        from server_stub.records.selectors import shown
        from server_stub.rules.selectors import purpose
        from server_stub.subjects.keying import number_hash
        from server_stub.subjects.selectors import card, find_legal
        from server_stub.subjects.sql import _bearers

        seen: set[bytes] = set()
        verify, sign = ECDSA(SHA256()), keys().answers.sign
        every, bearers = self.line.every, _bearers(False, statements.vendor())
        subjects = [find_legal(code) for code in self.codes]
        bundles = [read_bundle(bytes(row["bundle"])) for row in self.rows["queries_query"]]
        payloads = [write_bundle(bundle) for bundle in bundles]
        answers = [
            {"answer": Signed(base64.b64encode(one).decode(), "k" * 24, "s" * 88), "receipts": receipt}
            for one, receipt in zip(payloads, self._receipts(len(payloads)), strict=True)
        ]
        size = every("SELECT size FROM evidence_head")[0][0]
        places = [(level, (size >> level) - 1) for level in range(1, size.bit_length()) if size >> level]
        nodes = (_WANTED + _NODES).format(marks=", ".join("(%s, %s)" for _ in places))
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
            for _, _, step in every(nodes, values):
                hashlib.sha256(b"\1" + step + step).digest()
            sign(b"checkpoint" * 12)

        return {
            "proof": proof,
            "token": lambda n: every(_BEHIND, ("2026-01-01", token_hash, "access")),
            "parse": lambda n: msgspec.json.decode(self.sample.bodies[n]),
            "link": link,
            "purpose": lambda n: purpose(self.asked[n]["body"]["purpose"], on),
            "subject": lambda n: every(bearers, (number_hash("legal", self.codes[n]),)),
            "document": document,
            "bundle": bundle,
            "receipt": receipt,
            "encode": lambda n: msgspec.json.encode(answers[n]),
        }

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
        spent = {"leaf": 0.0, "stored_answer": 0.0, "commit": 0.0}
        with self.line.copies(_WRITTEN) as copies:
            for n in range(self.sample.floors):
                copies.run("BEGIN")
                for table in _WRITTEN:
                    began = self._spent()
                    self._write(copies, table, self._numbers(table, n))
                    self._noted(spent, _part(table), began)
                began = self._spent()
                copies.run("COMMIT")
                self._noted(spent, "commit", began)
        return {part: each / self.sample.floors for part, each in spent.items()}

    def _numbers(self, table: str, n: int) -> range:
        """Keys of the rows that the `n`-th query leaves in a table."""
        return range(n * 1000, n * 1000 + (self.shown if table in _A_RECORD else 1))

    def _write(self, copies: bare_lines.Line, table: str, numbers: range) -> None:
        """Rows of the latest ones under keys of their own."""
        rows = [self._row(table, n) for n in numbers]
        names = ", ".join(f'"{name}"' for name in rows[0])
        marks = ", ".join("%s" for _ in rows[0])
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - tables of our own
        copies.many(sql, [tuple(row.values()) for row in rows])

    def _row(self, table: str, n: int) -> dict[str, Any]:
        row = dict(self.rows[table][n % len(self.rows[table])])
        for key in ("id", "index", "position", "n"):
            if key in row:
                row[key] = n
        for key in ("query_no", "op_id", "leaf", "entry_sha256"):
            if key in row:
                row[key] = hashlib.sha256(f"{key}{n}".encode()).hexdigest()[: len(str(row[key])) or 1]
        return row


def _part(table: str) -> str:
    """The part of a query that a row of this table belongs to."""
    return "leaf" if table.startswith("evidence_") else "stored_answer"


if __name__ == "__main__":
    main()
