"""Telling the holder of a report, through the feed, what has become of it."""

from __future__ import annotations

from typing import Literal

from server_stub.feed import services as feed
from server_stub.reports.models import Report
from server_stub.reports.selectors import report_type_of, reports_with, withdrawn_of


def tell_holders(rec_id: str, rev: int) -> int:
    """Tell the holders of unexpired reports with this revision that they are superseded; how many were told.

    The records room calls it inside the transaction that ends the revision (settings:
    HENGXIN_TOLD_OF_CHANGES). Who holds an older one was told when that ended. A special report goes on
    showing what is no longer publicised: its holder is told only when it does not say what is so.
    """
    reports = [report for report in reports_with(rec_id, rev) if not _goes_on(report)]
    for report in reports:
        tell(report, "superseded")
    return len(reports)


def _goes_on(report: Report) -> bool:
    return report_type_of(report) == "special" and not withdrawn_of(report)


def tell(report: Report, state: Literal["superseded", "void"]) -> None:
    """One notice. Clients of before know its kind and take every one for superseded."""
    feed.announce(
        report.subject_key,
        op="notice",
        reason="report_superseded",
        body={"kind": "report_superseded", "number": report.number, "state": state},
        audience=report.user,
    )
