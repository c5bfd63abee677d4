"""`lateness`: how late each provider delivers on each channel, one line of JSON each."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date

import msgspec

from server_stub.records.lateness import lateness


def run(words: argparse.Namespace) -> int:
    """Print the report of what arrived in a span of days.

    Raises:
        ValueError: the span ends before it begins.
    """
    since, until = (date.fromisoformat(text) if text else None for text in (words.since, words.until))
    if since and until and until < since:
        raise ValueError(f"--until {until} lies before --since {since}")
    for row in lateness(since, until):
        sys.stdout.write(json.dumps(msgspec.to_builtins(row), ensure_ascii=False) + "\n")
    return 0
