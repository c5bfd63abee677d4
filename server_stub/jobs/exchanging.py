"""`import`, `apply`, `refused`, `reverse`: what providers hand in."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from typing import Any

from django.db import transaction

from server_stub.accounts.staff_looks import note_list
from server_stub.exchange import services
from server_stub.exchange.first_seen import first_seen
from server_stub.exchange.models import Batch
from server_stub.exchange.reasons import reason
from server_stub.exchange.returning import write_refused

EVERY = 2.0  # seconds between two lines of progress


def run(words: argparse.Namespace) -> int:
    """Do the act and print what became of the rows.

    Raises:
        Problem: refused as a whole; nothing of the act happened. ValueError: a reversal without a reason.
    """
    if words.act == "stage":
        batch = services.stage(
            words.file, words.provider, words.kind, by=words.by, item=words.item, progress=told_progress()
        )
        _tell_first_seen(batch)
    elif words.act == "apply":
        batch = services.apply(words.batch, words.by, progress=told_progress())
    elif words.act == "refused":
        batch = services.found(words.batch)
        words.refused = words.file
    else:
        batch = services.reverse(words.batch, words.by, words.why)
    if getattr(words, "refused", None) is not None:
        if words.by:  # a provider's own hand-in has no user, and gives back what was in its file
            _noted(batch, words.by)
        count = write_refused(batch, words.refused)
        sys.stderr.write(reason("returned", "written", count=count, path=words.refused) + "\n")
    card = card_of(batch)
    sys.stdout.write(json.dumps(card, ensure_ascii=False) + "\n" if words.json else told(batch.state, card))
    return 0


def _noted(batch: Batch, by: str) -> None:
    """A leaf says who took the refused rows along, before they are written: names stand in them."""
    with transaction.atomic():
        note_list("batch.refused", by, f"{batch.batch_no}: {batch.refused}")


def _tell_first_seen(batch: Batch) -> None:
    for line in first_seen(batch):
        sys.stderr.write(line + "\n")


def told_progress() -> Callable[[int], None]:
    """Says on standard error how far a long act is, at most once in some seconds."""
    told = time.monotonic()

    def tell(done: int) -> None:
        nonlocal told
        if time.monotonic() - told >= EVERY:
            told = time.monotonic()
            sys.stderr.write(reason("batch", "progress", done=done) + "\n")
            sys.stderr.flush()

    return tell


def card_of(batch: Batch) -> dict[str, Any]:
    """The counts of a batch and its refused rows, one entry for each fault; read = accepted + refused."""
    return {
        "batch": batch.batch_no,
        "read": batch.read,
        "accepted": batch.accepted,
        "refused": batch.refused,
        "refused_rows": [
            {"row": row["row"], "cell": fault["cell"], "code": fault["code"], "reason": fault["reason"]}
            for row in services.report(batch)
            for fault in row["faults"]
        ],
    }


def told(state: str, card: dict[str, Any]) -> str:
    """The counts of a batch in this state and its refused rows, in words."""
    lines = [reason("batch", state, **{name: card[name] for name in _COUNTS})]
    lines += [reason("batch", "row", **row) for row in card["refused_rows"]]
    return "\n".join(lines) + "\n"


_COUNTS = ("batch", "read", "accepted", "refused")
