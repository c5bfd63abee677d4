"""A proof opens once, however many threads bring it, and not after a restart either."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from server_stub.api import gate, replays
from server_stub.api.replays import InMemory, InTable, Replays
from tests.server_stub.knocking import Knocker

PATH = "/api/v1/objections"


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [InMemory, InTable])
def test_the_second_use_is_told_from_the_first(kind: type[Replays]) -> None:
    one = kind()
    assert one.first(7, "device", "jti", 600)
    assert not one.first(7, "device", "jti", 600)
    assert one.first(7, "device", "other", 600)
    assert one.first(7, "another", "jti", 600)


def test_closed_windows_are_forgotten_and_open_ones_are_not() -> None:
    one = InMemory()
    assert one.first(7, "device", "jti", 600)
    assert one.first(8, "device", "later", 600)
    assert not one.first(7, "device", "jti", 600)
    assert one.first(9, "device", "jti", 600)
    assert sum(map(len, one._seen.values())) == 2


def test_of_many_threads_one_is_first() -> None:
    one = InMemory()
    with ThreadPoolExecutor(16) as pool:
        told = list(pool.map(lambda _: one.first(7, "device", "jti", 600), range(400)))
    assert told.count(True) == 1


@pytest.mark.django_db
def test_a_proof_from_before_a_restart_is_refused_for_its_nonce(
    bank: Knocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    proof = bank.proof("GET", PATH, bank.token)
    headers = {"HYC-Protocol": "1", "DPoP": proof, "Authorization": f"DPoP {bank.token}"}
    assert bank.over.send("GET", PATH, headers, None).status == 200
    restarted = InMemory()
    monkeypatch.setattr(gate, "replays", lambda: restarted)
    again = bank.over.send("GET", PATH, headers, None)
    assert (again.status, again.code) == (401, "nonce-needed")


@pytest.mark.parametrize(("processes", "kind"), [(1, InMemory), (2, InTable)])
def test_several_processes_share_what_they_saw(settings: Any, processes: int, kind: type[Replays]) -> None:
    settings.HENGXIN_PROCESSES = processes
    replays.replays.cache_clear()
    try:
        assert isinstance(replays.replays(), kind)
    finally:
        replays.replays.cache_clear()
