"""From a record and its verdict to what an officer reads: labelled fields, guarded amounts, no persons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Literal

from app.field import records as field
from app.field.masks import mask_name
from app.field.names import printable
from server_stub.records.amounts import MONEY, money_of
from server_stub.records.labels import Label, layouts, word
from server_stub.records.reading import long_term, read_date, without_third_persons
from server_stub.records.sql import Correction, HeldRecord
from server_stub.rules.facts import Verdict
from server_stub.rules.tables_file import ListType


def shown_record(
    record: HeldRecord,
    payload: Mapping[str, str],
    corrections: Sequence[Correction],
    verdict: Verdict,
    names: Sequence[str],
    language: str = "zh_CN",
    on: date | None = None,
) -> field.Record:
    """One record as it leaves the server on the day `on`. `names`: third persons to mask wherever written."""
    layout = layouts()[record.section]
    third = [*names, *(payload.get(label.key, "") for label in layout.fields if label.form == "person")]
    title = next((payload[key] for key in layout.title if payload.get(key)), layout.zh)
    matter = next((payload[key] for key in layout.matter if payload.get(key)), "")
    doubt = money_of(payload).doubt
    licence = record.section == "licence"
    end = read_date(payload.get("XK_YXQZI", "")) if licence else record.effect_until
    return field.Record(
        rec_id=record.rec_id,
        rev=record.rev,
        section=_section(record.section),
        title=without_third_persons(title, third),
        document_no=printable(record.document_no),
        provider=printable(record.provider),
        decided_on=_day(record.decided_on),
        matter=without_third_persons(matter, third),
        valid_from=_day(read_date(payload.get("XK_YXQZ", ""))) if licence else "",
        valid_to="" if long_term(end) else _day(end),
        publicity_end=verdict.end if record.section == "penalty" else "",
        amount_fen=None if doubt else record.amount_fen,
        status=_status(verdict, language, ended=licence and end is not None and on is not None and end < on),
        display=verdict.display if verdict.display in ("show", "mark", "label") else "label",
        why=verdict.rule,
        received_at=record.received_at,
        source_no=record.source_no,
        objection=_mark(record),
        corrections=tuple(field.Correction(row.at, row.reason, row.text) for row in corrections),
        repair=_repair(record, verdict),
        fields=tuple(_fields(record, payload, verdict, third, language)),
        amount_doubt=doubt,
    )


def standing(
    record: HeldRecord,
    payload: Mapping[str, str],
    kind: ListType | None,
    verdict: Verdict,
    measures: tuple[field.Measure, ...],
    names: Sequence[str],
) -> field.Standing:
    """A list entry with the measures on it."""
    reason = (
        payload.get("SX_QX") or payload.get("SX_YY") or payload.get("YC_YY") or payload.get("RY_DJ") or ""
    )
    return field.Standing(
        rec_id=record.rec_id,
        rev=record.rev,
        kind=_kind(record.section),
        list_name=kind.name if kind else shown_title(record, payload),
        authority=printable(record.provider),
        listed_on=_day(record.decided_on),
        until=verdict.end,
        reason=without_third_persons(reason, names),
        document_no=printable(record.document_no),
        year=payload.get("RY_ND", "") or (_day(record.decided_on)[:4] if record.section == "honour" else ""),
        measures=measures,
        objection=_mark(record),
    )


def shown_title(record: HeldRecord, payload: Mapping[str, str]) -> str:
    """What the payload calls the record, else the section's name."""
    layout = layouts()[record.section]
    return printable(next((payload[key] for key in layout.title if payload.get(key)), layout.zh))


def _fields(
    record: HeldRecord, payload: Mapping[str, str], verdict: Verdict, names: Sequence[str], language: str
) -> Iterator[tuple[str, str]]:
    doubt = money_of(payload).doubt
    for label in layouts()[record.section].fields:
        if label.form == "end":
            text = verdict.end
        elif label.form == "wan" and payload.get(label.key) and doubt and label.key in MONEY:
            text = word(f"amount_doubt.{doubt}", language)
        else:
            text = _value(label, payload.get(label.key, ""), names, language)
        if text:
            yield label.words(language), text


def _value(label: Label, raw: str, names: Sequence[str], language: str) -> str:
    text = printable(raw)
    if not text:
        return ""
    if label.form == "date":
        day = read_date(text)
        return word("long_term", language) if long_term(day) else _day(day) or text
    if label.form == "wan":
        return f"{text} {word('wan', language)}"
    if label.form == "person":
        return mask_name(text)
    if label.form == "code":
        return text
    return without_third_persons(text, names)


def _status(verdict: Verdict, language: str, *, ended: bool) -> str:
    """A licence whose time has run out is not in force, though its record stands as it was given."""
    if ended and verdict.state == "current":
        return word("status.ended", language)
    return word(f"status.{verdict.state}", language) or word("status.current", language)


def _mark(record: HeldRecord) -> field.ObjectionMark | None:
    if not record.objection_no:
        return None
    return field.ObjectionMark(record.objection_no, _day(record.objection_on), _day(record.objection_due))


def _repair(record: HeldRecord, verdict: Verdict) -> field.RepairOutlook | None:
    asks = record.section in ("penalty", "serious") and record.status == "current"
    if not asks or verdict.period_rule is None or not (verdict.earliest_repair or verdict.end):
        return None
    return field.RepairOutlook(verdict.earliest_repair, verdict.end, verdict.period_rule)


def _day(day: object) -> str:
    return str(day) if day else ""


def _section(name: str) -> field.Section:
    return next(section for section in field.SECTIONS if section == name)


def _kind(section: str) -> Literal["serious", "abnormal", "honour"]:
    return "serious" if section == "serious" else "abnormal" if section == "abnormal" else "honour"
