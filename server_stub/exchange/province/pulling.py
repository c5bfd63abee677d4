"""We fetch: batches after our place in the partner's journal; a first pull takes closed segments."""

from __future__ import annotations

import hashlib
import zlib
from base64 import b64decode
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.db import transaction

from server_stub.errors import Problem
from server_stub.exchange.province import applying, giving, loading, partners, taking, turns
from server_stub.exchange.province.credentials import opened
from server_stub.exchange.province.line import Line, PartnerRefused, PartnerUnreachable
from server_stub.exchange.province.models import Partner
from server_stub.exchange.province.pushing import Moved
from server_stub.exchange.province.words import Ack, Batch, Manifest, SegmentWord

MOST_UNPACKED = 512 * 1024 * 1024


def pull(partner: Partner, line: Line, most: int = giving.MOST_ROWS) -> Moved:
    """Fetch and apply the next batch, or the next part of a bulk pull, and tell the partner of it.

    Raises:
        PartnerUnreachable, PartnerRefused: what was applied before stays applied, and is told next time.
        Problem: `role-denied`, `proof-invalid`, `body-invalid` for what the partner sent.
    """
    if not partner.takes:
        raise Problem("role-denied", "nothing is taken from this partner")
    partner.refresh_from_db()
    tell(partner, line)
    if partner.taken_upto == 0 and not partner.bulk:
        _begin_bulk(partner, line)
    if partner.bulk:
        return _bulk(partner, line, most)
    return _next(partner, line, partner.taken_upto, most)


def tell(partner: Partner, line: Line) -> None:
    """Deliver acknowledgements that the partner has not had yet."""
    while partner.untold:
        try:
            line.post("acks", partner.untold[0])
        except PartnerRefused as no:
            if no.code != "not-found":  # it lost what it gave; then nobody waits for this word
                raise
        with transaction.atomic():
            held = partners.locked(partner.partner_id)
            held.untold = held.untold[1:]
            held.save(update_fields=["untold"])
        partner.untold = held.untold


def _ask(partner: Partner, line: Line, after: int, most: int) -> dict[str, Any]:
    try:
        return line.post("pull", {"after": after, "epoch": partner.taken_epoch, "most": most})
    except PartnerRefused as no:
        start = no.context.get("after")
        if no.code == "epoch-changed" and type(start) is int:
            _follow_epoch(partner, str(no.context.get("epoch", ""))[:32], start)
        raise


def _next(partner: Partner, line: Line, after: int, most: int) -> Moved:
    envelope = _ask(partner, line, after, most)
    batch, _ = opened(envelope, Batch, partner)
    if batch.upto == batch.after == after and not batch.rows:
        return Moved(0, 0, after, more=False)
    with transaction.atomic():
        answer = taking.take(partner, envelope, asked_after=after)
        held = partners.locked(partner.partner_id)
        held.untold = [*held.untold, answer]
        held.save(update_fields=["untold"])
    partner.refresh_from_db()
    tell(partner, line)
    ack = word_of(answer)
    return Moved(ack.accepted, len(ack.refused), batch.upto, more=batch.upto < batch.head)


def word_of(answer: dict[str, Any]) -> Ack:
    """Our own acknowledgement read back."""
    return msgspec.json.decode(b64decode(answer["payload_b64"]), type=Ack)


def _follow_epoch(partner: Partner, epoch: str, start: int) -> None:
    """The partner's journal began anew (its backup was put back): all is offered again from `start`."""
    with transaction.atomic():
        held = partners.locked(partner.partner_id)
        held.taken_epoch, held.taken_upto, held.bulk = epoch, start, {}
        held.save(update_fields=["taken_epoch", "taken_upto", "bulk"])


def _begin_bulk(partner: Partner, line: Line) -> None:
    """Take the list of closed segments, when there are any."""
    manifest, digest = opened(line.get("manifest"), Manifest, partner)
    if not manifest.segments:
        return
    done = list((partner.bulk or {}).get("done", []))
    plan = {
        "manifest": digest,
        "epoch": manifest.epoch,
        "tail": manifest.upto,
        "tail_done": False,
        "left": [msgspec.to_builtins(one) for one in manifest.segments if one.sha256 not in done],
        "done": done,
    }
    with transaction.atomic():
        held = partners.locked(partner.partner_id)
        held.bulk, held.taken_epoch = plan, manifest.epoch
        held.save(update_fields=["bulk", "taken_epoch"])
    partner.refresh_from_db()


def _bulk(partner: Partner, line: Line, most: int) -> Moved:
    """The live tail first, then the segments from the newest to the oldest: what was revoked is known before
    its older content arrives, so it never stands here, not even for a moment."""
    plan = partner.bulk
    if not plan["tail_done"]:
        return _tail(partner, line, most)
    if plan["left"]:
        return _segment(partner, line, msgspec.convert(plan["left"][-1], SegmentWord))
    with transaction.atomic():
        held = partners.locked(partner.partner_id)
        held.taken_upto, held.bulk = max(held.taken_upto, int(plan["tail"])), {}
        held.save(update_fields=["taken_upto", "bulk"])
    return Moved(0, 0, int(plan["tail"]), more=True)


def _tail(partner: Partner, line: Line, most: int) -> Moved:
    after = int(partner.bulk["tail"])
    envelope = _ask(partner, line, after, most)
    batch, digest = opened(envelope, Batch, partner)
    if batch.after != after:
        raise Problem("body-invalid", "the batch does not continue what was asked")
    with transaction.atomic():
        held = partners.locked(partner.partner_id)
        if batch.upto > after:
            done = applying.apply(held, batch.rows)
            held.untold = [*held.untold, taking.answered(held, digest, batch.upto, done)]
            taking.note_taken(held, batch.rows, done)
            turns.note(
                held, "taken", number=batch.number, digest=digest, after=after, upto=batch.upto,
                accepted=done.accepted, refused=len(done.refused),
            )  # fmt: skip
        else:
            done = applying.Outcome()
        held.bulk = {**held.bulk, "tail": batch.upto, "tail_done": batch.upto >= batch.head}
        held.save(update_fields=["bulk", "untold"])
    partner.refresh_from_db()
    tell(partner, line)
    return Moved(done.accepted, len(done.refused), batch.upto, more=True)


def _segment(partner: Partner, line: Line, segment: SegmentWord) -> Moved:
    try:
        path = fetched(partner, line, segment)
    except PartnerRefused as no:
        if no.status == 410:  # withdrawn meanwhile: the new list says what takes its place
            _begin_bulk(partner, line)
        raise
    rows = rows_of(path)
    done = loading.load(partner, rows)
    with transaction.atomic():
        held = partners.locked(partner.partner_id)
        held.untold = [*held.untold, taking.answered(held, segment.sha256, segment.last, done)]
        left = [one for one in held.bulk["left"] if one["sha256"] != segment.sha256]
        held.bulk = {**held.bulk, "left": left, "done": [*held.bulk["done"], segment.sha256]}
        held.save(update_fields=["bulk", "untold"])
        taking.note_taken(held, rows, done)
        turns.note(
            held, "segment", number=0, digest=segment.sha256, after=segment.first - 1, upto=segment.last,
            accepted=done.accepted, refused=len(done.refused),
        )  # fmt: skip
    path.unlink()
    partner.refresh_from_db()
    tell(partner, line)
    return Moved(done.accepted, len(done.refused), segment.last, more=True)


def fetched(partner: Partner, line: Line, segment: SegmentWord) -> Path:
    """The segment's file, continued after a cut, with the digest that the signed list gives it.

    Raises:
        PartnerUnreachable: it is not whole yet, or what came was not it.
    """
    folder: Path = settings.HENGXIN_HOME / "exchange" / partner.partner_id / "incoming"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{segment.sha256}.part"
    while (have := path.stat().st_size if path.exists() else 0) < segment.size:
        begins, piece = line.fetch(f"segments/{segment.sha256}", have, segment.sha256)
        with path.open("r+b" if path.exists() else "wb") as file:
            file.truncate(begins)
            file.seek(begins)
            file.write(piece)
        if not piece:
            raise PartnerUnreachable("the segment came to no end")
    if hashlib.sha256(path.read_bytes()).hexdigest() != segment.sha256:
        path.unlink()
        raise PartnerUnreachable("the segment is not what the list says")
    return path


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The rows of a segment's file.

    Raises:
        Problem: `body-invalid` when it does not unpack, or to more than is sensible.
    """
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(path.read_bytes(), MOST_UNPACKED)
        if unpacker.unconsumed_tail or not unpacker.eof:
            raise Problem("body-invalid", "the segment is too large or not whole")
        rows = [msgspec.json.decode(line) for line in text.splitlines()]
        if not all(isinstance(row, dict) for row in rows):
            raise ValueError("a row is an object")
        return rows
    except (zlib.error, ValueError, msgspec.DecodeError) as flaw:
        raise Problem("body-invalid", "the segment does not unpack") from flaw
