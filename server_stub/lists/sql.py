"""The one statement of a screening: a batch of numbers and names, whom they mean, and their list entries; and
the same without what the entries say, to see whether it would still give the same.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from app.field.identifiers import fold_number
from app.field.masks import mask_name
from app.field.records import RegisterCard
from server_stub import statements
from server_stub.records.sql import HeldRecord, columns, records_of
from server_stub.statements import Row

_HEAD = 12  # what stands before the record's own columns
_NEWEST = "LEFT JOIN records_revision v ON v.record_id = r.rec_id AND v.rev = r.rev"
_REC_ID, _REV = (_HEAD + HeldRecord.__struct_fields__.index(name) for name in ("rec_id", "rev"))
Keys = Sequence[tuple[str, str, str]]  # hash of the number, hash of the code inside it, folded name
# engine -> the batch as rows of (place, hash of the number, hash of the code inside it, folded name)
_ASKED = {
    "sqlite": """
        SELECT CAST(key AS INTEGER) AS place, json_extract(value, '$[0]') AS number,
            json_extract(value, '$[1]') AS inner_code, json_extract(value, '$[2]') AS name
        FROM json_each(%s) LIMIT 4096
    """,
    "postgresql": """
        SELECT CAST(n - 1 AS integer) AS place, one->>0 AS number, one->>1 AS inner_code, one->>2 AS name
        FROM json_array_elements(CAST(%s AS json)) WITH ORDINALITY AS batch(one, n) LIMIT 4096
    """,
}
# The limits are beyond any batch. They tell SQLite how few rows come: without them it reads whole tables
# first, to pass over rows sooner.
_SCREEN = """
    WITH asked AS ({asked}),
    inside AS (SELECT place, inner_code FROM asked WHERE inner_code <> '' LIMIT 4096),
    meant AS (
        SELECT a.place, 'number' AS how, i.subject_id AS subject_key, i.valid_from, i.valid_to
        FROM asked a JOIN subjects_identifier i ON i.value_hash = a.number
        WHERE i.value <> ''
        UNION ALL
        SELECT a.place, 'inside', i.subject_id, i.valid_from, i.valid_to
        FROM inside a JOIN subjects_identifier i ON i.value_hash = a.inner_code
        WHERE i.value <> '' AND i.kind = 'org_code' AND EXISTS (
            SELECT 1 FROM subjects_subject u WHERE u.subject_key = i.subject_id AND length(u.code) = 0
        )
        UNION ALL
        SELECT a.place, 'name', n.subject_key, NULL, NULL
        FROM asked a JOIN subjects_subject n ON n.name_folded = a.name
        WHERE a.name <> ''
        UNION ALL
        SELECT a.place, 'former', f.subject_id, NULL, NULL
        FROM asked a JOIN subjects_formername f ON f.name_folded = a.name
        WHERE a.name <> ''
        LIMIT 100000
    )
    SELECT m.place, m.how, m.subject_key, m.valid_from, m.valid_to,
        s.name, s.code, s.state, s.founded, s.representative, s.district,
        (SELECT o.value FROM subjects_identifier o WHERE o.subject_id = s.subject_key AND o.value <> ''
            ORDER BY o.id LIMIT 1),
        {columns}
    FROM meant m
    JOIN subjects_subject s ON s.subject_key = m.subject_key AND s.kind = 'legal'
    LEFT JOIN records_record r ON r.subject_key = m.subject_key
        AND r.section IN ('serious', 'abnormal', 'honour')
    {newest}
    ORDER BY m.place, m.how, m.subject_key, r.rec_id
"""


class Found(msgspec.Struct, frozen=True):
    """One subject that a row of the batch may mean, with one of its list entries or none; `third` are names
    of persons to mask wherever they are written.
    """

    place: int
    how: str
    subject_key: str
    valid_from: date | None
    valid_to: date | None
    card: RegisterCard
    third: tuple[str, ...]
    record: HeldRecord | None
    payload: dict[str, str]


def found(batch: Keys) -> tuple[list[Found], list[Row]]:
    """Everything about a batch, and what `looked` gives of it at the same moment."""
    rows = statements.every(_statement(columns(statements.vendor()), _NEWEST), json.dumps(batch))
    return [_found(row) for row in rows], [(*row[:_HEAD], row[_REC_ID], row[_REV]) for row in rows]


def looked(batch: Keys) -> list[Row]:
    """What everything about a batch hangs on: whom the rows mean, what the register says of them, and the
    revision that each entry stands at. Nothing of a record changes without a new one.
    """
    return statements.every(_statement("r.rec_id, r.rev", ""), json.dumps(batch))


def _statement(columns: str, newest: str) -> str:
    return _SCREEN.format(asked=_ASKED[statements.vendor()], columns=columns, newest=newest)


def _found(row: tuple[Any, ...]) -> Found:
    place, how, subject_key, begins, ends, *identity = row[:_HEAD]
    record = records_of([row[_HEAD:]])[0] if row[_HEAD] is not None else None
    payload: dict[str, str] = json.loads(record.payload) if record else {}
    card = _card(subject_key, *identity)
    third = (identity[4],) if identity[4] else ()
    return Found(place, how, subject_key, _day(begins), _day(ends), card, third, record, payload)


def _card(
    subject_key: str,
    name: str,
    code: str,
    state: str,
    founded: date | str | None,
    representative: str,
    district: str,
    other: str | None,
) -> RegisterCard:
    """Register identity as a list of candidates shows it."""
    return RegisterCard(
        subject_key=subject_key,
        kind="legal",
        name=name,
        code=code or fold_number(other or ""),
        state=state,
        founded=str(founded) if founded else "",
        representative=mask_name(representative),
        district=district,
        matched_name=name,
    )


def _day(value: date | str | None) -> date | None:
    """SQLite gives days as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value
