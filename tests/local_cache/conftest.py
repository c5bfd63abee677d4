"""A real vault of real SQLCipher files for each test."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_cache.ledger import Entry
from local_cache.vault import Vault

WORK_KEY = hashlib.sha256(b"work").digest()
CACHE_KEY = hashlib.sha256(b"cache").digest()
VAULT_ID = "vault-1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "vault"


@pytest.fixture
def vault(folder: Path) -> Iterator[Vault]:
    made = Vault.create(folder, VAULT_ID, WORK_KEY, CACHE_KEY)
    yield made
    made.close()


def entry(n: int, prev: str, op_id: str = "", kind: str = "query") -> Entry:
    digest = hashlib.sha256(f"{n}{prev}".encode()).hexdigest()
    return Entry(
        n, digest, prev, kind, op_id or f"op-{n}", "loan", "2026-11-23T00:00:00.000Z", b"{}", "j.w.s"
    )
