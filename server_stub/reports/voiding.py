"""A report declared void: by an officer of the unit that had it issued, or by two members of the staff."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from django.db import transaction

from server_stub.accounts.models import Device, Officer
from server_stub.accounts.staff import require_second, require_staff
from server_stub.config.clock import stamp
from server_stub.errors import Problem
from server_stub.evidence import services as evidence
from server_stub.queries.once import Asked, Settled, once
from server_stub.reports.models import Report
from server_stub.reports.receiving import require_fit
from server_stub.reports.telling import tell


class VoidBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /reports/void."""

    number: str
    why: str


def void_by_unit(
    officer: Officer, device: Device, entries: Sequence[str], op_id: str, body: dict[str, Any], tree_size: int
) -> dict[str, Any]:
    """The 201 body for a report that is void from now on. `entries` are the device's links not yet
    receipted, this act's own last.

    Raises:
        Problem: of the chain (nothing is kept), or a refusal (its link and leaf are kept): `not-found` for
            another unit's report and for none, `report-void`, `text-too-long`, `text-unfit`, `body-invalid`.
    """

    def decide() -> VoidBody:
        wanted = _read(body)
        _in_force(wanted.number, officer.organisation_id)
        return wanted

    def settle(own: evidence.Accepted, wanted: VoidBody) -> Settled:
        report = _in_force(wanted.number, officer.organisation_id)
        leaf = evidence.leaf_of_act(
            own,
            organisation=officer.organisation_id,
            subject_key=report.subject_key,
            purpose=report.purpose,
            query_no=report.query_no,
            report_no=report.number,
        )
        _end(report, wanted.why)
        said = {"number": report.number, "void_at": report.void_at}
        return Settled(leaf, said, said)

    return once(
        Asked("void", officer, device, entries, op_id, body, tree_size),
        decide=decide,
        settle=settle,
        again=lambda kept: kept,
    )


def void(number: str, *, why: str, by: str, second: str) -> Report:
    """Declare a report void (issued in error, seal misused); the log says who agreed and why, and the holder
    is told.

    Raises:
        Problem: `role-denied`, `not-found`, `report-void`, `text-too-long`, `text-unfit`.
        ValueError: no reason.
    """
    user = require_staff(by)
    other, reason = require_second(second, user), why.strip()
    if not reason:
        raise ValueError("a report is declared void with a reason: --why")
    require_fit("void_why", reason)
    with transaction.atomic():
        report = _in_force(number, "")
        evidence.append(
            kind="report-void",
            user=user,
            subject_key=report.subject_key,
            report_no=number,
            outcome=f"done, with {other}: {reason}",
        )
        _end(report, reason)
    return report


def _read(body: dict[str, Any]) -> VoidBody:
    try:
        wanted = msgspec.convert(body, VoidBody)
    except msgspec.ValidationError as flaw:
        raise Problem("body-invalid", str(flaw)) from flaw
    why = wanted.why.strip()
    if not why:
        raise Problem("body-invalid", "a report is declared void with a reason")
    require_fit("void_why", why)
    return VoidBody(wanted.number, why)


def _in_force(number: str, organisation: str) -> Report:
    """A report, of a unit if one is named, that nobody declared void; held until the end of the act."""
    found = Report.objects.select_for_update().filter(number=number)
    report = (found.filter(organisation=organisation) if organisation else found).first()
    if report is None:
        raise Problem("not-found", "no such report")
    if report.void_at:
        raise Problem("report-void", "the report is void already", context={"at": report.void_at})
    return report


def _end(report: Report, why: str) -> None:
    report.void_at, report.void_why = stamp(), why
    report.save()
    tell(report, "void")
