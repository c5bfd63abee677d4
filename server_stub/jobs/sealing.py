"""`seal`: keep the seal in this process, or read how it was used."""

from __future__ import annotations

import argparse
import fcntl
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from server_stub.config import env
from server_stub.config.clock import today
from server_stub.reports import authority
from server_stub.reports.models import Report
from server_stub.seal.keeper import Keeper, Listener
from server_stub.seal.providers import KeyFile, SealProvider
from server_stub.seal.token import Token
from server_stub.seal.uses import SEALED, Uses
from server_stub.seal.words import SealAway

LIFELINE = "HENGXIN_SEAL_LIFELINE"
log = logging.getLogger(__name__)


def run(words: argparse.Namespace) -> int:
    """`keep`: until SIGTERM, or until whoever started it is gone. `uses`: one line of JSON for each use of a
    day; `registered` is null where no number was sealed.

    Raises:
        ImproperlyConfigured: another process keeps this seal, or certificates or settings do not hold.
        OSError: the socket cannot be made.
    """
    home: Path = settings.HENGXIN_HOME
    if words.act == "uses":
        return _tell(home, date.fromisoformat(words.on) if words.on else today())
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    lifeline = os.environ.get(LIFELINE, "")
    if lifeline:
        threading.Thread(target=_until_alone, args=(int(lifeline), stop), daemon=True).start()
    authority.make(home, token=settings.HENGXIN_SEAL_TOKEN is not None)
    with kept(home, provider(home)):
        stop.wait()
    return 0


@contextmanager
def kept(home: Path, key: SealProvider) -> Iterator[None]:
    """Keep the seal of a home inside the block, in a thread of this process.

    Raises:
        ImproperlyConfigured: another process keeps it.
    """
    folder = home / "seal"
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as flaw:
            raise ImproperlyConfigured("another process keeps this seal") from flaw
        keeper = Keeper(key, lambda: (folder / "seal.pem").read_text("ascii"), Uses(folder / "uses"))
        with Listener(home, keeper) as listener, listener.at_work():
            yield


def provider(home: Path) -> SealProvider:
    """The key as the settings say: a token's, else the sample's file."""
    token = settings.HENGXIN_SEAL_TOKEN
    if token is None:
        return KeyFile(home / "seal" / "seal.key")
    return Token(token.module, token.token, token.key, _pin)


def _pin() -> str:
    try:
        return env.seal_pin()
    except ImproperlyConfigured as flaw:
        log.error("%s", flaw)
        raise SealAway("pin") from flaw


def _until_alone(lifeline: int, stop: threading.Event) -> None:
    """The end of the pipe whose other end the command holds."""
    os.read(lifeline, 1)
    stop.set()


def _tell(home: Path, on: date) -> int:
    uses = Uses(home / "seal" / "uses").on(on)
    numbers = [use.number for use in uses if use.outcome == SEALED]
    known = set(Report.objects.filter(number__in=numbers).values_list("number", flat=True))
    for use in uses:
        registered = use.number in known if use.outcome == SEALED else None
        line = {
            "at": use.at, "number": use.number, "user": use.user, "digest": use.digest,
            "outcome": use.outcome, "registered": registered,
        }  # fmt: skip
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    return 0
