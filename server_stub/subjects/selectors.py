"""Reads of the register. A person is found by type, number and name together, and by nothing less."""

from __future__ import annotations

import hmac
from datetime import date

from app.field import records
from app.field.identifiers import document_type, fold_number, recognise, uscc_fault
from app.field.masks import mask_address, mask_name
from app.field.names import normalise, search_key
from server_stub.subjects import sql
from server_stub.subjects.bearing import bearer, in_force
from server_stub.subjects.keying import number_hash, route_key
from server_stub.subjects.models import FormerName, Identifier, Subject
from server_stub.subjects.name_index import ALIKE, EXACT, Hit, NameIndex

__all__ = [
    "borne_until", "candidates", "card", "find_by_key", "find_legal", "find_person", "name_agrees",
    "route_key",
]  # fmt: skip


def find_legal(number: str, on: date | None = None) -> Subject | None:
    """The unit that bears this code, organisation code or old number now or bore it before; with `on`, the
    one that bore it on that day. A new 18-character code also finds a unit that is known by the organisation
    code inside it and has no code of its own yet.
    """
    folded = fold_number(number)
    found = bearer(folded, on)
    if found is None and uscc_fault(folded) is None:
        found = bearer(folded[8:17], on, without_code=True)
    return found


def borne_until(subject: Subject, name: str) -> str:
    """The last day (ISO) on which a subject bore a former name; empty where that is not known."""
    rows = FormerName.objects.filter(subject=subject, name=name).order_by("-pk")
    until = rows.values_list("until", flat=True).first()
    return until.isoformat() if until else ""


def find_by_key(subject_key: str) -> Subject | None:
    """The subject of a key."""
    return sql.by_key(subject_key)


def find_person(id_type: str, number: str, name: str, on: date | None = None) -> Subject | None:
    """The person whose document type, number and name all agree; None else. Old documents of a person find
    him like new ones; with `on` the document has to be his on that day.

    The same statements run and the same comparison is made whether or not somebody is found.
    """
    wanted = document_type(id_type)
    digest = number_hash("person", number, id_type)
    rows = Identifier.objects.filter(value_hash=digest, subject__kind="person").select_related("subject")
    held = [row for row in rows.order_by("pk") if on is None or in_force(row, on)]
    typed = [row for row in held if document_type(row.kind) == wanted]
    subject = typed[0].subject if typed else None
    decoy = route_key("person", number, id_type)
    former = Subject.objects.filter(subject_key=subject.subject_key if subject else decoy).values_list(
        "former_names__name_folded", flat=True
    )
    known = [subject.name_folded if subject else digest, *(old for old in former if old)]
    asked = normalise(name).encode()
    named = [hmac.compare_digest(one.encode(), asked) for one in known].count(True) > 0
    return subject if named else None


def name_agrees(subject: Subject, name: str) -> bool:
    """Whether `name` is the subject's present or a former name."""
    folded = normalise(name)
    return folded == subject.name_folded or subject.former_names.filter(name_folded=folded).exists()


def candidates(text: str, limit: int) -> list[records.RegisterCard]:
    """Units that a typed number or part of a name may mean; register identity only, persons never.

    The order is that of `NameIndex.find`; names with one wrong character are listed only when there is no
    other, and say so.

    Raises:
        NameTooShort: for less than two characters of a name. NameTooCommon: half the city has these.
    """
    seen = recognise(text)
    if seen.kind not in ("name", "empty"):
        subject = find_legal(seen.value) if seen.ok else None
        return [_register_card(subject, "exact", subject.name)] if subject is not None else []
    index = NameIndex()
    hits = index.find(text, limit) or index.alike(text, limit)
    known = sql.units([hit.subject_key for hit in hits])
    bygone = [hit.subject_key for hit in hits if hit.rank % 2 == 1]
    former = sql.former_names_of(bygone) if bygone else {}
    return [_found(known[hit.subject_key], hit, former.get(hit.subject_key, [])) for hit in hits]


def card(subject: Subject, medium: str = "screen") -> records.SubjectCard:
    """Identity of the subject for a bundle. Persons' numbers are masked; third persons are masked always.

    `medium` "public" hides all but the division of a person's number.
    """
    former = tuple(
        records.FormerName(name, _iso(until)) for name, until in sql.former_names(subject.subject_key)
    )
    if subject.kind == "person":
        masked = subject.number_masked
        return records.SubjectCard(
            subject_key=subject.subject_key,
            kind="person",
            name=subject.name,
            code=masked[:6] + "*" * (len(masked) - 6) if medium == "public" else masked,
            id_type=subject.id_type,
            address=mask_address(subject.address),
            former_names=former,
        )
    return records.SubjectCard(
        subject_key=subject.subject_key,
        kind="legal",
        name=subject.name,
        code=subject.code or _other_number(subject),
        state=subject.state,
        category=subject.category,
        representative=mask_name(subject.representative),
        founded=_iso(subject.founded),
        capital=subject.capital,
        registrar=subject.registrar,
        address=subject.address,
        district=subject.district,
        industry=subject.industry,
        former_names=former,
    )


def _found(subject: sql.Unit, hit: Hit, names: list[str]) -> records.RegisterCard:
    former = hit.rank % 2 == 1
    name = next((name for name in names if search_key(name) == hit.key), subject.name)
    if hit.rank >= ALIKE:
        return _register_card(subject, "alike", name)
    return _register_card(subject, "former" if former else "exact" if hit.rank == EXACT else "contains", name)


def _register_card(subject: Subject | sql.Unit, match: str, name: str) -> records.RegisterCard:
    return records.RegisterCard(
        subject_key=subject.subject_key,
        kind="legal",
        name=subject.name,
        code=subject.code or _other_number(subject),
        state=subject.state,
        founded=_iso(subject.founded),
        representative=mask_name(subject.representative),
        district=subject.district,
        match=match,  # type: ignore[arg-type]
        matched_name=name,
    )


def _other_number(subject: Subject | sql.Unit) -> str:
    return fold_number(sql.other_number(subject.subject_key))


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
