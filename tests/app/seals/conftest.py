"""A seal made by the server's own authority, and a sealed report to attack."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.report import render
from app.seals import SealTrust
from server_stub.reports.authority import Seal
from tests.app.report import samples
from tests.app.report.tools import FONTS
from tests.server_stub.own_seals import put_seal, seal_at


@pytest.fixture(scope="session")
def unsealed() -> bytes:
    return render(samples.official(), FONTS)


@pytest.fixture(scope="session")
def seal(tmp_path_factory: pytest.TempPathFactory) -> Seal:
    return seal_at(Path(tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="session")
def other_seal(tmp_path_factory: pytest.TempPathFactory) -> Seal:
    return seal_at(Path(tmp_path_factory.mktemp("other-home")))


@pytest.fixture(scope="session")
def trust(seal: Seal) -> SealTrust:
    assert seal.stamping is not None
    return SealTrust(
        seal.issuer_pem, seal.certificate_pem, samples.KEY_ID, samples.PUBLIC,
        seal.stamping.issuer_pem, stamped_from="2026-11-01T00:00:00.000Z",
    )  # fmt: skip


@pytest.fixture(scope="session")
def sealed(unsealed: bytes, seal: Seal) -> bytes:
    return put_seal(unsealed, seal, datetime.now(UTC), samples.NUMBER)
