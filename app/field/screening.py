"""The signed answer to a screening: who of a batch stands on which list. Facts only, never a verdict."""

from __future__ import annotations

from typing import Literal

import msgspec

from app.field.names import normalise
from app.field.records import Part, PurposeRef, RegisterCard, Requester, RuleRef, Standing

ScreenState = Literal["hit", "similar", "former", "none"]
NUMBERS = "MD-"  # how the number of a screening begins
SCREEN_STATES: tuple[ScreenState, ...] = ("hit", "similar", "former", "none")


class ListEntry(Part, frozen=True):
    """One list entry with what its list rests on.

    `former`: the subject was on the list and is not any more. `note` says who else is named by the same
    decision, by role only. `early_exit`: earliest day of an early removal, empty when the list knows none.
    `flags`: `removal-due`, `term-over-not-removed` and the like, for a person to look at.
    """

    standing: Standing
    list_code: str
    basis: str
    manager: str
    note: str = ""
    former: bool = False
    early_exit: str = ""
    flags: tuple[str, ...] = ()


class Namesake(Part, frozen=True):
    """A unit of the same name (present or former) with another number or none given: a person has to tell."""

    subject: RegisterCard
    entries: tuple[ListEntry, ...]


class ScreenedRow(Part, frozen=True):
    """One row as asked, and what was found. `hit`: by exact number, on a list now; `similar`: by name only,
    counted nowhere; `former`: was on a list; `none`: nothing as of the time of the data, which says nothing
    about safety.
    """

    place: int
    code: str
    name: str
    state: ScreenState
    subject: RegisterCard | None = None
    entries: tuple[ListEntry, ...] = ()
    namesakes: tuple[Namesake, ...] = ()


def registered_otherwise(row: ScreenedRow, name: str) -> str:
    """The name under which the code of a row is registered, where the row gives another; else nothing.

    A former name is another one, too: whoever reads the row has to see whether the code is the one meant.
    """
    known = row.subject.name if row.subject is not None and row.code and name else ""
    return "" if known == name or normalise(known) == normalise(name) else known


class ScreenCounts(Part, frozen=True):
    """Units hit by kind of list, each row once per kind; similar rows are in none of them."""

    serious: int = 0
    abnormal: int = 0
    honour: int = 0
    former: int = 0


class Screening(Part, frozen=True):
    """The signed answer. `words` are the four states as they are to be read, by language."""

    type: Literal["screening"]
    v: int
    screening_no: str
    op_id: str
    made_at: str
    as_of: str
    as_of_seq: int
    epoch: str
    specimen: bool
    requester: Requester
    purpose: PurposeRef
    case_no: str
    lists: tuple[str, ...]
    rows: tuple[ScreenedRow, ...]
    counts: ScreenCounts
    rules: tuple[RuleRef, ...] = ()
    words: dict[str, dict[str, str]] = {}


_read = msgspec.json.Decoder(Screening)


def read_screening(payload: bytes) -> Screening:
    """Decode the payload of a signed screening.

    Raises:
        msgspec.DecodeError: when the bytes are not a screening.
    """
    return _read.decode(payload)
