"""Officers: added, approved where a second person is asked for, stopped, given new secrets."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from urllib.parse import quote, urlencode

import msgspec
from django.db import IntegrityError, transaction

from server_stub.accounts import certifying, passwords, staff, throttle
from server_stub.accounts.ending import end_sessions, end_tokens
from server_stub.accounts.enrolment import issue_enrolment_code
from server_stub.accounts.models import Officer, Organisation
from server_stub.accounts.sealing import seal
from server_stub.accounts.services import create_officer, totp_secret_of
from server_stub.evidence.services import append
from server_stub.reasons import reason_of

ISSUER = "HengXin"
OPERATOR = "operator"
FEWEST = 2
_USER = re.compile(r"[a-z][a-z0-9._-]{1,63}")


class Handed(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an officer is handed once; empty fields were not made anew. Only digests or seals stay here."""

    user: str
    password: str = ""
    totp_uri: str = ""
    enrolment_code: str = ""


def begin(code: str, name: str, people: Sequence[tuple[str, str]]) -> list[Handed]:
    """The centre and its first members of staff (user, name), who certify and approve each other's acts.

    Raises:
        ValueError: the server is not empty, fewer than two persons, or something of them is not right.
    """
    with transaction.atomic():
        if Officer.objects.exists() or Organisation.objects.exists():
            raise ValueError("this server has its organisations and officers; `begin` is for an empty one")
        if len({user for user, _ in people}) < FEWEST:
            raise ValueError("two persons begin: what one of them does the other approves")
        centre = certifying.new(code, name, "centre", by=OPERATOR)
        centre.active = True
        centre.save(update_fields=["active"])
        append(kind="organisation-certified", user=OPERATOR, organisation=code)
        return [_made(user, of, centre, by=OPERATOR, active=True) for user, of in people]


def add(user: str, name: str, code: str, *, by: str) -> Handed:
    """An officer of a certified organisation; one of the centre's own waits until somebody else approves.

    Raises:
        Problem: `role-denied`.
        LookupError: no such organisation. ValueError: it is not certified, or the user is not right or taken.
    """
    with transaction.atomic():
        staff.require_staff(by)
        organisation = Organisation.objects.filter(code=code).first()
        if organisation is None:
            raise LookupError(f"no organisation {code}")
        if not organisation.active:
            raise ValueError(f"{code} is not certified")
        return _made(user, name, organisation, by=by, active=organisation.kind != "centre")


def approve(user: str, *, by: str) -> Officer:
    """A second member of the staff lets an officer act who waits or was stopped.

    Raises:
        Problem: `role-denied` for who added or stopped the account, and for the officer himself.
        LookupError: no such officer. ValueError: nothing to approve.
    """
    with transaction.atomic():
        officer = _locked(user)
        if officer.active:
            raise ValueError(f"{user} is active already")
        staff.require_second(by, officer.acted_by)
        officer.active, officer.acted_by = True, by
        officer.save(update_fields=["active", "acted_by"])
        _leaf("officer-approved", officer, by)
    return officer


def stop(user: str, *, by: str, why: str) -> Officer:
    """The officer may not act from now on; sessions and leases end at once.

    Raises:
        Problem: `role-denied`, also for stopping oneself.
        LookupError: no such officer.
        ValueError: no reason, stopped already, or fewer than two members of the staff would be left.
    """
    with transaction.atomic():
        staff.require_second(by, user)
        officer = _locked(user)
        reason_of(why, "stopping an officer")
        if not officer.active:
            raise ValueError(f"{user} is not active")
        if officer.role == staff.ROLE and len(staff.active_staff()) <= FEWEST:
            raise ValueError("two members of the staff have to be left: add and approve a successor first")
        officer.active, officer.acted_by = False, by
        officer.save(update_fields=["active", "acted_by"])
        end_sessions(officer)
        _leaf("officer-stopped", officer, by, why)
    return officer


def reset_password(user: str, *, by: str) -> Handed:
    """A new first password; every session ends, and waiting times for wrong guesses are over.

    Raises:
        Problem: `role-denied`, also for one's own account. LookupError: no such officer.
    """
    with transaction.atomic():
        staff.require_second(by, user)
        officer = _locked(user)
        password = _password()
        officer.password = passwords.encode(password)
        officer.save(update_fields=["password"])
        end_tokens(officer)
        throttle.forget(user)
        _leaf("officer-password-reset", officer, by)
    return Handed(user, password=password)


def reset_totp(user: str, *, by: str) -> Handed:
    """A new seed for one-time codes; every session ends, and waiting times for wrong guesses are over.

    Raises:
        Problem: `role-denied`, also for one's own account. LookupError: no such officer.
    """
    with transaction.atomic():
        staff.require_second(by, user)
        officer = _locked(user)
        officer.totp_secret, officer.last_step = seal(secrets.token_bytes(20), user), 0
        officer.save(update_fields=["totp_secret", "last_step"])
        end_tokens(officer)
        throttle.forget(user)
        _leaf("officer-totp-reset", officer, by)
    return Handed(user, totp_uri=totp_uri(officer))


def totp_uri(officer: Officer) -> str:
    """The seed as authenticators read it from a QR code or a line of text."""
    words = {"secret": totp_secret_of(officer), "issuer": ISSUER, "algorithm": "SHA1", "digits": "6"}
    return f"otpauth://totp/{ISSUER}:{quote(officer.user)}?{urlencode({**words, 'period': '30'})}"


def _made(user: str, name: str, organisation: Organisation, *, by: str, active: bool) -> Handed:
    if not _USER.fullmatch(user):
        raise ValueError(f"{user} is no user: small letters, digits, dots and dashes, a letter first")
    if not 1 <= len(name.strip()) <= 100:
        raise ValueError("an officer has a name of at most 100 characters")
    password = _password()
    try:
        with transaction.atomic():
            officer = create_officer(user, name.strip(), organisation, password)
    except IntegrityError as flaw:
        raise ValueError(f"{user} is taken") from flaw
    officer.active, officer.acted_by = active, by
    officer.save(update_fields=["active", "acted_by"])
    _leaf("officer-added", officer, by)
    code = issue_enrolment_code(officer, approved_beforehand=True)
    return Handed(user, password, totp_uri(officer), code)


def _locked(user: str) -> Officer:
    found = Officer.objects.select_for_update().filter(user=user).first()
    if found is None:
        raise LookupError(f"no officer {user}")
    return found


def _leaf(kind: str, officer: Officer, by: str, why: str = "") -> None:
    """The actor is the leaf's user; whom it is about stands in its outcome."""
    outcome = f"{officer.user}: {why}" if why else officer.user
    append(kind=kind, user=by, organisation=officer.organisation_id, outcome=outcome)


def _password() -> str:
    return secrets.token_urlsafe(12)
