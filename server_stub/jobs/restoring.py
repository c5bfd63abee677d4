"""`restored`: two members of the staff declare that the database was put back from a backup."""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import secrets
import sys
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import transaction

from app.field.restorations import Restoration, confirmation_code
from server_stub.accounts import staff
from server_stub.accounts.ending import end_tokens
from server_stub.accounts.models import Officer
from server_stub.config.clock import stamp, today
from server_stub.errors import Problem
from server_stub.evidence import restorations, selectors, tree
from server_stub.evidence.models import Head
from server_stub.evidence.services import append
from server_stub.feed.selectors import epoch
from server_stub.feed.services import begin_epoch
from server_stub.jobs import noting
from server_stub.queries.ops import skip_numbers
from server_stub.reasons import reason_of


def run(words: argparse.Namespace) -> int:
    """Cut the log where the backup ended, begin a new epoch, end every session; one line of JSON.

    `lost` counts the leaves that are known to be gone, None when nothing was noted of the time before;
    `code` is what officers whose computers saw more are asked for.

    Raises:
        ImproperlyConfigured: a server runs on this home.
        Problem: `role-denied`; `rev-conflict` when nothing is cut, or the cut is declared: with its code.
        ValueError: no reason.
    """
    home: Path = settings.HENGXIN_HOME
    with (home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as flaw:
            raise ImproperlyConfigured("a server runs on this home; stop it first") from flaw
        call_command("migrate", verbosity=0, interactive=False)
        before = noting.noted(home)
        statement, payload = _declared(words, str(before.get("epoch", "")))
        noting.note(home)
    lost = max(0, before["size"] - statement.size) if before else None
    card = {"epoch": statement.epoch, "leaves": statement.size, "lost": lost, "at": statement.at}
    sys.stdout.write(json.dumps({**card, "code": confirmation_code(payload)}) + "\n")
    return 0


def _declared(words: argparse.Namespace, noted_epoch: str) -> tuple[Restoration, bytes]:
    """The declaration lies on the disk before the database says the new epoch: none is without its words."""
    why = reason_of(words.why, "a restore")
    with transaction.atomic():
        staff.require_staff(words.by)
        staff.require_second(words.second, words.by)
        Head.objects.select_for_update().get(pk=1)
        _require_cut(unnoticed=words.unnoticed)
        size = selectors.size()
        lives = [*restorations.earlier_epochs(), noted_epoch, epoch()]
        statement = Restoration(
            type="restoration",
            v=1,
            epoch=secrets.token_hex(8),
            follows=tuple(dict.fromkeys(life for life in lives if life)),
            size=size,
            root=tree.root(size).hex(),
            at=stamp(),
            by=words.by,
            second=words.second,
            why=why,
            previous=restorations.last_digest(),
        )
        begin_epoch(statement.epoch)
        for officer in Officer.objects.all():
            end_tokens(officer)
        skip_numbers(today().strftime("%Y%m%d"), len(restorations.every()) + 1)
        payload = restorations.declare(statement)
        append(
            kind="log-restored",
            user=statement.by,
            basis_sha256=hashlib.sha256(payload).hexdigest(),
            outcome=f"{size} leaves, with {statement.second}: {statement.why}",
        )
    return statement, payload


def _require_cut(*, unnoticed: bool) -> None:
    """A code is published once for a cut: another one would lock out who follows the first.

    `unnoticed`: the notes of this home were put back together with the database, so that it cannot know.

    Raises:
        Problem: `rev-conflict`.
    """
    lost, known = noting.cut(settings.HENGXIN_HOME), restorations.newest()
    if lost:
        return
    if known is not None and known[0].epoch == epoch():
        statement, code = known
        if not unnoticed or selectors.size() <= statement.size + 1:  # one more: the declaration's own leaf
            said = f"the cut at {statement.size} leaves was declared at {statement.at}; its code stands"
            raise Problem("rev-conflict", said, context={"code": code})
    elif lost is None or unnoticed:
        return
    else:
        raise Problem(
            "rev-conflict",
            "the log is whole, nothing was put back here; when log/ itself was put back together with an"
            " older database, say so with --unnoticed",
        )
