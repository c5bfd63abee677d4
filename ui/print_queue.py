"""What the printing system said of a job, and where its pages lie before it gets them. Qt hands them over and
drops the answer: a queue that refuses them looks to it like one that took them. CUPS keeps its last word for
each thread, in the library that Qt uses. Nor does Qt say that the disk was full: a job whose pages were cut
off is handed over like a whole one.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import re
import tempfile
from pathlib import Path

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
ROOM = 1024 * 1024  # bytes: what a job still needs after its last page is far less
SPOOL = re.compile("[0-9a-f]{8,}")  # the name that CUPS gives a file of pages
OPEN = Path("/proc/self/fd")
LIBRARY = "libcups.so.2"
FIRST_ERROR = 0x0100  # of IPP: what is below is "successful" in all its kinds (RFC 8011, 4.1.8)


def took_the_job() -> bool:
    """Whether the job that this thread has just handed over was accepted. True as well where there is no
    CUPS, or where nothing of this thread went to it yet (-1): then it is not known here."""
    library = _library()
    return library is None or int(library.cupsLastError()) < FIRST_ERROR


def open_files() -> frozenset[Path]:
    """The files that this process holds open; none where the system does not tell."""
    try:
        names = list(OPEN.iterdir())
    except OSError:
        return frozenset()
    found = set()
    for name in names:
        try:
            found.add(name.readlink())
        except OSError:  # the folder itself was one of them, and is shut by now
            continue
    return frozenset(found)


def spool_of(before: frozenset[Path]) -> Path | None:
    """Where the pages of the job lie that was begun since `before`; None where it is not known."""
    found = [path for path in open_files() - before if SPOOL.fullmatch(path.name) and path.is_file()]
    return found[0] if len(found) == 1 else None


def has_room(folder: Path) -> bool:
    """Whether what is written there now is written whole."""
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(bytes(ROOM))
            probe.flush()
    except OSError as flaw:
        return flaw.errno not in FULL  # of a folder that takes no other file nothing is known
    return True


@functools.cache
def _library() -> ctypes.CDLL | None:
    try:
        library = ctypes.CDLL(LIBRARY)
    except OSError:  # no CUPS on this computer: Qt prints otherwise, or not at all
        return None
    library.cupsLastError.restype = ctypes.c_int
    library.cupsLastError.argtypes = []
    return library
