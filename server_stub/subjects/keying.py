"""Keyed digests of numbers: subject keys and the hashes persons are found by; neither can be read back."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from functools import lru_cache

from app.field.identifiers import eighteen, fold_number
from app.field.names import normalise
from server_stub.config.keys import keys

# Documents that share one numbering; an old 15-digit number and its 18-place form are the same person.
_ONE_NUMBERING = frozenset({"", "resident_id", "resident_id_15", "residence_permit", "pr_card"})

_SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"  # RFC 4648
_PAIRS = [one + other for one in _SIGNS for other in _SIGNS]
_BLOCK = 64  # bytes that SHA-256 takes at once; a key is shorter
_PLACES = range(120, -1, -10)


def canonical_number(kind: str, number: str, id_type: str = "") -> str:
    """The text that is hashed: folded, 15 digits made 18, with the type where numbers collide."""
    folded = fold_number(number)
    if kind != "person":
        return folded
    if id_type in _ONE_NUMBERING:
        return eighteen(folded)
    return f"{id_type}:{folded}"


def number_digest(kind: str, number: str, id_type: str = "") -> bytes:
    """SHA-256 of the number as it is hashed: guessed in minutes, so it is never kept but sealed or keyed."""
    return hashlib.sha256(canonical_number(kind, number, id_type).encode()).digest()


def route_key(kind: str, number: str, id_type: str = "") -> str:
    """The 26-character subject key: base32 of HMAC-SHA256 over kind and number."""
    return _base32(_digest("subject", kind, canonical_number(kind, number, id_type)))


def route_keys(codes: Iterable[str]) -> dict[str, str]:
    """As `route_key` for numbers of units that are folded already, by number."""
    return {code: _base32(digest) for code, digest in _digests("subject|legal|", codes)}


def number_hash(kind: str, number: str, id_type: str = "") -> str:
    """The 64-digit keyed hash by which an identifier row is found."""
    return _digest("number", kind, canonical_number(kind, number, id_type)).hex()


def code_hash(code: str) -> str:
    """As `number_hash` for the number of a unit that is folded already."""
    return _digest("number", "legal", code).hex()


def named_hash(number: str, id_type: str, name: str) -> str:
    """The 64-digit keyed hash of a person's number and name together."""
    return _digest("named", canonical_number("person", number, id_type), normalise(name)).hex()


def key_hash(subject_key: str) -> str:
    """The 64-digit keyed hash of a person who was found by all three parts."""
    return _digest("found", subject_key).hex()


def code_hashes(codes: Iterable[str]) -> dict[str, str]:
    """As `number_hash` for numbers of units that are folded already, by number."""
    return {code: digest.hex() for code, digest in _digests("number|legal|", codes)}


def _base32(digest: bytes) -> str:
    """The first 130 bits of a digest as 26 characters, two at a time: half of what the standard library
    takes, and a file brings a key a row.
    """
    bits = int.from_bytes(digest[:17], "big") >> 6
    return "".join([_PAIRS[bits >> at & 1023] for at in _PLACES])


def _digests(head: str, codes: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """As `_digest` of `head` and each code. What HMAC (RFC 2104) hashes before the message is the same for
    all: it is hashed once, and each code goes on from a copy, at a quarter of the cost.
    """
    key = keys().route.ljust(_BLOCK, b"\0")
    inner = hashlib.sha256(bytes([byte ^ 0x36 for byte in key]) + head.encode())
    outer = hashlib.sha256(bytes([byte ^ 0x5C for byte in key]))
    for code in codes:
        one, other = inner.copy(), outer.copy()
        one.update(code.encode())
        other.update(one.digest())
        yield code, other.digest()


def _digest(*parts: str) -> bytes:
    mark = _begun(keys().route).copy()
    mark.update("|".join(parts).encode())
    return mark.digest()


@lru_cache(maxsize=4)
def _begun(key: bytes) -> hmac.HMAC:
    """A digest under this key to which nothing was added yet: to begin one costs more than to end it."""
    return hmac.new(key, digestmod="sha256")
