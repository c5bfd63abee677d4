"""Whether something failed because the disk has no room left: then the time is wrong, not the request."""

from __future__ import annotations

import errno
import os

from django.conf import settings

_SQLITE_FULL, _SQLITE_IO = "SQLITE_FULL", "SQLITE_IOERR"
_POSTGRES_FULL = "53100"
_NEXT_TO_NOTHING = 256 * 1024  # bytes: less than the engine needs to go on beside its log


def no_room(flaw: BaseException) -> bool:
    """Whether a failure, or what stands behind it, is a full disk: of a file, of SQLite, of PostgreSQL.

    SQLite calls it an error of input and output where its shared memory cannot grow; then the disk is asked.
    """
    cause: BaseException | None = flaw
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        name = getattr(cause, "sqlite_errorname", "")
        if name == _SQLITE_FULL or getattr(cause, "sqlstate", "") == _POSTGRES_FULL:
            return True
        if name.startswith(_SQLITE_IO) and _nearly_full():
            return True
        cause = cause.__cause__
    return False


def _nearly_full() -> bool:
    disk = os.statvfs(settings.HENGXIN_HOME)
    return disk.f_bavail * disk.f_frsize < _NEXT_TO_NOTHING
