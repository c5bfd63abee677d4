"""What a row does to the register: a new person, a change of a known one, nothing, or a refusal.

The same question is asked when a file is staged and, of the register as it is then, when it is applied.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

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


def take_back(row: PersonRow, undo: Undo | None) -> bool:
    """Undo an applied row; False, and nothing done, when something came after it. Inside a transaction."""
    if row.outcome == "same":
        return True
    later = PersonRow.objects.filter(subject_key=row.subject_key, state="applied", outcome="changed")
    if row.outcome == "changed":
        return undo is not None and put_back(row.subject_key, undo)
    if later.exclude(pk=row.pk).exists() or spoken_of(row.subject_key):
        return False
    handles.forget([row.subject_key])
    take_out(row.subject_key)
    return True


def spoken_of(subject_key: str) -> bool:
    """Whether any room holds something of this person: a record, a question, a case, a row that waits."""
    return any(model._default_manager.filter(subject_key=subject_key).exists() for model in _speaking())


def _speaking() -> list[type[Model]]:
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label not in _OWN
        and model._meta.model_name not in _HANDLES
        and any(field.name == "subject_key" for field in model._meta.concrete_fields)
    ]
