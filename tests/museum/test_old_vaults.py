"""Vaults of former formats open in this program, with everything in them; a kill in the middle of a step
too."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.keys.ring import Ring
from app.lanes import Lane
from app.paths import Home
from app.services.drafting import Drafts
from app.services.ledgering import Ledger
from app.services.reviewing_offline import OfflineFiles
from app.services.unlocking import Unlocking
from local_cache import database, drafts, faults, ledger, outbox
from local_cache.database import fingerprint_of
from local_cache.vault import Vault
from tests.app.services.vaults import LONG, TurnedClock, checked
from tests.local_cache.conftest import VAULT_ID, WORK_KEY
from tests.museum.make_vaults import HALL, ROWS


@pytest.fixture
def schema_1(tmp_path: Path) -> Path:
    return Path(shutil.copytree(HALL / "schema-1", tmp_path / "vault"))


def reopen(folder: Path) -> Vault:
    return Vault.open(folder, VAULT_ID, WORK_KEY, fingerprint_of(WORK_KEY))


def test_the_first_schema_opens_with_every_row(schema_1: Path) -> None:
    for _ in range(2):
        vault = reopen(schema_1)
        assert vault.work.execute("PRAGMA user_version").fetchone()[0] == database.latest_version("work") >= 2
        assert len(ledger.entries(vault.work)) == ROWS
        assert outbox.count_open(vault.work) == ROWS
        assert drafts.count(vault.work, "drafts") == ROWS
        assert drafts.count(vault.work, "kept") == 0
        vault.check()
        vault.close()


def test_a_receipt_of_the_first_schema_stands_beside_a_later_one(schema_1: Path) -> None:
    old = database._connect(schema_1 / "work.db", "work", WORK_KEY)
    old.execute("INSERT INTO receipts VALUES (3, 7, 'claimed', x'7B7D')")
    old.close()
    vault = reopen(schema_1)
    later = ledger.ReceiptRow(3, 9, "done", b"{}")
    ledger.add_receipts(vault.work, [later])
    assert ledger.every_receipt(vault.work) == [ledger.ReceiptRow(3, 7, "claimed", b"{}"), later]
    vault.close()


def test_control_the_exhibit_really_is_old(schema_1: Path) -> None:
    found = database._connect(schema_1 / "work.db", "work", WORK_KEY)
    assert found.execute("PRAGMA user_version").fetchone()[0] == 1
    assert found.execute("SELECT count(*) FROM sqlite_master WHERE name = 'kept'").fetchone()[0] == 0
    found.close()


def test_a_step_that_fails_leaves_the_old_file(schema_1: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = database._steps("work")
    broken = [steps[0], steps[1] + "INSERT INTO nowhere VALUES (1);\n"]
    with monkeypatch.context() as patched:
        patched.setattr(database, "_steps", lambda part: broken)
        with pytest.raises(Exception, match="nowhere"):
            reopen(schema_1)
    test_control_the_exhibit_really_is_old(schema_1)
    vault = reopen(schema_1)
    assert drafts.count(vault.work, "drafts") == ROWS
    vault.close()


def test_an_older_program_refuses_the_migrated_file(schema_1: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reopen(schema_1).close()
    first = database._steps("work")[:1]
    monkeypatch.setattr(database, "_steps", lambda part: first)
    with pytest.raises(faults.NewerFile):
        reopen(schema_1)


def test_the_first_release_opens_with_its_passphrase(tmp_path: Path) -> None:
    home, lane = Path(shutil.copytree(HALL / "release-0.1.0", tmp_path / "home")), Lane("vault")
    clock = TurnedClock()
    clock.pass_(hours=1)
    client = Unlocking(Home(home).make(), lane, clock, Ring.absent())
    opened = client.unlock(LONG)
    assert (opened.lease_state, opened.offline, opened.user.name) == ("live", True, "示例柜员")
    assert Ledger(client.room).verify().length == 3
    assert Ledger(client.room).verify().ok
    found = Drafts(client.room).load("objection", "Q1/r1")
    assert found is not None
    assert found.body == {"statement": "金额有误"}
    assert OfflineFiles(client.room, checked).open("Q1").bundle.records[0].rec_id == "r1"
    client.lock()
    lane.close()
