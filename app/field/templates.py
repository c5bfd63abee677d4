"""Papers as dated rows: which parts a paper has, in what order, with which notes, how long it holds.

Client and server read the same table (`resources/tables/template.toml`); a document carries the row it was
composed by, so it is set the same way when another row has come into force.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import date
from typing import Literal

import msgspec

from app.field.records import Section, SubjectKind

PartName = Literal[
    "cover", "head", "notes", "identity", "alerts", "listed", "summary",
    "records", "rights", "rules", "versions", "verify", "stamp", "results", "entries", "lists",
    "labels", "lookers", "looks", "case", "finding", "changes", "remedies",
]  # fmt: skip
MaskName = Literal["name", "number"]
FactsName = Literal["", "screening", "looks", "answer"]


class Template(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One version of one paper. `subjects` empty: about anybody. `masks`: fields of the subject's card that
    are masked on this paper whatever the answer says. Days are inclusive; `valid_days` counts from the issue,
    0: holds without end.

    `report_type` is the column of the display table by which records are chosen, `grounds` and `purposes` are
    those of a query on which the paper is made (empty: any), `years` the longest period of a paper about one
    (0: of a day). `one_page`: set smaller where it would not fit on one, but not in large print. `facts`: the
    paper is about these and not about the answer to a query; `most` of them stand on one paper.
    """

    id: str
    paper: str
    effective_from: date
    basis: str
    entered_by: str
    approved_by: str
    version: int
    parts: tuple[PartName, ...]
    notes: tuple[str, ...]
    valid_days: int
    subjects: tuple[SubjectKind, ...] = ()
    sections: tuple[Section, ...] = ()
    counters: tuple[Section, ...] = ()
    tables: tuple[Section, ...] = ()
    masks: tuple[tuple[str, MaskName], ...] = ()
    report_type: Literal["standard", "special"] = "standard"
    grounds: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    years: int = 0
    one_page: bool = False
    facts: FactsName = ""
    most: int = 0
    effective_to: date | None = None
    text: str = ""

    def in_force(self, on: date) -> bool:
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)

    def about(self, kind: str) -> bool:
        return not self.subjects or kind in self.subjects


def read_templates(text: str) -> tuple[Template, ...]:
    """The rows of a table of papers.

    Raises:
        ValueError: when a row does not fit, an id occurs twice, one person entered and approved a row, or two
            rows claim one paper on one day.
    """
    content = tomllib.loads(text)
    defaults = content.get("defaults", {})
    rows = tuple(msgspec.convert(defaults | row, Template) for row in content["row"])
    for place, row in enumerate(rows):
        if row.entered_by == row.approved_by:
            raise ValueError(f"template: row {row.id} was approved by the one who entered it")
        if row.effective_to is not None and row.effective_to < row.effective_from:
            raise ValueError(f"template: row {row.id} ends before it begins")
        for other in rows[:place]:
            if other.id == row.id:
                raise ValueError(f"template: row {row.id} occurs twice")
            if _clash(row, other):
                raise ValueError(f"template: rows {other.id} and {row.id} claim one paper on one day")
    return rows


def template_on(rows: Sequence[Template], paper: str, kind: str, on: date) -> Template | None:
    """The row by which a paper about such a subject is made on a day."""
    return next((row for row in rows if row.paper == paper and row.about(kind) and row.in_force(on)), None)


def _clash(one: Template, two: Template) -> bool:
    last = date.max
    kinds = {"legal", "person"}
    return (
        one.paper == two.paper
        and bool((set(one.subjects) or kinds) & (set(two.subjects) or kinds))
        and one.effective_from <= (two.effective_to or last)
        and two.effective_from <= (one.effective_to or last)
    )
