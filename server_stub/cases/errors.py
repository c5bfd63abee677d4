"""Refusals of the cases room."""

from __future__ import annotations

from server_stub.errors import Problem


def not_filled(path: str, why: str) -> Problem:
    """A part of a filing that is missing or too long."""
    return Problem("body-invalid", why, fields=[{"path": path, "code": "filing", "message": why}])


def duplicate(number: str) -> Problem:
    """The record is already under an open objection."""
    return Problem("objection-duplicate", "an objection on this record is open", context={"number": number})


def refused_attachment(name: str, why: str) -> Problem:
    """A piece of evidence that is not taken: `type`, `size`, `digest`, `active` or `damaged`."""
    return Problem(
        "attachment-refused", why, fields=[{"path": "attachments", "code": why, "message": name[:60]}]
    )


def wrong_state(state: str, rev: int) -> Problem:
    """The step does not follow from the state the objection is in."""
    return Problem("rev-conflict", f"the objection is {state}", context={"state": state, "rev": rev})


def only_once(verb: str, state: str, rev: int) -> Problem:
    """The step was taken before, and may be taken once."""
    return Problem("rev-conflict", f"{verb}: once only", context={"state": state, "rev": rev})


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
