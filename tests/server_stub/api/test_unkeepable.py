"""What one engine would keep and the other not is refused alike, and is never a fault of ours."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DataError, transaction

from server_stub.accounts.models import Officer
from server_stub.evidence.models import Leaf
from server_stub.queries import search
from tests.server_stub.api.test_queries import legal
from tests.server_stub.in_process import InProcess
from tests.server_stub.knocking import Knocker, query_body

Subject = Callable[[str], dict[str, str]]
UNKEEPABLE = ["a\0b", "\ud83d", "\udc00x", 2**63, -(2**70), ["\0"], {"\0": 1}]


@pytest.mark.parametrize("value", UNKEEPABLE, ids=repr)
def test_a_body_with_it_is_refused_whole(bank: Knocker, value: Any) -> None:
    leaves = Leaf.objects.count()
    words = {"op_id": str(uuid.uuid4()), "text": "云石", "purpose": "B01", "more": [{"deep": value}]}
    answer = bank.call("POST", "/api/v1/candidates", words)
    whole = "body-invalid" if isinstance(value, int) else "text-unfit"
    assert (answer.status, answer.code) == (422, whole)
    assert Leaf.objects.count() == leaves
    del words["more"]
    assert bank.call("POST", "/api/v1/candidates", words).status == 200  # the control


@pytest.mark.parametrize("text", ["a\0b", "\ud83d"])
def test_a_search_with_it_is_refused(bank: Knocker, text: str) -> None:
    words = {"op_id": str(uuid.uuid4()), "text": text, "purpose": "B01"}
    answer = bank.call("POST", "/api/v1/candidates", words)
    assert (answer.code, answer.body["fields"][0]["path"]) == ("text-unfit", "text")
    words = {"op_id": "\0" * 10, "text": "云石", "purpose": "B01"}
    assert bank.call("POST", "/api/v1/candidates", words).code == "text-unfit"


def test_an_address_with_it_is_refused(bank: Knocker) -> None:
    assert bank.call("GET", "/api/v1/changes", cursor="\0").code == "text-unfit"
    assert bank.call("GET", "/api/v1/log/consistency?from=0&to=99999999999999999999").code == "not-found"


def test_a_link_with_it_is_no_link(bank: Knocker, subject: Subject) -> None:
    body = query_body(subject=legal(subject("rich")))
    op_id = str(uuid.uuid4())
    link = bank.link("query", op_id, body, purpose=body["purpose"], report_no="\0")
    answer = bank.call(
        "POST", "/api/v1/queries", {"entries": [link], "op_id": op_id, "body": body, "tree_size": 0}
    )
    assert answer.code == "entry-invalid"


@pytest.mark.parametrize("field", ["case_no", "salt"])
def test_an_overlong_text_is_no_fault(bank: Knocker, subject: Subject, field: str) -> None:
    answer = bank.query(subject=legal(subject("rich")), **{field: "长" * 5000})
    assert answer.code != "fault"


def test_a_value_larger_than_its_column_is_a_wrong_body(
    bank: Knocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_large(*_: Any, **__: Any) -> None:
        with transaction.atomic():
            officer = Officer.objects.first()
            assert officer is not None
            raise DataError("value too long")

    monkeypatch.setattr(search, "candidates", too_large)
    words = {"op_id": str(uuid.uuid4()), "text": "云石", "purpose": "B01"}
    answer = bank.call("POST", "/api/v1/candidates", words)
    assert (answer.status, answer.code) == (422, "body-invalid")
    assert "too long" not in json.dumps(answer.body)


def test_a_deep_body_is_refused_without_a_fault(db: None) -> None:
    content = b"[" * 200_000 + b"]" * 200_000
    answer = InProcess().send("POST", "/api/v1/reports/verify", {"HYC-Protocol": "1"}, content)
    assert answer.code == "body-invalid"
