"""Files that do not open, and why; each fault is named, and a good file next to it opens."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from local_cache import database, drafts, faults, state
from local_cache.database import fingerprint_of, open_database
from local_cache.drafts import Body
from local_cache.vault import Vault
from tests.local_cache.conftest import CACHE_KEY, VAULT_ID, WORK_KEY

CANARY = "衡阳金丝雀标记CANARY4711"


def reopen(folder: Path, key: bytes = WORK_KEY) -> Vault:
    return Vault.open(folder, VAULT_ID, key, fingerprint_of(WORK_KEY))


def write_canary(vault: Vault) -> None:
    for number in range(50):
        drafts.save(vault.work, "drafts", Body("k", str(number), CANARY.encode() * 40, "t"))


def test_what_was_written_is_there_after_closing(vault: Vault, folder: Path) -> None:
    write_canary(vault)
    vault.close()
    again = reopen(folder)
    again.open_cache(CACHE_KEY, fingerprint_of(CACHE_KEY))
    assert drafts.count(again.work, "drafts") == 50
    again.check()
    again.close()


def test_no_canary_in_any_file_and_the_control_finds_it_in_plain_sqlite(vault: Vault, folder: Path) -> None:
    write_canary(vault)
    seen = b"".join(path.read_bytes() for path in folder.iterdir())
    assert len(seen) > 50_000
    assert CANARY.encode() not in seen
    plain = sqlite3.connect(folder / "plain.db")
    plain.execute("PRAGMA key = 'x'")
    plain.execute("CREATE TABLE t (a)")
    plain.execute("INSERT INTO t VALUES (?)", (CANARY,))
    plain.commit()
    plain.close()
    assert CANARY.encode() in (folder / "plain.db").read_bytes()


def test_every_setting_is_on(vault: Vault) -> None:
    for connection in (vault.work, vault.copies()):
        for name, _, proof in database._SETTINGS:
            found = connection.execute(f"PRAGMA {name}").fetchone()
            assert (str(found[0]) if found else "0") == proof, name
        assert connection.execute("PRAGMA cipher_version").fetchone()[0]


def test_a_setting_that_does_not_hold_is_noticed(
    vault: Vault, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.close()
    monkeypatch.setattr(database, "_SETTINGS", (("synchronous", "OFF", "2"),))
    with pytest.raises(faults.Damaged):
        reopen(folder)


def test_files_and_folder_are_private(vault: Vault, folder: Path) -> None:
    write_canary(vault)
    assert folder.stat().st_mode & 0o777 == 0o700
    for path in folder.iterdir():
        assert path.stat().st_mode & 0o077 == 0, path.name


def test_a_wrong_key_is_not_called_damage(vault: Vault, folder: Path) -> None:
    vault.close()
    with pytest.raises(faults.WrongKey):
        reopen(folder, bytes(32))


def test_a_right_key_on_a_bitten_file_is_damage(vault: Vault, folder: Path) -> None:
    write_canary(vault)
    vault.close()
    path = folder / "work.db"
    good = path.read_bytes()
    for place in (100, len(good) // 2, len(good) - 10):
        path.write_bytes(good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :])
        with pytest.raises(faults.Damaged):
            reopen(folder)
    for size in (0, 100, 4096, len(good) - 4096, len(good) - 100):
        path.write_bytes(good[:size])
        with pytest.raises(faults.Damaged):
            reopen(folder)
    page = 4096
    path.write_bytes(good[:page] + good[2 * page : 3 * page] + good[page : 2 * page] + good[3 * page :])
    with pytest.raises(faults.Damaged):
        reopen(folder)
    path.write_bytes(good)
    reopen(folder).close()


def test_a_bite_in_a_free_page_is_seen_too(vault: Vault, folder: Path) -> None:
    """No table reads a free page: only the check of every page's HMAC does."""
    write_canary(vault)
    vault.work.execute("DELETE FROM drafts")
    vault.close()
    path = folder / "work.db"
    good = path.read_bytes()
    place = len(good) - 2000
    path.write_bytes(good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :])
    with pytest.raises(faults.Damaged):
        reopen(folder)
    path.write_bytes(good)
    reopen(folder).close()


def test_the_other_file_in_this_place_is_refused(vault: Vault, folder: Path) -> None:
    vault.close()
    with pytest.raises(faults.Damaged):
        open_database(folder / "cache.db", "work", CACHE_KEY, fingerprint_of(CACHE_KEY), VAULT_ID)
    with pytest.raises(faults.Damaged):
        open_database(folder / "work.db", "work", WORK_KEY, fingerprint_of(WORK_KEY), "vault-2")


def test_a_plain_file_is_refused(folder: Path) -> None:
    folder.mkdir()
    plain = sqlite3.connect(folder / "work.db")
    plain.execute("CREATE TABLE marker (one, kind, vault_id)")
    plain.execute("INSERT INTO marker VALUES (1, 'work', ?)", (VAULT_ID,))
    plain.commit()
    plain.close()
    with pytest.raises(faults.NotEncrypted):
        reopen(folder)


def test_a_missing_file_is_missing(vault: Vault, folder: Path, tmp_path: Path) -> None:
    vault.close()
    (folder / "work.db").unlink()
    with pytest.raises(faults.Missing):
        reopen(folder)
    with pytest.raises(faults.Missing):
        reopen(tmp_path / "nowhere")


def test_a_newer_file_is_refused_and_left_alone(vault: Vault, folder: Path) -> None:
    vault.work.execute("PRAGMA user_version = 99")
    vault.close()
    before = (folder / "work.db").read_bytes()
    with pytest.raises(faults.NewerFile):
        reopen(folder)
    assert (folder / "work.db").read_bytes() == before


def test_one_process_has_the_vault(vault: Vault, folder: Path) -> None:
    with pytest.raises(faults.AlreadyOpen):
        reopen(folder)
    vault.close()
    reopen(folder).close()


def test_creating_twice_is_refused(vault: Vault, folder: Path) -> None:
    vault.close()
    with pytest.raises(faults.Sealed):
        Vault.create(folder, VAULT_ID, WORK_KEY, CACHE_KEY)
    reopen(folder).close()


def test_a_damaged_cache_is_set_aside_and_work_stays(vault: Vault, folder: Path) -> None:
    write_canary(vault)
    vault.close()
    (folder / "cache.db").write_bytes(b"\x01" * 8192)
    again = reopen(folder)
    with pytest.raises(faults.Damaged):
        again.open_cache(CACHE_KEY, fingerprint_of(CACHE_KEY))
    again.set_cache_aside()
    again.create_cache(CACHE_KEY)
    assert drafts.count(again.work, "drafts") == 50
    assert (folder / "cache.db.damaged").read_bytes() == b"\x01" * 8192
    again.close()


def test_turns_are_counted_in_both_files(vault: Vault) -> None:
    assert [vault.advance(), vault.advance()] == [1, 2]
    assert state.get(vault.copies(), "turn", part="cache") == "2"
    vault.shut_cache()
    assert vault.advance() == 3
    assert state.get(vault.work, "cache_turn") == "2"
    with pytest.raises(faults.Missing):
        vault.copies()
