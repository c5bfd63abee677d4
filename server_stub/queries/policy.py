"""The policy of one role on one day: purposes, deadlines and figures, all from the dated tables."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.field.canonical import canonical
from app.field.records import Signed
from server_stub.config.clock import stamp, today
from server_stub.config.keys import keys
from server_stub.rules import selectors
from server_stub.rules.days import named
from server_stub.rules.tables_file import shipped

VERSION = 1


def figure(name: str, on: date) -> int:
    """A number of the table `policy` in force on `on`.

    Raises:
        LookupError: when no row is in force; a figure has no default.
    """
    row = named(shipped(), "policy", on, name)
    if row is not None:
        return int(row.number)
    raise LookupError(f"no figure {name} on {on}")


def word_of(name: str, on: date) -> str:
    """A word of the table `policy` in force on `on`.

    Raises:
        LookupError: when no row is in force.
    """
    row = named(shipped(), "policy", on, name)
    if row is not None:
        return str(row.word)
    raise LookupError(f"no word {name} on {on}")


def evidence_media(on: date) -> tuple[str, ...]:
    """The kinds of file that evidence may be, by the names of server_stub/cases/attachments.py.

    Raises:
        LookupError: when no row is in force.
    """
    return tuple(word_of("evidence_media", on).split())


def policy(role: str, on: date) -> dict[str, Any]:
    """The wire's Policy for a role."""
    return {
        "type": "policy",
        "version": VERSION,
        "issued": stamp(),
        "role": role,
        "purposes": list(selectors.purposes_for(role, on)),
        "idle_lock_s": figure("idle_lock_s", on),
        "copy_term_s": figure("copy_term_s", on),
        "lease_s": figure("lease_s", on),
        "offline_print": word_of("offline_print", on) == "yes",
        "candidates_max": figure("candidates_max", on),
        "screen_rows_max": figure("screen_rows_max", on),
        "objection_kinds": selectors.objection_kinds(role, on),
        "deadlines": selectors.deadlines_for(on),
        "evidence": {
            "file_max": figure("evidence_file_max", on),
            "files_max": figure("evidence_files_max", on),
            "media": list(evidence_media(on)),
        },
        "masks": {"person_number": "first6last4", "person_name": "first"},
    }


def signed_policy(role: str) -> Signed:
    """Today's policy of a role, signed with the answers key."""
    return keys().answers.sealed(canonical(policy(role, today())))
