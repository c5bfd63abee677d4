"""The dated tables as frozen rows, read once from TOML. A table that does not fit stops the start."""

from __future__ import annotations

import hashlib
import tomllib
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

from app.field.law_fields import LawField, read_law_fields
from app.field.records import RuleRef
from app.field.templates import Template, read_templates
from app.field.working_days import Calendar, read_calendar

FOLDER = Path(__file__).parent / "tables"
SHARED = Path(__file__).parents[2] / "resources" / "tables"
CALENDAR = SHARED / "calendar.toml"
Display = Literal["show", "mark", "label", "hide", "archive"]


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every rule row says: from when to when (inclusive), on what ground, by whose hands."""

    id: str
    effective_from: date
    basis: str
    entered_by: str
    approved_by: str
    version: int
    effective_to: date | None = None
    text: str = ""

    def in_force(self, on: date) -> bool:
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)


class Publicity(Row, frozen=True, kw_only=True):
    channel: Literal["platform", "samr_site"]
    min_months: int
    max_months: int
    start: Literal["decision", "determination", "publication"]
    sections: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    only_classes: tuple[str, ...] = ()
    no_early_classes: tuple[str, ...] = ()
    published: bool = True
    longer_with_effect: bool = False


class TierRule(Row, frozen=True, kw_only=True):
    tier: Literal["minor", "general", "serious", "specified"]
    any_classes: tuple[str, ...] = ()
    only_classes: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    min_fen: int | None = None
    max_fen: int | None = None


class DisplayRule(Row, frozen=True, kw_only=True):
    states: tuple[str, ...]
    display: Display
    report_types: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


class PolicyRule(Row, frozen=True, kw_only=True):
    word: str = ""
    number: int = 0
    day: date | None = None


class ListType(Row, frozen=True, kw_only=True):
    kind: Literal["serious", "abnormal", "honour"]
    name: str
    manager: str
    term_months: int
    early_months: int = 0
    no_term_grounds: tuple[str, ...] = ()
    removal_days: int = 0
    hide_after_until: bool = False


class MeasureRule(Row, frozen=True, kw_only=True):
    group: Literal["I", "II", "III"]
    lists: tuple[str, ...]
    body: str
    kinds: tuple[str, ...] = ()
    text_bank: str = ""
    text_government: str = ""

    def words_for(self, kind: str) -> str:
        """The measure worded for an organisation of this kind."""
        return {"bank": self.text_bank, "government": self.text_government}.get(kind, "") or self.text


class Deadline(Row, frozen=True, kw_only=True):
    place: str
    procedure: str
    step: str
    days: int
    unit: Literal["working", "calendar"]


class Mode(Row, frozen=True, kw_only=True):
    mode: Literal["open", "sharing", "authorised"]
    sections: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


class Access(Row, frozen=True, kw_only=True):
    modes: tuple[str, ...]
    roles: tuple[str, ...] = ()
    grounds: tuple[str, ...] = ()


class Retention(Row, frozen=True, kw_only=True):
    sections: tuple[str, ...]
    months: int
    counted_from: Literal["end_of_act", "end_of_listing"] = "end_of_act"


class Code(Row, frozen=True, kw_only=True):
    list: str
    schema: str
    value: str
    means: str


class Purpose(Row, frozen=True, kw_only=True):
    """Why an officer may ask. `id` is the code on the wire. `official_letter`: on a letter alone that the
    centre admitted (queries/official.py), one subject at a time. `own_person_roles`: who may ask about a
    person on the person's own ground, because the person stands at their window with an identity card,
    or with the person's letter for this purpose.
    """

    zh: str
    en: str
    roles: tuple[str, ...]
    grounds_person: tuple[str, ...]
    evidence_zh: str
    evidence_en: str
    letter_days: int = 0
    letter_enterprise_roles: tuple[str, ...] = ()
    own_person_roles: tuple[str, ...] = ()
    official_letter: bool = False

    def document_for_person(self, role: str) -> bool:
        """Whether a role asks about a person on the identity document that the person shows."""
        return "own" in self.grounds_person and role in self.own_person_roles

    @property
    def letter_for_person(self) -> bool:
        """Whether only the person's own letter opens a query about a person."""
        return self.grounds_person == ("letter",)

    def letter_for_enterprise(self, role: str) -> bool:
        return role in self.letter_enterprise_roles


class Telling(Row, frozen=True, kw_only=True):
    """Whether a subject is told of a query for one of these purposes (none: any), and after how many days.
    `by_letter`: where an official letter carried the query, after the last day of silence set for the letter.
    """

    purposes: tuple[str, ...]
    told: bool
    after_days: int = 0
    by_letter: bool = False


class ObjectionKind(Row, frozen=True, kw_only=True):
    kind: Literal["objection", "data_error"]
    roles: tuple[str, ...]
    letter: bool
    clock: bool


class RepairKind(Row, frozen=True, kw_only=True):
    """What may be applied for; `papers` are the checks that a paper has to prove."""

    zh: str
    en: str
    effect: Literal["end", "note", "shield"]
    roles: tuple[str, ...]
    papers: tuple[str, ...]
    needs_day: bool


class RepairPaper(Row, frozen=True, kw_only=True):
    """Where a paper that is asked for is to be had; `id` is the check that it proves."""

    zh: str
    en: str


class RepairRoute(Row, frozen=True, kw_only=True):
    """Who determines the repair of which record, and what the record becomes."""

    sections: tuple[str, ...]
    keeper: Literal["court", "samr", "credit_china", "list_manager"]
    effect: Literal["repaired", "removed"]
    early: Literal["computed", "any", "none"]
    lists: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


class Tables(msgspec.Struct, frozen=True, eq=False):
    """All tables of one moment, with the digest of each file they came from; equal to itself only."""

    publicity: tuple[Publicity, ...]
    tier_map: tuple[TierRule, ...]
    display: tuple[DisplayRule, ...]
    policy: tuple[PolicyRule, ...]
    list_type: tuple[ListType, ...]
    measure: tuple[MeasureRule, ...]
    deadline: tuple[Deadline, ...]
    mode: tuple[Mode, ...]
    access: tuple[Access, ...]
    retention: tuple[Retention, ...]
    code: tuple[Code, ...]
    purpose: tuple[Purpose, ...]
    telling: tuple[Telling, ...]
    objection_kind: tuple[ObjectionKind, ...]
    repair_kind: tuple[RepairKind, ...]
    repair_paper: tuple[RepairPaper, ...]
    repair_route: tuple[RepairRoute, ...]
    template: tuple[Template, ...]
    field: tuple[LawField, ...]
    calendar: Calendar
    digests: dict[str, str]


_R = TypeVar("_R", bound=Row)
_SHAPES: dict[str, dict[str, type[Row]]] = {
    "publicity": {"row": Publicity}, "tier_map": {"row": TierRule}, "display": {"row": DisplayRule},
    "policy": {"row": PolicyRule}, "list_type": {"row": ListType}, "measure": {"row": MeasureRule},
    "deadline": {"row": Deadline}, "disclosure": {"mode": Mode, "access": Access},
    "retention": {"row": Retention}, "code": {"row": Code}, "purpose": {"row": Purpose},
    "telling": {"row": Telling}, "objection_kind": {"row": ObjectionKind},
    "repair": {"repair_kind": RepairKind, "repair_paper": RepairPaper, "repair_route": RepairRoute},
}  # fmt: skip


def read(folder: Path = FOLDER, calendar: Path = CALENDAR, shared: Path = SHARED) -> Tables:
    """Every table of `folder`, and those that client and server share.

    Raises:
        ValueError: when a row does not fit, an id occurs twice, or one person entered and approved a row.
        OSError: when a file is missing.
    """
    found: dict[str, Any] = {}
    digests = {}
    for name, shapes in _SHAPES.items():
        raw = (folder / f"{name}.toml").read_bytes()
        digests[name] = hashlib.sha256(raw).hexdigest()
        content = tomllib.loads(raw.decode("utf-8"))
        for key, shape in shapes.items():
            found[name if key == "row" else key] = _rows(name, content, key, shape)
    raws = {"calendar": calendar.read_bytes()}
    raws |= {name: (shared / f"{name}.toml").read_bytes() for name in ("template", "field")}
    digests |= {name: hashlib.sha256(raw).hexdigest() for name, raw in raws.items()}
    return Tables(
        **found,
        template=read_templates(raws["template"].decode("utf-8")),
        field=read_law_fields(raws["field"].decode("utf-8")),
        calendar=read_calendar(raws["calendar"].decode("utf-8")),
        digests=digests,
    )


def _rows(name: str, content: dict[str, Any], key: str, shape: type[_R]) -> tuple[_R, ...]:
    defaults = content.get("defaults", {})
    taken = shape.__struct_fields__
    common = {field: value for field, value in defaults.items() if field in taken}
    rows = tuple(msgspec.convert(common | row, shape) for row in content[key])
    seen: set[str] = set()
    for row in rows:
        if row.id in seen:
            raise ValueError(f"{name}: row {row.id} occurs twice")
        if row.entered_by == row.approved_by:
            raise ValueError(f"{name}: row {row.id} was approved by the one who entered it")
        if row.effective_to is not None and row.effective_to < row.effective_from:
            raise ValueError(f"{name}: row {row.id} ends before it begins")
        seen.add(row.id)
    return rows


@cache
def shipped() -> Tables:
    """The tables this server runs on, read once."""
    return read()


@lru_cache(maxsize=4096)
def reference(table: str, row: Row) -> RuleRef:
    """The row as it is named in answers and reports."""
    return RuleRef(table, row.id, row.version, row.basis, row.text)
