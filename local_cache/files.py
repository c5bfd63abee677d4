"""Small files that must be whole after a crash, and the lock that lets one process have a vault."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

from local_cache.faults import AlreadyOpen, DiskFull, ReadOnly

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_FULL = {errno.ENOSPC, errno.EDQUOT}
_CLOSED = {errno.EROFS, errno.EACCES, errno.EPERM}


def write_atomically(target: Path, content: bytes) -> None:
    """Replace a file so that a crash leaves the old or the new content: write aside, fsync, rename, fsync.

    Raises:
        DiskFull, ReadOnly: by the system's word; the old content is then untouched.
        OSError: for anything else the system says.
    """
    aside = target.with_name(target.name + ".new")
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(target)
        settle(target.parent)
    except OSError as flaw:
        raise as_fault(flaw) from flaw


def settle(folder: Path) -> None:
    """Make renames and removals in a folder last through a power cut (Windows does so by itself)."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def as_fault(flaw: OSError) -> OSError | DiskFull | ReadOnly:
    """The typed fault of a system error, or the error itself."""
    if flaw.errno in _FULL:
        return DiskFull()
    if flaw.errno in _CLOSED:
        return ReadOnly()
    return flaw


class OwnLock:
    """Held by the one process that has the vault open; the system frees it when that process dies."""

    def __init__(self, path: Path) -> None:
        """Take the lock.

        Raises:
            AlreadyOpen: another process, or another vault object of this one, holds it.
            ReadOnly: the lock file cannot be made.
        """
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        except OSError as flaw:
            raise as_fault(flaw) from flaw
        try:
            if sys.platform == "win32":
                msvcrt.locking(self._descriptor, msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as flaw:
            os.close(self._descriptor)
            raise AlreadyOpen() from flaw

    def release(self) -> None:
        """Give the lock back."""
        os.close(self._descriptor)
