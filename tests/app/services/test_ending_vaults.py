"""The end of a vault without a keyring: revoked, wiped, and what stays sealed until it is recovered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from app.keys.device import ITEM, DeviceKey, opened
from app.services.returning import KIND, Draft
from app.services.unlocking import Unlocking
from app.trouble import NotYou, Refused, Trouble, VaultTrouble
from local_cache import drafts, evidence, ledger, outbox
from local_cache.evidence import Proof
from tests.app.services.vaults import (
    LONG,
    PROFILE,
    copies,
    create,
    grant,
    note_draft,
    queue,
)


def test_a_revoked_device_keeps_only_sealed_items(client: Unlocking, key: DeviceKey, home: Path) -> None:
    create(client, key)
    queue(client, "op-1")
    queue(client, "op-2", "query")
    note_draft(client)
    client.revoked()
    assert not client.is_open()
    folder = home / "vaults" / PROFILE
    left = sorted(path.name for path in folder.iterdir() if path.name != "lock")
    assert left == ["outbox.sealed", "vault.json"]
    assert b"op-1" not in (folder / "outbox.sealed").read_bytes()
    card = client.card()
    assert card is not None
    assert (card.why, card.tries_left) == ("revoked", 0)
    with pytest.raises(Refused) as revoked:
        client.unlock(LONG)
    assert revoked.value.code == "device.revoked"

    new_key = DeviceKey.generate()
    client.create_vault(PROFILE, grant(new_key), "another long phrase", new_key, "柜台一")
    assert client.sealed_left()
    with pytest.raises(NotYou):
        client.recover_sealed("wrong passphrase")
    found = client.recover_sealed(LONG)
    assert (found.items, found.drafts, found.elsewhere) == (1, 1, 1)
    assert not client.sealed_left()
    rows = client.room.run(lambda o: {one.op_id: one for one in outbox.all_items(o.work)})
    assert {op_id: row.state for op_id, row in rows.items()} == {"op-1": "waiting", "op-2": "refused"}
    assert b"op-1" in opened(rows["op-1"].jws, new_key.public_jwk(), ITEM)  # signed by the new key
    entry = client.room.run(lambda o: ledger.by_op(o.work, "op-1"))
    assert entry is not None
    assert (entry.kind, rows["op-1"].entry_n) == ("objection", entry.n)
    assert client.room.run(lambda o: drafts.count(o.work, "drafts")) == 1
    with pytest.raises(VaultTrouble) as none:
        client.recover_sealed(LONG)
    assert none.value.code == "sealed.missing"


def test_a_sealed_draft_with_other_words_comes_beside_the_one_of_its_name(
    client: Unlocking, key: DeviceKey
) -> None:
    def written(words: str) -> drafts.Body:
        draft = Draft("d-1", "Q1", "r1", statement=words)
        return drafts.Body(KIND, "d-1", msgspec.json.encode(draft), "2026-11-22T01:00:00.000Z")

    def keep(*words: str) -> None:
        client.room.run(lambda o: [drafts.save(o.work, "drafts", written(one)) for one in words])

    def there() -> list[Draft]:
        found = client.room.run(lambda o: drafts.listed(o.work, "drafts"))
        read = [msgspec.json.decode(one.body, type=Draft) for one in found]
        assert [one.key for one in found] == [one.draft_id for one in read]
        return read

    create(client, key)
    keep("写于封存之前")
    client.wipe()
    create(client, key)
    keep("写于封存之后")
    assert client.recover_sealed(LONG).drafts == 1
    assert {one.statement for one in there()} == {"写于封存之前", "写于封存之后"}
    assert next(one.draft_id for one in there() if one.statement == "写于封存之后") == "d-1"


def test_control_the_same_words_are_not_kept_twice(client: Unlocking, key: DeviceKey) -> None:
    create(client, key)
    note_draft(client)
    client.wipe()
    create(client, key)
    note_draft(client)
    assert client.recover_sealed(LONG).drafts == 0
    assert client.room.run(lambda o: drafts.count(o.work, "drafts")) == 1


def test_a_second_seal_spares_the_first(client: Unlocking, key: DeviceKey) -> None:
    for number, passphrase in enumerate((LONG, "another long phrase"), 1):
        create(client, key, passphrase)
        queue(client, f"op-{number}")
        assert client.wipe() == 1
    create(client, key)
    assert client.recover_sealed("another long phrase").items == 1
    assert client.sealed_left()
    assert client.recover_sealed(LONG).items == 1
    assert not client.sealed_left()
    assert client.room.run(lambda o: outbox.count_open(o.work)) == 2


def test_evidence_is_sealed_with_its_filing_and_goes_again_from_its_beginning(
    client: Unlocking, key: DeviceKey, home: Path
) -> None:
    create(client, key)
    queue(client, "op-1")
    content = b"%PDF-1.7 evidence of the unsent filing"
    proof = Proof("op-1", 0, "a.pdf", "a" * 64, "upload-1", content, sent=7)
    client.room.run(lambda o: evidence.add(o.work, [proof]))
    assert client.wipe() == 1
    assert [path for path in home.rglob("*") if path.is_file() and content in path.read_bytes()] == []
    create(client, key)
    client.recover_sealed(LONG)
    (back,) = client.room.run(lambda o: evidence.everything(o.work))
    assert back == replace(proof, sent=0)


def test_evidence_moves_with_its_filing_into_a_new_vault(client: Unlocking, key: DeviceKey) -> None:
    create(client, key)
    queue(client, "op-1")
    proof = Proof("op-1", 0, "a.pdf", "a" * 64, "upload-1", b"%PDF", sent=4)
    client.room.run(lambda o: evidence.add(o.work, [proof]))
    create(client, key)
    assert client.room.run(lambda o: evidence.everything(o.work)) == [replace(proof, sent=0)]


def test_a_device_revoked_while_locked_shows_nothing_at_the_next_unlock(
    client: Unlocking, key: DeviceKey
) -> None:
    create(client, key)
    queue(client, "op-1")
    client.lock()
    client.revoked()
    with pytest.raises(Refused):
        client.unlock(LONG)
    assert not client.is_open()
    assert not client.has_vault()
    assert client.sealed_left()


def test_a_lock_that_cannot_save_a_draft_locks_all_the_same(client: Unlocking, key: DeviceKey) -> None:
    create(client, key)

    def fail() -> None:
        raise VaultTrouble("vault.disk-full")

    client.before_lock.append(fail)
    with pytest.raises(VaultTrouble):
        client.lock()
    assert not client.is_open()
    client.before_lock.clear()


def test_revoking_ends_the_copies_even_when_sealing_fails(
    client: Unlocking, key: DeviceKey, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(client, key)
    queue(client, "op-1")

    def full(*_: object) -> None:
        raise VaultTrouble("vault.disk-full")

    with monkeypatch.context() as broken:
        broken.setattr("app.services.sealing.write_atomically", full)
        with pytest.raises(VaultTrouble):
            client.revoked()
    assert not (home / "vaults" / PROFILE / "cache.db").exists()
    with pytest.raises(VaultTrouble) as ended:
        copies(client)
    assert ended.value.code == "offline.ended"
    assert client.room.run(lambda o: outbox.count_open(o.work)) == 1
    client.lock("idle")
    with pytest.raises(Refused):
        client.unlock(LONG)
    assert client.sealed_left()


def test_wiping_leaves_no_vault(client: Unlocking, key: DeviceKey, home: Path) -> None:
    create(client, key)
    client.wipe()
    assert client.card() is None
    assert sorted(path.name for path in (home / "vaults" / PROFILE).iterdir()) == ["lock"]


def test_nothing_is_destroyed_when_sealing_fails(
    client: Unlocking, key: DeviceKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(client, key)
    queue(client, "op-1")

    def full(*_: object) -> None:
        raise VaultTrouble("vault.disk-full")

    with monkeypatch.context() as broken:
        broken.setattr("app.services.sealing.write_atomically", full)
        with pytest.raises(Trouble):
            client.wipe()
    assert client.room.run(lambda o: outbox.count_open(o.work)) == 1
