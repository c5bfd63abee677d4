"""Which fields of a record a correction may set, by code and words, from the forms and the labels."""

from __future__ import annotations

from collections.abc import Collection

from server_stub.exchange.mapping import Field, Mapping, mappings
from server_stub.records.labels import Label, layouts, word

# Who a record is about is no matter of its content, and its end has acts of its own.
_OF_SUBJECT = frozenset(
    {"name", "category", "uscc", "org_code", "registration", "number", "id_type", "id_number", "drop"}
)
_LONGEST = 4000  # where no form says how long a field may be
_KINDS = {"date": "day", "end": "publicity_end", "code": "provider_code"}


def form_of(section: str, schema: str, held: Collection[str] = ()) -> Mapping:
    """The form of this section and year that holds most of the `held` fields, with every other field behind
    it that such records may have.
    """
    forms = [one for one in mappings().values() if one.section == section]
    same = [one for one in forms if one.schema == schema] or forms
    same.sort(key=lambda one: sum(field.code in held for field in one.field), reverse=True)
    fields = {field.code: field for field in same[0].field} if same else {}
    for form in same[1:]:
        for field in form.field:
            fields.setdefault(field.code, Field(field.code, field.titles, field.kind, "C", field.length))
    elsewhere = {field.code for form in forms for field in form.field} - fields.keys() - set(held)
    for label in layouts()[section].fields:
        if label.key not in elsewhere:
            fields.setdefault(label.key, _of_label(label))
    return Mapping(section, section, schema, (), tuple(fields.values()))


def why_not(section: str, field: Field | None) -> str:
    """The code of the sentence why a field is not for a correction; empty when it is."""
    if field is None:
        return "field-unknown"
    if field.kind in _OF_SUBJECT:
        return "field-of-subject"
    if field.kind == "removed" or (field.kind == "status" and section != "licence"):
        return "field-of-state"
    return ""


def word_of(section: str, code: str, field: Field | None) -> str:
    """What a field is called, as the answers print it or else as the form's column does; an amount with the
    unit that it is read in: who means yuan must see that it is not."""
    unit = {"wan": f"（{word('wan')}）"}
    words = {label.key: label.zh + unit.get(label.form, "") for label in layouts()[section].fields}
    return words.get(code) or (field.titles[-1] if field else "")


def settable(form: Mapping) -> tuple[tuple[str, str], ...]:
    """Code and word of every field that a correction may set, in the form's order."""
    fields = (field for field in form.field if not why_not(form.section, field))
    return tuple((field.code, word_of(form.section, field.code, field)) for field in fields)


def listed(form: Mapping) -> str:
    """The same as one line: CF_WSH（决定书文号）、…"""
    return "、".join(f"{code}（{said}）" if said != code else code for code, said in settable(form))


def every() -> tuple[tuple[str, Mapping], ...]:
    """A heading and a form for each kind of record, by section and the year of its form."""
    found = []
    for section, layout in layouts().items():
        years = sorted({one.schema for one in mappings().values() if one.section == section}) or [""]
        for year in years:
            heading = " ".join(part for part in (section, layout.zh, year) if part)
            found.append((heading, form_of(section, year)))
    return tuple(found)


def _of_label(label: Label) -> Field:
    kind = {
        "decided_on": "date",
        "document_no": "document",
        "provider": "provider",
        "effect_until": "to",
    }.get(label.column, _KINDS.get(label.form, "text"))
    return Field(label.key, (label.key, label.zh), kind, "M" if kind == "date" else "C", _LONGEST)
