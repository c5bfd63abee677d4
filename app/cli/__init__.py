"""The command line: the services of the window for back offices, scripts and tests."""

from __future__ import annotations

import sys
from collections.abc import Sequence

INTERRUPTED = 130

__all__ = ["INTERRUPTED", "main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code of PRODUCT's list. Ctrl+C while the program is still being read ends by
    a line, like one that comes later, and not by a trace.
    """
    try:
        from app.cli import running  # noqa: PLC0415 - most of the start is this import

        return running.main(argv)
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return INTERRUPTED
