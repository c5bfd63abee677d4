"""Facts of papers that are no answer to a query: each paper has its own, composed by the server for it alone.

They are what the pages say, word for word, and stand as they are in report.json. Dates are ISO text or empty,
times UTC text. Nobody's officer, number of a person or key of a subject is in any of them.
"""

from __future__ import annotations

from typing import Literal

from app.field.records import ObjectionMark, Part, SubjectKind

FindingState = Literal["hit", "similar", "none", "unknown"]
ListKind = Literal["serious", "abnormal", "honour"]


class ListFact(Part, frozen=True):
    """A list that was looked through: by which version of its row, in force since when."""

    name: str
    kind: ListKind
    manager: str
    basis: str
    version: int
    since: str


class EntryFact(Part, frozen=True):
    """An entry in force. `until` is empty where the list knows no term."""

    record_no: str
    kind: ListKind
    list_name: str
    authority: str
    listed_on: str
    until: str = ""
    reason: str = ""
    document_no: str = ""
    year: str = ""
    objection: ObjectionMark | None = None


class UnitFact(Part, frozen=True):
    """What was found of one unit. `row` is its row in the screening, from 1; name and code are the register's
    where it knows the number, else as asked.

    `hit`: by exact number, on a list at the time of the data; `none`: on none of them; `similar`: only units
    of the same name are on lists (`namesakes` of them), which says nothing about this one; `unknown`: the
    register knows no unit of this number.
    """

    row: int
    name: str
    code: str
    state: FindingState
    namesakes: int = 0
    entries: tuple[EntryFact, ...] = ()


class ScreeningFacts(Part, frozen=True, tag_field="about", tag="screening"):
    """Of a certificate of screening. `asked` is how many rows the screening had; `units` are those chosen."""

    screening_no: str
    asked: int
    lists: tuple[ListFact, ...]
    units: tuple[UnitFact, ...]


class LookFact(Part, frozen=True):
    """That a body looked: by whom, what for and on what ground; never by which of its officers. `reference`
    is the number of the query or screening, `papers` how many reports were issued on it.
    """

    at: str
    organisation: str
    act: Literal["query", "screening"]
    purpose: str
    ground: Literal["open", "letter", "duty", "own"]
    letter_no: str
    reference: str
    papers: int


class LooksFacts(Part, frozen=True, tag_field="about", tag="looks"):
    """Of a statement who looked: whom it is about (a person's number masked), the days, both included, and
    the looks, the newest first.
    """

    kind: SubjectKind
    code: str
    start: str
    end: str
    looks: tuple[LookFact, ...]


Facts = ScreeningFacts | LooksFacts
