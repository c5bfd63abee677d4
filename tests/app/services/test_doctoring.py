"""The doctor reports whatever he finds, before any sign-in and over a broken vault as well."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from app.assembly import Client, open_client
from app.cli import main
from app.cli.done import unlock
from app.keys.device import DeviceKey
from app.keys.envelope import Envelope
from app.keys.ring import Ring
from app.services.doctoring import GRAVEST, INPUT_PLUGINS, Check, gravest
from app.trouble import FAMILIES, NotNow, VaultTrouble
from tests.app.services.vaults import LIGHT, LONG, PROFILE, TurnedClock, create

NAMES = ["home", "disk", "keyring", "vault", "trust", "server", "proxy", "input", "ledger"]


@pytest.fixture
def whole(home: Path, clock: TurnedClock) -> Iterator[Client]:
    client = open_client(home, clock, Ring.absent(), envelope=Envelope(floor=LIGHT))
    yield client
    client.close()


def found(client: Client, name: str) -> Check:
    checks = client.doctor.checks()
    assert [one.name for one in checks] == NAMES
    for one in checks:
        assert (
            one.verdict == "ok" or client.texts.has(one.remedy) or client.texts.has(f"problem.{one.remedy}")
        )
    return next(one for one in checks if one.name == name)


def test_before_any_sign_in_nothing_is_bad(whole: Client) -> None:
    for name, remedy in (("vault", "vault.none"), ("trust", "trust.none"), ("server", "trust.none")):
        check = found(whole, name)
        assert (check.verdict, check.remedy) == ("warn", remedy)


def test_a_vault_that_is_there_is_no_finding(whole: Client, key: DeviceKey) -> None:
    create(whole.unlocking, key)
    assert found(whole, "vault").verdict == "ok"
    whole.unlocking.lock()
    assert found(whole, "vault").detail == "locked"


@pytest.mark.parametrize(
    ("spoil", "detail"), [("header", "vault.damaged"), ("work", "vault.missing"), ("revoked", "revoked")]
)
def test_what_is_broken_is_a_finding(
    whole: Client, key: DeviceKey, home: Path, spoil: str, detail: str
) -> None:
    create(whole.unlocking, key)
    folder = home / "vaults" / PROFILE
    if spoil == "revoked":
        whole.unlocking.revoked()
    else:
        whole.unlocking.lock()
    if spoil == "header":
        (folder / "vault.json").write_bytes(b"{")
    if spoil == "work":
        (folder / "work.db").unlink()
    check = found(whole, "vault")
    assert (check.verdict, check.detail) == ("bad", detail)


def test_why_a_vault_did_not_open_is_told(whole: Client, key: DeviceKey) -> None:
    create(whole.unlocking, key)
    whole.unlocking.lock()
    checks = whole.doctor.checks(VaultTrouble("vault.damaged"))
    assert next(one for one in checks if one.name == "vault") == Check(
        "vault", "bad", "vault.damaged", "vault.damaged", "vault"
    )


def test_the_command_reports_where_others_fail(
    home: Path, tmp_path: Path, whole: Client, key: DeviceKey, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor", "--json", "--home", str(tmp_path / "fresh")]) == 0
    fresh = json.loads(capsys.readouterr().out)
    assert fresh["ok"]
    assert all(one["remedy_text"] for one in fresh["checks"])
    create(whole.unlocking, key)  # with light parameters, which the program itself refuses to open
    whole.unlocking.lock()
    secrets = tmp_path / "s.json"
    secrets.write_text(json.dumps({"passphrase": LONG}))
    secrets.chmod(0o600)
    for words in ([], ["--secrets", str(secrets)]):
        code = main(["doctor", "--json", "--home", str(home), *words])
        said = json.loads(capsys.readouterr().out)
        vault = next(one for one in said["checks"] if one["name"] == "vault")
        expected = (5, "bad", "vault.kdf-lowered") if words else (0, "ok", "locked")
        assert (code, vault["verdict"], vault["detail"]) == expected


BAD = {move: Check(move, "bad", "x", "x", move) for move in FAMILIES}


@pytest.mark.parametrize(
    ("moves", "code"),
    [
        ((), 0), (("not_now",), 4), (("not_you",), 3), (("refused",), 3), (("vault",), 6),
        (("not_trusted",), 5),
        (("not_now", "vault"), 6), (("vault", "not_trusted", "not_now"), 5), (("fault", "not_now"), 70),
    ],
)  # fmt: skip
def test_the_gravest_finding_gives_the_exit_code_of_its_family(moves: tuple[str, ...], code: int) -> None:
    move = gravest([Check("home", "ok", ""), Check("disk", "warn", ""), *(BAD[one] for one in moves)])
    assert (FAMILIES[move].exit_code if move else 0) == code
    assert set(GRAVEST) == set(FAMILIES)


def test_a_server_that_is_away_is_not_a_vault_that_is_broken(
    whole: Client,
    key: DeviceKey,
    home: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away(_: object) -> object:
        raise NotNow("net.offline")

    monkeypatch.setattr("app.services.doctoring.Doctor._server", away)
    assert main(["doctor", "--home", str(home)]) == 4
    assert "异常  平台连接  [net.offline]  未连接网络" in capsys.readouterr().out


def test_copies_that_were_damaged_are_a_finding_and_the_next_command_says_so(
    whole: Client, key: DeviceKey, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    create(whole.unlocking, key)
    whole.unlocking.lock()
    cache = whole.home.vault(PROFILE).cache
    raw = bytearray(cache.read_bytes())
    raw[8192:8300] = bytes(108)
    cache.write_bytes(raw)
    assert found(whole, "vault").detail == "locked"  # nobody has looked yet

    class Given:
        def get(self, name: str) -> str:
            return LONG

    unlock(whole, Given())  # type: ignore[arg-type]
    assert "已另存原文件" in capsys.readouterr().err
    check = found(whole, "vault")
    assert (check.verdict, check.detail, check.remedy) == ("warn", "copies", "doctor.copies")
    whole.unlocking.lock()
    unlock(whole, Given())  # type: ignore[arg-type]
    assert capsys.readouterr().err == ""  # said once; the doctor goes on saying it


ENVIRONMENT = (
    "QT_IM_MODULE",
    "QT_IM_MODULES",
    "XMODIFIERS",
    "WAYLAND_DISPLAY",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
)


@pytest.mark.parametrize(
    ("given", "remedy"),
    [
        ({}, ""),
        ({"QT_IM_MODULE": "ibus", "XMODIFIERS": "@im=fcitx"}, ""),
        ({"QT_IM_MODULE": "IBUS"}, ""),
        ({"QT_IM_MODULES": "wayland;fcitx;ibus"}, ""),
        ({"QT_IM_MODULE": "fcitx"}, "doctor.fcitx"),
        ({"QT_IM_MODULE": "fcitx5", "WAYLAND_DISPLAY": "w"}, "doctor.fcitx"),
        ({"XMODIFIERS": "@im=fcitx"}, "doctor.fcitx"),
        ({"XMODIFIERS": "@im=fcitx", "WAYLAND_DISPLAY": "w"}, "doctor.fcitx"),  # by XWayland: as under X11
        ({"QT_IM_MODULES": "fcitx", "QT_IM_MODULE": "ibus"}, "doctor.fcitx"),  # the list comes first
        ({"QT_IM_MODULES": "compose;ibus"}, "doctor.ibus"),
        ({"XMODIFIERS": "@im=ibus"}, "doctor.ibus"),
        ({"QT_IM_MODULE": "xim", "XMODIFIERS": "@im=ibus"}, "doctor.ibus"),
    ],
)
def test_the_input_method_is_the_one_that_the_window_will_take(
    whole: Client, monkeypatch: pytest.MonkeyPatch, given: dict[str, str], remedy: str
) -> None:
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    check = found(whole, "input")
    assert (check.verdict, check.remedy) == ("warn" if remedy else "ok", remedy)


def test_the_toolkit_brings_these_plugins_for_input_and_none_for_fcitx() -> None:
    """Of the installed one; the package leaves the keyboard on the screen out."""
    spec = find_spec("PySide6")
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / "Qt" / "plugins" / "platforminputcontexts"
    there = {one.name.removeprefix("lib").removesuffix(".so") for one in folder.iterdir()}
    expected = {f"{name}platforminputcontextplugin" for name in INPUT_PLUGINS}
    assert there == {*expected, "qtvirtualkeyboardplugin"}


def test_a_proxy_of_the_environment_is_told_and_its_name_is_not(
    whole: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    assert found(whole, "proxy").verdict == "ok"
    monkeypatch.setenv("https_proxy", "http://somebody:secret@proxy.example:3128")
    check = found(whole, "proxy")
    assert (check.verdict, check.remedy) == ("warn", "doctor.proxy")
    assert "secret" not in check.detail
