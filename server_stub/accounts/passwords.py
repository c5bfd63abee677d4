"""Passwords: argon2id over a peppered digest, two at a time, and the same work for unknown users."""

from __future__ import annotations

import hashlib
import hmac
import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from django.conf import settings

from server_stub.config.keys import keys
from server_stub.errors import Problem

SHORTEST, LONGEST = 12, 128
AT_ONCE = 2
WAIT_S = 10
_turns = threading.BoundedSemaphore(AT_ONCE)


@cache
def _hasher(cost: tuple[int, int, int]) -> PasswordHasher:
    passes, kibibytes, lanes = cost
    return PasswordHasher(passes, kibibytes, lanes, hash_len=32, salt_len=16, type=Type.ID)


def hasher() -> PasswordHasher:
    """argon2id with the parameters of the settings."""
    return _hasher(settings.HENGXIN_ARGON2)


def encode(password: str) -> str:
    """The text to store.

    Raises:
        ValueError: shorter than 12 or longer than 128 characters.
    """
    if not SHORTEST <= len(unicodedata.normalize("NFC", password)) <= LONGEST:
        raise ValueError(f"a password has {SHORTEST} to {LONGEST} characters")
    return hasher().hash(_peppered(password))


def verify(password: str, encoded: str | None) -> bool:
    """Whether the password belongs to `encoded`; None costs the same and is never right.

    Raises:
        Problem: `rate-limited` when too many sign-ins wait for their turn.
    """
    if not _turns.acquire(timeout=WAIT_S):
        raise Problem("rate-limited", "too many sign-ins at once", retry_after_s=2)
    try:
        hasher().verify(encoded or _dummy(settings.HENGXIN_ARGON2), _peppered(password))
    except (VerificationError, InvalidHashError):
        return False
    finally:
        _turns.release()
    return encoded is not None


def needs_rehash(encoded: str) -> bool:
    """Whether the parameters have risen since it was stored."""
    return hasher().check_needs_rehash(encoded)


@cache
def _dummy(cost: tuple[int, int, int]) -> str:
    return _hasher(cost).hash("nobody's password")


def _peppered(password: str) -> str:
    text = unicodedata.normalize("NFC", password).encode()
    return hmac.new(keys().pepper, text, hashlib.sha256).hexdigest()
