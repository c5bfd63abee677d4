"""Statements of the exchange that run for many rows at once, written once for both engines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

from server_stub.pouring import pour as poured
from server_stub.statements import Row, among, every, insert, listed, locking, one, run

_ROW = (
    "batch_id", "number", "raw", "state", "faults", "warnings", "rec_id", "outcome", "rev_before",
    "rev_after",
)  # fmt: skip


def pour(rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows, complete and in the order of `_ROW`; JSON as text. Call inside a transaction."""
    poured("exchange_stagedrow", _ROW, rows)


def keep_piece(batch_no: str, first: int, last: int, body: bytes) -> None:
    """Insert a piece of accepted rows."""
    insert("exchange_stagedpiece", batch_id=batch_no, first=first, last=last, body=body)


def piece(batch_no: str, after: int) -> tuple[int, bytes] | None:
    """Number of the last row, and body, of the first piece that ends behind a number."""
    row = one(
        "SELECT last, body FROM exchange_stagedpiece WHERE batch_id = %s AND last > %s ORDER BY last LIMIT 1",
        batch_no,
        after,
    )
    return (row[0], bytes(row[1])) if row else None


def settled(batch_no: str, first: int, last: int) -> set[int]:
    """Which rows from `first` to `last` have a state of their own."""
    sql = "SELECT number FROM exchange_stagedrow WHERE batch_id = %s AND number BETWEEN %s AND %s"
    return {row[0] for row in every(sql, batch_no, first, last)}


@contextmanager
def not_waiting_for_the_disk() -> Iterator[None]:
    """Transactions in here are whole but may be lost with the power; the first one after makes them last.

    For rows that mean nothing before that one is in.
    """
    if connection.in_atomic_block:
        yield
        return
    begin, end = (
        ("SET synchronous_commit = off", "RESET synchronous_commit")
        if connection.vendor == "postgresql"
        else ("PRAGMA synchronous = NORMAL", "PRAGMA synchronous = FULL")
    )
    run(begin)
    try:
        yield
    finally:
        run(end)


def discard(batch_no: str, most: int) -> int:
    """Delete the pieces of a batch and at most so many of its rows; returns how many rows went."""
    run("DELETE FROM exchange_stagedpiece WHERE batch_id = %s", batch_no)
    return run(
        "DELETE FROM exchange_stagedrow WHERE id IN "
        "(SELECT id FROM exchange_stagedrow WHERE batch_id = %s LIMIT %s)",
        batch_no,
        most,
    )


def bearers(hashes: Sequence[str]) -> list[Row]:
    """(hash, kind, value, from, to, subject_key, name, folded name, code) of units with these numbers."""
    return every(
        "SELECT i.value_hash, i.kind, i.value, i.valid_from, i.valid_to, s.subject_key, s.name, "  # noqa: S608 - one value
        "s.name_folded, s.code FROM subjects_identifier i JOIN subjects_subject s "
        f"ON s.subject_key = i.subject_id WHERE s.kind = 'legal' AND i.value_hash {among()}",
        listed(hashes),
    )


def acts_of(keys: Sequence[str]) -> list[Row]:
    """(subject_key, folded document, day, payload) of the acts of these subjects that stand."""
    return every(
        "SELECT r.subject_key, r.document_no_folded, r.decided_on, v.payload FROM records_record r "  # noqa: S608 - one value
        "JOIN records_revision v ON v.record_id = r.rec_id AND v.rev = r.rev "
        f"WHERE r.status <> 'annulled' AND r.subject_key {among()}",
        listed(keys),
    )


def lock(batch_no: str) -> str:
    """Take the batch's lock; returns its state."""
    row = one("SELECT state FROM exchange_batch WHERE batch_no = %s" + locking(), batch_no)  # noqa: S608
    return str(row[0]) if row else ""


def subjects(keys: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Kind and folded name of each of these subjects that is registered."""
    wanted = list(keys)
    marks = ", ".join("%s" for _ in wanted)
    sql = f"SELECT subject_key, kind, name_folded FROM subjects_subject WHERE subject_key IN ({marks})"  # noqa: S608
    return {key: (kind, folded) for key, kind, folded in every(sql, *wanted)}


def mark_new(batch_no: str, rows: Iterable[tuple[int, str]]) -> None:
    """(number, record) of rows that became new records."""
    pour((batch_no, number, "", "applied", "[]", "[]", rec_id, "new", 0, 1) for number, rec_id in rows)


def standing_of(keys: Iterable[str]) -> list[Row]:
    """(record, payload, status) of all that stands in force for these subjects."""
    return every(
        "SELECT r.rec_id, v.payload, r.status FROM records_record r JOIN records_revision v "  # noqa: S608 - one value
        "ON v.record_id = r.rec_id AND v.rev = r.rev WHERE r.status <> 'annulled' "
        f"AND r.subject_key {among()}",
        listed(keys),
    )
