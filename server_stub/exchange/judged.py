"""What was found in one row, gathered while the checks run."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from server_stub.exchange.lines import Brought
from server_stub.exchange.mapping import Field, Mapping
from server_stub.exchange.reasons import reason


@dataclass
class Finding:
    """A fault or warning: the field (code of the form), its code and the sentence."""

    field: str
    code: str
    text: str


@dataclass
class Judged:
    """One row under judgement: the values by field, what was read from them, what is wrong."""

    form: Mapping
    values: dict[str, str]
    faults: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    days: dict[str, date] = field(default_factory=dict)
    classes: list[str] = field(default_factory=list)
    subject_key: str = ""
    unit: Brought | None = None

    def refuse(self, where: str, code: str, **values: object) -> None:
        """Add a fault at a field; a cell that is refused already needs no second reason."""
        if where and any(known.field == where for known in self.faults):
            return
        self.faults.append(Finding(where, code, reason("row", code, **values)))

    def warn(self, where: str, code: str, **values: object) -> None:
        """Add a warning at a field."""
        self.warnings.append(Finding(where, code, reason("warning", code, **values)))

    def kind(self, kind: str) -> tuple[Field | None, str]:
        """The first field of a kind and its value ("" without the field)."""
        found = self.form.of_kind(kind)
        return found, self.values.get(found.code, "") if found else ""

    def day(self, kind: str) -> date | None:
        """The day that was read from the field of a kind."""
        found = self.form.of_kind(kind)
        return self.days.get(found.code) if found else None

    @property
    def ok(self) -> bool:
        return not self.faults
