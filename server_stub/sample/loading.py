"""Load the made-up city into an empty server."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Literal

import msgspec
from django.db import transaction

from app.field.masks import mask_id
from server_stub.accounts.models import Officer
from server_stub.cases import services as cases
from server_stub.config.clock import stamp, today
from server_stub.errors import Problem
from server_stub.records import services as records
from server_stub.sample.acts import Acts
from server_stub.sample.city_catalogue import load_city
from server_stub.sample.officers import make_officers
from server_stub.sample.people import People, people
from server_stub.sample.story import (
    Who,
    tell_ambiguous,
    tell_crowd,
    tell_heavy,
    tell_persons,
    tell_rich,
    who_is,
)
from server_stub.sample.words import words
from server_stub.subjects.models import Subject
from server_stub.subjects.services import LegalEntry, PersonEntry, register

SEEDER = "sample"
CLERK, COLLEAGUE = "centre2", "centre1"
# units, persons, records
SIZES = {"small": (30, 30, 500), "city": (300, 500, 5000)}
Size = Literal["small", "city"]


class Sample(msgspec.Struct, frozen=True):
    """What a person needs to try the product out.

    `accounts`: rows of sample.officers. `subjects`: {why, kind, name, code} for units and {why, kind, name,
    id_type, number} for persons; the first three are to be printed: a unit rich in records, one of two units
    of nearly the same name, a person. `counts`: units, persons and records that were loaded.
    """

    accounts: list[dict[str, str]]
    subjects: list[dict[str, str]]
    counts: dict[str, int]


def load(size: Size = "city") -> Sample:
    """Fill an empty server: the same units, persons and acts for a size and day, secrets new each time.

    Raises:
        Problem: `rev-conflict` when the register is not empty.
    """
    if Subject.objects.exists():
        raise Problem("rev-conflict", "a sample is loaded into an empty server only")
    units, persons, wanted = SIZES[size]
    on = today()
    city = people(units, persons, on)
    with transaction.atomic():
        entries: list[LegalEntry | PersonEntry] = [*city.units, *city.persons]
        subjects = register(entries)
        parties = [_party(subject, entry) for subject, entry in zip(subjects, entries, strict=True)]
        load_city(CLERK, COLLEAGUE)
        acts = Acts(on, stamp())
        told = _tell(acts, parties[: len(city.units)], parties[len(city.units) :], wanted)
        records.put_many(acts.rows, by=SEEDER)
        certified = city.certified
        key = subjects[city.units.index(certified)].subject_key
        accounts = make_officers(certified.name, certified.code, key)
        _object(told["objected"], on)
    counts = {"units": len(city.units), "persons": len(city.persons), "records": len(acts.rows)}
    return Sample(accounts, _printed(city), counts)


def _tell(acts: Acts, units: list[Who], persons: list[Who], wanted: int) -> dict[str, str]:
    told = tell_rich(acts, units[0])
    tell_ambiguous(acts, units[1], units[2])
    tell_heavy(acts, units[3])
    tell_persons(acts, persons[0], persons[1], persons[2:5], persons[5])
    tell_crowd(acts, units[4:], persons[6:], wanted)
    return told


def _party(subject: Subject, entry: LegalEntry | PersonEntry) -> Who:
    if isinstance(entry, LegalEntry):
        return who_is(subject.subject_key, "legal", entry.name, entry.code, entry.representative)
    return who_is(subject.subject_key, "person", entry.name, "", masked=mask_id(entry.number))


def _object(rec_id: str, on: date) -> None:
    """Papers that came to the centre's window three days ago; the next day a colleague accepted them."""
    clerk = Officer.objects.get(user=CLERK)
    filed = cases.take_in(clerk, rec_id, filed_on=on - timedelta(days=3), **words()["objection"])
    cases.accept(filed["number"], by=COLLEAGUE, on=on - timedelta(days=2))


def _printed(city: People) -> list[dict[str, str]]:
    return [
        _unit("rich", city.rich),
        _unit("ambiguous", city.ambiguous),
        _person("person", city.adult),
        _unit("ambiguous-twin", city.units[2]),
        _unit("heavy", city.heavy),
        _unit("certified", city.certified),
        _unit("rare-name", city.units[5]),
        _unit("former-name", city.units[6]),
        _person("rare-name", city.rare),
        *(_person("minor", minor) for minor in city.minors),
        _person("minor-at-act", city.grown),
    ]


def _unit(why: str, entry: LegalEntry) -> dict[str, str]:
    return {"why": why, "kind": "legal", "name": entry.name, "code": entry.code}


def _person(why: str, entry: PersonEntry) -> dict[str, str]:
    row: dict[str, Any] = {"why": why, "kind": "person", "name": entry.name}
    return {**row, "id_type": "resident_id", "number": entry.number}
