"""The register of issue as the centre's staff read it: what went out, to whom, how often it was printed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec

from server_stub.errors import Problem
from server_stub.evidence.selectors import acts_on_report
from server_stub.reports.models import Report
from server_stub.reports.selectors import state_of, withdrawn_of


class Paper(msgspec.Struct, frozen=True):
    """Of a stored document only which paper it is."""

    template: str
    language: str = "zh_CN"
    large: bool = False


def issued_on(day: date, organisation: str = "") -> list[dict[str, Any]]:
    """Reports that were issued on a day of the city, of one unit or all, the newest first: number, day and
    template. Of whom each is and who asked is on its card, which is a look at that subject.
    """
    low = f"{day - timedelta(days=1)}T16:00"  # moments are UTC: the city's day begins eight hours before
    rows = Report.objects.filter(issued_at__gte=low, issued_at__lt=f"{day}T16:00")
    if organisation:
        rows = rows.filter(organisation=organisation)
    return [
        {
            "number": report.number,
            "issued_on": day.isoformat(),
            "template": _paper(report).template,
        }
        for report in rows.order_by("-issued_at", "number")
    ]


def card(number: str) -> dict[str, Any]:
    """All that is known of one report, with what happened to it since, in the order of the log.

    Raises:
        Problem: `not-found`.
    """
    report = Report.objects.filter(number=number).first()
    if report is None:
        raise Problem("not-found", "no such report")
    acts = acts_on_report(number, report.subject_key, report.user, report.leaf_index)
    prints = sum(act["kind"] == "print" and act["user"] == report.user for act in acts)
    return _row(report) | {
        "withdrawn": withdrawn_of(report),
        "void_at": report.void_at,
        "void_why": report.void_why,
        "prints": prints,
        "reprints": max(0, prints - 1),
        "acts": acts,
    }


def _row(report: Report) -> dict[str, Any]:
    return {
        "number": report.number,
        "state": state_of(report, withdrawn_of(report)),
        "issued_at": report.issued_at,
        "valid_until": report.valid_until.isoformat(),
        "organisation": report.organisation,
        "user": report.user,
        "subject": report.subject_masked,
        "purpose": report.purpose,
        "receiver": {"kind": report.receiver_kind, "name": report.receiver},
        "paper": msgspec.to_builtins(_paper(report)),
    }


def _paper(report: Report) -> Paper:
    return msgspec.json.decode(bytes(report.document), type=Paper)
