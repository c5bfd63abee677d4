"""Operations are done once: the answer is stored with the effect and given again to the same question."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from app.field.canonical import canonical_sha256
from server_stub.config.clock import stamp
from server_stub.errors import Problem
from server_stub.queries import sql
from server_stub.queries.errors import OpReused, not_right
from server_stub.queries.models import DayCounter


def digest_of(body: Any) -> str:
    """SHA-256 over the canonical bytes of a body as it was sent.

    Raises:
        Problem: `body-invalid` for fractions, integers beyond 2**53-1 and broken text:
            they have no canonical form.
    """
    try:
        return canonical_sha256(body)
    except ValueError as flaw:
        raise not_right("body-invalid", "body", "canonical") from flaw


def find(device_id: str, op_id: str, body_sha256: str) -> sql.StoredOp | None:
    """The stored answer to this operation, or None when it is new.

    Raises:
        OpReused: the number was used with another body.
    """
    row = sql.find_op(device_id, op_id)
    if row is not None and row.body_sha256 != body_sha256:
        raise OpReused
    return row


def stored(device_id: str, op_id: str) -> dict[str, Any] | None:
    """The stored answer to an operation that was done; None where it was refused or is forgotten."""
    row = sql.find_op(device_id, op_id)
    return row.response if row is not None and row.status < 400 else None


def keep(device_id: str, op_id: str, kind: str, body_sha256: str, status: int, response: Any) -> None:
    """Store the answer; call inside the transaction of the effect."""
    sql.keep_op(device_id, op_id, kind, body_sha256, status, response, stamp())


def refusal(problem: Problem) -> dict[str, Any]:
    """A refusal in a form that can be stored and raised again."""
    return {
        "code": problem.code,
        "detail": problem.detail,
        "fields": [*problem.fields],
        "context": {**problem.context},
    }


def refused(stored: dict[str, Any]) -> Problem:
    """The stored refusal."""
    return Problem(
        stored["code"], stored["detail"], fields=stored["fields"], context=stored.get("context", {})
    )


def kept(problem: Problem) -> bool:
    """Whether a refusal is an answer for good: 409, 429 and 5xx may go otherwise next time."""
    return problem.status not in {409, 429} and problem.status < 500


def skip_numbers(day: str, life: int) -> None:
    """Leave out the numbers that a lost life of the database may have given on `day`; lives count from 1."""
    steps = (("CX", 100_000), ("SQ", 100_000), ("MD", 100_000), ("YY", 1_000), ("XF", 1_000))
    for prefix, step in steps:
        row, _ = DayCounter.objects.select_for_update().get_or_create(name=f"{prefix}-{day}")
        row.last = max(row.last, life * step)
        row.save()


def running_number(prefix: str, day: str) -> str:
    """The next number of a day: `CX-20261123-000001`. `day` is yyyymmdd. Call inside the transaction of the
    act: a number that nobody got is given again.

    Raises:
        TransactionManagementError: outside a transaction.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a number belongs into the transaction of its act")
    name = f"{prefix}-{day}"
    return f"{name}-{sql.next_number(name):06d}"
