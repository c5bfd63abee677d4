"""Every operation for every kind of caller, as one table that can be read.

The question asked in `POST /api/v1/queries` is about an enterprise that is nobody's own and without a letter;
reports are issued for the caller's own earlier query. Enrolling and waiting carry a ticket that is not
theirs; a suspended officer gets no challenge, so no code of theirs can fit one. Parts of an upload go to the
caller's own.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from server_stub.accounts.models import Device, Officer
from server_stub.accounts.services import revoke
from server_stub.config.clock import clock, now, today
from server_stub.evidence.models import Leaf
from server_stub.jobs.describing import described
from server_stub.sample import Sample
from tests.furnished import furnished
from tests.poured import poured
from tests.server_stub.api.test_sign_in import payload
from tests.server_stub.in_process import InProcess
from tests.server_stub.knocking import Answer, Knocker, query_body, totp_now
from tests.server_stub.own_seals import seal_kept

PROOF = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
TABLE = Path(__file__).with_name("roles.csv")
CALLERS = {
    "bank_officer": "bank_officer",
    "government_officer": "government_officer",
    "enterprise_officer": "enterprise_officer",
    "centre_staff": "centre_staff",
    "anonymous": "",
    "suspended": "bank_officer",
    "revoked_device": "bank_officer",
}


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def operations() -> set[str]:
    document = json.loads(described())
    return {f"{method.upper()} {path}" for path, ops in document["paths"].items() for method in ops}


def gaps(table: list[dict[str, str]], routes: set[str]) -> set[str]:
    """Operations without a row and rows without an operation."""
    return {row["operation"] for row in table} ^ routes


def test_every_operation_has_a_row_and_every_row_an_operation() -> None:
    assert gaps(rows(), operations()) == set()
    assert set(rows()[0]) == {"operation", *CALLERS}


def test_control_a_missing_row_and_a_stale_row_are_found() -> None:
    table = [row for row in rows() if row["operation"] != "POST /api/v1/queries"]
    table.append({"operation": "POST /api/v1/old"})
    assert gaps(table, operations()) == {"POST /api/v1/queries", "POST /api/v1/old"}


class Caller:
    """One kind of caller with what it needs to try every operation."""

    def __init__(self, city: Sample, kind: str) -> None:
        role = CALLERS[kind]
        self.city = city
        self.account = next((row for row in city.accounts if row["role"] == role), None)
        self.knocker = Knocker(InProcess())
        self.purpose, self.query_no, self.upload_url = "B01", "", f"/api/v1/uploads/{'0' * 32}"
        self.rec_id = ""
        if self.account is not None:
            assert self.knocker.sign_in(self.account).body["state"] == "active"
            policy: Any = payload(self.knocker.session["policy"])
            self.purpose = policy["purposes"][0]["code"]
            own = "certified" if role == "enterprise_officer" else "rich"
            asked = self.knocker.query(subject=self.legal(own), purpose=self.purpose)
            self.query_no = asked.body["query_no"]
            self.rec_id = str(payload(asked.body["answer"])["records"][0]["rec_id"])
            begun = self.knocker.call("POST", "/api/v1/uploads", self._upload(str(uuid.uuid4())))
            self.upload_url = begun.body["upload_url"]

    def legal(self, why: str) -> dict[str, str]:
        code = next(row["code"] for row in self.city.subjects if row["why"] == why)
        return {"kind": "legal", "number": code}

    def link(self, kind: str, op_id: str, body: Any, **facts: Any) -> str:
        return self.knocker.link(kind, op_id, body, **facts)

    def ask(self, operation: str) -> Answer:
        method, path = operation.split(" ")
        signed = self.knocker.token != "" and "/sign-in/" not in path and path != "/api/v1/tokens"
        public = path in {"/api/", "/api/v1/reports/verify"} or path.startswith("/api/v1/log/c")
        public = public or path in {"/api/v1/log/proof", "/api/v1/log/restorations"}
        body = self.body(path)
        query = {} if body is not None else self.parameters(path)
        signed = signed and not public
        if path.startswith("/api/v1/uploads/"):
            part = PROOF if method == "PATCH" else b""
            headers = {"Upload-Offset": "0"} if method == "PATCH" else {}
            return self.knocker.bare(method, self.upload_url, part, headers)
        answer = self.knocker.call(method, path, body, signed=signed, proven=not public, **query)
        if path == "/api/v1/tokens" and answer.status == 200:
            self.knocker.token = answer.body["access_token"]
        return answer

    def parameters(self, path: str) -> dict[str, Any]:
        if path.endswith("consistency"):
            return {"from": 1, "to": 2}
        if path.endswith("proof"):
            return {"leaf": Leaf.objects.get(index=0).leaf}
        return {}

    def body(self, path: str) -> Any:
        makers: dict[str, Callable[[str], Any]] = {
            "/api/v1/reports/verify": lambda op: {"number": "HYXYP"},
            "/api/v1/candidates": lambda op: {"op_id": op, "text": "衡阳泽屿", "purpose": self.purpose},
            "/api/v1/letters": self._letter,
            "/api/v1/queries": self._query,
            "/api/v1/reports": self._report,
            "/api/v1/reports/void": self._void,
            "/api/v1/screenings": self._screening,
            "/api/v1/log/entries": lambda op: {"entries": [self.link("screen", op, {})], "tree_size": 0},
            "/api/v1/uploads": self._upload,
            "/api/v1/repairs/standing": lambda op: {"query_no": self.query_no, "rec_id": self.rec_id},
            "/api/v1/outbox": lambda op: {"items": []},
            "/api/v1/reconcile": lambda op: {"copies": []},
            "/api/v1/sign-in/password": self._password,
            "/api/v1/sign-in/code": self._code,
            "/api/v1/sign-in/enrol": lambda op: {"ticket": op, "enrolment_code": op, "device_name": "x"},
            "/api/v1/sign-in/wait": lambda op: {"ticket": op},
            "/api/v1/tokens": lambda op: {"refresh_token": self.knocker.refresh or op},
            "/api/v1/sign-out": lambda op: {},
        }
        maker = makers.get(path)
        return maker(str(uuid.uuid4())) if maker else None

    def _upload(self, op_id: str) -> dict[str, Any]:
        return {"op_id": op_id, "size": len(PROOF), "sha256": hashlib.sha256(PROOF).hexdigest()}

    def _letter(self, op_id: str) -> dict[str, Any]:
        day = today().isoformat()
        card = {
            "authoriser_name": "测试",
            "id_type": "uscc",
            "id_number": "x",
            "institution": self.knocker.session["user"]["organisation_name"] if self.knocker.session else "x",
        }
        card |= {"scope": "x", "signed_on": day, "valid_from": day, "valid_to": day, "kind": "single"}
        scan = base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()
        return {"op_id": op_id, "letter": {**card, "purposes": ["B01"]}, "scan_name": "x", "scan_b64": scan}

    def _query(self, op_id: str) -> dict[str, Any]:
        body = query_body(subject=self.legal("heavy"), purpose=self.purpose)
        link = self.link("query", op_id, body, purpose=self.purpose)
        return {"entries": [link], "op_id": op_id, "body": body, "tree_size": 0}

    def _screening(self, op_id: str) -> dict[str, Any]:
        rows = [{"code": self.legal("heavy")["number"], "name": ""}]
        body = {"rows": rows, "purpose": self.purpose, "case_no": "示例", "lists": [], "salt": op_id}
        link = self.link("screen", op_id, body, purpose=self.purpose)
        return {"entries": [link], "op_id": op_id, "body": body, "tree_size": 0}

    def _report(self, op_id: str) -> dict[str, Any]:
        body = {"query_no": self.query_no, "template": "standard", "language": "zh_CN"}
        body["receiver"] = {"kind": "subject", "name": ""}
        link = self.link("issue", op_id, body, query_no=self.query_no)
        return {"entries": [link], "op_id": op_id, "body": body, "tree_size": 0}

    def _void(self, op_id: str) -> dict[str, Any]:
        """Of a report that is none of this unit's."""
        body = {"number": "HYXYE", "why": "示例"}
        return {"entries": [self.link("void", op_id, body)], "op_id": op_id, "body": body, "tree_size": 0}

    def _password(self, op_id: str) -> dict[str, str]:
        account = self.account or {"user": "nobody", "password": "nothing at all"}
        return {"user": account["user"], "password": account["password"]}

    def _code(self, op_id: str) -> dict[str, str]:
        """The code after a right password, when there is one."""
        body = self._password(op_id)
        first = self.knocker.call("POST", "/api/v1/sign-in/password", body, signed=False)
        if self.account is None or first.status != 200:
            return {"challenge": op_id, "code": "000000"}
        return {"challenge": first.body["challenge"], "code": totp_now(self.account["totp_secret"])}


@pytest.fixture
def city(db: None, settings: Any, tmp_path: Path) -> Iterator[Sample]:
    settings.HENGXIN_HOME = furnished(tmp_path)
    with seal_kept():
        yield poured()


@pytest.mark.parametrize("kind", CALLERS)
def test_each_kind_of_caller_gets_what_the_table_says(city: Sample, kind: str) -> None:
    caller = Caller(city, kind)
    if kind == "suspended":
        Officer.objects.filter(user=caller.knocker.user).update(active=False)
    if kind == "revoked_device":
        with transaction.atomic():
            revoke(Device.objects.get(device_id=caller.knocker.device_id))
    later = now() + timedelta(seconds=60)  # so that the next code is a new one
    with clock(lambda: later):
        found = {row["operation"]: caller.ask(row["operation"]) for row in rows()}
    expected = {row["operation"]: int(row[kind]) for row in rows()}
    wrong = {
        name: (answer.status, answer.code, expected[name])
        for name, answer in found.items()
        if answer.status != expected[name]
    }
    assert wrong == {}
