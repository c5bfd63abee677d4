"""Authorisation letters: a card with the letter's fields and the scan it was read from, checked before use.

`--letter FILE` names either the card (JSON, with `scan` naming the scan beside it) or the scan itself (PDF,
JPEG, PNG) with the card beside it as FILE.json.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import msgspec

from app.field.file_marks import kind_by_mark
from app.field.identifier_kinds import exact_kind, identifier_fault
from app.field.identifiers import document_type, eighteen, fold_number
from app.field.names import normalise
from app.trouble import NotRight
from app.typed import require_text

LARGEST = 8 * 1024 * 1024 * 3 // 4
CARD_LARGEST = 64 * 1024


class LetterCard(msgspec.Struct, frozen=True):
    """What a letter says. Dates are ISO text, `purposes` codes; an enterprise's letter has id_type `uscc`."""

    authoriser_name: str
    id_type: str
    id_number: str
    institution: str
    purposes: tuple[str, ...]
    scope: str
    signed_on: str
    valid_from: str
    valid_to: str
    kind: Literal["single", "continuous"]


class _Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The card as a file: the letter's fields and, in a card that stands alone, the scan's name. A misspelt
    `kind` would silently be a single letter.
    """

    authoriser_name: str
    id_type: str
    id_number: str
    institution: str
    purposes: tuple[str, ...]
    signed_on: str
    valid_from: str
    valid_to: str
    kind: Literal["single", "continuous"] = "single"
    scope: str = ""
    scan: str = ""


@dataclass(frozen=True)
class Letter:
    """A card and its scan, both read and well formed."""

    card: LetterCard
    scan_name: str
    scan: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.scan).hexdigest()


def read_letter(path: Path) -> Letter:
    """A letter by its card or by its scan.

    Raises:
        NotRight: letter.missing, letter.card-missing, letter.card-broken (context `field`),
            letter.scan-missing, letter.scan-type, letter.scan-large; and what `check_card` says.
    """
    if not path.is_file():
        raise NotRight("letter.missing", context={"file": path.name})
    if path.suffix.lower() == ".json":
        card = _read_card(path)
        if not card.scan or Path(card.scan).is_absolute() or ".." in Path(card.scan).parts:
            raise NotRight("letter.scan-missing", context={"file": card.scan})
        scan = path.parent / card.scan
    else:
        beside = path.with_name(path.name + ".json")
        if not beside.is_file():
            raise NotRight("letter.card-missing", context={"file": beside.name})
        card, scan = _read_card(beside), path
    return letter_of(LetterCard(**{name: getattr(card, name) for name in LetterCard.__struct_fields__}), scan)


def letter_of(card: LetterCard, scan: Path) -> Letter:
    """A letter by what somebody says that its scan says.

    Raises:
        NotRight: letter.scan-missing, letter.scan-type, letter.scan-large; and what `check_card` says.
    """
    content = _read_scan(scan)
    card = exact_card(card)
    check_card(card)
    return Letter(card, scan.name, content)


def exact_card(card: LetterCard) -> LetterCard:
    """The card with the exact kind of its document: one word is written on cards of both formats."""
    kind = exact_kind(card.id_type, fold_number(card.id_number))
    return card if kind == card.id_type else msgspec.structs.replace(card, id_type=kind)


def check_card(card: LetterCard) -> None:
    """Whether the card itself holds together, whatever it is used for.

    Raises:
        NotRight: letter.card-broken with the field, letter.dates when the order of the dates is impossible;
            text-too-long, text-unfit with the field.
    """
    for field in ("authoriser_name", "id_number", "institution"):
        if not getattr(card, field).strip():
            raise NotRight("letter.card-broken", context={"field": field})
    for field in ("authoriser_name", "id_type", "id_number", "institution", "scope"):
        require_text(field, getattr(card, field))
    for purpose in card.purposes:
        require_text("purpose", purpose)
    if not card.purposes:
        raise NotRight("letter.card-broken", context={"field": "purposes"})
    number = fold_number(card.id_number)
    if identifier_fault(exact_kind(card.id_type, number), number) is not None:
        raise NotRight("letter.card-broken", context={"field": "id_number"})
    days = {}
    for field in ("signed_on", "valid_from", "valid_to"):
        try:
            days[field] = date.fromisoformat(getattr(card, field))
        except ValueError as flaw:
            raise NotRight("letter.card-broken", context={"field": field}) from flaw
    if not days["signed_on"] <= days["valid_to"] or not days["valid_from"] <= days["valid_to"]:
        raise NotRight("letter.dates")


def check_use(
    card: LetterCard, *, purpose: str, institution: str, id_type: str, name: str, number: str, today: date
) -> None:
    """Whether the letter covers this query; a unit's `id_type` is `uscc`. Empty `name` or `number` are
    not compared.

    Raises:
        NotRight: letter-scope, letter-not-yet, letter-expired, letter-mismatch (problem codes).
    """
    if purpose not in card.purposes:
        raise NotRight("letter-scope", "problem.letter-scope")
    if today < max(date.fromisoformat(card.signed_on), date.fromisoformat(card.valid_from)):
        raise NotRight("letter-not-yet", "problem.letter-not-yet")
    if today > date.fromisoformat(card.valid_to):
        raise NotRight("letter-expired", "problem.letter-expired")
    if normalise(card.institution) != normalise(institution):
        raise NotRight("letter-mismatch", "letter-mismatch.institution")
    if document_type(card.id_type) != document_type(id_type):
        raise NotRight("letter-mismatch", "letter-mismatch.id_type")
    if name and normalise(card.authoriser_name) != normalise(name):
        raise NotRight("letter-mismatch", "letter-mismatch.name")
    if number and eighteen(fold_number(card.id_number)) != eighteen(fold_number(number)):
        raise NotRight("letter-mismatch", "letter-mismatch.number")


def _read_card(path: Path) -> _Card:
    raw = path.read_bytes()[: CARD_LARGEST + 1]
    if len(raw) > CARD_LARGEST:
        raise NotRight("letter.card-broken", context={"field": "size"})
    try:
        return msgspec.json.decode(raw, type=_Card)
    except msgspec.ValidationError as flaw:
        raise NotRight("letter.card-broken", context={"field": _field_of(str(flaw))}) from flaw
    except msgspec.DecodeError as flaw:
        raise NotRight("letter.card-broken", context={"field": "json"}) from flaw


def _field_of(message: str) -> str:
    """The field that a validation message speaks of: the missing or the unknown one, else the path."""
    quoted = message.split("`")
    if ("missing required field" in message or "unknown field" in message) and len(quoted) > 1:
        return quoted[1]
    return quoted[-2].removeprefix("$.") if len(quoted) > 2 else "json"


def _read_scan(scan: Path) -> bytes:
    if not scan.is_file():
        raise NotRight("letter.scan-missing", context={"file": scan.name})
    if scan.stat().st_size > LARGEST:
        raise NotRight("letter.scan-large", context={"file": scan.name, "limit": LARGEST // 1024 // 1024})
    content = scan.read_bytes()
    if not kind_by_mark(content):
        raise NotRight("letter.scan-type", context={"file": scan.name})
    return content
