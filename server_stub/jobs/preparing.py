"""Everything a home needs before it serves: tables, keys, rules, seal, certificates, and the made-up city."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec
from django.conf import settings
from django.core.checks import Error, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import transaction

from server_stub import sample
from server_stub.accounts.models import EnrolmentCode, Officer
from server_stub.accounts.sealing import digest
from server_stub.accounts.services import issue_enrolment_code
from server_stub.catalogue.services import record_shipped
from server_stub.config import keys, tls
from server_stub.config.clock import now, today
from server_stub.jobs import noting, recognising
from server_stub.reports import authority
from server_stub.rules.ending import ending
from server_stub.rules.services import load_tables

log = logging.getLogger("server_stub.jobs")
Size = Literal["small", "city"]


def prepare(home: Path, size: Size | None, names: Sequence[str]) -> tuple[tls.Served, dict[str, Any]]:
    """Bring a home up to date; returns the certificates, for `names`, and with `size` the sample's accounts
    and subjects.

    Raises:
        ImproperlyConfigured: a check fails, the log lost its end, or a sample on a production server.
    """
    if size and settings.PRODUCTION:
        raise ImproperlyConfigured("a production server has no sample city")
    found = run_checks()
    wrong = [one for one in found if isinstance(one, Error)]
    if wrong:
        raise ImproperlyConfigured("; ".join(f"{one.id} {one.msg}" for one in wrong))
    for one in found:
        log.warning("%s %s", one.id, one.msg)
    call_command("migrate", verbosity=0, interactive=False)
    noting.require_whole(home)
    recognising.make_keys(home)
    load_tables()
    _tell_of_ends()
    record_shipped()
    authority.make(home, token=settings.HENGXIN_SEAL_TOKEN is not None)
    served = tls.make(home, names)
    recognising.mark_files(home)
    _tell_of_certificates(home)
    return served, _sample(home / "sample.json", size) if size else {}


def _tell_of_certificates(home: Path) -> None:
    """A certificate that clients pin is never made anew by itself: it is told in time."""
    for name in ("seal/seal.pem", "tls/ca.pem"):
        if tls.ends_soon(home / name):
            log.warning("%s ends soon or has ended: `hengxin-server key replace` (docs/OPERATOR.md)", name)


def _tell_of_ends() -> None:
    """A row or a calendar that runs out is told while there is time to enter the next one."""
    for one in ending(today()):
        if not one.followed:
            log.warning("%s %s ends on %s and nothing follows: %s", one.table, one.row, one.last, one.basis)


def _sample(path: Path, size: Size) -> dict[str, Any]:
    """Load the city once; later starts give the same accounts with codes that still work."""
    with transaction.atomic():
        if path.exists() and Officer.objects.exists():
            city: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        else:
            city = msgspec.to_builtins(sample.load(size))
        for account in city["accounts"]:
            _renew_code(account)
        half = path.with_suffix(".half")
        half.unlink(missing_ok=True)
        keys.write_secret(half, json.dumps(city, ensure_ascii=False, indent=1).encode())
        half.chmod(0o600)
        half.replace(path)
    return city


def _renew_code(account: dict[str, Any]) -> None:
    plain = str(account.get("enrolment_code", "")).replace("-", "")
    rows = EnrolmentCode.objects.filter(code_hash=digest(plain), used_at=None, expires_at__gt=now())
    if not rows.exists():
        officer = Officer.objects.get(user=account["user"])
        account["enrolment_code"] = issue_enrolment_code(officer, approved_beforehand=True)
