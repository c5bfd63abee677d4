"""What the platform knows of a report once it is issued, as it is printed, and how long that will be: a
preview leaves the room for it, and so has the pages of the report that it shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from app.field.fours import in_fours
from app.field.report_numbers import grouped
from app.field.reportdoc import Paper
from app.report.composing import document_sha256
from app.report.ink import Block
from app.report.words import Words, second


class Registered(NamedTuple):
    """Times and days in words; `log`: size and root of the platform's log."""

    number: str
    check_code: str
    issued: str
    valid_until: str
    digest: str
    log: tuple[str, str] | None


TO_COME: Final = Registered(
    "HYXYE 00000000 MMMMM MMMMM MMMMM MMMMMM",
    "MMMM MMMM MMMM MMMM",
    "0000-00-00 00:00:00",
    "0000-00-00",
    in_fours("0A" * 32),
    ("00000", in_fours("0A" * 32)),
)
"""As long as it will be; never printed."""


def registered(document: Paper, words: Words) -> Registered:
    """Of an official report."""
    root = document.checkpoint_root
    return Registered(
        grouped(document.number),
        in_fours(document.check_code),
        second(document.times.issued),
        words.day(document.valid_until),
        in_fours(document_sha256(document).upper()),
        (str(document.checkpoint_size), in_fours(root.upper())) if root else None,
    )


def room_for(wanted: Sequence[Block], instead: Sequence[Block]) -> Block:
    """What is left of the height of blocks that are to come, below those that stand there instead."""
    return Block(max(0.0, sum(one.height for one in wanted) - sum(one.height for one in instead)))
