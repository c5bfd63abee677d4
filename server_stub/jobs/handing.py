"""What is handed out: secrets in a file of its owner or in the printed line, papers in a new file; nothing
in a log.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
from django.db import transaction

from server_stub.accounts.officers import Handed


def hand_over(act: Callable[[], Sequence[Handed]], file: Path | None) -> None:
    """Do the act and hand its secrets over; a file that cannot be written takes the act back.

    Raises:
        FileExistsError: there is such a file; nothing was done. And what `act` raises.
    """
    if file is None:
        for handed in act():
            _say(msgspec.to_builtins(handed))
        return
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out, transaction.atomic():
            done = act()
            out.write(b"".join(msgspec.json.encode(handed) + b"\n" for handed in done))
            out.flush()
            os.fsync(out.fileno())
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    for handed in done:
        _say({"user": handed.user, "secrets_file": str(file)})


@contextmanager
def new_file(path: Path) -> Iterator[Callable[[bytes], None]]:
    """What puts the content into a new file that its owner alone may read; the file is gone again when
    anything inside fails.

    Raises:
        ValueError: there is such a file. OSError: it cannot be made.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as flaw:
        raise ValueError(f"{path} is there already") from flaw

    def put(content: bytes) -> None:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())

    try:
        with os.fdopen(descriptor, "wb") as out:
            yield put
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _say(card: dict[str, str]) -> None:
    sys.stdout.write(json.dumps(card, ensure_ascii=False) + "\n")
