"""`explain`: what a role would have been shown of one record on a day, and under which rows."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date

from server_stub.config.clock import today
from server_stub.records.looking_back import Asked, look_back


def run(words: argparse.Namespace) -> int:
    """Look, note that somebody looked, and print: lines of name and value, or one line of JSON.

    Raises:
        Problem: `role-denied`, `not-found`. ValueError: a day that is none.
    """
    on = date.fromisoformat(words.on) if words.on else today()
    card = look_back(words.rec_id, Asked(words.role, words.report, on, words.ground), by=words.by)
    if words.json:
        sys.stdout.write(json.dumps(card, ensure_ascii=False) + "\n")
        return 0
    for name, value in _flat(card):
        sys.stdout.write(f"{name}: {value}\n")
    return 0


def _flat(card: dict[str, object], before: str = "") -> list[tuple[str, str]]:
    """Nested names joined by dots, in their order; nothing is left out."""
    lines: list[tuple[str, str]] = []
    for name, value in card.items():
        if isinstance(value, dict):
            lines += _flat(value, f"{before}{name}.")
        else:
            text = " ".join(map(str, value)) if isinstance(value, list) else value
            lines.append((f"{before}{name}", "-" if text is None or text == "" else str(text)))
    return lines
