"""A link that only rides along is a claim of its device; what the server did stands in a leaf of its own."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any, get_args

import msgspec
import pytest

from app.field.evidence import EntryKind, Receipt
from server_stub.evidence.models import Leaf
from server_stub.sample import Sample
from tests.server_stub.knocking import Answer, Knocker, query_body
from tests.server_stub.own_seals import seal_kept

Subject = Callable[[str], dict[str, str]]

ITSELF = {"kind": "subject", "name": ""}


@pytest.fixture(autouse=True)
def seal(city: Sample) -> Iterator[None]:
    with seal_kept():
        yield


def outcomes(answer: Answer) -> list[str]:
    found = answer.body["context"] if answer.status >= 400 else answer.body
    return [one.entry.outcome for one in msgspec.convert(found["receipts"], list[Receipt])]


def report_of(bank: Knocker, query_no: str) -> tuple[str, dict[str, Any]]:
    """A wish for a report: its link, and the request without entries."""
    body = {
        "query_no": query_no,
        "template": "standard",
        "language": "zh_CN",
        "receiver": {"kind": "subject"},
    }
    op_id = str(uuid.uuid4())
    link = bank.link("issue", op_id, body, query_no=query_no)
    return link, {"op_id": op_id, "body": body, "tree_size": 0}


@pytest.mark.parametrize("kind", get_args(EntryKind))
def test_a_link_of_any_kind_rides_along_as_a_claim(bank: Knocker, subject: Subject, kind: str) -> None:
    rides = bank.link(kind, str(uuid.uuid4()), purpose="B01")
    whom = {"kind": "legal", "number": subject("rich")["code"]}
    assert outcomes(bank.query(subject=whom, before=(rides,))) == ["claimed", "done"]


def test_a_link_that_is_sent_alone_is_a_claim(bank: Knocker) -> None:
    links = [bank.link(kind, str(uuid.uuid4())) for kind in ("view", "save", "issue")]
    sent = {"entries": links, "tree_size": 0}
    assert outcomes(bank.call("POST", "/api/v1/log/entries", sent)) == ["claimed"] * 3
    assert outcomes(bank.call("POST", "/api/v1/log/entries", sent)) == ["claimed"] * 3
    assert Leaf.objects.filter(source="device").count() == 3


def test_a_report_that_rode_along_is_refused_in_a_leaf_of_its_own(bank: Knocker, subject: Subject) -> None:
    link, wish = report_of(bank, "CX-20260105-999999")
    whom = {"kind": "legal", "number": subject("rich")["code"]}
    assert outcomes(bank.query(subject=whom, before=(link,))) == ["claimed", "done"]
    for _ in range(2):
        answer = bank.call("POST", "/api/v1/reports", {**wish, "entries": [link]})
        assert (answer.code, outcomes(answer)) == ("not-found", ["refused:not-found"])
    told = [msgspec.json.decode(row.entry)["outcome"] for row in Leaf.objects.filter(op_id=wish["op_id"])]
    assert told == ["claimed", "refused:not-found"]


def test_a_query_that_rode_along_is_carried_out_in_a_leaf_of_its_own(bank: Knocker, subject: Subject) -> None:
    body = query_body(subject={"kind": "legal", "number": subject("rich")["code"]})
    op_id = str(uuid.uuid4())
    link = bank.link("query", op_id, body, purpose="B01")
    ahead = bank.call("POST", "/api/v1/log/entries", {"entries": [link], "tree_size": 0})
    assert outcomes(ahead) == ["claimed"]
    whole = {"entries": [link], "op_id": op_id, "body": body, "tree_size": 0}
    for _ in range(2):
        assert outcomes(bank.call("POST", "/api/v1/queries", whole)) == ["done"]
