"""Whom a claim of another system is about: by number, or by exact name and district; never by name alone."""

from __future__ import annotations

from datetime import date

import msgspec

from app.field.names import normalise
from server_stub.subjects.errors import NameOnly
from server_stub.subjects.models import Subject
from server_stub.subjects.selectors import find_legal


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """A unit as somebody else names it. `numbers` stand in the order in which they are believed: the code,
    the organisation code, the old registration number, others."""

    name: str
    numbers: tuple[str, ...] = ()
    district: str = ""


def claimed(claim: Claim, on: date | None = None) -> Subject | None:
    """The unit that is meant, or None when the register has nobody of the kind. A number that is given and
    unknown is not made good by a name.

    Raises:
        NameOnly: no number is given and units of this name are there, but not exactly one in this district.
    """
    numbers = [number for number in claim.numbers if number]
    if numbers:
        return next(filter(None, (find_legal(number, on) for number in numbers)), None)
    suspects = namesakes(claim.name)
    if not suspects:
        return None
    near = [one for one in suspects if claim.district and one.district == claim.district]
    if len(near) != 1:
        raise NameOnly(tuple(one.subject_key for one in suspects))
    return near[0]


def namesakes(name: str) -> list[Subject]:
    """Units with exactly this present name, 疑似同名 to one another."""
    return list(Subject.objects.filter(kind="legal", name_folded=normalise(name)).order_by("subject_key"))
