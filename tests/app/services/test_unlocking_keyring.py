"""The vault beside a real Secret Service: a short PIN, a stolen disk, a keyring that changes, files put
back."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.clock import utc_text
from app.keys.device import DeviceKey
from app.keys.ring import Ring
from app.lanes import Lane
from app.services.unlocking import Unlocking
from app.trouble import NotRight, NotYou, VaultTrouble
from local_cache import outbox
from local_cache.outbox import OutboxItem
from tests.app.services.test_leasing import fresh
from tests.app.services.vaults import PIN, SHARE, TurnedClock, checked, grant, unlocking

pytestmark = pytest.mark.keyring
PROFILE = "u0123"


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture
def key(clock: TurnedClock) -> DeviceKey:
    return DeviceKey.generate(clock)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def client(home: Path, clock: TurnedClock, key: DeviceKey) -> Iterator[Unlocking]:
    lane, ring = Lane("vault"), Ring()
    ring.forget(PROFILE)
    made = unlocking(home, clock, ring, lane)
    made.create_vault(PROFILE, grant(key), PIN, key, "柜台一")
    yield made
    made.lock()
    ring.forget(PROFILE)
    lane.close()


def test_a_pin_opens_beside_the_keyring(client: Unlocking, key: DeviceKey) -> None:
    client.lock()
    card = client.card()
    assert card is not None
    assert (card.keyring_state, card.tries_left) == ("ready", 10)
    opened = client.unlock(PIN)
    assert (opened.lease_state, opened.offline) == ("live", True)
    assert client.device_key().thumbprint() == key.thumbprint()
    with pytest.raises(NotRight):
        client.change_passphrase(PIN, "123456")
    client.change_passphrase(PIN, "739164")
    client.lock()
    assert client.unlock("739164").offline


def test_neither_share_nor_device_key_is_in_the_vault(client: Unlocking, home: Path) -> None:
    secrets = client.room.run(lambda o: [row[0] for row in o.work.execute("SELECT name FROM secrets")])
    assert secrets == ["tokens"]
    everything = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert SHARE not in everything


def test_the_disk_alone_opens_nothing_even_with_the_pin(
    client: Unlocking, home: Path, tmp_path: Path, clock: TurnedClock
) -> None:
    client.lock()
    shutil.copytree(home, tmp_path / "stolen")
    lane = Lane("thief")
    elsewhere = unlocking(tmp_path / "stolen", clock, Ring.absent(), lane)
    with pytest.raises(VaultTrouble) as missing:
        elsewhere.unlock(PIN)
    assert missing.value.code == "keyring.missing"
    path = tmp_path / "stolen" / "vaults" / PROFILE / "vault.json"
    path.write_text(path.read_text().replace('"keyring": "SecretService"', '"keyring": ""'))
    with pytest.raises(NotYou):
        elsewhere.unlock(PIN)
    lane.close()
    assert client.unlock(PIN).lease_state == "live"


def test_another_secret_in_the_keyring_opens_nothing(client: Unlocking) -> None:
    client.lock()
    ring = Ring()
    good = ring.read(PROFILE, "secret")
    assert good is not None
    ring.write(PROFILE, "secret", {**good, "k_b64": "A" * 43 + "="})
    with pytest.raises(NotYou):
        client.unlock(PIN)
    ring.delete(PROFILE, "secret")
    with pytest.raises(VaultTrouble) as emptied:
        client.unlock(PIN)
    assert emptied.value.code == "keyring.emptied"
    ring.write(PROFILE, "secret", good)
    client.unlock(PIN)


def test_another_share_keeps_the_copies_shut_and_the_work_open(client: Unlocking) -> None:
    client.lock()
    ring = Ring()
    good = ring.read(PROFILE, "share")
    assert good is not None
    ring.write(PROFILE, "share", {"shares": [{"id": "s1", "l_b64": "A" * 43 + "="}]})
    opened = client.unlock(PIN)
    assert (opened.lease_state, opened.offline) == ("live", False)
    client.lock()
    ring.write(PROFILE, "share", good)
    assert client.unlock(PIN).offline


def test_wrong_tries_are_counted_in_both_places(client: Unlocking, home: Path) -> None:
    client.lock()
    path = home / "vaults" / PROFILE / "vault.json"
    fresh = path.read_bytes()
    for _ in range(9):
        with pytest.raises(NotYou):
            client.unlock("000001")
        path.write_bytes(fresh)
    card = client.card()
    assert card is not None
    assert card.tries_left == 1
    with pytest.raises(NotYou) as worn:
        client.unlock("000001")
    assert worn.value.code == "unlock.worn"
    assert Ring().read(PROFILE, "secret") is None
    path.write_bytes(fresh)
    with pytest.raises(VaultTrouble):
        client.unlock(PIN)


@pytest.mark.parametrize("turn", range(3))
def test_the_whole_old_profile_put_back_is_noticed(
    client: Unlocking, home: Path, tmp_path: Path, turn: int
) -> None:
    client.lock()
    shutil.copytree(home, tmp_path / "old")
    for _ in range(turn + 1):
        assert client.unlock(PIN).lease_state == "live"
        client.lock()
    shutil.copytree(home, tmp_path / "new")
    shutil.rmtree(home)
    shutil.copytree(tmp_path / "old", home)
    for _ in range(2):
        opened = client.unlock(PIN)
        assert (opened.lease_state, opened.offline) == ("rolled_back", False)
        client.lock()
    shutil.rmtree(home)
    shutil.copytree(tmp_path / "new", home)
    assert client.unlock(PIN).lease_state == "live"


def test_an_ended_lease_takes_the_share_out_of_the_keyring(
    client: Unlocking, key: DeviceKey, clock: TurnedClock
) -> None:
    clock.pass_(hours=73)
    assert client.lease_state() == "ended"
    assert Ring().read(PROFILE, "share") is None
    assert client.renew(grant(key, issued=clock.wall)).offline


def test_a_lease_with_fresh_tokens_brings_the_share_back_and_otherwise_leaves_the_keyring_alone(
    client: Unlocking, key: DeviceKey, clock: TurnedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.pass_(hours=73)
    assert client.lease_state() == "ended"
    client.refreshed(fresh(key, clock.wall), checked)
    assert client.lease_state() == "live"
    assert Ring().read(PROFILE, "share") is not None

    def touched(*_: object) -> None:
        raise VaultTrouble("keyring.locked")

    for verb in ("read", "write", "delete"):
        monkeypatch.setattr(client.safe.ring, verb, touched)
    clock.pass_(hours=1)
    client.refreshed(fresh(key, clock.wall), checked)
    monkeypatch.undo()
    client.lock()
    opened = client.unlock(PIN)
    assert (opened.offline, opened.lease_until) == (True, utc_text(clock.wall + timedelta(hours=72)))


def test_a_revoked_vault_leaves_only_the_secret_of_the_sealed_items(
    client: Unlocking, key: DeviceKey
) -> None:
    client.room.run(lambda o: outbox.add(o.work, OutboxItem("op-1", "objection.file", "t", b"{}", "0" * 64)))
    client.revoked()
    ring = Ring()
    left = [item for item in ("secret", "share", "marks", "device") if ring.read(PROFILE, item) is not None]
    assert left == []
    assert ring.read(PROFILE, "sealed") is not None
    client.create_vault(PROFILE, grant(key), "628403", key, "柜台一")
    assert client.recover_sealed(PIN).items == 1


LOCKED = """
import subprocess, sys
from pathlib import Path
from app.keys.device import DeviceKey
from app.keys.ring import Ring
from app.lanes import Lane
from app.trouble import VaultTrouble
from tests.app.services.vaults import PIN, TurnedClock, grant, unlocking

key, lane = DeviceKey.generate(), Lane("vault")
client = unlocking(Path(sys.argv[1]), TurnedClock(), Ring(), lane)
client.create_vault("u0123", grant(key), PIN, key, "one")
client.lock()
place = "/org/freedesktop/secrets"
call = ["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.secrets", place]
lock = ["org.freedesktop.Secret.Service.Lock", f"array:objpath:{place}/aliases/default"]
subprocess.run(call + lock, check=True, capture_output=True)
told = []
for _ in range(2):
    try:
        client.unlock(PIN)
    except VaultTrouble as trouble:
        told.append(f"{trouble.code} {trouble.retry}")
card = client.card()
print(*told, card.keyring_state, card.tries_left, client.is_open())
lane.close()
"""


def test_a_locked_keyring_is_told_and_nothing_is_counted(tmp_path: Path) -> None:
    """In a session of its own: nobody is there to unlock it again."""
    told = subprocess.run(
        ["bash", "tests/with_keyring.sh", sys.executable, "-c", LOCKED, str(tmp_path / "home")],
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    )
    assert told.stdout.split() == [*["keyring.locked", "True"] * 2, "locked", "10", "False"]
