"""Another passphrase and what was sealed, from the desk down to a real vault."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.desks.settings_desk import SettingsDesk, SettingsView
from app.keys.device import DeviceKey
from app.lanes import Lane
from app.services.unlocking import Unlocking
from app.settings import SettingsFile
from app.trouble import NotNow, NotYou, VaultTrouble
from tests.app.desks.stand_ins import Lanes, Service
from tests.app.services.test_ending_vaults import create, queue
from tests.app.services.vaults import LONG, TurnedClock, unlocking

NEW = "another long phrase"


@dataclass
class Desk:
    """A desk over a real vault; `shown` are the views in order."""

    desk: SettingsDesk
    vault: Unlocking
    syncing: Service
    shown: list[SettingsView]

    @property
    def view(self) -> SettingsView:
        return self.desk.view

    def said(self) -> str:
        return self.view.said.text if self.view.said is not None else ""


@pytest.fixture
def key() -> DeviceKey:
    return DeviceKey.generate()


@pytest.fixture
def made(tmp_path: Path, key: DeviceKey) -> Iterator[Desk]:
    lane = Lane("vault")
    vault = unlocking(tmp_path / "home", TurnedClock(), lane=lane)
    create(vault, key)
    shown: list[SettingsView] = []
    syncing = Service(deliver_items=1)
    client = SimpleNamespace(settings=SettingsFile(tmp_path / "s.toml"), unlocking=vault, syncing=syncing)
    desk = SettingsDesk(client, Lanes(), shown.append, lambda _: None, lambda: None)
    yield Desk(desk, vault, syncing, shown)
    vault.lock()
    lane.close()


def test_the_new_passphrase_opens_and_the_old_one_does_not(made: Desk) -> None:
    made.desk.unfold("passphrase")
    made.desk.change_passphrase(LONG, NEW)
    assert (made.said(), made.view.unfolded, made.view.busy) == (
        "settings_page.passphrase_changed",
        "",
        False,
    )
    assert [view.busy for view in made.shown].count(True) >= 1
    made.vault.lock()
    with pytest.raises(NotYou):
        made.vault.unlock(LONG)
    assert made.vault.unlock(NEW).lease_state == "live"


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [("not the old one", NEW, "passphrase.wrong"), (LONG, "short", "passphrase.short")],
)
def test_what_the_vault_refuses_changes_nothing_and_keeps_the_form_open(
    made: Desk, old: str, new: str, text: str
) -> None:
    made.desk.unfold("passphrase")
    made.desk.change_passphrase(old, new)
    assert (made.said(), made.view.said_of, made.view.unfolded) == (text, "passphrase", "passphrase")
    made.vault.lock()
    assert made.vault.unlock(LONG).lease_state == "live"


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        (("", NEW, NEW), "settings_page.passphrase_needed"),
        ((LONG, "", ""), "settings_page.passphrase_needed"),
        ((LONG, NEW, NEW + " "), "sign_in.not_same"),
        ((LONG, LONG, LONG), "settings_page.passphrase_same"),
    ],
)
def test_entries_that_cannot_be_right_never_reach_the_vault(
    made: Desk, typed: tuple[str, str, str], text: str
) -> None:
    assert not made.desk.is_passphrase_sound(*typed)
    assert made.said() == text
    assert made.desk.is_passphrase_sound(LONG, NEW, NEW)


def seal_something(made: Desk, key: DeviceKey) -> None:
    queue(made.vault, "op-1")
    made.vault.wipe()
    create(made.vault, key, NEW)


def test_what_was_sealed_comes_back_with_the_passphrase_of_then_and_is_offered(
    made: Desk, key: DeviceKey
) -> None:
    made.desk.start()
    assert not made.view.sealed
    seal_something(made, key)
    made.desk.start()
    assert made.view.sealed
    made.desk.unfold("recover")
    made.desk.recover(NEW)
    assert (made.said(), made.view.unfolded, made.view.sealed) == ("passphrase.wrong", "recover", True)
    made.desk.recover(LONG)
    assert (made.said(), made.view.unfolded, made.view.sealed) == ("settings_page.recovered", "", False)
    assert made.view.said is not None and made.view.said.facts()["items"] == 1 and not made.view.said.kept
    assert made.syncing.asked == [("deliver_items",)]


@pytest.mark.parametrize("flaw", [NotNow("net.cut"), NotYou("session.none"), VaultTrouble("vault.disk-full")])
def test_what_cannot_be_sent_yet_is_told_to_wait(made: Desk, key: DeviceKey, flaw: Exception) -> None:
    seal_something(made, key)
    made.syncing.answers["deliver_items"] = flaw
    made.desk.recover(LONG)
    assert made.view.said is not None and made.view.said.kept == "settings_page.recovered_waits"
    assert (made.view.notice is not None) is isinstance(flaw, VaultTrouble)


def test_links_of_the_old_chain_are_named(made: Desk, key: DeviceKey) -> None:
    found: Any = SimpleNamespace(items=0, drafts=0, elsewhere=3)
    desk = made.desk
    desk.client.unlocking = SimpleNamespace(recover_sealed=lambda _: found, sealed_left=lambda: False)
    desk.recover(LONG)
    assert made.said() == "settings_page.recovered_elsewhere"
    assert made.view.said is not None and not made.view.said.kept


def test_a_second_try_waits_for_the_first(made: Desk) -> None:
    lanes = Lanes(held=True)
    desk = SettingsDesk(made.desk.client, lanes, lambda _: None, lambda _: None, lambda: None)
    desk.change_passphrase(LONG, NEW)
    desk.change_passphrase(LONG, NEW)
    desk.recover(LONG)
    assert len(lanes.waiting) == 1
