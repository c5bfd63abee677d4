"""The short way for a right row: look-ups and a few comparisons prove what the careful judge would find.

A form is compiled once a file. Whatever a cell or a combination of cells means is worked out by the careful
checks the first time it occurs and remembered; a row that is not proven in every point is left to them. So
this module decides nothing of its own: it knows when the answer is known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import repeat
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

import msgspec

from app.field.identifiers import uscc_fault
from app.field.names import normalise
from app.field.working_days import Calendar, add_years
from server_stub.exchange import checks
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
_FIRST, _BEHIND = "\u4e00", "\ua000"
_NAME = re.compile("[0-9A-Za-z\u4e00-\u9fff()\uff08\uff09\xb7]+").fullmatch
_WAN = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,4})?").fullmatch
_YUAN = "\u5143"
_HAN = re.compile("[\u4e00-\u9fff]").search
_OTHERS = frozenset({"org_code", "registration", "number", "id_number", "id_type"})
_LOW = frozenset(
    {"category", "licence_kind", "provider", "provider_code", "source_code", "status", "classes"}
)
_DAYS = ("date", "from", "to", "publicity_end")


_Day = tuple[date | None, tuple[Doubt, ...]]


class Proven(msgspec.Struct, frozen=True, gc=False):
    """What is certain of a row that needs only the register; `content` is one number for all it says."""

    name: str
    code: str
    document: str
    decided_on: str
    authority: str
    warnings: tuple[Doubt, ...]
    content: int
    cells: tuple[str, ...]
    low: _Low
    days: _Days


class _Low(NamedTuple):
    """What the cells of few values say together."""

    facts: dict[str, Any]
    authority: str
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
        self._money = _picker(money)
        self._place = {kind: self._of(kind) for kind in ("name", "uscc", "document")}
        self._kind_at = self._of("licence_kind")
        self._payload = [(at[f.code], f.code) for f in fields if f.kind != "drop"]
        said = [at[f.code] for f in fields if f.kind != "drop" and f.kind not in _DAYS]
        self._said, self._said_codes = _picker(said), [fields[place].code for place in said]
        self._day_codes = [fields[place].code for place in self._day_at]
        kinds = _LOW | {"name", "uscc", "money", "drop", *_DAYS}
        self._loose = [col for col in range(self._width) if col not in columns]
        self._loose += [c for c, f in zip(columns, fields, strict=True) if f.kind not in kinds]
        self._dropped = [c for c, f in zip(columns, fields, strict=True) if f.kind == "drop"]
        self._low_known: dict[Any, _Low | None] = {}
        self._days_known: dict[Any, _Days | None] = {}
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
            and min(self._place[kind] for kind in ("name", "uscc", "document")) >= 0
        )

    def prove(self, rows: Sequence[Sequence[str]]) -> list[Proven | None]:
        """What is certain of each of these rows, or None. Looked at by columns: what holds for all of them at
        once is not asked of each.
        """
        if not rows:
            return []
        if min(map(len, rows)) < self._width:
            wide = iter(self.prove([cells for cells in rows if len(cells) >= self._width]))
            return [next(wide) if len(cells) >= self._width else None for cells in rows]
        columns = list(zip(*rows, strict=False))
        texts = [tuple(map(str.strip, columns[column])) for column in self._columns]
        lines = list(zip(*texts, strict=True))
        bad = self._doubtful(columns, texts, lines)
        if max(map(len, rows)) > self._width:
            bad.update(at for at, cells in enumerate(rows) if any(map(may_be_number, cells[self._width :])))
        low = self._remembered(self._low_known, texts, self._low_at, self._low_of)
        kinds = texts[self._kind_at] if self._kind_at >= 0 else ("",) * len(lines)
        days = self._remembered(self._days_known, texts, self._day_at, self._read_days, kinds)
        name, code, document = (texts[self._place[kind]] for kind in ("name", "uscc", "document"))
        sound = [None if at in bad else alike for at, alike in enumerate(low)] if bad else low
        money = self._money_agrees(texts, lines, sound)
        done: list[Proven | None] = []
        for at, (line, alike, when, agrees) in enumerate(zip(lines, sound, days, money, strict=True)):
            if not agrees or alike is None or when is None or alike.individual != code[at].startswith("92"):
                done.append(None)
                continue
            doubts = alike.warnings + when.warnings if alike.warnings else when.warnings
            content = hash((self._said(line), when.texts))
            day = when.facts["decided_on"]
            done.append(
                Proven(
                    name[at], code[at], document[at], day, alike.authority, doubts, content, line, alike, when
                )
            )
        return done

    def facts(self, proven: Proven) -> dict[str, Any]:
        """The record a proven row would make, but for its subject and source."""
        values = list(proven.cells)
        for place, text in zip(self._day_at, proven.days.texts, strict=True):
            values[place] = text
        return {
            **self._fixed,
            **proven.low.facts,
            **proven.days.facts,
            "document_no": proven.document,
            "payload": self.payload(proven),
        }

    def payload(self, proven: Proven) -> dict[str, str]:
        """The fields of a proven row as they would stand on record."""
        values = list(proven.cells)
        for place, text in zip(self._day_at, proven.days.texts, strict=True):
            values[place] = text
        return {key: values[place] for place, key in self._payload if values[place]}

    def content(self, payload: dict[str, str]) -> int:
        """The number of a judged row's content, the same as of a proven row that says the same."""
        said = tuple([payload.get(code, "") for code in self._said_codes])
        return hash((said, tuple([payload.get(code, "") for code in self._day_codes])))

    def kept(self, cells: Sequence[str]) -> Sequence[str]:
        """A proven row as it is kept; no cell of it can be a person's number."""
        if not self._dropped:
            return cells
        lean = list(cells)
        for column in self._dropped:
            lean[column] = ""
        return lean

    def _doubtful(
        self, columns: Sequence[Sequence[str]], texts: Sequence[Sequence[str]], lines: Sequence[Sequence[str]]
    ) -> set[int]:
        """Which rows have a cell that by itself only the judge can tell, or that has to be masked."""
        bad: set[int] = set()
        for text, limit in zip(texts, self._limits, strict=True):
            if max(map(len, text)) > limit:
                bad.update(at for at, cell in enumerate(text) if len(cell) > limit)
        for place in self._must_at:
            if not all(texts[place]):
                bad.update(at for at, cell in enumerate(texts[place]) if not cell)
        for place in self._empty_at:
            if any(texts[place]):
                bad.update(at for at, cell in enumerate(texts[place]) if cell)
        whole = "".join(map("".join, map(set, texts)))  # a text that comes again is looked at once
        if not whole.isprintable() or any(sign in whole for sign in _DAMAGED):
            bad.update(at for at, line in enumerate(lines) if _DOUBTFUL("".join(line)))
        for column in self._loose:
            bad.update(at for at, cell in _not_worded(columns[column]) if may_be_number(cell))
        bad.update(at for at, cell in _not_worded(texts[self._place["document"]]) if not _HAN(cell))
        bad.update(_unsound(texts[self._place["name"]], self._names_known, _named))
        bad.update(_unsound(texts[self._place["uscc"]], self._codes_known, _sound))
        return bad

    def _remembered(
        self,
        known: dict[Any, _Value | None],
        texts: Sequence[Sequence[str]],
        places: Sequence[int],
        read: Callable[..., _Value | None],
        *more: Sequence[str],
    ) -> list[_Value | None]:
        """What these cells of each row say together; worked out once for each combination."""
        keys = list(zip(*(texts[place] for place in places), *more, strict=True)) or [()] * len(texts[0])
        missing = [key for key in dict.fromkeys(keys) if key not in known]
        if len(known) + len(missing) > REMEMBERED:
            known.clear()
            missing = list(dict.fromkeys(keys))
        for key in missing:
            known[key] = read(key)
        return list(map(known.__getitem__, keys))

    def _of(self, kind: str) -> int:
        return next((place for place, field in enumerate(self._fields) if field.kind == kind), -1)

    def _scratch(self, places: Sequence[int], texts: Sequence[str]) -> Judged:
        codes = (self._fields[place].code for place in places)
        return Judged(self._form, dict(zip(codes, texts, strict=True)))

    def _low_of(self, texts: tuple[str, ...]) -> _Low | None:
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
        return _Low(
            {name: facts[name] for name in taken if name in facts},  # type: ignore[literal-required]
            facts["provider_code"] or normalise(facts["provider"]),
            category in known["individual"],
            any(one in words()["fine"]["classes"] for one in row.classes),
            _doubts(row),
        )

    def _read_days(self, key: tuple[str, ...]) -> _Days | None:
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

    def _money_agrees(
        self, texts: Sequence[Sequence[str]], lines: Sequence[Sequence[str]], low: Sequence[_Low | None]
    ) -> Iterator[bool]:
        """Of each row whether its classes, amounts and text agree: no fine and no amount, one amount that the
        text states, or what the judge says. To be asked for in turn: most of it is not worked out before.
        """
        none = ("",) * len(lines)
        first, *others = [texts[place] for place in self._amounts] or [none]
        more = map(any, zip(*others, strict=True)) if others else repeat(False)
        says = texts[self._says] if self._says >= 0 else none
        for line, alike, amount, other, text in zip(lines, low, first, more, says, strict=False):
            if alike is None:
                yield False
            elif not alike.fined or not (amount or other):
                yield not (alike.fined or amount or other) or self._money_holds(self._money(line))
            else:
                yield (not other and _stated(amount, text)) or self._money_holds(self._money(line))

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


def _stated(amount: str, text: str) -> bool:
    """Whether a plain amount in 万元 stands in the text in yuan, in plain digits after a word."""
    if not _WAN(amount):
        return False
    whole, _, rest = amount.partition(".")
    stated = f"{int(whole + rest.ljust(4, '0'))}{_YUAN}"
    at = text.find(stated)
    return stated[0] != "0" and at > 0 and _HAN(text[at - 1]) is not None


def _not_worded(cells: Sequence[str]) -> list[tuple[int, str]]:
    """Which cells do not begin with a Chinese character, with their places."""
    if min(cells) >= _FIRST and max(cells) < _BEHIND:
        return []
    return [(at, cell) for at, cell in enumerate(cells) if not _FIRST <= cell < _BEHIND]


def _unsound(cells: Sequence[str], known: set[str], sound: Callable[[str], bool]) -> list[int]:
    """Places of the cells that are not sound; those that are become known, so that each is judged once."""
    fresh = set(cells).difference(known)
    wrong = {cell for cell in fresh if not sound(cell)}
    if len(known) + len(fresh) > REMEMBERED:
        known.clear()
    known.update(fresh - wrong)
    return [at for at, cell in enumerate(cells) if cell in wrong] if wrong else []


def _named(name: str) -> bool:
    """Whether a name is of plain signs, with a Chinese one among them."""
    return bool(_NAME(name) and _HAN(name))


def _sound(code: str) -> bool:
    """Whether a code is right and nothing that is masked."""
    return len(code) == 18 and uscc_fault(code) is None and not (code[:17].isdigit() and is_number(code))


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
