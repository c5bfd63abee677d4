"""Creating a vault at a sign-in and opening it with the passphrase. Everything here runs in the vault's
lane."""

from __future__ import annotations

import shutil
from dataclasses import replace

import msgspec

from app.clock import epoch_ms, read_utc
from app.keys.device import DeviceKey
from app.keys.envelope import WORK, unb64
from app.keys.safe import MOST_TRIES, Keys
from app.paths import VaultPaths
from app.policy import Policy, read_policy
from app.profiles import read_profiles, write_profiles
from app.services import vault_contents
from app.services.house import House, Unlocked
from app.services.returning import give_back_all, give_back_room
from app.services.room import Opened, User, told_faults
from app.services.vault_ending import ASIDE, destroy
from app.trouble import Fault, NotTrusted, NotYou, Refused, VaultTrouble
from app.trusted_time import TrustedClock
from app.wire.messages import DeviceLease, SessionGrant
from local_cache import evidence, header, ledger, outbox, state
from local_cache.vault import Vault, hold


def create(
    house: House, profile: str, session: SessionGrant, passphrase: str, key: DeviceKey, device_name: str
) -> Unlocked:
    """A new vault, open afterwards. One that was here is set aside; if it was open, its drafts and
    unsent items come along and its files go."""
    lease, policy = read_session(session, key)
    paths = house.home.vault(profile)
    share = unb64(session.lease_share_b64)
    card = header.Card(
        session.user.user,
        session.user.name,
        session.user.organisation_name,
        device_name,
        session.device_id,
    )
    head, keys = house.safe.make(profile, card, passphrase, session.share_id, share)
    carried = _leave_before(house, profile)
    with told_faults():
        lock = hold(paths.folder, make=True)
        try:
            moved = _set_aside(paths)
        except BaseException:
            lock.release()
            raise
        try:
            opened = Opened(
                vault=Vault.create(
                    paths.folder, head.vault_id, bytes(keys.work), bytes(keys.cache or b""), lock
                ),
                header=head,
                keys=keys,
                device_key=key,
                user=user_of(session, device_name),
                time=TrustedClock(house.clock),
                policy=policy,
                lease=lease,
            )
            try:
                _fill(opened, session, share, carried)
                house.safe.enrol(head, keys, share, key.private_pem())
                header.write_header(paths.header, head)
            except BaseException:
                opened.vault.close()
                raise
        except BaseException:
            _put_back(paths, moved)
            raise
        write_profiles(house.home.profiles, read_profiles(house.home.profiles).with_profile(profile))
        if carried is not None and moved:
            shutil.rmtree(paths.folder / ASIDE)
        house.room.enter(opened)
        house.note_turn(opened)
    return replace(house.described(opened), carried=carried.count if carried else 0)


def unlock(house: House, passphrase: str) -> Unlocked:
    """Open the vault of the current profile."""
    if house.room.is_open:
        raise Fault("vault.open")
    paths = house.paths()
    with told_faults():
        lock = hold(paths.folder)  # before the header is read: another process may be writing a new one
        try:
            head = header.read_header(paths.header)
            if not head.wraps:
                raise Refused("device.revoked") if head.why == "revoked" else VaultTrouble("vault.no-keys")
            keys = _open_keys(house, paths, head, passphrase)
            head = replace(head, tries=0, why=head.why if head.why == "revoked" else "")
            header.write_header(paths.header, head)
            house.safe.clear_tries(head)
        except BaseException:
            lock.release()
            raise
        vault = Vault.open(paths.folder, head.vault_id, bytes(keys.work), head.fingerprints[WORK], lock)
        try:
            opened = _opened(house, vault, head, keys)
            header.drop_previous(paths.header)
            outbox.awaken(opened.work)
            give_back_all(opened)
            if evidence.discard_settled(opened.work):
                give_back_room(opened)
            house.room.enter(opened)
            if head.why == "revoked":
                destroy(house, "revoked", "")
                raise Refused("device.revoked")
            rebuilt = house.open_copies(opened)
            house.settle_lease(opened)
            house.note_turn(opened)
        except BaseException:
            house.room.leave()
            vault.close()
            keys.zero()
            raise
    return replace(house.described(opened), rebuilt=rebuilt)


def read_session(session: SessionGrant, key: DeviceKey) -> tuple[DeviceLease, Policy]:
    """Lease and policy of a sign-in whose signatures the wire has checked.

    Raises:
        NotTrusted: answer.malformed; lease.foreign when they are another officer's or device's.
    """
    lease = read_lease(vault_contents.payload(session.lease.payload_b64), key, session.user.user)
    try:
        policy = read_policy(vault_contents.payload(session.policy.payload_b64))
    except msgspec.DecodeError as flaw:
        raise NotTrusted("answer.malformed") from flaw
    return lease, policy


def read_lease(payload: bytes, key: DeviceKey, user: str) -> DeviceLease:
    """A lease for this key and this officer.

    Raises:
        NotTrusted: answer.malformed; lease.foreign when it is another officer's or device's.
    """
    try:
        lease = msgspec.json.decode(payload, type=DeviceLease)
    except msgspec.DecodeError as flaw:
        raise NotTrusted("answer.malformed") from flaw
    if lease.device_id != key.thumbprint() or lease.user != user:
        raise NotTrusted("lease.foreign")
    return lease


def user_of(session: SessionGrant, device_name: str) -> User:
    """The officer of a sign-in on this computer."""
    device = {"device_id": session.device_id, "device_name": device_name}
    return msgspec.convert({**msgspec.structs.asdict(session.user), **device}, type=User)


def _fill(
    opened: Opened, session: SessionGrant, share: bytes, carried: vault_contents.Carried | None
) -> None:
    work, head = opened.work, opened.header
    ledger.set_base(work, session.last_n, session.last_hash)
    state.put(work, {"cursor": session.cursor, "gen": str(head.gen), "header": head.digest()})
    if opened.keys.ring_key is None:
        vault_contents.store_share(work, session.share_id, share)
        vault_contents.store_device_key(work, opened.device_key.private_pem())
    if carried is not None:
        vault_contents.restore(work, carried)
    keep_session(opened, session)


def keep_session(opened: Opened, session: SessionGrant) -> None:
    """Keep what a sign-in brought; the signed lease also says what time it is."""
    vault_contents.keep_session(opened.work, opened.user, session, opened.now_text())
    if opened.lease is not None:
        opened.time.told(epoch_ms(read_utc(opened.lease.issued)))
    opened.keep_time()


def _open_keys(house: House, paths: VaultPaths, head: header.Header, passphrase: str) -> Keys:
    """The try is counted before it is made; the last wrong one destroys the envelope."""
    found = house.safe.ring.state(head.keyring) if head.keyring else "ready"
    if found != "ready":
        raise VaultTrouble(f"keyring.{found}", retry=found == "locked")
    tries = house.safe.count_try(head)
    if tries <= MOST_TRIES:
        header.write_header(paths.header, replace(head, tries=tries))
        try:
            return house.safe.open(head, passphrase)
        except NotYou as flaw:
            if tries < MOST_TRIES:
                raise NotYou("unlock.bad", context={"tries": MOST_TRIES - tries}) from flaw
    header.write_header(paths.header, replace(head.without_wraps("worn"), tries=tries))
    header.drop_previous(paths.header)
    if head.keyring:
        house.safe.ring.forget(head.profile)
    raise NotYou("unlock.worn", context={"tries": 0})


def _opened(house: House, vault: Vault, head: header.Header, keys: Keys) -> Opened:
    pem = vault_contents.device_key(vault.work)
    if pem is None:
        found = house.safe.ring.read(head.profile, "device")
        if not found:
            raise VaultTrouble("keyring.emptied")
        pem = str(found["pem"])
    kept = vault_contents.read_session(vault.work)
    opened = Opened(
        vault=vault,
        header=head,
        keys=keys,
        device_key=DeviceKey.from_pem(pem, house.clock),
        user=msgspec.structs.replace(kept.user, device_name=head.card.device_name),
        time=TrustedClock(house.clock, vault_contents.anchor(vault.work)),
        policy=kept.policy,
        lease=kept.lease,
    )
    opened.rolled_back = _is_older(house, opened)
    return opened


def _is_older(house: House, opened: Opened) -> bool:
    """Whether the keyring, or the vault itself, remembers a later header or a later turn than is here."""
    head, work, marks = opened.header, opened.work, house.safe.marks(opened.header)
    gen, digest = int(state.get(work, "gen", "0")), state.get(work, "header")
    older = head.gen < max(gen, marks.gen) or int(state.get(work, "turn", "0")) < marks.turn
    edited = head.gen == gen and head.digest() != digest
    replaced = bool(marks.header) and head.gen == marks.gen and head.digest() != marks.header
    return older or edited or replaced


def _leave_before(house: House, profile: str) -> vault_contents.Carried | None:
    """Close what is open; what it has to hand over when it is the same profile."""
    before = house.room.leave()
    if before is None:
        return None
    with told_faults():
        carried = vault_contents.carry(before.work) if before.header.profile == profile else None
    before.vault.close()
    before.keys.zero()
    return carried


def _set_aside(paths: VaultPaths) -> list[str]:
    """Move the files of a vault that was here into its own folder; only the latest is kept."""
    if not paths.folder.is_dir():
        return []
    aside = paths.folder / ASIDE
    names = [
        one.name
        for one in paths.folder.iterdir()
        if one.name.startswith((paths.header.name, paths.work.name, paths.cache.name))
    ]
    if names:
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(mode=0o700)
        for name in names:
            (paths.folder / name).replace(aside / name)
    return names


def _put_back(paths: VaultPaths, names: list[str]) -> None:
    for name in (paths.work.name, paths.cache.name):
        for tail in ("", "-wal", "-shm"):
            (paths.folder / (name + tail)).unlink(missing_ok=True)
    for name in names:
        (paths.folder / ASIDE / name).replace(paths.folder / name)
