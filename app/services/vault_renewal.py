"""What changes while a vault is open: a sign-in or fresh tokens with their lease, a new share, a new
passphrase."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.clock import epoch_ms, read_utc
from app.field.records import Signed
from app.keys.envelope import CACHE
from app.keys.passphrases import check_passphrase
from app.services import vault_contents
from app.services.house import House, Unlocked
from app.services.room import Opened
from app.services.vault_opening import read_lease, read_session, user_of
from app.trouble import NotTrusted, NotYou
from app.wire.messages import DeviceLease, SessionGrant, TokensAnswer
from local_cache import header, state
from local_cache.database import transaction


def renew(house: House, opened: Opened, session: SessionGrant) -> Unlocked:
    """Take over a sign-in. The copies open again; when neither share opens their key, they begin anew."""
    lease, policy = read_session(session, opened.device_key)
    if session.user.user != opened.user.user:
        raise NotTrusted("lease.foreign")
    user = user_of(session, opened.header.card.device_name)
    share = vault_contents.payload(session.lease_share_b64)

    def keep() -> None:
        vault_contents.keep_session(opened.work, user, session, opened.now_text())

    _take(house, opened, lease, share, keep)
    opened.policy, opened.user = policy, user
    house.note_turn(opened)
    return house.described(opened)


def refresh(house: House, opened: Opened, fresh: TokensAnswer, check: Callable[[Signed], bytes]) -> None:
    """Take over fresh tokens, and in the same transaction the lease that came with them, or the word why none
    did. Without a word (an older server) what was known about the lease stays.

    Raises:
        NotTrusted: answer.unsigned, answer.malformed, lease.foreign. The tokens are kept all the same: the
            old ones are used up, and the lease of before goes on to its end.
    """

    def keep_tokens() -> None:
        vault_contents.store_tokens(opened.work, fresh.access_token, fresh.refresh_token)

    grant = fresh.lease
    if grant is None:
        with transaction(opened.work, "work"):
            keep_tokens()
            if fresh.lease_withheld:
                vault_contents.note_withheld(opened.work, fresh.lease_withheld)
        return

    try:
        payload = check(grant.lease)
        lease = read_lease(payload, opened.device_key, opened.user.user)
        if lease.share_id != grant.share_id:
            raise NotTrusted("answer.malformed")
        share = vault_contents.payload(grant.lease_share_b64)

        def keep() -> None:
            keep_tokens()
            vault_contents.keep_lease(opened.work, payload, opened.now_text())

        changed = _take(house, opened, lease, share, keep)
    except BaseException:
        keep_tokens()
        raise
    if changed:
        house.note_turn(opened)


def _take(house: House, opened: Opened, lease: DeviceLease, share: bytes, keep: Callable[[], None]) -> bool:
    """Keep a lease and its share, and open the copies with it. `keep` writes what else came, in the same
    transaction. True when more changed than the end of the lease: the envelope or the copies' file.

    The keyring comes first: a share too many there opens nothing, a lease without its share would.
    """
    head = opened.header
    cache_key = opened.keys.cache or _cache_key(house, opened, lease.share_id, share)
    is_open = opened.vault.cache is not None  # then the share is kept: it goes when the copies are shut
    had = lease.share_id == head.share_id and (is_open or house.share(opened) == share)
    in_ring = opened.keys.ring_key is not None
    if in_ring and not had:
        house.safe.add_share(head, lease.share_id, share)
    with transaction(opened.work, "work"):
        keep()
        if not in_ring:
            vault_contents.store_share(opened.work, lease.share_id, share)
        vault_contents.note_withheld(opened.work, "")
        opened.time.told(epoch_ms(read_utc(lease.issued)))
        opened.keep_time()
    opened.lease = lease
    begins_anew = cache_key is None
    opened.keys.cache = cache_key if cache_key is not None else vault_contents.new_key()
    rewraps = begins_anew or lease.share_id != head.share_id or CACHE not in head.wraps
    if rewraps:
        rewrap(house, opened, replace(head, share_id=lease.share_id), share)
    if in_ring and not had:
        house.safe.only_share(opened.header)
    if begins_anew and not opened.rolled_back:
        opened.vault.drop_cache()
        opened.vault.create_cache(bytes(opened.keys.cache))
    elif opened.vault.cache is None:
        house.open_copies(opened)
        return True
    return rewraps


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


def _cache_key(house: House, opened: Opened, share_id: str, share: bytes) -> bytearray | None:
    known = share if share_id == opened.header.share_id else house.share(opened)
    if known is None or CACHE not in opened.header.wraps:
        return None
    try:
        return house.safe.open_cache(opened.header, opened.keys, known)
    except NotYou:
        return None
