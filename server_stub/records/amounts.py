"""Money as the forms send it: 万元 with up to six decimals, guarded against yuan in the same field."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

MONEY = ("CF_NR_FK", "CF_NR_WFFF")
SAYS = ("CF_NR", "CF_JG")
PROBABLE_YUAN = Decimal(10_000)
WAN_IN_FEN = 1_000_000
_TABLE = Path(__file__).parents[1] / "texts" / "numerals.toml"


class Money(msgspec.Struct, frozen=True):
    """Sum of the money fields in fen; None: no field, or one that cannot be read with certainty.

    `doubt` says why it is not shown: `unit` (yuan and 万元 may have been mixed up), `unreadable` (no number
    in whole fen), `text` (the record's text states other amounts; the rules go on to count the field).
    """

    fen: int | None
    doubt: Literal["", "unit", "unreadable", "text"] = ""


def money_of(payload: Mapping[str, str]) -> Money:
    """The record's amount in fen. A field whose unit is in doubt gives no number at all; one that the text
    contradicts (the warning `amount-conflict` of a delivery) gives one that is in doubt.
    """
    stated = frozenset(yuan for key in SAYS for yuan in yuan_in(payload.get(key, "")))
    total, found, against = 0, False, False
    for key in MONEY:
        text = payload.get(key, "").strip()
        if not text:
            continue
        one = _fen(text, stated)
        if one.fen is None:
            return one
        total, found, against = total + one.fen, True, against or one.doubt == "text"
    return Money(total if found else None, "text" if against else "")


def _fen(text: str, stated: frozenset[Decimal]) -> Money:
    """万元 text in fen; in doubt when it is no number, not whole fen, or more likely yuan."""
    try:
        wan = Decimal(unicodedata.normalize("NFKC", text).replace(",", ""))
    except InvalidOperation:
        return Money(None, "unreadable")
    if not wan.is_finite() or wan < 0:
        return Money(None, "unreadable")
    if wan * 10_000 not in stated and (wan in stated and wan > 0 or wan > PROBABLE_YUAN):
        return Money(None, "unit")
    fen = wan * WAN_IN_FEN
    if fen != fen.to_integral_value():
        return Money(None, "unreadable")
    # a field of nought says that there was none of its kind, and no text states that
    return Money(int(fen), "text" if stated and wan > 0 and wan * 10_000 not in stated else "")


def yuan_in(text: str) -> Iterator[Decimal]:
    """Every amount a text states in yuan, whether in digits or in words."""
    pattern, value = _reader()
    for number, unit in pattern.findall(unicodedata.normalize("NFKC", text)):
        scale = Decimal(value["unit"].get(unit, 1))
        if number[0].isdigit():
            plain = number.replace(",", "")
            if plain.count(".") <= 1:
                yield Decimal(plain) * scale
        else:
            yield Decimal(_in_words(number, value)) * scale


@cache
def _reader() -> tuple[re.Pattern[str], dict[str, dict[str, int]]]:
    table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    digit = {sign: n for row in ("digits", "formal") for n, sign in enumerate(table[row])}
    digit |= dict.fromkeys(table["zeros"], 0) | {table["pair"]: 2}
    ten = {sign: 10 ** (n + 1) for row in ("tens", "formal_tens") for n, sign in enumerate(table[row])}
    unit = dict.fromkeys(table["myriad"], 10**4) | dict.fromkeys(table["hundred_million"], 10**8)
    words = "".join([*digit, *ten])
    units = "".join(unit)
    yuan = table["yuan"]
    pattern = re.compile(rf"([0-9][0-9,.]*|[{words}][{words}{units}]*)\s*([{units}]?)\s*[{yuan}]")
    return pattern, {"digit": digit, "ten": ten, "unit": unit}


def _in_words(text: str, value: dict[str, dict[str, int]]) -> int:
    whole, section, digit = 0, 0, 0
    for sign in text:
        if sign in value["digit"]:
            digit = value["digit"][sign]
        elif sign in value["ten"]:
            section += (digit or 1) * value["ten"][sign]
            digit = 0
        else:
            unit = value["unit"][sign]
            whole = (whole + section + digit) * unit if unit > 10**4 else whole + (section + digit) * unit
            section = digit = 0
    return whole + section + digit
