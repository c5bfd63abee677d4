"""What a query, a search or a letter is refused for."""

from __future__ import annotations

from server_stub.errors import Problem


def not_right(code: str, path: str, why: str) -> Problem:
    """A part of the body that the officer can put right."""
    return Problem(code, why, fields=[{"path": path, "code": why, "message": ""}])


class OpReused(Problem):
    """One operation number with two different bodies."""

    def __init__(self) -> None:
        super().__init__("op-reused", "this operation number was used for something else")
