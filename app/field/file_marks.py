"""What a file is by its first bytes. Names and suffixes are not believed."""

from __future__ import annotations

PDF = b"%PDF-"
MARKS = {"pdf": PDF, "png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff"}


def kind_by_mark(start: bytes) -> str:
    """pdf, png or jpg; empty for anything else."""
    return next((kind for kind, mark in MARKS.items() if start.startswith(mark)), "")
