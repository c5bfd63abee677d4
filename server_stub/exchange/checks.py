"""The rules a row of a department's file has to keep; who it is about is another module's question."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache

from app.field.identifiers import fold_number, uscc_fault
from app.field.names import printable
from app.field.working_days import Calendar, CalendarMissing, add_years, working_days_between
from server_stub.exchange.dates import DateRefused, read_day, read_end
from server_stub.exchange.judged import Judged
from server_stub.exchange.mapping import Field
from server_stub.exchange.reasons import words
from server_stub.records.amounts import PROBABLE_YUAN, SAYS, yuan_in
from server_stub.records.lateness import term
from server_stub.rules.selectors import code_means

LONGEST_PUBLICITY = 3  # years
SPOILED = re.compile(r"\d(?:\.\d+)?E\+?\d{1,3}", re.IGNORECASE)  # a number as a spreadsheet shortens it
_CONTROL = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
_ANY_CONTROL = "[\x00-\x1f\x7f-\x9f]"
_MONEY = frozenset({"money"})
STATE_LIST = "XK_ZT"  # one table of words serves both sections


def judge(row: Judged, received: date, calendar: Calendar) -> None:
    """Run every check that needs no other row and no register; findings gather in `row`."""
    judge_fields(row, received)
    judge_lateness(row, received, calendar)


def judge_fields(row: Judged, received: date) -> None:
    """As `judge` for what the fields say, whenever it was handed in."""
    given, form = row.values, row.form.id
    for field in row.form.field:
        value = given.get(field.code, "")
        if not value and field.need != "M":  # of an empty cell nothing else is asked
            continue
        right = _RIGHT.get((form, field.code, value))
        if right is None:
            judge_cell(row, field, value)
        else:
            _take(row, field, right)
    judge_state(row)
    _order_of_days(row, received)
    judge_money(row)


def judge_cell(row: Judged, field: Field, value: str) -> None:
    """Check one cell by itself; days and classes that it names gather in `row`. Of fields that say the same
    again and again what is right is remembered; a fault is not, since its text may be a person's number.
    """
    if field.kind not in _REPEATING:
        _judge_text(row, field, value)
        return
    key = (row.form.id, field.code, value)
    right = _RIGHT.get(key)
    if right is None:
        alone = Judged(row.form, {})
        _judge_text(alone, field, value)
        if alone.faults or alone.warnings:
            _judge_text(row, field, value)
            return
        if len(_RIGHT) >= _REMEMBERED:
            _RIGHT.clear()
        right = _RIGHT[key] = (alone.days.get(field.code), tuple(alone.classes))
    _take(row, field, right)


def _take(row: Judged, field: Field, right: _Right) -> None:
    day, classes = right
    if day is not None:
        row.days[field.code] = day
    if classes:
        row.classes += [one for one in classes if one not in row.classes]


def _judge_text(row: Judged, field: Field, value: str) -> None:
    if field.need == "M" and not value:
        row.refuse(field.code, "date-empty" if field.kind in _DAYS else "empty")
    elif len(value) > field.length:
        row.refuse(field.code, "too-long", limit=field.length)
    elif value and field.kind in _NUMBERS and SPOILED.fullmatch(value):
        row.refuse(field.code, "number-spoiled")
    elif value and field.kind in _CHECKS:
        _CHECKS[field.kind](row, field, value)
    elif value and _damaged(value):
        row.refuse(field.code, "sign-damaged")


def _name(row: Judged, field: Field, value: str) -> None:
    if _signs("signs", _ANY_CONTROL)(value) or not printable(value):
        row.refuse(field.code, "name-damaged")


def _damaged(value: str) -> bool:
    return bool(_signs("everywhere", _CONTROL)(value))


@cache
def _signs(name: str, control: str) -> Callable[[str], object]:
    """Whether a text holds a sign of control, or one of the table that tells of damage."""
    return re.compile("|".join([control, *map(re.escape, words()["damaged"][name])])).search


def _category(row: Judged, field: Field, value: str) -> None:
    if not any(value in known for known in words()["categories"].values()):
        row.refuse(field.code, "category-unknown")


def _licence_kind(row: Judged, field: Field, value: str) -> None:
    if value not in words()["licence_kinds"]["known"]:
        row.refuse(field.code, "licence-kind")


def _provider_code(row: Judged, field: Field, value: str) -> None:
    code = fold_number(value)
    if uscc_fault(code) is not None:
        row.refuse(field.code, "provider-code")
    elif code.startswith(tuple(words()["provider"]["never"])):
        row.refuse(field.code, "provider-kind")


def _source_code(row: Judged, field: Field, value: str) -> None:
    if uscc_fault(fold_number(value)) is not None:
        row.warn(field.code, "source-code")


def _day(row: Judged, field: Field, value: str) -> None:
    try:
        day = read_end(value) if field.kind == "to" else read_day(value)
    except DateRefused as refused:
        row.refuse(field.code, refused.why)
        return
    if day is not None:
        row.days[field.code] = day
    elif field.kind == "date":
        row.refuse(field.code, "date-empty")
    elif field.kind != "removed":
        row.warn(field.code, "validity-empty")


def _classes(row: Judged, field: Field, value: str) -> None:
    table = words()["classes"]
    rest = value.strip()
    while rest:
        found = next((one for one in _class_names() if rest.startswith(one)), None)
        if found is None:
            row.refuse(field.code, "class-unknown")
            return
        row.classes += [one for one in table["old"].get(found, [found]) if one not in row.classes]
        rest = rest[len(found) :].lstrip(table["joints"])


@cache
def _class_names() -> list[str]:
    """The longest first: one may begin with another."""
    table = words()["classes"]
    return sorted([*table["old"], *table["order"]], key=len, reverse=True)


_Check = Callable[[Judged, Field, str], None]
_DAYS = frozenset({"date", "from", "to", "publicity_end", "removed", "day"})
_REPEATING = _DAYS | {"category", "licence_kind", "provider_code", "source_code", "classes"}
_REMEMBERED = 8192
_Right = tuple[date | None, tuple[str, ...]]
_RIGHT: dict[tuple[str, str, str], _Right] = {}
_NUMBERS = frozenset(
    {"document", "uscc", "org_code", "registration", "number", "id_number", "provider_code", "source_code"}
)
_CHECKS: dict[str, _Check] = {
    "name": _name,
    "category": _category,
    "licence_kind": _licence_kind,
    "provider_code": _provider_code,
    "source_code": _source_code,
    "classes": _classes,
    **dict.fromkeys(_DAYS, _day),
}


def state_of(row: Judged) -> str:
    """What the state field means under this form's year; empty for an unknown word, valid without a field."""
    field, value = row.kind("status")
    return code_means(STATE_LIST, row.form.schema, value) if field else "valid"


def judge_state(row: Judged) -> None:
    """The state has to mean something under the year of the form."""
    field, value = row.kind("status")
    if field is not None and not state_of(row) and (value or field.need == "M"):
        row.refuse(field.code, "status-unknown")


def _order_of_days(row: Judged, received: date) -> None:
    decided, start, end = row.day("date"), row.day("from"), row.day("to")
    if decided is not None and decided > received:
        row.refuse(_code(row, "date"), "date-future")
    removed = row.day("removed")
    if removed and (removed > received or (decided and removed < decided)):
        row.refuse(_code(row, "removed"), "date-removed")
    kind = row.kind("licence_kind")[1]
    if start and end and start > end and kind not in words()["licence_kinds"]["registration"]:
        row.refuse(_code(row, "from"), "date-order")
    if decided and end and row.form.section == "penalty" and end < decided:
        row.warn(_code(row, "to"), "effect-early")
    last = row.day("publicity_end")
    if decided and last:
        if last < decided:
            row.refuse(_code(row, "publicity_end"), "publicity-end")
        elif last > add_years(decided, LONGEST_PUBLICITY):
            row.warn(_code(row, "publicity_end"), "publicity-long")


def judge_money(row: Judged) -> None:
    """Classes, amounts and the text have to agree."""
    fields = row.form.of_kinds(_MONEY)
    if not fields:
        return
    fined = any(one in words()["fine"]["classes"] for one in row.classes)
    fine = fields[0]
    if fined and not row.values.get(fine.code):
        row.refuse(fine.code, "fine-missing")
    if row.classes and not fined and row.values.get(fine.code):
        row.warn(fine.code, "fine-unexpected")
    stated = {yuan for code in SAYS for yuan in yuan_in(row.values.get(code, ""))}
    for field in fields:
        if row.values.get(field.code):
            _amount(row, field, stated)


def _amount(row: Judged, field: Field, stated: set[Decimal]) -> None:
    """万元 by the form: a number that the text states in yuan, or a huge one it does not, is held up."""
    try:
        amount = Decimal(unicodedata.normalize("NFKC", row.values[field.code]).replace(",", ""))
    except InvalidOperation:
        row.refuse(field.code, "fine-unreadable")
        return
    if not amount.is_finite() or amount <= 0:
        row.refuse(field.code, "fine-unreadable")
    elif amount * 10_000 in stated:
        return
    elif amount in stated or amount > PROBABLE_YUAN:
        row.refuse(field.code, "amount-unit")
    elif stated:
        row.warn(field.code, "amount-conflict")


def judge_lateness(row: Judged, received: date, calendar: Calendar) -> None:
    """A decision has to be reported in time, by the term of its day."""
    decided = row.day("date")
    within = term("platform", decided) if decided else None
    if decided is None or within is None or decided > received or row.form.list:
        return
    if (received - decided).days > 60:  # late by any calendar; the count itself needs every year's table
        row.warn(_code(row, "date"), "late", days=f"{within}+")
        return
    try:
        days = working_days_between(decided, received, calendar)
    except CalendarMissing:
        row.warn(_code(row, "date"), "calendar-missing")
        return
    if days > within:
        row.warn(_code(row, "date"), "late", days=days)


def _code(row: Judged, kind: str) -> str:
    found = row.form.of_kind(kind)
    return found.code if found else ""
