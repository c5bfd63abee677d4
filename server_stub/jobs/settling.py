"""`conflicts`: what two sources of a record disagree on, one line of JSON each."""

from __future__ import annotations

import argparse
import json
import sys

from server_stub.records import conflicts


def run(words: argparse.Namespace) -> int:
    """List tickets, or settle one and print it.

    Raises:
        Problem: `role-denied`, `not-found`, `rev-conflict`.
        ValueError: a settlement without a reason, or a reason without a settlement.
    """
    if words.settle is None and words.why:
        raise ValueError("--why belongs to --settle NUMBER")
    if words.settle is not None:
        if not words.why.strip():
            raise ValueError("--settle needs a reason: --why TEXT")
        ticket = conflicts.settle(words.settle, why=words.why, by=words.by)
        cards = [card for card in conflicts.listed(closed=True) if card["number"] == ticket.pk]
    else:
        cards = conflicts.read(by=words.by, closed=words.all)
    for card in cards:
        sys.stdout.write(json.dumps(card, ensure_ascii=False) + "\n")
    return 0
