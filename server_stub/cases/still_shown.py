"""Whether an officer may still be told of the record behind a case, which outlives the showing of it."""

from __future__ import annotations

from server_stub.accounts.models import Officer
from server_stub.accounts.staff import ROLE
from server_stub.cases.models import Objection, Repair
from server_stub.config.clock import today
from server_stub.queries.models import Query
from server_stub.records.selectors import shows


def still_shown(case: Objection | Repair, officer: Officer | None) -> bool:
    """Judged as the answer of the case's query would be today. None and the centre's staff work on the case
    itself.
    """
    if officer is None or officer.role == ROLE:
        return True
    query = Query.objects.filter(pk=case.query_no).first()
    return shows(case.rec_id, role=officer.role, on=today(), basis=query.basis_type if query else "open")


def over(case: Objection) -> bool:
    """Whether answers hold the record no more: to who filed, or for papers from the window to the subject."""
    query = Query.objects.filter(pk=case.query_no).first()
    filed = Officer.objects.filter(user=case.user).first()
    role, basis = filed.role if filed else ROLE, query.basis_type if query else "own"
    return not shows(case.rec_id, role=role, on=today(), basis=basis)
