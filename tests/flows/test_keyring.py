"""With a Secret Service a PIN is enough; without the one it was made with the vault stays shut, unharmed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.server import Cli, Server


@pytest.mark.keyring
def test_a_pin_opens_the_vault_only_beside_its_keyring(server: Server, tmp_path: Path) -> None:
    cli = Cli(tmp_path / "pin", server, "bank1", passphrase="294857")
    said = cli.sign_in()
    assert said.code == 0, said.out
    assert said.json["keyring"] == "ready"
    code = server.subject("rich")["code"]
    asked = cli.query(code)
    assert asked.code == 0, asked.out
    assert cli("cached", "show", code).code == 0
    without = Cli(cli.home, server, "bank1", passphrase="294857", extra_env={"DBUS_SESSION_BUS_ADDRESS": ""})
    shut = without("cached", "list")
    assert (shut.code, shut.error) == (6, "keyring.missing")
    assert cli("cached", "show", code).json["query_no"] == asked.json["query_no"]
    again = cli.sign_in()
    assert again.code == 0, again.out
    assert again.json["device_id"] == said.json["device_id"]
    assert cli("cached", "show", code).code == 0
    assert cli("ledger", "verify").json["ok"]


@pytest.mark.keyring
def test_wiped_means_the_keys_are_gone_and_a_new_start_is_possible(server: Server, tmp_path: Path) -> None:
    cli = Cli(tmp_path / "gone", server, "branch1", passphrase="294857")
    assert cli.sign_in().code == 0
    assert cli("wipe").code == 0
    assert not list(cli.home.rglob("*.db"))
    assert cli("cached", "list").error == "vault.none"
