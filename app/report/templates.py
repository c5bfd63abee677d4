"""The papers that ship, and the row by which one document is set."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files

from app.field.law_fields import LawField, fields_on, read_law_fields
from app.field.reportdoc import Paper, ReportDocument
from app.field.templates import Template, read_templates, template_on
from app.report.words import in_beijing


@cache
def shipped() -> tuple[Template, ...]:
    """The table that ships, read once."""
    return read_templates((files("resources") / "tables" / "template.toml").read_text("utf-8"))


@cache
def _fields() -> tuple[LawField, ...]:
    return read_law_fields((files("resources") / "tables" / "field.toml").read_text("utf-8"))


def law_fields(on: date) -> tuple[LawField, ...]:
    """The fields of law that a special report may be limited to on a day."""
    return fields_on(_fields(), on)


def layout_of(document: Paper) -> Template:
    """The row a document was composed by. One of before papers were rows is set by that of its day.

    Raises:
        LookupError: when no row speaks of such a paper on that day.
    """
    if document.layout is not None:
        return document.layout
    subject = document.bundle.subject if isinstance(document, ReportDocument) else None
    found = template_on(shipped(), document.template, subject.kind if subject else "", issued_on(document))
    if found is None:
        raise LookupError(f"no template {document.template!r} on {issued_on(document)}")
    return found


def issued_on(document: Paper) -> date:
    """The city's day of issue."""
    return in_beijing(document.times.issued).date()
