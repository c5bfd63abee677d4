"""A vault's keys between header, envelope and keyring: made, opened, put into a new envelope, forgotten."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass, replace
from typing import Any

from app.keys.envelope import CACHE, KEY_BYTES, SUITE, WORK, Envelope, Wrap, b64, unb64, zero
from app.keys.passphrases import check_passphrase
from app.keys.ring import Ring
from app.trouble import Fault, NotYou, VaultTrouble
from local_cache.database import fingerprint_of
from local_cache.header import Card, Header

MOST_TRIES = 10
KEPT_SHARES = 2


@dataclass
class Keys:
    """What an open vault needs. `pass_key` is P, `ring_key` K (None without keyring), `cache` None when
    closed."""

    pass_key: bytearray
    ring_key: bytearray | None
    work: bytearray
    cache: bytearray | None = None

    def parts(self) -> list[bytes]:
        """P and, where there is a keyring, K."""
        return [bytes(self.pass_key)] + ([bytes(self.ring_key)] if self.ring_key is not None else [])

    def zero(self) -> None:
        """Overwrite all of them, as far as Python lets us."""
        zero(self.pass_key, self.ring_key, self.work, self.cache)


@dataclass(frozen=True)
class Marks:
    """What the keyring remembers of a vault, to know an older one that was put back."""

    vault_id: str = ""
    gen: int = 0
    header: str = ""
    turn: int = 0
    tries: int = 0


class Safe:
    """Keys of one home. A header that names a keyring opens with that keyring or not at all."""

    def __init__(self, ring: Ring, envelope: Envelope | None = None) -> None:
        self.ring = ring
        self.envelope = envelope or Envelope()

    def make(
        self, profile: str, card: Card, passphrase: str, share_id: str, share: bytes
    ) -> tuple[Header, Keys]:
        """New keys and their header; `enrol` writes what belongs into the keyring once the files stand.

        Raises:
            NotRight: as `check_passphrase`.
            VaultTrouble: keyring.locked when there is a keyring that does not open.
        """
        state = self.ring.state()
        if state == "locked":
            raise VaultTrouble("keyring.locked", retry=True)
        check_passphrase(passphrase, state == "ready")
        kdf = self.envelope.new_kdf()
        keys = Keys(
            self.envelope.derive(passphrase, kdf),
            bytearray(secrets.token_bytes(KEY_BYTES)) if state == "ready" else None,
            bytearray(secrets.token_bytes(KEY_BYTES)),
            bytearray(secrets.token_bytes(KEY_BYTES)),
        )
        bare = Header(
            vault_id=str(uuid.uuid4()),
            profile=profile,
            suite=SUITE,
            gen=1,
            kdf=kdf,
            keyring=self.ring.name() if state == "ready" else "",
            share_id=share_id,
            fingerprints={},
            card=card,
        )
        return self.sealed(bare, keys, share), keys

    def enrol(self, header: Header, keys: Keys, share: bytes, device_pem: str) -> None:
        """Write K, the share and the device's key into the keyring, where the header names one.

        Raises:
            VaultTrouble: keyring.missing or keyring.locked.
        """
        if keys.ring_key is None:
            return
        secret = {"vault_id": header.vault_id, "k_b64": b64(bytes(keys.ring_key))}
        self.ring.write(header.profile, "device", {"pem": device_pem})
        self.ring.write(header.profile, "share", {"shares": [{"id": header.share_id, "l_b64": b64(share)}]})
        self.ring.write(header.profile, "secret", secret)

    def sealed(self, header: Header, keys: Keys, share: bytes | None) -> Header:
        """The header with fresh wraps. Without the cache's key or the share the cache has none."""
        prints = {WORK: fingerprint_of(bytes(keys.work))}
        if keys.cache is not None and share is not None:
            prints[CACHE] = fingerprint_of(bytes(keys.cache))
        header = replace(header, fingerprints=prints, wraps={})
        bound = header.sealed_bytes()
        wraps = {WORK: self.envelope.wrap(bytes(keys.work), keys.parts(), WORK, bound).as_json()}
        if keys.cache is not None and share is not None:
            boxed = self.envelope.wrap(bytes(keys.cache), [*keys.parts(), share], CACHE, bound)
            wraps[CACHE] = boxed.as_json()
        return replace(header, wraps=wraps)

    def open(self, header: Header, passphrase: str) -> Keys:
        """P, K and the key of work.db.

        Raises:
            NotYou: unlock.bad for the passphrase, the header or the keyring's secret.
            NotTrusted: vault.kdf-lowered.
            VaultTrouble: keyring.missing, keyring.locked, keyring.changed, keyring.emptied, vault.no-keys.
        """
        if WORK not in header.wraps or header.suite != SUITE:
            raise VaultTrouble("vault.no-keys")
        ring_key = self._ring_key(header)
        pass_key = self.envelope.derive(passphrase, header.kdf)
        keys = Keys(pass_key, ring_key, bytearray())
        try:
            wrap = Wrap.from_json(header.wraps[WORK])
        except (KeyError, ValueError) as flaw:
            raise NotYou("unlock.bad") from flaw
        keys.work = self.envelope.unwrap(wrap, keys.parts(), WORK, header.sealed_bytes())
        return keys

    def open_cache(self, header: Header, keys: Keys, share: bytes) -> bytearray:
        """The key of cache.db.

        Raises:
            NotYou: unlock.bad when the share is another one.
            VaultTrouble: vault.no-keys when there is no wrap for it.
        """
        if CACHE not in header.wraps:
            raise VaultTrouble("vault.no-keys")
        wrap = Wrap.from_json(header.wraps[CACHE])
        return self.envelope.unwrap(wrap, [*keys.parts(), share], CACHE, header.sealed_bytes())

    def verify(self, header: Header, keys: Keys) -> None:
        """Open the wraps of a header just written with the keys in memory.

        Raises:
            Fault: vault.envelope when they do not open to the same key: the old header must stay.
        """
        try:
            found = self.envelope.unwrap(
                Wrap.from_json(header.wraps[WORK]), keys.parts(), WORK, header.sealed_bytes()
            )
        except NotYou as flaw:
            raise Fault("vault.envelope") from flaw
        if found != keys.work:
            raise Fault("vault.envelope")

    def marks(self, header: Header) -> Marks:
        """The keyring's memory of this vault, empty when it is about another one or there is no keyring."""
        found = self.ring.read(header.profile, "marks") if header.keyring else None
        if not found or found.get("vault_id") != header.vault_id:
            return Marks()
        return Marks(**found)

    def remember(self, header: Header, turn: int, tries: int = 0) -> None:
        """Tell the keyring which header and turn are the newest."""
        if header.keyring:
            marks = Marks(header.vault_id, header.gen, header.digest(), turn, tries)
            self.ring.write(header.profile, "marks", vars(marks))

    def count_try(self, header: Header) -> int:
        """Count a try before it is made, in the keyring; returns the larger of both counters, this try
        included."""
        marks = self.marks(header)
        tries = max(marks.tries, header.tries) + 1
        if header.keyring:
            remembered: dict[str, Any] = {**vars(marks), "vault_id": header.vault_id, "tries": tries}
            self.ring.write(header.profile, "marks", remembered)
        return tries

    def clear_tries(self, header: Header) -> None:
        """The passphrase was right, whatever came of it."""
        if header.keyring:
            self.ring.write(header.profile, "marks", {**vars(self.marks(header)), "tries": 0})

    def share(self, header: Header) -> bytes | None:
        """The lease's share that the header names, from the keyring; None when it is not there."""
        return {one["id"]: unb64(one["l_b64"]) for one in self._shares(header)}.get(header.share_id)

    def add_share(self, header: Header, share_id: str, share: bytes) -> None:
        """Keep a share beside the one before, until the new one has opened."""
        old = [one for one in self._shares(header) if one["id"] != share_id]
        kept = [{"id": share_id, "l_b64": b64(share)}, *old][:KEPT_SHARES]
        self.ring.write(header.profile, "share", {"shares": kept})

    def only_share(self, header: Header) -> None:
        """Drop every share but the header's."""
        kept = [one for one in self._shares(header) if one["id"] == header.share_id]
        self.ring.write(header.profile, "share", {"shares": kept})

    def forget_share(self, header: Header) -> None:
        """The lease ended: L goes."""
        if header.keyring:
            self.ring.delete(header.profile, "share")

    def _shares(self, header: Header) -> list[dict[str, str]]:
        found = self.ring.read(header.profile, "share") if header.keyring else None
        return list(found["shares"]) if found else []

    def _ring_key(self, header: Header) -> bytearray | None:
        if not header.keyring:
            return None
        state = self.ring.state(header.keyring)
        if state != "ready":
            raise VaultTrouble(f"keyring.{state}", retry=state == "locked")
        found = self.ring.read(header.profile, "secret")
        if not found or found.get("vault_id") != header.vault_id:
            raise VaultTrouble("keyring.emptied")
        return bytearray(unb64(found["k_b64"]))
