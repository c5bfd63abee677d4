"""Organisations and officers of the made-up city; secrets are drawn when they are made and told once."""

from __future__ import annotations

import secrets

from server_stub.accounts.models import Organisation
from server_stub.accounts.services import (
    create_officer,
    create_organisation,
    issue_enrolment_code,
    totp_secret_of,
)
from server_stub.sample.numbers import unit_code
from server_stub.sample.words import words

CODE_HOURS = 30 * 24
# user, organisation, place of the officer's name
OFFICERS = (
    ("bank1", "bank", 0), ("bank2", "bank", 1), ("branch1", "branch", 2),
    ("hall1", "government", 3), ("hall2", "government", 4), ("firm1", "enterprise", 5),
    ("centre1", "centre", 6), ("centre2", "centre", 7),
)  # fmt: skip


def make_officers(enterprise: str, enterprise_code: str, enterprise_key: str) -> list[dict[str, str]]:
    """Create all organisations and officers; one row each with what the officer needs to sign in.

    Keys: user, name, organisation (code), organisation_name, role, password, totp_secret (base32),
    enrolment_code (good for thirty days, the device is approved at once).
    """
    organisations = _organisations(enterprise, enterprise_code, enterprise_key)
    rows = []
    for user, place, at in OFFICERS:
        password = secrets.token_urlsafe(12)
        officer = create_officer(user, _name(at), organisations[place], password)
        rows.append(
            {
                "user": user,
                "name": officer.name,
                "organisation": officer.organisation_id,
                "organisation_name": organisations[place].name,
                "role": officer.role,
                "password": password,
                "totp_secret": totp_secret_of(officer),
                "enrolment_code": issue_enrolment_code(officer, approved_beforehand=True, hours=CODE_HOURS),
            }
        )
    return rows


def _organisations(enterprise: str, enterprise_code: str, enterprise_key: str) -> dict[str, Organisation]:
    names = words()["organisations"]
    made = {
        place: create_organisation(unit_code(serial, head=head), names[place], kind)
        for place, serial, head, kind in (
            ("bank", 8000, "91", "bank"),
            ("branch", 8001, "91", "bank"),
            ("government", 8002, "11", "government"),
            ("centre", 8003, "12", "centre"),
        )
    }
    made["enterprise"] = create_organisation(enterprise_code, enterprise, "enterprise", enterprise_key)
    return made


def _name(at: int) -> str:
    table = words()["persons"]
    return f"{table['surname']}{table['first'][at]}"
