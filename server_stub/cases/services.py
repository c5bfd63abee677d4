"""Verbs of objections, from the filing to the closing; `moves` says which follows from which state."""

from __future__ import annotations

from server_stub.cases.concluding import close, conclude, recheck, require_end
from server_stub.cases.deciding import (
    accept,
    add,
    answer,
    decline,
    extend,
    forward,
    give_back,
    retime,
    supplement,
)
from server_stub.cases.taking import file, take_in

__all__ = [
    "accept",
    "add",
    "answer",
    "close",
    "conclude",
    "decline",
    "extend",
    "file",
    "forward",
    "give_back",
    "recheck",
    "require_end",
    "retime",
    "supplement",
    "take_in",
]
