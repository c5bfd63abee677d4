"""`key`: a key that is lost for good is replaced by two members of the staff, who were told what it costs."""

from __future__ import annotations

import argparse
import fcntl
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection, transaction

from server_stub.accounts import staff
from server_stub.config import keys
from server_stub.config.clock import now, stamp
from server_stub.errors import Problem
from server_stub.evidence.models import Head, KeyMark, Replacement
from server_stub.evidence.services import append, checkpoint
from server_stub.jobs import lost_keys
from server_stub.reasons import reason_of

HOURS = 24  # between the two persons


def run(words: argparse.Namespace) -> int:
    """Do the act; one line of JSON a key, and what its loss costs on standard error.

    Raises:
        ImproperlyConfigured: a server runs on this home. LookupError: this home was never begun.
        Problem: `role-denied`; `rev-conflict` when the key is there and right, when it cannot be replaced, or
            when nobody asked for it.
        ValueError: no reason.
    """
    home: Path = settings.HENGXIN_HOME
    if Head._meta.db_table not in connection.introspection.table_names():
        raise LookupError("this home was never begun")
    if words.act == "list":
        for name in lost_keys.NAMES:
            _say({"key": name, "state": lost_keys.state(home, name)})
        return 0
    with _alone(home):
        call_command("migrate", verbosity=0, interactive=False)
        card = _ask(home, words) if words.act == "replace" else _replace(home, words)
    _say(card)
    return 0


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    with (home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as flaw:
            raise ImproperlyConfigured("a server runs on this home; stop it first") from flaw
        yield


def _ask(home: Path, words: argparse.Namespace) -> dict[str, Any]:
    why = reason_of(words.why, "the replacement of a key")
    with transaction.atomic():
        by = staff.require_staff(words.by)
        state = _require_replaceable(home, words.name)
        Replacement.objects.filter(name=words.name, done_at="").delete()
        Replacement.objects.create(name=words.name, asked_by=by, asked_at=stamp(), why=why)
        append(kind="key.replace-asked", user=by, outcome=f"{words.name}, {state}: {why}")
    _tell(words.name)
    return {"key": words.name, "state": state, "asked_by": by, "confirm_within_hours": HOURS}


def _replace(home: Path, words: argparse.Namespace) -> dict[str, Any]:
    name = words.name
    with transaction.atomic():
        _asked(words)
        _require_replaceable(home, name)
        earlier = KeyMark.objects.filter(name=name).values_list("public_b64", flat=True).first() or ""
    with lost_keys.another(home, name), transaction.atomic():  # a commit that fails puts the files back, too
        asked, second = _asked(words)
        known_by = lost_keys.follow(home, name, second)
        asked.second, asked.done_at, asked.earlier_public_b64 = second, stamp(), earlier
        asked.save()
        append(
            kind="key.replaced",
            user=asked.asked_by,
            outcome=f"{name} is {known_by or 'new'}, with {second}: {asked.why}",
        )
    _tell(name)
    card = {"key": name, "state": "replaced", "asked_by": asked.asked_by, "second": second, "new": known_by}
    if name == "log" and not keys.missing(home):
        card["checkpoint"] = checkpoint()
    return card


def _asked(words: argparse.Namespace) -> tuple[Replacement, str]:
    """What one person asked for within the day, and the other one who confirms it.

    Raises:
        Problem: `rev-conflict`, `role-denied`.
    """
    asked = Replacement.objects.select_for_update().filter(name=words.name, done_at="").first()
    if asked is None or asked.asked_at < stamp(now() - timedelta(hours=HOURS)):
        raise Problem(
            "rev-conflict", f"nobody asked for another {words.name} within {HOURS} hours: `key replace`"
        )
    second = staff.require_second(words.by, asked.asked_by)
    staff.require_staff(asked.asked_by)
    return asked, second


def _require_replaceable(home: Path, name: str) -> str:
    """The state of a key that is lost and can be replaced.

    Raises:
        Problem: `rev-conflict`.
    """
    state = lost_keys.state(home, name)
    if state == "kept":
        raise Problem("rev-conflict", f"{name} is there and is the right one; nothing is replaced")
    if lost_keys.is_never(name):
        said = lost_keys.words(name)
        raise Problem("rev-conflict", f"{name} cannot be replaced. {said['never_en']} / {said['never_zh']}")
    return state


def _tell(name: str) -> None:
    """What the loss costs, what clients see and what comes next, in both languages."""
    said = lost_keys.words(name)
    for language in ("zh", "en"):
        for part in ("cost", "seen", "then"):
            sys.stderr.write(f"{said[f'{part}_{language}']}\n")


def _say(card: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(card, ensure_ascii=False) + "\n")
