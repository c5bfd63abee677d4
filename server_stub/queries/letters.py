"""Authorisation letters: kept with their scan, and held against every query that names one."""

from __future__ import annotations

import base64
import binascii
import hashlib
from datetime import date, datetime, timedelta
from typing import Any, Literal

import msgspec
from django.conf import settings
from django.db import transaction

from app.field.identifiers import eighteen, fold_number
from app.field.names import normalise
from server_stub.accounts.models import Device, Officer
from server_stub.accounts.sealing import pseudonym
from server_stub.config.clock import CITY_ZONE, stamp, today
from server_stub.config.keys import write_secret
from server_stub.errors import Problem
from server_stub.evidence.services import append
from server_stub.queries import ops
from server_stub.queries.errors import not_right, require_text
from server_stub.queries.models import Letter, Query
from server_stub.rules.tables_file import Purpose

LARGEST = 8 * 1024 * 1024
_MARKS = (("pdf", b"%PDF-"), ("png", b"\x89PNG\r\n\x1a\n"), ("jpg", b"\xff\xd8\xff"))


class LetterCard(msgspec.Struct, frozen=True):
    """Letter of docs/PROTOCOL.md."""

    authoriser_name: str
    id_type: str
    id_number: str
    institution: str
    purposes: list[str]
    scope: str
    signed_on: date
    valid_from: date
    valid_to: date
    kind: Literal["single", "continuous"]


def upload(
    officer: Officer, device: Device, op_id: str, card: dict[str, Any], scan_name: str, scan_b64: str
) -> dict[str, Any]:
    """Keep a letter and its scan; the same operation again gives the same letter.

    Raises:
        Problem: `body-invalid`, `attachment-refused` (neither PDF, PNG nor JPEG), `body-too-large`,
            `op-reused`, `text-too-long`, `text-unfit`.
    """
    letter = _read(card)
    scan = _scan(scan_b64)
    media = next((name for name, mark in _MARKS if scan.startswith(mark)), "")
    if not media:
        raise not_right("attachment-refused", "scan_b64", "neither PDF, PNG nor JPEG")
    sha256 = hashlib.sha256(scan).hexdigest()
    body_sha256 = ops.digest_of({"letter": card, "scan_name": scan_name, "scan_sha256": sha256})
    with transaction.atomic():
        stored = ops.find(device.device_id, op_id, body_sha256)
        if stored is not None:
            return dict(stored.response)
        _keep_scan(sha256, scan)
        row = Letter(
            letter_no=ops.running_number("SQ", today().strftime("%Y%m%d")),
            op_id=op_id,
            user=officer.user,
            organisation=officer.organisation_id,
            id_type=letter.id_type,
            number_hash=_number_hash(letter.id_number),
            name_hash=_name_hash(letter.authoriser_name),
            institution=normalise(letter.institution),
            purposes=letter.purposes,
            scope=letter.scope,
            signed_on=letter.signed_on,
            valid_from=letter.valid_from,
            valid_to=letter.valid_to,
            kind=letter.kind,
            sha256=sha256,
            media=media,
            size=len(scan),
            made_at=stamp(),
        )
        row.save(force_insert=True)
        append(
            kind="letter",
            user=officer.user,
            organisation=officer.organisation_id,
            device_id=device.device_id,
            op_id=op_id,
            basis_sha256=sha256,
        )
        answer = {"letter_no": row.letter_no, "sha256": sha256, "valid_to": letter.valid_to.isoformat()}
        ops.keep(device.device_id, op_id, "letter", body_sha256, 200, answer)
    return answer


def find(officer: Officer, letter_no: str, sha256: str) -> Letter:
    """The letter a query names; letters of other organisations do not exist.

    Raises:
        Problem: `letter-needed` when there is no such letter, `letter-mismatch` when its scan is another one.
    """
    row = Letter.objects.filter(letter_no=letter_no, organisation=officer.organisation_id).first()
    if row is None:
        raise Problem("letter-needed", "no such letter")
    if row.sha256 != sha256:
        raise not_right("letter-mismatch", "basis.sha256", "scan")
    return row


def require(
    letter: Letter, officer: Officer, purpose: Purpose, number: str, name: str, case_no: str, on: date
) -> date:
    """Hold a letter against a query; returns the last day it may be used.

    Raises:
        Problem: `letter-mismatch` (person, number or institution), `letter-scope`, `letter-not-yet`,
            `letter-expired`; `letter-used` for a single letter that served another case.
    """
    if letter.number_hash != _number_hash(number):
        raise not_right("letter-mismatch", "subject.number", "number")
    if name and letter.name_hash != _name_hash(name):
        raise not_right("letter-mismatch", "subject.name", "name")
    if letter.institution != normalise(officer.organisation.name):
        raise not_right("letter-mismatch", "letter.institution", "institution")
    if purpose.id not in letter.purposes:
        raise not_right("letter-scope", "purpose", "purpose")
    if on < max(letter.signed_on, letter.valid_from):
        raise not_right("letter-not-yet", "letter.valid_from", "date")
    last = letter.valid_to
    if purpose.letter_days:
        last = min(last, letter.signed_on + timedelta(days=purpose.letter_days))
    if on > last:
        raise not_right("letter-expired", "letter.valid_to", "date")
    if letter.kind == "single":
        _require_first_case(letter, officer, case_no)
    return last


def _require_first_case(letter: Letter, officer: Officer, case_no: str) -> None:
    """A single letter serves one case. Which one and since when is told where that is the officer's own
    organisation's business; another's case number is nobody's to read here.
    """
    served = Query.objects.filter(basis_type="letter", basis_ref=letter.letter_no).exclude(case_no=case_no)
    first = served.order_by("made_at", "query_no").first()
    if first is None:
        return
    problem = not_right("letter-used", "case_no", "single")
    if first.organisation == officer.organisation_id:
        day = datetime.fromisoformat(first.made_at).astimezone(CITY_ZONE).date()
        problem.context |= {"case_no": first.case_no, "used_on": day.isoformat()}
    raise problem


def names(letter: Letter, number: str) -> bool:
    """Whether the letter is given by the holder of this number."""
    return letter.number_hash == _number_hash(number)


def _read(card: dict[str, Any]) -> LetterCard:
    try:
        letter = msgspec.convert(card, LetterCard)
    except msgspec.ValidationError as flaw:
        raise not_right("body-invalid", "letter", str(flaw)) from flaw
    for path in ("authoriser_name", "id_type", "id_number", "institution"):
        if not getattr(letter, path).strip():
            raise not_right("body-invalid", f"letter.{path}", "empty")
    for path in ("authoriser_name", "id_type", "id_number", "institution", "scope"):
        require_text(path, f"letter.{path}", getattr(letter, path))
    for purpose in letter.purposes:
        require_text("purpose", "letter.purposes", purpose)
    if letter.valid_to < max(letter.signed_on, letter.valid_from) or not letter.purposes:
        raise not_right("body-invalid", "letter.valid_to", "dates")
    return letter


def _scan(scan_b64: str) -> bytes:
    try:
        scan = base64.b64decode(scan_b64, validate=True)
    except binascii.Error as flaw:
        raise not_right("body-invalid", "scan_b64", "base64") from flaw
    if len(scan) > LARGEST:
        raise not_right("body-too-large", "scan_b64", "size")
    return scan


def _keep_scan(sha256: str, scan: bytes) -> None:
    folder = settings.HENGXIN_HOME / "letters"
    folder.mkdir(mode=0o700, exist_ok=True)
    if not (folder / sha256).exists():
        write_secret(folder / sha256, scan)


def _number_hash(number: str) -> str:
    return pseudonym(eighteen(fold_number(number)), "letter-number")


def _name_hash(name: str) -> str:
    return pseudonym(normalise(name), "letter-name")
