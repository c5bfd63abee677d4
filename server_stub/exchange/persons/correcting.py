"""A wrong fact of a known person is put right by two members of the staff, at once and for everybody.

Making somebody younger only protects, and needs two persons and a reason. Making somebody older shows what
was hidden: then his document's number has to say so, too, where any of his documents tells the day.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
from django.db import transaction

from app.field.identifiers import born_on, fold_number
from app.field.names import normalise, printable
from server_stub.accounts import staff
from server_stub.config.clock import now, stamp, today
from server_stub.evidence.services import append
from server_stub.exchange.persons.models import PersonBatch, PersonRow
from server_stub.exchange.persons.reading import holds_number
from server_stub.reasons import reason_of
from server_stub.records.retelling import end_copies
from server_stub.reports.models import Report
from server_stub.reports.selectors import state_of, withdrawn_of
from server_stub.reports.telling import tell
from server_stub.rules.ages import is_minor
from server_stub.subjects.models import Identifier, Subject

ACT = "correct"
TELLING = ("resident_id", "resident_id_15", "residence_permit")  # kinds whose number tells the day of birth


class Wrong(msgspec.Struct, frozen=True):
    """What is to be put right: empty leaves it as it is."""

    born: date | None = None
    name: str = ""


class Corrected(msgspec.Struct, frozen=True):
    """The number of the act, whether the person is a minor today, how many records turned, and the reports
    that are superseded by it; `reports` are others about him that are neither void nor over."""

    number: str
    minor: bool
    turned: int
    superseded: tuple[str, ...]
    reports: tuple[str, ...]


def correct(
    person: Subject, kind: str, number: str, wrong: Wrong, *, by: str, second: str, why: str
) -> Corrected:
    """Put the date of birth or the name of a person right. `kind` and `number` are the document by which he
    was found. A wrong name was never his: it is no former name, finds him no more, and supersedes the papers
    that bear it.

    Raises:
        Problem: `role-denied`.
        ValueError: no reason, nothing that is other, a day to come, a name that is none, or an earlier day of
            birth that the number of his document does not tell.
    """
    staff.require_staff(by)
    staff.require_second(second, by)
    reason = reason_of(why, "a correction")
    with transaction.atomic():
        subject = Subject.objects.select_for_update().get(pk=person.subject_key)
        before: dict[str, Any] = {"born_on": subject.born_on, "name": subject.name}
        changed = _changed(subject, kind, fold_number(number), wrong)
        for name, value in changed.items():
            setattr(subject, name, value)
        subject.save(update_fields=list(changed))
        batch = _noted(subject, before, by=by, second=second, why=reason)
        turned = end_copies(subject, before["born_on"], by=by)
        superseded, others = _reports(subject)
    return Corrected(batch.batch_no, is_minor(subject.born_on, today()), turned, superseded, others)


def _changed(subject: Subject, kind: str, number: str, wrong: Wrong) -> Mapping[str, Any]:
    changed: dict[str, Any] = {}
    if wrong.born is not None and wrong.born != subject.born_on:
        if wrong.born > today():
            raise ValueError("the date of birth is still to come")
        if subject.born_on is None or wrong.born < subject.born_on:
            _require_told(subject, kind, number, wrong.born)
        changed["born_on"] = wrong.born
    if wrong.name.strip() and printable(wrong.name) != subject.name:
        folded = normalise(wrong.name)
        if not folded or len(printable(wrong.name)) > 200 or holds_number(wrong.name):
            raise ValueError("this is no person's name")
        changed |= {"name": printable(wrong.name), "name_folded": folded}
    if not changed:
        raise ValueError("the register says so already")
    return changed


def _require_told(subject: Subject, kind: str, number: str, born: date) -> None:
    """Somebody becomes older only as his own document says, where one of his documents tells the day."""
    bears = Identifier.objects.filter(subject=subject, kind__in=TELLING).exists()
    if bears and (kind not in TELLING or born_on(number) != born):
        raise ValueError(
            "an earlier date of birth has to agree with the number of the identity card; ask by that card"
        )


def _noted(subject: Subject, before: Mapping[str, Any], *, by: str, second: str, why: str) -> PersonBatch:
    """The trace: who, when, why, and what stood there before."""
    batch = PersonBatch.objects.create(
        batch_no=f"P{now():%Y%m%d}-{secrets.token_hex(4)}",
        act=ACT,
        mark="",
        encoding="typed",
        state="applied",
        read=1,
        accepted=1,
        importer=by,
        approver=second,
        received_at=stamp(),
        applied_at=stamp(),
    )
    after = {name: getattr(subject, name) for name in before}
    undo = msgspec.json.encode({"before": before, "after": after, "why": why}).decode()
    PersonRow.objects.create(
        batch=batch, number=1, state="applied", outcome="changed", subject_key=subject.subject_key, undo=undo
    )
    append(
        kind="person.corrected",
        user=by,
        op_id=batch.batch_no,
        subject_key=subject.subject_key,
        outcome=f"done, with {second}: {why}",
    )
    return batch


def _reports(subject: Subject) -> tuple[tuple[str, ...], tuple[str, ...]]:
    superseded, others = [], []
    rows = Report.objects.filter(subject_key=subject.subject_key, void_at="", valid_until__gte=today())
    for report in rows.order_by("number"):
        if state_of(report, withdrawn_of(report)) == "superseded":
            tell(report, "superseded")
            superseded.append(report.number)
        else:
            others.append(report.number)
    return tuple(superseded), tuple(others)
