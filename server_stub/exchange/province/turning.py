"""One conversation with one partner at a time, from the command line or beside the running server."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import msgspec
from django.conf import settings

from server_stub.errors import Problem
from server_stub.exchange.province import journal, pulling, pushing, segments
from server_stub.exchange.province.line import Line, PartnerRefused, PartnerUnreachable
from server_stub.exchange.province.models import Partner
from server_stub.exchange.province.pushing import Moved

PAUSES_S = (0.2, 0.5, 1.0, 2.0, 5.0)
_MENDED = ("epoch-changed", "rev-conflict", "proof-replayed", "segment-withdrawn")


class Report(msgspec.Struct):
    """What a conversation did. `faults`: deliveries that had to be made again."""

    partner: str
    act: str
    batches: int = 0
    accepted: int = 0
    refused: int = 0
    upto: int = 0
    faults: int = 0
    more: bool = False


def talk(
    partner: Partner,
    act: Literal["push", "pull"],
    *,
    until_empty: bool,
    most: int = 100,
    tries: int = 5,
    stopped: Callable[[], bool] = lambda: False,
) -> Report:
    """Push or pull once, or until there is nothing more; one that fails is made again, `tries` in a row.

    Raises:
        PartnerUnreachable, PartnerRefused, Problem: the last fault, when tries are used up or it would be the
            same again. What was acknowledged until then stays.
    """
    deliver = pushing.push if act == "push" else pulling.pull
    told, failed = Report(partner.partner_id, act), 0
    with alone(partner), Line(partner) as line:
        while not stopped():
            try:
                moved: Moved = deliver(partner, line, most)
            except (PartnerUnreachable, PartnerRefused) as fault:
                told.faults, failed = told.faults + 1, failed + 1
                if failed >= tries or not _worth(fault):
                    raise
                time.sleep(PAUSES_S[min(failed, len(PAUSES_S)) - 1])
                continue
            failed = 0
            told.accepted, told.refused = told.accepted + moved.accepted, told.refused + moved.refused
            told.batches += 1 if moved.accepted or moved.refused or moved.more else 0
            told.upto, told.more = moved.upto, moved.more
            if not (until_empty and moved.more):
                break
    return told


def _worth(fault: Exception) -> bool:
    """Whether the same delivery can end otherwise next time."""
    if isinstance(fault, PartnerRefused):
        return fault.code in _MENDED or fault.status >= 500 or fault.status == 429
    return True


@contextmanager
def alone(partner: Partner) -> Iterator[None]:
    """Hold the conversation with a partner; a second one is not begun.

    Raises:
        Problem: `op-in-progress` when another process holds it.
    """
    folder: Path = settings.HENGXIN_HOME / "exchange" / partner.partner_id
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as flaw:
            raise Problem("op-in-progress", "a conversation with this partner is under way") from flaw
        yield


def _acts(partner: Partner) -> list[Literal["push", "pull"]]:
    acts: list[Literal["push", "pull"]] = []
    if partner.url and partner.gives:
        acts.append("push")
    if partner.url and partner.takes:
        acts.append("pull")
    return acts


def round_of_all(stopped: Callable[[], bool]) -> list[tuple[str, str]]:
    """What the running server does from time to time: read the journal in, close segments, push and pull.

    Returns (partner, fault) for what did not go well; one partner's trouble does not stop the others.
    """
    faults: list[tuple[str, str]] = []
    approved = list(Partner.objects.filter(state="approved").order_by("partner_id"))
    if approved:
        journal.gather()
    for partner in approved:
        try:
            if partner.gives:
                segments.close(partner)
            for act in _acts(partner):
                talk(partner, act, until_empty=True, tries=1, stopped=stopped)
        except (PartnerUnreachable, PartnerRefused, Problem) as fault:
            faults.append((partner.partner_id, f"{type(fault).__name__}: {fault}"))
    return faults
