"""Units and persons by their serial number: any of them can be made without the ones before."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from app.field.identifiers import id_card_check, org_check, uscc_check
from server_stub.sample.people import unit_name
from server_stub.sample.words import words
from server_stub.subjects.services import LegalEntry, PersonEntry

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LETTERS = _ALPHABET[10:]
_FIRST_DAY = date(1950, 1, 1)
_DAYS = 22_637  # a prime: a step that is no multiple of it meets every day once; the last one lies in 2011
_STEP = 7_919
INDIVIDUALS = 4  # one unit in so many is somebody's own business


@cache
def scale_words() -> dict[str, Any]:
    """The word lists of this folder."""
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))


@cache
def _divisions() -> list[str]:
    """Not those of the small city: its persons keep their numbers."""
    small = words()["districts"]
    return [code for code in str(scale_words()["divisions"]).split() if code not in small]


def most_units() -> int:
    """How many different units can be made: codes of the body MA00 are not endless."""
    return len(words()["districts"]) * len(_LETTERS) * len(_ALPHABET) ** 3


def most_persons() -> int:
    """How many different persons can be made: one number of the serial 000 for a division and a day."""
    return len(_divisions()) * _DAYS


def unit(serial: int, on: date) -> LegalEntry:
    """The unit of the serial number, from 0 on; its code begins MA00 and a letter."""
    table, districts = words()["units"], list(words()["districts"].items())
    division, district = districts[serial % len(districts)]
    individual = serial % INDIVIDUALS == INDIVIDUALS - 1
    brand, trades = scale_words()["brand"], table["trades"]
    pairs = len(brand) ** 2
    pair = serial * _STEP % pairs
    trade = trades[serial // pairs % len(trades)]
    form = table["individual"] if individual else table["forms"][serial // pairs // len(trades) % 2]
    state = 0 if serial % 10 else 1 + serial // 10 % 2
    return LegalEntry(
        name=unit_name(brand[pair // len(brand)] + brand[pair % len(brand)], trade, form),
        code=unit_code(serial, division, "92" if individual else "91"),
        state=table["states"][state],
        existing=state == 0,
        category=table["categories"][2 if individual else serial % 2],
        representative=_person_name(serial),
        founded=on - timedelta(days=400 + serial * _STEP % 6000),
        capital="" if individual else table["capital"].format(amount=50 * (1 + serial % 40)),
        registrar=table["registrar"].format(district=district),
        address=table["address"].format(district=district, number=1 + serial),
        district=district,
        industry=table["industries"][trade],
    )


def unit_code(serial: int, division: str, head: str) -> str:
    """An 18-character code with right check characters whose body is MA00, a letter and three more."""
    at = serial // len(words()["districts"])
    tail = ""
    for _ in range(3):
        at, rest = divmod(at, len(_ALPHABET))
        tail = _ALPHABET[rest] + tail
    body = f"MA00{_LETTERS[at]}{tail}"
    code = f"{head}{division}{body}{org_check(body)}"
    return code + uscc_check(code)


def person(serial: int) -> PersonEntry:
    """The person of the serial number, from 0 on; some are minors."""
    divisions = _divisions()
    born = _FIRST_DAY + timedelta(days=serial // len(divisions) * _STEP % _DAYS)
    body = f"{divisions[serial % len(divisions)]}{born:%Y%m%d}000"
    districts = list(words()["districts"].values())
    district = districts[serial % len(districts)]
    return PersonEntry(
        name=_person_name(serial),
        number=body + id_card_check(body),
        address=words()["units"]["address"].format(district=district, number=1 + serial),
    )


def _person_name(serial: int) -> str:
    table = words()["persons"]
    first, second = table["first"], table["second"]
    return f"{table['surname']}{first[serial % len(first)]}{second[serial // len(first) % len(second)]}"
