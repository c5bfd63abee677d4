"""What the printing system said of a job. Qt hands the pages over and drops the answer: a queue that refuses
them looks to it like one that took them. CUPS keeps its last word for each thread, in the library that Qt
uses.
"""

from __future__ import annotations

import ctypes
import functools

LIBRARY = "libcups.so.2"
FIRST_ERROR = 0x0100  # of IPP: what is below is "successful" in all its kinds (RFC 8011, 4.1.8)


def took_the_job() -> bool:
    """Whether the job that this thread has just handed over was accepted. True as well where there is no
    CUPS, or where nothing of this thread went to it yet (-1): then it is not known here."""
    library = _library()
    return library is None or int(library.cupsLastError()) < FIRST_ERROR


@functools.cache
def _library() -> ctypes.CDLL | None:
    try:
        library = ctypes.CDLL(LIBRARY)
    except OSError:  # no CUPS on this computer: Qt prints otherwise, or not at all
        return None
    library.cupsLastError.restype = ctypes.c_int
    library.cupsLastError.argtypes = []
    return library
