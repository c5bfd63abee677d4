"""The short way has the guards of the long one, takes no body that the route refuses, and answers in its
form."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from server_stub.accounts import tokens
from server_stub.accounts.models import Device
from server_stub.api import short
from server_stub.api.gate import Caller
from server_stub.api.schemas import CandidatesOut, QueryOut
from server_stub.config.clock import clock, now
from server_stub.evidence.models import Leaf
from server_stub.records import services as records
from server_stub.records.models import Record
from tests.server_stub.api.test_queries import bundle, legal
from tests.server_stub.knocking import Answer, Knocker, query_body

Subject = Callable[[str], dict[str, str]]
SEARCH, QUERY = "/api/v1/candidates", "/api/v1/queries"


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Paths that were answered by the short way."""
    paths: list[str] = []
    plain = short.Way.said

    def noting(way: short.Way, caller: Caller, body: Any) -> bytes:
        said = plain(way, caller, body)
        paths.extend(path for path, one in short.WAYS.items() if one is way)
        return said

    monkeypatch.setattr(short.Way, "said", noting)
    yield paths


def search(bank: Knocker, **changes: Any) -> Answer:
    return bank.call(
        "POST", SEARCH, {"op_id": str(uuid.uuid4()), "text": "云石", "purpose": "B01", **changes}
    )


def asked(bank: Knocker, subject: dict[str, str], **changes: Any) -> dict[str, Any]:
    body, op_id = query_body(subject=subject), str(uuid.uuid4())
    link = bank.link("query", op_id, body, purpose=body["purpose"])
    return {"entries": [link], "op_id": op_id, "body": body, "tree_size": 0, **changes}


def test_both_ways_answer_alike(bank: Knocker, subject: Subject, taken: list[str]) -> None:
    """An unknown member sends a request the long way; that is how both are asked here."""
    near, far = search(bank), search(bank, more=1)
    assert (taken, near.status, near.body) == ([SEARCH], far.status, far.body)
    assert near.headers.keys() == far.headers.keys()
    assert near.headers["content-type"] == far.headers["content-type"]
    CandidatesOut.model_validate(near.body)
    whom = legal(subject("rich"))
    near, far = (bank.call("POST", QUERY, asked(bank, whom, **more)) for more in ({}, {"more": 1}))
    assert taken == [SEARCH, QUERY]
    assert near.body.keys() == far.body.keys() == QueryOut.model_fields.keys()
    assert QueryOut.model_validate(near.body).model_dump() == near.body
    assert bundle(near).records == bundle(far).records != ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"op_id": "short"}, {"op_id": "x" * 65}, {"op_id": 12345678}, {"purpose": "B" * 17}, {"purpose":
        None}, {"text": 1}, {"text": "石" * 500}, {"text": "a\0b"}, {"text": "\ud83d"},
    ],
    ids=repr,
)  # fmt: skip
def test_a_search_that_does_not_fit_is_refused_by_its_route(
    bank: Knocker, taken: list[str], wrong: dict[str, Any]
) -> None:
    before = Leaf.objects.count()
    near, far = search(bank, **wrong), search(bank, more=1, **wrong)
    assert (near.status, near.code, taken) == (422, far.code, [])
    assert Leaf.objects.count() == before
    assert search(bank).status == 200 and taken == [SEARCH]  # the control


@pytest.mark.parametrize(
    "wrong",
    [
        {"entries": []}, {"entries": "x"}, {"entries": [1]}, {"entries": ["x" * 16_385]}, {"tree_size": -1},
        {"tree_size": 2**63}, {"tree_size": 1.5}, {"tree_size": "0"}, {"body": []}, {"body": {"a": 2**64}},
        {"body": {"a": "\0"}},
    ],
    ids=lambda wrong: repr(wrong)[:40],
)  # fmt: skip
def test_a_query_that_does_not_fit_goes_to_its_route(
    bank: Knocker, subject: Subject, taken: list[str], wrong: dict[str, Any]
) -> None:
    bank.call("POST", QUERY, asked(bank, legal(subject("rich")), **wrong))
    assert taken == []


def test_nobody_passes_without_token_or_proof(bank: Knocker, taken: list[str]) -> None:
    words = {"op_id": str(uuid.uuid4()), "text": "云石", "purpose": "B01"}
    assert bank.call("POST", SEARCH, words, signed=False).code == "token-invalid"
    assert bank.call("POST", SEARCH, words, proven=False).code == "proof-invalid"
    assert taken == []


def test_a_proof_opens_once(bank: Knocker, taken: list[str]) -> None:
    search(bank)
    content = b'{"op_id": "12345678", "text": "\xe4\xba\x91\xe7\x9f\xb3", "purpose": "B01"}'
    headers = {
        "HYC-Protocol": "1",
        "Authorization": f"DPoP {bank.token}",
        "DPoP": bank.proof("POST", SEARCH, bank.token),
    }
    assert bank.over.send("POST", SEARCH, headers, content).status == 200
    assert bank.over.send("POST", SEARCH, headers, content).code == "proof-replayed"
    assert taken == [SEARCH, SEARCH]


def test_a_revoked_device_is_refused_at_once(bank: Knocker, taken: list[str]) -> None:
    assert search(bank).status == 200
    Device.objects.filter(pk=bank.device_id).update(state="frozen")
    assert search(bank).code == "device-frozen"
    Device.objects.filter(pk=bank.device_id).update(state="active")
    assert search(bank).status == 200  # the control: nothing but the row was changed
    tokens.revoke(Device.objects.get(pk=bank.device_id))
    assert search(bank).code == "device-revoked"
    assert taken == [SEARCH, SEARCH]


def test_an_ended_token_and_a_stopped_officer_are_refused_at_once(bank: Knocker, taken: list[str]) -> None:
    later = now() + timedelta(seconds=tokens.ACCESS_S + 1)
    with clock(lambda: later):
        assert search(bank).code == "token-invalid"
    officer = Device.objects.select_related("officer").get(pk=bank.device_id).officer
    type(officer).objects.filter(pk=officer.pk).update(active=False)
    assert search(bank).code == "account-suspended"
    type(officer).objects.filter(pk=officer.pk).update(active=True)
    tokens.sign_out(bank.token)
    assert search(bank).code == "token-invalid"
    assert taken == []


def test_another_life_of_the_database_is_told(bank: Knocker) -> None:
    words = b'{"op_id": "12345678", "text": "\xe4\xba\x91\xe7\x9f\xb3", "purpose": "B01"}'
    assert bank.bare("POST", SEARCH, words, {"HYC-Epoch": "another"}).code == "epoch-changed"


def test_a_new_revision_is_in_the_next_answer(bank: Knocker, subject: Subject) -> None:
    whom = legal(subject("rich"))
    first = bundle(bank.call("POST", QUERY, asked(bank, whom)))
    seen = next(one for one in first.records if one.section == "licence")
    records.annul(seen.rec_id, reason="重复录入", by="tester")
    assert Record.objects.get(pk=seen.rec_id).status == "annulled"
    again = bundle(bank.call("POST", QUERY, asked(bank, whom)))
    assert seen.rec_id in {one.rec_id for one in first.records} - {one.rec_id for one in again.records}


def test_a_fault_says_nothing_of_itself(bank: Knocker, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("衡阳某人 43040019900101001X")

    monkeypatch.setitem(short.WAYS, SEARCH, short.way(short.Searched, 200, broken))
    answer = search(bank)
    assert (answer.status, answer.code) == (500, "fault")
    assert "43040019900101001X" not in str(answer.body)
