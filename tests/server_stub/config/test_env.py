"""A wrong setting stops the start."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from server_stub.config import checks, env


@pytest.mark.parametrize("value", ["yes", "", "2", "true"])
def test_a_flag_is_0_or_1(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("X_FLAG", value)
    with pytest.raises(ImproperlyConfigured):
        env.flag("X_FLAG")
    monkeypatch.setenv("X_FLAG", "1")
    assert env.flag("X_FLAG") is True
    monkeypatch.delenv("X_FLAG")
    assert env.flag("X_FLAG") is False


def test_a_service_of_time_stamps_needs_address_and_root(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert env.stamp_service() == ("", None)
    root = tmp_path / "root.pem"
    root.write_text("a root")
    for url, named in (
        ("https://tsa.example/", ""),
        ("", str(root)),
        ("https://tsa.example/", str(tmp_path / "none.pem")),
        ("file:///etc/hosts", str(root)),
        ("tsa.example", str(root)),
    ):
        monkeypatch.setenv("HENGXIN_TSA_URL", url)
        monkeypatch.setenv("HENGXIN_TSA_CA", named)
        with pytest.raises(ImproperlyConfigured):
            env.stamp_service()
    monkeypatch.setenv("HENGXIN_TSA_URL", "https://tsa.example/")
    monkeypatch.setenv("HENGXIN_TSA_CA", str(root))
    assert env.stamp_service() == ("https://tsa.example/", root)


def test_a_home_is_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HENGXIN_SERVER_HOME", "here")
    with pytest.raises(ImproperlyConfigured):
        env.home()
    monkeypatch.setenv("HENGXIN_SERVER_HOME", str(tmp_path))
    assert env.home() == tmp_path


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u@h/n",
        "postgresql://h",
        "postgresql:///n",
        "nonsense",
        "postgresql://h:port/n",
        "postgresql://h/n?sslmode",
        "postgresql://h/n?options=-csynchronous_commit%3Doff",
    ],
)
def test_another_database_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured):
        env.database(tmp_path)


def test_databases(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://u%40:p%2F@db:5433/city")
    entry = env.database(tmp_path)
    assert (entry["USER"], entry["PASSWORD"], entry["PORT"], entry["NAME"]) == ("u@", "p/", "5433", "city")
    monkeypatch.setenv("DATABASE_URL", "postgresql://u@/city?host=%2Frun%2Fpg&sslmode=verify-full")
    entry = env.database(tmp_path)
    options: Any = entry["OPTIONS"]
    assert (entry["HOST"], options["sslmode"]) == ("/run/pg", "verify-full")
    monkeypatch.delenv("DATABASE_URL")
    entry = env.database(tmp_path)
    options = entry["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in options["init_command"]


def test_a_production_server_pays_the_full_price_and_has_a_home(settings: Any) -> None:
    assert checks.production(None) == []
    settings.PRODUCTION, settings.HENGXIN_HOME_NAMED = True, False
    assert {one.id for one in checks.production(None)} == {"hengxin.E001", "hengxin.E002"}


def test_a_production_server_is_told_that_its_codes_lead_nowhere(settings: Any) -> None:
    assert checks.codes(None) == []
    settings.PRODUCTION = True
    assert [one.id for one in checks.codes(None)] == ["hengxin.W001"]
    settings.HENGXIN_PUBLIC_URL = "https://credit.example"
    assert checks.codes(None) == []


def test_a_home_open_to_others_is_refused(settings: Any, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    settings.HENGXIN_HOME = tmp_path
    assert checks.home(None) == []
    tmp_path.chmod(0o750)
    assert [one.id for one in checks.home(None)] == ["hengxin.E004"]
    settings.HENGXIN_HOME = tmp_path / "none"
    assert [one.id for one in checks.home(None)] == ["hengxin.E003"]
