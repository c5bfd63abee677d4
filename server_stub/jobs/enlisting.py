"""`person`: persons of the population register come in by two members of the staff.

A number stands in the file, or in a line of JSON on standard input; it is no word of any command.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from typing import Any

import msgspec
from django.db import transaction

from app.field.identifier_kinds import exact_kind
from app.field.identifiers import fold_number
from server_stub.accounts import staff
from server_stub.accounts.staff_looks import note_look
from server_stub.evidence.services import append
from server_stub.exchange.persons import services
from server_stub.exchange.persons.correcting import Wrong, correct
from server_stub.exchange.persons.models import PersonBatch
from server_stub.exchange.persons.reading import EARLIER, form
from server_stub.exchange.reasons import reason, words
from server_stub.exchange.returning import write_rows
from server_stub.jobs.exchanging import told, told_progress
from server_stub.subjects.models import Subject
from server_stub.subjects.selectors import find_person

LONGEST_INPUT = 64 * 1024


class Paper(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An earlier document as it is typed."""

    id_type: str
    number: str
    valid_from: str = ""
    valid_to: str = ""


class Right(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is right of a person instead of what the register has; what is left out stays."""

    born: str = ""
    name: str = ""


class Typed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A person as he is typed in; days as in a file. `right` is for a correction alone."""

    name: str
    id_type: str
    number: str
    born: str = ""
    valid_from: str = ""
    state: str = ""
    former: str = ""
    earlier: tuple[Paper, ...] = ()
    right: Right = Right()


def run(words: argparse.Namespace) -> int:
    """Do the act and print what became of it.

    Raises:
        Problem: refused as a whole. LookupError: nobody is found. ValueError: what was typed is not right.
    """
    if words.act == "show":
        sys.stdout.write(json.dumps(_shown(_typed(), words.by), ensure_ascii=False) + "\n")
        return 0
    if words.act == "correct":
        sys.stdout.write(json.dumps(_corrected(_typed(), words), ensure_ascii=False) + "\n")
        return 0
    if words.act == "import":
        batch = services.stage(words.file, by=words.by, progress=told_progress())
    elif words.act in ("add", "document"):
        batch = services.stage_one(_cells(_typed(), words.act), words.act, by=words.by)
    elif words.act == "apply":
        batch = services.apply(words.batch, by=words.by, progress=told_progress())
    elif words.act == "reverse":
        batch = services.reverse(words.batch, by=words.by, why=words.why)
    else:
        batch = services.found(words.batch)
        _noted(batch, words.by)
        count = write_rows(batch, form(), words.file)
        sys.stderr.write(reason("returned", "written", count=count, path=words.file) + "\n")
    card = card_of(batch)
    sys.stdout.write(json.dumps(card, ensure_ascii=False) + "\n" if words.json else _told(batch, card))
    return 0


def card_of(batch: PersonBatch) -> dict[str, Any]:
    """Counts and refused rows as of a department's file; `kept`: rows that a reversal left as they are."""
    refused = batch.rows.filter(state="refused").order_by("number")
    return {
        "batch": batch.batch_no,
        "read": batch.read,
        "accepted": batch.accepted,
        "refused": batch.refused,
        "kept": batch.kept,
        "refused_rows": [
            {"row": row.number, "cell": fault["cell"], "code": fault["code"], "reason": fault["reason"]}
            for row in refused.iterator()
            for fault in row.faults
        ],
    }


def _told(batch: PersonBatch, card: dict[str, Any]) -> str:
    more = reason("batch", "kept", kept=batch.kept) + "\n" if batch.kept else ""
    return told(batch.state, card) + more


def _typed() -> Typed:
    """The person on standard input.

    Raises:
        ValueError: no person; says where, and never a value.
    """
    content = sys.stdin.buffer.read(LONGEST_INPUT + 1)
    if not content.strip() or len(content) > LONGEST_INPUT:
        raise ValueError("the person is read as one JSON object from standard input")
    try:
        return msgspec.json.decode(content, type=Typed)
    except msgspec.MsgspecError as flaw:
        raise ValueError(f"standard input is no person: {flaw}") from None


def _cells(typed: Typed, act: str) -> dict[str, str]:
    """By code of the register's form.

    Raises:
        ValueError: too many earlier documents, or none where a known one is asked for.
    """
    if len(typed.earlier) > len(EARLIER):
        raise ValueError(f"a person is entered with at most {len(EARLIER)} earlier documents")
    if act == "document" and not typed.earlier:
        raise ValueError("a new document comes with one that is known, under `earlier`")
    cells = {
        "RK_XM": typed.name,
        "RK_CYM": typed.former,
        "RK_ZJLX": _word(typed.id_type),
        "RK_ZJHM": typed.number,
        "RK_QYRQ": typed.valid_from,
        "RK_CSRQ": typed.born,
        "RK_ZT": typed.state,
    }
    for number, paper in zip(EARLIER, typed.earlier, strict=False):
        cells |= {
            f"RK_JZJLX{number}": _word(paper.id_type),
            f"RK_JZJHM{number}": paper.number,
            f"RK_JQYRQ{number}": paper.valid_from,
            f"RK_JZZRQ{number}": paper.valid_to,
        }
    return cells


def _word(id_type: str) -> str:
    """A file's word for a kind that was typed as a code; any other word as it is."""
    known = words()["id_types"].get(id_type)
    return str(known[0]) if known else id_type


def _shown(typed: Typed, by: str) -> dict[str, Any]:
    """What the register holds of somebody whose document, number and name the asker knows; a leaf says who
    looked.
    """
    with transaction.atomic():
        staff.require_staff(by)
        _, _, person = _known(typed)
        key, outcome = (person.subject_key, "done") if person else ("", "not-found")
        note_look("person.shown", by, key, outcome=outcome)
    if person is None:
        raise LookupError("the register has nobody with this document, number and name")
    return _card(person)


def _corrected(typed: Typed, words: argparse.Namespace) -> dict[str, Any]:
    """Put a fact of somebody right whose document, number and present name the two know."""
    kind, number, person = _known(typed)
    if person is None:
        raise LookupError("the register has nobody with this document, number and name")
    right = typed.right
    wrong = Wrong(date.fromisoformat(right.born) if right.born else None, right.name)
    done = correct(person, kind, number, wrong, by=words.by, second=words.second, why=words.why)
    person.refresh_from_db()
    facts: dict[str, Any] = msgspec.to_builtins(done)
    return _card(person) | facts


def _known(typed: Typed) -> tuple[str, str, Subject | None]:
    """Kind and number as typed, and who bears or bore them under this name."""
    named = next((one for one, known in words()["id_types"].items() if _word(typed.id_type) in known), "")
    number = fold_number(typed.number)
    kind = exact_kind(named, number) if named and number else ""
    return kind, number, find_person(kind, number, typed.name) if kind else None


def _noted(batch: PersonBatch, by: str) -> None:
    """A leaf says who took the refused rows along, before they are written: names stand in them."""
    with transaction.atomic():
        staff.require_staff(by)
        append(kind="person.refused", user=by, outcome=batch.batch_no)


def _card(person: Subject) -> dict[str, Any]:
    held = person.identifiers.order_by("id").values_list("kind", "valid_from", "valid_to")
    return {
        "name": person.name,
        "former": list(person.former_names.order_by("id").values_list("name", flat=True)),
        "id_type": person.id_type,
        "number": person.number_masked,
        "born": person.born_on.isoformat() if person.born_on else "",
        "state": person.state,
        "existing": person.existing,
        "documents": [
            {"kind": kind, "from": first.isoformat() if first else "", "to": last.isoformat() if last else ""}
            for kind, first, last in held
        ],
    }
