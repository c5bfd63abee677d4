"""Looks of the centre's own staff at what is kept of a subject: each is a leaf, and the subject is told.

A look is told by its function and the purpose that the function serves, a row of the table `purpose` that
nobody chooses for a query. What a function did not note is nowhere, so one that shows what is kept of a
subject notes it here before it prints.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import msgspec

from server_stub.accounts.models import Officer
from server_stub.accounts.staff import require_staff
from server_stub.config.clock import city_day, today
from server_stub.evidence.selectors import latest
from server_stub.evidence.services import append, append_many

Function = Literal["person", "unit", "record", "conflict", "objection", "repair", "paper"]


class Looked(msgspec.Struct, frozen=True):
    """What a member of the staff had before him, and what for: a code of the table `purpose`."""

    function: Function
    purpose: str


class Seen(msgspec.Struct, frozen=True):
    """A case that was seen: whom it is about, the query it was filed on, and as its outcome which it is."""

    subject_key: str
    query_no: str
    outcome: str


LOOKS: Mapping[str, Looked] = {
    "person.shown": Looked("person", "C03"),
    "unit.shown": Looked("unit", "C03"),
    "record.explained": Looked("record", "C04"),
    "conflict.shown": Looked("conflict", "C03"),
    "record.settled": Looked("conflict", "C03"),
    "record.proposed": Looked("record", "C03"),
    "record.waiting": Looked("record", "C03"),
    "record.confirmed": Looked("record", "C03"),
    "objection": Looked("objection", "C01"),
    "objection.shown": Looked("objection", "C01"),
    "objection.sent": Looked("objection", "C01"),
    "objection.proposed": Looked("objection", "C01"),
    "objection.waiting": Looked("objection", "C01"),
    "objection.confirmed": Looked("objection", "C01"),
    "repair": Looked("repair", "C02"),
    "repair.shown": Looked("repair", "C02"),
    "repair.sent": Looked("repair", "C02"),
    "report.shown": Looked("paper", "C05"),
    "report.fetched": Looked("paper", "C05"),
}
"""Kinds of leaves that tell of such a look. A step of a case is one: who takes it has the case before him."""


def note_look(kind: str, by: str, subject_key: str, **more: Any) -> None:
    """The leaf of one look; call inside a transaction, before anything is shown.

    Raises:
        Problem: `role-denied`. KeyError: a kind that no statement would tell.
    """
    append(
        kind=kind,
        user=require_staff(by),
        organisation=Officer.objects.get(user=by).organisation_id,
        subject_key=subject_key,
        purpose=LOOKS[kind].purpose,
        **more,
    )


def note_looks(kind: str, by: str, found: Iterable[tuple[str, str]]) -> None:
    """A leaf for each subject and outcome; as `note_look`."""
    user, purpose = require_staff(by), LOOKS[kind].purpose
    rows = [
        {"subject_key": key, "outcome": said, "kind": kind, "user": user, "purpose": purpose}
        for key, said in found
    ]
    append_many([row | {"source": "server", "organisation": ""} for row in rows])


def note_list(kind: str, by: str, told: str) -> None:
    """The leaf of a list that was read: of many subjects, or of rows that belong to none yet.

    Raises:
        Problem: `role-denied`.
    """
    append(kind=kind, user=require_staff(by), outcome=told)


def note_sent(kind: str, officer: Officer) -> None:
    """That cases went to a computer of the staff: the first time of a day of the city is a leaf of nobody's
    history. Call inside a transaction.
    """
    before = latest(kind, officer.user)
    if before is None or city_day(before.at) < today():
        append(kind=kind, user=officer.user, organisation=officer.organisation_id)


def note_cases(kind: str, user: str, cases: Iterable[Seen]) -> None:
    """A leaf for each case, in its subject's history. Call inside a transaction."""
    plain = {
        "kind": kind,
        "user": user,
        "purpose": LOOKS[kind].purpose,
        "source": "server",
        "organisation": "",
    }
    append_many([plain | msgspec.structs.asdict(case) for case in cases])
