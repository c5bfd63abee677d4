"""The server holds typed texts against the client's table, and its rows have room for all that passes."""

from __future__ import annotations

import base64
import uuid
from typing import Any

import pytest
from django.db.models import CharField
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.field.limits import LONGEST
from server_stub.accounts.models import Device, Officer
from server_stub.cases.filing import read_filing
from server_stub.cases.models import Objection
from server_stub.errors import Problem
from server_stub.queries.models import Letter, Query
from server_stub.subjects.models import Subject
from tests.one_page import one_page
from tests.server_stub.api.conftest import account, bank, city, signed_in
from tests.server_stub.knocking import Knocker

__all__ = ["account", "bank", "city", "signed_in"]
TYPED = st.builds(
    lambda text, times: text * times,
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.sampled_from([1, 1, 30, 5000]),
)
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
OURS = {"fault", "body-invalid", "entry-invalid"}
LEGAL = {"kind": "legal", "number": "91430400MA00000007"}


@pytest.mark.parametrize(
    ("model", "column", "field"),
    [
        (Query, "case_no", "case_no"), (Query, "basis_ref", "basis_ref"), (Subject, "name", "name"),
        (Subject, "id_type", "id_type"), (Letter, "id_type", "id_type"), (Letter, "scope", "scope"),
        (Letter, "institution", "institution"), (Letter, "letter_no", "letter_no"),
        (Objection, "letter_no", "letter_no"), (Objection, "ground", "ground"), (Objection, "wish", "wish"),
        (Objection, "holder", "holder"), (Officer, "user", "user"), (Device, "name", "device_name"),
    ],
)  # fmt: skip
def test_a_row_has_room_for_what_passes(model: Any, column: str, field: str) -> None:
    found = model._meta.get_field(column)
    assert isinstance(found, CharField)
    assert found.max_length is not None
    assert found.max_length >= LONGEST[field]


@FEW
@given(st.sampled_from(["case_no", "name", "number", "id_type", "ref"]), TYPED)
@example("case_no", "字" * 121)
@example("name", "字" * 201)
@example("ref", "字" * 121)
@example("case_no", "L-1\x00")
def test_no_text_of_a_query_is_a_fault(bank: Knocker, place: str, text: str) -> None:
    subject = {"kind": "person", "id_type": "passport", "number": "E1", "name": "测试甲"}
    body: dict[str, Any] = {"subject": LEGAL}
    if place == "case_no":
        body["case_no"] = text
    elif place == "ref":
        body["basis"] = {"type": "duty", "ref": text, "sha256": ""}
    else:
        body["subject"] = subject | {place: text}
    answer = bank.query(**body)
    assert answer.code not in OURS, answer.body


@pytest.mark.parametrize(
    ("changes", "limit"),
    [
        ({"case_no": "字" * 121}, 120),
        ({"subject": {"kind": "person", "id_type": "passport", "number": "E1", "name": "字" * 201}}, 200),
    ],
)
def test_the_refusal_names_field_and_limit(bank: Knocker, changes: dict[str, Any], limit: int) -> None:
    answer = bank.query(**{"subject": LEGAL, **changes})
    assert (answer.status, answer.code, answer.body["context"]["limit"]) == (422, "text-too-long", limit)
    assert answer.body["fields"][0]["path"] in ("case_no", "subject.name")
    unfit = bank.query(subject=LEGAL, case_no="L-1\x00")
    assert (unfit.status, unfit.code) == (422, "text-unfit")


@FEW
@given(TYPED)
@example("字" * 201)
@example("字" * 20_000)
def test_no_search_is_a_fault(bank: Knocker, text: str) -> None:
    body = {"op_id": str(uuid.uuid4()), "text": text, "purpose": "B01"}
    assert bank.call("POST", "/api/v1/candidates", body).code not in OURS


@FEW
@given(st.sampled_from(["authoriser_name", "id_type", "id_number", "institution", "scope"]), TYPED)
def test_no_letter_is_a_fault(bank: Knocker, place: str, text: str) -> None:
    card = {
        "authoriser_name": "测试甲", "id_type": "passport", "id_number": "E1", "institution": "示例银行",
        "purposes": ["B01"], "scope": "全部", "signed_on": "2026-01-05", "valid_from": "2026-01-05",
        "valid_to": "2099-12-31", "kind": "single", place: text or "x",
    }  # fmt: skip
    scan = base64.b64encode(one_page()).decode()
    body = {"op_id": str(uuid.uuid4()), "letter": card, "scan_name": "a.pdf", "scan_b64": scan}
    answer = bank.call("POST", "/api/v1/letters", body)
    blank = answer.code == "body-invalid" and not text.strip()
    assert blank or answer.code not in OURS, answer.body


@given(st.sampled_from(["ground", "wish", "statement", "should_be", "letter_no"]), TYPED)
@example("ground", "字" * 61)
def test_no_filing_is_a_fault(place: str, text: str) -> None:
    filing = {"kind": "objection", "query_no": "Q", "rec_id": "r", "ground": "g", "wish": "w"}
    try:
        read_filing(filing | {"statement": "s", place: text})
    except Problem as problem:
        blank = problem.code == "body-invalid" and not text.strip()
        assert blank or problem.code in ("text-too-long", "text-unfit")


@pytest.mark.parametrize(
    ("path", "body", "limit"),
    [
        ("password", {"user": "u" * 65, "password": "p"}, 64),
        ("password", {"user": "u", "password": "p" * 513}, 512),
        ("code", {"challenge": "c", "code": "1" * 17}, 16),
        ("enrol", {"ticket": "t", "enrolment_code": "e" * 65, "device_name": "d"}, 64),
        ("enrol", {"ticket": "t", "enrolment_code": "e", "device_name": "d" * 101}, 100),
    ],
)
def test_a_sign_in_with_a_long_text_is_told_so(
    bank: Knocker, path: str, body: dict[str, str], limit: int
) -> None:
    answer = bank.call("POST", f"/api/v1/sign-in/{path}", body, signed=False)
    assert (answer.status, answer.code, answer.body["context"]["limit"]) == (422, "text-too-long", limit)


def test_control_another_shape_is_still_a_mistake_of_the_client(bank: Knocker) -> None:
    answer = bank.call("POST", "/api/v1/sign-in/password", {"user": "u", "password": 5}, signed=False)
    assert answer.code == "body-invalid"
