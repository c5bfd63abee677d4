"""A sample's seal in a home of its own, a log of its uses, and what a signature is asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms, pem, x509
from pyhanko.sign.general import as_signing_certificate_v2

from app.field.report_numbers import report_number
from server_stub.config.clock import clock, today
from server_stub.reports import authority
from server_stub.reports.authority import Seal
from server_stub.seal.keeper import Keeper
from server_stub.seal.providers import KeyFile, SealProvider
from server_stub.seal.uses import Uses
from server_stub.seal.words import Wanted
from tests.server_stub.own_seals import seal_at

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


class Watch:
    at = START

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **step: float) -> None:
        self.at += timedelta(**step)


@pytest.fixture(autouse=True)
def watch() -> Iterator[Watch]:
    moment = Watch()
    with clock(moment):
        yield moment


@pytest.fixture(scope="session")
def seal_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("seal-home")
    authority.make(home)
    return home


@pytest.fixture
def made(seal_home: Path) -> Seal:
    return seal_at(seal_home)


@pytest.fixture
def keeper_of(seal_home: Path, made: Seal, tmp_path: Path) -> Callable[..., Keeper]:
    """A keeper with the log of this test; the same log at each call."""

    def make(key: SealProvider | None = None) -> Keeper:
        given = key or KeyFile(seal_home / "seal" / "seal.key")
        return Keeper(given, lambda: made.certificate_pem, Uses(tmp_path / "uses"))

    return make


def attribute(kind: str, value: Any) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": cms.CMSAttributeType(kind), "values": (value,)})


def content(certificate_pem: str, file: bytes = b"a file", kind: str = "data", *more: Any) -> bytes:
    """Signed attributes as the signer of a PDF makes them."""
    certificate = x509.Certificate.load(pem.unarmor(certificate_pem.encode("ascii"))[2])
    own = as_signing_certificate_v2(certificate)
    parts = [
        attribute("content_type", kind),
        attribute("message_digest", hashlib.sha256(file).digest()),
        attribute("signing_certificate_v2", own),
        *more,
    ]
    return bytes(cms.CMSAttributes(parts).dump())


def number(turn: int, on: date | None = None) -> str:
    return report_number(False, on or today(), f"{turn:020d}")


def wanted(made: Seal, turn: int = 1, **more: Any) -> Wanted:
    given: dict[str, Any] = {
        "number": number(turn), "user": "bank1", "content": content(made.certificate_pem)
    }  # fmt: skip
    return Wanted(**given | more)
