"""One change of one record: new revision, feed row and leaf, together or not at all."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any, cast

from django.db import transaction

from server_stub.catalogue.selectors import current
from server_stub.config import clock
from server_stub.evidence import services as evidence
from server_stub.feed import services as feed
from server_stub.records import errors
from server_stub.records.amounts import MONEY, money_of
from server_stub.records.asking import item_of, time_over, withheld
from server_stub.records.facts import DATES, PLAIN, RecordFacts, columns_of
from server_stub.records.history import replaced_by
from server_stub.records.labels import layouts
from server_stub.records.models import Record, Revision
from server_stub.records.permitting import permit
from server_stub.records.reading import fold_document_no, read_date
from server_stub.records.telling import tell

_KNOWN = {*DATES, *PLAIN, "classes"}


def new_id() -> str:
    """A record id: R and 25 random letters and digits."""
    return "R" + base64.b32encode(secrets.token_bytes(16)).decode()[:25]


def typed(facts: RecordFacts) -> dict[str, Any]:
    """The columns of a new record: as given, and from the payload where the source gave no column.

    Raises:
        Problem: `body-invalid` for an unknown section or fact, an empty subject, a date that is none.
    """
    section, payload = facts["section"], facts["payload"]
    unknown = set(facts) - _KNOWN - {"rec_id", "payload"}
    if section not in layouts() or unknown or not facts["subject_key"]:
        raise errors.not_facts("section", f"section {section!r}, unknown facts {sorted(unknown)}")
    given = {**_from_payload(section, payload), **_columns(facts)}
    if given.get("amount_fen") is None:
        given["amount_fen"] = money_of(payload).fen
    given["document_no_folded"] = fold_document_no(given.get("document_no", ""))
    given["received_at"] = given.get("received_at") or clock.stamp()
    return given


def changed(record: Record, changes: Mapping[str, Any], payload: Mapping[str, str]) -> dict[str, Any]:
    """The columns a correction touches; a column follows its field where only the field is named."""
    columns = {name: value for name, value in changes.items() if name not in ("payload", "fields")}
    unknown = set(columns) - _KNOWN
    if unknown:
        raise errors.not_facts("changes", f"unknown facts {sorted(unknown)}")
    given = _columns(cast(RecordFacts, columns))
    touched = changes.get("payload") or changes.get("fields") or {}
    followed = _from_payload(record.section, {key: payload.get(key, "") for key in touched})
    given = {**followed, **given}
    if "amount_fen" not in columns and any(key in touched for key in (*MONEY, "CF_NR", "CF_JG")):
        given["amount_fen"] = money_of(payload).fen
    if "document_no" in given:
        given["document_no_folded"] = fold_document_no(given["document_no"])
    return given


def _columns(facts: RecordFacts) -> dict[str, Any]:
    try:
        return columns_of(facts)
    except ValueError as flaw:
        raise errors.not_facts("facts", str(flaw)) from flaw


def _from_payload(section: str, payload: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for label in layouts()[section].fields:
        text = payload.get(label.key, "").strip()
        if label.column and text:
            found[label.column] = read_date(text) if label.form in ("date", "end") else text
    return found


def revision(
    record: Record,
    payload: str,
    reason: str,
    by: str,
    text: str = "",
    replaced: Mapping[str, Any] | None = None,
) -> Revision:
    """The unsaved revision row a record comes to; `replaced` are columns it changed, as they stood before."""
    return Revision(
        record=record,
        rev=record.rev,
        payload=payload,
        digest=hashlib.sha256(payload.encode()).hexdigest(),
        replaced=dict(replaced or {}),
        reason=reason,
        text=text,
        at=clock.stamp(),
        by=by,
    )


def as_text(payload: Mapping[str, str]) -> str:
    """The payload as it is kept: JSON, keys in the order received."""
    return json.dumps(dict(payload), ensure_ascii=False)


def locked(rec_id: str, rev: int | None = None) -> Record:
    """The record under its row lock.

    Raises:
        Problem: `not-found`; `rev-conflict` when it is not at `rev`.
    """
    record = Record.objects.select_for_update().filter(pk=rec_id).first()
    if record is None:
        raise errors.no_record(rec_id)
    if rev is not None and record.rev != rev:
        raise errors.changed_meanwhile(record.rev)
    return record


def newest(record: Record) -> Revision:
    """The revision the record stands at."""
    return Revision.objects.get(record=record, rev=record.rev)


def advance(
    record: Record,
    columns: Mapping[str, Any],
    *,
    reason: str,
    by: str,
    op: str,
    feed_reason: str = "",
    text: str = "",
    payload: str | None = None,
    body: dict[str, Any] | None = None,
    quietly: bool = False,
) -> int:
    """Write the next revision of a locked record with its feed row and leaf, and tell the rooms that show
    the one before (`quietly`: somebody tells them of all records of a subject at once); returns its number.

    Raises:
        Problem: when a room above does not permit it (`permitting`).
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a revision belongs into a transaction")
    permit(record.rec_id, reason)
    kept = newest(record).payload if payload is None else payload
    replaced = replaced_by(record, columns)
    for name, value in columns.items():
        setattr(record, name, value)
    record.rev += 1
    # a mark tells of no end: what ran out before it stays for the sweep
    today, held = clock.today(), current()
    over = bool(time_over(record, today, item_of(record, today, held)))
    record.over_told = over and (op == "revoke" or record.over_told)
    if op == "revoke":
        record.withheld_told = withheld(record, today, held)
    record.save()
    revision(record, kept, reason, by, text, replaced).save(force_insert=True)
    feed.announce(
        record.subject_key,
        rec_id=record.rec_id,
        rev=record.rev,
        op=op,
        reason=feed_reason or reason,
        body=body,
    )
    told(record, reason, by, kept)
    if not quietly:
        tell(record.rec_id, record.rev - 1)
    return record.rev


def told(record: Record, reason: str, by: str, payload: str) -> None:
    """The leaf of one change by the server."""
    evidence.append(
        kind=f"record.{reason}",
        source="server",
        user=by,
        subject_key=record.subject_key,
        records_sha256=hashlib.sha256(payload.encode()).hexdigest(),
        outcome=f"done:{record.rec_id}:{record.rev}",
    )
