"""Which fields of a record do what: records of one form have the same fields, and forms come again."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from server_stub.records.amounts import MONEY
from server_stub.records.labels import layouts
from server_stub.records.third_persons import naming


class Form(msgspec.Struct, frozen=True):
    """The fields of a payload that give title and matter, that name persons and that hold money, each in the
    order of the layout; and what is printed: key, form and words. `name` is the section's.
    """

    name: str
    title: tuple[str, ...]
    matter: tuple[str, ...]
    persons: tuple[str, ...]
    money: tuple[str, ...]
    printed: tuple[tuple[str, str, str], ...]


@lru_cache(maxsize=2048)
def form_of(section: str, english: bool, keys: tuple[str, ...]) -> Form:
    """The form of a section's records with these fields. Persons are found by the layout and by the fields'
    own names."""
    layout, there = layouts()[section], frozenset(keys)
    return Form(
        name=layout.zh,
        title=tuple(key for key in layout.title if key in there),
        matter=tuple(key for key in layout.matter if key in there),
        persons=(*naming(keys), *(key for key in layout.persons if key in there)),
        money=tuple(key for key in MONEY if key in there),
        printed=tuple(row for row in layout.printed[english] if row[1] == "end" or row[0] in there),
    )
