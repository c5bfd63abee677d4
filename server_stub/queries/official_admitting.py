"""How an official letter comes in, and what the staff decide of it later: two of them, each by a command of
his own. What one decided waits in the row (`waits`) until another confirms it, and is asked again then.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

import msgspec
from django.db import transaction

from app.field.file_marks import kind_by_mark
from app.field.limits import LONGEST
from app.field.names import printable
from server_stub.accounts.models import Organisation
from server_stub.accounts.staff import require_second, require_staff
from server_stub.config.clock import stamp, today
from server_stub.errors import Problem
from server_stub.evidence.services import append
from server_stub.feed import services as feed
from server_stub.queries import letters
from server_stub.queries.models import OfficialLetter
from server_stub.queries.official import asked_on
from server_stub.queries.official_cards import digest
from server_stub.queries.official_subjects import keys_of
from server_stub.queries.policy import figure
from server_stub.queries.question import Whom
from server_stub.reasons import reason_of, require_numberless

LARGEST = letters.LARGEST
LETTER_ENDED = "letter_ended"  # the feed's word for why such a copy ends
_LONGEST_NAME = 80


class Admission(msgspec.Struct, frozen=True):
    """What a letter says, as one of the staff read it. `silent_until` is the last day on which its queries
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


def admit(wanted: Admission, *, by: str) -> OfficialLetter:
    """Enter a letter; it opens nothing until another of the staff confirms it.

    Raises:
        Problem: `role-denied`, `attachment-refused`. LookupError: no active public body with this code.
        ValueError: what the letter says cannot stand, or its number is entered already.
    """
    with transaction.atomic():
        user = require_staff(by)
        number, approver, media = _read(wanted, today())
        body = Organisation.objects.filter(code=wanted.organisation, kind="government", active=True).first()
        if body is None:
            raise LookupError(f"no active public body {wanted.organisation}")
        if _standing(body.code, number) is not None:
            raise ValueError(f"{number} of {body.code} is entered already; `withdraw` takes a wrong one back")
        sha256, keys = hashlib.sha256(wanted.scan).hexdigest(), keys_of(wanted.named, today())
        letters.keep_scan(sha256, wanted.scan, letters.OFFICIAL)
        row = OfficialLetter.objects.create(
            organisation=body.code,
            letter_no=number,
            approver=approver,
            subjects=len(wanted.named),
            keys=keys,
            signed_on=wanted.signed_on,
            valid_to=wanted.valid_to,
            silent_until=wanted.silent_until,
            sha256=sha256,
            media=media,
            admitted_by=user,
            waits=_waiting("admit", wanted.silent_until, user, ""),
        )
        _log("official.proposed", row, user, f"admit {number}, silent until {row.silent_until}")
    return row


def silence(organisation: str, letter_no: str, until: date, *, why: str, by: str) -> OfficialLetter:
    """Propose another last day of silence, later or earlier; each decision ends by itself, and all of them on
    one day counted from the letter's signing. Silence that is over does not come back: it was told.

    Raises:
        Problem: `role-denied`, `not-found`, `rev-conflict` before it is admitted.
        ValueError: silence that is over, a day too far ahead, no reason.
    """
    with transaction.atomic():
        user, reason = require_staff(by), reason_of(why, "another end of silence")
        row = _admitted(organisation, letter_no)
        _require_moved(row, until)
        return _propose(row, "silence", until, user, reason)


def withdraw(organisation: str, letter_no: str, *, why: str, by: str) -> OfficialLetter:
    """Take back a letter that was entered wrongly and carried nothing, so that its number may be entered
    again. One that is not admitted yet goes at once; else another of the staff confirms it.

    Raises:
        Problem: `role-denied`, `not-found`. ValueError: a query stands on it (`stop` ends those), no reason.
    """
    with transaction.atomic():
        user, reason = require_staff(by), reason_of(why, "a withdrawal")
        row = _found(organisation, letter_no)
        _require_unused(row)
        if row.admitted_at:
            return _propose(row, "withdraw", None, user, reason)
        row.decisions = [*row.decisions, _ending("withdraw", user, "", reason)]
        _end(row)
        _log("official.withdrawn", row, user, f"never admitted: {row.letter_no}: {reason}")
    return row


def to_admit(organisation: str, letter_no: str) -> bool:
    """Whether a yes to this letter would admit it: then it takes the names once more, from the scan."""
    rows = OfficialLetter.objects.filter(organisation=organisation, letter_no=printable(letter_no))
    return rows.filter(withdrawn_at="", admitted_at="").exists()


def confirm(
    organisation: str, letter_no: str, *, seen: str, by: str, named: Sequence[Whom] = ()
) -> OfficialLetter:
    """Another of the staff says yes to what waits of a letter as he read it (`seen`, the digest of its card);
    it is in force from now on. To admit it he types whom its scan names: digests cannot be read.

    Raises:
        Problem: `role-denied` for who proposed it, or where he is staff no more; `not-found`; `rev-conflict`
            when nothing waits, or when the letter is not as he read it.
        ValueError: it cannot stand any more, or the scan names others than were entered.
    """
    with transaction.atomic():
        row = _found(organisation, letter_no)
        waits = row.waits
        if not waits:
            raise Problem("rev-conflict", "nothing waits to be confirmed of this letter")
        second = require_second(by, require_staff(waits["by"]))
        if seen != digest(row):
            raise Problem("rev-conflict", "the letter is not as it was read; read it with `list`")
        if waits["act"] == "admit" and (
            len(named) != row.subjects or keys_of(named, today()) != sorted(row.keys)
        ):
            raise ValueError("whom you typed from the scan is not whom the first one typed; look again, both")
        row.waits = {}
        kind, told = _CONFIRMED[waits["act"]](row, waits, second)
        row.save()
        reason = f": {waits['why']}" if waits["why"] else ""
        _log(kind, row, second, f"proposed by {waits['by']}, as of {seen}: {row.letter_no}{told}{reason}")
    return row


def stop(organisation: str, letter_no: str, *, why: str, by: str) -> OfficialLetter:
    """No query stands on the letter from now on, and the copies of those that did end. What was asked on it
    stays silent as it was decided.

    Raises:
        Problem: `role-denied`, `not-found`, `rev-conflict` before it is admitted, or stopped already.
        ValueError: no reason.
    """
    with transaction.atomic():
        user, reason = require_staff(by), reason_of(why, "the end of an official letter")
        row = _admitted(organisation, letter_no)
        if row.stopped_at:
            raise Problem("rev-conflict", "this letter is stopped already")
        row.stopped_at, row.stopped_by = stamp(), user
        row.decisions = [*row.decisions, _ending("stop", user, "", reason)]
        row.save(update_fields=["stopped_at", "stopped_by", "decisions"])
        copies = _end_copies(row)
        _log("official.stopped", row, user, f"{copies} copies ended: {row.letter_no}: {reason}")
    return row


def _admission(row: OfficialLetter, waits: Mapping[str, str], second: str) -> tuple[str, str]:
    _require_days(row.signed_on, row.valid_to, row.silent_until, today())
    row.second, row.admitted_at = second, stamp()
    row.decisions = [_decision(row.silent_until, waits, second)]
    return "official.admitted", f", silent until {row.silent_until}"


def _silenced(row: OfficialLetter, waits: Mapping[str, str], second: str) -> tuple[str, str]:
    until = date.fromisoformat(waits["until"])
    _require_moved(row, until)
    row.silent_until = until
    row.decisions = [*row.decisions, _decision(until, waits, second)]
    return "official.silence", f", silent until {until}"


def _withdrawn(row: OfficialLetter, waits: Mapping[str, str], second: str) -> tuple[str, str]:
    _require_unused(row)
    row.withdrawn_at = stamp()
    row.decisions = [*row.decisions, _ending("withdraw", waits["by"], second, waits["why"])]
    return "official.withdrawn", ""


_CONFIRMED: Mapping[str, Callable[[OfficialLetter, Mapping[str, str], str], tuple[str, str]]] = {
    "admit": _admission,
    "silence": _silenced,
    "withdraw": _withdrawn,
}


def _propose(row: OfficialLetter, act: str, until: date | None, user: str, why: str) -> OfficialLetter:
    """A later proposal takes the place of the one before."""
    row.waits = _waiting(act, until, user, why)
    row.save(update_fields=["waits"])
    told = f", silent until {until}" if until else ""
    _log("official.proposed", row, user, f"{act} {row.letter_no}{told}: {why}")
    return row


def _waiting(act: str, until: date | None, by: str, why: str) -> dict[str, str]:
    return {"act": act, "until": until.isoformat() if until else "", "by": by, "at": stamp(), "why": why}


def _decision(until: date, waits: Mapping[str, str], second: str) -> dict[str, str]:
    return {
        "until": until.isoformat(),
        "by": waits["by"],
        "second": second,
        "at": stamp(),
        "why": waits["why"],
    }


def _ending(act: str, by: str, second: str, why: str) -> dict[str, str]:
    return {"act": act, "by": by, "second": second, "at": stamp(), "why": why}


def _end(row: OfficialLetter) -> None:
    row.withdrawn_at, row.waits = stamp(), {}
    row.save(update_fields=["withdrawn_at", "waits", "decisions"])


def _end_copies(row: OfficialLetter) -> int:
    by_user: dict[str, list[str]] = defaultdict(list)
    for number, user in asked_on(row).values_list("query_no", "user"):
        by_user[user].append(number)
    return sum(feed.end_copies(numbers, user, LETTER_ENDED) for user, numbers in sorted(by_user.items()))


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
    _require_days(wanted.signed_on, wanted.valid_to, wanted.silent_until, on)
    return number, approver, media


def _require_days(signed_on: date, valid_to: date, silent_until: date, on: date) -> None:
    last = signed_on + timedelta(days=figure("official_letter_days", on))
    if not signed_on <= on <= valid_to <= last:
        raise ValueError(f"the letter is signed by today and used up to {last} at most")
    _require_silence(silent_until, signed_on, on)


def _require_silence(until: date, signed_on: date, on: date) -> None:
    if until < on:
        raise ValueError(f"silence that ends on {until} is none: {on} at the earliest")
    last = on + timedelta(days=figure("official_silent_days", on))
    if until > last:
        raise ValueError(f"one decision keeps silent up to {last} at most")
    end = signed_on + timedelta(days=figure("official_silence_end_days", on))
    if until > end:
        raise ValueError(f"all decisions together keep silent up to {end} at most")


def _require_moved(row: OfficialLetter, until: date) -> None:
    if today() > row.silent_until:
        raise ValueError(f"the silence of {row.letter_no} ended on {row.silent_until}, and stays ended")
    _require_silence(until, row.signed_on, today())


def _require_unused(row: OfficialLetter) -> None:
    if asked_on(row).exists():
        raise ValueError(f"queries stand on {row.letter_no}: it is not withdrawn, `stop` ends its use")


def _standing(organisation: str, letter_no: str) -> OfficialLetter | None:
    rows = OfficialLetter.objects.select_for_update()
    return rows.filter(organisation=organisation, letter_no=printable(letter_no), withdrawn_at="").first()


def _found(organisation: str, letter_no: str) -> OfficialLetter:
    row = _standing(organisation, letter_no)
    if row is None:
        raise Problem("not-found", "no such official letter")
    return row


def _admitted(organisation: str, letter_no: str) -> OfficialLetter:
    row = _found(organisation, letter_no)
    if not row.admitted_at:
        raise Problem("rev-conflict", "this letter is not confirmed yet")
    return row


def _log(kind: str, row: OfficialLetter, user: str, told: str) -> None:
    """The leaf of an act on a letter, with digests of its scan and of the row as it is now."""
    append(
        kind=kind,
        user=user,
        organisation=row.organisation,
        basis_sha256=row.sha256,
        records_sha256=digest(row),
        outcome=f"done, {told}",
    )
