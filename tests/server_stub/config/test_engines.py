"""Who looks before writing sees the truth, on both engines; Django's own PostgreSQL engine is the control."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server_stub.config import env
from tests import engines
from tests.own_postgres import cluster, database_of
from tests.toolchain.tree import ROOT


def counted(home: Path, environment: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.server_stub.config.counting"],
        cwd=ROOT, env=environment | {"HENGXIN_SERVER_HOME": str(home)},
        capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    said: dict[str, Any] = json.loads(done.stdout)
    return said


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with cluster() as url:
        yield url


@pytest.mark.one_engine
def test_transactions_that_look_first_come_one_after_another(tmp_path: Path, postgres: str) -> None:
    on_sqlite = {name: text for name, text in os.environ.items() if name != engines.URL}
    for environment in (on_sqlite, {**os.environ, engines.URL: database_of(postgres, tmp_path)}):
        said = counted(tmp_path, environment)
        assert said["counted"] == said["should"] == 96
        assert said["in_vain"] == ["OperationalError", 0, False]


@pytest.mark.one_engine
def test_control_djangos_own_engine_loses_some(tmp_path: Path, postgres: str) -> None:
    stock = {engines.URL: database_of(postgres, tmp_path), "HENGXIN_TESTS_STOCK_ENGINE": "1"}
    said = counted(tmp_path, {**os.environ, **stock})
    assert 0 < said["counted"] < said["should"]


@pytest.mark.one_engine
def test_a_server_beside_postgresql_says_so_to_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://u@/city?host=%2Frun%2Fpg")
    options: Any = env.database(tmp_path)["OPTIONS"]
    assert options["application_name"] == "hengxin-server"
    assert "idle_in_transaction_session_timeout" in options["options"]
