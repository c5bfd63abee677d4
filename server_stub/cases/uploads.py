"""Evidence on its way: begun by a device, continued where it broke off, judged when it is whole."""

from __future__ import annotations

import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from server_stub.cases import attachments, errors
from server_stub.cases.attachments import Handed, Kept
from server_stub.cases.models import Upload
from server_stub.config import clock
from server_stub.errors import Problem
from server_stub.queries.errors import OpReused
from server_stub.queries.policy import figure
from server_stub.room_left import no_room


def begin(device_id: str, op_id: str, size: int, sha256: str) -> Upload:
    """A new upload, or how far the one of this operation has come; one that has expired begins anew.

    Raises:
        Problem: `attachment-refused` (size), `rate-limited` when the device holds too many, `op-reused`;
            for a whole file as `receive`.
    """
    attachments.require_size(sha256[:12], sha256, size)
    with transaction.atomic():
        held = Upload.objects.select_for_update().filter(device_id=device_id)
        row = held.filter(op_id=op_id).first()
        if row is not None and _is_over(row):
            _forget(row)
            row = None
        if row is None:
            if held.filter(expires_at__gt=clock.now()).count() >= figure("uploads_open_max", clock.today()):
                raise errors.too_many_uploads(3600)
            life = timedelta(seconds=figure("upload_life_s", clock.today()))
            row = Upload(
                upload_id=secrets.token_hex(16),
                device_id=device_id,
                op_id=op_id,
                sha256=sha256,
                size=size,
                expires_at=clock.now() + life,
            )
            row.save(force_insert=True)
    if (row.size, row.sha256) != (size, sha256):
        raise OpReused
    return _finish(row)


def look(device_id: str, upload_id: str) -> Upload:
    """How far an upload of this device has come.

    Raises:
        Problem: `not-found` (another device's is not there), `upload-expired`.
    """
    row = Upload.objects.filter(pk=upload_id, device_id=device_id).first()
    return _alive(row)


def receive(device_id: str, upload_id: str, offset: int, part: bytes) -> Upload:
    """Take the part that begins at `offset`; the last one has the whole file judged.

    The bytes are on the disk before the row says so: what a crash left behind is overwritten.

    Raises:
        Problem: `not-found`, `upload-expired`, `upload-offset` (context: the offset that is due),
            `attachment-refused` (the upload is gone then), `storage-full`.
    """
    with transaction.atomic():
        row = _alive(Upload.objects.select_for_update().filter(pk=upload_id, device_id=device_id).first())
        if offset != row.received:
            raise errors.wrong_offset(row.received)
        flaw = _flaw(row, part)
        if flaw:
            _forget(row)
        else:
            _write(row, part)
            row.received += len(part)
            row.save(update_fields=["received"])
    if flaw:
        raise errors.refused_attachment(row.sha256[:12], row.sha256, flaw)
    return _finish(row)


def arrived(device_id: str, handed: Handed) -> tuple[Kept, bytes]:
    """The whole file that a filing of this device names.

    Raises:
        Problem: `evidence-awaited`.
    """
    row = (
        Upload.objects.filter(device_id=device_id, sha256=handed.sha256, expires_at__gt=clock.now())
        .exclude(media="")
        .first()
    )
    if row is None or _is_over(row):
        raise errors.not_arrived(handed.sha256)
    content = _part(row.upload_id).read_bytes()
    name = attachments.shown_name(handed.name, row.sha256)
    return Kept(name, row.sha256, row.size, row.media), content


def spend(device_id: str, digests: set[str]) -> None:
    """The filing keeps these files now; call inside its transaction."""
    for row in Upload.objects.filter(device_id=device_id, sha256__in=digests).exclude(media=""):
        _forget(row)


def sweep(now: datetime) -> int:
    """Remove what has expired, and files that no row speaks of; returns how many uploads ended."""
    ended = 0
    for row in Upload.objects.filter(expires_at__lte=now):
        with transaction.atomic():
            _forget(row)
        ended += 1
    known = set(Upload.objects.values_list("upload_id", flat=True))
    for path in _folder().iterdir():
        if path.name not in known and _is_old(path, now):
            path.unlink(missing_ok=True)
    return ended


def _alive(row: Upload | None) -> Upload:
    if row is None:
        raise Problem("not-found", "no such upload")
    if _is_over(row):
        raise errors.upload_over()
    return row


def _is_over(row: Upload) -> bool:
    """Its time has passed, or its bytes are gone: a restored database knows uploads whose files it lacks."""
    path = _part(row.upload_id)
    there = path.stat().st_size if path.exists() else 0
    return row.expires_at <= clock.now() or there < row.received


def _flaw(row: Upload, part: bytes) -> str:
    """Why this part ends the upload; empty when it does not."""
    if row.received + len(part) > row.size:
        return "size"
    if row.received == 0 and part and not attachments.media_of(part):
        return "type"
    return ""


def _finish(row: Upload) -> Upload:
    """Judge a file that is whole and was not judged yet; one that is not taken is gone."""
    if row.received < row.size or row.media:
        return row
    try:
        kept = attachments.judge(row.sha256[:12], row.sha256, _part(row.upload_id).read_bytes())
    except Problem:
        with transaction.atomic():
            _forget(row)
        raise
    row.media = kept.media
    Upload.objects.filter(pk=row.pk).update(media=kept.media)
    return row


def _write(row: Upload, part: bytes) -> None:
    """Put a part where it belongs and wait until the disk has it.

    Raises:
        Problem: `storage-full`.
    """
    try:
        handle = os.open(_part(row.upload_id), os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(handle, "r+b") as file:
            file.truncate(row.received)
            file.seek(row.received)
            file.write(part)
            file.flush()
            os.fsync(file.fileno())
    except OSError as flaw:
        if no_room(flaw):
            raise Problem("storage-full", "no room for the upload") from flaw
        raise


def _forget(row: Upload) -> None:
    """The row goes now, its file when that is certain."""
    path = _part(row.upload_id)
    Upload.objects.filter(pk=row.pk).delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def _part(upload_id: str) -> Path:
    return _folder() / upload_id


def _folder() -> Path:
    path = Path(settings.HENGXIN_HOME) / "uploads"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def _is_old(path: Path, now: datetime) -> bool:
    """Old enough that no upload that is just beginning can own it."""
    try:
        return now.timestamp() - path.stat().st_mtime > figure("upload_life_s", now.date())
    except FileNotFoundError:
        return False
