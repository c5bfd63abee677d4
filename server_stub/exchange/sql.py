"""Statements of the exchange that run for many rows at once, written once for both engines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

from server_stub.pouring import pour as poured
from server_stub.statements import Row, among, every, listed, locking, one, run

_STAGED = (
    "batch_id", "number", "raw", "state", "faults", "warnings", "subject_key", "unit", "facts", "rec_id",
    "outcome", "rev_before", "rev_after",
)  # fmt: skip


def pour(rows: Iterable[Sequence[Any]]) -> None:
    """Insert staged rows, complete and in the order of `_STAGED`; JSON as text. Call inside a transaction."""
    poured("exchange_stagedrow", _STAGED, rows)


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
    """Delete at most so many staged rows of a batch; returns how many went."""
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


def still_accepted(ids: Sequence[int]) -> set[int]:
    """Which of these staged rows wait to be applied."""
    marks = ", ".join("%s" for _ in ids)
    sql = f"SELECT id FROM exchange_stagedrow WHERE state = 'accepted' AND id IN ({marks})"  # noqa: S608
    return {row[0] for row in every(sql, *ids)}


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


def mark_new(rows: Iterable[tuple[str, int]]) -> None:
    """(record, staged row) of rows that became new records."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE exchange_stagedrow SET state = 'applied', outcome = 'new', rev_before = 0, "
            "rev_after = 1, rec_id = %s WHERE id = %s",
            list(rows),
        )


def standing_of(batch_no: str) -> list[Row]:
    """(record, payload, status) of all that stands in force for the subjects of a batch."""
    return every(
        "SELECT r.rec_id, v.payload, r.status FROM records_record r JOIN records_revision v "
        "ON v.record_id = r.rec_id AND v.rev = r.rev WHERE r.status <> 'annulled' AND r.subject_key IN "
        "(SELECT subject_key FROM exchange_stagedrow WHERE batch_id = %s AND subject_key <> '')",
        batch_no,
    )
