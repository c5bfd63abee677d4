"""The declarations of restores. They lie beside the database: a restore would take them back with it."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings

from app.field.canonical import canonical
from app.field.records import Signed
from app.field.restorations import Restoration, confirmation_code
from server_stub.config.keys import keys


def statements() -> list[dict[str, Any]]:
    """The declarations that the present log key signed, the oldest first: clients follow its words alone."""
    return [one for one in every() if one["key_id"] == keys().log.key_id]


def every() -> list[dict[str, Any]]:
    """All declarations of this home, those under a replaced log key as well, the oldest first."""
    path = _path()
    found: list[dict[str, Any]] = json.loads(path.read_bytes()) if path.exists() else []
    return found


def earlier_epochs() -> list[str]:
    """Every epoch that a declaration of this home names, in the order of their lives."""
    read = [msgspec.json.decode(_payload(one), type=Restoration) for one in every()]
    return list(dict.fromkeys(epoch for one in read for epoch in (*one.follows, one.epoch)))


def last_digest() -> str:
    """SHA-256 (hex) of the newest declaration's payload; empty without one."""
    known = statements()
    return hashlib.sha256(_payload(known[-1])).hexdigest() if known else ""


def newest() -> tuple[Restoration, str] | None:
    """The newest declaration with its code, if there is one."""
    known = statements()
    if not known:
        return None
    payload = _payload(known[-1])
    return msgspec.json.decode(payload, type=Restoration), confirmation_code(payload)


def declare(statement: Restoration) -> bytes:
    """Sign a declaration, put it behind the others, and return the signed bytes."""
    payload = canonical(msgspec.to_builtins(statement))
    signed: Signed = keys().log.sealed(payload)
    path = _path()
    path.parent.mkdir(mode=0o700, exist_ok=True)
    half = path.with_suffix(".half")
    with half.open("wb") as file:
        file.write(json.dumps([*every(), msgspec.to_builtins(signed)], indent=1).encode())
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
    return payload


def _payload(one: dict[str, Any]) -> bytes:
    return base64.b64decode(one["payload_b64"])


def _path() -> Path:
    return Path(settings.HENGXIN_HOME) / "log" / "restorations.json"
