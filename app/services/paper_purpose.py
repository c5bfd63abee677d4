"""Whether the purpose that a query was asked for carries a paper: judged here before anything is written,
where this computer asked the query itself; the platform judges purpose and ground for every paper."""

from __future__ import annotations

from datetime import date
from typing import Final

from app.field.records import SubjectKind
from app.report import ReportFlaw, paper_for
from app.services.room import Opened
from app.trouble import Refused
from local_cache import ledger

KINDS: Final[tuple[SubjectKind, ...]] = ("legal", "person")


def require_purpose(opened: Opened, query_no: str, template: str, on: date) -> None:
    """Refuse a paper whose row names other purposes than the query's.

    Raises:
        Refused: report.purpose (context purposes).
    """
    carrying, asked = _carrying(template, on), ledger.asked(opened.work).get(query_no)
    if carrying and asked is not None and asked.purpose and asked.purpose not in carrying:
        raise Refused("report.purpose", context={"purposes": ", ".join(carrying)})


def of_the_paper(flaw: Refused, template: str, on: date) -> Refused | None:
    """The platform's refusal of a purpose, told of the paper: at an issue the officer states none. None for
    any other refusal."""
    carrying = _carrying(template, on)
    if flaw.code != "purpose-not-allowed" or not carrying:
        return None
    return Refused("report.purpose", context={"purposes": ", ".join(carrying)})


def _carrying(template: str, on: date) -> tuple[str, ...]:
    """The purposes whose queries carry a paper; none where all do."""
    found: list[str] = []
    for kind in KINDS:
        try:
            found += paper_for(template, kind, on).purposes
        except ReportFlaw:  # there is no such paper about this kind
            continue
    return tuple(dict.fromkeys(found))
