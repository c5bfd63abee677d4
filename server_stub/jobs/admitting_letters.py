"""`official`: letters on which a public body asks what the subject is not told of, admitted by two."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from typing import Any

import msgspec

from server_stub.queries import official
from server_stub.queries.question import Whom

_LONGEST_INPUT = 64 * 1024


def run(words: argparse.Namespace) -> int:
    """Do the act; one line of JSON a letter.

    Raises:
        Problem: `role-denied`, `not-found`, `rev-conflict`. LookupError: no such public body.
        ValueError: what cannot stand. OSError: the scan cannot be read.
    """
    if words.act == "list":
        for card in official.listed(by=words.by):
            _say(card)
        return 0
    if words.act == "admit":
        row = official.admit(_admission(words), by=words.by, second=words.second)
    elif words.act == "silence":
        until, two = date.fromisoformat(words.silent), {"by": words.by, "second": words.second}
        row = official.silence(words.organisation, words.number, until, why=words.why, **two)
    else:
        row = official.stop(words.organisation, words.number, why=words.why, by=words.by)
    _say(official.card(row))
    return 0


def _admission(words: argparse.Namespace) -> official.Admission:
    with words.scan.open("rb") as file:
        scan = file.read(official.LARGEST + 1)
    return official.Admission(
        organisation=words.organisation,
        letter_no=words.number,
        approver=words.approver,
        signed_on=date.fromisoformat(words.signed),
        valid_to=date.fromisoformat(words.until),
        silent_until=date.fromisoformat(words.silent),
        scan=scan,
        named=_named(),
    )


def _named() -> list[Whom]:
    """Whom the letter names, on standard input: their numbers are neither arguments nor kept.

    Raises:
        ValueError: no such list; says where, and never a value.
    """
    content = sys.stdin.buffer.read(_LONGEST_INPUT + 1)
    if not content.strip() or len(content) > _LONGEST_INPUT:
        raise ValueError("whom the letter names is read as one JSON array from standard input")
    try:
        return msgspec.json.decode(content, type=list[Whom])
    except msgspec.MsgspecError as flaw:
        raise ValueError(f"standard input names nobody: {flaw}") from None


def _say(card: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(card, ensure_ascii=False) + "\n")
