"""What a source of facts gives for a paper, and what every source asks first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from app.field.paper_facts import Facts
from app.field.records import Basis, PurposeRef, Requester
from app.field.templates import Template, template_on
from server_stub.config.clock import now
from server_stub.errors import Problem
from server_stub.queries.policy import figure
from server_stub.reports.drafted import Ground
from server_stub.rules.tables_file import shipped


@dataclass(frozen=True)
class Sourced:
    """Facts as they are now, and on what they rest. `subject` names whom the paper is about; `queried` is
    when that was asked (UTC text); `held`, `still` as in `Drafted`; `tables` decided what is shown;
    `applicant` is named where that is not who asks.
    """

    layout: Template
    facts: Facts
    subject: str
    ground: Ground
    basis: Basis
    purpose: PurposeRef
    case_no: str
    queried: str
    held: Mapping[str, int]
    tables: tuple[str, ...]
    still: Callable[[], None]
    applicant: Requester | None = None


def paper_row(template: str, kind: str, on: date) -> Template:
    """The row of a paper.

    Raises:
        Problem: `paper-not-about`: none about such a subject; `body-invalid`: no such paper.
    """
    row = template_on(shipped().template, template, kind, on)
    if row is not None:
        return row
    if any(one.paper == template and one.in_force(on) for one in shipped().template):
        raise Problem("paper-not-about", f"{template} is no paper about a {kind}", context={"kind": kind})
    flaw = {"path": "template", "code": "unknown", "message": "no such paper"}
    raise Problem("body-invalid", "no such paper", fields=[flaw])


def require_young(made_at: str, on: date) -> None:
    """What was asked is young enough to carry a paper.

    Raises:
        Problem: `query-stale`.
    """
    made = datetime.fromisoformat(made_at).replace(tzinfo=UTC)
    if now() - made > timedelta(hours=figure("report_query_hours", on)):
        raise Problem("query-stale", "too old to carry a paper")
