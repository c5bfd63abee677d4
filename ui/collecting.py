"""When Python looks for circles of objects that nobody holds any more: when nobody is clicking.

A full look at all that a client has loaded takes 50 to 100 ms of CPU and holds the interpreter meanwhile, in
whichever lane it came; the window stands still. Short looks at what is new stay as they are. See
docs/adr/057-the-window-goes-first.md.
"""

from __future__ import annotations

import gc

REST_S, REST_AGAIN_S = 5, 60
"""A full look after so many seconds without a sign of life, and again after so many more."""
_NEVER_BY_ITSELF = 1_000_000
_usual = gc.get_threshold()
_frozen = False


def keep_loaded() -> None:
    """What is loaded by now stays for the process's life: no later look goes over it again."""
    gc.freeze()


def wait_for_rest() -> None:
    """From now on no full look comes by itself. What the first window has loaded is put out of sight."""
    global _frozen  # noqa: PLW0603 - the collector is the process's own
    short, middle, _ = _usual
    gc.set_threshold(short, middle, _NEVER_BY_ITSELF)
    if not _frozen:
        _frozen = True
        keep_loaded()


def as_usual() -> None:
    """The window is gone: full looks come by themselves again."""
    gc.set_threshold(*_usual)


def rested(idle_s: int) -> None:
    """To be told each second how long nobody has moved: a full look where nobody notices it."""
    if idle_s == REST_S or (idle_s and idle_s % REST_AGAIN_S == 0):
        gc.collect()
