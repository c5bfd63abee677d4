"""Papers about facts of their own: which there are, and how one is composed and sealed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import msgspec

from app.field.paper_facts import Facts
from app.field.proofs import read_note
from app.field.receivers import Receiver
from app.field.reportdoc import ReportTimes
from app.field.templates import FactsName
from app.report import ReportFlaw
from app.report.stating import state
from server_stub.accounts.models import Officer
from server_stub.config.city import specimen
from server_stub.config.clock import stamp
from server_stub.errors import Problem
from server_stub.evidence.services import checkpoint
from server_stub.queries.bundles import requester
from server_stub.reports import answering, certifying, looking
from server_stub.reports.drafted import Drafted, IssueBody
from server_stub.reports.numbering import new_number
from server_stub.reports.proving import drawn, editions, last_day, proven
from server_stub.reports.sourced import Sourced
from server_stub.rules.tables_file import shipped

SOURCES: dict[FactsName, Callable[[Officer, IssueBody, date], Sourced]] = {
    "screening": certifying.source,
    "looks": looking.source,
    "answer": answering.source,
}


def facts_of(template: str, on: date) -> FactsName:
    """Which facts a paper is about, empty for one about the answer to a query and for none."""
    return next((row.facts for row in shipped().template if row.paper == template and row.in_force(on)), "")


def draft_facts(
    officer: Officer, wanted: IssueBody, facts: FactsName, receiver: Receiver, on: date
) -> Drafted:
    """The paper, composed of the server's own facts as they are now, and sealed.

    Raises:
        Problem: of its source; `seal-unavailable`.
    """
    found = SOURCES[facts](officer, wanted, on)
    issued, ground = stamp(), found.ground
    log = read_note(checkpoint()).checkpoint
    try:
        document = state(
            found.facts,
            found.layout,
            subject=found.subject,
            basis=found.basis,
            requester=found.applicant or requester(officer),
            purpose=found.purpose,
            case_no=found.case_no,
            times=ReportTimes(queried=found.queried, as_of=issued, issued=issued),
            number=new_number(person=ground.kind == "person", on=on),
            valid_until=last_day(found.layout, on).isoformat(),
            specimen=specimen(),
            language=wanted.language,
            checkpoint_size=log.size,
            checkpoint_root=log.root.hex(),
            tables=editions(found.tables),
            large=wanted.large,
        )
    except ReportFlaw as flaw:
        raise Problem("body-invalid", str(flaw)) from flaw
    shown = written(found.facts)
    return drawn(proven(document), officer, ground, receiver, found.held, shown, found.still)


def written(facts: Facts) -> bytes:
    """The facts as the log has their digest."""
    return msgspec.json.encode(facts)
