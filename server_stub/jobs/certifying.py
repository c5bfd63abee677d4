"""`organisation`: who may send officers here."""

from __future__ import annotations

import argparse
import json
import sys

from server_stub.accounts import certifying
from server_stub.accounts.models import Organisation
from server_stub.subjects.selectors import find_legal


def run(words: argparse.Namespace) -> int:
    """Do the act; one line of JSON an organisation.

    Raises:
        Problem: `role-denied`. LookupError: no such organisation, or no such unit in the register.
        ValueError: a word is missing or not right.
    """
    if words.act == "list":
        for organisation in Organisation.objects.order_by("code"):
            _say(organisation)
        return 0
    if not words.code:
        raise ValueError("which organisation? its 18-character code is missing")
    code = words.code.strip().upper()
    if words.act == "add":
        key = _own_unit(code) if words.kind == "enterprise" else ""
        done = certifying.add(code, words.name, words.kind, by=words.by, subject_key=key)
    elif words.act == "certify":
        done = certifying.certify(code, by=words.by)
    else:
        done = certifying.suspend(code, by=words.by, why=words.why)
    _say(done)
    return 0


def _own_unit(code: str) -> str:
    """An enterprise asks about itself without a letter, so it has to be known who it is."""
    unit = find_legal(code)
    if unit is None:
        raise LookupError(f"the register knows no unit {code}; a file that names it has to come first")
    return str(unit.subject_key)


def _say(organisation: Organisation) -> None:
    card = {
        "code": organisation.code,
        "name": organisation.name,
        "kind": organisation.kind,
        "state": "certified" if organisation.active else "not-certified",
        "acted_by": organisation.acted_by,
    }
    sys.stdout.write(json.dumps(card, ensure_ascii=False) + "\n")
