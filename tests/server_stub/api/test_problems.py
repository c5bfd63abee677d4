"""Whatever goes wrong leaves as problem+json and tells nothing about a subject."""

from __future__ import annotations

import json
import logging
import uuid
from typing import Any

import pytest

from server_stub.config.problems import table
from server_stub.errors import Problem
from server_stub.queries import services
from tests.server_stub.in_process import InProcess
from tests.server_stub.knocking import Knocker, query_body

HEADERS = {"HYC-Protocol": "1"}


def send(method: str, path: str, content: bytes = b"", **headers: str) -> Any:
    return InProcess().send(method, path, {**HEADERS, **headers}, content)


@pytest.mark.parametrize(
    ("method", "path", "content", "status", "code"),
    [
        ("GET", "/", b"", 404, "not-found"),
        ("GET", "/api/v1/nothing", b"", 404, "not-found"),
        ("GET", "/api/v1/reports/verify", b"", 405, "method-not-allowed"),
        ("POST", "/api/v1/reports/verify", b"{", 422, "body-invalid"),
        ("POST", "/api/v1/reports/verify", b"\xff", 422, "body-invalid"),
        ("POST", "/api/v1/reports/verify", b"[]", 422, "body-invalid"),
        ("POST", "/api/v1/reports/verify", b'{"number": 1}', 422, "body-invalid"),
        ("POST", "/api/v1/reports/verify", b" " * (1024 * 1024 + 1), 413, "body-too-large"),
        ("GET", "/api/v1/log/consistency?from=a&to=1", b"", 422, "body-invalid"),
    ],
)
def test_every_failure_has_the_form(
    db: None, method: str, path: str, content: bytes, status: int, code: str
) -> None:
    answer = send(method, path, content)
    assert (answer.status, answer.code) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.body["type"] == f"/problems/{code}"
    assert answer.body["title"] != code, "every code has its words"
    assert answer.headers["cache-control"] == "no-store"


def test_a_fault_of_ours_says_nothing_and_logs_no_value(
    bank: Knocker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: Any) -> None:
        raise RuntimeError("430405198506150007 测试甲子")

    monkeypatch.setattr(services, "answer", broken)
    body = query_body()
    op_id = str(uuid.uuid4())
    link = bank.link("query", op_id, body, purpose="B01")
    with caplog.at_level(logging.ERROR):
        answer = bank.call(
            "POST", "/api/v1/queries", {"entries": [link], "op_id": op_id, "body": body, "tree_size": 0}
        )
    assert (answer.status, answer.code) == (500, "fault")
    assert "43040" not in json.dumps(answer.body) + caplog.text
    assert "RuntimeError" in caplog.text


def test_a_code_that_is_not_published_cannot_be_raised() -> None:
    with pytest.raises(KeyError):
        Problem("made-up")
    assert Problem("fault").status == 500
    assert len(table()) > 40


def test_a_letter_may_be_larger_than_other_bodies(bank: Knocker) -> None:
    body = {"op_id": str(uuid.uuid4()), "letter": {}, "scan_name": "x", "scan_b64": "A" * 2_000_000}
    assert bank.call("POST", "/api/v1/letters", body).code == "body-invalid"  # read, and found wanting
    assert bank.call("POST", "/api/v1/candidates", body).code == "body-too-large"
