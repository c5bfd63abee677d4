"""A vault: one folder, one lock, work.db and (while the lease lives) cache.db."""

from __future__ import annotations

from pathlib import Path

from local_cache import faults, state
from local_cache.database import Connection, check, create_database, open_database
from local_cache.files import OwnLock, as_fault, settle

WORK = "work.db"
CACHE = "cache.db"
LOCK = "lock"
_TAILS = ("", "-wal", "-shm", "-journal")


class Vault:
    """Open connections of one folder. All calls come from the thread that opened it."""

    def __init__(self, folder: Path, vault_id: str, lock: OwnLock, work: Connection) -> None:
        self.folder = folder
        self.vault_id = vault_id
        self.work: Connection = work
        self.cache: Connection | None = None
        self._lock = lock

    @classmethod
    def create(
        cls, folder: Path, vault_id: str, work_key: bytes, cache_key: bytes, lock: OwnLock | None = None
    ) -> Vault:
        """Make both files, under the caller's lock or a new one, which is freed when it fails. The caller
        writes the header afterwards: without it there is no vault.

        Raises:
            VaultFault: AlreadyOpen, DiskFull, ReadOnly; Sealed when a file is there already.
        """
        lock = lock or hold(folder, make=True)
        try:
            vault = cls(folder, vault_id, lock, create_database(folder / WORK, "work", work_key, vault_id))
        except BaseException:
            lock.release()
            raise
        try:
            vault.create_cache(cache_key)
        except BaseException:
            vault.close()
            raise
        return vault

    @classmethod
    def open(
        cls, folder: Path, vault_id: str, work_key: bytes, fingerprint: str, lock: OwnLock | None = None
    ) -> Vault:
        """Open work.db, under the caller's lock or a new one, which is freed when it fails; cache.db follows
        with `open_cache`.

        Raises:
            VaultFault: AlreadyOpen, and as `open_database`.
        """
        lock = lock or hold(folder)
        try:
            return cls(
                folder,
                vault_id,
                lock,
                open_database(folder / WORK, "work", work_key, fingerprint, vault_id),
            )
        except BaseException:
            lock.release()
            raise

    def open_cache(self, key: bytes, fingerprint: str) -> None:
        """Open cache.db.

        Raises:
            VaultFault: as `open_database`; work.db stays open.
        """
        self.shut_cache()
        self.cache = open_database(self.folder / CACHE, "cache", key, fingerprint, self.vault_id)

    def create_cache(self, key: bytes) -> None:
        """A new, empty cache.db. An old one has to be set aside or dropped before.

        Raises:
            VaultFault: Sealed when there is one; DiskFull, ReadOnly.
        """
        self.shut_cache()
        self.cache = create_database(self.folder / CACHE, "cache", key, self.vault_id)

    def shut_cache(self) -> None:
        """Close cache.db; work.db stays open."""
        if self.cache is not None:
            self.cache.close()
            self.cache = None

    def copies(self) -> Connection:
        """The connection to cache.db.

        Raises:
            Missing: it is shut (the lease ended, or the copies were rolled back).
        """
        if self.cache is None:
            raise faults.Missing("cache")
        return self.cache

    def set_cache_aside(self) -> None:
        """Keep a damaged cache.db under another name; one such file at most."""
        self.shut_cache()
        for tail in _TAILS:
            here, there = self.folder / (CACHE + tail), self.folder / (CACHE + ".damaged" + tail)
            there.unlink(missing_ok=True)
            if here.exists():
                here.replace(there)
        settle(self.folder)

    def drop_cache(self) -> None:
        """Remove cache.db. What makes it unreadable is the end of its key, not this."""
        self.shut_cache()
        remove_files(self.folder, CACHE)
        remove_files(self.folder, CACHE + ".damaged")

    def check(self) -> None:
        """Every page of both files.

        Raises:
            Damaged: naming the part.
        """
        check(self.work, "work", self.vault_id)
        if self.cache is not None:
            check(self.cache, "cache", self.vault_id)

    def advance(self) -> int:
        """Count one turn in both files, the cache first: the number a keyring remembers is never ahead
        of a file that was not put back.

        Raises:
            VaultFault: DiskFull, ReadOnly, DiskFault.
        """
        turn = int(state.get(self.work, "turn", "0", part="work")) + 1
        values = {"turn": str(turn)}
        if self.cache is not None:
            state.put(self.cache, values, part="cache")
            values = {**values, "cache_turn": str(turn)}
        state.put(self.work, values, part="work")
        return turn

    def close(self) -> None:
        """Close both files and free the lock. Calling it twice does no harm."""
        self.shut_cache()
        if self.work is not None:
            self.work.close()
            self.work = None
            self._lock.release()

    @property
    def is_open(self) -> bool:
        return self.work is not None


def hold(folder: Path, make: bool = False) -> OwnLock:
    """The lock of a vault: whoever reads a header to write it again takes it first.

    Raises:
        VaultFault: AlreadyOpen; Missing when there is no folder and none is to be made; DiskFull, ReadOnly.
    """
    if make:
        _make(folder)
    elif not folder.is_dir():
        raise faults.Missing("work")
    return OwnLock(folder / LOCK)


def remove_files(folder: Path, name: str) -> None:
    """Remove a database with its companions."""
    for tail in _TAILS:
        (folder / (name + tail)).unlink(missing_ok=True)
    settle(folder)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError as flaw:
        raise as_fault(flaw) from flaw
