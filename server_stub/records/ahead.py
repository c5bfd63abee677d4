"""A document composed before the write lock is taken, and whether it may still go out under the lock.

Composing takes most of an answer's time, and whoever writes would wait for it. What a document says hangs on
the subject's row, on the newest revision of each of his records, on the editions of the catalogue, the day
and who asks on what ground: they are read again under the lock, and where one of them differs the document
is composed anew. Nothing of a record changes without a new revision (`revising.advance`).
"""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from server_stub.catalogue.judging import Catalogue
from server_stub.catalogue.selectors import current
from server_stub.records import sql
from server_stub.records.selectors import Shown, held, key_of, shown
from server_stub.subjects.models import Subject


class Circumstances(msgspec.Struct, frozen=True):
    """Who asks, on what ground and on which day, as `selectors.shown` takes it."""

    role: str
    organisation_kind: str
    on: date
    basis: str


class Ahead(msgspec.Struct, frozen=True):
    """What may be seen, with everything it was composed from."""

    shown: Shown
    circumstances: Circumstances
    subject: dict[str, Any]
    revisions: dict[str, int]
    catalogue: Catalogue


def compose(subject: Subject | None, asked: Circumstances) -> Ahead:
    """What `selectors.shown` gives, and from what; writes nothing, and no lock is needed."""
    catalogue, found = current(), held(subject)
    return Ahead(
        _shown(subject, asked, catalogue, found),
        asked,
        _columns(subject),
        {record.rec_id: record.rev for record in found},
        catalogue,
    )


def now(ahead: Ahead, subject: Subject | None, asked: Circumstances) -> Shown:
    """What may be seen at this moment: as composed ahead where nothing differs, else composed anew. Call it
    where nobody else can write until the answer is in the log.
    """
    catalogue = current()
    if (
        ahead.circumstances == asked
        and ahead.catalogue is catalogue
        and ahead.subject == _columns(subject)
        and ahead.revisions == sql.revisions(key_of(subject))
    ):
        return ahead.shown
    return _shown(subject, asked, catalogue)


def _shown(subject: Subject | None, asked: Circumstances, catalogue: Catalogue, found: Any = None) -> Shown:
    return shown(
        subject,
        role=asked.role,
        organisation_kind=asked.organisation_kind,
        report_type="standard",
        on=asked.on,
        basis=asked.basis,
        catalogue=catalogue,
        found=found,
    )


def _columns(subject: Subject | None) -> dict[str, Any]:
    """The row of a subject; empty for nobody."""
    if subject is None:
        return {}
    return {name: value for name, value in vars(subject).items() if name != "_state"}
