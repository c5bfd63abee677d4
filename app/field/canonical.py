"""Canonical bytes for hashing and signing: RFC 8785 (JCS) for the values this product hashes.

Numbers are integers only: a float has no single text on every platform, so it is refused.
"""

from __future__ import annotations

import hashlib
from json.encoder import JSONEncoder, encode_basestring
from typing import Any

import msgspec

_LARGEST_EXACT = 2**53 - 1
_PLAIN = JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False).encode
_SORTED = msgspec.json.Encoder(order="sorted")


def canonical(value: Any) -> bytes:
    """The RFC 8785 bytes of a JSON value (objects, arrays, strings, integers, booleans, null).

    Raises:
        ValueError: for floats, integers beyond 2**53-1, non-string keys, lone surrogates and foreign types.
    """
    return (_PLAIN(value) if _plain(value) else _text(value)).encode("utf-8")


def canonical_struct(value: msgspec.Struct | dict[str, msgspec.Struct | str]) -> bytes:
    """The same bytes for structs whose fields are declared as texts, whole numbers, truths, lists of them and
    structs of them, with names in ASCII: what `canonical` has to look for cannot be in them, and the library
    writes them at once.

    Raises:
        ValueError: for lone surrogates.
    """
    return _SORTED.encode(value)


def canonical_sha256(value: Any) -> str:
    """Lower-case hexadecimal SHA-256 of the canonical bytes."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _text(value: Any) -> str:
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, str):
        return encode_basestring(_whole(value))
    if isinstance(value, int):
        if abs(value) > _LARGEST_EXACT:
            raise ValueError("integer beyond the exact range of JSON")
        return str(value)
    if isinstance(value, list | tuple):
        return "[" + ",".join(_text(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ",".join(f"{_text(k)}:{_text(value[k])}" for k in sorted(value, key=_utf16)) + "}"
    raise ValueError(f"{type(value).__name__} has no canonical form")


def _plain(value: Any) -> bool:
    """Whether the library's writer gives the canonical text: nothing to refuse, and no key beyond ASCII,
    among which the order of code units is that of code points. A half of a character fails when it is
    encoded.
    """
    left = [value]
    while left:
        one = left.pop()
        kind = type(one)
        if kind is dict:
            if not all(type(key) is str and key.isascii() for key in one):
                return False
            left += one.values()
        elif kind is list or kind is tuple:
            left += one
        elif kind is int:
            if not -_LARGEST_EXACT <= one <= _LARGEST_EXACT:
                return False
        elif kind is not str and kind is not bool and one is not None:
            return False
    return True


def _utf16(key: Any) -> bytes:
    """RFC 8785 sorts by UTF-16 code units, which differs from code points beyond U+FFFF."""
    if not isinstance(key, str):
        raise ValueError("object keys must be text")
    return _whole(key).encode("utf-16-be")


def _whole(text: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as flaw:
        raise ValueError("text holds a lone surrogate") from flaw
    return text
