"""Refusals of the records room."""

from __future__ import annotations

from server_stub.errors import Problem


def no_record(rec_id: str) -> Problem:
    """There is no record of this id."""
    return Problem("not-found", f"no record {rec_id}")


def changed_meanwhile(rev: int) -> Problem:
    """The record is not at the revision the change was made for."""
    return Problem("rev-conflict", "the record changed meanwhile", context={"rev": rev})


def not_facts(path: str, why: str) -> Problem:
    """A fact that cannot stand in a record."""
    return Problem("body-invalid", why, fields=[{"path": path, "code": "facts", "message": why}])


class BelongsElsewhere(Problem):
    """The record is another platform's: only its origin changes it."""

    def __init__(self, origin: str) -> None:
        super().__init__("role-denied", f"the record belongs to {origin}; only its origin changes it")
