"""Writes of the register: units and persons enter, change their name, cease."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec
from django.db import transaction

from app.field.identifiers import (
    born_on,
    fold_number,
    id_card_fault,
    id_type_of,
    uscc_fault,
)
from app.field.masks import mask_id
from app.field.names import normalise, printable
from server_stub.subjects.errors import NumberInvalid
from server_stub.subjects.keying import number_hash, route_key
from server_stub.subjects.models import FormerName, Identifier, Subject
from server_stub.subjects.name_index import NameIndex

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
    """Rows of new subjects that are not saved; `names` is what the index is to hold of units, by key."""

    subjects: list[Subject]
    identifiers: list[Identifier]
    former: list[FormerName]
    names: dict[str, list[str]]


def register(entries: Iterable[LegalEntry | PersonEntry]) -> list[Subject]:
    """Enter new subjects with their identifiers, former names and index, in one transaction; in order given.

    Raises:
        NumberInvalid: when a code or a person's number fails its arithmetic; nothing is written then.
        django.db.IntegrityError: when a subject is there already.
    """
    rows = drafted(entries)
    with transaction.atomic():
        Subject.objects.bulk_create(rows.subjects, batch_size=500)
        Identifier.objects.bulk_create(rows.identifiers, batch_size=500)
        FormerName.objects.bulk_create(rows.former, batch_size=500)
        NameIndex().add(rows.names)
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
        subjects.append(subject)
        identifiers += numbers
    return Drafted(subjects, identifiers, former, names)


def rename(subject_key: str, name: str, until: date) -> None:
    """Give a subject a new name; the old one stays findable as a former name whose last day is `until`."""
    with transaction.atomic():
        subject = Subject.objects.select_for_update().get(subject_key=subject_key)
        FormerName.objects.create(
            subject=subject, name=subject.name, name_folded=subject.name_folded, until=until
        )
        subject.name, subject.name_folded = printable(name), normalise(name)
        subject.save(update_fields=["name", "name_folded"])
        if subject.kind == "legal":
            NameIndex().add({subject_key: [subject.name]})


def add_identifier(
    subject_key: str, kind: str, value: str, *, valid_from: date | None = None, valid_to: date | None = None
) -> None:
    """Record another number of a subject (a person's new document, a unit's old code)."""
    subject = Subject.objects.get(subject_key=subject_key)
    id_type = kind if subject.kind == "person" else ""
    Identifier.objects.create(
        subject=subject,
        kind=kind,
        value="" if subject.kind == "person" else fold_number(value),
        value_hash=number_hash(subject.kind, value, id_type),
        valid_from=valid_from,
        valid_to=valid_to,
    )


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
    identifier = Identifier(subject=subject, kind=id_type, value_hash=subject.number_hash)
    return subject, [identifier]


def known_keys(keys: Sequence[str]) -> set[str]:
    """Which of these subject keys are registered."""
    return set(Subject.objects.filter(subject_key__in=keys).values_list("subject_key", flat=True))
