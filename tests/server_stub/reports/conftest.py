"""A made-up city, an officer of a bank with a device that signs its links, and a clock that stands still."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import ECKey

from app.field.canonical import canonical_sha256
from app.field.evidence import FIRST_PREV, ClientEntry
from server_stub.accounts.models import Device, Officer
from server_stub.config.clock import clock, now, stamp
from server_stub.queries import services as queries
from server_stub.reports import services as reports
from server_stub.sample import Sample
from server_stub.subjects.models import Subject
from server_stub.subjects.selectors import find_legal
from tests.poured import poured
from tests.server_stub.own_seals import seal_kept

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


class Watch:
    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **step: float) -> None:
        self.at += timedelta(**step)


class Desk:
    """An officer at a computer: keeps the device's chain and sends what a client would send."""

    def __init__(self, user: str) -> None:
        self.officer = Officer.objects.select_related("organisation").get(user=user)
        self.key = ECKey.generate_key("P-256")
        jwk = self.key.as_dict(private=False)
        self.device = Device(
            device_id=self.key.thumbprint(),
            jwk={name: jwk[name] for name in ("kty", "crv", "x", "y")},
            officer=self.officer,
            name="示例电脑",
            state="active",
            enrolled_at=now(),
        )
        self.device.save(force_insert=True)
        self.n, self.prev, self.tree = 0, FIRST_PREV, 0

    def link(self, kind: str, op_id: str, body: dict[str, Any], **facts: Any) -> str:
        self.n += 1
        entry = ClientEntry(
            v=1,
            device_id=self.device.device_id,
            n=self.n,
            prev=self.prev,
            kind=kind,  # type: ignore[arg-type]
            op_id=op_id,
            user=self.officer.user,
            claimed_at=stamp(),
            boot_id="boot",
            mono_ms=self.n,
            body_sha256=canonical_sha256(body),
            **facts,
        )
        self.prev = entry.digest()
        header = {"alg": "ES256", "typ": "hyc-entry+jws", "kid": self.device.device_id}
        return jws.serialize_compact(header, entry.bytes_(), self.key, algorithms=["ES256"])

    def query(self, **subject: str) -> dict[str, Any]:
        body = {
            "subject": {"kind": "legal", **subject},
            "purpose": "B01",
            "case_no": "示例-LN-2026-0381",
            "basis": {"type": "open", "ref": "", "sha256": ""},
            "salt": secrets.token_hex(16),
            "want_copy": True,
        }
        op_id = str(uuid.uuid4())
        link = self.link("query", op_id, body, purpose="B01")
        return queries.answer(self.officer, self.device, [link], op_id, body, 0)

    def wish(self, query_no: str, **more: Any) -> tuple[str, dict[str, Any], str]:
        body = {
            "query_no": query_no,
            "template": "standard",
            "language": "zh_CN",
            "receiver": {"kind": "subject", "name": ""},
        } | more
        op_id = str(uuid.uuid4())
        return op_id, body, self.link("issue", op_id, body, query_no=query_no)

    def issue(self, query_no: str, **more: Any) -> dict[str, Any]:
        op_id, body, link = self.wish(query_no, **more)
        return reports.issue(self.officer, self.device, [link], op_id, body, 0)


@pytest.fixture(autouse=True)
def watch() -> Iterator[Watch]:
    moment = Watch()
    with clock(moment):
        yield moment


@pytest.fixture
def city(db: None) -> Iterator[Sample]:
    with seal_kept():
        yield poured()


@pytest.fixture
def desk(city: Sample) -> Desk:
    return Desk("bank1")


@pytest.fixture
def other_desk(city: Sample) -> Desk:
    return Desk("bank2")


@pytest.fixture
def rich(city: Sample) -> Subject:
    code = next(row["code"] for row in city.subjects if row["why"] == "rich")
    subject = find_legal(code)
    assert subject is not None
    return subject


@pytest.fixture
def query_no(desk: Desk, rich: Subject) -> str:
    return str(desk.query(number=rich.code)["query_no"])
