"""Rows of records from prototypes: each is made once, by the same verbs as the small city's records; then
only name, numbers and the running number are put in.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from random import Random
from typing import Any

from django.db.models import Model

from server_stub.catalogue.selectors import current
from server_stub.records.models import Record, Revision
from server_stub.records.services import drafted
from server_stub.sample.acts import Acts
from server_stub.sample.scale.parties import scale_words
from server_stub.sample.story import who_is
from server_stub.subjects.models import Subject

Row = tuple[Any, ...]
# What stands in a prototype where party and running number go. Digits pass every folding as they are.
_SERIAL, _KEY = "73140000001", "SUBJECT7KEY7OF7THE7PARTY77"
_NAME, _CODE, _WHO = "7314000000271", "7314000000372", "7314000000473"
_MARK = re.compile("|".join((_SERIAL, _KEY, _NAME, _CODE, _WHO)))
_PLACE = {_SERIAL: 0, _KEY: 1, _NAME: 2, _CODE: 3, _WHO: 4}
_AGES = 80  # so many different ages are used by each kind of act
_OLDEST = 1900


class _Prototypes(Acts):
    """Acts whose running number is a mark."""

    @property
    def serial(self) -> int:
        return int(_SERIAL)


class _Template:
    """One table's row with the places where a mark stood."""

    def __init__(self, row: Model) -> None:
        self._fixed: list[Any] = []
        self._open: list[tuple[int, str, tuple[int, ...]]] = []
        for at, value in enumerate(row_of(row)):
            self._fixed.append(value)
            if isinstance(value, str) and _MARK.search(value):
                places = tuple(_PLACE[mark] for mark in _MARK.findall(value))
                self._open.append((at, _MARK.sub("%s", value.replace("%", "%%")), places))

    def filled(self, party: Sequence[str]) -> list[Any]:
        row = self._fixed.copy()
        for at, text, places in self._open:
            row[at] = text % tuple([party[place] for place in places])
        return row


class Prototype:
    """One act of nobody yet."""

    def __init__(self, record: Record, first: Revision) -> None:
        self._record, self._revision = _Template(record), _Template(first)

    def rows(self, party: tuple[str, str, str, str], serial: int) -> tuple[Row, Row]:
        """Record and revision of the party (key, name, code, masked number) with the running number."""
        number = f"Z{serial:025d}"
        open_places = (str(serial), *party)
        record, first = self._record.filled(open_places), self._revision.filled(open_places)
        record[_REC_ID] = first[_OF_RECORD] = number
        first[_DIGEST] = hashlib.sha256(first[_PAYLOAD].encode()).hexdigest()
        return tuple(record), tuple(first)


def columns(model: type[Model]) -> list[str]:
    """The columns a bulk row fills, in its order: all but a number that the database gives."""
    return [field.column for field in _fields(model)]


def row_of(row: Model) -> Row:
    """The row as both engines take it: days as ISO text, lists as JSON."""
    return tuple([_plain(getattr(row, name)) for name in _attributes(type(row))])


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return value


@cache
def _attributes(model: type[Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in _fields(model))


def _fields(model: type[Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if field.get_internal_type() != "BigAutoField"]


_REC_ID = columns(Record).index("rec_id")
_OF_RECORD = columns(Revision).index("record_id")
_DIGEST = columns(Revision).index("digest")
_PAYLOAD = columns(Revision).index("payload")


class Deck:
    """All prototypes of a day; drawing from it is deterministic."""

    def __init__(self, on: date, received_at: str, by: str) -> None:
        self._on, self._received_at, self._by = on, received_at, by
        self._catalogue = current()
        self._made: dict[tuple[str, str, int, int], Prototype] = {}
        shares = {"unit": scale_words()["unit_acts"], "person": scale_words()["person_acts"]}
        self._kinds = {side: (list(table), list(table.values())) for side, table in shares.items()}

    def draw(self, subject: Subject, luck: Random) -> Prototype:
        """An act for a party of this kind."""
        place = self.place(subject, luck)
        if place not in self._made:
            self._made[place] = self._make(*place)
        return self._made[place]

    def place(self, subject: Subject, luck: Random) -> tuple[str, str, int, int]:
        """Which act comes next: form of the party, kind of act, days back, and which of eight variants."""
        side = "person" if subject.kind == "person" else "unit"
        kinds, weights = self._kinds[side]
        kind = luck.choices(kinds, weights)[0]
        form = "individual" if subject.code.startswith("92") else side
        ago = 15 + luck.randrange(_AGES) * (_OLDEST - 15) // _AGES
        return form, kind, ago, luck.randrange(8)

    def _make(self, form: str, kind: str, ago: int, turn: int) -> Prototype:
        acts = _Prototypes(self._on, self._received_at)
        code = {"unit": f"91{_CODE}", "individual": f"92{_CODE}", "person": ""}[form]
        who = who_is(_KEY, "person" if form == "person" else "legal", _NAME, code, _WHO, masked=_CODE)
        tell(acts, who, kind, ago, turn)
        return Prototype(*drafted(acts.rows[-1], by=self._by, catalogue=self._catalogue))


def tell(acts: Acts, who: dict[str, str], kind: str, ago: int, turn: int) -> None:
    """One act of the kind, so many days back, in one of eight variants."""
    _VERBS[kind](acts, who, ago, turn)


def _licence(acts: Acts, who: dict[str, str], ago: int, turn: int) -> None:
    acts.licence(who, ago, years=(0, 1, 3, 5)[turn % 4], which=turn)


def _penalty(acts: Acts, who: dict[str, str], ago: int, turn: int) -> None:
    yuan = (0, 1_000, 2_000, 5_000, 8_000, 20_000, 49_000, 120_000)[turn]
    more: dict[str, Any] = {"performed": turn % 2 == 0}
    if turn == 3:
        more = {"status": "repaired", "status_on": str(acts.day(ago // 2)), "performed": True}
    elif turn == 1:
        more["procedure"] = "simple"
    elif turn == 7:
        more["revoke"] = True
    acts.penalty(who, ago, yuan, which=(ago + turn) % 5, **more)


def _honour(acts: Acts, who: dict[str, str], ago: int, turn: int) -> None:
    acts.honour(who, ago, model=turn == 0)


def _debtor(acts: Acts, who: dict[str, str], ago: int, turn: int) -> None:
    acts.debtor(who, ago, ground=str(1 + turn % 6), **_gone(acts, ago, turn))


def _wages(acts: Acts, who: dict[str, str], ago: int, turn: int) -> None:
    acts.wages(who, ago, **_gone(acts, ago, turn))


def _abnormal(acts: Acts, who: dict[str, str], ago: int, turn: int) -> None:
    acts.abnormal(who, ago, **_gone(acts, ago, turn))


def _gone(acts: Acts, ago: int, turn: int) -> dict[str, str]:
    return {"status": "removed", "status_on": str(acts.day(ago // 2))} if turn in (2, 5) else {}


_VERBS: dict[str, Callable[[Acts, dict[str, str], int, int], object]] = {
    "licence": _licence,
    "penalty": _penalty,
    "honour": _honour,
    "debtor": _debtor,
    "wages": _wages,
    "abnormal": _abnormal,
    "commitment": lambda acts, who, ago, _: acts.commitment(who, ago),
    "judgement": lambda acts, who, ago, turn: acts.judgement(who, ago, wan=1 + turn * 47),
    "detention": lambda acts, who, ago, _: acts.detention(who, ago),
}
