"""Facts of papers that are no answer to a query: each paper has its own, composed by the server for it alone.

They are what the pages say, word for word, and stand as they are in report.json. Dates are ISO text or empty,
times UTC text. Nobody's officer, number of a person or key of a subject is in any of them.
"""

from __future__ import annotations

from typing import Literal

import msgspec

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
    register knows no unit of this number. `otherwise`: the row gave another name than the register's, which
    stands on no sealed paper; left out where it did not, as in certificates of before.
    """

    row: int
    name: str
    code: str
    state: FindingState
    namesakes: int = 0
    entries: tuple[EntryFact, ...] = ()
    otherwise: bool | msgspec.UnsetType = msgspec.UNSET


class ScreeningFacts(Part, frozen=True, tag_field="about", tag="screening"):
    """Of a certificate of screening. `asked` is how many rows the screening had; `units` are those chosen."""

    screening_no: str
    asked: int
    lists: tuple[ListFact, ...]
    units: tuple[UnitFact, ...]


class LookFact(Part, frozen=True, omit_defaults=True):
    """That a body looked: by whom, what for and on what ground; never by which of its officers. `reference`
    is the number of the query or screening, of a look of the centre's staff that of its leaf in the log;
    `letter_no` of the subject's letter, or (`official`) of the body's own that the inquiry stood on;
    `papers` how many reports were issued on it. `times` is how often one of the staff looked at the like on
    one day of the city, of which the last is told; `shown` the identity document on which a person was asked
    about at the window (app.field.shown); `told_nothing` that the question was answered with no information,
    as one with another name than the number's is, or that a screening knew nobody by the number. Each is left
    out where there is nothing to say, as in statements of before.
    """

    at: str
    organisation: str
    act: Literal["query", "screening", "person", "unit", "record", "conflict", "objection", "repair", "paper"]
    purpose: str
    ground: Literal["open", "letter", "duty", "own", "official"]
    letter_no: str
    reference: str
    papers: int
    times: int = 1
    shown: str = ""
    told_nothing: bool = False


class LooksFacts(Part, frozen=True, tag_field="about", tag="looks"):
    """Of a statement who looked: whom it is about (a person's number masked), the days, both included, and
    the looks, the newest first.
    """

    kind: SubjectKind
    code: str
    start: str
    end: str
    looks: tuple[LookFact, ...]


Finding = Literal["upheld", "partly", "rejected", "unconfirmed", "declined", "stands"]
"""`stands`: a recheck changed nothing more, and what was corrected before it stays."""


class ChangeFact(Part, frozen=True):
    """One printed field of a record, as it stood and as it stands; empty where there was or is nothing."""

    label: str
    before: str
    after: str


class RemedyFact(Part, frozen=True):
    """What is open to who is not content, and until when (empty: not known)."""

    text: str
    until: str


class EarlierFact(Part, frozen=True):
    """The end before a recheck. `changes` are what was corrected then; `stands`: all of it is still so."""

    concluded_on: str
    result: str
    changes: tuple[ChangeFact, ...]
    stands: bool


class AnswerFacts(Part, frozen=True, omit_defaults=True, tag_field="about", tag="answer"):
    """Of a letter that answers an objection or a report of a data error.

    `document_no`, `record_no`, `reasons` and `changes` are empty where the record is not shown any more.
    `term_days` are working days, 0 without a term; `days_taken` those from acceptance (or the beginning of a
    recheck) to the conclusion, -1 where no calendar tells. `code` is the number of whom it is about, a
    person's masked and only where he himself is handed it; `subject_kind` says how it is labelled. `copy_no`
    is how many letters were issued on this answer, this one with them, and `first_copy` the first of those
    in force, where it was handed to the same receiver; all four are left out where they say nothing, as in
    letters of before.
    """

    case_no: str
    kind: Literal["objection", "data_error"]
    document_no: str
    record_no: str
    asked: tuple[str, ...]
    filed_on: str
    accepted_on: str
    rechecked_on: str
    term_days: int
    term_until: str
    concluded_on: str
    days_taken: int
    finding: Finding
    result: str
    reasons: str
    changes: tuple[ChangeFact, ...]
    basis: str
    remedies: tuple[RemedyFact, ...]
    subject_kind: SubjectKind = "legal"
    code: str = ""
    copy_no: int = 1
    first_copy: str = ""
    earlier: EarlierFact | None = None
    ended: bool = False


Facts = ScreeningFacts | LooksFacts | AnswerFacts
