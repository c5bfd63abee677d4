"""Screenings over the routes: evidence with every batch, done once, quota, no persons, subjects' history."""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from django.db import connection

from app.field.canonical import canonical_sha256
from app.field.screening import SCREEN_STATES, Screening, read_screening
from server_stub.accounts.models import Device, Officer
from server_stub.config.clock import clock, now, today
from server_stub.errors import Problem
from server_stub.evidence.models import Leaf
from server_stub.feed import cursors
from server_stub.feed import services as feeding
from server_stub.feed.selectors import last_seq
from server_stub.lists.models import UNKNOWN, ScreenedSubject
from server_stub.lists.models import Screening as Kept
from server_stub.lists.selectors import looks_at, screened_on
from server_stub.queries import reconciling
from server_stub.queries import screening as service
from server_stub.queries.policy import policy
from server_stub.queries.reconciling import Told
from server_stub.records import services as records
from server_stub.rules.tables_file import shipped
from server_stub.subjects.selectors import find_legal
from tests.server_stub.api.test_queries import check, receipts
from tests.server_stub.api.test_sign_in import payload
from tests.server_stub.knocking import Answer, Knocker
from tests.server_stub.lists.made import listed
from tests.server_stub.subjects.made import unit

Subject = Callable[[str], dict[str, str]]
SignedIn = Callable[[str], Knocker]
STRANGER = "91430400MA0008888T"
BODY: dict[str, Any] = {"rows": [], "purpose": "B02", "case_no": "示例-批量-1", "lists": [], "salt": "s"}


def ask(knocker: Knocker, *rows: dict[str, str], op_id: str = "", **changes: Any) -> Answer:
    body = {**BODY, "rows": list(rows), **changes}
    number = op_id or str(uuid.uuid4())
    link = knocker.link("screen", number, body, purpose=body["purpose"])
    sent = {"entries": [link], "op_id": number, "body": body, "tree_size": 0}
    return knocker.call("POST", "/api/v1/screenings", sent)


def said(answer: Answer) -> Screening:
    assert answer.status == 201, answer.body
    payload(answer.body["answer"])
    return read_screening(base64.b64decode(answer.body["answer"]["payload_b64"]))


def test_a_batch_comes_with_one_leaf_and_a_row_for_each_subject(bank: Knocker, subject: Subject) -> None:
    rich, stranger = subject("rich"), {"code": STRANGER}
    before = Leaf.objects.count()
    answer = ask(bank, {"code": rich["code"]}, stranger)
    seen = said(answer)
    assert [row.state for row in seen.rows] == ["hit", "none"]
    assert set(seen.words) == set(SCREEN_STATES)
    assert (seen.case_no, seen.purpose.code, seen.requester.user) == ("示例-批量-1", "B02", "bank1")
    (receipt,) = receipts(answer)
    check(receipt)
    assert Leaf.objects.count() == before + 1
    entry = receipt.entry
    raw = base64.b64decode(answer.body["answer"]["payload_b64"])
    assert (entry.kind, entry.outcome, entry.query_no) == ("screen", "done", seen.screening_no)
    assert entry.records_sha256 == hashlib.sha256(raw).hexdigest()
    assert entry.basis_sha256 == canonical_sha256([[rich["code"], ""], [STRANGER, ""]])
    found = find_legal(rich["code"])
    assert found is not None
    (look,) = looks_at(found.subject_key)
    assert (look.user, look.case_no, look.state, look.leaf_index) == (
        "bank1", "示例-批量-1", "hit", receipt.leaf_index,
    )  # fmt: skip
    # who is not in the register yet has a history too
    assert ScreenedSubject.objects.get(state=UNKNOWN).screening_id == seen.screening_no


def test_the_same_operation_is_done_once(bank: Knocker, subject: Subject) -> None:
    op_id, row = str(uuid.uuid4()), {"code": subject("rich")["code"]}
    first = ask(bank, row, op_id=op_id)
    again = ask(bank, row, op_id=op_id)
    assert (again.status, again.body["replayed"]) == (201, True)
    assert again.body["answer"] == first.body["answer"]
    assert Kept.objects.count() == 1
    assert ask(bank, row, op_id=op_id, salt="other").code == "op-reused"


def test_an_old_screening_is_not_handed_out_after_an_entry_changed(bank: Knocker, subject: Subject) -> None:
    op_id, row = str(uuid.uuid4()), {"code": subject("rich")["code"]}
    first = ask(bank, row, op_id=op_id)
    entry, *_ = (one.standing.rec_id for one in said(first).rows[0].entries if one.standing.kind == "serious")
    records.mark(entry, number="YY-9", accepted_on=today(), due_on=None, by="centre1")
    marked = ask(bank, row, op_id=op_id)  # control: a mark ends nothing
    assert (marked.status, marked.body["answer"]) == (201, first.body["answer"])
    records.annul(entry, reason="示例", by="centre1")
    for _ in range(2):
        refused = ask(bank, row, op_id=op_id)
        assert (refused.status, refused.code) == (409, "answer-withdrawn")
        assert set(refused.body["context"]) == {"receipts", "replayed"}
        *_, receipt = receipts(refused)
        check(receipt)
    assert entry not in {one.standing.rec_id for one in said(ask(bank, row)).rows[0].entries}


def test_screenings_are_judged_in_no_transaction_and_behind_the_cursor(
    bank: Knocker, subject: Subject
) -> None:
    seen = said(ask(bank, {"code": subject("rich")["code"]}))
    entry = seen.rows[0].entries[0].standing.rec_id
    officer, device = Officer.objects.get(user="bank1"), Device.objects.get(device_id=bank.device_id)
    savepoints: list[int] = []

    def judged(*given: Any) -> dict[str, Told]:
        savepoints.append(len(connection.savepoint_ids))
        records.annul(entry, reason="示例", by="centre1")
        feeding.number()
        return dict(service.told_by(*given))

    answer = reconciling.reconcile(officer, device, {seen.screening_no: {}}, judged)
    assert savepoints == [len(connection.savepoint_ids)]
    assert cursors.read(answer["cursor"]) < last_seq()  # what came meanwhile is yet to be read


def test_a_screening_is_held_against_the_present_as_a_copy_is(
    bank: Knocker, subject: Subject, signed_in: SignedIn
) -> None:
    seen = said(ask(bank, {"code": subject("rich")["code"]}, {"code": STRANGER}))
    held = [{"rec_id": one.standing.rec_id, "rev": one.standing.rev} for one in seen.rows[0].entries]
    serious = next(one.standing.rec_id for one in seen.rows[0].entries if one.standing.kind == "serious")
    sent = {"copies": [{"query_no": seen.screening_no, "records": held}]}

    def judged(knocker: Knocker = bank) -> tuple[set[str], list[str]]:
        body = knocker.call("POST", "/api/v1/reconcile", sent).body
        return {one["rec_id"] for one in body["revoke"]}, body["gone"]

    assert judged() == (set(), [])  # control: nothing changed
    whole = ({one["rec_id"] for one in held}, [seen.screening_no])
    assert judged(signed_in("branch1")) == whole  # nobody else's answer is confirmed to anybody
    records.annul(serious, reason="示例", by="centre1")
    assert judged() == ({serious}, [])
    # the stored answer is forgotten with its term
    connection.cursor().execute("DELETE FROM queries_op WHERE kind = 'screen'")
    assert judged() == whole


def test_an_old_screening_is_not_handed_out_after_a_term_is_over(bank: Knocker) -> None:
    found = unit(1, "云石（示例）建材")
    listed(found.subject_key, list_code="market", ground="", decided_on="2023-12-20")
    op_id, row = str(uuid.uuid4()), {"code": found.code}
    first = ask(bank, row, op_id=op_id)
    assert said(first).rows[0].state == "hit"
    link, body = bank.link("screen", op_id, BODY | {"rows": [row]}, purpose="B02"), BODY | {"rows": [row]}
    device = Device.objects.select_related("officer__organisation").get(officer__user="bank1")
    with clock(lambda: datetime(2026, 12, 30, tzinfo=UTC)), pytest.raises(Problem) as raised:
        service.answer(device.officer, device, [link], op_id, body, 0)
    assert raised.value.code == "answer-withdrawn"
    again = service.answer(device.officer, device, [link], op_id, body, 0)
    assert again["answer"] == first.body["answer"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"purpose": ""}, "purpose-needed"),
        ({"purpose": "G01"}, "purpose-not-allowed"),
        ({"case_no": " "}, "case-needed"),
        ({"case_no": "x" * 500}, "text-too-long"),
        ({"rows": []}, "body-invalid"),
        ({"rows": [{"code": STRANGER}] * 1001}, "list-too-long"),
        ({"lists": ["local_black"]}, "body-invalid"),
        ({"more": 1}, "body-invalid"),
        ({"rows": [{"name": "云" * 500}]}, "text-too-long"),
    ],
)
def test_a_refusal_is_evidence_too(bank: Knocker, changes: dict[str, Any], code: str) -> None:
    answer = ask(bank, {"code": STRANGER}, **changes)
    assert answer.code == code
    (receipt,) = receipts(answer)
    check(receipt)
    assert receipt.entry.outcome == f"refused:{code}"
    assert Kept.objects.count() == 0


def test_a_list_that_is_too_long_says_how_long_it_may_be(bank: Knocker) -> None:
    answer = ask(bank, *[{"code": STRANGER}] * 1001)
    assert (answer.status, answer.code) == (422, "list-too-long")
    assert (answer.body["context"]["limit"], answer.body["context"]["rows"]) == (1000, 1001)
    assert policy("bank_officer", service.today())["screen_rows_max"] == 1000


def test_every_row_that_names_no_unit_is_named(bank: Knocker, subject: Subject) -> None:
    person = subject("person")
    rows = (
        {"code": STRANGER},
        {"code": person["number"]},
        {"code": "91350100M000100Y4Z"},
        {"name": " "},
        {"code": "", "name": "云石"},
        {"code": STRANGER, "name": f"张三 {person['number'][:6]} {person['number'][6:]}"},
        {"name": "张三13800138000"},
    )
    answer = ask(bank, *rows)
    assert answer.code == "number-invalid"
    flaws = [(flaw["path"], flaw["code"]) for flaw in answer.body["fields"]]
    assert flaws == [
        ("rows.1.code", "kind"), ("rows.2.code", "character"), ("rows.3.code", "empty"),
        ("rows.5.name", "kind"), ("rows.6.name", "kind"),
    ]  # fmt: skip
    assert person["number"] not in msgspec.json.encode(answer.body).decode()


def test_enterprises_do_not_screen(signed_in: SignedIn) -> None:
    knocker = signed_in("firm1")
    answer = ask(knocker, {"code": STRANGER}, purpose="S01")
    assert answer.code == "role-denied"


def test_the_days_quota_is_counted_and_ends_with_the_day(
    bank: Knocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def few(name: str, on: object) -> int:
        return {"screen_rows_max": 1000, "screen_rows_a_day": 3}[name]

    monkeypatch.setattr(service, "figure", few)
    ask(bank, {"code": STRANGER}, {"code": STRANGER})
    refused = ask(bank, {"code": STRANGER}, {"code": STRANGER})
    assert refused.code == "rate-limited"
    assert 0 < refused.body["retry_after_s"] <= 86_401
    assert ask(bank, {"code": STRANGER}).status == 201
    assert screened_on("bank1", service.today()) == 3
    tomorrow = now() + timedelta(seconds=refused.body["retry_after_s"])
    with clock(lambda: tomorrow):
        assert screened_on("bank1", service.today()) == 0


def test_the_limits_are_rows_with_a_basis() -> None:
    rows = {row.id: row for row in shipped().policy}
    assert rows["screen_rows_max"].number == 1000
    assert rows["screen_rows_a_day"].basis and rows["screen_roles"].word


def test_another_link_is_not_this_batchs(bank: Knocker) -> None:
    body = {"rows": [{"code": STRANGER}], "purpose": "B02", "case_no": "示例", "lists": [], "salt": ""}
    op_id = str(uuid.uuid4())
    link = bank.link("query", op_id, body, purpose="B02")
    sent = {"entries": [link], "op_id": op_id, "body": body, "tree_size": 0}
    assert bank.call("POST", "/api/v1/screenings", sent).code == "entry-invalid"
    assert Kept.objects.count() == 0
