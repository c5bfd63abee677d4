"""Official letters: what an inquiry that its subject is not told of stands on.

A number that an officer types proves nothing. So a purpose of the table `purpose` with `official_letter` is
open to an organisation on a letter alone that two of the centre's staff admitted: with its scan, the name of
who answers for it there, keyed digests of the subjects it names, and the day on which silence ends.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import msgspec
from django.db import transaction

from app.field.canonical import canonical_sha256
from app.field.file_marks import kind_by_mark
from app.field.limits import LONGEST
from app.field.names import normalise, printable
from server_stub.accounts.models import Officer, Organisation
from server_stub.accounts.staff import require_second, require_staff
from server_stub.accounts.staff_looks import note_list
from server_stub.config.clock import city_day, stamp, today
from server_stub.errors import Problem
from server_stub.evidence.services import append
from server_stub.feed import services as feed
from server_stub.queries import letters
from server_stub.queries.models import OfficialLetter, Query
from server_stub.queries.official_subjects import keys_of, names
from server_stub.queries.policy import figure
from server_stub.queries.question import Meant, Whom
from server_stub.reasons import reason_of, require_numberless
from server_stub.rules import selectors as rules
from server_stub.rules.tables_file import Purpose, shipped

NEEDED = "official-letter-needed"
LARGEST = letters.LARGEST
_LONGEST_NAME = 80


class Admission(msgspec.Struct, frozen=True):
    """What a letter says, as two of the staff read it. `silent_until` is the last day on which its queries
    are not told to their subjects.
    """

    organisation: str
    letter_no: str
    approver: str
    signed_on: date
    valid_to: date
    silent_until: date
    scan: bytes
    named: Sequence[Whom]


def admit(wanted: Admission, *, by: str, second: str) -> OfficialLetter:
    """Admit a letter, by two of the staff.

    Raises:
        Problem: `role-denied`. LookupError: no active public body with this code.
        ValueError: what the letter says cannot stand, or it is admitted already.
    """
    with transaction.atomic():
        first = require_staff(by)
        other = require_second(second, first)
        number, approver, media = _read(wanted, today())
        body = Organisation.objects.filter(code=wanted.organisation, kind="government", active=True).first()
        if body is None:
            raise LookupError(f"no active public body {wanted.organisation}")
        if OfficialLetter.objects.filter(organisation=body.code, letter_no=number).exists():
            raise ValueError(f"{number} of {body.code} is admitted already")
        sha256 = hashlib.sha256(wanted.scan).hexdigest()
        letters.keep_scan(sha256, wanted.scan, "official-letters")
        row = OfficialLetter.objects.create(
            organisation=body.code,
            letter_no=number,
            approver=approver,
            subjects=len(wanted.named),
            keys=keys_of(wanted.named, today()),
            signed_on=wanted.signed_on,
            valid_to=wanted.valid_to,
            silent_until=wanted.silent_until,
            sha256=sha256,
            media=media,
            admitted_by=first,
            second=other,
            admitted_at=stamp(),
            decisions=[_decision(wanted.silent_until, first, other, "")],
        )
        told = f"done, with {other}: {number}, silent until {wanted.silent_until}"
        append(
            kind="official.admitted",
            user=first,
            organisation=body.code,
            basis_sha256=sha256,
            records_sha256=digest(row),
            outcome=told,
        )
    return row


def silence(
    organisation: str, letter_no: str, until: date, *, why: str, by: str, second: str
) -> OfficialLetter:
    """Set another last day of silence, later or earlier; each decision ends by itself, and all of them on one
    day counted from the letter's signing. Silence that is over does not come back: its subjects were told.

    Raises:
        Problem: `role-denied`, `not-found`. ValueError: silence that is over, a day too far ahead, no reason.
    """
    with transaction.atomic():
        first, reason = require_staff(by), reason_of(why, "another end of silence")
        other = require_second(second, first)
        row = _found(organisation, letter_no)
        if today() > row.silent_until:
            raise ValueError(f"the silence of {row.letter_no} ended on {row.silent_until}, and stays ended")
        _require_silence(until, row.signed_on, today())
        row.silent_until = until
        row.decisions = [*row.decisions, _decision(until, first, other, reason)]
        row.save(update_fields=["silent_until", "decisions"])
        told = f"done, with {other}: {row.letter_no}, silent until {until}: {reason}"
        _log("official.silence", row, first, told)
    return row


def stop(organisation: str, letter_no: str, *, why: str, by: str) -> OfficialLetter:
    """No query stands on the letter from now on, and the copies of those that did end. What was asked on it
    stays silent as it was decided.

    Raises:
        Problem: `role-denied`, `not-found`, `rev-conflict` when it is stopped already. ValueError: no reason.
    """
    with transaction.atomic():
        user, reason = require_staff(by), reason_of(why, "the end of an official letter")
        row = _found(organisation, letter_no)
        if row.stopped_at:
            raise Problem("rev-conflict", "this letter is stopped already")
        row.stopped_at, row.stopped_by = stamp(), user
        row.save(update_fields=["stopped_at", "stopped_by"])
        copies = _end_copies(row)
        told = f"done, {copies} copies ended: {row.letter_no}: {reason}"
        _log("official.stopped", row, user, told)
    return row


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
    rows = OfficialLetter.objects.select_for_update()
    row = rows.filter(organisation=officer.organisation_id, letter_no=case_no).first()
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
    if query.purpose not in _codes():
        return True
    row = _letters_of(query.organisation, query.case_no, query.made_at).first()
    return row is not None and _in_force(row, on)


def refuse_many(purpose: Purpose) -> None:
    """A letter is about those it names: no list is screened on it.

    Raises:
        Problem: `official-letter-needed`.
    """
    if purpose.official_letter:
        raise _refusal("many")


def told(purpose: str, organisation: str, case_no: str, made_at: str, on: date) -> bool:
    """Whether the subject that asks on `on` is told of a query of a moment (UTC text): a letter that was
    admitted later silences nothing. Without a case number the latest silence of the organisation counts.
    """
    row = rules.telling(purpose, on)
    silent: date | None = None
    if row is not None and row.by_letter:
        found = _letters_of(organisation, case_no, made_at)
        silent = max(found.values_list("silent_until", flat=True), default=None)
    return rules.told_of(purpose, city_day(made_at), on, silent_until=silent)


def letter_behind(purpose: str, organisation: str, case_no: str, made_at: str) -> str:
    """The number of the admitted letter that a query of a moment (UTC text) stood on; empty for none."""
    if purpose not in _codes() or not case_no:
        return ""
    found = _letters_of(organisation, case_no, made_at).values_list("letter_no", flat=True)
    return str(found.first() or "")


def listed(*, by: str) -> list[dict[str, Any]]:
    """Every official letter with the queries on it, and those that stand on none, for who checks them.

    Raises:
        Problem: `role-denied`.
    """
    with transaction.atomic():
        rows = list(OfficialLetter.objects.order_by("organisation", "admitted_at", "letter_no"))
        note_list("official.listed", by, f"done:{len(rows)}")
    cards = [card(row) for row in rows]
    named = {number for one in cards for number in one["queries"]}
    bare = Query.objects.filter(purpose__in=_codes()).exclude(query_no__in=named).order_by("query_no")
    if bare.exists():
        cards.append({"letter_no": "", "queries": list(bare.values_list("query_no", flat=True))})
    return cards


def card(row: OfficialLetter) -> dict[str, Any]:
    """A letter as the staff read it; of its subjects only how many were asked about."""
    queries = asked_on(row).order_by("query_no")
    return {
        "organisation": row.organisation,
        "letter_no": row.letter_no,
        "approver": row.approver,
        "signed_on": row.signed_on.isoformat(),
        "valid_to": row.valid_to.isoformat(),
        "silent_until": row.silent_until.isoformat(),
        "subjects": row.subjects,
        "asked_about": len(set(queries.values_list("subject_key", flat=True))),
        "queries": list(queries.values_list("query_no", flat=True)),
        "officers": sorted(set(queries.values_list("user", flat=True))),
        "sha256": row.sha256,
        "admitted_by": [row.admitted_by, row.second],
        "admitted_at": row.admitted_at,
        "decisions": row.decisions,
        "stopped_at": row.stopped_at,
        "stopped_by": row.stopped_by,
        "digest": digest(row),
    }


def digest(row: OfficialLetter) -> str:
    """What the leaf of each act on a letter holds of it: a row changed elsewhere differs from the log."""
    parts = (
        "organisation", "letter_no", "approver", "subjects", "keys", "sha256", "media", "admitted_by",
        "second", "admitted_at", "decisions", "stopped_at", "stopped_by",
    )  # fmt: skip
    days = ("signed_on", "valid_to", "silent_until")
    return canonical_sha256(
        {name: getattr(row, name) for name in parts} | {name: getattr(row, name).isoformat() for name in days}
    )


def asked_on(row: OfficialLetter) -> Any:
    """The queries that stand on a letter."""
    return Query.objects.filter(
        organisation=row.organisation,
        purpose__in=_codes(),
        case_no=row.letter_no,
        made_at__gte=row.admitted_at,
    )


def _letters_of(organisation: str, case_no: str, made_at: str) -> Any:
    """The letters that a query of this moment can stand on, as `asked_on` says it of a letter; without a case
    number any of the organisation.
    """
    found = OfficialLetter.objects.filter(organisation=organisation, admitted_at__lte=made_at)
    return found.filter(letter_no=case_no) if case_no else found


def _in_force(row: OfficialLetter, on: date) -> bool:
    return not row.stopped_at and row.signed_on <= on <= row.valid_to


def _codes() -> list[str]:
    return [one.id for one in shipped().purpose if one.official_letter]


def _end_copies(row: OfficialLetter) -> int:
    by_user: dict[str, list[str]] = defaultdict(list)
    for number, user in asked_on(row).values_list("query_no", "user"):
        by_user[user].append(number)
    return sum(feed.end_copies(numbers, user) for user, numbers in sorted(by_user.items()))


def _read(wanted: Admission, on: date) -> tuple[str, str, str]:
    """Number and approver in their form, and the scan's kind."""
    number, approver = printable(wanted.letter_no), printable(wanted.approver)
    if not 0 < len(number) <= LONGEST["case_no"] or not 0 < len(approver) <= _LONGEST_NAME:
        raise ValueError("an official letter has a number, and somebody who answers for it by name")
    require_numberless(number)
    require_numberless(approver)
    media = kind_by_mark(wanted.scan)
    if not media or len(wanted.scan) > LARGEST:
        raise ValueError("the scan is neither PDF, PNG nor JPEG, or larger than 8 MiB")
    if not 1 <= len(wanted.named) <= figure("official_subjects_max", on):
        raise ValueError(f"a letter names 1 to {figure('official_subjects_max', on)} subjects")
    last = wanted.signed_on + timedelta(days=figure("official_letter_days", on))
    if not wanted.signed_on <= on <= wanted.valid_to <= last:
        raise ValueError(f"the letter is signed by today and used up to {last} at most")
    _require_silence(wanted.silent_until, wanted.signed_on, on)
    return number, approver, media


def _require_silence(until: date, signed_on: date, on: date) -> None:
    last = on + timedelta(days=figure("official_silent_days", on))
    if until > last:
        raise ValueError(f"one decision keeps silent up to {last} at most")
    end = signed_on + timedelta(days=figure("official_silence_end_days", on))
    if until > end:
        raise ValueError(f"all decisions together keep silent up to {end} at most")


def _found(organisation: str, letter_no: str) -> OfficialLetter:
    rows = OfficialLetter.objects.select_for_update()
    row = rows.filter(organisation=organisation, letter_no=printable(letter_no)).first()
    if row is None:
        raise Problem("not-found", "no such official letter")
    return row


def _decision(until: date, by: str, second: str, why: str) -> dict[str, str]:
    return {"until": until.isoformat(), "by": by, "second": second, "at": stamp(), "why": why}


def _log(kind: str, row: OfficialLetter, user: str, told: str) -> None:
    """The leaf of a decision about a letter, with a digest of the row as it is now."""
    append(kind=kind, user=user, organisation=row.organisation, records_sha256=digest(row), outcome=told)


def _refusal(why: str) -> Problem:
    problem = Problem(NEEDED, why)
    problem.context |= {"why": why}
    return problem
