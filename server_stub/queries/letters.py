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

from app.field.file_marks import kind_by_mark
from app.field.identifiers import document_type, eighteen, fold_number
from app.field.names import normalise
from server_stub.accounts.models import Device, Officer
from server_stub.accounts.sealing import pseudonym
from server_stub.config.clock import CITY_ZONE, stamp, today
from server_stub.config.keys import write_secret
from server_stub.errors import Problem
from server_stub.evidence.services import append
from server_stub.inert import pdf_flaw
from server_stub.queries import ops
from server_stub.queries.errors import not_right, require_text
from server_stub.queries.models import Letter, Query
from server_stub.rules.tables_file import Purpose

UNIT = "uscc"
LARGEST = 8 * 1024 * 1024
OFFICIAL = "official-letters"  # the folder of their scans


class LetterCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Letter of docs/PROTOCOL.md. A misspelt member would silently be none."""

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


class Document(msgspec.Struct, frozen=True):
    """By what a query names its subject; a unit's `id_type` is UNIT, its name is not compared."""

    id_type: str
    number: str
    name: str = ""


def upload(
    officer: Officer, device: Device, op_id: str, card: dict[str, Any], scan_name: str, scan_b64: str
) -> dict[str, Any]:
    """Keep a letter and its scan. One scan is one letter of an organisation: handed in again with the same
    card, by whoever of its officers, it has the number it has.

    Raises:
        Problem: `body-invalid`, `attachment-refused` (as `keep_scan`), `body-too-large`, `op-reused`,
            `text-too-long`, `text-unfit`; `letter-known` (context letter_no) when this scan is known with
            another card; `letter-mismatch` when the card names another institution than the officer's.
    """
    letter = _read(card)
    scan = _scan(scan_b64)
    sha256 = hashlib.sha256(scan).hexdigest()
    body_sha256 = ops.digest_of({"letter": card, "scan_name": scan_name, "scan_sha256": sha256})
    with transaction.atomic():
        stored = ops.find(device.device_id, op_id, body_sha256)
        if stored is not None:
            return dict(stored.response)
        row = _known(officer, letter, sha256) or _new(officer, letter, op_id, sha256, scan)
        keep_scan(sha256, scan)
        append(
            kind="letter",
            user=officer.user,
            organisation=officer.organisation_id,
            device_id=device.device_id,
            op_id=op_id,
            basis_sha256=sha256,
        )
        answer = {"letter_no": row.letter_no, "sha256": sha256, "valid_to": row.valid_to.isoformat()}
        ops.keep(device.device_id, op_id, "letter", body_sha256, 200, answer)
    return answer


def _new(officer: Officer, letter: LetterCard, op_id: str, sha256: str, scan: bytes) -> Letter:
    """A card for another institution serves no query here: said before the scan is bound to it."""
    _require_for(officer, normalise(letter.institution))
    row = Letter(
        letter_no=ops.running_number("SQ", today().strftime("%Y%m%d")),
        op_id=op_id,
        user=officer.user,
        organisation=officer.organisation_id,
        sha256=sha256,
        media=kind_by_mark(scan),
        size=len(scan),
        made_at=stamp(),
        **_said(letter),
    )
    row.save(force_insert=True)
    return row


def _known(officer: Officer, letter: LetterCard, sha256: str) -> Letter | None:
    """The letter this scan has been before, when its card says the same. Who mistyped a card scans the paper
    anew: a card that could be rewritten would make one signature good for anything. A card that was kept for
    another institution and on which nobody asked binds nothing.
    """
    rows = Letter.objects.filter(organisation=officer.organisation_id, sha256=sha256)
    named = list(rows.values_list("letter_no", flat=True))
    if not Query.objects.filter(basis_type="letter", basis_ref__in=named).exists():
        rows = rows.filter(institution=normalise(officer.organisation.name))
    first = rows.order_by("made_at", "letter_no").first()
    if first is None:
        return None
    kept = {name: getattr(first, name) for name in _said(letter)}
    now = _folded(_said(letter))
    differing = [name for name, value in _folded(kept).items() if value != now[name]]
    if differing:
        problem = not_right("letter-known", f"letter.{differing[0]}", "card")
        problem.context |= {"letter_no": first.letter_no}
        raise problem
    return first


def _said(letter: LetterCard) -> dict[str, Any]:
    """What a card says, in the form of its row."""
    return {
        "id_type": letter.id_type,
        "number_hash": _number_hash(letter.id_number),
        "name_hash": _name_hash(letter.authoriser_name),
        "institution": normalise(letter.institution),
        "purposes": letter.purposes,
        "scope": letter.scope,
        "signed_on": letter.signed_on,
        "valid_from": letter.valid_from,
        "valid_to": letter.valid_to,
        "kind": letter.kind,
    }


def _folded(said: dict[str, Any]) -> dict[str, Any]:
    """Without what makes no other letter: order of purposes, form of a resident number, blanks."""
    return said | {
        "id_type": document_type(said["id_type"]),
        "purposes": sorted(set(said["purposes"])),
        "scope": normalise(said["scope"]),
    }


def find(officer: Officer, letter_no: str, sha256: str) -> Letter:
    """The letter a query names; letters of other organisations do not exist.

    Raises:
        Problem: `letter-needed` when there is no such letter, `letter-mismatch` when its scan is another one.
    """
    row = Letter.objects.filter(letter_no=letter_no, organisation=officer.organisation_id).first()
    if row is None:
        raise Problem("letter-needed", "no such letter")
    if row.sha256 != sha256:
        raise _mismatch("basis.sha256", "scan")
    return row


def require(
    letter: Letter, officer: Officer, purpose: Purpose, document: Document, case_no: str, on: date
) -> date:
    """Hold a letter against a query; returns the last day it may be used.

    Raises:
        Problem: `letter-mismatch` (kind of document, number, name or institution), `letter-scope`,
            `letter-not-yet`, `letter-expired`; `letter-used` for a single letter that served another case.
    """
    if document_type(letter.id_type) != document_type(document.id_type):
        raise _mismatch("subject.id_type", "id_type")
    if letter.number_hash != _number_hash(document.number):
        raise _mismatch("subject.number", "number")
    if document.name and letter.name_hash != _name_hash(document.name):
        raise _mismatch("subject.name", "name")
    _require_for(officer, letter.institution)
    if purpose.id not in letter.purposes:
        raise not_right("letter-scope", "purpose", "purpose")
    if on < max(letter.signed_on, letter.valid_from):
        raise not_right("letter-not-yet", "letter.valid_from", "date")
    last = letter.valid_to
    if purpose.letter_days:
        last = min(last, letter.signed_on + timedelta(days=purpose.letter_days))
    if on > last:
        raise not_right("letter-expired", "letter.valid_to", "date")
    same = Letter.objects.filter(organisation=letter.organisation, sha256=letter.sha256)
    numbers = dict(same.values_list("letter_no", "kind"))
    if "single" in numbers.values():
        _require_first_case(list(numbers), officer, case_no)
    return last


def _mismatch(path: str, why: str) -> Problem:
    """In which part letter and query differ; what stands in the letter is on its scan, and said to nobody."""
    problem = not_right("letter-mismatch", path, why)
    problem.context |= {"why": why}
    return problem


def _require_for(officer: Officer, institution: str) -> None:
    if institution != normalise(officer.organisation.name):
        raise _mismatch("letter.institution", "institution")


def _require_first_case(numbers: list[str], officer: Officer, case_no: str) -> None:
    """A single letter serves one case, whatever numbers its scan was given. Which one and since when is told
    where that is the officer's own organisation's business; another's case number is nobody's to read here.
    """
    served = Query.objects.filter(basis_type="letter", basis_ref__in=numbers).exclude(case_no=case_no)
    first = served.order_by("made_at", "query_no").first()
    if first is None:
        return
    problem = not_right("letter-used", "case_no", "single")
    if first.organisation == officer.organisation_id:
        day = datetime.fromisoformat(first.made_at).astimezone(CITY_ZONE).date()
        problem.context |= {"case_no": first.case_no, "used_on": day.isoformat()}
    raise problem


def names_unit(letter: Letter, code: str) -> bool:
    """Whether the letter is given by the unit with this code."""
    return letter.id_type == UNIT and letter.number_hash == _number_hash(code)


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


def keep_scan(sha256: str, scan: bytes, place: str = "letters") -> None:
    """The bytes of a letter in a folder of the home, by their digest: evidence that everybody can read.

    Raises:
        Problem: `attachment-refused` with the reason: type, active, damaged, encrypted.
    """
    media = kind_by_mark(scan)
    flaw = "type" if not media else pdf_flaw(scan) if media == "pdf" else ""
    if flaw:
        raise not_right("attachment-refused", "scan_b64", flaw)
    folder = settings.HENGXIN_HOME / place
    folder.mkdir(mode=0o700, exist_ok=True)
    if not (folder / sha256).exists():
        write_secret(folder / sha256, scan)


def _number_hash(number: str) -> str:
    return pseudonym(eighteen(fold_number(number)), "letter-number")


def _name_hash(name: str) -> str:
    return pseudonym(normalise(name), "letter-name")
