"""How far the log had come, noted beside the database: a database put back from a backup is noticed."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, close_old_connections

from server_stub.evidence import selectors, tree
from server_stub.feed.selectors import epoch

log = logging.getLogger(__name__)


def noted(home: Path) -> dict[str, Any]:
    """Epoch, size and root (hex) as last noted; empty before the first time."""
    path = _path(home)
    found: dict[str, Any] = json.loads(path.read_bytes()) if path.exists() else {}
    return found


def note(home: Path) -> None:
    """Note the log as it is; costs two reads while nothing was added."""
    close_old_connections()
    try:
        now: dict[str, Any] = {"epoch": epoch(), "size": selectors.size()}
        before = noted(home)
        if now == {name: before.get(name) for name in now}:
            return
        now["root"] = tree.root(now["size"]).hex()
    except DatabaseError:
        log.exception("the log could not be read and is noted later")
        return
    path = _path(home)
    half = path.with_name(f"{path.name}.{os.getpid()}.half")
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        half.write_text(json.dumps(now))
        half.chmod(0o600)
        half.replace(path)
    except OSError:
        log.exception("how far the log has come could not be noted")
        half.unlink(missing_ok=True)


def require_whole(home: Path) -> None:
    """The log is the one that was noted, or has grown out of it.

    Raises:
        ImproperlyConfigured: it lost its end. Going on would write another history over the lost one.
    """
    before = noted(home)
    if before and not _grown_from(before):
        raise ImproperlyConfigured(
            f"the log of this database has {selectors.size()} leaves and is not the one of {before['size']}"
            " leaves that was here: after a restore run `hengxin-server restored` first (docs/OPERATOR.md)"
        )


def cut(home: Path) -> bool | None:
    """Whether the log lost what was noted of it; None when nothing was noted."""
    before = noted(home)
    return not _grown_from(before) if before else None


def _grown_from(before: dict[str, Any]) -> bool:
    if epoch() != before["epoch"] or selectors.size() < before["size"]:
        return False
    return bool(tree.root(before["size"]).hex() == before["root"])


def _path(home: Path) -> Path:
    return home / "log" / "reached.json"
