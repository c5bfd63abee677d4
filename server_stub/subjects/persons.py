"""Persons enter and change by digests of their documents: the numbers themselves are not needed any more.

What a change replaced is given back to the caller, so that it can be undone as long as nothing came after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from app.field.identifiers import fold_number
from app.field.masks import mask_id
from app.field.names import normalise, printable
from server_stub.pouring import pour_models, row_of
from server_stub.subjects.bearing import require_right
from server_stub.subjects.keying import number_hash
from server_stub.subjects.models import FormerName, Identifier, Subject
from server_stub.subjects.telling import tell_persons

_SHOWN = ("name", "name_folded", "id_type", "number_hash", "number_masked", "existing", "state")


class Document(msgspec.Struct, frozen=True):
    """A document of a person: its kind, keyed hash and mask, and both days of its period (None: open)."""

    kind: str
    number_hash: str
    masked: str
    valid_from: date | None = None
    valid_to: date | None = None


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A person as the population register gives him. The first of `documents` is the present one.

    `state` is empty where the register does not say it. `former` are names borne before.
    """

    name: str
    born: date
    documents: tuple[Document, ...]
    former: tuple[str, ...] = ()
    existing: bool = True
    state: str = ""


class Borne(msgspec.Struct, frozen=True):
    """A person of our register with all documents and former names (folded)."""

    subject: Subject
    documents: dict[str, Identifier]
    former: tuple[str, ...]


Period = tuple[date | None, date | None]


class Undo(msgspec.Struct, frozen=True):
    """What a change replaced: columns before and after, documents that came in, periods that were others,
    names that came in; `held` and `named` are all documents with periods and all former names afterwards.
    """

    before: dict[str, Any]
    after: dict[str, Any]
    documents: tuple[int, ...]
    periods: dict[str, Period]
    former: tuple[int, ...]
    held: dict[str, Period]
    named: tuple[int, ...]


def document(kind: str, number: str, valid_from: date | None, valid_to: date | None) -> Document:
    """The document of a number as it is kept.

    Raises:
        NumberInvalid: its arithmetic or form does not fit the kind.
    """
    folded = fold_number(number)
    require_right(kind, folded, kind)
    return Document(kind, number_hash("person", folded, kind), mask_id(folded, kind), valid_from, valid_to)


def bearers(hashes: Sequence[str]) -> dict[str, list[Borne]]:
    """Whoever bears or bore one of these numbers, by hash; hashes of nobody are absent."""
    rows = Identifier.objects.filter(value_hash__in=list(hashes), subject__kind="person")
    keys = list(dict.fromkeys(rows.values_list("subject_id", flat=True)))
    held = Identifier.objects.filter(subject__in=keys).select_related("subject").order_by("pk")
    names: dict[str, list[str]] = {}
    for key, folded in FormerName.objects.filter(subject__in=keys).values_list("subject_id", "name_folded"):
        names.setdefault(key, []).append(folded)
    people: dict[str, Borne] = {}
    for row in held:
        one = people.setdefault(row.subject_id, Borne(row.subject, {}, tuple(names.get(row.subject_id, ()))))
        one.documents[row.value_hash] = row
    found: dict[str, list[Borne]] = {}
    for one in people.values():
        for digest in one.documents:
            found.setdefault(digest, []).append(one)
    return found


def enter_persons(entering: Sequence[tuple[str, Person, bytes]]) -> None:
    """Register new persons: (subject key, person, digest of the present number). Inside a transaction, after
    `bearers` found nobody with one of their documents.

    Raises:
        django.db.IntegrityError: when a subject is there already.
    """
    subjects, identifiers, former = [], [], []
    for key, person, _ in entering:
        shown = person.documents[0]
        subject = Subject(
            subject_key=key,
            kind="person",
            name=printable(person.name),
            name_folded=normalise(person.name),
            id_type=shown.kind,
            number_hash=shown.number_hash,
            number_masked=shown.masked,
            born_on=person.born,
            existing=person.existing,
            state=person.state,
        )
        subjects.append(subject)
        identifiers += [_identifier(subject, one) for one in person.documents]
        former += [_former(subject, name) for name in person.former]
    for model, rows in ((Subject, subjects), (Identifier, identifiers), (FormerName, former)):
        pour_models(model, [row_of(row) for row in rows])
    tell_persons([(key, digest) for key, _, digest in entering])


def changes(known: Borne, person: Person) -> bool:
    """Whether the register's word on a known person differs from what stands here."""
    subject = known.subject
    return (
        normalise(person.name) != subject.name_folded
        or any(normalise(name) not in (subject.name_folded, *known.former) for name in person.former)
        or bool(person.state and (person.state, person.existing) != (subject.state, subject.existing))
        or subject.born_on is None
        or any(_differs(known.documents.get(one.number_hash), one) for one in person.documents)
    )


def take_up(known: Borne, person: Person, today: date) -> Undo:
    """Bring a known person in step; a new present document is shown from now on. Inside a transaction."""
    subject = known.subject
    before = {name: getattr(subject, name) for name in _SHOWN}
    periods: dict[str, Period] = {}
    added: list[int] = []
    for one in person.documents:
        row = known.documents.get(one.number_hash)
        if row is None:
            row = _identifier(subject, one)
            row.save(force_insert=True)
            added.append(row.pk)
        elif _differs(row, one):
            periods[str(row.pk)] = (row.valid_from, row.valid_to)
            row.valid_from = one.valid_from or row.valid_from
            row.valid_to = one.valid_to or row.valid_to
            row.save(update_fields=["valid_from", "valid_to"])
    shown = person.documents[0]
    if shown.number_hash not in known.documents:
        subject.id_type, subject.number_hash, subject.number_masked = (
            shown.kind, shown.number_hash, shown.masked,
        )  # fmt: skip
    olds = [_former(subject, name) for name in person.former if normalise(name) not in known.former]
    olds = [old for old in olds if old.name_folded != subject.name_folded]
    if normalise(person.name) != subject.name_folded:
        olds.append(_former(subject, subject.name, today))
        subject.name, subject.name_folded = printable(person.name), normalise(person.name)
    for old in olds:
        old.save(force_insert=True)
    if person.state:
        subject.existing, subject.state = person.existing, person.state
    subject.born_on = subject.born_on or person.born
    subject.save(update_fields=[*_SHOWN, "born_on"])
    after = {name: getattr(subject, name) for name in _SHOWN}
    came = tuple(old.pk for old in olds)
    return Undo(before, after, tuple(added), periods, came, _held(subject), _named(subject))


def put_back(subject_key: str, undo: Undo) -> bool:
    """Undo a change inside a transaction; False, and nothing done, when the person is no more what it made of
    him: a column, a document, a period or a name is another.
    """
    subject = Subject.objects.select_for_update().filter(subject_key=subject_key).first()
    if subject is None or any(getattr(subject, name) != value for name, value in undo.after.items()):
        return False
    if (_held(subject), _named(subject)) != (undo.held, undo.named):
        return False
    for name, value in undo.before.items():
        setattr(subject, name, value)
    subject.save(update_fields=list(undo.before))
    Identifier.objects.filter(subject=subject, pk__in=undo.documents).delete()
    for key, (first, last) in undo.periods.items():
        Identifier.objects.filter(subject=subject, pk=int(key)).update(valid_from=first, valid_to=last)
    FormerName.objects.filter(subject=subject, pk__in=undo.former).delete()
    return True


def take_out(keys: Sequence[str]) -> None:
    """Remove persons of whom nothing is on record; whether that is so the caller has looked."""
    Subject.objects.filter(subject_key__in=keys, kind="person").delete()


def _held(subject: Subject) -> dict[str, Period]:
    rows = Identifier.objects.filter(subject=subject).values_list("pk", "valid_from", "valid_to")
    return {str(pk): (first, last) for pk, first, last in rows}


def _named(subject: Subject) -> tuple[int, ...]:
    return tuple(FormerName.objects.filter(subject=subject).order_by("pk").values_list("pk", flat=True))


def _differs(row: Identifier | None, one: Document) -> bool:
    """A day that the register does not say is no other day."""
    if row is None:
        return True
    first, last = one.valid_from or row.valid_from, one.valid_to or row.valid_to
    return (first, last) != (row.valid_from, row.valid_to)


def _identifier(subject: Subject, one: Document) -> Identifier:
    return Identifier(
        subject=subject,
        kind=one.kind,
        value_hash=one.number_hash,
        valid_from=one.valid_from,
        valid_to=one.valid_to,
    )


def _former(subject: Subject, name: str, until: date | None = None) -> FormerName:
    return FormerName(subject=subject, name=printable(name), name_folded=normalise(name), until=until)
