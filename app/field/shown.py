"""The identity document that somebody showed at the window, as a ground names it: its kind and masked number.

The mask is made by who keeps the ground: what stands in a signed answer was never typed by anybody.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.field.identifier_kinds import PERSONS, exact_kind
from app.field.identifiers import document_type, fold_number
from app.field.masks import STAR, mask_id


@dataclass(frozen=True)
class Shown:
    """A document that was shown; `kind` is one of PERSONS."""

    kind: str
    masked: str

    @property
    def reference(self) -> str:
        """As it stands in the ground of a query."""
        return f"{self.kind} {self.masked}"


def shown(stated: str, id_type: str, number: str) -> Shown | None:
    """The document by which a person is asked about, when it is of the stated kind; else None."""
    folded = fold_number(number)
    kind = exact_kind(id_type, folded)
    if not stated or document_type(stated) != document_type(id_type):
        return None
    return Shown(kind, mask_id(folded, kind))


def read_shown(reference: str) -> Shown | None:
    """What a ground names, None for any other text: grounds of before were typed."""
    kind, _, masked = reference.partition(" ")
    return Shown(kind, masked) if kind in PERSONS and STAR in masked and " " not in masked else None
