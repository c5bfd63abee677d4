"""The short way for a right row: look-ups and a few comparisons prove what the careful judge would find.

A form is compiled once a file. Whatever a cell or a combination of cells means is worked out by the careful
checks the first time it occurs and remembered; a row that is not proven in every point is left to them. So
this module decides nothing of its own: it knows when the answer is known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cached_property, partial
from operator import not_
from typing import Any, NamedTuple, TypeVar

from app.field.identifiers import sound_codes
from app.field.names import normalise
from app.field.working_days import Calendar, add_years
from server_stub.exchange import checks
from server_stub.exchange.columns import Chunk, Column, Text, alone
from server_stub.exchange.facts import facts_of, is_number, may_be_number
from server_stub.exchange.judged import Judged
from server_stub.exchange.lines import Doubt
from server_stub.exchange.mapping import Found, Mapping
from server_stub.exchange.reasons import words
from server_stub.records.amounts import SAYS

_Value = TypeVar("_Value")
REMEMBERED = 50_000  # combinations of cells; then a memory begins anew
_DOUBTFUL = re.compile("[\x00-\x09\x0b-\x1f\x7f\ufffd\u951f\u70eb]").search
_DAMAGED = ("\ufffd", "\u951f", "\u70eb")
# A cell that begins with a sign from the one to before the other is no number.
_FIRST, _LAST, _BEHIND = "\u4e00", "\u9fff", "\ua000"
_NAME = re.compile("[0-9A-Za-z\u4e00-\u9fff()\uff08\uff09\xb7]+").fullmatch
_NAMES = re.compile("[0-9A-Za-z\u4e00-\u9fff()\uff08\uff09\xb7\n]+").fullmatch  # one a line
_PLACES = 4  # digits of a plain amount before and behind its point
_YUAN = "\u5143"
_HAN = re.compile("[\u4e00-\u9fff]").search
_OTHERS = frozenset({"org_code", "registration", "number", "id_number", "id_type"})
_LOW = frozenset(
    {"category", "licence_kind", "provider", "provider_code", "source_code", "status", "classes"}
)
_DAYS = ("date", "from", "to", "publicity_end")


_Day = tuple[date | None, tuple[Doubt, ...]]


class Proofs:
    """What is certain of rows that need only the register: of those that `sure` marks. By columns; `content`
    is one number for all that a row says.
    """

    def __init__(
        self,
        sure: bytearray,
        texts: Sequence[Text],
        low: Column[Low | None],
        days: Column[Days | None],
        content: Sequence[int],
    ) -> None:
        self.sure, self.texts, self.low, self.days, self.content = sure, texts, low, days, content

    @classmethod
    def none(cls, rows: int) -> Proofs:
        """Of none of so many rows anything is certain."""
        return cls(bytearray(rows), (), Column(()), Column(()), ())

    @cached_property
    def cells(self) -> list[tuple[str, ...]]:
        """The cells of each row in the order of the form's fields."""
        return list(zip(*(text.whole() for text in self.texts), strict=True))


class Low(NamedTuple):
    """What the cells of few values say together."""

    facts: dict[str, Any]
    authority: str
    individual: bool
    fined: bool
    warnings: tuple[Doubt, ...]


class Days(NamedTuple):
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
        self._columns, self._width = columns, max(columns, default=-1) + 1
        self._limits = [field.length for field in fields]
        at = {field.code: place for place, field in enumerate(fields)}
        self._must_at = [at[field.code] for field in fields if field.need == "M"]
        self._empty_at = [at[field.code] for field in fields if field.kind in _OTHERS]
        self._low_at = [at[field.code] for field in fields if field.kind in _LOW]
        self._day_at = [at[field.code] for field in fields if field.kind in _DAYS]
        priced = any(field.kind == "money" for field in found.mapping.field)
        money = [at[f.code] for f in fields if priced and (f.kind in ("money", "classes") or f.code in SAYS)]
        self._money_at = money
        self._amounts = [at[field.code] for field in fields if field.kind == "money"]
        self._says = next((at[code] for code in SAYS if code in at), -1)
        self.place = {kind: self._of(kind) for kind in ("name", "uscc", "document")}
        self._kind_at = self._of("licence_kind")
        self._payload = [(at[f.code], f.code) for f in fields if f.kind != "drop"]
        said = [at[f.code] for f in fields if f.kind != "drop" and f.kind not in _DAYS]
        self._said_at, self._said_codes = said, [fields[place].code for place in said]
        self._day_codes = [fields[place].code for place in self._day_at]
        kinds = _LOW | {"name", "uscc", "money", "drop", *_DAYS}
        self._loose = [col for col in range(self._width) if col not in columns]
        self._loose += [c for c, f in zip(columns, fields, strict=True) if f.kind not in kinds]
        self.dropped = [c for c, f in zip(columns, fields, strict=True) if f.kind == "drop"]
        self._low_known: dict[Any, Low | None] = {}
        self._days_known: dict[Any, Days | None] = {}
        self._yuan_known: dict[str, str] = {}
        self._money_known: dict[Any, bool] = {}
        self._classes_known: dict[str, list[str]] = {}
        self._day_known: dict[tuple[int, str], _Day | None] = {}
        self._names_known: set[str] = set()
        self._codes_known: set[str] = set()

    @property
    def able(self) -> bool:
        """Whether rows of this file can be proven at all: no duty without a column, a code, a document."""
        return (
            not self._absent
            and not self._form.list
            and min(self.place[kind] for kind in ("name", "uscc", "document")) >= 0
        )

    def prove(self, chunk: Chunk) -> Proofs:
        """What is certain of these rows. Looked at by columns, and of each text of a column once: what holds
        for all of them is not asked of each.
        """
        columns, widths, rows = chunk.columns, chunk.widths, chunk.size
        if not rows or len(columns) < self._width:
            return Proofs.none(rows)
        texts = [columns[column].each(_stripped) for column in self._columns]
        low = self._remembered(self._low_known, texts, self._low_at, self._low_of, rows_in=rows)
        kinds = texts[self._kind_at] if self._kind_at >= 0 else alone("", rows)
        days = self._remembered(self._days_known, texts, self._day_at, self._read_days, kinds, rows_in=rows)
        sure = bytearray(b"\x01") * rows
        for at in self._doubtful(columns, texts):
            sure[at] = 0
        if widths is not None:
            for at, width in enumerate(widths):
                sure[at] &= width >= self._width
        for at in (*low.rows(_unknown), *days.rows(_unknown)):
            sure[at] = 0
        self._alike(texts[self.place["uscc"]].whole(), low, sure)
        self._money_agrees(texts, low, sure)
        cells = zip(*(texts[place].whole() for place in self._said_at), strict=True)
        said = zip(cells, days.each(_texts).whole(), strict=True)
        return Proofs(sure, texts, low, days, list(map(hash, said)))

    def column(self, kind: str) -> int:
        """Where in a row the field of this kind stands; -1 without one."""
        place = self.place[kind]
        return self._columns[place] if place >= 0 else -1

    def facts(self, proofs: Proofs, at: int) -> dict[str, Any]:
        """The record a proven row would make, but for its subject and source."""
        low, days = proofs.low.of(at), proofs.days.of(at)
        return {
            **self._fixed,
            **(low.facts if low else {}),
            **(days.facts if days else {}),
            "document_no": proofs.texts[self.place["document"]].of(at),
            "payload": self.payload(proofs, at),
        }

    def payload(self, proofs: Proofs, at: int) -> dict[str, str]:
        """The fields of a proven row as they would stand on record."""
        values, days = list(proofs.cells[at]), proofs.days.of(at)
        for place, text in zip(self._day_at, days.texts if days else (), strict=True):
            values[place] = text
        return {key: values[place] for place, key in self._payload if values[place]}

    def content(self, payload: dict[str, str]) -> int:
        """The number of a judged row's content, the same as of a proven row that says the same."""
        said = tuple([payload.get(code, "") for code in self._said_codes])
        return hash((said, tuple([payload.get(code, "") for code in self._day_codes])))

    def _doubtful(self, columns: Sequence[Text], texts: Sequence[Text]) -> Iterator[int]:
        """Which rows have a cell that by itself only the judge can tell, or that has to be masked."""
        for text, limit in zip(texts, self._limits, strict=True):
            if max(map(len, text.values)) > limit:
                yield from text.rows(partial(_longer, limit))
        for place in self._must_at:
            if not all(texts[place].values):
                yield from texts[place].rows(not_)
        for place in self._empty_at:
            if any(texts[place].values):
                yield from texts[place].rows(bool)
        whole = "".join(["".join(text.values) for text in texts])
        if not whole.isprintable() or any(sign in whole for sign in _DAMAGED):
            for text in texts:
                yield from text.rows(_DOUBTFUL)
        for column in (*map(columns.__getitem__, self._loose), *columns[self._width :]):
            if not _worded(column.values):
                yield from column.rows(may_be_number)
        if not _worded(texts[self.place["document"]].values):
            yield from texts[self.place["document"]].rows(_not_han)
        names, codes = (self._names_known, _misnamed), (self._codes_known, _wrong)
        for kind, (known, judge) in (("name", names), ("uscc", codes)):
            wrong = _unsound(texts[self.place[kind]].values, known, judge)
            if wrong:
                yield from texts[self.place[kind]].rows(wrong.__contains__)

    def _remembered(
        self,
        known: dict[Any, _Value | None],
        texts: Sequence[Text],
        places: Sequence[int],
        read: Callable[..., _Value | None],
        *more: Text,
        rows_in: int,
    ) -> Column[_Value | None]:
        """What these cells of each row say together; worked out once for each combination."""
        asked = [*(texts[place] for place in places), *more]
        varied = [text for text in asked if text.at is None or len(text.values) > 1]
        rows = list(zip(*(text.values if text.at is None else text.at for text in varied), strict=True))
        met = {row: at for at, row in enumerate(dict.fromkeys(rows or [()]))}
        keys = [_told(asked, iter(row)) for row in met]
        missing = [key for key in keys if key not in known]
        if len(known) + len(missing) > REMEMBERED:
            known.clear()
            missing = keys
        for key in missing:
            known[key] = read(key)
        at = list(map(met.__getitem__, rows)) if rows else bytes(rows_in)
        return Column(list(map(known.__getitem__, keys)), at)

    def _of(self, kind: str) -> int:
        return next((place for place, field in enumerate(self._fields) if field.kind == kind), -1)

    def _scratch(self, places: Sequence[int], texts: Sequence[str]) -> Judged:
        codes = (self._fields[place].code for place in places)
        return Judged(self._form, dict(zip(codes, texts, strict=True)))

    def _low_of(self, texts: tuple[str, ...]) -> Low | None:
        row = self._scratch(self._low_at, texts)
        for place, text in zip(self._low_at, texts, strict=True):
            field = self._fields[place]
            checks.judge_cell(row, field, text)
        checks.judge_state(row)
        category = row.kind("category")[1]
        known = words()["categories"]
        if not row.ok or category in known["person"] or any(map(is_number, texts)):
            return None
        facts = facts_of(row, "", "", "", self._fixed["provider"])
        taken = ("provider", "provider_code", "classes", "public_security", "status")
        return Low(
            {name: facts[name] for name in taken if name in facts},  # type: ignore[literal-required]
            facts["provider_code"] or normalise(facts["provider"]),
            category in known["individual"],
            any(one in words()["fine"]["classes"] for one in row.classes),
            _doubts(row),
        )

    def _read_days(self, key: tuple[str, ...]) -> Days | None:
        texts, kind = key[:-1], key[-1]
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
        return Days(
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

    def _alike(self, codes: Sequence[str], low: Column[Low | None], sure: bytearray) -> None:
        """A code of an individual trader's kind stands beside that category, and no other does."""
        kinds = {one.individual for one in low.values if one is not None}
        if kinds == {False} and "\n92" not in "\n" + "\n".join(codes):
            return
        for at, (code, alike) in enumerate(zip(codes, low.whole(), strict=True)):
            sure[at] &= alike is not None and alike.individual == code.startswith("92")

    def _money_agrees(self, texts: Sequence[Text], low: Column[Low | None], sure: bytearray) -> None:
        """Classes, amounts and text of a row agree: no fine and no amount, one amount that the text states,
        or the judge finds nothing.
        """
        rows = len(sure)
        first, *others = [texts[place].whole() for place in self._amounts] or [("",) * rows]
        more = list(map(any, zip(*others, strict=True))) if others else [False] * rows
        says = texts[self._says].whole() if self._says >= 0 else ("",) * rows
        fined, wanted = low.each(_fined).whole(), self._in_yuan(first)
        found = map(str.find, says, wanted)
        for at, (fine, yuan, other, place) in enumerate(zip(fined, wanted, more, found, strict=True)):
            if fine and yuan and place > 0 and not other and _FIRST <= says[at][place - 1] <= _LAST:
                continue
            if (fine or first[at] or other) and sure[at]:
                cells = tuple([texts[of].of(at) for of in self._money_at])
                sure[at] = self._money_holds(cells)

    def _in_yuan(self, amounts: Sequence[str]) -> list[str]:
        """Plain amounts in 万元 as a text states them in yuan, in plain digits; empty for others."""
        known = self._yuan_known
        missing = set(amounts).difference(known)
        if len(known) + len(missing) > REMEMBERED:
            known.clear()
            missing = set(amounts)
        for amount in missing:
            known[amount] = _stated(amount)
        return list(map(known.__getitem__, amounts))

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


def fixed_of(form: Mapping, item_code: str, provider: str, received_at: str) -> dict[str, Any]:
    """What every record of a delivery has in common."""
    fixed: dict[str, Any] = {
        "section": form.section,
        "schema": form.schema,
        "received_at": received_at,
        "provider": provider,
    }
    if item_code:
        fixed["item_code"] = item_code
    return fixed


def _doubts(row: Judged) -> tuple[Doubt, ...]:
    return tuple((one.field, one.code, one.text) for one in row.warnings)


def _stated(amount: str) -> str:
    whole, point, rest = amount.partition(".")
    digits = whole + rest
    if not (digits.isdigit() and digits.isascii() and 0 < len(whole) <= _PLACES and len(rest) <= _PLACES):
        return ""
    yuan = (digits + "0" * (_PLACES - len(rest))).lstrip("0")
    return yuan + _YUAN if yuan and (rest or not point) else ""


def _fined(values: Sequence[Low | None]) -> list[bool]:
    return [one is not None and one.fined for one in values]


def _texts(values: Sequence[Days | None]) -> list[tuple[str, ...]]:
    return [one.texts if one is not None else () for one in values]


def _stripped(cells: Sequence[str]) -> list[str]:
    return list(map(str.strip, cells))


def _unknown(value: object) -> bool:
    return value is None


def _worded(cells: Sequence[str]) -> bool:
    """Whether all cells begin with a Chinese character."""
    return min(cells) >= _FIRST and max(cells) < _BEHIND


def _told(asked: Sequence[Text], row: Iterator[Any]) -> tuple[str, ...]:
    """The texts of a row of whose columns only those that vary were looked at."""
    return tuple(
        [
            next(row) if text.at is None else text.values[next(row) if len(text.values) > 1 else 0]
            for text in asked
        ]
    )


def _longer(most: int, cell: str) -> bool:
    return len(cell) > most


def _not_han(cell: str) -> bool:
    return not _HAN(cell)


def _unsound(cells: Sequence[str], known: set[str], judge: Callable[[set[str]], set[str]]) -> set[str]:
    """Cells that are not sound; those that are become known, so that each is judged once."""
    fresh = set(cells).difference(known)
    wrong = judge(fresh) if fresh else fresh
    if len(known) + len(fresh) > REMEMBERED:
        known.clear()
    known.update(fresh - wrong if wrong else fresh)
    return wrong


def _misnamed(names: set[str]) -> set[str]:
    """Those that are not of plain signs with a Chinese one among them."""
    if _NAMES("\n".join(names)) and min(names) >= _FIRST:
        return set()
    return {name for name in names if not (_NAME(name) and _HAN(name))}


def _wrong(codes: set[str]) -> set[str]:
    """Codes that are not right, or may be masked."""
    numbers = {code for code in codes if code[:17].isdigit() and is_number(code)}
    return codes - sound_codes(codes) | numbers


def _remember(known: dict[Any, _Value], key: Any, value: _Value) -> _Value:
    if len(known) >= REMEMBERED:
        known.clear()
    known[key] = value
    return value
