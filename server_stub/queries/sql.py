"""Statements of the queries room on the path of every query."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from server_stub import statements

_OP = "SELECT status, response, body_sha256 FROM queries_op WHERE device_id = %s AND op_id = %s"
_NEXT = "UPDATE queries_daycounter SET last = last + 1 WHERE name = %s RETURNING last"
_SIGNED = "SELECT bundle, key_id, signature FROM queries_query WHERE query_no = %s"


class StoredOp(msgspec.Struct, frozen=True):
    """An operation that was done, and what it was answered."""

    status: int
    response: dict[str, Any]
    body_sha256: str


def find_op(device_id: str, op_id: str) -> StoredOp | None:
    row = statements.one(_OP, device_id, op_id)
    if row is None:
        return None
    response = json.loads(row[1]) if isinstance(row[1], str) else row[1]
    return StoredOp(int(row[0]), response, str(row[2]))


def keep_op(
    device_id: str, op_id: str, kind: str, body_sha256: str, status: int, response: Any, made_at: str
) -> None:
    statements.insert(
        "queries_op",
        device_id=device_id,
        op_id=op_id,
        kind=kind,
        body_sha256=body_sha256,
        status=status,
        response=json.dumps(response, ensure_ascii=False),
        made_at=made_at,
    )


def next_number(name: str) -> int:
    """Count a day's number up; call inside a transaction."""
    row = statements.one(_NEXT, name)
    if row is None:
        statements.insert("queries_daycounter", name=name, last=1)
        return 1
    return int(row[0])


def keep_query(columns: dict[str, Any]) -> None:
    """A query as it was answered."""
    statements.insert("queries_query", **columns)


def signed_answer(query_no: str) -> tuple[bytes, str, bytes]:
    """The signed bytes of an answer, the key's id and the signature.

    Raises:
        LookupError: when there is no such query.
    """
    row = statements.one(_SIGNED, query_no)
    if row is None:
        raise LookupError(f"no query {query_no}")
    return bytes(row[0]), str(row[1]), bytes(row[2])
