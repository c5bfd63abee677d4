"""Every paper for every role, as a table that can be read.

Reports are on the caller's own earlier query (an enterprise's about itself and for its own purpose, the
others' on open ground), the certificate on its own screening; the letter is asked for of somebody else's
open case.
"""

from __future__ import annotations

import csv
import uuid
from pathlib import Path
from typing import Any

import pytest

from app.report.templates import shipped
from server_stub.cases.models import OPEN, Objection
from server_stub.sample import Sample
from tests.contract.test_roles import Caller, city

__all__ = ["city"]
TABLE = Path(__file__).with_name("papers.csv")
ROLES = ("bank_officer", "government_officer", "enterprise_officer", "centre_staff")


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_paper_has_a_row_and_every_row_a_paper() -> None:
    assert {row["paper"] for row in rows()} == {row.paper for row in shipped()}
    assert set(rows()[0]) == {"paper", *ROLES}


def test_papers_of_facts_have_the_answers_that_differ() -> None:
    """Control: a table of nothing but 201 would say nothing."""
    assert all(len({row[role] for role in ROLES}) > 1 for row in rows()[2:])


@pytest.mark.nightly
@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_the_papers_that_the_table_says(city: Sample, role: str) -> None:
    caller = Caller(city, role)
    if role == "enterprise_officer":
        own = caller.knocker.query(subject=caller.legal("certified"), purpose="S01")
        caller.query_no = own.body["query_no"]
    screened = caller.knocker.call("POST", "/api/v1/screenings", caller._screening(str(uuid.uuid4())))
    case = Objection.objects.filter(state__in=OPEN).exclude(user=caller.knocker.user).first()
    assert case is not None
    numbers = {"screening": (screened.body or {}).get("screening_no", "MD-1"), "answer": case.number}
    found = {
        row["paper"]: _asked(caller, row["paper"], numbers.get(row["paper"], caller.query_no))
        for row in rows()
    }
    assert found == {row["paper"]: row[role] for row in rows()}


def _asked(caller: Caller, paper: str, number: str) -> str:
    op_id = str(uuid.uuid4())
    body: dict[str, Any] = {"query_no": number, "template": paper, "language": "zh_CN"}
    body["receiver"] = {"kind": "subject", "name": ""}
    link = caller.link("issue", op_id, body, query_no=number)
    sent = {"entries": [link], "op_id": op_id, "body": body, "tree_size": 0}
    answer = caller.knocker.call("POST", "/api/v1/reports", sent)
    return str(answer.status) if answer.status == 201 else answer.code
