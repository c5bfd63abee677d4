"""With a Secret Service a PIN is enough; without the one it was made with the vault stays shut, unharmed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.flows.server import Cli, Server

Enrol = Callable[[Cli], dict[str, Any]]


@pytest.fixture
def enrol(server: Server) -> Iterator[Enrol]:
    """Sign a further device in with a code of its own; it is revoked at the end."""
    devices: list[str] = []

    def sign_in(cli: Cli) -> dict[str, Any]:
        code = json.loads(server.staff("device", "code", cli.user))["enrolment_code"]
        said = cli.sign_in(code)
        assert said.code == 0, said.out
        devices.append(said.json["device_id"])
        return dict(said.json)

    yield sign_in
    for device in devices:
        server.staff("device", "revoke", device)


@pytest.mark.keyring
def test_a_pin_opens_the_vault_only_beside_its_keyring(server: Server, tmp_path: Path, enrol: Enrol) -> None:
    cli = Cli(tmp_path / "pin", server, "bank2", passphrase="294857")
    said = enrol(cli)
    assert said["keyring"] == "ready"
    code = server.subject("rich")["code"]
    asked = cli.query(code)
    assert asked.code == 0, asked.out
    assert cli("cached", "show", code).code == 0
    without = Cli(cli.home, server, "bank2", passphrase="294857", extra_env={"DBUS_SESSION_BUS_ADDRESS": ""})
    shut = without("cached", "list")
    assert (shut.code, shut.error) == (6, "keyring.missing")
    assert cli("cached", "show", code).json["query_no"] == asked.json["query_no"]
    again = cli.sign_in()
    assert again.code == 0, again.out
    assert again.json["device_id"] == said["device_id"]
    assert cli("cached", "show", code).code == 0
    assert cli("ledger", "verify").json["ok"]


@pytest.mark.keyring
def test_wiped_means_the_keys_are_gone_and_a_new_start_is_possible(
    server: Server, tmp_path: Path, enrol: Enrol
) -> None:
    cli = Cli(tmp_path / "gone", server, "branch1", passphrase="294857")
    enrol(cli)
    assert cli("wipe", "--yes").code == 0
    assert not list(cli.home.rglob("*.db"))
    assert cli("cached", "list").error == "vault.none"


@pytest.mark.keyring
def test_a_second_home_of_the_same_officer_leaves_the_first_alone(
    server: Server, tmp_path: Path, enrol: Enrol
) -> None:
    first, second = (Cli(tmp_path / name, server, "bank2", passphrase="294857") for name in ("one", "two"))
    enrol(first)
    enrol(second)
    assert first("cached", "list").code == 0
    assert second("wipe", "--yes").code == 0
    assert first("cached", "list").code == 0
