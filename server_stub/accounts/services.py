"""Verbs on organisations and officers."""

from __future__ import annotations

import base64
import secrets

from server_stub.accounts import passwords
from server_stub.accounts.enrolment import approve, issue_enrolment_code
from server_stub.accounts.models import ROLE_OF_KIND, Officer, Organisation
from server_stub.accounts.sealing import seal, unseal
from server_stub.accounts.tokens import freeze, revoke

__all__ = [
    "approve",
    "create_officer",
    "create_organisation",
    "freeze",
    "issue_enrolment_code",
    "revoke",
    "totp_secret_of",
]


def create_organisation(code: str, name: str, kind: str, subject_key: str = "") -> Organisation:
    """A certified organisation. `subject_key` is the unit itself and only an enterprise needs one.

    Raises:
        ValueError: for a kind that does not exist.
    """
    if kind not in ROLE_OF_KIND:
        raise ValueError(f"no such kind: {kind}")
    organisation = Organisation(code=code, name=name, kind=kind, subject_key=subject_key)
    organisation.save(force_insert=True)
    return organisation


def create_officer(
    user: str,
    name: str,
    organisation: Organisation,
    password: str,
    role: str = "",
    totp_secret: bytes | None = None,
) -> Officer:
    """An officer in the role of the organisation's kind, with a TOTP seed of 20 bytes.

    Raises:
        ValueError: a role that is not the organisation's, or a password out of bounds.
    """
    own_role = ROLE_OF_KIND[organisation.kind]
    if role not in {"", own_role}:
        raise ValueError(f"{role} does not act for an organisation of kind {organisation.kind}")
    seed = totp_secret if totp_secret is not None else secrets.token_bytes(20)
    officer = Officer(
        user=user,
        name=name,
        organisation=organisation,
        role=own_role,
        password=passwords.encode(password),
        totp_secret=seal(seed, user),
    )
    officer.save(force_insert=True)
    return officer


def totp_secret_of(officer: Officer) -> str:
    """The seed in base32, to be handed to the officer once."""
    return base64.b32encode(unseal(officer.totp_secret, officer.user)).decode()
