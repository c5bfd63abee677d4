"""Closed segments: some thousand numbers of the journal as one file that never changes, for bulk pulls.

A segment says what its records were when it was built; later changes are in later segments and the live tail.
When a law wants content gone, `rebuild` builds it again without, and the old digest is listed as withdrawn.
"""

from __future__ import annotations

import hashlib
import zlib
from base64 import b64decode
from pathlib import Path

import msgspec
from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet

from app.field.records import Signed
from server_stub.config.clock import stamp, today
from server_stub.config.keys import write_secret
from server_stub.errors import Problem
from server_stub.exchange.province import composing, journal, partners, turns
from server_stub.exchange.province.credentials import own_id, seal
from server_stub.exchange.province.giving import plain
from server_stub.exchange.province.models import Partner, Segment
from server_stub.exchange.province.words import Manifest, SegmentWord, Withdrawn
from server_stub.records.third_persons import without_third_persons

LEVEL = 6


def close(partner: Partner) -> int:
    """Write the segments that are due; returns how many. Numbers below a whole segment stay in the tail."""
    size, made = settings.HENGXIN_SEGMENT_CHANGES, 0
    while True:
        last = _standing(partner).aggregate(last=Max("last"))["last"] or 0
        if journal.head().number - last < size:
            return made
        built = _build(partner, last + 1, last + size)
        with transaction.atomic():
            partners.locked(partner.partner_id)
            built.save(force_insert=True)
        made += 1


def rebuild(partner: Partner, why: str) -> list[str]:
    """Build every standing segment again from what may go today; returns the digests that were withdrawn.

    Raises:
        ValueError: without a reason.
    """
    if not why.strip():
        raise ValueError("withdrawing needs a reason")
    gone: list[str] = []
    for old in _standing(partner).order_by("first"):
        new = _build(partner, old.first, old.last)
        if new.sha256 == old.sha256:
            continue
        with transaction.atomic():
            partners.locked(partner.partner_id)
            old.withdrawn_at, old.why = stamp(), without_third_persons(why)[:300]
            old.save(update_fields=["withdrawn_at", "why"])
            new.save(force_insert=True)
            turns.note(partner, "withdrawn", number=0, digest=old.sha256, after=old.first - 1, upto=old.last)
        _path(partner, old.sha256).unlink(missing_ok=True)
        gone.append(old.sha256)
    return gone


def manifest(partner: Partner) -> Signed:
    """The list as it stands, signed; that the segments were offered is on record first.

    Raises:
        Problem: `role-denied` when nothing is given to this partner.
    """
    if not partner.gives:
        raise Problem("role-denied", "nothing is given to this partner")
    standing = list(_standing(partner).order_by("first"))
    gone = partner.segments.exclude(withdrawn_at="").order_by("-id")[:10_000]
    upto = standing[-1].last if standing else 0
    said = Manifest(
        v=1,
        sender=own_id(),
        receiver=partner.partner_id,
        epoch=journal.head().epoch or "-",
        at=stamp(),
        upto=upto,
        segments=[
            SegmentWord(sha256=one.sha256, size=one.size, first=one.first, last=one.last, rows=one.rows)
            for one in standing
        ],
        withdrawn=[
            Withdrawn(sha256=one.sha256, at=one.withdrawn_at, why=without_third_persons(one.why))
            for one in gone
        ],
    )
    envelope = seal(said)
    if standing:
        digest = hashlib.sha256(b64decode(envelope.payload_b64)).hexdigest()
        with transaction.atomic():
            rows = sum(one.rows for one in standing)
            turns.note(partner, "manifest", number=0, digest=digest, after=0, upto=upto, accepted=rows)
    return envelope


def content(partner: Partner, sha256: str) -> bytes:
    """The bytes of a standing segment.

    Raises:
        Problem: `role-denied`; `segment-withdrawn`; `not-found` for one this partner never had.
    """
    if not partner.gives:
        raise Problem("role-denied", "nothing is given to this partner")
    if not _standing(partner).filter(sha256=sha256).exists():
        withdrawn = partner.segments.filter(sha256=sha256).exists()
        raise Problem("segment-withdrawn" if withdrawn else "not-found", "no such segment")
    return _path(partner, sha256).read_bytes()


def _standing(partner: Partner) -> QuerySet[Segment]:
    return Segment.objects.filter(partner=partner, withdrawn_at="")


def _build(partner: Partner, first: int, last: int) -> Segment:
    """Write the file; the row is the caller's to save."""
    packer, rows = zlib.compressobj(LEVEL), 0
    parts: list[bytes] = []
    for row in composing.rows_between(partner, first - 1, last, today()):
        parts.append(packer.compress(msgspec.json.encode(plain(row)) + b"\n"))
        rows += 1
    parts.append(packer.flush())
    whole = b"".join(parts)
    sha256 = hashlib.sha256(whole).hexdigest()
    path = _path(partner, sha256)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        write_secret(path, whole)
    return Segment(
        partner=partner, sha256=sha256, size=len(whole), first=first, last=last, rows=rows, built_at=stamp()
    )


def _path(partner: Partner, sha256: str) -> Path:
    home: Path = settings.HENGXIN_HOME
    return home / "exchange" / partner.partner_id / "segments" / f"{sha256}.ndjson.z"
