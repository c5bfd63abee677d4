"""What changes while a vault is open: a new sign-in with its lease, a new share, a new passphrase."""

from __future__ import annotations

from dataclasses import replace

from app.keys.envelope import CACHE, unb64
from app.keys.passphrases import check_passphrase
from app.services import vault_contents
from app.services.house import House, Unlocked
from app.services.room import Opened
from app.services.vault_opening import keep_session, read_session, user_of
from app.trouble import NotTrusted, NotYou
from app.wire.messages import SessionGrant
from local_cache import header, state


def renew(house: House, opened: Opened, session: SessionGrant) -> Unlocked:
    """Take over a sign-in. The copies open again; when neither share opens their key, they begin anew."""
    lease, policy = read_session(session, opened.device_key)
    if session.user.user != opened.user.user:
        raise NotTrusted("lease.foreign")
    share = unb64(session.lease_share_b64)
    cache_key = opened.keys.cache or _cache_key(house, opened, session.share_id, share)
    opened.lease, opened.policy, opened.user = lease, policy, user_of(session, opened.header.card.device_name)
    keep_session(opened, session)
    _keep_share(house, opened, session.share_id, share)
    begins_anew = cache_key is None
    opened.keys.cache = cache_key if cache_key is not None else vault_contents.new_key()
    if begins_anew or session.share_id != opened.header.share_id or CACHE not in opened.header.wraps:
        rewrap(house, opened, replace(opened.header, share_id=session.share_id), share)
    if opened.keys.ring_key is not None:
        house.safe.only_share(opened.header)
    if begins_anew and not opened.rolled_back:
        opened.vault.drop_cache()
        opened.vault.create_cache(bytes(opened.keys.cache))
    elif opened.vault.cache is None:
        house.open_copies(opened)
    house.note_turn(opened)
    return house.described(opened)


def change_passphrase(house: House, opened: Opened, old: str, new: str) -> None:
    """New salt and new envelope around the same keys."""
    head = opened.header
    if house.safe.envelope.derive(old, head.kdf) != opened.keys.pass_key:
        raise NotYou("unlock.bad", "passphrase.wrong")
    check_passphrase(new, opened.keys.ring_key is not None)
    share = house.share(opened)
    if opened.keys.cache is None and share is not None and CACHE in head.wraps:
        opened.keys.cache = house.safe.open_cache(head, opened.keys, share)
    kdf = house.safe.envelope.new_kdf()
    before, opened.keys.pass_key = opened.keys.pass_key, house.safe.envelope.derive(new, kdf)
    try:
        rewrap(house, opened, replace(head, kdf=kdf), share)
    except BaseException:
        opened.keys.pass_key = before
        raise
    house.note_turn(opened)


def rewrap(house: House, opened: Opened, head: header.Header, share: bytes | None) -> None:
    """Write a new envelope beside the old one, read it back and open it; only then the old one goes.
    Without a share the copies have no envelope any more: the next sign-in begins them anew."""
    paths = house.home.vault(head.profile)
    fresh = house.safe.sealed(replace(head, gen=head.gen + 1), opened.keys, share)
    header.write_header(paths.header, fresh, keep_previous=True)
    house.safe.verify(header.read_header(paths.header), opened.keys)
    opened.header = fresh
    state.put(opened.work, {"gen": str(fresh.gen), "header": fresh.digest()})
    header.drop_previous(paths.header)


def _keep_share(house: House, opened: Opened, share_id: str, share: bytes) -> None:
    if opened.keys.ring_key is None:
        vault_contents.store_share(opened.work, share_id, share)
    else:
        house.safe.add_share(opened.header, share_id, share)


def _cache_key(house: House, opened: Opened, share_id: str, share: bytes) -> bytearray | None:
    known = share if share_id == opened.header.share_id else house.share(opened)
    if known is None or CACHE not in opened.header.wraps:
        return None
    try:
        return house.safe.open_cache(opened.header, opened.keys, known)
    except NotYou:
        return None
