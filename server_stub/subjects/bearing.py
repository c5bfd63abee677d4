"""Who bears a number, and who bore it on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Protocol

from django.db.models import Q, QuerySet

from app.field.identifier_kinds import identifier_fault
from server_stub.config.clock import today
from server_stub.subjects import sql
from server_stub.subjects.errors import NumberInvalid, NumberTaken
from server_stub.subjects.keying import code_hash
from server_stub.subjects.models import Identifier, Subject


class Held(Protocol):
    """From when to when a subject had a number."""

    @property
    def valid_from(self) -> date | None: ...

    @property
    def valid_to(self) -> date | None: ...


def in_force(row: Held, on: date) -> bool:
    """Whether the number was the subject's on that day; both ends of the period belong to it."""
    return (row.valid_from is None or row.valid_from <= on) and (row.valid_to is None or on <= row.valid_to)


def bearer(number: str, on: date | None = None, *, without_code: bool = False) -> Subject | None:
    """The unit that bore this folded number on the day. Without a day: the one that bears it now, else the
    last one that did. `without_code` looks among units that have no 18-character code of their own.
    """
    known = sql.bearers(code_hash(number), without_code=without_code)
    if on is not None:
        return next((row.subject for row in known if in_force(row, on)), None)
    known.sort(key=lambda row: row.valid_to or date.max, reverse=True)
    now = today()
    return next((row.subject for row in known if in_force(row, now)), known[0].subject if known else None)


def require_right(kind: str, number: str, path: str) -> None:
    """Raises NumberInvalid when the number's arithmetic or form does not fit its kind."""
    fault = identifier_fault(kind, number)
    if fault is not None:
        raise NumberInvalid(path, fault.code, fault.position)


def require_free(rows: Sequence[Identifier], kind: str) -> None:
    """No other subject of this `kind` (legal, person) has one of these numbers in an overlapping period.

    Raises:
        NumberTaken: one does; one number never leads to two subjects on one day.
    """
    known = sql.holders(list({row.value_hash for row in rows}), kind)
    for row in rows:
        others = known.setdefault(row.value_hash, [])
        if any(other.subject_id != row.subject_id and _overlap(row, other) for other in others):
            raise NumberTaken(row.kind)
        others.append(sql.Holder(row.subject_id, row.valid_from, row.valid_to))


def open_ones(subject: Subject, kind: str, on: date) -> QuerySet[Identifier]:
    """Identifiers of this kind that are still the subject's on the day."""
    still = Q(valid_to=None) | Q(valid_to__gte=on)
    return Identifier.objects.filter(still, subject=subject, kind=kind)


def day_before(on: date) -> date:
    """The last day of what ends when something else begins on `on`."""
    return on - timedelta(days=1)


def _overlap(one: Held, other: Held) -> bool:
    starts = max(one.valid_from or date.min, other.valid_from or date.min)
    return starts <= min(one.valid_to or date.max, other.valid_to or date.max)
