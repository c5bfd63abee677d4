"""Putting accepted rows into force in chunks that hold the lock for a moment only.

What can be made ready before the lock is taken is; under the lock the register and the records are asked once
more, for all rows together. A row that is not plainly a new record goes the careful way, alone.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from contextlib import suppress
from itertools import islice
from typing import NamedTuple

from django.db import IntegrityError, transaction

from app.field.names import normalise
from server_stub.config.clock import today
from server_stub.config.collecting import not_now
from server_stub.exchange import effects, sql
from server_stub.exchange.delivering import Delivery
from server_stub.exchange.errors import WrongState
from server_stub.exchange.lines import Brought, Line, waiting
from server_stub.exchange.models import Batch
from server_stub.exchange.rereading import Rereader
from server_stub.records.entering import Draft, draft, enter, known_acts
from server_stub.records.facts import RecordFacts
from server_stub.subjects.errors import EntryUnfit, NumberInvalid, NumberTaken
from server_stub.subjects.services import Entering, entering
from server_stub.subjects.services import enter as register_ready

LONGEST = 0.013  # seconds that a chunk should hold the lock, writing it to the disk included
LEAST = 0.005  # seconds it may work there all the same when the disk alone takes as long
# Seconds between two chunks; who waits for the lock looks again after 4 ms at most (config/sqlite/base.py).
PAUSE = 0.01
FIRST, FEWEST, MOST = 8, 4, 200  # rows of a chunk


class Box:
    """How many rows a chunk takes, after what the last chunks cost under the lock: a row, and the disk."""

    def __init__(self) -> None:
        self.rows = min(FIRST, MOST)
        self.held: list[float] = []
        self._costs: list[float] = []
        self._written: list[float] = []

    def took(self, seconds: float, rows: int, whole: float) -> None:
        """A chunk of so many rows worked so long, and with the disk's own time held the lock for `whole`.

        One chunk that was interrupted by a neighbour says nothing of rows: the median of three counts.
        """
        self.held.append(whole)
        if rows:
            self._costs = [*self._costs[-2:], seconds / rows]
            self._written = [*self._written[-2:], whole - seconds]
            left = max(LEAST, LONGEST - statistics.median(self._written))
            fitting = int(left / max(statistics.median(self._costs), 1e-6))
            self.rows = min(MOST, max(FEWEST, min(fitting, self.rows * 2)))


class _Prepared(NamedTuple):
    line: Line
    facts: RecordFacts
    draft: Draft


def prepare(rows: Sequence[Line], reader: Rereader, by: str, delivery: Delivery) -> list[_Prepared]:
    """The records that these rows would be, drafted before the lock is taken; rows that checks of today do
    not prove are left out.
    """
    ready, published = [], today().isoformat()
    for row, facts in zip(rows, reader.facts(rows), strict=True):
        if facts is not None:
            facts["published_on"] = published
            ready.append(_Prepared(row, facts, draft(facts, by=by, catalogue=delivery.catalogue)))
    return ready


def units(prepared: Sequence[_Prepared], delivery: Delivery) -> Entering | None:
    """The units that only these rows name, made ready to be entered with them; None where there are none, or
    where one of them can only be told by the careful way.
    """
    known = sql.subjects({one.line.subject_key for one in prepared})
    fresh: dict[str, Brought] = {}
    for line, _, drafted in prepared:
        unfit = line.subject_key in known or delivery.fault(drafted.record.section, "legal", today())
        if line.unit is not None and not unfit:
            fresh[line.subject_key] = line.unit
    try:
        return entering([effects.entry_of(one) for one in fresh.values()]) if fresh else None
    except (NumberInvalid, EntryUnfit):
        return None


def enter_units(ready: Entering) -> None:
    """Register units inside the transaction of their records; when one cannot be, none is, and their rows are
    left to the careful way, which says why.
    """
    with suppress(NumberTaken, IntegrityError), transaction.atomic():
        register_ready(ready)


def carry_out_plain(batch_no: str, prepared: Sequence[_Prepared], by: str, delivery: Delivery) -> set[int]:
    """Put those rows into force that plainly are new records; returns their numbers.

    Inside a transaction, under the batch's lock.
    """
    numbers = [one.line.number for one in prepared]
    settled = sql.settled(batch_no, min(numbers), max(numbers))
    known = sql.subjects({one.line.subject_key for one in prepared})
    acts = known_acts([one.draft for one in prepared])
    plain = [
        one
        for one in prepared
        if one.line.number not in settled
        and one.draft.record.rec_id not in acts
        and _agrees(one, known.get(one.line.subject_key), delivery)
    ]
    if plain:
        enter([one.draft for one in plain], by=by)
        sql.mark_new(batch_no, [(one.line.number, one.draft.record.rec_id) for one in plain])
    return {one.line.number for one in plain}


def _agrees(one: _Prepared, subject: tuple[str, str] | None, delivery: Delivery) -> bool:
    if subject is None:
        return False
    kind, folded = subject
    named = one.line.unit is None or folded == normalise(one.line.unit.name)
    return named and not delivery.fault(one.draft.record.section, kind, today())


class Run:
    """One batch on its way into force, chunk by chunk in the order of its rows."""

    def __init__(self, batch: Batch, by: str) -> None:
        self._batch, self._by = batch, by
        self._reader = Rereader(batch)
        self._lines = waiting(batch.batch_no)
        self._waiting: list[tuple[Line, _Prepared | None]] = []
        self.box = Box()

    def carry_out(self, delivery: Delivery) -> int:
        """Put the next rows into force; returns how many it took, whatever became of them."""
        if len(self._waiting) < self.box.rows:
            self._make_ready(delivery)
        taken = self._waiting[: self.box.rows]
        del self._waiting[: self.box.rows]
        prepared = [one for _, one in taken if one is not None]
        done: set[int] = set()
        if prepared:
            fresh = units(prepared, delivery)
            with not_now(), transaction.atomic():
                self._lock()
                began = time.perf_counter()
                if fresh is not None:
                    enter_units(fresh)
                done = carry_out_plain(self._batch.batch_no, prepared, self._by, delivery)
                worked = time.perf_counter() - began
            self.box.took(worked, len(prepared), time.perf_counter() - began)
        for line, one in taken:
            if line.number not in done:
                time.sleep(PAUSE)
                self._alone(line, one.facts if one else None, delivery)
        return len(taken)

    def _make_ready(self, delivery: Delivery) -> None:
        """Read and draft more rows than a chunk takes: that costs no lock, and less a row."""
        rows = list(islice(self._lines, MOST))
        ready = {one.line.number: one for one in prepare(rows, self._reader, self._by, delivery)}
        self._waiting += [(row, ready.get(row.number)) for row in rows]

    def _lock(self) -> None:
        """Take the batch's lock; somebody may have begun to take the batch back meanwhile."""
        state = sql.lock(self._batch.batch_no)
        if state != "applying":
            raise WrongState(state)

    def _alone(self, line: Line, facts: RecordFacts | None, delivery: Delivery) -> None:
        """One row the careful way, in a transaction of its own."""
        batch_no = self._batch.batch_no
        with not_now(), transaction.atomic():
            self._lock()
            began = time.perf_counter()
            if sql.settled(batch_no, line.number, line.number):
                return
            row = effects.carry_out(batch_no, line, facts, self._by, delivery)
            if row.state == "refused":
                counted = Batch.objects.get(pk=batch_no)
                counted.accepted, counted.refused = counted.accepted - 1, counted.refused + 1
                counted.save(update_fields=["accepted", "refused"])
        self.box.took(0.0, 0, time.perf_counter() - began)
