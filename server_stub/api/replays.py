"""Proofs that were used: each opens once.

A server of one process remembers them in memory, and its nonces die with it, so that a proof from before a
restart is refused for its nonce. Several processes share the table and their nonces.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from datetime import timedelta
from functools import cache
from typing import Protocol

from django.conf import settings
from django.db import IntegrityError, transaction

from server_stub.accounts.models import UsedProof
from server_stub.config.clock import now


class Replays(Protocol):
    """What the gate asks."""

    life: bytes
    """Goes into every nonce: whoever does not know the proofs of before must not take their nonces either."""

    def first(self, window: int, device_id: str, jti: str, kept_s: int) -> bool:
        """Whether this proof, whose nonce is of `window`, was not used before; from now on it was."""


class InMemory:
    """The proofs of this process, by the window of their nonce: a window that has closed is forgotten."""

    def __init__(self) -> None:
        self.life = secrets.token_bytes(16)
        self._lock = threading.Lock()
        self._seen: dict[int, set[bytes]] = {}

    def first(self, window: int, device_id: str, jti: str, kept_s: int) -> bool:
        mark = _mark(device_id, jti)
        with self._lock:
            for old in [one for one in self._seen if one < window - 1]:
                del self._seen[old]
            seen = self._seen.setdefault(window, set())
            if mark in seen:
                return False
            seen.add(mark)
            return True


class InTable:
    """The proofs of all processes, in a table they share."""

    life = b""

    def first(self, window: int, device_id: str, jti: str, kept_s: int) -> bool:
        UsedProof.objects.filter(expires_at__lt=now()).delete()
        expires = now() + timedelta(seconds=kept_s)
        try:
            with transaction.atomic():
                UsedProof(jti_hash=_mark(device_id, jti).hex(), expires_at=expires).save(force_insert=True)
        except IntegrityError:
            return False
        return True


@cache
def replays() -> Replays:
    """The one this server uses."""
    return InMemory() if settings.HENGXIN_PROCESSES == 1 else InTable()


def _mark(device_id: str, jti: str) -> bytes:
    return hashlib.sha256(f"{device_id}/{jti}".encode()).digest()
