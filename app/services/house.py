"""What the verbs of the vault share: home, keys, room and clock; and the steps more than one of them
takes."""

from __future__ import annotations

from dataclasses import dataclass

from app.clock import Clock
from app.keys.envelope import CACHE
from app.keys.safe import Safe
from app.paths import Home, VaultPaths
from app.profiles import read_profiles
from app.services import vault_contents
from app.services.room import LeaseState, Opened, Room, User
from app.trouble import NotYou, VaultTrouble
from local_cache import faults, state


@dataclass(frozen=True)
class Unlocked:
    """The vault is open. `lease_until` is wire text, empty without a lease; `offline`: the copies can be
    read; `rebuilt`: they were damaged and set aside; `carried`: drafts and items taken over from the
    vault before."""

    user: User
    lease_state: LeaseState
    lease_until: str
    offline: bool
    rebuilt: bool = False
    carried: int = 0


@dataclass(frozen=True)
class House:
    """One home, one current profile, one room."""

    home: Home
    safe: Safe
    room: Room
    clock: Clock

    def paths(self, profile: str = "") -> VaultPaths:
        """Files of a profile, of the current one by default.

        Raises:
            VaultTrouble: vault.missing when no profile is current.
        """
        name = profile or read_profiles(self.home.profiles).current
        if not name:
            raise VaultTrouble("vault.missing")
        return self.home.vault(name)

    def share(self, opened: Opened) -> bytes | None:
        """The lease's share that the header names, where it is kept."""
        if opened.keys.ring_key is not None:
            return self.safe.share(opened.header)
        return vault_contents.share(opened.work, opened.header.share_id)

    def open_copies(self, opened: Opened) -> bool:
        """Open cache.db where the lease allows it. True: it was damaged, set aside and begun anew."""
        if opened.lease_state() != "live" or CACHE not in opened.header.wraps:
            return False
        share = self.share(opened)
        if share is None:
            return False
        try:
            opened.keys.cache = self.safe.open_cache(opened.header, opened.keys, share)
        except NotYou:
            return False  # another share than the one the envelope was made with: the next sign-in brings one
        key = bytes(opened.keys.cache)
        try:
            opened.vault.open_cache(key, opened.header.fingerprints[CACHE])
        except (faults.Damaged, faults.Missing, faults.NotEncrypted):
            opened.vault.set_cache_aside()
            opened.vault.create_cache(key)
            return True
        if vault_contents.cache_is_older(opened.vault):
            opened.vault.shut_cache()
            opened.rolled_back = True
        return False

    def settle_lease(self, opened: Opened) -> LeaseState:
        """What holds for the copies now. They are shut when it is not "live"; the share goes with the
        lease."""
        held = opened.lease_state()
        if held != "live":
            opened.vault.shut_cache()
        if held == "ended" and opened.lease is not None:
            if opened.keys.ring_key is not None:
                self.safe.forget_share(opened.header)
            vault_contents.forget_share(opened.work)
        return held

    def note_turn(self, opened: Opened) -> None:
        """Count a turn, in the files first and in the keyring afterwards. What was put back stays noticed."""
        if opened.rolled_back:
            return
        opened.keep_time()
        turn = opened.vault.advance()
        state.put(opened.work, {"gen": str(opened.header.gen), "header": opened.header.digest()})
        self.safe.remember(opened.header, turn)

    def described(self, opened: Opened) -> Unlocked:
        """The open vault in the words of the window."""
        until = opened.lease.not_after if opened.lease else ""
        return Unlocked(opened.user, opened.lease_state(), until, opened.vault.cache is not None)
