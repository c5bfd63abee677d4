"""From the cells of a row to a person by digests, or the reasons why not. The register is not asked here.

Who of them is a minor is no question of this room: minors are registered like everybody, for by their date of
birth they are protected. So nobody comes in without one, and two that disagree are refused.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping as Cells
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import pairwise

import msgspec

from app.field.identifier_kinds import exact_kind, identifier_fault
from app.field.identifiers import born_on, fold_number
from app.field.names import normalise, printable
from server_stub.exchange.checks import judge_cell
from server_stub.exchange.dates import LONG_TERM, DateRefused, read_day, read_end
from server_stub.exchange.judged import Judged
from server_stub.exchange.mapping import Field, Mapping
from server_stub.exchange.reasons import words
from server_stub.subjects.keying import number_digest, route_key
from server_stub.subjects.persons import Document, Person, document

EARLIEST_BIRTH = 1850
EARLIER = ("1", "2", "3")  # of earlier documents
_NAMES = re.compile("[、，,;；]")
_MANY_DIGITS = 6  # no name has so many; a number that slipped into its column has
_PRESENT = ("RK_ZJLX", "RK_ZJHM", "RK_QYRQ", "")


class Read(msgspec.Struct, frozen=True):
    """A person of a row: under which key a new one is registered, and the digest that is sealed for partners
    (`keying.number_digest` of the present number).
    """

    person: Person
    subject_key: str
    digest: bytes


class _Paper(msgspec.Struct, frozen=True):
    """A document in the clear, for as long as its row is read."""

    kind: str
    number: str
    at: str
    kept: Document


@cache
def form() -> Mapping:
    """The register's form (form.toml)."""
    text = files("server_stub.exchange.persons").joinpath("form.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Mapping)


def read(cells: Cells[str, str], today: date) -> tuple[Judged, Read | None]:
    """What a row says, by code of the form; without a person its faults say why."""
    row = Judged(form(), {code: value.strip() for code, value in cells.items()})
    for field in form().field:
        if field.kind in ("name", "id_type", "id_number"):
            judge_cell(row, field, row.values.get(field.code, ""))
    if holds_number(row.values.get("RK_XM", "")):
        row.refuse("RK_XM", "person-name-number")
    names = _names(row)
    papers = _papers(row, today)
    born = _born(row, papers, today)
    state, existing = _state(row)
    if not row.ok or born is None or not papers:
        return row, None
    shown = papers[0]
    person = Person(
        name=printable(row.values["RK_XM"]),
        born=born,
        documents=tuple(paper.kept for paper in papers),
        former=names,
        existing=existing,
        state=state,
    )
    key = route_key("person", shown.number, shown.kind)
    return row, Read(person, key, number_digest("person", shown.number, shown.kind))


def holds_number(text: str) -> bool:
    """Whether the text has six digits or more, of any width and whatever stands between them: a person's
    number then may be one of its parts.
    """
    return sum(sign.isdecimal() for sign in normalise(text)) >= _MANY_DIGITS


def _names(row: Judged) -> tuple[str, ...]:
    """Names borne before, each once and without the present one."""
    value = row.values.get("RK_CYM", "")
    if value in words()["dates"]["nothing"]:
        return ()
    field = _field("RK_CYM")
    judge_cell(row, msgspec.structs.replace(field, kind="name"), value)
    if holds_number(value):
        row.refuse("RK_CYM", "person-name-number")
    own = normalise(row.values.get("RK_XM", ""))
    given = {normalise(one): printable(one).strip() for one in _NAMES.split(value)}
    if any(len(one) > _field("RK_XM").length for one in given.values()):
        row.refuse("RK_CYM", "too-long", limit=_field("RK_XM").length)
    return tuple(name for folded, name in given.items() if folded and folded != own)


def _papers(row: Judged, today: date) -> list[_Paper]:
    """The present document, then the earlier ones; the same number stands there once."""
    groups = [_PRESENT, *((f"RK_JZJLX{n}", f"RK_JZJHM{n}", f"RK_JQYRQ{n}", f"RK_JZZRQ{n}") for n in EARLIER)]
    found: list[_Paper] = []
    for group in groups:
        paper = _paper(row, group, today)
        if paper is not None and all(paper.kept.number_hash != one.kept.number_hash for one in found):
            found.append(paper)
        elif paper is not None and paper.kind == found[0].kind:
            row.refuse(paper.at, "person-document-twice")
    return found if found and found[0].at == _PRESENT[1] else []


def _paper(row: Judged, group: tuple[str, str, str, str], today: date) -> _Paper | None:
    kind_at, number_at, from_at, to_at = group
    word, number = row.values.get(kind_at, ""), fold_number(row.values.get(number_at, ""))
    first, last = _day(row, from_at), _day(row, to_at, end=True)
    if not word and not number:
        if first or last:
            row.refuse(number_at, "id-missing")
        return None
    named = next((one for one, known in words()["id_types"].items() if word in known), "")
    if not named:
        row.refuse(kind_at, "person-kind" if word else "id-missing")
    if not number:
        row.refuse(number_at, "id-missing")
    if not named or not number or not _right_days(row, group, first, last, today):
        return None
    kind = exact_kind(named, number)
    if identifier_fault(kind, number) is not None:
        row.refuse(number_at, "id-invalid")
    if any(fault.field in group for fault in row.faults):
        return None
    return _Paper(kind, number, number_at, document(kind, number, first, last))


def _right_days(
    row: Judged, group: tuple[str, str, str, str], first: date | None, last: date | None, today: date
) -> bool:
    """A document has begun; an earlier one may end on a day to come, but not before it began."""
    if first and first > today:
        row.refuse(group[2], "person-day-future")
    if first and last and last < first:
        row.refuse(group[3], "date-order")
    return not any(fault.field in group[2:] for fault in row.faults)


def _day(row: Judged, at: str, *, end: bool = False) -> date | None:
    value = row.values.get(at, "") if at else ""
    try:
        day = (read_end if end else read_day)(value) if value else None
    except DateRefused as refused:
        row.refuse(at, refused.why)
        return None
    return None if day == LONG_TERM else day


def _born(row: Judged, papers: list[_Paper], today: date) -> date | None:
    """The one day on which file and numbers agree.

    A number that holds a date of birth proves it; where none does, the file has to say it. Two that disagree
    are refused, for one of them may make an adult of a minor.
    """
    value, told = row.values.get("RK_CSRQ", ""), None
    try:
        told = read_day(value, EARLIEST_BIRTH) if value else None
    except DateRefused as refused:
        row.refuse("RK_CSRQ", refused.why)
        return None
    given = [(paper.at, born_on(paper.number)) for paper in papers if _proves(paper)]
    births = [("RK_CSRQ", told), *given]
    known = [(at, day) for at, day in births if day is not None]
    if not known:
        if papers:
            row.refuse("RK_CSRQ", "person-born-missing")
        return None
    for (_, one), (at, other) in pairwise(known):
        if one != other:
            row.refuse(at, "person-born")
    born = known[0][1]
    if born > today:
        row.refuse(known[0][0], "person-born-future")
    return born


def _proves(paper: _Paper) -> bool:
    """Whether this kind of document bears the date of birth in its number."""
    return paper.kind in ("resident_id", "resident_id_15", "residence_permit")


def _state(row: Judged) -> tuple[str, bool]:
    """The register's word in one form, and whether the person lives; an empty cell says nothing."""
    value = row.values.get("RK_ZT", "")
    if value in words()["dates"]["nothing"]:
        return "", True
    for meaning, known in words()["person_states"].items():
        if value in known:
            return str(known[0]), meaning == "alive"
    row.refuse("RK_ZT", "person-state")
    return "", True


def _field(code: str) -> Field:
    return next(field for field in form().field if field.code == code)
