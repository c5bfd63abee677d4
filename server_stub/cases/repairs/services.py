"""Verbs of repair, from the application to the result; `moves` says which follows from which state."""

from __future__ import annotations

from server_stub.cases.repairs.applying import apply, supplement, take_in, withdraw
from server_stub.cases.repairs.results import (
    accept,
    check,
    extend,
    give_back,
    grant,
    hand,
    plan_done,
    plan_failed,
    refuse,
    retime,
    sync,
)

__all__ = [
    "accept",
    "apply",
    "check",
    "extend",
    "give_back",
    "grant",
    "hand",
    "plan_done",
    "plan_failed",
    "refuse",
    "retime",
    "supplement",
    "sync",
    "take_in",
    "withdraw",
]
