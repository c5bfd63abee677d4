"""`rules`: which rows are in force on a day, from which files, and what ends soon."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from typing import Any

import msgspec

from server_stub.config.clock import today
from server_stub.rules.ending import ending, rows_by_table
from server_stub.rules.tables_file import shipped


def run(words: argparse.Namespace) -> int:
    """Print one line of JSON.

    Raises:
        ValueError: a day that is none.
    """
    on = date.fromisoformat(words.on) if words.on else today()
    sys.stdout.write(json.dumps(card(on), ensure_ascii=False) + "\n")
    return 0


def card(on: date) -> dict[str, Any]:
    """Rows in force by table, the digest of each file, the years of the calendar, and what ends."""
    tables = shipped()
    return {
        "on": on.isoformat(),
        "in_force": {
            name: [f"{row.id}/{row.version}" for row in rows if row.in_force(on)]
            for name, rows in rows_by_table(tables).items()
        },
        "sha256": tables.digests,
        "calendar": sorted(tables.calendar.years),
        "ending": msgspec.to_builtins(ending(on)),
    }
