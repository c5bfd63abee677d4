"""JSON from the wire, read strictly: no duplicate keys, no NaN, no bottomless nesting."""

from __future__ import annotations

import json
from typing import Any, TypeVar

import msgspec

DEEPEST = 32
T = TypeVar("T")


def read_json(raw: bytes) -> Any:
    """Decode one JSON document.

    Raises:
        ValueError: for text that is no JSON, no UTF-8, nested beyond DEEPEST, with NaN or a key twice.
    """
    try:
        value = json.loads(raw.decode("utf-8"), object_pairs_hook=_single, parse_constant=_no_constant)
    except RecursionError as flaw:
        raise ValueError("nested too deeply") from flaw
    _measure(value, DEEPEST)
    return value


def read_as(raw: bytes, type_: type[T]) -> T:
    """Decode strictly into a struct.

    Raises:
        ValueError: as read_json, or when the document does not fit the struct.
    """
    try:
        return msgspec.convert(read_json(raw), type_)
    except msgspec.ValidationError as flaw:
        raise ValueError(str(flaw)) from flaw


def _single(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in pairs:
        if key in made:
            raise ValueError("a key stands twice")
        made[key] = value
    return made


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _measure(value: Any, left: int) -> None:
    if left < 0:
        raise ValueError("nested too deeply")
    if isinstance(value, dict):
        for inner in value.values():
            _measure(inner, left - 1)
    elif isinstance(value, list):
        for inner in value:
            _measure(inner, left - 1)
