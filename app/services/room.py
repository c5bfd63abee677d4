"""The open vault, and the only way into it: jobs run in the vault's lane, faults come out as Troubles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, TypeVar

import msgspec

from app.clock import Clock, epoch_ms, from_epoch_ms, read_utc, utc_text
from app.keys.device import DeviceKey
from app.keys.safe import Keys
from app.lanes import Lane
from app.policy import Policy
from app.trouble import NotNow, NotRight, NotTrusted, NotYou, Trouble, VaultTrouble
from app.trusted_time import TrustedClock
from app.wire.messages import DeviceLease
from local_cache import faults, state
from local_cache.database import Connection
from local_cache.header import Header
from local_cache.vault import Vault

R = TypeVar("R")
LeaseState = Literal["live", "ended", "clock_back", "rolled_back", "revoked"]
_TROUBLES: dict[type[faults.VaultFault], tuple[type[Trouble], str]] = {
    faults.Missing: (VaultTrouble, "missing"),
    faults.WrongKey: (VaultTrouble, "wrong-key"),
    faults.Damaged: (VaultTrouble, "damaged"),
    faults.NewerFile: (VaultTrouble, "newer"),
    faults.NotEncrypted: (NotTrusted, "not-encrypted"),
    faults.DiskFull: (VaultTrouble, "disk-full"),
    faults.ReadOnly: (VaultTrouble, "read-only"),
    faults.AlreadyOpen: (NotNow, "in-use"),
    faults.Busy: (NotNow, "busy"),
    faults.Sealed: (VaultTrouble, "refused"),
    faults.DiskFault: (VaultTrouble, "disk-fault"),
}
_REPEATABLE = {"disk-full", "read-only", "in-use", "busy"}


class User(msgspec.Struct, frozen=True):
    """The officer this vault belongs to; `device_name` is what this computer is called, of the header."""

    user: str
    name: str
    role: str
    organisation: str
    organisation_name: str
    organisation_kind: str
    device_id: str
    device_name: str = ""


@dataclass
class Opened:
    """Everything that exists only while the vault is open. Touched in the vault's lane only."""

    vault: Vault
    header: Header
    keys: Keys
    device_key: DeviceKey
    user: User
    time: TrustedClock
    policy: Policy | None
    lease: DeviceLease | None
    rolled_back: bool = False

    @property
    def work(self) -> Connection:
        return self.vault.work

    def lease_state(self) -> LeaseState:
        """What holds for the copies at this moment."""
        if self.rolled_back:
            return "rolled_back"
        if self.time.is_back():
            return "clock_back"
        if self.lease is None or self.time.now_ms() >= epoch_ms(read_utc(self.lease.not_after)):
            return "ended"
        return "live"

    def copies(self) -> Connection:
        """cache.db, while the lease lives and the clock can be believed. Otherwise it is shut on the spot.

        Raises:
            VaultTrouble: offline.ended, offline.clock-back, offline.rolled-back, offline.shut.
        """
        held = self.lease_state()
        if held != "live":
            self.vault.shut_cache()
            raise VaultTrouble(f"offline.{held.replace('_', '-')}")
        if self.vault.cache is None:
            raise VaultTrouble("offline.shut")
        return self.vault.cache

    def now_text(self) -> str:
        """Trusted time as wire text."""
        return utc_text(from_epoch_ms(self.time.now_ms()))

    def keep_time(self) -> None:
        """Write the time seen into the vault."""
        anchor = self.time.seen()
        state.put(self.work, {"anchor": msgspec.json.encode(anchor.as_json()).decode()})


class Room:
    """Holds the open vault, or none. Every service has the same room."""

    def __init__(self, lane: Lane, clock: Clock) -> None:
        self.lane = lane
        self.clock = clock
        self._opened: Opened | None = None

    @property
    def is_open(self) -> bool:
        return self._opened is not None

    def run(self, job: Callable[[Opened], R]) -> R:
        """Run a job on the open vault in its lane and wait.

        Raises:
            NotYou: vault.locked when nothing is open.
            Trouble: of the job; faults of the files as `told_faults` says.
        """
        return self.lane.run(self._inside, job)

    def enter(self, opened: Opened) -> None:
        """The vault is open from now on."""
        self._opened = opened

    def leave(self) -> Opened | None:
        """The vault is closed from now on; returns what was open."""
        opened, self._opened = self._opened, None
        return opened

    def _inside(self, job: Callable[[Opened], R]) -> R:
        if self._opened is None:
            raise NotYou("vault.locked")
        with told_faults():
            return job(self._opened)


@contextmanager
def told_faults() -> Iterator[None]:
    """Faults of the files as Troubles: `vault.<what>`, or `cache.<what>` when the copies' file is meant.

    Raises:
        VaultTrouble, NotNow, NotTrusted: with context part.
        NotRight: text-unfit for halves of characters: no file can be asked about them or keep them.
    """
    try:
        yield
    except faults.VaultFault as flaw:
        family, word = _TROUBLES[type(flaw)]
        place = "cache" if flaw.part == "cache" and word in {"damaged", "missing"} else "vault"
        retry = word in _REPEATABLE
        raise family(f"{place}.{word}", context={"part": flaw.part or "work"}, retry=retry) from flaw
    except UnicodeEncodeError as flaw:
        raise NotRight("text-unfit", "problem.text-unfit", {"field": "input"}) from flaw
