"""What a row does to the register: a new person, a change of a known one, nothing, or a refusal.

The same question is asked when a file is staged and, of the register as it is then, when it is applied.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec
from django.apps import apps
from django.db.models import Model

from app.field.names import normalise
from server_stub.exchange.persons.models import PersonRow
from server_stub.exchange.persons.reading import Read
from server_stub.exchange.province import persons as handles
from server_stub.subjects.models import Subject
from server_stub.subjects.persons import Borne, Undo, bearers, changes, put_back, take_out

# Rows that stand for the person himself, and the log, which says what was done and is not undone.
_OWN = frozenset({"subjects", "evidence", "persons"})
_HANDLES = frozenset({"personhandle", "persontoken"})


class Verdict(NamedTuple):
    """`outcome` is new, changed or same; with a `fault` (code of the texts, field of the form) it is none."""

    outcome: str = ""
    known: Borne | None = None
    fault: tuple[str, str] = ("", "")


class Change(msgspec.Struct, frozen=True):
    """How a change is undone, and which rows had changed the person before it: any other came after it."""

    undo: Undo
    earlier: tuple[int, ...]


def verdicts(reads: Sequence[Read], act: str) -> list[Verdict]:
    """What each of these persons is to the register; asked for all of them together."""
    found = bearers([one.number_hash for read in reads for one in read.person.documents])
    keys = [read.subject_key for read in reads]
    taken = set(Subject.objects.filter(subject_key__in=keys).values_list("subject_key", flat=True))
    return [_judged(read, act, found, taken) for read in reads]


def _judged(read: Read, act: str, found: Mapping[str, list[Borne]], taken: set[str]) -> Verdict:
    person = read.person
    numbers = [one.number_hash for one in person.documents]
    met = {one.subject.subject_key: one for number in numbers for one in found.get(number, ())}
    if len(met) > 1:
        return Verdict(fault=("person-two", "RK_ZJHM"))
    if not met:
        if act == "document":
            return Verdict(fault=("person-not-known", "RK_JZJHM1"))
        return Verdict("new") if read.subject_key not in taken else Verdict(fault=("person-key", "RK_ZJHM"))
    (known,) = met.values()
    subject = known.subject
    if subject.born_on is not None and subject.born_on != person.born:
        return Verdict(fault=("person-born-known", "RK_CSRQ"))
    names = {normalise(name) for name in (person.name, *person.former)}
    if subject.name_folded not in names:
        return Verdict(fault=("person-name", "RK_XM"))
    if act == "add":
        return Verdict(fault=("person-is-known", "RK_ZJHM"))
    return Verdict("changed" if changes(known, person) else "same", known)


def take_back(rows: Sequence[PersonRow]) -> list[PersonRow]:
    """Undo applied rows in order; returns those that were undone: the others had something come after them.
    Inside a transaction.
    """
    fresh = [row.subject_key for row in rows if row.outcome == "new"]
    held = spoken_of(fresh)
    gone = [key for key in fresh if key not in held]
    handles.forget(gone)
    take_out(gone)
    undone: list[PersonRow] = []
    for row in rows:
        if row.outcome == "changed":
            back = _put_back(row, [one.pk for one in undone])
        else:
            back = row.outcome == "same" or row.subject_key not in held
        if back:
            undone.append(row)
    return undone


def _put_back(row: PersonRow, undone: Sequence[int]) -> bool:
    """The person is locked before it is asked what came after, for another batch may be entering."""
    change = msgspec.json.decode(row.undo, type=Change)
    Subject.objects.select_for_update().filter(subject_key=row.subject_key).first()
    others = {pk for pks in changed_by([row.subject_key]).values() for pk in pks}
    if others - {row.pk, *change.earlier, *undone}:
        return False
    return put_back(row.subject_key, change.undo)


def changed_by(keys: Sequence[str]) -> dict[str, list[int]]:
    """The rows by which these persons were changed, as far as they are not taken back."""
    rows = PersonRow.objects.filter(subject_key__in=keys, state="applied", outcome="changed")
    found: dict[str, list[int]] = {}
    for key, pk in rows.values_list("subject_key", "pk"):
        found.setdefault(key, []).append(pk)
    return found


def spoken_of(keys: Sequence[str]) -> set[str]:
    """Those of whom any room holds something: a record, a question, a case, a row that waits, a change."""
    held = set(changed_by(keys))
    for model in _speaking():
        rows = model._default_manager.filter(subject_key__in=keys)
        held.update(rows.order_by().values_list("subject_key", flat=True).distinct())
    return held


def _speaking() -> list[type[Model]]:
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label not in _OWN
        and model._meta.model_name not in _HANDLES
        and any(field.name == "subject_key" for field in model._meta.concrete_fields)
    ]
