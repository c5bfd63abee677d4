"""Official letters: what an inquiry that its subject is not told of stands on.

A number that an officer types proves nothing. So a purpose of the table `purpose` with `official_letter` is
open to an organisation on a letter alone that two of the centre's staff admitted: with its scan, the name of
who answers for it there, keyed digests of the subjects it names, and the day on which silence ends.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from app.field.names import normalise
from server_stub.accounts.models import Officer
from server_stub.config.clock import city_day
from server_stub.errors import Problem
from server_stub.queries.models import OfficialLetter, Query
from server_stub.queries.official_subjects import names
from server_stub.queries.question import Meant, Whom
from server_stub.rules import selectors as rules
from server_stub.rules.tables_file import Purpose, shipped

NEEDED = "official-letter-needed"


def require(
    officer: Officer, purpose: Purpose, case_no: str, whom: Whom, meant: Meant, on: date
) -> date | None:
    """The last day of the letter that the purpose stands on, and that names this subject; None where it needs
    none. Inside the transaction of the query.

    Raises:
        Problem: `official-letter-needed`; its context says why: none, not-in-force, own-letter, not-named.
    """
    if not purpose.official_letter:
        return None
    rows = admitted().select_for_update()
    row: OfficialLetter | None = rows.filter(organisation=officer.organisation_id, letter_no=case_no).first()
    if row is None:
        raise _refusal("none")
    if not _in_force(row, on):
        raise _refusal("not-in-force")
    if normalise(officer.name) == normalise(row.approver):
        raise _refusal("own-letter")
    if not names(row.keys, whom, meant):
        raise _refusal("not-named")
    return row.valid_to


def carries(query: Query, on: date) -> bool:
    """Whether a query needs no official letter, or the one it stands on is in force. One that is stopped or
    over serves nothing more: no paper, no copy, no repetition.
    """
    if query.purpose not in codes():
        return True
    row = _letters_of(query.organisation, query.case_no, query.made_at).first()
    return row is not None and _in_force(row, on)


def require_carried(query: Query, on: date) -> None:
    """As `carries`, for who asks for something on his query: it is no matter of its data, and to ask again is
    of no use to him.

    Raises:
        Problem: `official-letter-needed`, not-in-force.
    """
    if not carries(query, on):
        raise _refusal("not-in-force")


def refuse_many(purpose: Purpose) -> None:
    """A letter is about those it names: no list is screened on it.

    Raises:
        Problem: `official-letter-needed`.
    """
    if purpose.official_letter:
        raise _refusal("many")


def told(purpose: str, organisation: str, case_no: str, made_at: str, on: date) -> bool:
    """Whether the subject that asks on `on` is told of a query of a moment (UTC text): a letter that was
    admitted later silences nothing. Without a case number no letter is behind it.
    """
    row = rules.telling(purpose, on)
    silent: date | None = None
    if row is not None and row.by_letter:
        found = _letters_of(organisation, case_no, made_at)
        silent = found.values_list("silent_until", flat=True).first()
    return rules.told_of(purpose, city_day(made_at), on, silent_until=silent)


def letter_behind(purpose: str, organisation: str, case_no: str, made_at: str) -> str:
    """The number of the admitted letter that a query of a moment (UTC text) stood on; empty for none."""
    if purpose not in codes():
        return ""
    found = _letters_of(organisation, case_no, made_at).values_list("letter_no", flat=True)
    return str(found.first() or "")


def admitted() -> Any:
    """The letters that two of the staff admitted, less those withdrawn: of a number there is one."""
    return OfficialLetter.objects.filter(withdrawn_at="").exclude(admitted_at="")


def asked_on(row: OfficialLetter) -> Any:
    """The queries that stand on a letter; none on one that was never admitted, or was withdrawn unused."""
    if not row.admitted_at or row.withdrawn_at:
        return Query.objects.none()
    return Query.objects.filter(
        organisation=row.organisation,
        purpose__in=codes(),
        case_no=row.letter_no,
        made_at__gte=row.admitted_at,
    )


def _letters_of(organisation: str, case_no: str, made_at: str) -> Any:
    """The letter that a query of this moment can stand on, as `asked_on` says it of a letter."""
    return admitted().filter(organisation=organisation, letter_no=case_no, admitted_at__lte=made_at)


def _in_force(row: OfficialLetter, on: date) -> bool:
    return not row.stopped_at and row.signed_on <= on <= row.valid_to


def codes() -> list[str]:
    """The purposes that stand on such a letter."""
    return [one.id for one in shipped().purpose if one.official_letter]


def _refusal(why: str) -> Problem:
    problem = Problem(NEEDED, why)
    problem.context |= {"why": why}
    return problem
