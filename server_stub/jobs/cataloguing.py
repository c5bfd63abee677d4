"""`catalogue`: enter and approve editions of the catalogue, and say what it holds."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from typing import Any

import msgspec

from server_stub.accounts.models import Officer
from server_stub.catalogue import selectors, services
from server_stub.catalogue.models import Edition
from server_stub.config.clock import today
from server_stub.errors import Problem
from server_stub.records.sweeping import sweep_withheld, would_hide
from server_stub.rules.access import items_for


def run(words: argparse.Namespace) -> int:
    """Do the act and print one line of JSON.

    Raises:
        Problem: `role-denied`, `not-found`, `body-invalid`, `rev-conflict`. ValueError: a day that is none.
        OSError: a file is missing.
    """
    card = _ACTS[words.act](words)
    sys.stdout.write(json.dumps(card, ensure_ascii=False) + "\n")
    return 0


def _list(words: argparse.Namespace) -> dict[str, Any]:
    on = _day(words)
    card: dict[str, Any] = {
        "on": on.isoformat(),
        "editions": selectors.editions(on),
        "counts": selectors.counts(on),
    }
    if words.role:
        found = items_for(words.role, on, words.ground)
        card |= {"role": words.role, "ground": words.ground, "items": msgspec.to_builtins(found)}
    return card


def _show(words: argparse.Namespace) -> dict[str, Any]:
    return selectors.item_view(words.item, _day(words))


def _load(words: argparse.Namespace) -> dict[str, Any]:
    """`would_hide`: records covered now that it would hide from its first day on, once approved."""
    _require_staff(words.by)
    row = services.load(words.file, by=words.by)
    edition = selectors.stored(row)
    first = max(edition.effective_from, today())
    return {**_card(row), "would_hide": would_hide(edition, first)}


def _approve(words: argparse.Namespace) -> dict[str, Any]:
    """The edition holds at once, so whoever has copies of what it hides is told at once."""
    _require_staff(words.by)
    row = services.approve(words.edition, by=words.by)
    return {**_card(row), "withheld": sweep_withheld(today(), by=words.by)}


_ACTS = {"list": _list, "show": _show, "load": _load, "approve": _approve}


def _card(row: Edition) -> dict[str, Any]:
    return {
        "edition": row.name,
        "state": row.state,
        "sha256": row.sha256,
        "categories": row.category_count,
        "items": row.item_count,
        "entered_by": row.entered_by,
        "approved_by": row.approved_by,
    }


def _day(words: argparse.Namespace) -> date:
    return date.fromisoformat(words.on) if words.on else today()


def _require_staff(user: str) -> None:
    if not Officer.objects.filter(user=user, role="centre_staff", active=True).exists():
        raise Problem("role-denied", f"{user} is not centre staff")
