"""Load a city of any size beside the small one: chunk by chunk, gone on with after an interruption."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date
from itertools import chain, repeat
from pathlib import Path
from random import Random

import msgspec
from django.conf import settings
from django.db import transaction

from server_stub.config.clock import stamp, today
from server_stub.evidence import services as evidence
from server_stub.records.models import Record, Revision
from server_stub.sample.scale import parties
from server_stub.sample.scale.acts import Deck, Row, row_of
from server_stub.sample.scale.pouring import drop_indexes, make_indexes, pour
from server_stub.sample.scale.shares import Share, shares
from server_stub.subjects import services as register
from server_stub.subjects.models import FormerName, Identifier, Subject
from server_stub.subjects.name_index import NameIndex, named

BY = "seed"
CHUNK = 4_000  # subjects of one transaction
_POURED = (Subject, Identifier, FormerName, Record, Revision)


class Plan(msgspec.Struct, frozen=True):
    """What is to be loaded, and the day and time of the first start, which a later start goes on with."""

    units: int
    persons: int
    records: int
    on: date
    received_at: str


class Progress(msgspec.Struct, frozen=True):
    """How far a load is: subjects and records that are in, and seconds of this run."""

    subjects: int
    records: int
    seconds: float


def unfinished() -> bool:
    """Whether a load was interrupted; its indexes are missing then, and nothing should be served."""
    return _plan_file().exists()


def load(
    units: int,
    persons: int,
    records: int,
    tell: Callable[[Progress], None] = lambda _: None,
    *,
    stop_after: int | None = None,
) -> Progress:
    """Enter exactly so many made-up units and persons and records of them; the same call goes on with an
    interrupted load. `stop_after`: leave after so many chunks, as an interruption would.

    Raises:
        ValueError: more subjects than can be made, records of nobody, a load of other numbers is half done,
            or one was finished before.
    """
    plan = _plan(units, persons, records)
    indexes = _plan_file().with_name("seeding-indexes.json")
    started, done = time.monotonic(), Progress(0, 0, 0.0)
    drop_indexes(_POURED, indexes)
    deck = Deck(plan.on, plan.received_at, BY)
    for at, chunk in enumerate(_chunks(plan)):
        if at == stop_after:
            return done
        chunk.enter(plan, deck)
        told = chunk.share.before(chunk.end)
        done = Progress(done.subjects + chunk.count, told, time.monotonic() - started)
        tell(done)
    make_indexes(indexes)
    with transaction.atomic():
        evidence.append(kind="record.load", source="server", user=BY, outcome=f"done:{records}")
    _plan_file().unlink()
    return msgspec.structs.replace(done, seconds=time.monotonic() - started)


class _Chunk(msgspec.Struct, frozen=True):
    """Neighbours of one kind, entered in one transaction."""

    share: Share
    person: bool
    first: int
    count: int

    @property
    def end(self) -> int:
        return self.first + self.count

    def enter(self, plan: Plan, deck: Deck) -> None:
        rows = register.drafted(self._entry(at, plan) for at in range(self.first, self.end))
        if Subject.objects.filter(pk=rows.subjects[0].pk).exists():
            return
        with transaction.atomic():
            pour(Subject, map(row_of, rows.subjects))
            pour(Identifier, map(row_of, rows.identifiers))
            pour(FormerName, map(row_of, rows.former))
            NameIndex().add(named(rows.names))
            acts = map(self._acts, rows.subjects, range(self.first, self.end), repeat(deck))
            made = list(chain.from_iterable(acts))
            pour(Record, (record for record, _ in made))
            pour(Revision, (revision for _, revision in made))

    def _entry(self, at: int, plan: Plan) -> register.LegalEntry | register.PersonEntry:
        return parties.person(at) if self.person else parties.unit(at, plan.on)

    def _acts(self, subject: Subject, at: int, deck: Deck) -> Iterator[tuple[Row, Row]]:
        luck = Random(at * 2 + self.person)  # noqa: S311 - made-up data wants to be the same each time
        number = subject.number_masked if self.person else subject.code[2:]
        party = (subject.subject_key, subject.name, number, subject.representative)
        for serial in range(self.share.before(at), self.share.before(at + 1)):
            yield deck.draw(subject, luck).rows(party, serial + 1)


def _chunks(plan: Plan) -> Iterator[_Chunk]:
    for person, share in enumerate(shares(plan.units, plan.persons, plan.records)):
        for first in range(0, share.subjects, CHUNK):
            yield _Chunk(share, bool(person), first, min(CHUNK, share.subjects - first))


def _plan(units: int, persons: int, records: int) -> Plan:
    if units > parties.most_units() or persons > parties.most_persons():
        raise ValueError(
            f"at most {parties.most_units()} units and {parties.most_persons()} persons can be made"
        )
    if min(units, persons, records) < 0 or not units + persons:
        raise ValueError("somebody has to be made")
    wanted = Plan(units, persons, records, today(), stamp())
    file = _plan_file()
    if file.exists():
        begun = msgspec.json.decode(file.read_bytes(), type=Plan)
        if (begun.units, begun.persons, begun.records) != (units, persons, records):
            raise ValueError(
                f"a load of {begun.units} units, {begun.persons} persons and {begun.records} records was "
                "interrupted; the same numbers go on with it"
            )
        return begun
    if Record.objects.filter(rec_id__startswith="Z").exists():
        raise ValueError("this register was filled before; a load goes into a new home")
    half = file.with_suffix(".half")
    half.write_bytes(msgspec.json.encode(wanted))
    half.replace(file)
    return wanted


def _plan_file() -> Path:
    return Path(settings.HENGXIN_HOME) / "seeding.json"
