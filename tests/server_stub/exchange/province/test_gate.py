"""The face for partners: nothing without a fresh signature over exactly this request."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from server_stub.config.clock import clock, now
from server_stub.exchange.province.models import Partner
from server_stub.records.models import Record
from tests.server_stub.exchange.province.other import Other, put

ROUTES = [
    ("POST", "batches"),
    ("POST", "pull"),
    ("POST", "acks"),
    ("GET", "manifest"),
    ("GET", f"segments/{'0' * 64}"),
]


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize(("method", "name"), ROUTES)
def test_without_a_signature_there_is_no_answer(other: Other, method: str, name: str) -> None:
    path = f"/api/v1/province/{name}"
    for header in ("", "Partner x.y", "DPoP x", "Partner " + "A" * 3000, "Partner e30.e30"):
        headers = {"HYC-Protocol": "1", "Authorization": header}
        assert code(other.client.generic(method, path, headers=headers)) == (401, "proof-invalid")


@pytest.mark.parametrize(("method", "name"), ROUTES)
@pytest.mark.parametrize("state", ["proposed", "stopped"])
def test_one_that_is_not_approved_gets_nothing(other: Other, method: str, name: str, state: str) -> None:
    Partner.objects.update(state=state)
    assert code(other.send(method, name, {} if method == "POST" else None)) == (403, "role-denied")


@pytest.mark.parametrize(
    "claims",
    [
        {"receiver": "partner-0000000000000000"},
        {"method": "GET"},
        {"path": "/api/v1/province/acks"},
        {"body_sha256": "0" * 64},
        {"nonce": "short"},
        {"nonce": None},
        {"at": 0},
        {"at": "now"},
        {"at": True},
        {"sender": "partner-0000000000000000"},
    ],
)
def test_a_signature_over_something_else_is_none(other: Other, claims: dict[str, Any]) -> None:
    answer = other.send("POST", "batches", other.batch(put()), claims=claims)
    assert code(answer) == (401, "proof-invalid")
    assert not Record.objects.exists()


def test_a_request_is_taken_once(other: Other) -> None:
    path = "/api/v1/province/pull"
    body = json.dumps({"after": 0}).encode()
    headers = other.headers("POST", path, body)
    answers = [
        other.client.generic("POST", path, body, content_type="application/json", headers=headers)
        for _ in range(2)
    ]
    assert answers[0].status_code == 200
    assert code(answers[1]) == (401, "proof-replayed")


@pytest.mark.parametrize(("late_s", "status"), [(299, 200), (-299, 200), (302, 401), (-302, 401)])
def test_two_clocks_may_differ_by_five_minutes(other: Other, late_s: int, status: int) -> None:
    at = int((now() + timedelta(seconds=late_s)).timestamp())
    assert other.send("POST", "pull", {"after": 0}, claims={"at": at}).status_code == status


def test_a_nonce_is_remembered_longer_than_its_request_is_fresh(other: Other) -> None:
    nonce = "n" * 32
    start = now()
    with clock(lambda: start):
        early = {"nonce": nonce, "at": int(start.timestamp()) + 299}
        assert other.send("POST", "pull", {"after": 0}, claims=early).status_code == 200
    with clock(lambda: start + timedelta(seconds=598)):
        assert code(other.send("POST", "pull", {"after": 0}, claims=early)) == (401, "proof-replayed")


def test_another_partners_words_are_not_taken_for_this_ones(other: Other) -> None:
    third = Other()
    assert code(third.send("POST", "batches", other.batch(put()))) == (401, "proof-invalid")
    forged = third.batch(put(), sender=other.id)
    assert code(third.send("POST", "batches", forged)) == (401, "proof-invalid")
    assert code(other.send("POST", "batches", {**forged, "key_id": other.id})) == (401, "proof-invalid")


def test_a_batch_for_somebody_else_is_not_taken(other: Other) -> None:
    batch = other.batch(put(), receiver="partner-0000000000000000")
    assert code(other.send("POST", "batches", batch)) == (401, "proof-invalid")


def test_another_kind_of_word_is_not_taken_for_a_batch(other: Other) -> None:
    said = other.sealed({"type": "ack", "v": 1, "sender": other.id})
    assert code(other.send("POST", "batches", said)) == (422, "body-invalid")


def test_a_body_has_a_limit(other: Other) -> None:
    rows = [put(f"R{n}", payload={"CF_WFXW": "文" * 3900}) for n in range(100)]
    assert code(other.send("POST", "batches", other.batch(*rows))) == (413, "body-too-large")
