"""The vault without a keyring: made, opened, locked, renewed and put back."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from app.clock import utc_text
from app.keys.device import DeviceKey
from app.keys.envelope import Envelope
from app.keys.ring import Ring
from app.lanes import Lane
from app.paths import Home
from app.services.unlocking import Unlocking
from app.trouble import Fault, NotNow, NotRight, NotTrusted, NotYou, VaultTrouble
from local_cache import answers, drafts, outbox
from tests.app.services.vaults import (
    LONG,
    PROFILE,
    SHARE,
    START,
    TurnedClock,
    copies,
    create,
    grant,
    note_draft,
    queue,
    start,
)


def test_created_locked_and_opened_again(
    client: Unlocking, key: DeviceKey, home: Path, clock: TurnedClock, lanes: list[Lane]
) -> None:
    assert client.card() is None
    found = client.create_vault(PROFILE, grant(key), LONG, key, "柜台一")
    assert (found.lease_state, found.offline) == ("live", True)
    assert client.tokens() == ("access-1", "refresh-1")
    note_draft(client)
    client.lock("idle")
    assert not client.is_open()
    with pytest.raises(NotYou) as locked:
        client.user()
    assert locked.value.code == "vault.locked"

    again = start(home, clock, lanes)
    card = again.card()
    assert card is not None
    assert (card.name, card.why, card.tries_left, card.kept_drafts) == ("示例柜员", "idle", 10, 1)
    assert card.keyring_state == "missing"
    opened = again.unlock(LONG)
    assert (opened.lease_state, opened.offline, opened.rebuilt) == ("live", True, False)
    assert again.user().organisation_name == "示例银行"
    assert again.policy().purposes[0].code == "loan"
    assert again.device_key().thumbprint() == key.thumbprint()
    assert copies(again) == 0
    again.lock()


def test_the_header_tells_nothing_secret(client: Unlocking, key: DeviceKey, home: Path) -> None:
    create(client, key)
    client.store_tokens("access-CANARY", "refresh-CANARY")
    client.lock()
    everything = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert b"CANARY" not in everything
    assert b"PRIVATE KEY" not in everything
    assert SHARE not in everything
    assert (home / "vaults" / PROFILE / "vault.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("weak", ["804271", "short", "aaaaaaaaaaaa", "123456789012", "x" * 200])
def test_without_keyring_a_weak_passphrase_is_refused(client: Unlocking, key: DeviceKey, weak: str) -> None:
    with pytest.raises(NotRight):
        create(client, key, weak)
    assert client.card() is None
    create(client, key)


def test_a_wrong_passphrase_is_counted_and_the_tenth_destroys(client: Unlocking, key: DeviceKey) -> None:
    create(client, key)
    client.lock()
    for left in range(9, 0, -1):
        with pytest.raises(NotYou) as wrong:
            client.unlock("wrong passphrase")
        assert (wrong.value.code, wrong.value.context) == ("unlock.bad", {"tries": left})
    card = client.card()
    assert card is not None
    assert card.tries_left == 1
    with pytest.raises(NotYou) as worn:
        client.unlock("wrong passphrase")
    assert worn.value.code == "unlock.worn"
    with pytest.raises(VaultTrouble) as gone:
        client.unlock(LONG)
    assert gone.value.code == "vault.no-keys"
    assert not client.has_vault()


def test_a_right_passphrase_takes_the_count_back(client: Unlocking, key: DeviceKey) -> None:
    create(client, key)
    client.lock()
    for _ in range(3):
        for _ in range(5):
            with pytest.raises(NotYou):
                client.unlock("wrong passphrase")
        client.unlock(LONG)
        client.lock()


def edit_header(home: Path, change: dict[str, object]) -> None:
    path = home / "vaults" / PROFILE / "vault.json"
    value = json.loads(path.read_bytes())
    value["sealed"].update(change)
    path.write_text(json.dumps(value))


@pytest.mark.parametrize(
    "change", [{"gen": 7}, {"share_id": "s9"}, {"vault_id": "v"}, {"fingerprints": {"work": "0" * 32}}]
)
def test_an_edited_header_opens_nothing(
    client: Unlocking, key: DeviceKey, home: Path, change: dict[str, object]
) -> None:
    create(client, key)
    client.lock()
    good = (home / "vaults" / PROFILE / "vault.json").read_bytes()
    edit_header(home, change)
    with pytest.raises(NotYou):
        client.unlock(LONG)
    (home / "vaults" / PROFILE / "vault.json").write_bytes(good)
    assert client.unlock(LONG).lease_state == "live"


def test_lowered_parameters_are_refused_before_the_passphrase_is_used(
    client: Unlocking, key: DeviceKey, home: Path, clock: TurnedClock
) -> None:
    create(client, key)
    client.lock()
    strict = Unlocking(Home(home), client.room.lane, clock, Ring.absent(), Envelope())
    with pytest.raises(NotTrusted) as lowered:
        strict.unlock(LONG)
    assert lowered.value.code == "vault.kdf-lowered"
    client.unlock(LONG)


def test_a_second_process_waits(
    client: Unlocking, key: DeviceKey, home: Path, clock: TurnedClock, lanes: list[Lane]
) -> None:
    create(client, key)
    other = start(home, clock, lanes)
    with pytest.raises(NotNow) as used:
        other.unlock(LONG)
    assert used.value.code == "vault.in-use"
    with pytest.raises(Fault):
        client.unlock(LONG)


def test_a_second_process_neither_counts_a_try_nor_undoes_a_change_of_passphrase(
    client: Unlocking, key: DeviceKey, home: Path, clock: TurnedClock, lanes: list[Lane]
) -> None:
    create(client, key)
    note_draft(client)
    other = start(home, clock, lanes)
    client.change_passphrase(LONG, "another 长口令 of mine 9")
    for word in (LONG, "wrong wrong wrong"):
        with pytest.raises(NotNow) as used:
            other.unlock(word)
        assert used.value.code == "vault.in-use"
    client.room.lane.run(killed, client)
    third = start(home, clock, lanes)
    card = third.card()
    assert card is not None and card.tries_left == 10
    assert third.unlock("another 长口令 of mine 9").lease_state == "live"


def test_while_a_passphrase_is_judged_nobody_else_writes_the_header(
    client: Unlocking, key: DeviceKey, home: Path, clock: TurnedClock, lanes: list[Lane],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """A process that reads the header, then takes a third of a second, and writes it again."""
    create(client, key)
    client.lock()
    other, said = start(home, clock, lanes), []
    derive = Envelope.derive

    def slowly(self: Envelope, *given: object) -> bytearray:
        if self is client.safe.envelope and not said:
            said.append("")
            with pytest.raises(NotNow) as used:
                other.unlock(LONG)
            said[0] = used.value.code
        return derive(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(Envelope, "derive", slowly)
    client.unlock(LONG)
    assert said == ["vault.in-use"]


def test_an_unlock_that_fails_leaves_no_lock_behind(
    client: Unlocking, key: DeviceKey, home: Path, clock: TurnedClock, lanes: list[Lane]
) -> None:
    create(client, key)
    client.lock()
    for _ in range(2):
        with pytest.raises(NotYou):
            start(home, clock, lanes).unlock("wrong wrong wrong")
    assert start(home, clock, lanes).unlock(LONG).lease_state == "live"


def test_a_vault_that_another_process_has_open_is_not_set_aside(
    client: Unlocking, key: DeviceKey, home: Path, clock: TurnedClock, lanes: list[Lane]
) -> None:
    create(client, key)
    note_draft(client)
    before = {one.name: one.stat().st_ino for one in home.rglob("*.db")}
    other = start(home, clock, lanes)
    with pytest.raises(NotNow) as used:
        other.create_vault(PROFILE, grant(key), LONG, key, "柜台二")
    assert used.value.code == "vault.in-use"
    assert {one.name: one.stat().st_ino for one in home.rglob("*.db")} == before
    client.lock()
    client.unlock(LONG)


def killed(client: Unlocking) -> None:
    """As a cut of power leaves it: nothing is written any more."""
    opened = client.room.leave()
    assert opened is not None
    opened.vault.close()
    opened.keys.zero()


def test_the_lease_ends_the_copies_and_spares_the_work(
    client: Unlocking, key: DeviceKey, clock: TurnedClock
) -> None:
    create(client, key)
    note_draft(client)
    assert copies(client) == 0
    clock.pass_(hours=73)
    with pytest.raises(VaultTrouble) as ended:
        copies(client)
    assert ended.value.code == "offline.ended"
    client.lock()
    opened = client.unlock(LONG)
    assert (opened.lease_state, opened.offline) == ("ended", False)
    assert client.room.run(lambda o: drafts.count(o.work, "drafts")) == 1
    clock.pass_(hours=-73)
    clock.boot = "boot-2"
    assert client.lease_state() in ("ended", "clock_back")
    clock.pass_(hours=74)
    renewed = client.renew(grant(key, issued=clock.wall))
    assert (renewed.lease_state, renewed.offline) == ("live", True)
    assert copies(client) == 0


def test_a_clock_put_back_shuts_the_copies_until_the_server_speaks(
    client: Unlocking, key: DeviceKey, clock: TurnedClock
) -> None:
    create(client, key)
    clock.pass_(hours=10)
    client.lock()
    clock.wall -= timedelta(hours=9)
    clock.boot = "boot-2"
    opened = client.unlock(LONG)
    assert (opened.lease_state, opened.offline) == ("clock_back", False)
    with pytest.raises(VaultTrouble) as back:
        copies(client)
    assert back.value.code == "offline.clock-back"
    client.server_time(utc_text(START + timedelta(hours=10)))
    assert client.lease_state() == "live"
    assert copies(client) == 0


def test_four_minutes_are_forgiven(client: Unlocking, key: DeviceKey, clock: TurnedClock) -> None:
    create(client, key)
    client.lock()
    clock.wall -= timedelta(minutes=4)
    assert client.unlock(LONG).lease_state == "live"


def test_an_old_cache_put_back_is_noticed(client: Unlocking, key: DeviceKey, home: Path) -> None:
    create(client, key)
    client.lock()
    folder = home / "vaults" / PROFILE
    old = (folder / "cache.db").read_bytes()
    client.unlock(LONG)
    client.lock()
    new = (folder / "cache.db").read_bytes()
    (folder / "cache.db").write_bytes(old)
    opened = client.unlock(LONG)
    assert (opened.lease_state, opened.offline) == ("rolled_back", False)
    client.lock()
    (folder / "cache.db").write_bytes(new)
    assert client.unlock(LONG).lease_state == "live"


def test_a_damaged_cache_is_begun_anew_and_the_work_stays(
    client: Unlocking, key: DeviceKey, home: Path
) -> None:
    create(client, key)
    queue(client, "op-1")
    client.lock()
    (home / "vaults" / PROFILE / "cache.db").write_bytes(b"\x01" * 20000)
    opened = client.unlock(LONG)
    assert (opened.lease_state, opened.offline, opened.rebuilt) == ("live", True, True)
    assert client.room.run(lambda o: outbox.count_open(o.work)) == 1


def test_damaged_work_is_told_kept_and_not_counted_as_a_wrong_try(
    client: Unlocking, key: DeviceKey, home: Path
) -> None:
    create(client, key)
    client.lock()
    path = home / "vaults" / PROFILE / "work.db"
    good = path.read_bytes()
    path.write_bytes(good[:5000] + b"\x00" + good[5001:])
    for _ in range(12):
        with pytest.raises(VaultTrouble) as damaged:
            client.unlock(LONG)
        assert (damaged.value.code, damaged.value.context["part"]) == ("vault.damaged", "work")
    assert path.stat().st_size == len(good)
    path.write_bytes(good)
    client.unlock(LONG)


def test_the_passphrase_changes_and_only_the_new_one_opens(
    client: Unlocking, key: DeviceKey, home: Path
) -> None:
    create(client, key)
    note_draft(client)
    with pytest.raises(NotYou):
        client.change_passphrase("not the old one", "another long phrase")
    with pytest.raises(NotRight):
        client.change_passphrase(LONG, "short")
    client.change_passphrase(LONG, "another long phrase")
    client.lock()
    assert not (home / "vaults" / PROFILE / "vault.json.prev").exists()
    with pytest.raises(NotYou):
        client.unlock(LONG)
    opened = client.unlock("another long phrase")
    assert (opened.lease_state, opened.offline) == ("live", True)
    assert client.room.run(lambda o: o.header.gen) == 2


def test_an_older_header_put_back_is_noticed(client: Unlocking, key: DeviceKey, home: Path) -> None:
    create(client, key)
    path = home / "vaults" / PROFILE / "vault.json"
    old = path.read_bytes()
    client.change_passphrase(LONG, "another long phrase")
    client.lock()
    path.write_bytes(old)
    assert client.unlock(LONG).lease_state == "rolled_back"


def test_a_rotated_share_gets_a_new_envelope(client: Unlocking, key: DeviceKey, clock: TurnedClock) -> None:
    create(client, key)
    other = hashlib.sha256(b"share-2").digest()
    client.renew(grant(key, share_id="s2", share=other))
    assert copies(client) == 0
    client.lock()
    opened = client.unlock(LONG)
    assert (opened.lease_state, opened.offline) == ("live", True)
    assert client.room.run(lambda o: o.header.share_id) == "s2"


def test_after_the_lease_only_the_right_share_brings_the_copies_back(
    client: Unlocking, key: DeviceKey, clock: TurnedClock
) -> None:
    create(client, key)
    client.room.run(lambda o: answers.mark(o.copies(), "r1", b"null", "t"))
    clock.pass_(hours=80)
    client.lock()
    client.unlock(LONG)
    client.renew(grant(key, issued=clock.wall))
    assert client.room.run(lambda o: list(answers.marks(o.copies()))) == ["r1"]
    clock.pass_(hours=80)
    client.lock()
    client.unlock(LONG)
    client.renew(grant(key, issued=clock.wall, share=hashlib.sha256(b"forged").digest()))
    assert client.room.run(lambda o: list(answers.marks(o.copies()))) == []


def test_a_lease_of_somebody_else_is_refused(client: Unlocking, key: DeviceKey, clock: TurnedClock) -> None:
    with pytest.raises(NotTrusted):
        client.create_vault(PROFILE, grant(key, lease={"user": "u2"}), LONG, key, "柜台一")
    create(client, key)
    with pytest.raises(NotTrusted):
        client.renew(grant(key, lease={"device_id": "other"}))
    assert client.lease_state() == "live"


def test_a_new_vault_takes_drafts_and_unsent_items_along(
    client: Unlocking, key: DeviceKey, clock: TurnedClock
) -> None:
    create(client, key)
    note_draft(client)
    queue(client, "op-1")
    queue(client, "op-2", "query")
    again = client.create_vault(PROFILE, grant(key), "another long phrase", key, "柜台一")
    assert again.carried == 2
    assert client.room.run(lambda o: [one.op_id for one in outbox.all_items(o.work)]) == ["op-1"]


def test_a_forgotten_passphrase_leaves_the_old_files_aside(
    client: Unlocking, key: DeviceKey, home: Path
) -> None:
    create(client, key)
    client.lock()
    client.create_vault(PROFILE, grant(key), "another long phrase", key, "柜台一")
    aside = home / "vaults" / PROFILE / "before"
    assert (aside / "work.db").exists()
    assert client.lease_state() == "live"
    client.wipe()
    assert not aside.exists()


def test_a_failed_creation_leaves_the_old_vault(
    client: Unlocking, key: DeviceKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(client, key)
    note_draft(client)
    client.lock()

    def fail(*_: object) -> None:
        raise VaultTrouble("vault.disk-full")

    with monkeypatch.context() as broken:
        broken.setattr("app.services.vault_opening.header.write_header", fail)
        with pytest.raises(VaultTrouble):
            client.create_vault(PROFILE, grant(key), "another long phrase", key, "柜台一")
    client.unlock(LONG)
    assert client.room.run(lambda o: drafts.count(o.work, "drafts")) == 1


def test_a_copied_home_opens_with_the_passphrase_only(
    client: Unlocking, key: DeviceKey, home: Path, tmp_path: Path, clock: TurnedClock, lanes: list[Lane]
) -> None:
    """The control of what a keyring adds: without one the passphrase is all that stands."""
    create(client, key)
    client.lock()
    shutil.copytree(home, tmp_path / "stolen")
    thief = start(tmp_path / "stolen", clock, lanes)
    with pytest.raises(NotYou):
        thief.unlock("guess guess guess")
    assert thief.unlock(LONG).lease_state == "live"
    thief.lock()


def test_the_program_starts_anew_with_its_own_arguments() -> None:
    program, arguments = Unlocking.relaunch_arguments()
    assert arguments[0] == program
    assert len(arguments) >= 2
