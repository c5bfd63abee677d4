"""The record a row would make."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.field.identifiers import fold_number, recognise
from app.field.masks import mask_id
from server_stub.exchange.checks import state_of
from server_stub.exchange.judged import Judged
from server_stub.exchange.reasons import words
from server_stub.records.facts import RecordFacts

_HAN = re.compile("[\u4e00-\u9fff]").search
_SHORTEST = 15  # places of a person's number
_NO_NUMBERS: set[str] = set()
_FEW = 4096


def facts_of(
    row: Judged, source_no: str, received_at: str, item_code: str = "", sender: str = ""
) -> RecordFacts:
    """Facts for the records room: days in ISO text, a person's number masked, representatives' dropped.

    Without an item a known record stays under the item it has. A form without a column for the authority is
    of its sender.
    """
    provider = row.kind("provider")[1] if row.form.of_kind("provider") else sender
    decided = row.day("date")
    facts: RecordFacts = {
        "subject_key": row.subject_key,
        "section": row.form.section,
        "provider": provider,
        "provider_code": fold_number(row.kind("provider_code")[1]),
        "document_no": row.kind("document")[1],
        "decided_on": decided.isoformat() if decided else "",
        "effect_until": _iso(row, "to"),
        "publicity_end_given": _iso(row, "publicity_end"),
        "classes": row.classes,
        "public_security": any(word in provider for word in words()["police"]["words"]),
        "schema": row.form.schema,
        "source_no": source_no,
        "received_at": received_at,
        "payload": _payload(row),
    }
    if item_code:
        facts["item_code"] = item_code
    if row.form.section == "penalty" and state_of(row) in ("revoked", "invalid"):
        facts["status"] = "annulled"
    if row.form.list:
        facts["list_code"] = row.form.list
    removed = row.day("removed")
    if removed is not None:
        facts["status"], facts["status_on"] = "removed", removed.isoformat()
    return facts


def kept(cells: Sequence[str], id_columns: set[int], dropped: set[int]) -> list[str]:
    """The row for keeping: identity numbers masked everywhere, dropped columns empty."""
    return ["" if at in dropped else _masked(cell, at in id_columns) for at, cell in enumerate(cells)]


def may_be_number(cell: str) -> bool:
    """Whether a cell can be a person's number at all: a Chinese character is never folded into one, and
    nothing short of plain signs is one.
    """
    return len(cell) >= _SHORTEST if cell.isascii() else not _HAN(cell)


def _masked(cell: str, surely: bool) -> str:
    if not surely and (not may_be_number(cell) or not is_number(cell)):
        return cell
    return mask_id(fold_number(cell))


def is_number(cell: str) -> bool:
    """Whether a cell reads as a person's number. Of what is none (codes of authorities come again and again)
    a few are remembered; a person's number is not.
    """
    if cell in _NO_NUMBERS:
        return False
    if recognise(cell).kind == "id_card":
        return True
    if len(_NO_NUMBERS) < _FEW:
        _NO_NUMBERS.add(cell)
    return False


def _payload(row: Judged) -> dict[str, str]:
    payload: dict[str, str] = {}
    for field in row.form.field:
        value = row.values.get(field.code, "")
        if not value or field.kind == "drop":
            continue
        if field.kind == "id_number":
            value = mask_id(fold_number(value))
        day = row.days.get(field.code)
        payload[field.code] = day.isoformat() if day else value
    return payload


def _iso(row: Judged, kind: str) -> str:
    day = row.day(kind)
    return day.isoformat() if day else ""
