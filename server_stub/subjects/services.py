"""Writes of the register: units and persons enter, change their name, cease."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec
from django.db import transaction
from django.db.models import Model

from app.field.identifiers import (
    born_on,
    fold_number,
    id_card_fault,
    id_type_of,
    uscc_fault,
)
from app.field.masks import mask_id
from app.field.names import normalise, printable
from server_stub.feed import services as feed
from server_stub.pouring import pour_models, row_of
from server_stub.subjects.bearing import day_before, open_ones, require_free, require_right
from server_stub.subjects.errors import EntryUnfit, NumberInvalid
from server_stub.subjects.keying import number_digest, number_hash, route_key
from server_stub.subjects.models import FormerName, Identifier, Subject
from server_stub.subjects.name_index import Named, NameIndex, named
from server_stub.subjects.telling import tell_persons

_CHECKED_TYPES = frozenset({"", "resident_id", "resident_id_15", "residence_permit", "pr_card"})


class LegalEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A unit as the register gives it. `former`: (name, last day or None); `other_numbers`: (kind, value)."""

    name: str
    code: str = ""
    state: str = ""
    existing: bool = True
    category: str = ""
    representative: str = ""
    founded: date | None = None
    capital: str = ""
    registrar: str = ""
    address: str = ""
    district: str = ""
    industry: str = ""
    former: tuple[tuple[str, date | None], ...] = ()
    other_numbers: tuple[tuple[str, str], ...] = ()
    from_exchange: bool = False


class PersonEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A person as the register gives it. `born` is needed where the number does not tell it."""

    name: str
    number: str
    id_type: str = ""
    born: date | None = None
    address: str = ""
    from_exchange: bool = False


class Drafted(msgspec.Struct, frozen=True):
    """Rows of new subjects that are not saved; `names` is what the index is to hold of units, by key;
    `persons`: subject key and `keying.number_digest`."""

    subjects: list[Subject]
    identifiers: list[Identifier]
    former: list[FormerName]
    names: dict[str, list[str]]
    persons: list[tuple[str, bytes]]


class Entering(msgspec.Struct, frozen=True):
    """New subjects in the form in which they are written, made before a lock is taken."""

    rows: Drafted
    poured: tuple[tuple[type[Model], list[tuple[Any, ...]]], ...]
    names: list[Named]


def register(entries: Iterable[LegalEntry | PersonEntry]) -> list[Subject]:
    """Enter new subjects with their identifiers, former names and index, in one transaction; in order given.

    Raises:
        NumberInvalid: when a code or a person's number fails its arithmetic; nothing is written then.
        NumberTaken: when another subject bears one of the numbers. EntryUnfit: when a text is too long.
        django.db.IntegrityError: when a subject is there already.
    """
    return enter(entering(entries))


def entering(entries: Iterable[LegalEntry | PersonEntry]) -> Entering:
    """What `enter` will write of these entries. Raises NumberInvalid and EntryUnfit as `register`."""
    rows = drafted(entries)
    poured = ((Subject, rows.subjects), (Identifier, rows.identifiers), (FormerName, rows.former))
    ready = tuple((model, [row_of(row) for row in each]) for model, each in poured)
    return Entering(rows, ready, named(rows.names))


def enter(given: Entering) -> list[Subject]:
    """Write subjects that were made ready. Raises NumberTaken and IntegrityError as `register`."""
    rows = given.rows
    with transaction.atomic():
        for kind in ("legal", "person"):
            require_free([row for row in rows.identifiers if row.subject.kind == kind], kind)
        for model, each in given.poured:
            pour_models(model, each)
        NameIndex().add(given.names)
        tell_persons(rows.persons)
    return rows.subjects


def drafted(entries: Iterable[LegalEntry | PersonEntry]) -> Drafted:
    """The rows that `register` would enter, in the order given.

    Raises:
        NumberInvalid: when a code or a person's number fails its arithmetic.
    """
    subjects: list[Subject] = []
    identifiers: list[Identifier] = []
    former: list[FormerName] = []
    names: dict[str, list[str]] = {}
    persons: list[tuple[str, bytes]] = []
    for entry in entries:
        if isinstance(entry, LegalEntry):
            subject, numbers = _legal(entry)
            olds = [
                FormerName(subject=subject, name=printable(name), name_folded=normalise(name), until=until)
                for name, until in entry.former
            ]
            former += olds
            names[subject.subject_key] = [subject.name, *(old.name for old in olds)]
        else:
            subject, numbers = _person(entry)
            persons.append((subject.subject_key, number_digest("person", entry.number, subject.id_type)))
        subjects.append(subject)
        identifiers += numbers
    return Drafted(subjects, identifiers, former, names, persons)


def rename(subject_key: str, name: str, until: date) -> None:
    """Give a subject a new name; the old one stays findable as a former name whose last day is `until`. Who
    holds a copy about a unit is told.

    Raises:
        EntryUnfit: for an empty name, or one that is too long.
    """
    with transaction.atomic():
        subject = Subject.objects.select_for_update().get(subject_key=subject_key)
        FormerName.objects.create(
            subject=subject, name=subject.name, name_folded=subject.name_folded, until=until
        )
        subject.name, subject.name_folded = printable(name), normalise(name)
        _require_fitting(subject)
        subject.save(update_fields=["name", "name_folded"])
        if subject.kind == "legal":
            NameIndex().rename(subject_key, subject.name)
            told = {"name": subject.name, "until": until.isoformat()}
            feed.announce(subject_key, op="put", reason="renamed", body=told)


def add_identifier(
    subject_key: str, kind: str, value: str, *, valid_from: date | None = None, valid_to: date | None = None
) -> None:
    """Record another number of a subject (a person's new document, a unit's old code); both days belong to
    its period, None is open.

    Raises:
        NumberInvalid: its arithmetic or form does not fit the kind, or it ends before it begins.
        NumberTaken: another subject bears it then.
    """
    number = fold_number(value)
    require_right(kind, number, kind)
    with transaction.atomic():
        subject = Subject.objects.select_for_update().get(subject_key=subject_key)
        _add(subject, kind, number, valid_from, valid_to)


def renumber(subject_key: str, kind: str, value: str, on: date, *, instead_of: str) -> None:
    """From the day `on` the subject bears a new number in place of those of kind `instead_of`: a registration
    number became an 18-character code, 15 places became 18, a card of 2017 one of 2023. The key stays, the
    old number still finds the subject, and what a screen shows is the new one.

    Raises:
        NumberInvalid: see `add_identifier`; also when the subject has no such old number. NumberTaken.
    """
    number = fold_number(value)
    require_right(kind, number, kind)
    with transaction.atomic():
        subject = Subject.objects.select_for_update().get(subject_key=subject_key)
        if not open_ones(subject, instead_of, on).update(valid_to=day_before(on)):
            raise NumberInvalid(instead_of, "none")
        _add(subject, kind, number, on, None)
        if subject.kind == "person":
            subject.id_type, subject.number_masked = kind, mask_id(number, kind)
            subject.number_hash = number_hash("person", number, kind)
            subject.born_on = subject.born_on or born_on(number)
        elif kind == "uscc":
            subject.code = number
            inside = subject.identifiers.filter(value_hash=number_hash("legal", number[8:17])).exists()
            if not inside:
                _add(subject, "org_code", number[8:17], on, None)
        subject.save(update_fields=["id_type", "number_masked", "number_hash", "born_on", "code"])


def _add(subject: Subject, kind: str, number: str, first: date | None, last: date | None) -> None:
    if first and last and last < first:
        raise NumberInvalid(kind, "period")
    person = subject.kind == "person"
    row = Identifier(
        subject=subject,
        kind=kind,
        value="" if person else number,
        value_hash=number_hash(subject.kind, number, kind if person else ""),
        valid_from=first,
        valid_to=last,
    )
    require_free([row], subject.kind)
    row.save()


def cease(subject_key: str, state: str) -> None:
    """Mark a unit as no longer existing, in the register's own word."""
    Subject.objects.filter(subject_key=subject_key).update(existing=False, state=state)


def _legal(entry: LegalEntry) -> tuple[Subject, list[Identifier]]:
    code = fold_number(entry.code)
    fault = uscc_fault(code) if code else None
    if fault is not None:
        raise NumberInvalid("code", fault.code, fault.position)
    others = [(kind, fold_number(value)) for kind, value in entry.other_numbers if fold_number(value)]
    if not code and not others:
        raise NumberInvalid("code", "empty")
    subject = Subject(
        subject_key=route_key("legal", code or others[0][1]),
        kind="legal",
        name=printable(entry.name),
        name_folded=normalise(entry.name),
        code=code,
        existing=entry.existing,
        state=entry.state,
        category=entry.category,
        representative=entry.representative,
        founded=entry.founded,
        capital=entry.capital,
        registrar=entry.registrar,
        address=entry.address,
        district=entry.district,
        industry=entry.industry,
        from_exchange=entry.from_exchange,
    )
    _require_fitting(subject)
    known = [("uscc", code), ("org_code", code[8:17])] if code else []
    return subject, [_unit_identifier(subject, kind, value) for kind, value in dict.fromkeys(known + others)]


def _unit_identifier(subject: Subject, kind: str, value: str) -> Identifier:
    return Identifier(subject=subject, kind=kind, value=value, value_hash=number_hash("legal", value))


def _person(entry: PersonEntry) -> tuple[Subject, list[Identifier]]:
    number = fold_number(entry.number)
    fault = id_card_fault(number) if entry.id_type in _CHECKED_TYPES else None
    if fault is not None:
        raise NumberInvalid("number", fault.code, fault.position)
    id_type = entry.id_type or id_type_of(number)
    born = entry.born or (born_on(number) if id_type in _CHECKED_TYPES else None)
    subject = Subject(
        subject_key=route_key("person", number, id_type),
        kind="person",
        name=printable(entry.name),
        name_folded=normalise(entry.name),
        id_type=id_type,
        number_hash=number_hash("person", number, id_type),
        number_masked=mask_id(number, id_type),
        born_on=born,
        address=entry.address,
        from_exchange=entry.from_exchange,
    )
    _require_fitting(subject)
    identifier = Identifier(subject=subject, kind=id_type, value_hash=subject.number_hash)
    return subject, [identifier]


def _require_fitting(subject: Subject) -> None:
    """One engine would cut nothing and the other refuse without a word; so it is said here."""
    if not subject.name:
        raise EntryUnfit("name", "empty")
    for field in Subject._meta.concrete_fields:
        value = getattr(subject, field.attname)
        if isinstance(value, str) and field.max_length and len(value) > field.max_length:
            raise EntryUnfit(field.attname, "length")
        if isinstance(value, str) and "\0" in value:
            raise EntryUnfit(field.attname, "character")
