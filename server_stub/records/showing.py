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
from server_stub.records.labels import layouts, word
from server_stub.records.reading import long_term, read_date
from server_stub.records.sql import Correction, HeldRecord
from server_stub.records.third_persons import Masks, Told, masks_of, naming
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
    layout = layouts()[record.section]
    title = _title(record.section, payload)
    matter = _first_of(payload, layout.matter)
    doubt = money_of(payload).doubt if _has_money(payload) else ""
    licence = record.section == "licence"
    end = read_date(payload.get("XK_YXQZI", "")) if licence else record.effect_until
    ended = end is not None and on is not None and end < on
    # what is not published has no last day of it, whatever its tier would have given
    shown_until = "" if verdict.state == "unpublished" else verdict.end
    return field.Record(
        rec_id=record.rec_id,
        rev=record.rev,
        section=_section(record.section),
        title=told[title],
        document_no=told[record.document_no],
        provider=told[record.provider],
        decided_on=_day(record.decided_on),
        matter=told[matter],
        valid_from=_day(read_date(payload.get("XK_YXQZ", ""))) if licence else "",
        valid_to="" if long_term(end) else _day(end),
        publicity_end=shown_until if record.section == "penalty" else "",
        amount_fen=None if doubt else record.amount_fen,
        status=_status(verdict, language, ended=_ENDED.get(record.section, "") if ended else ""),
        display=verdict.display if verdict.display in ("show", "mark", "label") else "label",
        why=verdict.rule,
        received_at=record.received_at,
        source_no=record.source_no,
        objection=_mark(record),
        corrections=tuple(field.Correction(row.at, row.reason, told[row.text]) for row in corrections),
        repair=_repair(record, verdict),
        fields=_fields(record.section, payload, shown_until, told, doubt, language),
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
    return {text for key in _naming(section, tuple(payload)) if (text := payload[key])}


@lru_cache(maxsize=2048)
def _naming(section: str, keys: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the fields that name persons, by the record's layout or by their own name."""
    return (*naming(keys), *(key for key in layouts()[section].persons if key in keys))


def _title(section: str, payload: Mapping[str, str]) -> str:
    """What the payload calls the record, else the section's name."""
    layout = layouts()[section]
    return _first_of(payload, layout.title) or layout.zh


def _first_of(payload: Mapping[str, str], keys: Sequence[str]) -> str:
    for key in keys:
        if found := payload.get(key):
            return found
    return ""


def _has_money(payload: Mapping[str, str]) -> bool:
    """Without an amount there is none to doubt."""
    fine, gain = MONEY
    return bool(payload.get(fine, "").strip() or payload.get(gain, "").strip())


def _fields(
    section: str, payload: Mapping[str, str], shown_until: str, told: Told, doubt: str, language: str
) -> tuple[tuple[str, str], ...]:
    shown = []
    for key, form, words in _present(section, language == "en", tuple(payload)):
        raw = payload.get(key, "")
        if form == "end":
            text = shown_until
        elif not raw:
            continue
        elif form == "text":
            text = told[raw]
        elif form == "date" and _is_day(raw):
            text = raw
        elif form == "wan" and doubt and key in MONEY:
            text = word(f"amount_doubt.{doubt}", language)
        else:
            text = _value(form, raw, told, language)
        if text:
            shown.append((words, text))
    return tuple(shown)


@lru_cache(maxsize=2048)
def _present(section: str, english: bool, keys: tuple[str, ...]) -> tuple[tuple[str, str, str], ...]:
    """What is printed of a record with these fields; records of one form have the same ones."""
    return tuple(row for row in layouts()[section].printed[english] if row[1] == "end" or row[0] in keys)


def _value(form: str, raw: str, told: Told, language: str) -> str:
    """A field that holds no running text by its form; a department may have written some into it anyway."""
    if form == "person":
        return mask_name(printable(raw))
    if form == "code" and _is_code(raw):
        return raw
    text = told[raw]
    if not text:
        return ""
    if form == "date":
        day = read_date(text)
        return word("long_term", language) if long_term(day) else _day(day) or text
    if form == "wan":
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


def _status(verdict: Verdict, language: str, *, ended: str) -> str:
    """A licence whose time has run out is not in force, though its record stands as it was given (`ended`); a
    penalty whose effect is over is no more than still published (`showing`).
    """
    if ended and verdict.state == "current":
        return word(f"status.{ended}", language)
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
    return str(day) if day is not None else ""


def _section(name: str) -> field.Section:
    return _SECTIONS[name]


def _kind(section: str) -> Literal["serious", "abnormal", "honour"]:
    return "serious" if section == "serious" else "abnormal" if section == "abnormal" else "honour"
