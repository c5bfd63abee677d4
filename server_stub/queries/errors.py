"""What a query, a search or a letter is refused for."""

from __future__ import annotations

from app.field.limits import LONGEST, text_flaw
from server_stub.errors import Problem


def not_right(code: str, path: str, why: str) -> Problem:
    """A part of the body that the officer can put right."""
    return Problem(code, why, fields=[{"path": path, "code": why, "message": ""}])


def require_text(field: str, path: str, text: str) -> None:
    """A text that fits its field, see app.field.limits.

    Raises:
        Problem: `text-too-long` (context limit), `text-unfit`.
    """
    flaw = text_flaw(field, text)
    if not flaw:
        return
    problem = not_right("text-too-long" if flaw == "length" else "text-unfit", path, flaw)
    problem.context |= {"field": field}
    if flaw == "length":
        problem.context |= {"limit": LONGEST[field]}
    raise problem


class OpReused(Problem):
    """One operation number with two different bodies."""

    def __init__(self) -> None:
        super().__init__("op-reused", "this operation number was used for something else")
