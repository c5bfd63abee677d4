"""When Python looks for circles of objects that nobody holds any more.

A full look at everything a server has loaded takes a tenth of a second of CPU, twice that beside neighbours.
It must not come while the database's write lock is held, where everybody waits for it.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_LOCK = threading.Lock()
_holding = 0


def keep_loaded() -> None:
    """What is loaded by now stays for the process's life: no later look goes over it again."""
    gc.collect()
    gc.freeze()


@contextmanager
def not_now() -> Iterator[None]:
    """No look in here, whichever thread's; where it was switched off altogether it stays so."""
    global _holding  # noqa: PLW0603 - the collector is the process's own
    with _LOCK:
        if _holding or gc.isenabled():
            _holding += 1
            counted = True
            gc.disable()
        else:
            counted = False
    try:
        yield
    finally:
        if counted:
            with _LOCK:
                _holding -= 1
                if not _holding:
                    gc.enable()
