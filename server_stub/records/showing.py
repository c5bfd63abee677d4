"""From a record and its verdict to what an officer reads: labelled fields, guarded amounts, no persons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Literal

from app.field import records as field
from app.field.identifiers import uscc_fault
from app.field.masks import mask_name
from app.field.names import printable
from server_stub.records.amounts import MONEY, money_of
from server_stub.records.forms import Form, form_of
from server_stub.records.labels import word
from server_stub.records.reading import long_term, read_date
from server_stub.records.sql import Correction, HeldRecord
from server_stub.records.third_persons import Masks, Told, masks_of
from server_stub.rules.facts import Verdict
from server_stub.rules.tables_file import ListType

_SECTIONS: dict[str, field.Section] = {section: section for section in field.SECTIONS}
_ENDED = {"licence": "ended", "penalty": "showing"}


def shown_record(
    record: HeldRecord,
    payload: Mapping[str, str],
    corrections: Sequence[Correction],
    verdict: Verdict,
    told: Told,
    language: str = "zh_CN",
    on: date | None = None,
) -> field.Record:
    """One record as it leaves the server on the day `on`. `told` masks every third person, among them whom
    the record itself names (`persons_named`)."""
    form = form_of(record.section, language == "en", tuple(payload))
    title = _first_of(payload, form.title) or form.name
    matter = _first_of(payload, form.matter)
    doubt = money_of(payload).doubt if form.money and _has_money(payload, form) else ""
    licence = record.section == "licence"
    end = read_date(payload.get("XK_YXQZI", "")) if licence else record.effect_until
    ended = end is not None and on is not None and end < on
    # what is not published has no last day of it, whatever its tier would have given
    shown_until = "" if verdict.state == "unpublished" else verdict.end
    return field.Record(
        rec_id=record.rec_id,
        rev=record.rev,
        section=_SECTIONS[record.section],
        title=told[title],
        document_no=told[record.document_no],
        provider=told[record.provider],
        decided_on=_day(record.decided_on),
        matter=told[matter],
        valid_from=_day(read_date(payload.get("XK_YXQZ", ""))) if licence else "",
        valid_to="" if long_term(end) else _day(end),
        publicity_end=shown_until if record.section == "penalty" else "",
        amount_fen=None if doubt else record.amount_fen,
        status=_status(verdict.state, _ENDED.get(record.section, "") if ended else "", language),
        display=verdict.display if verdict.display in ("show", "mark", "label") else "label",
        why=verdict.rule,
        received_at=record.received_at,
        source_no=record.source_no,
        objection=_mark(record),
        corrections=_corrections(corrections, told) if corrections else (),
        repair=_repair(record, verdict),
        fields=_fields(form, payload, shown_until, told, doubt, language),
        amount_doubt=doubt,
    )


def standing(
    record: HeldRecord,
    payload: Mapping[str, str],
    kind: ListType | None,
    verdict: Verdict,
    measures: tuple[field.Measure, ...],
    told: Told,
) -> field.Standing:
    """A list entry with the measures on it; `told` as for `shown_record`."""
    reason = (
        payload.get("SX_QX") or payload.get("SX_YY") or payload.get("YC_YY") or payload.get("RY_DJ") or ""
    )
    return field.Standing(
        rec_id=record.rec_id,
        rev=record.rev,
        kind=_kind(record.section),
        list_name=kind.name if kind else told[_title(record.section, payload)],
        authority=told[record.provider],
        listed_on=_day(record.decided_on),
        until=verdict.end,
        reason=told[reason],
        document_no=told[record.document_no],
        year=told[payload.get("RY_ND", "")] or _year(record),
        measures=measures,
        objection=_mark(record),
    )


def _year(record: HeldRecord) -> str:
    return _day(record.decided_on)[:4] if record.section == "honour" else ""


def third_of(section: str, payload: Mapping[str, str], names: Masks = ()) -> Masks:
    """`names` and the persons that a record's own fields name."""
    persons = persons_named(section, payload)
    return (*names, *masks_of(persons)) if persons else names


def persons_named(section: str, payload: Mapping[str, str]) -> set[str]:
    """Whom a record's own fields name: the representative of that time, mostly."""
    persons = form_of(section, False, tuple(payload)).persons
    return {text for key in persons if (text := payload[key])} if persons else set()


def _title(section: str, payload: Mapping[str, str]) -> str:
    """What the payload calls the record, else the section's name."""
    form = form_of(section, False, tuple(payload))
    return _first_of(payload, form.title) or form.name


def _first_of(payload: Mapping[str, str], keys: Sequence[str]) -> str:
    for key in keys:
        if found := payload.get(key):
            return found
    return ""


def _has_money(payload: Mapping[str, str], form: Form) -> bool:
    """Without an amount there is none to doubt."""
    return any(payload[key].strip() for key in form.money)


def _fields(
    form: Form, payload: Mapping[str, str], shown_until: str, told: Told, doubt: str, language: str
) -> tuple[tuple[str, str], ...]:
    shown = []
    for key, kind, words in form.printed:
        if kind == "end":
            text = shown_until
        elif not (raw := payload[key]):
            continue
        elif kind == "text":
            text = told[raw]
        elif kind == "date" and _is_day(raw):
            text = raw
        elif kind == "wan" and doubt and key in MONEY:
            text = word(f"amount_doubt.{doubt}", language)
        else:
            text = _value(kind, raw, told, language)
        if text:
            shown.append((words, text))
    return tuple(shown)


def _value(kind: str, raw: str, told: Told, language: str) -> str:
    """A field that holds no running text by its form; a department may have written some into it anyway."""
    if kind == "person":
        return mask_name(printable(raw))
    if kind == "code" and _is_code(raw):
        return raw
    text = told[raw]
    if not text:
        return ""
    if kind == "date":
        day = read_date(text)
        return word("long_term", language) if long_term(day) else _day(day) or text
    if kind == "wan":
        return f"{text} {word('wan', language)}"
    return text


@lru_cache(maxsize=4096)
def _is_code(raw: str) -> bool:
    """Whether this is the code of a unit: that of unit and authority comes again in each record."""
    return uscc_fault(raw) is None


@lru_cache(maxsize=16_384)
def _is_day(raw: str) -> bool:
    """Whether this is a day as it is printed, and none that stands for "no end"."""
    return len(raw) == 10 and _day(day := read_date(raw)) == raw and not long_term(day)


@lru_cache(maxsize=1024)
def _status(state: str, ended: str, language: str) -> str:
    """A licence whose time has run out is not in force, though its record stands as it was given (`ended`); a
    penalty whose effect is over is no more than still published (`showing`).
    """
    if ended and state == "current":
        return word(f"status.{ended}", language)
    return word(f"status.{state}", language) or word("status.current", language)


def _corrections(rows: Sequence[Correction], told: Told) -> tuple[field.Correction, ...]:
    return tuple(field.Correction(row.at, row.reason, told[row.text]) for row in rows)


def _mark(record: HeldRecord) -> field.ObjectionMark | None:
    if not record.objection_no:
        return None
    return field.ObjectionMark(record.objection_no, _day(record.objection_on), _day(record.objection_due))


def _repair(record: HeldRecord, verdict: Verdict) -> field.RepairOutlook | None:
    asks = record.section in ("penalty", "serious") and record.status == "current"
    if not asks or verdict.period_rule is None or not (verdict.earliest_repair or verdict.end):
        return None
    return field.RepairOutlook(verdict.earliest_repair, verdict.end, verdict.period_rule)


@lru_cache(maxsize=16_384)
def _day(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


def _kind(section: str) -> Literal["serious", "abnormal", "honour"]:
    return "serious" if section == "serious" else "abnormal" if section == "abnormal" else "honour"
