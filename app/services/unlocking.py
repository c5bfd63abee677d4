"""Making, opening, locking and destroying the vault; the lease, the clock and files that were put back."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

from app.clock import Clock, epoch_ms, read_utc
from app.field.records import Signed
from app.keys.device import DeviceKey
from app.keys.envelope import Envelope
from app.keys.ring import Ring, State
from app.keys.safe import MOST_TRIES, Safe
from app.lanes import Lane
from app.paths import Home
from app.policy import Policy
from app.profiles import read_profiles
from app.services import sealing, vault_contents, vault_ending, vault_opening, vault_renewal
from app.services.house import House, Unlocked
from app.services.room import LeaseState, Opened, Room, User, told_faults
from app.trouble import NotYou, Trouble, VaultTrouble
from app.wire.messages import SessionGrant, TokensAnswer
from local_cache import faults, header

__all__ = ["UnlockCard", "Unlocked", "Unlocking", "User"]


@dataclass(frozen=True)
class UnlockCard:
    """What the locked window shows. `why`: "" at a start, idle, asked, unproven (the server says revoked and
    shows no order), revoked or worn (too many wrong tries). `tries_left` is 0 when the keys are gone: a
    revoked vault that was locked keeps them until it is opened once more, to seal what is unsent."""

    profile: str
    user: str
    name: str
    organisation_name: str
    device_name: str
    why: str
    tries_left: int
    keyring_state: State
    kept_drafts: int


class Unlocking:
    """The vault of the current profile. `before_lock` are called first when it is locked (to save drafts)."""

    def __init__(
        self, home: Home, lane: Lane, clock: Clock, ring: Ring | None = None, envelope: Envelope | None = None
    ) -> None:
        self.home = home
        self.room = Room(lane, clock)
        self.safe = Safe(ring or Ring(), envelope)
        self.before_lock: list[Callable[[], None]] = []
        self._house = House(home, self.safe, self.room, clock)

    def card(self) -> UnlockCard | None:
        """The card of the current profile, from the sidecar header: no key is needed. None without a vault.

        Raises:
            VaultTrouble: vault.damaged, vault.newer, profiles.damaged.
        """
        profile = read_profiles(self._house.home.profiles).current
        if not profile or not self._house.home.vault(profile).header.exists():
            return None
        with told_faults():
            head = header.read_header(self._house.home.vault(profile).header)
        state_of_ring = self.safe.ring.state(head.keyring)
        left = MOST_TRIES - head.tries
        if head.keyring and state_of_ring == "ready":
            left = MOST_TRIES - max(head.tries, self.safe.marks(head).tries)
        return UnlockCard(
            profile=head.profile,
            user=head.card.user,
            name=head.card.name,
            organisation_name=head.card.organisation_name,
            device_name=head.card.device_name,
            why=head.why,
            tries_left=max(0, left) if head.wraps else 0,
            keyring_state=state_of_ring,
            kept_drafts=head.kept_drafts,
        )

    def has_vault(self, profile: str = "") -> bool:
        """Whether there is a vault whose keys still exist."""
        try:
            return bool(header.read_header(self._house.paths(profile).header).wraps)
        except (faults.VaultFault, VaultTrouble):
            return False

    def is_open(self) -> bool:
        return self.room.is_open

    def user(self) -> User:
        """Raises NotYou vault.locked when nothing is open."""
        return self.room.run(lambda opened: opened.user)

    def policy(self) -> Policy:
        """The dated rows of the last sign-in.

        Raises:
            NotYou: vault.locked; policy.missing when no sign-in brought one yet.
        """
        found = self.room.run(lambda opened: opened.policy)
        if found is None:
            raise NotYou("policy.missing")
        return found

    def lease_state(self) -> LeaseState:
        """What holds for the copies now. Shuts them, and forgets the share, when the lease is over."""
        return self.room.run(self._house.settle_lease)

    def device_key(self) -> DeviceKey:
        """Raises NotYou vault.locked when nothing is open."""
        return self.room.run(lambda opened: opened.device_key)

    def create_vault(
        self, profile: str, session: SessionGrant, passphrase: str, device_key: DeviceKey, device_name: str
    ) -> Unlocked:
        """A new vault for the officer who just signed in, open afterwards. Drafts and unsent items of a
        vault of this profile that is open now are carried over; its files go once the new ones stand.

        Raises:
            NotRight: passphrase.short, passphrase.long, passphrase.guessable.
            VaultTrouble: keyring.locked, vault.disk-full, vault.read-only.
            NotTrusted: lease.foreign when the lease names another officer or device.
        """
        return self.room.lane.run(
            vault_opening.create, self._house, profile, session, passphrase, device_key, device_name
        )

    def renew(self, session: SessionGrant) -> Unlocked:
        """A new sign-in while the vault is open: tokens, policy, lease and share; the copies open again.
        A share that changed gets a new envelope; without the old share the copies begin anew.

        Raises:
            NotYou: vault.locked.
            NotTrusted: lease.foreign.
        """
        return self.room.run(lambda opened: vault_renewal.renew(self._house, opened, session))

    def refreshed(self, fresh: TokensAnswer, check: Callable[[Signed], bytes]) -> None:
        """Fresh tokens, and the lease that came with them. `check` judges the lease's signature.

        Raises:
            NotYou: vault.locked.
            NotTrusted: answer.unsigned, answer.malformed, lease.foreign; the tokens are kept all the same.
        """
        self.room.run(lambda opened: vault_renewal.refresh(self._house, opened, fresh, check))

    def change_passphrase(self, old: str, new: str) -> None:
        """New salt, new envelope, same keys; nothing else is written anew.

        Raises:
            NotYou: unlock.bad (not counted: the vault is open), vault.locked.
            NotRight: as `check_passphrase`.
        """
        self.room.run(lambda opened: vault_renewal.change_passphrase(self._house, opened, old, new))

    def unlock(self, passphrase: str) -> Unlocked:
        """Open the vault of the current profile; about a third of a second by design.

        Raises:
            NotYou: unlock.bad (context tries), unlock.worn when the last try is spent: the keys are
            destroyed. Refused: device.revoked; what was unsent is sealed, everything else is gone.
            NotTrusted: vault.kdf-lowered, vault.not-encrypted.
            NotNow: vault.in-use.
            VaultTrouble: keyring.missing|locked|changed|emptied,
            vault.damaged|newer|missing|no-keys|read-only.
        """
        return self.room.lane.run(vault_opening.unlock, self._house, passphrase)

    def server_time(self, text: str) -> None:
        """The server's time, from a signed answer or over the pinned line. A clock that was back is
        forgiven."""
        moment = epoch_ms(read_utc(text))

        def tell(opened: Opened) -> None:
            opened.time.told(moment)
            opened.keep_time()
            if opened.vault.cache is None and opened.lease_state() == "live":
                self._house.open_copies(opened)

        self.room.run(tell)

    def tokens(self) -> tuple[str, str]:
        """Access and refresh token, empty when there are none. They live in work.db."""
        return self.room.run(lambda opened: vault_contents.tokens(opened.work))

    def store_tokens(self, access: str, refresh: str) -> None:
        """Keep rotated tokens (empty: forget them)."""
        self.room.run(lambda opened: vault_contents.store_tokens(opened.work, access, refresh))

    def lock(self, why: str = "asked") -> None:
        """Save drafts, close the files, drop every key. The program then starts itself anew
        (`relaunch_arguments`): only the end of the process ends what it had in memory.

        Raises:
            Trouble: the first of saving the drafts; the vault is locked all the same.
        """
        first: Trouble | None = None
        for save in self.before_lock:
            try:
                save()
            except Trouble as trouble:
                first = first or trouble
        if self.room.is_open:
            self.room.lane.run(vault_ending.lock, self._house, why)
        if first is not None:
            raise first

    def losses(self) -> vault_ending.Losses:
        """What `wipe` would seal and what it would take for good, counted before anybody says yes.

        Raises:
            NotYou: vault.locked.
        """
        return self.room.run(vault_ending.losses)

    def wipe(self, sealing_public_pem: str = "") -> int:
        """Destroy this vault. Unsent items and drafts are sealed first (returns how many); the profile
        disappears from the list.

        Raises:
            VaultTrouble: vault.disk-full or vault.read-only: then nothing was destroyed.
        """
        return self.room.lane.run(vault_ending.destroy, self._house, "wiped", sealing_public_pem)

    def revoked(self, sealing_public_pem: str = "") -> None:
        """The server's signed order ended this device. Open: seal what is unsent and destroy the rest at
        once. Locked: the header is marked, and the next unlock does so before anything is shown."""
        self.room.lane.run(vault_ending.destroy, self._house, "revoked", sealing_public_pem)

    def sealed_left(self) -> bool:
        """Whether an earlier vault of this profile left something sealed."""
        return bool(sealing.left(self._house.paths().sealed))

    def sealed_at(self) -> tuple[str, ...]:
        """When each of these was sealed, as wire texts, the oldest first."""
        return tuple(sealing.sealed_at(file) for file in sealing.left(self._house.paths().sealed))

    def recover_sealed(self, passphrase: str) -> sealing.Recovered:
        """Bring what was sealed under an old passphrase into the open vault. Files that another passphrase
        sealed stay for another try.

        Raises:
            NotYou: vault.locked; unlock.bad when the passphrase opens none.
            VaultTrouble: sealed.missing when there is none; sealed.damaged, keyring.emptied;
                sealed.for-server when only the server can open them.
        """

        def recover(opened: Opened) -> sealing.Recovered:
            files = sealing.left(self.home.vault(opened.header.profile).sealed)
            first: Trouble | None = None if files else VaultTrouble("sealed.missing")
            found = []
            for file in files:
                try:
                    found.append(sealing.recover(self.safe, self.room, opened, file, passphrase))
                except (NotYou, VaultTrouble) as flaw:
                    first = first or flaw
            if first is not None and not found:
                raise first
            return sealing.Recovered(
                sum(one.items for one in found),
                sum(one.drafts for one in found),
                sum(one.elsewhere for one in found),
            )

        return self.room.run(recover)

    @staticmethod
    def relaunch_arguments() -> tuple[str, list[str]]:
        """What `os.execv` needs to start this program anew: the only lock that empties the memory."""
        if getattr(sys, "frozen", False):
            return sys.executable, list(sys.argv)
        return sys.executable, [sys.executable, *sys.orig_argv[1:]]
