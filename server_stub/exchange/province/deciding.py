"""What one row does to what is held: a pure rule, so that every order of deliveries ends the same.

A newer revision of the origin wins; at the same revision a revoke wins over a put; the same again changes
nothing; two contents under one revision are a fault of the origin, and people have to look.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Action = Literal["put", "revoke", "nothing", "fork"]


class Standing(msgspec.Struct, frozen=True):
    """What is held of a record: revision, put or revoke, digest of the content (empty for a revoke)."""

    rev: int
    op: Literal["put", "revoke"]
    digest: str = ""


def decide(held: Standing | None, came: Standing) -> Action:
    """What to do with a row."""
    if held is None or came.rev > held.rev:
        return came.op
    if came.rev < held.rev or held.op == "revoke":
        return "nothing"
    if came.op == "revoke":
        return "revoke"
    return "nothing" if came.digest == held.digest else "fork"
