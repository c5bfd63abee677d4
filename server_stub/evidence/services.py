"""The log's verbs for other rooms."""

from __future__ import annotations

from server_stub.evidence.chains import (
    Accepted,
    accept_device_entries,
    judge_device_entries,
    keep_strays,
    leaf_for,
    leaf_of_act,
    position,
    read_ahead,
)
from server_stub.evidence.log import Appended, append, append_many, checkpoint, receipts, stand_still
from server_stub.evidence.lost import facts_by_link, leaf_again

__all__ = [
    "Accepted",
    "Appended",
    "accept_device_entries",
    "append",
    "append_many",
    "checkpoint",
    "facts_by_link",
    "judge_device_entries",
    "keep_strays",
    "leaf_again",
    "leaf_for",
    "leaf_of_act",
    "position",
    "read_ahead",
    "receipts",
    "stand_still",
]
