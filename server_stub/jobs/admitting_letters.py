"""`official`: letters on which a public body asks what the subject is not told of, admitted by two."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import msgspec

from server_stub.queries import official_admitting as official
from server_stub.queries import official_cards
from server_stub.queries.models import OfficialLetter
from server_stub.queries.question import Whom

_LONGEST_INPUT = 64 * 1024


def run(words: argparse.Namespace) -> int:
    """Do the act; one line of JSON a letter, or of their number where there is none.

    Raises:
        Problem: `role-denied`, `not-found`, `rev-conflict`. LookupError: no such public body.
        ValueError: what cannot stand. OSError: the scan cannot be read.
    """
    if words.act == "list":
        cards = official_cards.listed(by=words.by)
        for card in cards or [{"letters": 0}]:
            _say(card)
        return 0
    _say(official_cards.card(_ACTS[words.act](words)))
    return 0


_ACTS: Mapping[str, Callable[[argparse.Namespace], OfficialLetter]] = {
    "admit": lambda w: official.admit(_admission(w), by=w.by),
    "silence": lambda w: official.silence(
        w.organisation, w.number, date.fromisoformat(w.silent), why=w.why, by=w.by
    ),
    "withdraw": lambda w: official.withdraw(w.organisation, w.number, why=w.why, by=w.by),
    "confirm": lambda w: official.confirm(
        w.organisation,
        w.number,
        seen=w.of,
        by=w.by,
        named=_named() if official.to_admit(w.organisation, w.number) else (),
    ),
    "stop": lambda w: official.stop(w.organisation, w.number, why=w.why, by=w.by),
}


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
