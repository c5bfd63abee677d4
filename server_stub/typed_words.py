"""Single words of the command line, judged before anything is opened."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

LAST_PORT = 65_535


def day(text: str) -> str:
    """A day as it has to be typed; left out it is empty.

    Raises:
        ArgumentTypeError: for anything else.
    """
    try:
        return text and date.fromisoformat(text).isoformat()
    except ValueError as flaw:
        raise argparse.ArgumentTypeError(f"a day is YYYY-MM-DD, not {text}") from flaw


def port(text: str) -> int:
    """A port to listen on; 0 leaves the choice.

    Raises:
        ArgumentTypeError: for anything else.
    """
    if not text.isascii() or not text.isdigit() or int(text) > LAST_PORT:
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to {LAST_PORT}, not {text}")
    return int(text)


def returned_file(text: str) -> Path:
    """Where refused rows are to be written: the name says in which of the two kinds, and nothing lies there.

    Raises:
        ArgumentTypeError: another kind, or there is something already.
    """
    path = Path(text)
    if path.suffix.lower() not in (".xlsx", ".csv"):
        raise argparse.ArgumentTypeError(f"refused rows are written as .xlsx or .csv, not {path.name}")
    if path.exists():
        raise argparse.ArgumentTypeError(f"{path} is there already; name a new file")
    return path
