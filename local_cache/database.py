"""One SQLCipher file: open it, prove that it is encrypted, whole and ours, bring it up to date."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as driver

from local_cache import faults
from local_cache.files import as_fault

Connection = Any
PAGE = 4096
CHECKED_UP_TO = 64 * 1024 * 1024
PAGES_KEPT_KIB = 2000
"""So much of one file stays decrypted in memory. The driver's own measure is four times that, which a day of
queries fills."""
_PLAIN = b"SQLite format 3\x00"
_STEP = re.compile(r"(work|cache)_(\d{4})_\w+\.sql")
# statement, the answer that proves it (None: the setting has no answer)
_SETTINGS = (
    ("cipher_memory_security", "ON", "1"),
    ("secure_delete", "ON", "1"),
    ("temp_store", "MEMORY", "2"),
    ("mmap_size", "0", "0"),
    ("cache_size", f"-{PAGES_KEPT_KIB}", f"-{PAGES_KEPT_KIB}"),
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", "2"),
    ("trusted_schema", "OFF", "0"),
    ("foreign_keys", "ON", "1"),
    ("recursive_triggers", "ON", "1"),
    ("busy_timeout", "5000", "5000"),
)
_FAULTS: dict[int, type[faults.VaultFault]] = {
    5: faults.Busy,
    6: faults.Busy,
    8: faults.ReadOnly,
    10: faults.DiskFault,
    11: faults.Damaged,
    13: faults.DiskFull,
    14: faults.ReadOnly,
    19: faults.Sealed,
    26: faults.Damaged,
}


def create_database(path: Path, part: str, key: bytes, vault_id: str) -> Connection:
    """A new file for the raw 32-byte key, with all tables.

    Raises:
        VaultFault: DiskFull, ReadOnly, NotEncrypted; Sealed when the file exists.
    """
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError as flaw:
        raise faults.Sealed(part) from flaw
    except OSError as flaw:
        raise as_fault(flaw) from flaw
    connection = _connect(path, part, key)
    with _closed_on_fault(connection):
        _settle(connection, part)
        migrate(connection, part)
        with transaction(connection, part):
            connection.execute("INSERT INTO marker VALUES (1, ?, ?)", (part, vault_id))
        _checkpoint(connection, part)
        _assert_encrypted(path, part)
    return connection


def open_database(path: Path, part: str, key: bytes, fingerprint: str, vault_id: str) -> Connection:
    """Open a file. `fingerprint` is `fingerprint_of` the key it was made with; it tells a wrong key from
    damage.

    Raises:
        VaultFault: Missing, WrongKey, Damaged, NotEncrypted, NewerFile, ReadOnly, DiskFull, Busy.
    """
    if fingerprint_of(key) != fingerprint:
        raise faults.WrongKey(part)
    if not path.exists():
        raise faults.Missing(part)
    if path.stat().st_size < PAGE:
        raise faults.Damaged(part)
    _assert_encrypted(path, part)
    connection = _connect(path, part, key)
    with _closed_on_fault(connection):
        _settle(connection, part)
        check(connection, part, vault_id, whole=path.stat().st_size <= CHECKED_UP_TO)
        migrate(connection, part)
    return connection


def fingerprint_of(key: bytes) -> str:
    """A name for a random key that does not give it away."""
    return hashlib.sha256(b"hengxin|fingerprint|" + bytes(key)).hexdigest()[:32]


def check(connection: Connection, part: str, vault_id: str, whole: bool = True) -> None:
    """Own marker row, and (whole) every page's HMAC and every index. The log is folded in first: the
    page check reads the main file only and would raise a false alarm.

    Raises:
        Damaged: when anything of it does not hold.
    """
    with mapped(part):
        newest = connection.execute("PRAGMA user_version").fetchone()[0]
        if newest > latest_version(part):
            raise faults.NewerFile(part)
        row = connection.execute("SELECT kind, vault_id FROM marker").fetchone()
        if row != (part, vault_id):
            raise faults.Damaged(part)
        if whole:
            _checkpoint(connection, part)
            if connection.execute("PRAGMA cipher_integrity_check").fetchall():
                raise faults.Damaged(part)
            if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                raise faults.Damaged(part)


def migrate(connection: Connection, part: str, up_to: int | None = None) -> int:
    """Apply the missing steps, each in one transaction with its number; returns the version reached.

    Raises:
        NewerFile: the file is ahead of this program.
    """
    steps = _steps(part)
    with mapped(part):
        version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(steps):
        raise faults.NewerFile(part)
    for number, script in enumerate(steps[: up_to if up_to is not None else len(steps)], start=1):
        if number <= version:
            continue
        with transaction(connection, part):
            for statement in _statements(script):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number:d}")
        version = number
    return version


def latest_version(part: str) -> int:
    """The number of the last step this program knows."""
    return len(_steps(part))


@contextmanager
def transaction(connection: Connection, part: str) -> Iterator[Connection]:
    """All or nothing. Inside another transaction it simply belongs to that one.

    Raises:
        VaultFault: as `mapped`; nothing of the block remains.
    """
    if connection.in_transaction:
        yield connection
        return
    with mapped(part):
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


@contextmanager
def mapped(part: str) -> Iterator[None]:
    """Turn the driver's errors into faults.

    Raises:
        VaultFault: by the result code; what has no fault of its own passes as the driver raised it.
    """
    try:
        yield
    except driver.DatabaseError as flaw:
        kind = _FAULTS.get(getattr(flaw, "sqlite_errorcode", 0) & 0xFF)
        if kind is None:
            raise
        raise kind(part) from flaw


def _connect(path: Path, part: str, key: bytes) -> Connection:
    if len(key) != 32:
        raise faults.WrongKey(part)
    with mapped(part):
        connection = driver.connect(str(path), isolation_level=None)
    with _closed_on_fault(connection), mapped(part):
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute("PRAGMA cipher_memory_security = ON")
        connection.execute(f"PRAGMA key = \"x'{bytes(key).hex()}'\"")
        version = connection.execute("PRAGMA cipher_version").fetchone()
        if not version or not version[0]:
            raise faults.NotEncrypted(part)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return connection


def _settle(connection: Connection, part: str) -> None:
    with mapped(part):
        for name, value, proof in _SETTINGS:
            connection.execute(f"PRAGMA {name} = {value}").fetchall()
            found = connection.execute(f"PRAGMA {name}").fetchone()
            # a file without a mapping answers mmap_size with no row at all
            if (str(found[0]) if found else "0") != proof:
                raise faults.NotEncrypted(part) if name.startswith("cipher") else faults.Damaged(part)


def _checkpoint(connection: Connection, part: str) -> None:
    with mapped(part):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _assert_encrypted(path: Path, part: str) -> None:
    with path.open("rb") as file:
        if file.read(len(_PLAIN)) == _PLAIN:
            raise faults.NotEncrypted(part)


@contextmanager
def _closed_on_fault(connection: Connection) -> Iterator[None]:
    try:
        yield
    except BaseException:
        connection.close()
        raise


def _steps(part: str) -> list[str]:
    folder = resources.files("local_cache") / "migrations"
    named = sorted((found[2], item) for item in folder.iterdir() if (found := _named(item.name, part)))
    if [number for number, _ in named] != [f"{index:04d}" for index in range(1, len(named) + 1)]:
        raise LookupError(f"the steps of {part} have a gap")
    return [item.read_text("utf-8") for _, item in named]


def _named(name: str, part: str) -> re.Match[str] | None:
    found = _STEP.fullmatch(name)
    return found if found and found[1] == part else None


def _statements(script: str) -> Iterator[str]:
    gathered = ""
    for line in script.splitlines(keepends=True):
        gathered += line
        if driver.complete_statement(gathered):
            yield gathered
            gathered = ""
    if gathered.strip():
        raise LookupError("a step ends in the middle of a statement")
