"""The short way for a right row: look-ups and a few comparisons prove what the careful judge would find.

A form is compiled once a file. Whatever a cell or a combination of cells means is worked out by the careful
checks the first time it occurs and remembered; a row that is not proven in every point is left to them. So
this module decides nothing of its own: it knows when the answer is known.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import date
from operator import gt, itemgetter
from typing import Any, NamedTuple, TypeVar

import msgspec

from app.field.identifiers import recognise, uscc_fault
from app.field.working_days import Calendar, add_years
from server_stub.exchange import checks
from server_stub.exchange.facts import facts_of, may_be_number
from server_stub.exchange.judged import Judged
from server_stub.exchange.mapping import Found
from server_stub.exchange.reasons import words
from server_stub.records.amounts import SAYS

_Value = TypeVar("_Value")
REMEMBERED = 50_000  # combinations of cells; then a memory begins anew
_DOUBTFUL = re.compile("[\x00-\x09\x0b-\x1f\x7f\ufffd\u951f\u70eb]").search
_NAME = re.compile("[0-9A-Za-z\u4e00-\u9fff()\uff08\uff09\xb7]+").fullmatch
_WAN = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,4})?").fullmatch
_YUAN = "\u5143"
_HAN = re.compile("[\u4e00-\u9fff]").search
_OTHERS = frozenset({"org_code", "registration", "number", "id_number", "id_type"})
_LOW = frozenset(
    {"category", "licence_kind", "provider", "provider_code", "source_code", "status", "classes"}
)
_DAYS = ("date", "from", "to", "publicity_end")


Doubt = tuple[str, str, str]  # field, code, sentence
_Day = tuple[date | None, tuple[Doubt, ...]]


class Proven(NamedTuple):
    """What is certain of a row that needs only the register: the parts of what will be staged."""

    name: str
    code: str
    facts: dict[str, Any]
    warnings: tuple[Doubt, ...]
    content: bytes


class _Low(NamedTuple):
    """What the cells of few values say together."""

    facts: dict[str, Any]
    individual: bool
    fined: bool
    warnings: tuple[Doubt, ...]


class _Days(NamedTuple):
    """What the days of a row say together: their ISO texts in the order of the cells."""

    texts: tuple[str, ...]
    facts: dict[str, str]
    warnings: tuple[Doubt, ...]


class Prover:
    """A compiled form. `prove` gives None for a row that only the careful judge can tell."""

    def __init__(self, found: Found, received: date, calendar: Calendar, fixed: dict[str, Any]) -> None:
        self._form, self._received, self._calendar, self._fixed = found.mapping, received, calendar, fixed
        fields = [field for field in found.mapping.field if field.code in found.columns]
        self._absent = any(
            field.need == "M" and field.code not in found.columns for field in found.mapping.field
        )
        self._fields = fields
        columns = [found.columns[field.code] for field in fields]
        self._width = max(columns, default=-1) + 1
        self._cells = _picker(columns)
        self._limits = [field.length for field in fields]
        at = {field.code: place for place, field in enumerate(fields)}
        self._must = _picker([at[field.code] for field in fields if field.need == "M"])
        self._empty = _picker([at[field.code] for field in fields if field.kind in _OTHERS])
        self._low_at = [at[field.code] for field in fields if field.kind in _LOW]
        self._low = _picker(self._low_at)
        self._day_at = [at[field.code] for field in fields if field.kind in _DAYS]
        self._days = _picker(self._day_at)
        priced = any(field.kind == "money" for field in found.mapping.field)
        money = [at[f.code] for f in fields if priced and (f.kind in ("money", "classes") or f.code in SAYS)]
        self._money_at = money
        self._amounts = [at[field.code] for field in fields if field.kind == "money"]
        self._says = next((at[code] for code in SAYS if code in at), -1)
        self._money = _picker(money)
        self._place = {kind: self._of(kind) for kind in ("name", "uscc", "document", "licence_kind")}
        self._payload = [(at[f.code], f.code) for f in fields if f.kind != "drop"]
        kinds = _LOW | {"name", "uscc", "money", "drop", *_DAYS}
        loose = [col for col in range(self._width) if col not in columns]
        loose += [c for c, f in zip(columns, fields, strict=True) if f.kind not in kinds]
        self._loose = _picker(loose)
        self._code = found.columns.get(self._fields[self._place["uscc"]].code, -1)
        self._dropped = [c for c, f in zip(columns, fields, strict=True) if f.kind == "drop"]
        self._low_known: dict[Any, _Low | None] = {}
        self._days_known: dict[Any, _Days | None] = {}
        self._money_known: dict[Any, bool] = {}
        self._classes_known: dict[str, list[str]] = {}
        self._day_known: dict[tuple[int, str], _Day | None] = {}

    @property
    def able(self) -> bool:
        """Whether rows of this file can be proven at all: no duty without a column, a code, a document."""
        return not self._absent and min(self._place[kind] for kind in ("name", "uscc", "document")) >= 0

    def prove(self, cells: Sequence[str]) -> Proven | None:
        """What is certain of a row, or None."""
        if len(cells) < self._width:
            return None
        values = [cell.strip() for cell in self._cells(cells)]
        if (
            _DOUBTFUL("\n".join(values))
            or any(map(gt, map(len, values), self._limits))
            or not all(self._must(values))
            or any(self._empty(values))
        ):
            return None
        name, code = values[self._place["name"]], values[self._place["uscc"]]
        document = values[self._place["document"]]
        if (
            not _NAME(name)
            or not _HAN(name)
            or not _HAN(document)
            or len(code) != 18
            or uscc_fault(code) is not None
        ):
            return None
        low = self._low_of(self._low(values))
        days = self._days_of(self._days(values), values)
        if low is None or days is None or low.individual != code.startswith("92"):
            return None
        if not self._money_plain(values, low) and not self._money_holds(self._money(values)):
            return None
        for place, text in zip(self._day_at, days.texts, strict=True):
            values[place] = text
        payload = {key: values[place] for place, key in self._payload if values[place]}
        facts = {
            **self._fixed,
            **low.facts,
            **days.facts,
            "document_no": document,
            "payload": payload,
        }
        packed = msgspec.json.encode(payload)
        return Proven(name, code, facts, low.warnings + days.warnings, hashlib.sha256(packed).digest())

    def kept(self, cells: Sequence[str]) -> bytes | None:
        """The row as it is kept, or None when a cell may hold a person's number and has to be masked."""
        for cell in (*self._loose(cells), *cells[self._width :]):
            if may_be_number(cell):
                return None
        code = cells[self._code]
        if code[:17].isdigit() and _is_number(code):
            return None
        if self._dropped:
            cells = list(cells)
            for column in self._dropped:
                cells[column] = ""
        return msgspec.json.encode(cells)

    def _of(self, kind: str) -> int:
        return next((place for place, field in enumerate(self._fields) if field.kind == kind), -1)

    def _scratch(self, places: Sequence[int], texts: Sequence[str]) -> Judged:
        codes = (self._fields[place].code for place in places)
        return Judged(self._form, dict(zip(codes, texts, strict=True)))

    def _low_of(self, texts: tuple[str, ...]) -> _Low | None:
        if texts in self._low_known:
            return self._low_known[texts]
        row = self._scratch(self._low_at, texts)
        for place, text in zip(self._low_at, texts, strict=True):
            field = self._fields[place]
            checks.judge_cell(row, field, text)
        checks.judge_state(row)
        category = row.kind("category")[1]
        known = words()["categories"]
        sound = row.ok and category not in known["person"] and not any(map(_is_number, texts))
        said: _Low | None = None
        if sound:
            facts = facts_of(row, "", "", "", self._fixed["provider"])
            taken = ("provider", "provider_code", "classes", "public_security", "status")
            said = _Low(
                {name: facts[name] for name in taken if name in facts},  # type: ignore[literal-required]
                category in known["individual"],
                any(one in words()["fine"]["classes"] for one in row.classes),
                _doubts(row),
            )
        return _remember(self._low_known, texts, said)

    def _days_of(self, texts: tuple[str, ...], values: Sequence[str]) -> _Days | None:
        kind = values[self._place["licence_kind"]] if self._place["licence_kind"] >= 0 else ""
        key = (texts, kind)
        try:
            return self._days_known[key]
        except KeyError:
            return _remember(self._days_known, key, self._read_days(texts, kind))

    def _read_days(self, texts: tuple[str, ...], kind: str) -> _Days | None:
        days: dict[str, date | None] = dict.fromkeys(_DAYS)
        isos: list[str] = []
        warnings: tuple[Doubt, ...] = ()
        for place, text in zip(self._day_at, texts, strict=True):
            read = self._day(place, text)
            if read is None:
                return None
            days[self._fields[place].kind] = read[0]
            isos.append(read[0].isoformat() if read[0] else text)
            warnings += read[1]
        decided, start, end, last = days["date"], days["from"], days["to"], days["publicity_end"]
        if decided is None or decided > self._received:
            return None
        if start and end and start > end and kind not in words()["licence_kinds"]["registration"]:
            return None
        if end and end < decided and self._form.section == "penalty":
            return None
        if last and not decided <= last <= add_years(decided, checks.LONGEST_PUBLICITY):
            return None
        return _Days(
            tuple(isos),
            {
                "decided_on": decided.isoformat(),
                "effect_until": end.isoformat() if end else "",
                "publicity_end_given": last.isoformat() if last else "",
            },
            warnings,
        )

    def _day(self, place: int, text: str) -> _Day | None:
        key = (place, text)
        if key in self._day_known:
            return self._day_known[key]
        field = self._fields[place]
        row = Judged(self._form, {field.code: text})
        if text:
            checks.judge_cell(row, field, text)
        checks.judge_lateness(row, self._received, self._calendar)
        said: _Day | None = None
        if row.ok:
            said = (row.days.get(field.code), _doubts(row))
        return _remember(self._day_known, key, said)

    def _money_plain(self, values: Sequence[str], low: _Low) -> bool:
        """No fine and no amount; or one amount that the text states in yuan, in plain digits after a word."""
        amounts = [values[place] for place in self._amounts]
        if not low.fined or not any(amounts):
            return not low.fined and not any(amounts)
        if self._says < 0 or any(amounts[1:]) or not _WAN(amounts[0]):
            return False
        whole, _, rest = amounts[0].partition(".")
        text, stated = values[self._says], f"{int(whole + rest.ljust(4, '0'))}{_YUAN}"
        at = text.find(stated)
        return stated[0] != "0" and at > 0 and _HAN(text[at - 1]) is not None

    def _money_holds(self, texts: tuple[str, ...]) -> bool:
        if texts in self._money_known:
            return self._money_known[texts]
        row = self._scratch(self._money_at, texts)
        for place, text in zip(self._money_at, texts, strict=True):
            if self._fields[place].kind == "classes" and text:
                row.classes += [one for one in self._classes(place, text) if one not in row.classes]
        checks.judge_money(row)
        return _remember(self._money_known, texts, row.ok and not row.warnings)

    def _classes(self, place: int, text: str) -> list[str]:
        known = self._classes_known.get(text)
        if known is None:
            row = Judged(self._form, {})
            checks.judge_cell(row, self._fields[place], text)
            known = _remember(self._classes_known, text, row.classes)
        return known


def _doubts(row: Judged) -> tuple[Doubt, ...]:
    return tuple((one.field, one.code, one.text) for one in row.warnings)


def _is_number(text: str) -> bool:
    """Whether a cell is masked as a person's number when its row is kept."""
    return recognise(text).kind == "id_card"


def _picker(places: list[int]) -> Callable[[Sequence[str]], tuple[str, ...]]:
    """Cells at these places as a tuple, whatever their number."""
    if not places:
        return lambda _cells: ()
    if len(places) == 1:
        only = places[0]
        return lambda cells: (cells[only],)
    return itemgetter(*places)


def _remember(known: dict[Any, _Value], key: Any, value: _Value) -> _Value:
    if len(known) >= REMEMBERED:
        known.clear()
    known[key] = value
    return value
