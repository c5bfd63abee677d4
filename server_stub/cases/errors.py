"""Refusals of the cases room."""

from __future__ import annotations

from datetime import date

from server_stub.accounts.models import Officer
from server_stub.accounts.staff import ROLE
from server_stub.cases.models import Objection
from server_stub.errors import Problem


def not_filled(path: str, why: str) -> Problem:
    """A part of a filing that is missing or too long."""
    return Problem("body-invalid", why, fields=[{"path": path, "code": "filing", "message": why}])


def duplicate(held: Objection, officer: Officer) -> Problem:
    """The record is already under an open objection; its number is told to the organisation that filed it and
    to the centre, and to nobody else: it would say that somebody objected."""
    own = officer.role == ROLE or held.organisation == officer.organisation_id
    context = {"number": held.number} if own else {}
    return Problem("objection-duplicate", "an objection on this record is open", context=context)


def refused_attachment(name: str, sha256: str, why: str) -> Problem:
    """A piece of evidence that is not taken: `type`, `size`, `digest`, `active`, `damaged` or `encrypted`. It
    is told by the digest that the filing names it by: two files may have one name."""
    flaw = {"path": "attachments", "code": why, "message": name[:60], "sha256": sha256[:64]}
    return Problem("attachment-refused", why, fields=[flaw])


def wrong_state(state: str, rev: int) -> Problem:
    """The step does not follow from the state the objection is in."""
    return Problem("rev-conflict", f"the objection is {state}", context={"state": state, "rev": rev})


def only_once(verb: str, state: str, rev: int) -> Problem:
    """The step was taken before, and may be taken once."""
    return Problem("rev-conflict", f"{verb}: once only", context={"state": state, "rev": rev})


def papers_missing(names: list[str]) -> Problem:
    """An application without a paper that its kind asks for, or with one that it does not know."""
    fields = [{"path": "papers", "code": "paper", "message": name[:60]} for name in names]
    return Problem("body-invalid", "papers are missing or not asked for", fields=fields)


def repair_duplicate(number: str) -> Problem:
    """An application for the record is open; the number is told to the organisation that made it."""
    return Problem("repair-duplicate", "an application is open", context={"number": number} if number else {})


def repair_too_early(earliest: date) -> Problem:
    """The shortest publicity period is not over, or a refusal named a later day."""
    return Problem("repair-too-early", "not yet", context={"earliest": earliest.isoformat()})


def repair_not_possible(standing: str, basis: str) -> Problem:
    """The record cannot be applied for; `standing` says why, `basis` by which rule."""
    return Problem("repair-not-possible", standing, context={"standing": standing, "basis": basis})


def wrong_offset(received: int) -> Problem:
    """The part does not begin where the last one ended."""
    return Problem("upload-offset", "another part is due", context={"offset": received})


def upload_over() -> Problem:
    """The upload's life has ended; its bytes count no more."""
    return Problem("upload-expired", "begin this upload again")


def too_many_uploads(wait_s: int) -> Problem:
    """The device holds as many uploads as it may."""
    return Problem("rate-limited", "too many uploads are open", retry_after_s=wait_s)


def not_arrived(sha256: str) -> Problem:
    """A filing names a file that is not here yet, or not any more."""
    return Problem("evidence-awaited", "send the evidence first", context={"sha256": sha256})
