"""A batch screened before the write lock is taken, and whether that may still go out under the lock.

Judging a thousand names takes a tenth of a second, and whoever writes would wait for it. What is told hangs
on whom the rows mean, on the register's rows of those, on the newest revision of each of their entries, on
the editions of the catalogue, the day and who asks: they are read again under the lock, and where one of them
differs the batch is screened anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from server_stub.catalogue.judging import Catalogue
from server_stub.catalogue.selectors import current
from server_stub.lists import sql
from server_stub.lists.screening import Asked, Screened, Viewer, keys_of, screen
from server_stub.statements import Row


class Ahead(msgspec.Struct, frozen=True):
    """What a batch was told, with everything that it hangs on."""

    screened: Screened
    batch: tuple[Asked, ...]
    on: date
    viewer: Viewer
    keys: list[tuple[str, str, str]]
    looked: list[Row]
    catalogue: Catalogue


def compose(batch: Sequence[Asked], on: date, viewer: Viewer) -> Ahead:
    """What `screening.screen` tells, and from what; writes nothing, and no lock is needed."""
    catalogue, keys = current(), keys_of(batch)
    met, looked = sql.found(keys)
    screened = screen(batch, on, viewer, catalogue=catalogue, met=met)
    return Ahead(screened, tuple(batch), on, viewer, keys, looked, catalogue)


def now(ahead: Ahead, batch: Sequence[Asked], on: date, viewer: Viewer) -> Screened:
    """What the batch is told at this moment: as composed ahead where nothing differs, else screened anew.
    Call it where nobody else can write until the answer is in the log.
    """
    catalogue = current()
    if (
        (ahead.on, ahead.viewer) == (on, viewer)
        and ahead.catalogue is catalogue
        and ahead.batch == tuple(batch)
        and ahead.looked == sql.looked(ahead.keys)
    ):
        return ahead.screened
    return screen(batch, on, viewer, catalogue=catalogue)
